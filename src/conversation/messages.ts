import { phrasesOf } from '../phrases/bot.ts'
import type { Reader } from '../screens/reader.ts'
import { plain } from '../screens/styled.ts'
import { readButton } from '../screens/views.ts'
import { isServed, notServedScreen } from './access.ts'
import { type Addressed, withoutMention } from './addressed.ts'
import { type Given, isCommand, leaning, obey, unknownCommandScreen } from './commands.ts'
import { type Desk, readerIn } from './desk.ts'
import type { Destination } from './outbox.ts'
import { answerQuestion } from './questions.ts'
import type { Said } from './said.ts'

/** What comes without words within this time of the last answer to such is not answered again. Milliseconds. */
const wordlessMs = 60_000

/** Answers what was said where it was said. Resolves with a word for the log. */
export async function onSaid(desk: Desk, said: Said): Promise<string> {
  const { chat, asker, addressed, isEdit } = said
  const isPrivate = chat.kind === 'private'
  // Whoever writes as a channel presses buttons as a person whom nobody can recognise: such buttons are everybody's.
  const isChannel = asker < 0 && asker !== chat.id
  const { asker: _, ...everybody } = await readerIn(desk, chat, said.from, asker)
  const reader: Reader = isChannel || isPrivate ? everybody : { ...everybody, asker }
  const destination: Destination = {
    chat: chat.id,
    ...(said.thread === undefined ? {} : { thread: said.thread }),
    ...(isPrivate ? {} : { replyTo: said.message }),
  }
  // Administrators may keep the bot to one topic; elsewhere it is silent, except about the settings themselves.
  const { thread: onlyThread } = isPrivate ? {} : await desk.kept.chatSettings(chat.id)
  if (onlyThread !== undefined && said.thread !== onlyThread && !isCalled(addressed, 'settings'))
    return 'not in this topic'
  if (!isPrivate) {
    const pace = desk.pace(chat.id, asker, `${said.message}:${said.edition}`, 1000 * said.at)
    if (pace === 'first')
      await desk.outbox.send(destination, { message: plain(phrasesOf(reader.language).tooFast), rows: [] })
    if (pace !== 'good') return 'too fast'
  }
  if (!isPrivate && !(await isServed(desk, chat.id)) && !isAboutAccess(addressed)) {
    // In a group without permission one answer says how to get it.
    await desk.outbox.send(destination, notServedScreen(desk, chat.id, reader))
    if (desk.groups.kind === 'listed' && desk.groups.leave) await desk.outbox.leave(chat.id)
    return 'not served'
  }
  const given: Given = {
    desk,
    reader,
    destination,
    chat,
    message: said.message,
    person: asker,
    ...(asker === said.from?.id ? {} : { asChat: asker }),
    text: addressed.text,
    isEdit,
    ...wordsRepliedTo(said, desk),
    ...(await leaningOn(said, desk)),
  }
  if (addressed.kind === 'command') {
    if (isCommand(addressed.name)) return obey(addressed.name, given)
    await desk.outbox.send(destination, unknownCommandScreen(addressed.name, reader))
    return 'unknown command'
  }
  // @bot in reply to somebody's words asks about those words.
  const query = addressed.text === '' ? (given.repliedTo ?? '') : addressed.text
  if (query === '') {
    // A live location is edited every few seconds, an album is many messages, and stickers come in rows: one answer is
    // enough, and nothing that is asked after them waits for more.
    const isRepeated = said.isWordless && !(await desk.kept.isFirst(`no text:${chat.id}:${asker}`, wordlessMs))
    if (isEdit || isRepeated) return 'no text'
    const phrases = phrasesOf(reader.language)
    const words = isPrivate ? phrases.notText : phrases.askWhat(desk.sources.username)
    await desk.outbox.send(destination, { message: plain(words), rows: [] })
    return 'no text'
  }
  return answerQuestion(desk, {
    destination,
    message: said.message,
    person: asker,
    query,
    reader,
    isForwarded: said.isForwarded,
    isEdit,
    ...leaning(given),
  })
}

const isCalled = (addressed: Addressed, ...names: readonly string[]): boolean =>
  addressed.kind === 'command' && names.includes(addressed.name)

const isAboutAccess = (addressed: Addressed): boolean => isCalled(addressed, 'id', 'allow', 'deny')

/** Words of the message replied to, unless the bot wrote it. */
function wordsRepliedTo({ repliedTo }: Said, { sources }: Desk): { readonly repliedTo?: string } {
  if (repliedTo === undefined || repliedTo.isOurs) return {}
  const text = (withoutMention(repliedTo.text, sources.username) ?? repliedTo.text).trim()
  return text === '' ? {} : { repliedTo: text }
}

/**
 * The questions behind a message of the bot, read from its own buttons: a reply to it asks on from there, whoever
 * replies. Without such buttons the person's own latest questions count.
 */
async function leaningOn({ repliedTo, chat }: Said, { kept }: Desk): Promise<{ readonly leansOn?: readonly string[] }> {
  if (repliedTo === undefined || !repliedTo.isOurs) return {}
  for (const data of repliedTo.buttons) {
    const read = readButton(data)
    if (read === undefined) continue
    const key = 'key' in read.press ? read.press.key : 'back' in read.press ? read.press.back : undefined
    const question = key === undefined ? undefined : await kept.question(read.asker ?? chat.id, key)
    if (question !== undefined) return { leansOn: [...question.context, question.query] }
  }
  return {}
}
