import { sleep as realSleep, type Sleep } from '../telegram/time.ts'

/** A step of the start that failed and is tried again. */
export type StartEvent = {
  readonly event: 'start waits'
  readonly for: string
  readonly reason: string
  readonly seconds: number
}

export interface Patience {
  /** What the start waits for, such as `Telegram`. */
  readonly what: string
  /** Why another attempt may succeed; undefined when none can. */
  readonly passing: (error: unknown) => { readonly reason: string; readonly waitMs?: number } | undefined
  /** Aborted when the process is told to stop. */
  readonly stopped: AbortSignal
  readonly log: (event: StartEvent) => void
  readonly sleep?: Sleep
}

/** Seconds between attempts; the last for ever. */
const waits = [1, 2, 5, 10, 30]

/**
 * Tries until it succeeds or cannot. Rejects with the error that cannot pass, and with the reason of `stopped` as soon
 * as that is aborted, whatever is under way.
 */
export async function patiently<T>(
  attempt: () => Promise<T>,
  { what, passing, stopped, log, sleep = realSleep }: Patience,
): Promise<T> {
  for (let failures = 0; ; failures += 1) {
    try {
      return await unlessStopped(attempt, stopped)
    } catch (error) {
      stopped.throwIfAborted()
      const hope = passing(error)
      if (hope === undefined) throw error
      const seconds = Math.max(waits[Math.min(failures, waits.length - 1)] ?? 30, (hope.waitMs ?? 0) / 1000)
      log({ event: 'start waits', for: what, reason: hope.reason, seconds })
      await sleep(seconds * 1000, stopped).catch(() => stopped.throwIfAborted())
    }
  }
}

/** What `work` gives, or a rejection as soon as `stopped` is aborted; what it gives later nobody sees. */
export async function unlessStopped<T>(work: () => Promise<T>, stopped: AbortSignal): Promise<T> {
  stopped.throwIfAborted()
  let abort = () => {}
  const told = new Promise<never>((_, reject) => {
    abort = () => reject(stopped.reason)
    stopped.addEventListener('abort', abort, { once: true })
  })
  try {
    return await Promise.race([work(), told])
  } finally {
    stopped.removeEventListener('abort', abort)
  }
}
