import type { IsReady } from '../operations/health.ts'
import type { Store } from '../state/store.ts'
import { isCallError } from './errors.ts'
import type { Gateway } from './gateway.ts'
import type { IncomingUpdate } from './gateway-methods.ts'
import { createInbox, type InboxEvent } from './inbox.ts'
import { type Polling, type PollingEvent, startPolling } from './polling.ts'
import { startWatchdog, type WatchdogEvent } from './watchdog.ts'
import { createWebhook, registerWebhook, type WebhookEvent } from './webhook.ts'

/** How updates come. `url` is the public address, whose path is served at `port`; something before it does TLS. */
export type Intake = { readonly kind: 'polling' } | { readonly kind: 'webhook'; readonly url: string; readonly secret: string; readonly port: number; readonly host?: string }

export interface DeliveryOptions {
  readonly gateway: Gateway
  readonly store: Store
  /** As for the inbox: rejects when Telegram could not be reached. */
  readonly handle: (update: IncomingUpdate) => Promise<unknown>
  readonly intake: Intake
  /** Told of every batch before it is stored; it must be quick. */
  readonly onArrival?: (updates: readonly unknown[]) => void
  /** Updates handled at the same time; 32 unless told. */
  readonly concurrency?: number
  /** How long polling may be silent. Milliseconds; 90,000 unless told. */
  readonly silentMs?: number
  readonly log?: (event: InboxEvent | PollingEvent | WatchdogEvent | WebhookEvent) => void
}

export interface Delivery {
  /** Pending while the service works; rejects when Telegram does not accept the token any more. */
  readonly ended: Promise<never>
  /** Whether the store can be written to and Telegram was heard. */
  readonly isReady: IsReady
  /** Updates being handled now. */
  readonly running: number
  /** Milliseconds since Telegram last answered a poll, or a poll failed; 0 with a webhook. */
  readonly silentMs: number
  /** Port of the webhook; undefined when polling. */
  readonly port: number | undefined
  /** Takes nothing new, finishes what runs, for `graceMs` at most, and leaves the rest in the store. 8,000 unless told. */
  stop(graceMs?: number): Promise<void>
}

/**
 * Brings updates from Telegram, by polling or webhook, through the store to `handle`.
 * Throws CallError when the webhook cannot be set or removed, and the error of the server when the port is taken.
 */
export async function startDelivery(options: DeliveryOptions): Promise<Delivery> {
  const { gateway, store, intake, onArrival = () => {}, log = () => {}, silentMs: limitMs = 90_000 } = options
  let fail: (error: unknown) => void = () => {}
  const ended = new Promise<never>((_, reject) => {
    fail = reject
  })
  // Whoever does not look at it must not be killed by it.
  ended.catch(() => {})

  const inbox = createInbox({
    store,
    log,
    ...(options.concurrency === undefined ? {} : { concurrency: options.concurrency }),
    async handle(update) {
      try {
        await options.handle(update)
      } catch (error) {
        if (isCallError(error) && error.kind === 'unauthorized') fail(error)
        throw error
      }
    },
  })
  const receive = async (updates: readonly unknown[]) => {
    onArrival(updates)
    await inbox.receive(updates)
  }

  if (intake.kind === 'webhook') {
    const webhook = createWebhook({
      port: intake.port,
      ...(intake.host === undefined ? {} : { host: intake.host }),
      path: new URL(intake.url).pathname,
      secret: intake.secret,
      receive,
      isReady: () => isStoreReady(store),
      log,
    })
    const port = await webhook.start()
    inbox.start()
    try {
      await registerWebhook(gateway, intake)
    } catch (error) {
      await webhook.stop(0)
      await inbox.drain(0)
      throw error
    }
    return {
      ended,
      isReady: () => isStoreReady(store),
      get running() {
        return inbox.running
      },
      silentMs: 0,
      port,
      async stop(graceMs = 8000) {
        // Telegram repeats what is refused meanwhile, to another replica or to the next start.
        await Promise.all([webhook.stop(Math.min(graceMs, 2000)), inbox.drain(graceMs)])
      },
    }
  }

  // Telegram gives no updates to a poll while a webhook is set.
  await gateway.call('deleteWebhook', {})
  let polling: Polling
  let isStopping = false
  const poll = () => {
    polling = startPolling({ gateway: heardGateway, onUpdates: receive, log })
    polling.ended.catch(fail)
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
  const watchdog = startWatchdog({
    limitMs,
    log,
    onSilent() {
      void polling.stop().then(() => {
        if (!isStopping) poll()
      })
    },
  })
  inbox.start()
  poll()
  return {
    ended,
    isReady: async () => watchdog.silentMs < limitMs && (await isStoreReady(store)),
    get running() {
      return inbox.running
    },
    get silentMs() {
      return watchdog.silentMs
    },
    port: undefined,
    async stop(graceMs = 8000) {
      isStopping = true
      watchdog.stop()
      await polling.stop()
      await inbox.drain(graceMs)
    },
  }
}

const isStoreReady = (store: Store): Promise<boolean> =>
  store.check().then(
    () => true,
    () => false,
  )
