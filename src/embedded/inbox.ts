import { retention } from '../state/retention.ts'
import {
  type Bounds,
  type Claimed,
  checkKey,
  full,
  type Lease,
  type NewUpdate,
  type PutBackReason,
} from '../state/store.ts'
import type { Key, Records } from './records.ts'

/**
 * What stands under which key. Names of lanes, keys of values and of what was sent are hidden, values sealed.
 *
 *     format                    → version
 *     owner                     → { bot, seal }  whose state this is, and the seal that was used last
 *     probe                     → when it was last tried whether something can be written
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
export interface LaneState {
  readonly at: number
  readonly token: number
  readonly begun: number
  readonly failed: number
}

export interface StoredUpdate {
  readonly lane: string
  readonly number: number
  readonly body: string
  readonly until: number
}

export interface StoredResult {
  readonly result: string
  readonly until: number
}

export interface StoredValue {
  readonly value: string
  readonly until?: number
}

/** Typed reading of the keys above. */
export const place = (records: Records) => ({
  lane: (lane: string) => records.get(['lane', lane]) as LaneState | undefined,
  update: (id: number) => records.get(['update', id]) as StoredUpdate | undefined,
  value: (namespace: string, key: string) => records.get(['value', namespace, key]) as StoredValue | undefined,
  sent: (id: number, key: string) => records.get(['sent', id, key]) as StoredResult | undefined,
  number: (key: 'counter' | 'waiting' | 'remembered') => (records.get([key]) as number | undefined) ?? 0,
})

/** Behind every key that is text. */
export const lastText = '\u{10ffff}'

/** Lets every lane be claimed from `moment` on, whoever held it or was to wait. To be called in a write transaction. */
export function freeLanes(records: Records, moment: number): void {
  const at = place(records)
  const later = { start: ['lanes', moment + 1], end: ['lanes', Number.MAX_SAFE_INTEGER] }
  for (const [, before, name] of records.keys(later) as readonly (readonly [string, number, string])[]) {
    const state = at.lane(name)
    records.remove(['lanes', before, name])
    if (state === undefined) continue
    records.put(['lane', name], { ...state, at: moment, token: 0 } satisfies LaneState)
    records.put(['lanes', moment, name], true)
  }
}

/** The inbox inside write transactions: everything here is synchronous and must be called in one. */
export function embeddedInbox(records: Records, at: ReturnType<typeof place>, bounds: Bounds, now: () => number) {
  function nextNumber(): number {
    const number = at.number('counter') + 1
    records.put(['counter'], number)
    return number
  }

  function setLane(lane: string, state: LaneState | undefined): void {
    const old = at.lane(lane)
    if (old !== undefined) records.remove(['lanes', old.at, lane])
    if (state === undefined) records.remove(['lane', lane])
    else {
      records.put(['lane', lane], state)
      records.put(['lanes', state.at, lane], true)
    }
  }

  const idle = (moment: number): LaneState => ({ at: moment, token: 0, begun: 0, failed: 0 })

  /** Id of the first update of a lane. */
  function head(lane: string): number | undefined {
    const queue = { start: ['queue', lane, 0], end: ['queue', lane, Number.MAX_SAFE_INTEGER], limit: 1 }
    return records.range(queue)[0]?.value as number | undefined
  }

  function removeUpdate(id: number): void {
    const update = at.update(id)
    if (update === undefined) return
    records.remove(['update', id])
    records.remove(['queue', update.lane, update.number])
    records.put(['waiting'], at.number('waiting') - 1)
    for (const { key, value } of sentOf(id)) {
      records.remove(key)
      records.remove(['expires', value.until, ...key])
    }
  }

  const sentOf = (id: number) =>
    records.range({ start: ['sent', id, ''], end: ['sent', id, lastText] }) as readonly {
      readonly key: Key
      readonly value: StoredResult
    }[]

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
    const oldest = { start: ['order', 0], end: ['order', Number.MAX_SAFE_INTEGER], limit: count }
    for (const { key, value } of records.range(oldest)) {
      records.remove(key)
      records.remove(['seen', value as number])
    }
    records.put(['remembered'], bounds.seenWindow)
  }

  return {
    add(updates: readonly NewUpdate[]): number {
      for (const { lane } of updates) checkKey(lane)
      const fresh = new Map(
        updates.filter(({ id }) => records.get(['seen', id]) === undefined).map((update) => [update.id, update]),
      )
      const waiting = at.number('waiting')
      if (fresh.size > 0 && waiting + fresh.size > bounds.maxWaiting) throw full(waiting)
      for (const { id, lane, body, lifetimeMs } of fresh.values()) {
        const number = nextNumber()
        records.put(['seen', id], number)
        records.put(['order', number], id)
        records.put(['update', id], { lane, number, body, until: now() + lifetimeMs } satisfies StoredUpdate)
        records.put(['queue', lane, number], id)
        if (at.lane(lane) === undefined) setLane(lane, idle(now()))
      }
      if (fresh.size > 0) {
        records.put(['waiting'], waiting + fresh.size)
        records.put(['remembered'], at.number('remembered') + fresh.size)
        forgetOldest(at.number('remembered') - bounds.seenWindow)
      }
      return fresh.size
    },

    claim(_owner: string, limit: number, leaseMs: number): Claimed {
      const leases: Lease[] = []
      let expired = 0
      const due = records.keys({ start: ['lanes', 0], end: ['lanes', now() + 1], limit })
      for (const lane of due.map(([, , name]) => name as string)) {
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
        const sent = new Map(sentOf(id).map(({ key, value }) => [key[2] as string, value.result]))
        leases.push({ lane, token, update: { id, body: update.body }, sent, begun: begun + 1, failed })
      }
      return { leases, expired }
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
      records.put(['sent', updateId, key], { result, until })
      records.put(['expires', until, 'sent', updateId, key], true)
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
      lanes: records.count({ start: ['lanes', 0], end: ['lanes', Number.MAX_SAFE_INTEGER] }),
      seen: at.number('remembered'),
    }),
  }
}
