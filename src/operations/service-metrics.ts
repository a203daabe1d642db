import type { InboxEvent } from '../inbox/inbox.ts'
import type { SharedEvent } from '../state/shared.ts'
import type { GatewayEvent } from '../telegram/gateway.ts'
import type { ScheduleEvent } from '../telegram/schedule.ts'
import type { PollingEvent } from '../updates/polling.ts'
import type { WatchdogEvent } from '../updates/watchdog.ts'
import type { WebhookEvent } from '../updates/webhook.ts'
import { createMetrics, type Metrics } from './metrics.ts'

/** Everything that the parts of the service tell their log. */
export type ServiceEvent =
  | GatewayEvent
  | InboxEvent
  | PollingEvent
  | ScheduleEvent
  | WatchdogEvent
  | WebhookEvent
  | SharedEvent

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

/** What an operator watches. `note` takes the same events as the log. */
export function createServiceMetrics(readings: Readings): {
  readonly metrics: Metrics
  readonly note: (event: ServiceEvent) => void
} {
  const metrics = createMetrics()
  metrics.gauge('memoranda_inbox_waiting', 'Updates that are stored and not done', readings.waiting)
  metrics.gauge('memoranda_inbox_running', 'Updates being handled by this process', readings.running)
  metrics.gauge('memoranda_send_queue', "Requests that wait for Telegram's limits", readings.queued)
  metrics.gauge(
    'memoranda_poll_silent_seconds',
    'Seconds since Telegram last answered a poll; 0 with a webhook',
    readings.silentSeconds,
  )
  const updates = metrics.counter(
    'memoranda_updates_total',
    'Updates by outcome: handled, answer refused, put back, given up, dropped',
  )
  const handling = metrics.histogram(
    'memoranda_update_seconds',
    'Time to handle an update, until Telegram accepted the answer',
    [0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30],
  )
  const calls = metrics.counter(
    'memoranda_telegram_calls_total',
    'Calls to Telegram by method and outcome: answered, or the kind of error',
  )
  const callTime = metrics.histogram(
    'memoranda_telegram_call_seconds',
    'Time of calls to Telegram with their repetitions and waits, without polls',
    [0.03, 0.1, 0.3, 1, 3, 10, 30],
  )
  const repetitions = metrics.counter(
    'memoranda_telegram_repetitions_total',
    'Requests to Telegram that were repeated, by kind of error',
  )
  const pauses = metrics.counter(
    'memoranda_telegram_pauses_total',
    'Pauses that Telegram asked for (429), by scope: chat or all',
  )
  const polls = metrics.counter('memoranda_poll_failures_total', 'Polls that failed, by kind of error')
  const refusals = metrics.counter(
    'memoranda_webhook_refusals_total',
    'Requests to the webhook that were refused, by HTTP status',
  )
  const store = metrics.counter('memoranda_store_away_total', 'Times that the store stopped answering')
  metrics.gauge('memoranda_memory_bytes', 'Resident memory of this process', () => process.memoryUsage.rss())
  metrics.gauge('memoranda_uptime_seconds', 'Seconds since the start of this process', () =>
    Math.round(process.uptime()),
  )

  function note(event: ServiceEvent): void {
    switch (event.event) {
      case 'answered':
        calls.add({ method: event.method, outcome: 'answered' })
        if (event.method !== 'getUpdates') callTime.observe(event.ms / 1000)
        break
      case 'failed':
        calls.add({ method: event.method, outcome: event.kind })
        break
      case 'repeated':
        repetitions.add({ kind: event.kind })
        break
      case 'update handled':
        updates.add({ outcome: 'handled' })
        handling.observe(event.ms / 1000)
        break
      case 'answer refused':
        updates.add({ outcome: 'answer refused' })
        break
      case 'update put back':
        updates.add({ outcome: 'put back' })
        break
      case 'update given up':
        updates.add({ outcome: 'given up' })
        break
      case 'updates dropped':
        updates.add({ outcome: 'dropped', reason: event.reason }, event.count)
        break
      case 'poll failed':
        polls.add({ kind: event.kind })
        break
      case 'updates not taken':
        polls.add({ kind: 'updates not taken' })
        break
      case 'poll silent':
        polls.add({ kind: 'silent' })
        break
      case 'chat paused':
        pauses.add({ scope: 'chat' })
        break
      case 'all paused':
        pauses.add({ scope: 'all' })
        break
      case 'webhook refused':
        refusals.add({ status: String(event.status) })
        break
      case 'update not taken':
        refusals.add({ status: '503' })
        break
      case 'store away':
        store.add()
        break
    }
  }
  return { metrics, note }
}
