// Tests that make timers stand still wait all the same.
const later = setTimeout

/**
 * Waits for what is bound to come true, however busy the machine is. Gives up a little before vitest would, with what
 * `describe` says.
 */
export async function until(
  condition: () => boolean | Promise<boolean>,
  describe: () => string = () => '',
): Promise<void> {
  const late = AbortSignal.timeout(50_000)
  while (!(await condition())) {
    if (late.aborted) throw new Error(`It did not come true. ${describe()}`)
    await new Promise((resolve) => later(resolve, 2))
  }
}
