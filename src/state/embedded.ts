import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type Key, open, type RootDatabase } from 'lmdb'
import { examineFile } from './embedded-file.ts'
import { embeddedInbox, place } from './embedded-inbox.ts'
import type { Namespace } from './retention.ts'
import {
  type Bounds,
  checkKey,
  checkValue,
  defaultBounds,
  formatVersion,
  lifetimeOf,
  StateError,
  type Store,
  tooNew,
} from './store.ts'

/** Turns format n into n + 1; called inside one write transaction. `migrations[0]` turns 0 into 1. */
export type EmbeddedMigration = (db: RootDatabase<unknown, Key>) => void

export interface EmbeddedOptions {
  /** Folder of the file; made if it is missing. */
  readonly folder: string
  readonly bounds?: Partial<Bounds>
  /** Milliseconds since 1970. */
  readonly now?: () => number
  /** For tests of the upgrade path. */
  readonly version?: number
  readonly migrations?: readonly EmbeddedMigration[]
}

/** One change that waits for the next transaction. */
interface Task {
  run(): void
  /** To be called when the transaction is on disk. */
  settle(): void
  fail(error: StateError): void
}

export const embeddedFile = (folder: string): string => join(folder, 'state.lmdb')

/** Format 0 was a file without anything in it. */
const migrations: readonly EmbeddedMigration[] = [() => {}]

const lmdbOptions = { noSubdir: true, encoding: 'json', maxReaders: 64 } as const

/**
 * The home in one file, for one machine. LMDB: a copy-on-write tree, so the file is whole after a crash at any moment,
 * with no log to replay.
 *
 * All changes that were asked for in one turn of the event loop are written and synced to disk together; a promise
 * resolves after that. (The package's own asynchronous transactions do the same on a thread of their own; on Node 20
 * they were seen to never resolve.) Throws StateError `too new` and `damaged`.
 */
export function openEmbedded(options: EmbeddedOptions): Store {
  const { now = Date.now, version = formatVersion } = options
  const bounds = { ...defaultBounds, ...options.bounds }
  const path = embeddedFile(options.folder)
  mkdirSync(dirname(path), { recursive: true })
  const db = openFile(path)
  try {
    migrate(db, version, options.migrations ?? migrations)
  } catch (error) {
    void db.close()
    throw error
  }
  let closed = false
  let tasks: Task[] = []

  /** Runs the tasks that wait in one transaction. */
  function commit(): void {
    const batch = tasks
    tasks = []
    try {
      db.transactionSync(() => {
        for (const { run } of batch) run()
      })
    } catch (error) {
      const reason = new StateError('away', `Cannot write ${path}: ${codeOf(error)}. Is the disk full?`)
      for (const { fail } of batch) fail(reason)
      return
    }
    for (const { settle } of batch) settle()
  }

  /** `work` must check before it writes: what it wrote before it throws stays, unless it is LMDB that fails. */
  function write<T>(work: () => T): Promise<T> {
    if (closed) return Promise.reject(new StateError('away', 'Cannot write the state: it is closed'))
    return new Promise((resolve, reject) => {
      if (tasks.length === 0) setImmediate(commit)
      let settle = () => {}
      tasks.push({
        run() {
          try {
            const result = work()
            settle = () => resolve(result)
          } catch (error) {
            // Nothing of the whole transaction is kept.
            if (isOfLmdb(error)) throw error
            settle = () => reject(error)
          }
        },
        settle: () => settle(),
        fail: reject,
      })
    })
  }

  const at = place(db)

  function readValue(namespace: Namespace, key: string): string | undefined {
    const kept = at.value(namespace, key)
    return kept !== undefined && (kept.until === undefined || kept.until > now()) ? kept.value : undefined
  }

  function putValue(namespace: Namespace, key: string, value: string | undefined): void {
    const old = at.value(namespace, key)
    if (old?.until !== undefined) db.removeSync(['expires', old.until, 'value', namespace, key])
    if (value === undefined) {
      db.removeSync(['value', namespace, key])
      return
    }
    const lifetime = lifetimeOf(namespace)
    const until = lifetime === undefined ? undefined : now() + lifetime
    db.putSync(['value', namespace, key], until === undefined ? { value } : { value, until })
    if (until !== undefined) db.putSync(['expires', until, 'value', namespace, key], true)
  }

  const inbox = embeddedInbox(db, at, bounds, now)
  return {
    home: 'embedded',
    add: (updates) => write(() => inbox.add(updates)),
    claim: (owner, limit, leaseMs) => write(() => inbox.claim(owner, limit, leaseMs)),
    renew: (leases, leaseMs) => write(() => inbox.renew(leases, leaseMs)),
    record: (updateId, key, result) => write(() => inbox.record(updateId, key, result)),
    finish: (lease) => write(() => inbox.finish(lease)),
    putBack: (lease, delayMs, reason) => write(() => inbox.putBack(lease, delayMs, reason)),
    counts: async () => inbox.counts(),

    get: async (namespace, key) => {
      checkKey(key)
      return readValue(namespace, key)
    },
    set: (namespace, key, value) =>
      write(() => {
        checkValue(key, value)
        putValue(namespace, key, value)
      }),
    change: (namespace, key, change) =>
      write(() => {
        checkKey(key)
        const old = readValue(namespace, key)
        const changed = change(old)
        if (changed !== undefined) checkValue(key, changed)
        if (changed !== undefined || old !== undefined) putValue(namespace, key, changed)
        return changed
      }),
    remove: (namespace, key) => write(() => putValue(namespace, key, undefined)),
    keys: async (namespace, prefix) => {
      const found: string[] = []
      for (const { key, value } of db.getRange({
        start: ['value', namespace, prefix],
        end: ['value', namespace, `${prefix}\u{10ffff}`],
      })) {
        const { until } = value as { readonly until?: number }
        if (until === undefined || until > now()) found.push((key as string[])[2] as string)
      }
      return found
    },

    sweep: () =>
      write(() => {
        for (const key of [
          ...db.getKeys({ start: ['expires', 0], end: ['expires', now() + 1], limit: 10_000 }),
        ] as Key[][]) {
          db.removeSync(key)
          db.removeSync(key.slice(2))
        }
      }),
    check: () => write(() => {}),
    async close() {
      if (closed) return
      closed = true
      if (tasks.length > 0) commit()
      await db.close()
    },
  }
}

