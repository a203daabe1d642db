import { UnauthorizedError } from '../telegram/errors.ts'
import type { Gateway, GatewayEvent } from '../telegram/gateway.ts'
import type { IncomingUpdate } from '../telegram/methods.ts'
import type { IsReady } from './health.ts'
import { type Polling, type PollingEvent, startPolling } from './polling.ts'
import { startWatchdog, type WatchdogEvent } from './watchdog.ts'
import { createWebhook, registerWebhook, type WebhookEvent } from './webhook.ts'

/** How updates come. `url` is the public address, whose path is served at `port`; something before it does TLS. */
export type Source =
  | { readonly kind: 'polling' }
  | {
      readonly kind: 'webhook'
      readonly url: string
      readonly secret: string
      readonly port: number
      readonly host?: string
    }

export interface DeliveryOptions {
  readonly gateway: Gateway
  readonly source: Source
  /** Resolves when the updates need not come again. */
  readonly receive: (updates: readonly IncomingUpdate[]) => Promise<void>
  /** Lets what runs come to its end. */
  readonly drain: () => Promise<void>
  /** Whether updates could be stored now. */
  readonly isReady: IsReady
  /** How long polling may be silent. Milliseconds; 90,000 unless told. */
  readonly silentMs?: number
  readonly log?: (event: PollingEvent | WatchdogEvent | WebhookEvent) => void
}

export interface Delivery {
  /** Pending while updates come; rejects when polling cannot go on. */
  readonly ended: Promise<never>
  /** Whether updates can be stored and Telegram was heard. */
  readonly isReady: IsReady
  /** Milliseconds since Telegram last answered a poll, or a poll failed; 0 with a webhook. */
  readonly silentMs: number
  /** Takes nothing new, then drains. */
  stop(): Promise<void>
}

/**
 * Brings updates from Telegram, by polling or webhook.
 * Throws CallError when the webhook cannot be set or removed, and the error of the server when the port is taken.
 */
export async function startDelivery(options: DeliveryOptions): Promise<Delivery> {
  return options.source.kind === 'webhook' ? await listen(options, options.source) : await keepPolling(options)
}

/** How long requests of Telegram's that came may take to be stored after the stop. Milliseconds. */
const lastRequestsMs = 2000

async function listen(
  { gateway, receive, drain, isReady, log = () => {} }: DeliveryOptions,
  source: Source & { readonly kind: 'webhook' },
): Promise<Delivery> {
  const { port, host, secret, url } = source
  const webhook = createWebhook({
    port,
    ...(host === undefined ? {} : { host }),
    path: new URL(url).pathname,
    secret,
    receive,
    isReady,
    log,
  })
  await webhook.start()
  try {
    await registerWebhook(gateway, { url, secret })
  } catch (error) {
    await webhook.stop(0)
    throw error
  }
  return {
    ended: new Promise(() => {}),
    isReady,
    silentMs: 0,
    async stop() {
      // Telegram repeats what is refused meanwhile, to another replica or to the next start.
      await webhook.stop(lastRequestsMs)
      await drain()
    },
  }
}

async function keepPolling({
  gateway,
  receive,
  drain,
  isReady,
  silentMs: limitMs = 90_000,
  log = () => {},
}: DeliveryOptions): Promise<Delivery> {
  // Telegram gives no updates to a poll while a webhook is set.
  await gateway.call('deleteWebhook', {})
  let fail: (error: unknown) => void = () => {}
  const ended = new Promise<never>((_, reject) => {
    fail = reject
  })
  // Whoever does not look at it must not be killed by it.
  ended.catch(() => {})
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
  let polling: Polling
  const poll = () => {
    polling = startPolling({ gateway: heardGateway, onUpdates: receive, log })
    polling.ended.catch(fail)
  }
  const watchdog = startWatchdog({
    limitMs,
    log,
    onSilent() {
      void polling.stop().then(() => {
        if (!isStopping) poll()
      })
    },
  })
  poll()
  return {
    ended,
    isReady: async () => watchdog.silentMs < limitMs && (await isReady()),
    get silentMs() {
      return watchdog.silentMs
    },
    async stop() {
      isStopping = true
      watchdog.stop()
      await polling.stop()
      await drain()
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
