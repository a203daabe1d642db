import { createHash, createHmac, randomUUID } from 'node:crypto'
import { isAway, type Lease, type NewUpdate, type PutBackReason, StateError, type Store } from '../state/store.ts'
import { isCallError } from '../telegram/errors.ts'
import type { IncomingUpdate } from '../telegram/methods.ts'
import { backoff } from '../telegram/time.ts'
import { laneOf as ownLaneOf } from './lanes.ts'
import { deliver, LeaseLostError } from './once.ts'

/** What the log is told. `lane` is what `nameLane` made of it. */
export type InboxEvent =
  | {
      readonly event: 'update handled'
      readonly updateId: number
      readonly lane: string
      readonly ms: number
      readonly begun: number
    }
  /** Telegram refused the answer for good (blocked, no such chat): the update is done. */
  | { readonly event: 'answer refused'; readonly updateId: number; readonly lane: string; readonly kind: string }
  /** It will be handled again after `waitMs`. */
  | {
      readonly event: 'update put back'
      readonly updateId: number
      readonly lane: string
      readonly kind: string
      readonly waitMs: number
    }
  /** Handling failed or ended the process too often: it is dropped. */
  | {
      readonly event: 'update given up'
      readonly updateId: number
      readonly lane: string
      readonly kind: string
      readonly begun: number
    }
  | {
      readonly event: 'updates dropped'
      readonly reason: 'too old' | 'unreadable' | 'not an update' | 'too large'
      readonly count: number
    }
  | { readonly event: 'inbox waits for the store' }
  | { readonly event: 'inbox goes on' }

export interface InboxOptions<U extends IncomingUpdate = IncomingUpdate> {
  readonly store: Store
  /**
   * Answers one update. Resolves when Telegram accepted the answer, or when there is none to give. Must reject when
   * Telegram could not be reached (a CallError `unreachable`, `flooded` or `stopped`), else the question is lost.
   */
  readonly handle: (update: U) => Promise<unknown>
  readonly laneOf?: (update: U) => string
  /** Updates handled at the same time by this process; 32 unless told. */
  readonly concurrency?: number
  readonly log?: (event: InboxEvent) => void
  /** How long a dead replica keeps its chats from the others. Milliseconds; 6,000 unless told. */
  readonly leaseMs?: number
  /** How often to look for what others left. Milliseconds; 500 unless told. */
  readonly pollMs?: number
  /** Wait after the first failure, doubled each time up to the longest. Milliseconds; 1,000 and 15,000 unless told. */
  readonly firstWaitMs?: number
  readonly longestWaitMs?: number
  readonly random?: () => number
  /**
   * How the log names a lane, which holds the id of a chat or a person; a hash that changes with every start unless
   * told.
   */
  readonly nameLane?: (lane: string) => string
}

/**
 * Between whoever brings updates and whoever answers them.
 *
 * - An update is durable before `receive` resolves, and stored once however often it comes.
 * - Updates of one lane are handled in order, one at a time over all replicas; lanes side by side, the longest waiting
 * first.
 * - An update is done when `handle` resolved, or Telegram refused the answer for good. It is then removed for ever.
 * - When Telegram cannot be reached it is put back and tried again, with growing waits, until it is too old
 * (`lifetimeOf`).
 * - When `handle` fails for another reason it is tried three times; when it ends the process, ten times. Then it is
 * dropped, and the log
 *   is told.
 * - After a crash the update that was being handled is handled again. Messages that `sendOnce` recorded are not sent
 * again; between
 *   Telegram's acceptance and the record lie some milliseconds in which a crash does repeat a message: Telegram has no
 * key to prevent that.
 * - When the store is away, `receive` rejects (the bringer comes again), what runs is finished and reported as soon as
 * it is back.
 */
export interface Inbox {
  /**
   * For `onUpdates` of the polling loop and for the webhook. Rejects with StateError when the updates could not be
   * stored.
   */
  receive(updates: readonly unknown[]): Promise<void>
  start(): void
  /**
   * Takes nothing new and lets what runs come to its end, for `graceMs` at most; the rest goes to others, or to the
   * next start.
   */
  drain(graceMs?: number): Promise<void>
  /** Updates being handled now. */
  readonly running: number
}

/** What Telegram calls an update, for the log. */
function numberOf({ update }: Lease): number {
  try {
    return (JSON.parse(update.body) as IncomingUpdate).update_id
  } catch {
    return update.id
  }
}

/**
 * What makes an update the same as one that came before: all of it, update_id included. Telegram repeats an update
 * letter for letter; its numbers begin anew after a quiet week, with another token or on another server, and are then
 * no repetition.
 */
function identityOf(body: string): number {
  return Number.parseInt(createHash('sha256').update(body).digest('hex').slice(0, 13), 16)
}

const minute = 60_000

/**
 * After these nobody wants the answer: "Updates are kept 24 h", inline queries and guest messages end on the person's
 * screen. Milliseconds.
 */
const lifetimes: Readonly<Record<string, number>> = {
  inline_query: 15_000,
  callback_query: 150_000,
  guest_message: 150_000,
  chosen_inline_result: 10 * minute,
}
const longestLifetimeMs = 24 * 60 * minute