function openFile(path: string): RootDatabase<unknown, Key> {
  const finding = examineFile(path)
  let what: string
  switch (finding.kind) {
    case 'none':
    case 'whole':
      try {
        return open<unknown, Key>({ path, ...lmdbOptions })
      } catch (error) {
        throw new StateError('away', `Cannot open ${path}: ${codeOf(error)}`)
      }
    case 'changed':
      throw new StateError('away', `Cannot open ${path}: another process writes to it`)
    case 'unreadable':
      throw new StateError('away', `Cannot read ${path}: ${finding.code}`)
    case 'other version':
      what = `LMDB of version ${finding.version} wrote it, this program has version ${finding.known}`
      break
    case 'damaged':
      what = finding.what
      break
  }
  throw new StateError(
    'damaged',
    `Cannot open ${path}: ${what}. Restore a back-up, or move the file away to begin anew`,
  )
}

function migrate(db: RootDatabase<unknown, Key>, version: number, steps: readonly EmbeddedMigration[]): void {
  const found = (db.get(['format']) as number | undefined) ?? 0
  if (found > version) throw tooNew(found)
  if (found === version) return
  // One transaction: a crash in the middle leaves the old format whole.
  db.transactionSync(() => {
    for (const step of steps.slice(found, version)) step(db)
    db.putSync(['format'], version)
  })
}

/**
 * Copies the state into the file `to` while it may be in use; the copy is one moment's state and as small as can be.
 * Throws StateError.
 */
export async function backUpEmbedded(folder: string, to: string): Promise<void> {
  const db = openFile(embeddedFile(folder))
  try {
    await db.backup(to, true)
  } finally {
    await db.close()
  }
}

/** Format and number of waiting updates of a file, for restore and doctor. Throws StateError when it is no state. */
export async function inspectEmbedded(path: string): Promise<{ readonly format: number; readonly waiting: number }> {
  const db = openFile(path)
  try {
    const format = db.get(['format'])
    if (typeof format !== 'number')
      throw new StateError('damaged', `Cannot use ${path}: it holds no state of this service`)
    return { format, waiting: db.getKeysCount({ start: ['update'], end: ['update', '\u{10ffff}'] }) }
  } finally {
    await db.close()
  }
}

/** LMDB's errors carry its number or the system's: -30792 is a full map, 28 a full disk. */
const isOfLmdb = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'number'

/** `-30792`, `ENOSPC`; the message of an error may quote what was written. */
function codeOf(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'unknown reason'
  return code.slice(0, 40)
}
