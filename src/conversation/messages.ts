import type { Message } from 'telegraf/types'
import { type Addressed, askerOf, inGroup, inPrivate, withoutMention, wordsOf } from '../bot/addressed.ts'
import { phrasesOf } from '../phrases/bot.ts'
import type { Reader } from '../screens/reader.ts'
import { plain } from '../screens/styled.ts'
import { readButton } from '../screens/views.ts'
import { isServed, notServedScreen } from './access.ts'
import { type Given, isCommand, knownCommands, leaning, obey, unknownCommandScreen } from './commands.ts'
import { type Desk, readerIn } from './desk.ts'
import type { Place } from './outbox.ts'
import { answerQuestion } from './questions.ts'

/** How long the pictures of one album take to arrive. Milliseconds. */
const albumMs = 60_000

type Fields = Message & {
  readonly is_topic_message?: boolean
  readonly message_thread_id?: number
  readonly reply_to_message?: Message
  readonly forward_origin?: unknown
  readonly migrate_to_chat_id?: number
  readonly migrate_from_chat_id?: number
}

/**
 * Answers a message where it was written. Resolves with a word for the log; `undefined` where the bot was not spoken
 * to.
 */
export async function onMessage(desk: Desk, given: Message, isEdit: boolean): Promise<string | undefined> {
  const message = given as Fields
  const { chat } = message
  // Both chats are told of it; one of the two messages is enough.
  if (message.migrate_to_chat_id !== undefined || message.migrate_from_chat_id !== undefined) {
    await desk.kept.migrate(message.migrate_from_chat_id ?? chat.id, message.migrate_to_chat_id ?? chat.id)
    return 'migrated'
  }
  if (chat.type === 'channel') return undefined
  const isPrivate = chat.type === 'private'
  // What a person chose from the bot's own inline results is no question.
  if (isPrivate && (isService(message) || ('via_bot' in message && message.via_bot?.id === desk.me.id)))
    return undefined
  const addressed = isPrivate ? inPrivate(message, desk.me.username) : inGroup(message, desk.me, knownCommands)
  const asker = askerOf(message)
  if (addressed === undefined || asker === undefined) return undefined

  // Whoever writes as a channel presses buttons as a person whom nobody can recognise: such buttons are everybody's.
  const isChannel = asker < 0 && asker !== chat.id
  const { asker: _, ...everybody } = await readerIn(desk, chat, message.from, asker)
  const reader: Reader = isChannel || isPrivate ? everybody : { ...everybody, asker }
  const place: Place = {
    chat: chat.id,
    ...(message.is_topic_message === true && message.message_thread_id !== undefined
      ? { thread: message.message_thread_id }
      : {}),
    ...(isPrivate ? {} : { replyTo: message.message_id }),
  }
  // Administrators may keep the bot to one topic; elsewhere it is silent, except about the settings themselves.
  const { thread: onlyThread } = isPrivate ? {} : await desk.kept.chatSettings(chat.id)
  if (
    onlyThread !== undefined &&
    place.thread !== onlyThread &&
    !(addressed.kind === 'command' && addressed.name === 'settings')
  )
    return 'not in this topic'
  if (!isPrivate && !isAboutAccess(addressed)) {
    const { edit_date: edited = 0 } = message as { readonly edit_date?: number }
    const pace = desk.pace(
      chat.id,
      asker,
      `${message.message_id}:${edited}`,
      Math.min(desk.now(), 1000 * Math.max(message.date, edited)),
    )
    if (pace === 'first')
      await desk.outbox.send(place, { message: plain(phrasesOf(reader.language).tooFast), rows: [] })
    if (pace !== 'good') return 'too fast'
  }
  if (!isPrivate && !(await isServed(desk, chat.id)) && !isAboutAccess(addressed)) {
    // In a group without permission one answer says how to get it.
    await desk.outbox.send(place, notServedScreen(desk, chat.id, reader))
    if (desk.groups.kind === 'listed' && desk.groups.leave) await desk.gateway.call('leaveChat', { chat_id: chat.id })
    return 'not served'
  }
  const command: Given = {
    desk,
    reader,
    place,
    chat,
    message: message.message_id,
    person: asker,
    ...(asker === message.from?.id ? {} : { asChat: asker }),
    text: addressed.text,
    isEdit,
    ...repliedTo(message, desk),
    ...(await leaningOn(message, desk)),
  }
  if (addressed.kind === 'command') {
    if (isCommand(addressed.name)) return obey(addressed.name, command)
    await desk.outbox.send(place, unknownCommandScreen(addressed.name, reader))
    return 'unknown command'
  }
  // @bot in reply to somebody's words asks about those words.
  const query = addressed.text === '' ? (command.repliedTo ?? '') : addressed.text
  if (query === '') {
    // A live location is edited every few seconds, and an album is many messages: one answer is enough.
    const album = 'media_group_id' in message ? message.media_group_id : undefined
    if (isEdit || (album !== undefined && !(await desk.kept.isFirst(`album:${chat.id}:${album}`, albumMs))))
      return 'no text'
    const phrases = phrasesOf(reader.language)
    await desk.outbox.send(place, {
      message: plain(isPrivate ? phrases.notText : phrases.askWhat(desk.me.username)),
      rows: [],
    })
    return 'no text'
  }
  return answerQuestion(desk, {
    place,
    message: message.message_id,
    person: asker,
    query,
    reader,
    isForwarded: message.forward_origin !== undefined,
    isEdit,
    ...leaning(command),
  })
}

const isAboutAccess = (addressed: Addressed): boolean =>
  addressed.kind === 'command' && (addressed.name === 'id' || addressed.name === 'allow' || addressed.name === 'deny')

/** Words of the message replied to, unless the bot wrote it. */
function repliedTo({ reply_to_message: replied }: Fields, desk: Desk): { readonly repliedTo?: string } {
  if (replied === undefined || replied.from?.id === desk.me.id) return {}
  const words = wordsOf(replied)
  const text = (withoutMention(words, desk.me.username) ?? words).trim()
  return text === '' ? {} : { repliedTo: text }
}

/**
 * The questions behind a message of the bot, read from its own buttons: a reply to it asks on from there, whoever
 * replies. Without such buttons the person's own latest questions count.
 */
async function leaningOn(
  { reply_to_message: replied }: Fields,
  desk: Desk,
): Promise<{ readonly leansOn?: readonly string[] }> {
  if (replied === undefined || replied.from?.id !== desk.me.id || !('reply_markup' in replied)) return {}
  for (const button of replied.reply_markup?.inline_keyboard.flat() ?? []) {
    const read = 'callback_data' in button ? readButton(button.callback_data) : undefined
    if (read === undefined) continue
    const key = 'key' in read.press ? read.press.key : 'back' in read.press ? read.press.back : undefined
    const asked = key === undefined ? undefined : await desk.kept.question(read.asker ?? replied.chat.id, key)
    if (asked !== undefined) return { leansOn: [...asked.context, asked.query] }
  }
  return {}
}

const serviceFields = [
  'pinned_message',
  'new_chat_members',
  'left_chat_member',
  'message_auto_delete_timer_changed',
  'write_access_allowed',
  'users_shared',
  'chat_shared',
  'forum_topic_created',
]
/** Telegram's own notes in a chat: nobody wrote them. */
const isService = (message: Message): boolean => serviceFields.some((field) => field in message)