/** Telegram's largest updates have some ten thousand characters. */
const longestBody = 500_000

const mostBeginnings = 10
const mostFailures = 3

export function createInbox<U extends IncomingUpdate = IncomingUpdate>(options: InboxOptions<U>): Inbox {
  const {
    store,
    handle,
    concurrency = 32,
    log = () => {},
    leaseMs = 6000,
    pollMs = 500,
    firstWaitMs = 1000,
    longestWaitMs = 15_000,
    random = Math.random,
  } = options
  const laneOf = options.laneOf ?? (ownLaneOf as (update: U) => string)
  const owner = randomUUID()
  const nameLane =
    options.nameLane ?? ((lane: string) => createHmac('sha256', owner).update(lane).digest('hex').slice(0, 10))
  /** What this process handles, by token, with the moment until which it certainly holds the lane. */
  const held = new Map<number, { readonly lease: Lease; until: number }>()
  const tasks = new Set<Promise<void>>()
  /** Updates that are done here although the store does not know yet. */
  const done = new Set<number>()
  const stopping = new AbortController()
  let isClaiming = false
  let claimAgain = false
  let storeIsAway = false
  let timers: NodeJS.Timeout[] = []

  function noteStore(isAwayNow: boolean): void {
    if (storeIsAway === isAwayNow) return
    storeIsAway = isAwayNow
    log({ event: isAwayNow ? 'inbox waits for the store' : 'inbox goes on' })
  }

  async function receive(updates: readonly unknown[]): Promise<void> {
    const added: NewUpdate[] = []
    const dropped = { 'not an update': 0, 'too large': 0 }
    for (const update of updates) {
      if (!isUpdate(update)) {
        dropped['not an update'] += 1
        continue
      }
      const body = JSON.stringify(update)
      if (body.length > longestBody) dropped['too large'] += 1
      else
        added.push({
          id: identityOf(body),
          lane: safeLane(laneOf as (update: IncomingUpdate) => string, update),
          body,
          lifetimeMs: lifetimeOf(update),
        })
    }
    for (const reason of ['not an update', 'too large'] as const)
      if (dropped[reason] > 0) log({ event: 'updates dropped', reason, count: dropped[reason] })
    if (added.length === 0) return
    await store.add(added)
    void claim()
  }

  /** Fills the free places with updates that wait. */
  async function claim(): Promise<void> {
    claimAgain = true
    if (isClaiming) return
    isClaiming = true
    try {
      while (claimAgain && !stopping.signal.aborted && held.size < concurrency) {
        claimAgain = false
        await claimOnce(concurrency - held.size)
      }
    } finally {
      isClaiming = false
    }
  }

  async function claimOnce(wanted: number): Promise<void> {
    const began = Date.now()
    try {
      const { leases, expired, unreadable } = await store.claim(owner, wanted, leaseMs)
      noteStore(false)
      if (expired > 0) log({ event: 'updates dropped', reason: 'too old', count: expired })
      if (unreadable > 0) log({ event: 'updates dropped', reason: 'unreadable', count: unreadable })
      for (const lease of leases) begin(lease, began + leaseMs)
      if (leases.length === wanted) claimAgain = true
    } catch (error) {
      noteStore(true)
      if (!(error instanceof StateError)) throw error
    }
  }

  function begin(lease: Lease, until: number): void {
    held.set(lease.token, { lease, until })
    const task = perform(lease).finally(() => {
      held.delete(lease.token)
      tasks.delete(task)
      void claim()
    })
    tasks.add(task)
  }

  async function perform(lease: Lease): Promise<void> {
    const outcome = await answer(lease)
    if (outcome === 'lost') return
    if (outcome === 'done') done.add(lease.update.id)
    await report(() =>
      outcome === 'done' ? store.finish(lease) : store.putBack(lease, outcome.waitMs, outcome.reason),
    )
    done.delete(lease.update.id)
  }

  type Outcome = 'done' | 'lost' | { readonly waitMs: number; readonly reason: PutBackReason }

  async function answer(lease: Lease): Promise<Outcome> {
    const { lane, begun } = lease
    const { id } = lease.update
    const updateId = numberOf(lease)
    // The store was away when this was done.
    if (done.has(id)) return 'done'
    if (stopping.signal.aborted) return { waitMs: 0, reason: 'stopped' }
    if (begun > mostBeginnings) {
      log({ event: 'update given up', updateId, lane: nameLane(lane), kind: 'ended the process', begun })
      return 'done'
    }
    const started = Date.now()
    try {
      const update = JSON.parse(lease.update.body) as U
      await deliver(
        {
          updateId: id,
          sent: lease.sent,
          check: () => checkLease(lease),
          record: (key, result) => record(id, key, result),
        },
        async () => handle(update),
      )
      log({ event: 'update handled', updateId, lane: nameLane(lane), ms: Date.now() - started, begun })
      return 'done'
    } catch (error) {
      return judge(error, lease)
    }
  }

  function judge(error: unknown, lease: Lease): Outcome {
    const { lane, begun, failed } = lease
    const updateId = numberOf(lease)
    if (error instanceof LeaseLostError) return 'lost'
    const kind = kindOf(error)
    if (isCallError(error) && (error.kind === 'refused' || error.kind === 'forbidden' || error.kind === 'migrated')) {
      log({ event: 'answer refused', updateId, lane: nameLane(lane), kind })
      return 'done'
    }
    const isForeign = isCallError(error) || isAway(error)
    if (!isForeign && begun >= mostFailures) {
      log({ event: 'update given up', updateId, lane: nameLane(lane), kind, begun })
      return 'done'
    }
    if (stopping.signal.aborted) return { waitMs: 0, reason: 'stopped' }
    const waitMs =
      isCallError(error) && error.kind === 'flooded'
        ? error.retryAfter * 1000
        : backoff(isForeign ? failed + 1 : begun, firstWaitMs, longestWaitMs, random)
    log({ event: 'update put back', updateId, lane: nameLane(lane), kind, waitMs })
    return { waitMs, reason: isForeign ? 'unreachable' : 'broken' }
  }

  /** Repeats until the store has heard it. Given up only when the process is about to end. */
  async function report(say: () => Promise<void>): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        await say()
        noteStore(false)
        return
      } catch (error) {
        if (!isAway(error)) throw error
        noteStore(true)
        if (stopping.signal.aborted && attempt > 3) return
        await new Promise((resolve) => setTimeout(resolve, backoff(attempt, 50, 1000, random)))
      }
    }
  }

  async function record(updateId: number, key: string, result: string): Promise<void> {
    try {
      await store.record(updateId, key, result)
    } catch (error) {
      if (!isAway(error)) throw error
      noteStore(true)
      // The person has the message: go on, and let the store know when it is back.
      void report(() => store.record(updateId, key, result)).catch(() => {})
    }
  }

  async function checkLease({ lane, token }: Lease): Promise<void> {
    const entry = held.get(token)
    // One third is kept back for the time between this moment and the one when Telegram gets the message.
    if (entry !== undefined && Date.now() < entry.until - leaseMs / 3) return
    const began = Date.now()
    const stillHeld = await store.renew([{ lane, token }], leaseMs)
    if (!stillHeld.has(token) || entry === undefined) throw new LeaseLostError()
    entry.until = began + leaseMs
  }

  async function renewAll(): Promise<void> {
    const entries = [...held.values()]
    if (entries.length === 0) return
    const began = Date.now()
    try {
      const stillHeld = await store.renew(
        entries.map(({ lease }) => lease),
        leaseMs,
      )
      for (const entry of entries) entry.until = stillHeld.has(entry.lease.token) ? began + leaseMs : 0
    } catch (error) {
      if (!(error instanceof StateError)) throw error
      noteStore(true)
    }
  }

  async function sweep(): Promise<void> {
    await store.sweep().catch((error: unknown) => {
      if (!(error instanceof StateError)) throw error
    })
  }

  return {
    receive,
    start() {
      timers = [setInterval(claim, pollMs), setInterval(renewAll, leaseMs / 3), setInterval(sweep, minute)]
      void claim()
    },
    async drain(graceMs = 8000) {
      stopping.abort()
      let late: NodeJS.Timeout | undefined
      const grace = new Promise((resolve) => {
        late = setTimeout(resolve, graceMs)
      })
      while (isClaiming) await new Promise((resolve) => setTimeout(resolve, 5))
      await Promise.race([Promise.allSettled(tasks), grace])
      clearTimeout(late)
      for (const timer of timers) clearInterval(timer)
      // What did not come to its end goes to others at once: this process is about to end.
      await Promise.allSettled(
        [...held.values()].map((entry) => {
          entry.until = 0
          return store.putBack(entry.lease, 0, 'stopped')
        }),
      )
    },
    get running() {
      return held.size
    },
  }
}

const isUpdate = (update: unknown): update is IncomingUpdate =>
  typeof update === 'object' &&
  update !== null &&
  'update_id' in update &&
  Number.isSafeInteger(update.update_id) &&
  Number(update.update_id) >= 0

function lifetimeOf(update: IncomingUpdate): number {
  const kind = Object.keys(update).find((key) => key !== 'update_id') ?? ''
  return Object.hasOwn(lifetimes, kind) ? (lifetimes[kind] ?? longestLifetimeMs) : longestLifetimeMs
}

const longestLane = 64

/** The lane of an update of any shape: what cannot be told gets a lane of its own. */
function safeLane(laneOf: (update: IncomingUpdate) => string, update: IncomingUpdate): string {
  let lane: string
  try {
    lane = laneOf(update)
  } catch {
    return `update:${update.update_id}`
  }
  if (/^[\x21-\x7e]+$/u.test(lane) && lane.length <= longestLane) return lane
  return `hash:${createHash('sha256').update(lane).digest('base64url')}`
}

/** `unreachable`, `TypeError`: never the message, which may quote what people typed. */
function kindOf(error: unknown): string {
  if (isCallError(error)) return error.kind
  return error instanceof Error ? error.constructor.name : typeof error
}
