import { execFile } from 'node:child_process'
import { access, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs, promisify } from 'node:util'
import { openAssistant } from '../src/answer/open.ts'
import { startBot } from '../src/bot/bot.ts'
import { readConfig } from '../src/config.ts'
import { languages } from '../src/phrases/answers.ts'
import { startStandin } from '../test/standin/standin.ts'
import { openBrowser } from './pictures/browser.ts'
import { pictureHtml } from './pictures/page.ts'
import { withFewColours } from './pictures/png.ts'
import { play, sceneNames } from './pictures/scenes.ts'

/** Bytes of one picture: a README with twelve still opens quickly. */
const largestPicture = 150_000

/** Enough for the edges of letters on every ground of the pictures. */
const colours = 64

/** Each family of letters, and Debian's package of it. */
const fonts = {
  'Noto Sans CJK HK': 'fonts-noto-cjk',
  Roboto: 'fonts-roboto-unhinted',
  'Noto Color Emoji': 'fonts-noto-color-emoji',
} as const

const help = `Usage: npm run pictures [-- --out FOLDER] [--only NAME] [--chromium FILE] [--html]

Photographs the assistant for README: starts the bot against a Telegram of its own on this machine, asks it real questions, and draws
the messages that arrive as a phone shows them. Writes <scene>-<language>.png: ${sceneNames.join(', ')}; ${languages.join(', ')}.

  --out FOLDER     where to write (default: scripts/pictures)
  --only NAME      names that contain this: private, hant, group-en
  --chromium FILE  the browser (default: /usr/bin/chromium)
  --html           write the pages too, beside the pictures
  --help           this page

Exit codes: 0 written; 1 a browser or fonts are missing, or a picture failed; 2 wrong usage
Needs Debian's packages: apt-get install chromium fontconfig ${Object.values(fonts).join(' ')}`

/** What this machine lacks; `undefined` when nothing. */
async function missing(chromium: string): Promise<string | undefined> {
  try {
    await access(chromium)
  } catch {
    return `Cannot take pictures: there is no browser at ${chromium}. Run "apt-get install chromium", or name one with --chromium`
  }
  let families = ''
  try {
    families = (await promisify(execFile)('fc-list', [':', 'family'])).stdout
  } catch {
    return 'Cannot take pictures: "fc-list" does not run. Run "apt-get install fontconfig"'
  }
  const packages = Object.entries(fonts).flatMap(([family, name]) => (families.includes(family) ? [] : [name]))
  return packages.length === 0
    ? undefined
    : `Cannot take pictures: fonts are missing. Run "apt-get install ${packages.join(' ')}"`
}

function readArguments() {
  return parseArgs({
    options: {
      out: { type: 'string', default: 'scripts/pictures' },
      only: { type: 'string', default: '' },
      chromium: { type: 'string', default: '/usr/bin/chromium' },
      html: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  }).values
}

async function main(): Promise<number> {
  let values: ReturnType<typeof readArguments>
  try {
    values = readArguments()
  } catch (error) {
    console.error(`${messageOf(error)}\n\n${help}`)
    return 2
  }
  if (values.help) {
    console.log(help)
    return 0
  }
  const pictures = languages
    .flatMap((language) => sceneNames.map((scene) => ({ scene, language, name: `${scene}-${language}` })))
    .filter(({ name }) => name.includes(values.only))
  if (pictures.length === 0) {
    console.error(`No picture's name contains "${values.only}"\n\n${help}`)
    return 2
  }
  const lack = await missing(values.chromium)
  if (lack !== undefined) {
    console.error(lack)
    return 1
  }
  try {
    return await take(pictures, values)
  } catch (error) {
    console.error(messageOf(error))
    return 1
  }
}

type Taken = {
  readonly scene: (typeof sceneNames)[number]
  readonly language: (typeof languages)[number]
  readonly name: string
}

async function take(
  pictures: readonly Taken[],
  { out, chromium, html: keepsHtml }: ReturnType<typeof readArguments>,
): Promise<number> {
  const config = readConfig({})
  const files = {
    corpus: config.corpus,
    index: config.index,
    encoder: config.encoder,
    models: join(config.data, 'models'),
    downloadTimeout: config.downloadTimeout,
  }
  const { assistant, retrieval, topics } = await openAssistant(files, (line) => console.error(line))
  await mkdir(out, { recursive: true })
  const telegram = await startStandin({ patienceMs: 10_000 })
  const bot = await startBot({
    token: telegram.token,
    apiRoot: telegram.apiRoot,
    assistant,
    library: retrieval.library,
    topics,
  })
  const browser = await openBrowser(chromium)
  let large = false
  try {
    for (const { scene, language, name } of pictures) {
      const html = pictureHtml(await play(scene, language, telegram))
      if (keepsHtml) await writeFile(join(out, `${name}.html`), html)
      const png = withFewColours(await browser.photograph(html), colours)
      await writeFile(join(out, `${name}.png`), png)
      console.log(`${join(out, `${name}.png`)}: ${Math.round(png.length / 1000)} kB`)
      if (png.length > largestPicture) {
        large = true
        console.error(
          `Too large: ${name}.png may have ${largestPicture / 1000} kB; ask something with a shorter answer`,
        )
      }
    }
  } finally {
    await Promise.all([browser.close(), bot.stop()])
    await telegram.stop()
  }
  const [refusal] = telegram.refusals
  if (refusal !== undefined)
    throw new Error(`Cannot use the pictures: Telegram would refuse a message (${refusal.description})`)
  return large ? 1 : 0
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

process.exitCode = await main()
