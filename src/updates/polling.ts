import { StateError } from '../state/store.ts'
import { type CallError, isCallError, UnreachableError } from '../telegram/errors.ts'
import type { Gateway } from '../telegram/gateway.ts'
import type { IncomingUpdate } from '../telegram/methods.ts'
import { backoff, sleep as realSleep, type Sleep } from '../telegram/time.ts'

/** What this bot wants to hear of. Telegram keeps the list until another is given. */
export const allowedUpdates = [
  'message',
  'edited_message',
  'guest_message',
  'inline_query',
  'chosen_inline_result',
  'callback_query',
  'my_chat_member',
  'chat_member',
] as const

export type PollingEvent =
  /** A request failed; the next follows after `waitMs`. */
  | {
      readonly event: 'poll failed'
      readonly kind: CallError['kind']
      /** `network ECONNREFUSED`; undefined where the kind says all. */
      readonly reason: string | undefined
      readonly waitMs: number
    }
  /** `onUpdates` rejected: the updates will come again. */
  | {
      readonly event: 'updates not taken'
      readonly count: number
      readonly reason: string
      readonly waitMs: number
    }
  | { readonly event: 'poll recovered'; readonly failures: number }

export interface PollingOptions {
  readonly gateway: Pick<Gateway, 'call'>
  /** Takes a batch over. Telegram forgets the batch once this has resolved, and sends it again when it rejected. */
  readonly onUpdates: (updates: readonly IncomingUpdate[]) => Promise<void>
  readonly allowedUpdates?: readonly string[]
  /** How long Telegram waits for the first update. Seconds, 0 to 50; 30 by default. */
  readonly timeoutSeconds?: number
  /** How long the answer may take beyond that. Milliseconds; 10 000 by default. */
  readonly deadlineMs?: number
  /** Wait after the first failure; doubled each time up to `longestWaitMs`. Milliseconds; 500 and 30 000 by default. */
  readonly firstWaitMs?: number
  readonly longestWaitMs?: number
  /** Wait while another process polls. Milliseconds; 5 000 by default. */
  readonly conflictWaitMs?: number
  readonly log?: (event: PollingEvent) => void
  readonly sleep?: Sleep
  readonly random?: () => number
}

export interface Polling {
  /** Resolves after `stop()`; rejects with UnauthorizedError or RefusedError when Telegram does not know the token. */
  readonly ended: Promise<void>
  /** Ends the long poll at once and tells Telegram what was taken. Takes less than a second. */
  stop(): Promise<void>
}

/** How long a batch may still be taken over after the stop. Milliseconds. */
const handOverMs = 300
/** How long telling Telegram the last offset may take. Milliseconds. */
const lastWordMs = 500

/** Why updates could not be stored: never what they hold. */
export const reasonOf = (error: unknown): string =>
  error instanceof StateError ? error.message : error instanceof Error ? error.name : 'unknown'

/** How a call to Telegram failed beyond its kind, such as `network ECONNREFUSED`; undefined when the kind says all. */
export const causeOf = (error: CallError): string | undefined =>
  error.kind === 'unreachable'
    ? `${error.failure}${error.code === undefined ? '' : ` ${error.code}`}`
    : error.kind === 'refused' || error.kind === 'forbidden'
      ? error.description
      : undefined

/** Fetches updates until stopped, whatever fails in between. Needs a webhook to be deleted before. */
export function startPolling(options: PollingOptions): Polling {
  const {
    gateway,
    onUpdates,
    timeoutSeconds = 30,
    deadlineMs = 10_000,
    firstWaitMs = 500,
    longestWaitMs = 30_000,
    conflictWaitMs = 5_000,
    log = () => {},
    sleep = realSleep,
    random = Math.random,
  } = options
  const stopping = new AbortController()
  const { signal } = stopping
  const wanted = options.allowedUpdates ?? allowedUpdates
  const stopped = new Promise<'too late'>((resolve) =>
    signal.addEventListener('abort', () => setTimeout(resolve, handOverMs, 'too late').unref(), { once: true }),
  )
  let offset = 0
  /** Updates were taken that Telegram does not know of yet. */
  let owesOffset = false

  async function loop(): Promise<void> {
    let failures = 0
    while (!signal.aborted) {
      let waitMs: number
      try {
        const updates = await gateway.call(
          'getUpdates',
          // After a failure the answer shall come at once: only it tells that Telegram is back.
          { offset, timeout: failures > 0 ? 0 : timeoutSeconds, allowed_updates: wanted },
          { deadlineMs, attempts: 1, signal },
        )
        if (!Array.isArray(updates)) throw new UnreachableError('getUpdates', 1, 'foreign answer', 'none')
        owesOffset = false
        if (failures > 0) log({ event: 'poll recovered', failures })
        failures = 0
        if (updates.length === 0) continue
        const taken = await take(updates)
        if (taken === 'taken') {
          offset = Math.max(...updates.map(({ update_id }) => update_id)) + 1
          owesOffset = true
          continue
        }
        if (signal.aborted || taken === 'too late') break
        waitMs = backoff(1, firstWaitMs, longestWaitMs, random)
        log({ event: 'updates not taken', count: updates.length, reason: reasonOf(taken.error), waitMs })
      } catch (error) {
        if (!isCallError(error) || error.kind === 'unauthorized' || (error.kind === 'refused' && error.code === 404))
          throw error
        if (error.kind === 'stopped') break
        failures += 1
        waitMs = waitAfter(error, failures)
        log({ event: 'poll failed', kind: error.kind, reason: causeOf(error), waitMs })
      }
      await sleep(waitMs, signal).catch(() => {})
    }
    // Without this the last batch would come again at the next start.
    if (owesOffset)
      await gateway
        .call(
          'getUpdates',
          { offset, timeout: 0, limit: 1, allowed_updates: wanted },
          { deadlineMs: lastWordMs, attempts: 1 },
        )
        .catch(() => {})
  }

  function waitAfter(error: CallError, failures: number): number {
    if (error.kind === 'flooded') return error.retryAfter * 1000
    if (error.kind === 'conflict') return conflictWaitMs
    return backoff(failures, firstWaitMs, longestWaitMs, random)
  }

  /** `too late`: not done soon after the stop. */
  async function take(updates: readonly IncomingUpdate[]): Promise<'taken' | 'too late' | { readonly error: unknown }> {
    const taken = (async () => onUpdates(updates))().then(
      () => 'taken' as const,
      (error: unknown) => ({ error }),
    )
    return await Promise.race([taken, stopped])
  }

  const ended = loop()
  // Whoever does not look at `ended` must not be killed by it.
  ended.catch(() => {})
  return {
    ended,
    async stop() {
      stopping.abort()
      await ended.catch(() => {})
    },
  }
}
