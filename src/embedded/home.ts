import { rmSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { createOutage } from '../state/outage.ts'
import { reasonOfSystem } from '../state/reasons.ts'
import type { Namespace } from '../state/retention.ts'
import {
  away,
  type Bounds,
  checkKey,
  checkValue,
  defaultBounds,
  formatVersion,
  lifetimeOf,
  StateError,
  type Store,
  type StoreEvent,
  sealedBefore,
} from '../state/store.ts'
import type { TakingOver } from '../state/taking-over.ts'
import { makeFolder, openLmdb, openSpace, protect, type Space } from './disk.ts'
import { embeddedInbox, freeLanes, place } from './inbox.ts'
import { inspectFile } from './inspection.ts'
import { type EmbeddedMigration, migrations, takeOver } from './migration.ts'
import { type Ownership, own, readersOf } from './owner.ts'
import { type Changed, type Database, recordsIn } from './records.ts'

/** Whose state it is, for a store that is sealed. */
export interface EmbeddedOwner {
  /** What the bot's token begins with. */
  readonly bot: string
  /** Tells the seal from others. */
  readonly seal: string
  /** For a state of format 1. */
  readonly fromFormat1: TakingOver
  /** For what the token before sealed; undefined where none is known. */
  readonly fromTokenBefore: TakingOver | undefined
}

export interface EmbeddedOptions {
  /** Folder of the file; made if it is missing. */
  readonly folder: string
  readonly owner?: EmbeddedOwner
  readonly bounds?: Partial<Bounds>
  /** Milliseconds since 1970. */
  readonly now?: () => number
  readonly log?: (event: StoreEvent) => void
  /** For tests of the upgrade path. */
  readonly version?: number
  readonly migrations?: readonly EmbeddedMigration[]
}

/** One change that waits for the next transaction. */
interface Task {
  /** Whether it stores something new, which must leave room for others to be done with. */
  readonly grows: boolean
  /** Room that must be there beyond what it writes. */
  readonly room: Changed | undefined
  run(): void
  /** To be called when the transaction is on disk. */
  settle(): void
  fail(error: StateError): void
}

export const embeddedFile = (folder: string): string => join(folder, 'state.lmdb')

/** The time since 1970 as it was at the start, and from then on as it passes: whoever sets the clock changes nothing. */
function steadyTime(): () => number {
  const offset = Date.now() - performance.now()
  return () => Math.round(offset + performance.now())
}

/** The least that `check` finds room for: some ordinary updates. */
const probe: Changed = { records: 16, bytes: 65_536 }
const sweptAtOnce = 1000

/**
 * The home in one file, for one process of one machine. LMDB: a copy-on-write tree, so the file is whole after a crash at
 * any moment, with no log to replay. It is read through before LMDB gets it, and no second process gets it.
 *
 * All changes that were asked for in one turn of the event loop are written and synced to disk together; a promise
 * resolves after that. (The package's own asynchronous transactions do the same on a thread of their own; on Node 20
 * they were seen to never resolve.) Throws StateError `damaged`, `too new`, `in use`, `foreign`, `refused` and `away`.
 */
export function openEmbedded(options: EmbeddedOptions): Store {
  const { now = steadyTime() } = options
  const path = embeddedFile(options.folder)
  makeFolder(options.folder)
  const ownership = own(options.folder)
  let file: OpenFile | undefined
  try {
    file = openFile(path, options, ownership)
    prepare(file, options, ownership, now)
    return createStore(file, { ...options, now }, ownership)
  } catch (error) {
    file?.close()
    void ownership.release()
    throw error instanceof StateError ? error : away(`open ${path}`, reasonOfSystem(error))
  }
}

/** The file while LMDB has it open. */
interface OpenFile {
  readonly path: string
  readonly format: number
  readonly database: Database
  readonly space: Space
  close(): void
}

/** Throws StateError, and errors of LMDB and of the system. */
function openFile(path: string, { owner, version }: EmbeddedOptions, { isShared }: Ownership): OpenFile {
  const found = inspectFile(path, version)
  if (found?.bot !== undefined && owner !== undefined && found.bot !== owner.bot)
    throw new StateError(
      'foreign',
      `Cannot use ${path}: it is the state of bot ${found.bot}, and BOT_TOKEN is that of bot ${owner.bot}. Put it where it belongs, or set DATA to another folder`,
    )
  // A beginning that was cut off.
  if (found === undefined) rmSync(path, { force: true })
  const database = openLmdb(path)
  try {
    // An older version of this program uses the file without owning the folder.
    const [user] = isShared ? [] : readersOf(database)
    if (user !== undefined)
      throw new StateError('in use', `Cannot use ${path}: process ${user} uses it. Stop that one first`)
    protect(path)
    const space = openSpace(path)
    return {
      path,
      format: found?.format ?? 0,
      database,
      space,
      close() {
        space.close()
        void database.close()
      },
    }
  } catch (error) {
    void database.close()
    throw error
  }
}

/** Brings the state into the format and under the names of today. */
function prepare(file: OpenFile, options: EmbeddedOptions, { isShared }: Ownership, now: () => number): void {
  const { owner, migrations: steps = migrations, version = formatVersion, log = () => {} } = options
  const records = recordsIn(() => file.database)
  // In one transaction each: a crash in the middle leaves what was there before.
  const inOneStep = <T>(work: () => T): T =>
    file.database.transactionSync(() => {
      records.takeChanged()
      const result = work()
      const changed = records.takeChanged()
      if (changed.records > 0) file.space.reserve(changed, false)
      return result
    })

  if (file.format !== version)
    inOneStep(() => {
      for (const step of steps.slice(file.format, version)) step({ records, takingOver: owner?.fromFormat1 })
      records.put(['format'], version)
    })
  if (owner !== undefined) {
    const before = records.get(['owner']) as { readonly seal: string } | undefined
    if (owner.fromTokenBefore !== undefined) {
      const { fromTokenBefore } = owner
      const taken = inOneStep(() => takeOver(records, fromTokenBefore))
      if (taken.updates + taken.values > 0) log({ event: 'state taken over', from: 'the token before', ...taken })
    } else if (before !== undefined && before.seal !== owner.seal)
      log({ event: 'state left alone', where: file.path, what: sealedBefore })
    if (before?.seal !== owner.seal) inOneStep(() => records.put(['owner'], { bot: owner.bot, seal: owner.seal }))
  }
  // Whoever held a lane is gone, and the clock may have been put back since.
  if (!isShared) inOneStep(() => freeLanes(records, now()))
}

function createStore(
  opened: OpenFile,
  options: EmbeddedOptions & { readonly now: () => number },
  ownership: Ownership,
): Store {
  const { now } = options
  const bounds = { ...defaultBounds, ...options.bounds }
  const { path } = opened
  let file = opened
  const records = recordsIn(() => file.database)
  const outage = createOutage(options.log ?? (() => {}))
  let closed = false
  let tasks: Task[] = []
  /** What was refused last for want of room. */
  let refused: Changed = { records: 0, bytes: 0 }
  let mustReopen = false

  /** Runs the tasks that wait in one transaction, or, where there is no room for all, one by one. */
  function commit(): void {
    const batch = tasks
    tasks = []
    const failure = perform(batch)
    if (failure === undefined) return
    for (const task of batch) {
      const alone = failure.isOfRoom && batch.length > 1 ? perform([task]) : failure
      if (alone !== undefined) task.fail(alone.error)
    }
  }

  /** Undefined when all is on disk. `isOfRoom`: fewer tasks may find their place. */
  function perform(batch: readonly Task[]): { readonly error: StateError; readonly isOfRoom: boolean } | undefined {
    let changed: Changed = { records: 0, bytes: 0 }
    try {
      if (mustReopen) reopen()
      file.database.transactionSync(() => {
        records.takeChanged()
        for (const { run } of batch) run()
        changed = records.takeChanged()
        for (const { room } of batch)
          changed = { records: changed.records + (room?.records ?? 0), bytes: changed.bytes + (room?.bytes ?? 0) }
        if (changed.records > 0)
          file.space.reserve(
            changed,
            batch.some(({ grows }) => grows),
          )
      })
    } catch (error) {
      const isOfLmdb = isErrorOfLmdb(error)
      if (isOfLmdb) endNoise()
      mustReopen ||= isOfLmdb && (error as { readonly code: number }).code === panic
      const isOfRoom = !isOfLmdb && !(error instanceof StateError)
      if (isOfRoom && batch.length === 1) refused = changed
      const failure = error instanceof StateError ? error : away(`write ${path}`, reasonOfSystem(error))
      outage.failed(failure.reason ?? 'unknown')
      return { error: failure, isOfRoom }
    }
    if (changed.records > 0) outage.worked()
    for (const { settle } of batch) settle()
    return undefined
  }

  /** After some failures LMDB takes nothing until the file is opened anew. */
  function reopen(): void {
    file.close()
    file = openFile(path, options, ownership)
    mustReopen = false
  }

  /** `work` must check before it writes: what it wrote before it throws stays, unless it is LMDB that fails. */
  function write<T>(work: () => T, { grows = false, room }: Partial<Pick<Task, 'grows' | 'room'>> = {}): Promise<T> {
    if (closed) return Promise.reject(away('write the state', 'closed'))
    return new Promise((resolve, reject) => {
      if (tasks.length === 0) setImmediate(commit)
      let settle = () => {}
      tasks.push({
        grows,
        room,
        run() {
          try {
            const result = work()
            settle = () => resolve(result)
          } catch (error) {
            // Nothing of the whole transaction is kept.
            if (isErrorOfLmdb(error)) throw error
            settle = () => reject(error)
          }
        },
        settle: () => settle(),
        fail: reject,
      })
    })
  }

  async function read<T>(work: () => T): Promise<T> {
    if (closed) throw away('read the state', 'closed')
    try {
      return work()
    } catch (error) {
      throw error instanceof StateError ? error : away(`read ${path}`, reasonOfSystem(error))
    }
  }

  const at = place(records)

  function readValue(namespace: Namespace, key: string): string | undefined {
    const kept = at.value(namespace, key)
    return kept !== undefined && (kept.until === undefined || kept.until > now()) ? kept.value : undefined
  }

  function putValue(namespace: Namespace, key: string, value: string | undefined): void {
    const old = at.value(namespace, key)
    if (old?.until !== undefined) records.remove(['expires', old.until, 'value', namespace, key])
    if (value === undefined) {
      if (old !== undefined) records.remove(['value', namespace, key])
      return
    }
    const lifetime = lifetimeOf(namespace)
    const until = lifetime === undefined ? undefined : now() + lifetime
    records.put(['value', namespace, key], until === undefined ? { value } : { value, until })
    if (until !== undefined) records.put(['expires', until, 'value', namespace, key], true)
  }

  function sweepSome(): number {
    const past = records.keys({ start: ['expires', 0], end: ['expires', now() + 1], limit: sweptAtOnce })
    for (const key of past) {
      records.remove(key)
      records.remove(key.slice(2))
    }
    return past.length
  }

  const inbox = embeddedInbox(records, at, bounds, now)
  return {
    home: 'embedded',
    add: (updates) => write(() => inbox.add(updates), { grows: true }),
    claim: (owner, limit, leaseMs) => write(() => inbox.claim(owner, limit, leaseMs)),
    renew: (leases, leaseMs) => write(() => inbox.renew(leases, leaseMs)),
    record: (updateId, key, result) => write(() => inbox.record(updateId, key, result)),
    finish: (lease) => write(() => inbox.finish(lease)),
    putBack: (lease, delayMs, reason) => write(() => inbox.putBack(lease, delayMs, reason)),
    counts: () => read(inbox.counts),

    get: (namespace, key) =>
      read(() => {
        checkKey(key)
        return readValue(namespace, key)
      }),
    set: (namespace, key, value) =>
      write(
        () => {
          checkValue(key, value)
          putValue(namespace, key, value)
        },
        { grows: true },
      ),
    change: (namespace, key, change) =>
      write(
        () => {
          checkKey(key)
          const old = readValue(namespace, key)
          const changed = change(old)
          if (changed !== undefined) checkValue(key, changed)
          if (changed !== undefined || old !== undefined) putValue(namespace, key, changed)
          return changed
        },
        { grows: true },
      ),
    remove: (namespace, key) => write(() => putValue(namespace, key, undefined)),

    async sweep() {
      while ((await write(sweepSome)) === sweptAtOnce);
    },
    async check() {
      const room = {
        records: Math.max(probe.records, refused.records),
        bytes: Math.max(probe.bytes, refused.bytes),
      }
      await write(() => records.put(['probe'], now()), { grows: true, room })
      refused = { records: 0, bytes: 0 }
    },
    async close() {
      if (closed) return
      closed = true
      if (tasks.length > 0) commit()
      file.close()
      await ownership.release()
    },
  }
}

/** MDB_PANIC. */
const panic = -30795

/** LMDB's errors carry its number or the system's: -30792 is a full map, 28 a full disk. */
const isErrorOfLmdb = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'number'

/** LMDB writes about some failures to standard error without an end of the line, which may be the stream of the log. */
function endNoise(): void {
  try {
    writeSync(2, '\n')
  } catch {
    // Nobody reads it.
  }
}
