// Tests that make timers stand still wait all the same.
const later = setTimeout

/**
 * Lets the event loop turn so many times: what was under way in this process, its own sockets included, has gone on by
 * then as far as it goes without being waited for. Turns and not a time, since a busy machine takes long for each.
 */
export async function turns(count = 20): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) await new Promise((resolve) => later(resolve, 1))
}
