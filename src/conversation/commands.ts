import { unreachable } from '../model/unreachable.ts'
import { phrasesOf } from '../phrases/bot.ts'
import { type CommandName, commandNames } from '../phrases/bot-phrases.ts'
import { quoteScreen, settingsScreen } from '../screens/other-screens.ts'
import { readPayload } from '../screens/payloads.ts'
import type { Reader } from '../screens/reader.ts'
import { echo } from '../screens/render-answer.ts'
import type { Screen } from '../screens/screen.ts'
import { join, plain } from '../screens/styled.ts'
import { topicNamed } from '../screens/topic-screens.ts'
import type { View } from '../screens/views.ts'
import { fold } from '../text/fold.ts'
import { isOwner, isServed, mayAdminister, requestAccess } from './access.ts'
import type { Desk } from './desk.ts'
import type { Destination } from './outbox.ts'
import { answerQuestion } from './questions.ts'
import type { Chat } from './said.ts'
import { type Scene, show } from './show.ts'

/** A command with all that is known of who gave it where. */
export type Given = {
  readonly desk: Desk
  readonly reader: Reader
  readonly destination: Destination
  readonly chat: Chat
  readonly message: number
  readonly person: number
  /** The chat that the person writes as, for anonymous administrators. */
  readonly asChat?: number
  /** What stands after the command. */
  readonly text: string
  readonly isEdit: boolean
  /** The words of the message that the command replies to. */
  readonly repliedTo?: string
  /** The questions that the bot's message answers to which this one replies, oldest first. */
  readonly leansOn?: readonly string[]
}

export const leaning = ({ leansOn }: Given) => (leansOn === undefined ? {} : { leansOn })

const names: ReadonlySet<string> = new Set(commandNames)
export const isCommand = (name: string): name is CommandName => names.has(name)
export const knownCommands = names

/** Words that empty the basket. */
const clearWords = ['clear', '清空', '清除']

const say = (text: string): Screen => ({ message: plain(text), rows: [] })

/** Carries out a command. Resolves with a word for the log. */
export async function obey(name: CommandName, given: Given): Promise<string> {
  const { desk, reader, destination, chat, person, text } = given
  const phrases = phrasesOf(reader.language)
  const send = async (screen: Screen | undefined): Promise<string> => {
    await desk.outbox.send(destination, screen ?? say(phrases.gone), reader.asker)
    return name
  }
  const scene: Scene = {
    desk,
    reader,
    person,
    chat: chat.id,
    ...(destination.thread === undefined ? {} : { thread: destination.thread }),
  }
  const view = async (wanted: View) => send(await show(wanted, scene))
  const ask = (query: string) =>
    answerQuestion(desk, {
      destination,
      message: given.message,
      person,
      query,
      reader,
      isForwarded: false,
      isEdit: given.isEdit,
      ...leaning(given),
    })

  switch (name) {
    case 'start':
      // Telegram has one `zh` menu, which is Traditional: whoever reads Simplified gets theirs in their own chat.
      if (chat.kind === 'private' && reader.language === 'hans')
        await desk.outbox.offerMenu(chat.id, 'hans').catch(() => {})
      return send(await openingScreen(given, scene))
    case 'help':
      return send(helpScreen(desk, reader))
    case 'ask':
      if (text !== '' || (given.repliedTo ?? '') !== '') return ask(text === '' ? (given.repliedTo ?? '') : text)
      return send(
        reader.surface === 'terminal' ? helpScreen(desk, reader) : say(phrases.askWhat(desk.sources.username)),
      )
    case 'browse': {
      const memorandum = text === '' ? undefined : memorandumNamed(desk, text)
      return view(memorandum === undefined ? { kind: 'memoranda' } : { kind: 'memorandum', id: memorandum })
    }
    case 'about': {
      const memorandum = memorandumNamed(desk, text)
      if (memorandum !== undefined) return view({ kind: 'about', id: memorandum })
      return send(aboutChoice(desk, reader))
    }
    case 'topics': {
      const topic = topicNamed(desk.sources.topics, text)
      return view(topic === undefined ? { kind: 'topics', page: 0 } : { kind: 'topic', slug: topic.slug, page: 0 })
    }
    case 'compare': {
      if (text === '') return view({ kind: 'comparisons', page: 0 })
      const topic = topicNamed(desk.sources.topics, text)
      if (topic !== undefined) return view({ kind: 'comparison', slug: topic.slug, page: 0 })
      return ask(`比較 ${text}`)
    }
    case 'timeline':
      return view({ kind: 'timeline', page: 0 })
    case 'institutions':
      return view({ kind: 'institutions', page: 0 })
    case 'quote': {
      const line = text === '' ? (given.repliedTo ?? '') : text
      return send(
        line === ''
          ? say(phrases.quoteWhat)
          : quoteScreen(desk.sources.assistant.checkQuote(line), desk.sources, reader),
      )
    }
    case 'basket':
      return view(clearWords.includes(text.toLowerCase()) ? { kind: 'clearing' } : { kind: 'basket', page: 0 })
    case 'settings':
      return send(await settingsFor(given, scene))
    case 'privacy':
      return send(say(reader.surface === 'terminal' ? phrases.terminal.privacy : phrases.privacy))
    case 'forget':
      return send({
        message: plain(phrases.forgetAsk),
        rows: [
          [
            { text: phrases.buttons.forget, press: { kind: 'forget' } },
            { text: phrases.buttons.keep, press: { kind: 'dismiss' } },
          ],
        ],
      })
    case 'version': {
      const { library } = desk.sources
      const measures = library.units.filter(({ kind }) => kind === 'measure').length
      const short = (hash: string) => hash.slice(0, 12)
      const { version, index, encoder } = desk.fingerprints
      return send(
        say(
          phrases.version({
            version,
            corpus: short(library.hash),
            index: short(index),
            encoder: short(encoder),
            memoranda: library.memoranda.length,
            measures,
          }),
        ),
      )
    }
    case 'selftest': {
      if (!isOwner(desk, person)) return send(say(phrases.onlyOwner))
      const figures = await desk.outbox.whileTyping(destination, async () => desk.selfTest?.())
      return send(say(figures === undefined ? phrases.selfTestNone : phrases.selfTest(figures)))
    }
    case 'id':
      return send(say(phrases.chatId(chat.id)))
    case 'allow':
    case 'deny':
      return send(await permissionScreen(given, name === 'allow'))
    default:
      return unreachable(name)
  }
}

