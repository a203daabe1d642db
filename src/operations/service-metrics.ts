import { Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { BotEvent } from '../bot/log.ts'
import type { InboxEvent } from '../inbox/inbox.ts'
import { quietly } from '../model/quietly.ts'
import type { StoreEvent } from '../state/store.ts'
import type { GatewayEvent } from '../telegram/gateway.ts'
import type { ScheduleEvent } from '../telegram/schedule.ts'
import type { PollingEvent } from '../updates/polling.ts'
import type { WatchdogEvent } from '../updates/watchdog.ts'
import type { WebhookEvent } from '../updates/webhook.ts'

/** Everything that the parts of the service tell their log. */
export type ServiceEvent =
  | BotEvent
  | GatewayEvent
  | InboxEvent
  | PollingEvent
  | ScheduleEvent
  | WatchdogEvent
  | WebhookEvent
  | StoreEvent

export interface Readings {
  /** Updates that are stored and not done. */
  readonly waiting: () => Promise<number>
  /** Updates being handled. */
  readonly running: () => number
  /** Requests that wait for Telegram's limits. */
  readonly queued: () => number
  /** Seconds since Telegram last answered a poll; 0 with a webhook. */
  readonly silentSeconds: () => number
}

/** Outcomes that stand at zero from the start: a rise from nothing to one is no rise to whoever watches. */
const outcomes = ['handled', 'answer refused', 'put back', 'given up']
const scopes = ['chat', 'all']

/**
 * What an operator watches, in a registry of its own. `note` takes the same events as the log; it never throws, for who
 * counts the work must not be able to break it.
 */
export function createServiceMetrics(readings: Readings): {
  readonly metrics: Registry
  readonly note: (event: ServiceEvent) => void
} {
  const metrics = new Registry()
  const registers = [metrics]
  /** Read when asked for; a reading that fails is left out. */
  function gauge(name: string, help: string, read: () => number | Promise<number>): void {
    const own = new Gauge({
      name,
      help,
      registers,
      async collect() {
        try {
          own.set(await read())
        } catch {
          own.remove()
        }
      },
    })
  }
  gauge('memoranda_inbox_waiting', 'Updates that are stored and not done', readings.waiting)
  gauge('memoranda_inbox_running', 'Updates being handled by this process', readings.running)
  gauge('memoranda_send_queue', "Requests that wait for Telegram's limits", readings.queued)
  gauge(
    'memoranda_poll_silent_seconds',
    'Seconds since Telegram last answered a poll; 0 with a webhook',
    readings.silentSeconds,
  )
  const updates = new Counter({
    name: 'memoranda_updates_total',
    help: 'Updates by outcome: handled, answer refused, put back, given up, dropped',
    labelNames: ['outcome', 'reason'],
    registers,
  })
  for (const outcome of outcomes) updates.inc({ outcome }, 0)
  const handling = new Histogram({
    name: 'memoranda_update_seconds',
    help: 'Time to handle an update, until Telegram accepted the answer',
    buckets: [0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30],
    registers,
  })
  const calls = new Counter({
    name: 'memoranda_telegram_calls_total',
    help: 'Calls to Telegram by method and outcome: answered, or the kind of error',
    labelNames: ['method', 'outcome'],
    registers,
  })
  const callTime = new Histogram({
    name: 'memoranda_telegram_call_seconds',
    help: 'Time of calls to Telegram with their repetitions and waits, without polls',
    buckets: [0.03, 0.1, 0.3, 1, 3, 10, 30],
    registers,
  })
  const repetitions = new Counter({
    name: 'memoranda_telegram_repetitions_total',
    help: 'Requests to Telegram that were repeated, by kind of error',
    labelNames: ['kind'],
    registers,
  })
  const pauses = new Counter({
    name: 'memoranda_telegram_pauses_total',
    help: 'Pauses that Telegram asked for (429), by scope: chat or all',
    labelNames: ['scope'],
    registers,
  })
  for (const scope of scopes) pauses.inc({ scope }, 0)
  const polls = new Counter({
    name: 'memoranda_poll_failures_total',
    help: 'Polls that failed, by kind of error',
    labelNames: ['kind'],
    registers,
  })
  const refusals = new Counter({
    name: 'memoranda_webhook_refusals_total',
    help: 'Requests to the webhook that were refused, by HTTP status',
    labelNames: ['status'],
    registers,
  })
  const store = new Counter({
    name: 'memoranda_store_away_total',
    help: 'Times that the store stopped answering',
    registers,
  })
  gauge('memoranda_memory_bytes', 'Resident memory of this process', () => process.memoryUsage.rss())
  gauge('memoranda_uptime_seconds', 'Seconds since the start of this process', () => Math.round(process.uptime()))

  function count(event: ServiceEvent): void {
    switch (event.event) {
      case 'call answered':
        calls.inc({ method: event.method, outcome: 'answered' })
        if (event.method !== 'getUpdates') callTime.observe(event.ms / 1000)
        break
      case 'call failed':
        calls.inc({ method: event.method, outcome: event.kind })
        break
      case 'call repeated':
        repetitions.inc({ kind: event.kind })
        break
      case 'update handled':
        updates.inc({ outcome: 'handled' })
        handling.observe(event.ms / 1000)
        break
      case 'answer refused':
        updates.inc({ outcome: 'answer refused' })
        break
      case 'update put back':
        updates.inc({ outcome: 'put back' })
        break
      case 'update given up':
        updates.inc({ outcome: 'given up' })
        break
      case 'updates dropped':
        updates.inc({ outcome: 'dropped', reason: event.reason }, event.count)
        break
      case 'poll failed':
        polls.inc({ kind: event.kind })
        break
      case 'updates not taken':
        polls.inc({ kind: 'updates not taken' })
        break
      case 'poll silent':
        polls.inc({ kind: 'silent' })
        break
      case 'chat paused':
        pauses.inc({ scope: 'chat' })
        break
      case 'all paused':
        pauses.inc({ scope: 'all' })
        break
      case 'webhook refused':
        refusals.inc({ status: String(event.status) })
        break
      case 'update not taken':
        refusals.inc({ status: '503' })
        break
      case 'store away':
        store.inc()
        break
    }
  }
  return { metrics, note: quietly(count) }
}
