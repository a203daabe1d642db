import { closeSync, copyFileSync, existsSync, fsyncSync, openSync, renameSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { describeReason, reasonOfSystem } from '../state/reasons.ts'
import { StateError } from '../state/store.ts'
import { makeFolder, openLmdb, protect } from './disk.ts'
import { embeddedFile } from './home.ts'
import { type Inspected, inspectFile } from './inspection.ts'
import { own, userOf } from './owner.ts'

const refused = (what: string, why: string): StateError => new StateError('refused', `Cannot ${what}: ${why}`)

/** Runs what may meet errors of the system; `what` as in "write FILE". */
function orRefuse<T>(what: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (error instanceof StateError) throw error
    throw refused(what, describeReason(reasonOfSystem(error)))
  }
}

function syncPath(path: string): void {
  const file = openSync(path, 'r')
  try {
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
}

/** Puts what `make` makes at a path beside it in its place, once it was read through. A crash leaves the old or the new. */
async function replaceBy(to: string, make: (beside: string) => Promise<void> | void): Promise<Inspected> {
  const beside = `${to}.new`
  try {
    orRefuse(`write ${to}`, () => {
      rmSync(beside, { force: true })
      // To learn of a place that cannot be written to from the system, not from LMDB.
      closeSync(openSync(beside, 'wx', 0o600))
      rmSync(beside)
    })
    await make(beside)
    const made = inspectFile(beside)
    if (made === undefined) throw refused(`write ${to}`, 'there is nothing to be copied')
    orRefuse(`write ${to}`, () => {
      protect(beside)
      syncPath(beside)
      renameSync(beside, to)
      syncPath(dirname(to))
    })
    return made
  } finally {
    rmSync(beside, { force: true })
  }
}

/**
 * Copies the state in `folder` into the file `to`, which must not be there, also while the service uses it; the copy is
 * one moment's state and is read through. Throws StateError.
 */
export async function backUpEmbedded(folder: string, to: string): Promise<Inspected> {
  const from = embeddedFile(folder)
  if (!existsSync(from)) throw refused('back up', `there is no ${from}`)
  if (existsSync(to)) throw refused('back up', `${to} exists`)
  const isUsed = userOf(folder) !== undefined
  if (!isUsed && inspectFile(from) === undefined) throw refused('back up', `there is nothing in ${from}`)
  return await replaceBy(to, async (beside) => {
    if (!isUsed) {
      orRefuse(`write ${to}`, () => copyFileSync(from, beside))
      return
    }
    const database = openLmdb(from)
    try {
      await database.backup(beside, true)
    } catch (error) {
      throw refused(`write ${to}`, describeReason(reasonOfSystem(error)))
    } finally {
      await database.close()
    }
  })
}

export interface RestoreOptions {
  /** Whether a state that is there may be lost. */
  readonly replace: boolean
  /** What the token begins with; undefined where there is none. */
  readonly bot: string | undefined
}

/**
 * Puts a back-up in the place of the state in `folder`, once it was read through. Throws StateError: `in use` while a
 * service uses the folder; `refused` when there is no such file, or it is not this bot's, or there is a state and
 * `replace` is false.
 */
export async function restoreEmbedded(from: string, folder: string, options: RestoreOptions): Promise<Inspected> {
  const to = embeddedFile(folder)
  if (!existsSync(from)) throw refused(`restore ${from}`, 'no such file')
  makeFolder(folder)
  const ownership = own(folder)
  try {
    const found = inspectFile(from)
    if (found === undefined) throw refused(`restore ${from}`, 'there is nothing in it')
    const { bot } = found
    if (bot !== undefined && options.bot !== undefined && bot !== options.bot)
      throw refused(`restore ${from}`, `it is the state of bot ${bot}, and BOT_TOKEN is that of bot ${options.bot}`)
    if (existsSync(to) && !options.replace)
      throw refused(`restore ${from}`, `${to} exists. Add --replace to lose what is in it`)
    const restored = await replaceBy(to, (beside) => orRefuse(`write ${to}`, () => copyFileSync(from, beside)))
    // LMDB makes its locks anew.
    rmSync(`${to}-lock`, { force: true })
    return restored
  } finally {
    await ownership.release()
  }
}
