import type { Key, RootDatabase } from 'lmdb'
import { retention } from './retention.ts'
import { type Bounds, type Claimed, checkKey, full, type Lease, type NewUpdate, type PutBackReason } from './store.ts'

/**
 * What stands under which key.
 *
 *     format                    → version
 *     counter                   → last number given
 *     lanes    , at, lane       → true          lanes with updates; `at`: the moment from which it may be claimed
 *     lane     , lane           → LaneState
 *     queue    , lane, number   → update id
 *     update   , id             → StoredUpdate
 *     waiting                   → number of updates
 *     seen     , id             → number
 *     order    , number         → id            ids that were seen, in order
 *     remembered                → number of ids that were seen
 *     sent     , id, key        → result
 *     value    , namespace, key → { value, until }
 *     expires  , until, …key    → true
 */
type Db = RootDatabase<unknown, Key>

interface LaneState {
  readonly at: number
  readonly token: number
  readonly begun: number
  readonly failed: number
}

interface StoredUpdate {
  readonly lane: string
  readonly number: number
  readonly body: string
  readonly until: number
}

/** Typed reading of the keys above. */
export const place = (db: Db) => ({
  lane: (lane: string) => db.get(['lane', lane]) as LaneState | undefined,
  update: (id: number) => db.get(['update', id]) as StoredUpdate | undefined,
  value: (namespace: string, key: string) =>
    db.get(['value', namespace, key]) as { readonly value: string; readonly until?: number } | undefined,
  number: (key: 'counter' | 'waiting' | 'remembered') => (db.get([key]) as number | undefined) ?? 0,
})

