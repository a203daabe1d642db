import { setTimeout } from 'node:timers/promises'

/** Resolves after `ms` milliseconds; rejects with an AbortError as soon as `signal` is aborted. */
export type Sleep = (ms: number, signal: AbortSignal | undefined) => Promise<void>

export const sleep: Sleep = (ms, signal) => setTimeout(ms, undefined, signal === undefined ? {} : { signal })

/**
 * Milliseconds before repetition `n` (1 is the first): `firstMs`, doubled each time up to `longestMs`, of which the
 * upper half is left to chance so that bots which failed together do not come back together.
 */
export function backoff(n: number, firstMs: number, longestMs: number, random: () => number): number {
  const full = Math.min(longestMs, firstMs * 2 ** Math.min(n - 1, 30))
  return full / 2 + (full / 2) * random()
}

/** Milliseconds since some moment, whatever is done to the clock of the machine. Goes on while a process is paused. */
export const monotonicNow = (): number => performance.now()
