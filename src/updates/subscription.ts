import { type CallError, isCallError, UnreachableError } from '../telegram/errors.ts'
import type { Gateway } from '../telegram/gateway.ts'
import { backoff, sleep as realSleep, type Sleep } from '../telegram/time.ts'
import { allowedUpdates, causeOf } from './polling.ts'
import { failureIn, type WebhookFailure, type WebhookInfo } from './webhook-failure.ts'

/** What Telegram is to do with the updates of this bot. */
export type Wanted =
  /** Keep them until they are polled: no webhook may be set. */
  | { readonly kind: 'polling' }
  /** Send them to `url`, the public address, with `secret`. */
  | { readonly kind: 'webhook'; readonly url: string; readonly secret: string }

export type SubscriptionEvent =
  /** Telegram could not be told or asked; it is again after `waitMs`. */
  | {
      readonly event: 'webhook not settled'
      readonly kind: CallError['kind']
      readonly reason: string | undefined
      readonly waitMs: number
    }
  /** Telegram does as it was told: `set` or `removed`. */
  | { readonly event: 'webhook settled'; readonly webhook: 'set' | 'removed' }
  /** Another process changed it. */
  | { readonly event: 'webhook lost'; readonly how: Loss; readonly todo: string }
  /** Another process polls with the same token. */
  | { readonly event: 'another process uses this token'; readonly how: 'it polls'; readonly todo: string }
  /** Telegram says that it could not deliver. */
  | {
      readonly event: 'webhook fails'
      readonly failure: WebhookFailure['what']
      readonly waiting: number
      readonly todo: string
    }
  | { readonly event: 'webhook works again' }

/**
 * What another process with the same token did: removed the webhook, set one with another address or with another
 * secret, or set one although this process polls.
 */
export const losingWays = ['removed', 'another address', 'another secret', 'set while polling'] as const
export type Loss = (typeof losingWays)[number]

export interface SubscriptionOptions {
  readonly gateway: Pick<Gateway, 'call'>
  readonly wanted: Wanted
  /** Whether what another process changed is changed back. */
  readonly reclaim: boolean
  /** How often to look. Milliseconds; 30,000 unless told. */
  readonly everyMs?: number
  readonly log?: (event: SubscriptionEvent) => void
  readonly sleep?: Sleep
  /** In [0, 1). */
  readonly random?: () => number
}

export interface Subscription {
  /** Pending while Telegram may be told; rejects with CallError when it refuses for good at the start, or the token. */
  readonly ended: Promise<never>
  /** Resolves when Telegram was told once, whatever it answered. */
  readonly tried: Promise<void>
  /** Why updates do not come, in words for the operator; undefined as far as is known they do. */
  concern(): string | undefined
  /** An update came by the webhook. */
  received(): void
  /** A poll met 409: another process polls or has set a webhook. Looks at once which it is. */
  conflicted(): void
  stop(): Promise<void>
}

const anotherProcess =
  'Another process uses this token: stop it, or give it a token of its own from @BotFather (/newbot)'
const losses: Readonly<Record<Loss, string>> = {
  removed: `${anotherProcess}. It removed the webhook`,
  'another address': `${anotherProcess}. It set a webhook with another address`,
  'another secret': `${anotherProcess}. It set the webhook with another WEBHOOK_SECRET; or a proxy drops that header`,
  'set while polling': `${anotherProcess}. It set a webhook, and polls get nothing meanwhile`,
}

/** One try each time: the loop repeats by itself, and a stop must not wait. */
const limits = { attempts: 1, deadlineMs: 10_000, totalMs: 10_000 } as const
const firstWaitMs = 1000
const longestWaitMs = 30_000
/** So many looks that fail are more than a passing fault of the network. */
const manyFailures = 2

/**
 * Tells Telegram where this bot's updates go, repeats that until it is heard, and then looks again and again whether it
 * still holds: whoever has the token can change it at any time, and neither polls that wait nor a webhook that nobody
 * calls would show it.
 */
