import { createHash, createHmac, randomUUID } from 'node:crypto'
import { type Frame, framesOf } from '../model/frames.ts'
import { quietly } from '../model/quietly.ts'
import { isAway, type Lease, type NewUpdate, type PutBackReason, StateError, type Store } from '../state/store.ts'
import { isCallError, StoppedError } from '../telegram/errors.ts'
import type { IncomingUpdate } from '../telegram/methods.ts'
import { backoff, monotonicNow } from '../telegram/time.ts'
import { laneOf as ownLaneOf } from './lanes.ts'
import { asHandling, type Handling, LeaseLostError } from './once.ts'

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
      /** Where a fault of the program arose. */
      readonly frames?: readonly Frame[]
    }
  /** Handling failed or ended the process too often: it is dropped. */
  | {
      readonly event: 'update given up'
      readonly updateId: number
      readonly lane: string
      readonly kind: string
      readonly begun: number
      readonly frames?: readonly Frame[]
    }
  | {
      readonly event: 'updates dropped'
      readonly reason: 'too old' | 'not an update' | 'too large'
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
  /** Tells the person that the update was given up; rejects as `handle` does. */
  readonly apologise?: (update: U) => Promise<unknown>
  /** Tells the person, once, that the answer takes longer. */
  readonly reassure?: (update: U) => Promise<unknown>
  /**
   * What is left of an update whose answer nobody waits for any more: enough to tell the person, without their words;
   * `undefined` where there is nothing to tell.
   */
  readonly remainder?: (update: U) => U | undefined
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
  /** How long a person waits before being told so. Milliseconds; 12,000 unless told. */
  readonly patienceMs?: number
  /** Milliseconds, whatever is done to the clock. */
  readonly now?: () => number
  /** Unix time, milliseconds. */
  readonly wallNow?: () => number
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
/** How long after that a person can still be told that there was no answer. Milliseconds. */
const toldWithinMs = 7 * 24 * 60 * minute

/** Telegram's largest updates have some ten thousand characters. */
const longestBody = 500_000

/** How long what was being sent may take to hear that it must not be any more. Milliseconds. */
const lastWordsMs = 500

const mostBeginnings = 10
const mostFailures = 3

type Held = {
  lease: Lease
  /** Until when this process certainly holds the lane. */
  until: number
}

const pause = (ms: number) =>
  new Promise<void>((resolve) => {
    setTimeout(resolve, ms).unref()
  })

export function createInbox<U extends IncomingUpdate = IncomingUpdate>(options: InboxOptions<U>): Inbox {
  const {
    store,
    handle,
    concurrency = 32,
    leaseMs = 6000,
    pollMs = 500,
    firstWaitMs = 1000,
    longestWaitMs = 15_000,
    patienceMs = 12_000,
    now = monotonicNow,
    wallNow = Date.now,
    random = Math.random,
  } = options
  const log = quietly(options.log)
  const laneOf = options.laneOf ?? (ownLaneOf as (update: U) => string)
  const owner = randomUUID()
  const nameLane =
    options.nameLane ?? ((lane: string) => createHmac('sha256', owner).update(lane).digest('hex').slice(0, 10))
  /** What this process handles, by update. */
  const held = new Map<number, Held>()
  const tasks = new Set<Promise<void>>()
  /** Updates that are done here although the store does not know yet. */
  const done = new Set<number>()
  /** Updates that will not be handled again, although the person does not know yet. */
  const givenUp = new Set<number>()
  /** What was accepted and could not be recorded yet, by update. */
  const unrecorded = new Map<number, Map<string, string>>()
  /** People who wait because of this service, by update. */
  const waits = new Map<number, NodeJS.Timeout>()
  /** Aborted when nothing new is begun. */
  const stopping = new AbortController()
  /** Aborted when nothing may be sent any more. */
  const ending = new AbortController()
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
    const began = now()
    try {
      const { leases, expired } = await store.claim(owner, wanted, leaseMs)
      noteStore(false)
      if (expired > 0) log({ event: 'updates dropped', reason: 'too old', count: expired })
      for (const lease of leases) {
        const until = began + leaseMs
        const entry = held.get(lease.update.id)
        // This very process still works at it: its lease ran out while it was paused, or the clock was changed.
        if (entry === undefined) begin({ lease, until })
        else Object.assign(entry, { lease, until })
      }
      if (leases.length === wanted) claimAgain = true
    } catch (error) {
      noteStore(true)
      if (!(error instanceof StateError)) throw error
    }
  }

  function begin(entry: Held): void {
    const { id } = entry.lease.update
    held.set(id, entry)
    let left: Lease | undefined
    const task = perform(entry)
      .then((lease) => {
        left = lease
      })
      .finally(() => {
        held.delete(id)
        tasks.delete(task)
        // Claimed again while the store was still telling that it has it back: nobody else will begin it.
        if (left !== undefined && left !== entry.lease) begin({ lease: entry.lease, until: entry.until })
        void claim()
      })
    tasks.add(task)
  }

  /** Resolves with the lease that was given back or lost, `undefined` when the update is done. */
  async function perform(entry: Held): Promise<Lease | undefined> {
    const { id } = entry.lease.update
    const outcome = await answer(entry)
    if (outcome === 'lost') return entry.lease
    if (outcome === 'done') {
      done.add(id)
      clearTimeout(waits.get(id))
      waits.delete(id)
    }
    let told = entry.lease
    await report(() => {
      told = entry.lease
      return outcome === 'done' ? store.finish(told) : store.putBack(told, outcome.waitMs, outcome.reason)
    })
    if (outcome !== 'done') return told
    done.delete(id)
    givenUp.delete(id)
    unrecorded.delete(id)
    return undefined
  }

  type Outcome = 'done' | 'lost' | { readonly waitMs: number; readonly reason: PutBackReason }

  /** What whoever sends for an update must heed. */
  function handlingOf(entry: Held, about?: string): Handling {
    const { id } = entry.lease.update
    return {
      updateId: id,
      // What could not be recorded when it was accepted is known here all the same.
      sent: new Map([...entry.lease.sent, ...(unrecorded.get(id) ?? [])]),
      check: () => checkLease(entry),
      record: (key, result) => record(id, key, result),
      signal: ending.signal,
      finishing: stopping.signal,
      ...(about === undefined ? {} : { about }),
    }
  }

  async function answer(entry: Held): Promise<Outcome> {
    const { lease } = entry
    const { lane, begun } = lease
    const { id } = lease.update
    const updateId = numberOf(lease)
    // The store was away when this was done.
    if (done.has(id)) return 'done'
    if (stopping.signal.aborted) return { waitMs: 0, reason: 'stopped' }
    if (begun > mostBeginnings && !givenUp.has(id)) {
      log({ event: 'update given up', updateId, lane: nameLane(lane), kind: 'ended the process', begun })
      givenUp.add(id)
    }
    const started = now()
    try {
      const update = JSON.parse(lease.update.body) as U
      if (givenUp.has(id)) return await sayGivenUp(update, entry)
      if (isTooOld(update, wallNow())) return await retire(update)
      await asHandling(handlingOf(entry), async () => handle(update))
      log({ event: 'update handled', updateId, lane: nameLane(lane), ms: Math.round(now() - started), begun })
      return 'done'
    } catch (error) {
      return judge(error, entry)
    }
  }

  async function sayGivenUp(update: U, entry: Held): Promise<Outcome> {
    await asHandling(handlingOf(entry, 'apology '), async () => options.apologise?.(update))
    return 'done'
  }

  /** Puts in the place of an update that is too old what is left of it; both before and after a crash it is there once. */
  async function retire(update: U): Promise<Outcome> {
    log({ event: 'updates dropped', reason: 'too old', count: 1 })
    const left = options.remainder?.(update)
    if (left !== undefined) await receive([left])
    return 'done'
  }

  function judge(error: unknown, entry: Held): Outcome {
    const { lane, begun, failed, update } = entry.lease
    const updateId = numberOf(entry.lease)
    if (error instanceof LeaseLostError) return 'lost'
    const kind = kindOf(error)
    if (isCallError(error) && (error.kind === 'refused' || error.kind === 'forbidden' || error.kind === 'migrated')) {
      log({ event: 'answer refused', updateId, lane: nameLane(lane), kind })
      return 'done'
    }
    const isForeign = isCallError(error) || isAway(error)
    const where = isForeign ? {} : { frames: framesOf(error) }
    if (!isForeign && begun >= mostFailures) {
      // An apology that fails so is not worth another.
      if (givenUp.has(update.id)) return 'done'
      log({ event: 'update given up', updateId, lane: nameLane(lane), kind, begun, ...where })
      givenUp.add(update.id)
      return { waitMs: 0, reason: 'broken' }
    }
    if (stopping.signal.aborted) return { waitMs: 0, reason: 'stopped' }
    if (isAway(error)) letKnowLater(entry)
    const waitMs =
      isCallError(error) && error.kind === 'flooded'
        ? error.retryAfter * 1000
        : backoff(isForeign ? failed + 1 : begun, firstWaitMs, longestWaitMs, random)
    log({ event: 'update put back', updateId, lane: nameLane(lane), kind, waitMs, ...where })
    return { waitMs, reason: isForeign ? 'unreachable' : 'broken' }
  }

  /** Telegram works and this service does not: whoever still waits after a while is told, once. */
  function letKnowLater(entry: Held): void {
    const { id, body } = entry.lease.update
    if (waits.has(id) || options.reassure === undefined) return
    const { reassure } = options
    const timer = setTimeout(() => {
      if (done.has(id) || stopping.signal.aborted || !waits.has(id)) return
      // The store is away, so nobody else can answer or tell meanwhile.
      const handling = { ...handlingOf(entry, 'wait '), check: async () => {} }
      asHandling(handling, async () => reassure(JSON.parse(body) as U)).catch(() => {})
    }, patienceMs)
    timer.unref()
    waits.set(id, timer)
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
        await pause(backoff(attempt, 50, 1000, random))
      }
    }
  }

  async function record(updateId: number, key: string, result: string): Promise<void> {
    try {
      await store.record(updateId, key, result)
    } catch (error) {
      if (!isAway(error)) throw error
      noteStore(true)
      // The person has the message: go on, remember it here, and let the store know when it is back.
      const kept = unrecorded.get(updateId) ?? new Map<string, string>()
      unrecorded.set(updateId, kept.set(key, result))
      void report(() => store.record(updateId, key, result)).catch(() => {})
    }
  }

  async function checkLease(entry: Held): Promise<void> {
    if (ending.signal.aborted) throw new StoppedError('send', 0)
    // One third is kept back for the time between this moment and the one when Telegram gets the message.
    if (now() < entry.until - leaseMs / 3) return
    const began = now()
    const { lane, token } = entry.lease
    const stillHeld = await store.renew([{ lane, token }], leaseMs)
    if (stillHeld.has(token)) entry.until = began + leaseMs
    // Claimed anew by this very process meanwhile.
    else if (entry.lease.token === token || now() >= entry.until - leaseMs / 3) throw new LeaseLostError()
  }

  async function renewAll(): Promise<void> {
    const entries = [...held.values()]
    if (entries.length === 0) return
    const began = now()
    const leases = entries.map(({ lease }) => lease)
    try {
      const stillHeld = await store.renew(leases, leaseMs)
      entries.forEach((entry, at) => {
        if (entry.lease === leases[at]) entry.until = stillHeld.has(entry.lease.token) ? began + leaseMs : 0
      })
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
      // Nothing is sent from here on: what did not come to its end goes to others, or to the next start.
      ending.abort()
      for (const timer of waits.values()) clearTimeout(timer)
      await Promise.race([Promise.allSettled(tasks), pause(lastWordsMs)])
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

const kindIn = (update: IncomingUpdate): string => Object.keys(update).find((key) => key !== 'update_id') ?? ''

/** How long the store keeps an update: beyond its answer's time as long as the person can still be told. */
function lifetimeOf(update: IncomingUpdate): number {
  const kind = kindIn(update)
  return Object.hasOwn(lifetimes, kind) ? (lifetimes[kind] ?? longestLifetimeMs) : longestLifetimeMs + toldWithinMs
}

/** Whether a message is so old that nobody waits for its answer any more. */
function isTooOld(update: IncomingUpdate, moment: number): boolean {
  const { message, edited_message: edited = message } = update as {
    readonly message?: { readonly date?: unknown; readonly edit_date?: unknown }
    readonly edited_message?: { readonly date?: unknown; readonly edit_date?: unknown }
  }
  const written = edited?.edit_date ?? edited?.date
  // Senders without a clock write 0.
  return typeof written === 'number' && written > 0 && moment - written * 1000 > longestLifetimeMs
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