/** What a deep link opens, or the welcome. */
async function openingScreen({ desk, reader, text }: Given, scene: Scene): Promise<Screen> {
  const phrases = phrasesOf(reader.language)
  if (text === '') {
    return {
      message: plain(phrases.start),
      rows: [
        [
          { text: phrases.buttons.browse, press: { kind: 'memoranda' } },
          { text: phrases.buttons.topics, press: { kind: 'topics', page: 0 } },
          { text: phrases.buttons.settings, press: { kind: 'settings' } },
        ],
        [{ text: phrases.buttons.share, share: '' }],
      ],
    }
  }
  const opening = readPayload(text)
  if (opening === undefined) return forgedScreen(reader)
  if (opening.kind === 'help') return helpScreen(desk, reader)
  return (await show(opening, scene)) ?? forgedScreen(reader)
}

function forgedScreen(reader: Reader): Screen {
  const { forgedLink, buttons } = phrasesOf(reader.language)
  return { message: plain(forgedLink), rows: [[{ text: buttons.browse, press: { kind: 'memoranda' } }]] }
}

function helpScreen(desk: Desk, reader: Reader): Screen {
  const phrases = phrasesOf(reader.language)
  if (reader.surface === 'terminal') return say(phrases.terminal.help)
  return say(
    reader.surface === 'group' ? phrases.groupHelp(desk.sources.username) : phrases.help(desk.sources.username),
  )
}

/** A memorandum by its province in any script, its short name or id: 四川, 川港, sichuan, 川港 2018. */
function memorandumNamed(desk: Desk, text: string): string | undefined {
  const wanted = fold(text).replaceAll(/\s+/gu, '')
  if (wanted === '') return undefined
  return desk.sources.library.memoranda.find((memorandum) => {
    const { province, id, date } = memorandum
    const names = [
      id,
      province.slug,
      province.zh,
      `${province.zh}省`,
      `${province.zh}市`,
      province.en,
      `${province.char}港`,
      `港${province.char}`,
      province.char,
    ]
    return names.some((name) =>
      [name, `${name}${date.slice(0, 4)}`].some((full) => fold(full).replaceAll(/\s+/gu, '') === wanted),
    )
  })?.id
}

function aboutChoice(desk: Desk, reader: Reader): Screen {
  const { memoranda } = desk.sources.library
  const { browseTitle } = phrasesOf(reader.language)
  const measures = desk.sources.library.units.filter(({ kind }) => kind === 'measure').length
  return {
    message: plain(browseTitle(memoranda.length, measures)),
    rows: memoranda.map(({ id, province, date }) => [
      {
        text:
          reader.language === 'en' ? `${province.en} ${date.slice(0, 4)}` : `${province.char}港 ${date.slice(0, 4)}`,
        press: { kind: 'about', id },
      },
    ]),
  }
}

/** A group's settings are for its administrators, asked of Telegram each time; a person's own are in private. */
async function settingsFor(given: Given, scene: Scene): Promise<Screen> {
  const { desk, reader, chat, person, asChat } = given
  if (reader.surface !== 'group') return settingsScreen(await desk.kept.personSettings(person), reader)
  const { settingsOnlyAdministrators, settingsUnchecked } = phrasesOf(reader.language)
  const may = await mayAdminister(desk, chat.id, { person, ...(asChat === undefined ? {} : { asChat }) })
  if (may === 'yes') return (await show({ kind: 'settings' }, scene)) ?? say('')
  return say(may === 'no' ? settingsOnlyAdministrators : settingsUnchecked)
}

/** /allow and /deny, by the owner: in the group itself, or anywhere with the group's id. */
async function permissionScreen({ desk, reader, chat, person, text }: Given, allowed: boolean): Promise<Screen> {
  const phrases = phrasesOf(reader.language)
  if (!isOwner(desk, person)) {
    if (!allowed || chat.kind === 'private' || (await isServed(desk, chat.id))) return say(phrases.onlyOwner)
    return say((await requestAccess(desk, chat)) ? phrases.toasts.asked : phrases.notAllowed(chat.id))
  }
  const wanted = /^-?\d{1,16}$/u.test(text) ? Number(text) : chat.kind === 'private' ? undefined : chat.id
  if (wanted === undefined)
    return {
      message: join(
        [plain(phrases.commands[allowed ? 'allow' : 'deny']), `/${allowed ? 'allow' : 'deny'} -100…`],
        '\n',
      ),
      rows: [],
    }
  await desk.kept.permit(wanted, allowed)
  return say(`${phrases.toasts.done} ${wanted}`)
}

/** An answer to a command that does not exist. */
export function unknownCommandScreen(name: string, reader: Reader): Screen {
  const { unknownCommand, buttons } = phrasesOf(reader.language)
  return {
    message: plain(unknownCommand(echo(`/${name}`))),
    rows: [[{ text: buttons.browse, press: { kind: 'memoranda' } }]],
  }
}
