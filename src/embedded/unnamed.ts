import { existsSync, renameSync, rmSync } from 'node:fs'
import { reasonOfSystem } from '../state/reasons.ts'
import { away, StateError, type StoreEvent } from '../state/store.ts'
import { sealedInFormat1, type TakingOver } from '../state/taking-over.ts'
import { makeFolder, openLmdb } from './disk.ts'
import { embeddedFile } from './home.ts'
import { inspectFile } from './inspection.ts'
import { parseFormat1 } from './migration.ts'
import { readersOf } from './owner.ts'
import { type Database, recordsIn } from './records.ts'

/**
 * Up to format 1 the file stood in `folder` itself, whichever bot it was of. It becomes that of the bot in `own` if
 * something in it opens with the bot's token; else it stays as it is, and the log is told. Throws StateError.
 */
export function claimUnnamed(
  folder: string,
  own: string,
  takingOver: TakingOver,
  log: (event: StoreEvent) => void,
): void {
  const path = embeddedFile(folder)
  if (!existsSync(path)) return
  if (existsSync(embeddedFile(own)) || !isOurs(path, takingOver)) {
    const command = `npm run state -- restore ${path} --replace`
    const what = `a state without a bot, which this token does not open. To use it all the same, stop and run: ${command}`
    log({ event: 'state left alone', where: path, what })
    return
  }
  makeFolder(own)
  try {
    renameSync(path, embeddedFile(own))
    rmSync(`${path}-lock`, { force: true })
  } catch (error) {
    throw away(`move ${path}`, reasonOfSystem(error))
  }
}

function isOurs(path: string, takingOver: TakingOver): boolean {
  if (inspectFile(path) === undefined) return false
  const database = openLmdb(path)
  try {
    const [user] = readersOf(database)
    if (user !== undefined)
      throw new StateError('in use', `Cannot use ${path}: process ${user} uses it. Stop that one first`)
    return opensSomething(database, takingOver)
  } finally {
    void database.close()
  }
}

function opensSomething(database: Database, takingOver: TakingOver): boolean {
  return recordsIn(() => database)
    .raw()
    .some(({ key, bytes }) => {
      const [word, first, second] = key
      const stored = () => parseFormat1(key, bytes) as Readonly<Record<'lane' | 'body' | 'value', string>>
      if (word === 'update') return takingOver.update(Number(first), stored().lane, stored().body) !== undefined
      if (word !== 'value' || !sealedInFormat1.has(String(first))) return false
      return takingOver.value(String(first), String(second), stored().value) !== undefined
    })
}
