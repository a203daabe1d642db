import type { AwayReason } from './reasons.ts'
import type { StoreEvent } from './store.ts'

/** Tells the log of an outage: its beginning, every reason once and then one line a minute, its end. */
export interface Outage {
  failed(reason: AwayReason): void
  /** Something was stored. The outage is over when nothing failed for ten seconds: small writes pass where large fail. */
  worked(): void
  /** The home is there again. */
  over(): void
  /** The last reason; undefined while there is no outage. */
  readonly reason: AwayReason | undefined
}

const quietMs = 10_000
const againMs = 60_000

/** `clock`: milliseconds since any moment, never back. */
export function createOutage(log: (event: StoreEvent) => void, clock: () => number = () => performance.now()): Outage {
  let now:
    | { readonly since: number; readonly said: Set<AwayReason>; saidAt: number; failedAt: number; reason: AwayReason }
    | undefined
  const seconds = (since: number) => Math.round((clock() - since) / 1000)

  function over(): void {
    if (now === undefined) return
    const { since } = now
    now = undefined
    log({ event: 'store back', seconds: seconds(since) })
  }

  return {
    failed(reason) {
      const moment = clock()
      if (now === undefined) {
        now = { since: moment, said: new Set([reason]), saidAt: moment, failedAt: moment, reason }
        log({ event: 'store away', reason })
        return
      }
      now.failedAt = moment
      now.reason = reason
      if (now.said.has(reason) && moment - now.saidAt < againMs) return
      now.said.add(reason)
      now.saidAt = moment
      log({ event: 'store still away', reason, seconds: seconds(now.since) })
    },
    worked() {
      if (now !== undefined && clock() - now.failedAt >= quietMs) over()
    },
    over,
    get reason() {
      return now?.reason
    },
  }
}
