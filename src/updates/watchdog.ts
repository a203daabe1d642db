import { monotonicNow } from '../telegram/time.ts'

export type WatchdogEvent = { readonly event: 'poll silent'; readonly silentMs: number }

export interface WatchdogOptions {
  /** Silence beyond this is not Telegram having nothing to say. Milliseconds; 90,000 unless told: three long polls. */
  readonly limitMs?: number
  /** Called once for every `limitMs` of silence: the place to end the polling and begin it anew. */
  readonly onSilent: () => void
  readonly log?: (event: WatchdogEvent) => void
  /** Milliseconds that only go forward, whatever is done to the clock. */
  readonly now?: () => number
  readonly everyMs?: number
}

export interface Watchdog {
  /** Telegram answered a poll, or a poll failed in a way that the loop knows of. */
  heard(): void
  readonly silentMs: number
  stop(): void
}

/**
 * Notices a polling loop that neither gets answers nor fails. Every poll has a deadline of its own, so this is for what
 * nobody thought of: a process that looks alive and hears nothing.
 */
export function startWatchdog({
  limitMs = 90_000,
  onSilent,
  log = () => {},
  now = monotonicNow,
  everyMs = 5000,
}: WatchdogOptions): Watchdog {
  let heardAt = now()
  let saidAt = heardAt
  const timer = setInterval(() => {
    const moment = now()
    if (moment - Math.max(heardAt, saidAt) < limitMs) return
    saidAt = moment
    log({ event: 'poll silent', silentMs: moment - heardAt })
    onSilent()
  }, everyMs)
  timer.unref()
  return {
    heard() {
      heardAt = now()
    },
    get silentMs() {
      return now() - heardAt
    },
    stop: () => clearInterval(timer),
  }
}
