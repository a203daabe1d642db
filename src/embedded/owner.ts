import { existsSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { reasonOfSystem } from '../state/reasons.ts'
import { away, StateError } from '../state/store.ts'
import { giveToOwner, openLmdb } from './disk.ts'
import { examineFile } from './file.ts'
import type { Database } from './records.ts'

/*
 * Node has no lock that ends with its process, and LMDB's table of readers is one: a reader stands in it from its first
 * look until its process ends, however that happens, also across containers that share a folder. So whoever uses a
 * folder reads from a small LMDB file in it, which is there for nothing else.
 */
const lockFile = (folder: string): string => join(folder, 'in-use')

const nobody = '(no active readers)'

/** Processes in LMDB's table of readers. */
export function readersOf(database: Database): readonly number[] {
  database.readerCheck()
  const list = database.readerList()
  if (list.startsWith(nobody)) return []
  return list
    .split('\n')
    .slice(1)
    .flatMap((line) => /^\s*(?<process>\d+)/u.exec(line)?.groups?.process ?? [])
    .map(Number)
}

const inUse = (folder: string, user: number | undefined): StateError =>
  new StateError(
    'in use',
    `Cannot use ${folder}: ${user === undefined ? 'another process' : `process ${user}`} uses it. Stop that one first, or set DATA to another folder`,
  )

export interface Ownership {
  /** Whether this process used the folder before. */
  readonly isShared: boolean
  release(): Promise<void>
}

/** A process has its locks once, however often it asks. */
const owned = new Map<string, { users: number; database: Database; reading: { done(): void } }>()

const attempts = 20
const attemptMs = 100

/**
 * Makes this process the only one that uses the folder, until it ends. Waits two seconds for one that is about to stop.
 * Throws StateError `in use` and `away`.
 */
export function own(folder: string): Ownership {
  const path = lockFile(folder)
  const before = owned.get(path)
  if (before !== undefined) {
    before.users += 1
    return { isShared: true, release: () => release(path) }
  }
  for (let attempt = 1; ; attempt += 1) {
    const user = tryToOwn(path)
    if (user === undefined) return { isShared: false, release: () => release(path) }
    if (attempt === attempts) throw inUse(folder, user)
    // Two that start at once both give way, so they must not come back at once.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, attemptMs * (0.5 + Math.random()))
  }
}

/** The process that uses the folder; undefined when it is this one by now. */
function tryToOwn(path: string): number | undefined {
  let database: Database
  try {
    // Nothing is stored in it, and a damaged or an unfinished one would end the process.
    if (examineFile(path).kind !== 'whole') rmSync(path, { force: true })
    database = openLmdb(path)
    giveToOwner(path)
  } catch (error) {
    throw away(`use the folder ${dirname(path)}`, reasonOfSystem(error))
  }
  const [user] = readersOf(database)
  if (user !== undefined) {
    void database.close()
    return user
  }
  const reading = database.useReadTransaction()
  const users = readersOf(database)
  // In another container a process may have the same number.
  const rival = users.length > 1 ? (users.find((found) => found !== process.pid) ?? process.pid) : undefined
  if (rival === undefined) {
    owned.set(path, { users: 1, database, reading })
    return undefined
  }
  reading.done()
  void database.close()
  return rival
}

async function release(path: string): Promise<void> {
  const kept = owned.get(path)
  if (kept === undefined) return
  kept.users -= 1
  if (kept.users > 0) return
  owned.delete(path)
  kept.reading.done()
  await kept.database.close()
}

/** The process that uses the folder, if one does. Makes nothing. Throws StateError `away`. */
export function userOf(folder: string): number | undefined {
  const path = lockFile(folder)
  if (owned.has(path)) return process.pid
  if (!existsSync(`${path}-lock`) || examineFile(path).kind !== 'whole') return undefined
  try {
    const database = openLmdb(path)
    const [user] = readersOf(database)
    void database.close()
    return user
  } catch (error) {
    const reason = reasonOfSystem(error)
    // Nobody can use what nobody can write to.
    if (reason === 'read-only file system') return undefined
    throw away(`look into ${folder}`, reason)
  }
}
