import type { Sleep } from '../src/telegram/time.ts'

/** A sleep that lasts until the test says so, whatever the clock shows. */
export interface Naps {
  readonly sleep: Sleep
  /** What was asked for, in milliseconds, in order. */
  readonly asked: readonly number[]
  /** Resolves when somebody sleeps, with how long they want to. */
  begun(): Promise<number>
  /** Waits until somebody sleeps and ends that sleep as its time would. */
  pass(): Promise<number>
}

export function createNaps(): Naps {
  const asked: number[] = []
  let current: { readonly ms: number; readonly end: () => void } | undefined
  let arrivals: (() => void)[] = []

  async function begun(): Promise<number> {
    while (current === undefined) await new Promise<void>((resolve) => arrivals.push(resolve))
    return current.ms
  }

  return {
    asked,
    begun,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        const leave = (done: () => void) => () => {
          current = undefined
          signal?.removeEventListener('abort', abort)
          done()
        }
        const abort = leave(() => reject(new Error('aborted')))
        asked.push(ms)
        if (signal?.aborted) return reject(new Error('aborted'))
        signal?.addEventListener('abort', abort)
        current = { ms, end: leave(resolve) }
        for (const arrived of arrivals.splice(0)) arrived()
        arrivals = []
      }),
    async pass() {
      const ms = await begun()
      current?.end()
      return ms
    },
  }
}
