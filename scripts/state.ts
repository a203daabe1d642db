import { copyFile, mkdir, rename, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { backUpEmbedded, embeddedFile, inspectEmbedded } from '../src/state/embedded.ts'
import { formatVersion, StateError } from '../src/state/store.ts'

const help = `Usage: npm run state -- show
       npm run state -- backup FILE
       npm run state -- restore FILE [--replace]

The stored state of one machine (DATA/state.lmdb). With STATE_URL the state is in Redis: copy its append-only files instead.

  show     format and number of waiting updates
  backup   writes one moment's state to FILE; the service may run meanwhile
  restore  puts FILE in the place of the state; stop the service before. --replace: also when there is a state

Exit codes: 0 done, 1 not done, 2 wrong usage`

const exists = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  )

async function restore(from: string, to: string, replace: boolean): Promise<string> {
  const { format, waiting } = await inspectEmbedded(from)
  if (format > formatVersion)
    throw new StateError(
      'too new',
      `Cannot restore ${from}: its format is ${format}, this version knows ${formatVersion}`,
    )
  if ((await exists(to)) && !replace)
    throw new StateError('damaged', `Cannot restore: ${to} exists. Add --replace to lose what is in it`)
  await mkdir(dirname(to), { recursive: true })
  // First beside it, then in its place: a crash leaves the old state or the new one.
  const beside = `${to}.restored`
  await copyFile(from, beside)
  // Looking into a file leaves one.
  await rm(`${from}-lock`, { force: true })
  await rm(`${to}-lock`, { force: true })
  await rename(beside, to)
  return `Restored ${to}: format ${format}, ${waiting} updates wait`
}

async function main([command, file, ...flags]: readonly string[]): Promise<string | undefined> {
  const folder = process.env.DATA?.trim() || 'data'
  const path = embeddedFile(folder)
  if (command === 'show' && file === undefined) {
    if (!(await exists(path))) return `No state yet: ${path} is made at the first start`
    const { format, waiting } = await inspectEmbedded(path)
    return `${path}: format ${format}, ${waiting} updates wait`
  }
  if (command === 'backup' && file !== undefined && flags.length === 0) {
    if (!(await exists(path))) throw new StateError('damaged', `Cannot back up: there is no ${path}`)
    if (await exists(file)) throw new StateError('damaged', `Cannot back up: ${file} exists`)
    await backUpEmbedded(folder, file)
    return `Wrote ${file}`
  }
  if (command === 'restore' && file !== undefined && flags.every((flag) => flag === '--replace'))
    return await restore(file, path, flags.includes('--replace'))
  return undefined
}

try {
  const said = process.argv.includes('--help') ? help : await main(process.argv.slice(2))
  if (said === undefined) {
    console.error(help)
    process.exitCode = 2
  } else console.log(said)
} catch (error) {
  console.error(error instanceof StateError ? error.message : error)
  process.exitCode = 1
}
