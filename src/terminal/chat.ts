import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { type LocalOptions, openLocalChat } from '../conversation/local.ts'
import type { Outbox } from '../conversation/outbox.ts'
import { languages } from '../phrases/answers.ts'
import { phrasesOf } from '../phrases/bot.ts'
import type { Screen } from '../screens/screen.ts'
import { plain } from '../screens/styled.ts'
import type { Press } from '../screens/views.ts'
import { choicesOf } from './choices.ts'
import { type TerminalStyle, terminalLines } from './lines.ts'

export type ChatOptions = Omit<LocalOptions, 'outbox'> & {
  readonly input: Readable
  readonly output: Writable & { readonly columns?: number; readonly isTTY?: boolean }
  /** True when a person types: a prompt and a first explanation are shown. */
  readonly interactive: boolean
  /** Where exported files go. */
  readonly folder: string
}

/** Commands that mean something in Telegram only: its groups. */
const onlyInTelegram = new Set(['id', 'allow', 'deny'])
/** How long the assistant works in silence before it shows that it does. Milliseconds. */
const silentFor = 500

/** Writes a file beside others, never over one. Resolves with its path. */
async function save(folder: string, name: string, bytes: Uint8Array): Promise<string> {
  const { stem = name, ending = '' } = /^(?<stem>.*?)(?<ending>\.[^.]+)?$/u.exec(name)?.groups ?? {}
  for (let copy = 1; ; copy += 1) {
    const path = join(folder, copy === 1 ? name : `${stem}-${copy}${ending}`)
    try {
      await writeFile(path, bytes, { flag: 'wx' })
      return path
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
    }
  }
}

/**
 * The assistant as a chat of lines, with the abilities of a private chat in Telegram: what would be a message is text,
 * what would be a button is a number. Reads until the input ends, answers each line in order. Nothing is kept when it
 * ends.
 */
export async function chat(options: ChatOptions): Promise<void> {
  const { output, interactive } = options
  const style = (): TerminalStyle => ({
    ...(output.isTTY === true ? { width: output.columns ?? 80 } : {}),
    color: output.isTTY === true,
  })
  const say = (text: string) => void output.write(`${text}\n`)
  const note = (text: string) => say(`${terminalLines(plain(`→ ${text}`), style())}\n`)
  let presses: ReadonlyMap<number, Press> = new Map()
  let shown = 0
  const show = async (screen: Screen): Promise<number> => {
    const choices = choicesOf(screen, style(), phrasesOf(await local.language()).buttons.fullText)
    presses = choices.presses
    say(`${choices.text}\n`)
    shown += 1
    return shown
  }
  const outbox: Outbox = {
    send: async (_, screen) => show(screen),
    async edit(_, screen) {
      await show(screen)
      return 'edited'
    },
    async sendFile(_, { name, bytes, caption }) {
      const path = await save(options.folder, name, bytes)
      note(phrasesOf(await local.language()).terminal.saved(path, caption))
    },
    async toast(_, text) {
      if (text !== undefined) note(text)
    },
    async whileTyping(_, work) {
      const timer = setTimeout(() => interactive && say('…'), silentFor)
      try {
        return await work()
      } finally {
        clearTimeout(timer)
      }
    },
    async tell(_, screen) {
      await show(screen)
      return true
    },
    // Whoever sits at the machine owns it; groups and menus are Telegram's.
    administers: async () => 'yes',
    leave: async () => {},
    offerMenu: async () => {},
  }
  const local = openLocalChat({ ...options, outbox })

  /** Resolves with false when the person wants to go. */
  async function obey(line: string): Promise<boolean> {
    const { command, wanted } = /^\/(?<command>\w+)(?:\s+(?<wanted>\S+))?/u.exec(line)?.groups ?? {}
    if (command === 'quit' || command === 'exit') return false
    if (line === '') return true
    const chosen = /^\d{1,3}$/u.test(line) ? presses.get(Number(line)) : undefined
    const language = languages.find((one) => command === 'lang' && one === wanted)
    if (chosen !== undefined) await local.press(chosen, shown)
    else if (language !== undefined) {
      await local.choose(language)
      note(`${phrasesOf(language).toasts.saved} ${phrasesOf(language).ownName}`)
    } else if (command !== undefined && onlyInTelegram.has(command))
      note(phrasesOf(await local.language()).unknownCommand(`/${command}`))
    else await local.say(line)
    return true
  }

  const lines = createInterface({ input: options.input, ...(interactive ? { output, prompt: '> ' } : {}) })
  if (interactive) {
    say(`${terminalLines(plain(phrasesOf(options.language).terminal.help), style())}\n`)
    lines.prompt()
  }
  for await (const line of lines) {
    try {
      if (!(await obey(line.trim()))) break
    } catch (error) {
      // One bad line must not end the chat; a file that cannot be written says why by its code.
      const { failed } = phrasesOf(await local.language())
      note(error instanceof Error && 'code' in error ? `${failed} (${String(error.code)})` : failed)
    }
    if (interactive) lines.prompt()
  }
  lines.close()
}
