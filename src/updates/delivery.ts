import { UnauthorizedError } from '../telegram/errors.ts'
import type { Gateway, GatewayEvent } from '../telegram/gateway.ts'
import type { IncomingUpdate } from '../telegram/methods.ts'
import { monotonicNow } from '../telegram/time.ts'
import { type Polling, type PollingEvent, startPolling } from './polling.ts'
import { type Subscription, type SubscriptionEvent, startSubscription, type Wanted } from './subscription.ts'
import { startWatchdog, type WatchdogEvent } from './watchdog.ts'
import type { Webhook } from './webhook.ts'

/** How updates come: polled, or by a webhook that listens already. `url` is the public address of the webhook. */
export type Source =
  | { readonly kind: 'polling' }
  | {
      readonly kind: 'webhook'
      readonly url: string
      readonly secret: string
      readonly server: Pick<Webhook, 'stop'>
    }

export interface DeliveryOptions {
  readonly gateway: Gateway
  readonly source: Source
  /** Of polling; resolves when the updates need not come again. */
  readonly receive: (updates: readonly IncomingUpdate[]) => Promise<void>
  /** Whether a webhook that another process set or took away is changed back; true unless told. */
  readonly reclaim?: boolean
  /** How often to look whether Telegram still sends updates here. Milliseconds; 30,000 unless told. */
  readonly lookMs?: number
  /** How long polling may be silent. Milliseconds; 90,000 unless told. */
  readonly silentMs?: number
  readonly log?: (event: PollingEvent | WatchdogEvent | SubscriptionEvent) => void
  /** Milliseconds that only go forward. */
  readonly now?: () => number
}

export interface Delivery {
  /** Pending while updates may come; rejects with CallError when Telegram refuses the token or the webhook for good. */
  readonly ended: Promise<never>
  /** Why updates do not come, in words for the operator; undefined as far as is known they do. */
  concern(): string | undefined
  /** An update came by the webhook. */
  received(): void
  /** Milliseconds since Telegram last answered a poll, or a poll failed; 0 with a webhook. */
  readonly silentMs: number
  /** Takes nothing new. */
  stop(): Promise<void>
}

/** Brings updates from Telegram, by polling or webhook, and keeps at it whatever fails in between. */
export function startDelivery(options: DeliveryOptions): Delivery {
  return options.source.kind === 'webhook' ? listen(options, options.source) : keepPolling(options)
}

/** How long requests of Telegram's that came may take to be stored after the stop. Milliseconds. */
const lastRequestsMs = 2000

function subscribe({ gateway, reclaim = true, lookMs, log }: DeliveryOptions, wanted: Wanted): Subscription {
  return startSubscription({
    gateway,
    wanted,
    reclaim,
    ...(lookMs === undefined ? {} : { everyMs: lookMs }),
    ...(log === undefined ? {} : { log }),
  })
}

function listen(options: DeliveryOptions, { url, secret, server }: Source & { readonly kind: 'webhook' }): Delivery {
  const subscription = subscribe(options, { kind: 'webhook', url, secret })
  return {
    ended: subscription.ended,
    concern: subscription.concern,
    received: subscription.received,
    silentMs: 0,
    async stop() {
      // Telegram repeats what is refused meanwhile, to another replica or to the next start.
      await Promise.all([subscription.stop(), server.stop(lastRequestsMs)])
    },
  }
}

/** A poll that fails once is nothing; polls that fail for so long are. Milliseconds. */
const failingMs = 5000
/** No poll takes longer, its deadline included. Milliseconds. */
const longestPollMs = 45_000

function keepPolling(options: DeliveryOptions): Delivery {
  const { gateway, receive, silentMs: limitMs = 90_000, log = () => {}, now = monotonicNow } = options
  // Telegram gives no updates to a poll while a webhook is set.
  const subscription = subscribe(options, { kind: 'polling' })
  let fail: (error: unknown) => void = () => {}
  const ended = new Promise<never>((_, reject) => {
    fail = reject
  })
  // Whoever does not look at it must not be killed by it.
  ended.catch(() => {})
  subscription.ended.catch(fail)
  let failing: { readonly since: number; reason: string } | undefined
  const note = (event: PollingEvent) => {
    log(event)
    if (event.event === 'poll recovered') failing = undefined
    if (event.event !== 'poll failed') return
    const reason = event.reason ?? event.kind
    if (failing === undefined) failing = { since: now(), reason }
    else failing.reason = reason
    if (event.kind === 'conflict') subscription.conflicted()
  }
  const heardGateway: Pick<Gateway, 'call'> = {
    async call(method, payload, callOptions) {
      try {
        return await gateway.call(method, payload, callOptions)
      } finally {
        watchdog.heard()
      }
    },
  }
  let isStopping = false
  let polling: Polling | undefined
  const poll = () => {
    polling = startPolling({ gateway: heardGateway, onUpdates: receive, log: note })
    polling.ended.catch(fail)
  }
  const watchdog = startWatchdog({
    limitMs,
    log,
    now,
    onSilent() {
      void polling?.stop().then(() => {
        if (!isStopping) poll()
      })
    },
  })
  // Polled before, a webhook that is still set would cost the wait after a conflict.
  void subscription.tried.then(() => {
    if (!isStopping) poll()
  })
  return {
    ended,
    concern() {
      if (failing !== undefined && now() - failing.since >= failingMs) return `polls fail (${failing.reason})`
      if (watchdog.silentMs >= Math.min(limitMs, longestPollMs)) return 'polls are not answered'
      return subscription.concern()
    },
    received() {},
    get silentMs() {
      return watchdog.silentMs
    },
    async stop() {
      isStopping = true
      watchdog.stop()
      await Promise.all([subscription.stop(), polling?.stop()])
    },
  }
}

/**
 * Notices that Telegram does not accept the token any more, whatever call met it: a webhook alone would go on without a
 * word.
 * `note` takes the gateway's events; `ended` rejects with UnauthorizedError.
 */
export function watchToken(): {
  readonly note: (event: { readonly event: string }) => void
  readonly ended: Promise<never>
} {
  let fail: (error: UnauthorizedError) => void = () => {}
  const ended = new Promise<never>((_, reject) => {
    fail = reject
  })
  ended.catch(() => {})
  return {
    note(event) {
      if (event.event !== 'call failed' || !('kind' in event) || event.kind !== 'unauthorized') return
      const { method, attempts } = event as GatewayEvent
      fail(new UnauthorizedError(method, attempts))
    },
    ended,
  }
}
