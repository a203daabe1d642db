import type { Message } from 'telegraf/types'
import { phrasesOf } from '../phrases/bot.ts'
import { isServed, notServedScreen } from './access.ts'
import { type Addressed, askerOf, inGroup, inPrivate, withoutMention, wordsOf } from './addressed.ts'
import { type Given, isCommand, knownCommands, obey, unknownCommandScreen } from './commands.ts'
import { type Desk, readerIn } from './desk.ts'
import type { Place } from './outbox.ts'
import { answerQuestion } from './questions.ts'
import { plain } from './styled.ts'

type Fields = Message & {
  readonly is_topic_message?: boolean
  readonly message_thread_id?: number
  readonly reply_to_message?: Message
  readonly forward_origin?: unknown
  readonly migrate_to_chat_id?: number
}

/** Answers a message where it was written. Resolves with a word for the log; `undefined` where the bot was not spoken to. */
export async function onMessage(desk: Desk, given: Message, isEdit: boolean): Promise<string | undefined> {
  const message = given as Fields
  const { chat } = message
  if (message.migrate_to_chat_id !== undefined) {
    await desk.kept.migrate(chat.id, message.migrate_to_chat_id)
    return 'migrated'
  }
  if (chat.type === 'channel') return undefined
  const isPrivate = chat.type === 'private'
  if (isPrivate && isService(message)) return undefined
  const addressed = isPrivate ? inPrivate(message, desk.me.username) : inGroup(message, desk.me, knownCommands)
  const asker = askerOf(message)
  if (addressed === undefined || asker === undefined) return undefined

  const reader = await readerIn(desk, chat, message.from, asker)
  const place: Place = {
    chat: chat.id,
    ...(message.is_topic_message === true && message.message_thread_id !== undefined ? { thread: message.message_thread_id } : {}),
    ...(isPrivate ? {} : { replyTo: message.message_id }),
  }
  if (!isPrivate && !(await isServed(desk, chat.id)) && !isAboutAccess(addressed)) {
    // In a group without permission one answer says how to get it.
    await desk.outbox.send(place, notServedScreen(desk, chat.id, reader))
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
  }
  if (addressed.kind === 'command') {
    if (isCommand(addressed.name)) return obey(addressed.name, command)
    await desk.outbox.send(place, unknownCommandScreen(addressed.name, reader))
    return 'unknown command'
  }
  // @bot in reply to somebody's words asks about those words.
  const query = addressed.text === '' ? (command.repliedTo ?? '') : addressed.text
  if (query === '') {
    const phrases = phrasesOf(reader.language)
    await desk.outbox.send(place, { message: plain(isPrivate ? phrases.notText : phrases.askWhat(desk.me.username)), rows: [] })
    return 'no text'
  }
  return answerQuestion(desk, { place, message: message.message_id, person: asker, query, reader, isForwarded: message.forward_origin !== undefined, isEdit })
}

const isAboutAccess = (addressed: Addressed): boolean => addressed.kind === 'command' && (addressed.name === 'id' || addressed.name === 'allow' || addressed.name === 'deny')

/** Words of the message replied to, unless the bot wrote it. */
function repliedTo({ reply_to_message: replied }: Fields, desk: Desk): { readonly repliedTo?: string } {
  if (replied === undefined || replied.from?.id === desk.me.id) return {}
  const words = wordsOf(replied)
  const text = (withoutMention(words, desk.me.username) ?? words).trim()
  return text === '' ? {} : { repliedTo: text }
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
