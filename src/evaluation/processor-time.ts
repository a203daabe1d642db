/**
 * Processor time of some work, all threads of this process together, in milliseconds: what other work on the machine
 * does not lengthen, unlike time by the clock.
 */
export async function processorTime(work: () => unknown): Promise<number> {
  const before = process.cpuUsage()
  await work()
  const used = process.cpuUsage(before)
  return (used.user + used.system) / 1000
}

/** Pieces that a text is cut into to see how its time grows. */
const pieces = 8

/** The least of some rounds: what is compiled or collected meanwhile only ever adds. Milliseconds. */
export async function leastProcessorTime(work: () => unknown, rounds = 3): Promise<number> {
  const times: number[] = []
  for (let round = 0; round < rounds; round += 1) times.push(await processorTime(work))
  return Math.min(...times)
}

/**
 * How many times as much one text costs as the same text in eight pieces: 1 where the time grows with the length, 8
 * where it grows with its square. A ratio within one run, so that it says the same on every machine.
 */
export async function growthOf(work: (text: string) => unknown, text: string): Promise<number> {
  const length = Math.ceil(text.length / pieces)
  const cut = Array.from({ length: pieces }, (_, at) => text.slice(at * length, (at + 1) * length))
  const parts = await leastProcessorTime(() => cut.forEach((piece) => void work(piece)))
  return (await leastProcessorTime(() => work(text))) / parts
}