/** The inbox inside write transactions: everything here is synchronous and must be called in one. */
export function embeddedInbox(db: Db, at: ReturnType<typeof place>, bounds: Bounds, now: () => number) {
  function nextNumber(): number {
    const number = at.number('counter') + 1
    db.putSync(['counter'], number)
    return number
  }

  function setLane(lane: string, state: LaneState | undefined): void {
    const old = at.lane(lane)
    if (old !== undefined) db.removeSync(['lanes', old.at, lane])
    if (state === undefined) db.removeSync(['lane', lane])
    else {
      db.putSync(['lane', lane], state)
      db.putSync(['lanes', state.at, lane], true)
    }
  }

  const idle = (moment: number): LaneState => ({ at: moment, token: 0, begun: 0, failed: 0 })

  /** Id of the first update of a lane. */
  function head(lane: string): number | undefined {
    for (const { value } of db.getRange({
      start: ['queue', lane, 0],
      end: ['queue', lane, Number.MAX_SAFE_INTEGER],
      limit: 1,
    }))
      return value as number
    return undefined
  }

  function removeUpdate(id: number): void {
    const update = at.update(id)
    if (update === undefined) return
    db.removeSync(['update', id])
    db.removeSync(['queue', update.lane, update.number])
    db.putSync(['waiting'], at.number('waiting') - 1)
    for (const key of sentKeys(id)) {
      const { until } = db.get(key) as { readonly until: number }
      db.removeSync(key)
      db.removeSync(['expires', until, ...key])
    }
  }

  const sentKeys = (id: number): Key[][] =>
    [...db.getKeys({ start: ['sent', id, ''], end: ['sent', id, '\u{10ffff}'] })] as Key[][]

  function sentOf(id: number): ReadonlyMap<string, string> {
    return new Map(sentKeys(id).map((key) => [key[2] as string, (db.get(key) as { readonly result: string }).result]))
  }

  /** Removes the updates at the head of a lane that nobody wants any more. */
  function dropExpired(lane: string): number {
    let dropped = 0
    for (;;) {
      const id = head(lane)
      const update = id === undefined ? undefined : at.update(id)
      if (id === undefined || update === undefined || update.until > now()) return dropped
      removeUpdate(id)
      dropped += 1
    }
  }

  function forgetOldest(count: number): void {
    if (count <= 0) return
    for (const { key, value } of [
      ...db.getRange({ start: ['order', 0], end: ['order', Number.MAX_SAFE_INTEGER], limit: count }),
    ]) {
      db.removeSync(key)
      db.removeSync(['seen', value as number])
    }
    db.putSync(['remembered'], bounds.seenWindow)
  }

  return {
    add(updates: readonly NewUpdate[]): number {
      for (const { lane } of updates) checkKey(lane)
      const fresh = new Map(
        updates.filter(({ id }) => db.get(['seen', id]) === undefined).map((update) => [update.id, update]),
      )
      const waiting = at.number('waiting')
      if (fresh.size > 0 && waiting + fresh.size > bounds.maxWaiting) throw full(waiting)
      for (const { id, lane, body, lifetimeMs } of fresh.values()) {
        const number = nextNumber()
        db.putSync(['seen', id], number)
        db.putSync(['order', number], id)
        db.putSync(['update', id], { lane, number, body, until: now() + lifetimeMs } satisfies StoredUpdate)
        db.putSync(['queue', lane, number], id)
        if (at.lane(lane) === undefined) setLane(lane, idle(now()))
      }
      if (fresh.size > 0) {
        db.putSync(['waiting'], waiting + fresh.size)
        db.putSync(['remembered'], at.number('remembered') + fresh.size)
        forgetOldest(at.number('remembered') - bounds.seenWindow)
      }
      return fresh.size
    },

    claim(_owner: string, limit: number, leaseMs: number): Claimed {
      const leases: Lease[] = []
      let expired = 0
      const due = [...db.getKeys({ start: ['lanes', 0], end: ['lanes', now() + 1], limit })] as [
        string,
        number,
        string,
      ][]
      for (const [, , lane] of due) {
        const dropped = dropExpired(lane)
        expired += dropped
        const id = head(lane)
        const update = id === undefined ? undefined : at.update(id)
        const state = at.lane(lane)
        if (id === undefined || update === undefined || state === undefined) {
          setLane(lane, undefined)
          continue
        }
        const { begun, failed } = dropped > 0 ? idle(0) : state
        const token = nextNumber()
        setLane(lane, { at: now() + leaseMs, token, begun: begun + 1, failed })
        leases.push({ lane, token, update: { id, body: update.body }, sent: sentOf(id), begun: begun + 1, failed })
      }
      return { leases, expired, unreadable: 0 }
    },

    renew(leases: readonly Pick<Lease, 'lane' | 'token'>[], leaseMs: number): ReadonlySet<number> {
      const held = new Set<number>()
      for (const { lane, token } of leases) {
        const state = at.lane(lane)
        if (state?.token !== token) continue
        setLane(lane, { ...state, at: now() + leaseMs })
        held.add(token)
      }
      return held
    },

    record(updateId: number, key: string, result: string): void {
      checkKey(key)
      const until = now() + retention.sent.keptMs
      db.putSync(['sent', updateId, key], { result, until })
      db.putSync(['expires', until, 'sent', updateId, key], true)
    },

    finish({ lane, token, update }: Lease): void {
      removeUpdate(update.id)
      const state = at.lane(lane)
      if (head(lane) === undefined) setLane(lane, undefined)
      else if (state?.token === token) setLane(lane, idle(now()))
    },

    putBack({ lane, token }: Lease, delayMs: number, reason: PutBackReason): void {
      const state = at.lane(lane)
      if (state?.token !== token) return
      const { begun, failed } = state
      setLane(lane, {
        at: now() + delayMs,
        token: 0,
        begun: reason === 'broken' ? begun : begun - 1,
        failed: reason === 'unreachable' ? failed + 1 : failed,
      })
    },

    counts: () => ({
      waiting: at.number('waiting'),
      lanes: db.getKeysCount({ start: ['lanes', 0], end: ['lanes', Number.MAX_SAFE_INTEGER] }),
      seen: at.number('remembered'),
    }),
  }
}
