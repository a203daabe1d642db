import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { ConfigError, readConfig } from '../src/config.ts'
import { backUpEmbedded, restoreEmbedded } from '../src/embedded/copies.ts'
import { embeddedFile } from '../src/embedded/home.ts'
import { inspectFile } from '../src/embedded/inspection.ts'
import { userOf } from '../src/embedded/owner.ts'
import { botOf, folderOf } from '../src/homes/open.ts'
import { StateError } from '../src/state/store.ts'

const help = `Usage: npm run state -- show
       npm run state -- backup FILE
       npm run state -- restore FILE [--replace]

The stored state of one bot on one machine, found as the service finds it: by DATA, BOT_TOKEN and TELEGRAM_API_ROOT.
Without BOT_TOKEN that of the only bot in DATA. With STATE_URL the state is in Redis: copy its append-only files instead.

  show     where it is, its format, how many updates wait, and whether the service uses it
  backup   writes one moment's state to FILE; the service may run meanwhile
  restore  puts FILE in the place of the state, once all of it was read; stop the service before.
           --replace: also when there is a state

Exit codes: 0 done, 1 not done, 2 wrong usage`

const refused = (why: string): StateError => new StateError('refused', why)

/** The bot whose state is meant, and the folder where the service keeps it. `likely`: which, where nothing says so. */
async function findBot(likely?: string): Promise<{ readonly bot: string; readonly folder: string }> {
  const { botToken, stateFolder, stateUrl } = readConfig(process.env)
  if (stateUrl !== undefined && stateUrl !== '')
    throw refused('Cannot use the state: STATE_URL is set, so it is in Redis. Copy its append-only files instead')
  const bots =
    botToken === undefined
      ? (await readdir(stateFolder).catch(() => [])).flatMap((name) => /^bot-(?<id>\d+)$/u.exec(name)?.groups?.id ?? [])
      : [botOf(botToken)]
  const bot = bots[0] ?? likely
  if (bot === undefined) throw refused(`Cannot find the state: there is none in ${stateFolder}. Set DATA or BOT_TOKEN`)
  if (bots.length > 1)
    throw refused(
      `Cannot tell whose state is meant: ${stateFolder} has those of the bots ${bots.join(', ')}. Set BOT_TOKEN`,
    )
  return { bot, folder: folderOf(stateFolder, bot) }
}

const holding = ({ format, waiting }: { readonly format: number; readonly waiting: number }) =>
  `format ${format}, ${waiting} updates wait`

async function show(): Promise<string> {
  const { folder } = await findBot()
  const path = embeddedFile(folder)
  const found = inspectFile(path)
  const user = userOf(folder)
  if (found === undefined) return `No state yet: ${path} is made at the first start`
  return `${path}: ${holding(found)}${user === undefined ? '' : `, in use by process ${user}`}`
}

async function main([command, file, ...flags]: readonly string[]): Promise<string | undefined> {
  if (command === 'show' && file === undefined) return await show()
  if (command === 'backup' && file !== undefined && flags.length === 0) {
    const written = await backUpEmbedded((await findBot()).folder, file)
    return `Wrote ${file}: ${holding(written)}`
  }
  if (command === 'restore' && file !== undefined && flags.every((flag) => flag === '--replace')) {
    const { bot, folder } = await findBot(existsSync(file) ? inspectFile(file)?.bot : undefined)
    const restored = await restoreEmbedded(file, folder, { replace: flags.includes('--replace'), bot })
    return `Restored ${embeddedFile(folder)}: ${holding(restored)}`
  }
  return undefined
}

try {
  const said = process.argv.includes('--help') ? help : await main(process.argv.slice(2))
  if (said === undefined) {
    console.error(help)
    process.exitCode = 2
  } else console.log(said)
} catch (error) {
  console.error(error instanceof StateError || error instanceof ConfigError ? error.message : error)
  process.exitCode = 1
}
