import {
  accessSync,
  chmodSync,
  chownSync,
  closeSync,
  constants,
  existsSync,
  fstatSync,
  mkdirSync,
  openSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { dirname, resolve } from 'node:path'
import { open } from 'lmdb'
import { reasonOfSystem } from '../state/reasons.ts'
import { away } from '../state/store.ts'
import { sizesOf } from './file.ts'
import type { Changed, Database } from './records.ts'

const folderMode = 0o700
export const fileMode = 0o600

/** LMDB's file of locks with 64 readers has 4,304 bytes. */
const locksBytes = 8192
/** Options with which every LMDB file of the state is opened. */
const lmdbOptions = {
  noSubdir: true,
  encoding: 'binary',
  maxReaders: 64,
  permissionsMode: fileMode,
  // Every commit is synced before it is confirmed, so there is nothing to be undone after a power cut.
  overlappingSync: false,
} as const

/** Opens an LMDB file that is known to be whole, or is not there yet. Throws errors of LMDB and of the system. */
export function openLmdb(path: string): Database {
  layLocks(`${path}-lock`)
  return open<Buffer>({ path, ...lmdbOptions } as never)
}

/**
 * LMDB makes its file of locks as a hole and writes to it through memory: on a full disk that ends the process. So it is
 * filled before. One that is there is not touched: closing it would drop the locks that this process holds in it.
 */
function layLocks(path: string): void {
  let file: number
  try {
    file = openSync(path, 'wx', fileMode)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return
    throw error
  }
  try {
    writeSync(file, Buffer.alloc(locksBytes))
    giveToOwner(path)
  } catch (error) {
    rmSync(path, { force: true })
    throw error
  } finally {
    closeSync(file)
  }
}

/** For the user of the folder alone. */
export function protect(path: string): void {
  giveToOwner(path)
  if ((statSync(path).mode & 0o777) !== fileMode) chmodSync(path, fileMode)
}

/** What the system's administrator makes belongs to the user of the folder, so that the service can use it. */
export function giveToOwner(path: string): void {
  if (process.getuid?.() !== 0) return
  const { uid, gid } = statSync(dirname(path))
  chownSync(path, uid, gid)
}

/** Makes the folder, for its user alone. Throws StateError `away`. */
export function makeFolder(folder: string): void {
  try {
    const made = mkdirSync(folder, { recursive: true, mode: folderMode })
    for (const path of made === undefined ? [] : pathsBetween(resolve(made), resolve(folder))) giveToOwner(path)
    if ((statSync(folder).mode & 0o777) !== folderMode) chmodSync(folder, folderMode)
  } catch (error) {
    // A folder of somebody else that may be written to will do.
    if ((error as NodeJS.ErrnoException).code === 'EPERM' && existsSync(folder)) return
    throw away(`use the folder ${folder}`, reasonOfSystem(error))
  }
}

/** `/a/b`, `/a/b/c` for a first folder that was made and the last. */
function pathsBetween(first: string, last: string): readonly string[] {
  const parent = dirname(last)
  return last === first || parent === last ? [first] : [...pathsBetween(first, parent), last]
}

/** What is left free by whoever stores something new, so that others can be done with. */
const spareBytes = 163_840
/** Pages that every transaction may take: for the tree of free pages, and for roots that are split. */
const commonPages = 8
const stepBytes = 65_536
const zeros = Buffer.alloc(stepBytes)

/** Room on the disk for what LMDB is about to write. */
export interface Space {
  /**
   * Makes sure that what a transaction changed finds its place on the disk; `grows`: and that some is left for others to
   * be done with. Throws errors of the system.
   */
  reserve(changed: Changed, grows: boolean): void
  close(): void
}

/**
 * Where LMDB finds no space it writes to standard error, says EIO for ENOSPC, and after a failure at the wrong moment
 * wants to be opened anew. So before a transaction is committed the file is filled with zeros to beyond its last page:
 * what then fails, fails here.
 */
export function openSpace(path: string): Space {
  const file = openSync(path, 'r+')
  const { ino } = fstatSync(file)
  return {
    reserve({ records, bytes }, grows) {
      if (statSync(path, { throwIfNoEntry: false })?.ino !== ino)
        throw Object.assign(new Error('The file is not the one that was opened'), { code: 'ESTALE' })
      // Space that was reserved says nothing of a file system that became read-only.
      accessSync(path, constants.W_OK)
      const { pageBytes, pages, depth } = sizesOf(file)
      // Every page from the root to a changed record is written anew.
      const touched = Math.min(records * Math.max(1, depth - 1), pages) + commonPages
      const end = (pages + touched) * pageBytes + bytes + (grows ? spareBytes : 0)
      for (let size = fstatSync(file).size; size < end; )
        size += writeSync(file, zeros, 0, stepBytes - (size % stepBytes), size)
    },
    close: () => closeSync(file),
  }
}