export function startSubscription(options: SubscriptionOptions): Subscription {
  const {
    gateway,
    wanted,
    reclaim,
    everyMs = 30_000,
    log = () => {},
    sleep = realSleep,
    random = Math.random,
  } = options
  const stopping = new AbortController()
  const { signal } = stopping
  let isSettled = false
  let lost: Loss | undefined
  let failing: WebhookFailure | undefined
  /** Of the last look that found one; Telegram keeps a failure for as long as the webhook is set. */
  let failedAt: number | undefined
  let failures = 0
  /** A poll met 409 since the last look. */
  let isConflicted = false
  /** The last look found that another process polls. */
  let isShared = false
  let wake = () => {}
  let isTried = () => {}
  const tried = new Promise<void>((resolve) => {
    isTried = resolve
  })

  async function settle(): Promise<void> {
    if (wanted.kind === 'polling') await gateway.call('deleteWebhook', {}, { ...limits, signal })
    else
      await gateway.call(
        'setWebhook',
        { url: wanted.url, secret_token: wanted.secret, max_connections: 40, allowed_updates: allowedUpdates },
        { ...limits, signal },
      )
    isSettled = true
    failing = undefined
    log({ event: 'webhook settled', webhook: wanted.kind === 'polling' ? 'removed' : 'set' })
  }

  /** What another process did, by what Telegram says. */
  function lossIn(info: WebhookInfo): Loss | undefined {
    if (wanted.kind === 'polling') return info.url === '' ? undefined : 'set while polling'
    if (info.url === '') return 'removed'
    if (info.url !== wanted.url) return 'another address'
    const failure = failureIn(info)
    return failure?.what === 'secret refused' && failure.at !== failedAt ? 'another secret' : undefined
  }

  async function ask(): Promise<WebhookInfo> {
    const info: WebhookInfo | undefined = await gateway.call('getWebhookInfo', {}, { ...limits, signal })
    if (typeof info?.url !== 'string') throw new UnreachableError('getWebhookInfo', 1, 'foreign answer', 'none')
    return info
  }

  async function begin(): Promise<void> {
    await settle()
    // What failed before this start says nothing about it.
    if (wanted.kind === 'webhook') failedAt = failureIn(await ask())?.at
  }

  async function look(): Promise<void> {
    const info = await ask()
    lost = lossIn(info)
    isShared = isConflicted && lost === undefined
    isConflicted = false
    if (isShared) log({ event: 'another process uses this token', how: 'it polls', todo: anotherProcess })
    if (wanted.kind === 'webhook') noteFailure(info)
    if (lost === undefined) return
    log({ event: 'webhook lost', how: lost, todo: losses[lost] })
    if (!reclaim) return
    await settle()
    lost = undefined
  }

  function noteFailure(info: WebhookInfo): void {
    const failure = failureIn(info)
    const isNew = failure !== undefined && failure.at !== failedAt
    failedAt = failure?.at
    const waiting = info.pending_update_count
    if (isNew && waiting > 0) {
      failing = failure
      log({ event: 'webhook fails', failure: failure.what, waiting, todo: failure.todo })
    } else if (waiting === 0) works()
  }

  function works(): void {
    if (failing === undefined) return
    failing = undefined
    log({ event: 'webhook works again' })
  }

  /** Milliseconds until the next attempt. @throws {CallError} when there can be none. */
  function waitAfter(error: unknown): number {
    if (!isCallError(error) || error.kind === 'unauthorized') throw error
    if (!isSettled && (error.kind === 'refused' || error.kind === 'forbidden')) throw error
    failures += 1
    const waitMs =
      error.kind === 'flooded'
        ? error.retryAfter * 1000
        : Math.round(backoff(failures, firstWaitMs, longestWaitMs, random))
    if (error.kind !== 'stopped')
      log({ event: 'webhook not settled', kind: error.kind, reason: causeOf(error), waitMs })
    return waitMs
  }

  async function loop(): Promise<void> {
    let wasWoken = false
    while (!signal.aborted) {
      let waitMs = everyMs
      try {
        if (isSettled) await look()
        else await begin()
        failures = 0
      } catch (error) {
        waitMs = waitAfter(error)
      } finally {
        isTried()
      }
      // Two processes that undo each other's work shall not do so with every poll.
      wasWoken = await pause(waitMs, !wasWoken && failures === 0)
    }
  }

  /** Whether it was cut short by a conflict. */
  async function pause(ms: number, mayWake: boolean): Promise<boolean> {
    if (mayWake && isConflicted) return true
    const cut = new AbortController()
    const abort = () => cut.abort()
    signal.addEventListener('abort', abort, { once: true })
    if (signal.aborted) abort()
    if (mayWake) wake = abort
    await sleep(ms, cut.signal).catch(() => {})
    wake = () => {}
    signal.removeEventListener('abort', abort)
    return cut.signal.aborted
  }

  const running = loop()
  const ended = new Promise<never>((_, reject) => {
    running.catch(reject)
  })
  // Whoever does not look at it must not be killed by it.
  ended.catch(() => {})
  return {
    ended,
    tried,
    concern() {
      if (lost !== undefined) return `the webhook was lost: ${losses[lost]}`
      if (isShared) return anotherProcess
      // Polls tell by themselves whether they are answered.
      if (wanted.kind === 'polling') return undefined
      if (!isSettled) return 'Telegram was not told yet where to send updates'
      if (failures >= manyFailures) return 'Telegram does not answer'
      return failing === undefined ? undefined : `Telegram cannot deliver: ${failing.todo}`
    },
    received: works,
    conflicted() {
      isConflicted = true
      wake()
    },
    async stop() {
      stopping.abort()
      await running.catch(() => {})
    },
  }
}
