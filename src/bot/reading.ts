import type { CallbackQuery, Message, Chat as TelegramChat, User } from 'telegraf/types'
import { type Addressed, addressedInPrivate, commandOf, withoutMention } from '../conversation/addressed.ts'
import { knownCommands } from '../conversation/commands.ts'
import type { Chat, Person, Pressed, RepliedTo, Said } from '../conversation/said.ts'

/** What the bot knows of itself. */
export type Self = { readonly id: number; readonly username: string }

/** The fields of a message that this file reads: Telegraf's typings make them alternatives. */
type Fields = {
  readonly text?: string
  readonly caption?: string
  readonly entities?: readonly {
    readonly type: string
    readonly offset: number
    readonly length: number
    readonly user?: User
  }[]
  readonly caption_entities?: Fields['entities']
  readonly is_automatic_forward?: boolean
  readonly is_topic_message?: boolean
  readonly message_thread_id?: number
  readonly edit_date?: number
  readonly forward_origin?: unknown
  readonly forum_topic_created?: unknown
  readonly via_bot?: User
  readonly from?: User
  readonly sender_chat?: { readonly id: number }
  readonly reply_to_message?: Message
  readonly migrate_to_chat_id?: number
  readonly migrate_from_chat_id?: number
  readonly reply_markup?: { readonly inline_keyboard?: readonly (readonly object[])[] }
}
const fieldsOf = (message: Message): Fields => message as Fields

/** Telegram's own accounts that stand for anonymous administrators and for people who write as a channel. */
const standIns: ReadonlySet<number> = new Set([1087968824, 136817688])

/** The words of a message: its text, or the caption of a picture. */
export const wordsOf = (message: Message): string => fieldsOf(message).text ?? fieldsOf(message).caption ?? ''

export const personOf = ({ id, language_code: languageCode }: User): Person => ({
  id,
  ...(languageCode === undefined ? {} : { languageCode }),
})

export const chatOf = (chat: TelegramChat): Chat => ({
  id: chat.id,
  kind: chat.type === 'private' ? 'private' : 'group',
  ...('title' in chat ? { title: chat.title } : {}),
})

const threadOf = (message: Message): { readonly thread?: number } => {
  const { is_topic_message: isInTopic, message_thread_id: thread } = fieldsOf(message)
  return isInTopic === true && thread !== undefined ? { thread } : {}
}

/**
 * What a message of a group asks of the bot; `undefined` when it is not spoken to: it must then stay silent. Spoken to
 * it is by a command, by a reply to its message, by its name in the text. `commands` are those that it knows.
 */
export function inGroup(message: Message, self: Self, commands: ReadonlySet<string>): Addressed | undefined {
  const { from, via_bot: via, reply_to_message: replied, is_automatic_forward: isPost, ...rest } = fieldsOf(message)
  if (isPost === true || via !== undefined) return undefined
  if (from?.is_bot === true && !standIns.has(from.id)) return undefined
  const text = wordsOf(message)
  const read = commandOf(text, self.username)
  if (read === 'for another bot') return undefined
  // A bare command that this bot does not know is another bot's.
  if (read !== undefined) return read.named || commands.has(read.name) ? read : undefined
  const mentioned = withoutMention(text, self.username)
  if (mentioned !== undefined) return { kind: 'question', text: mentioned }
  const named = (rest.entities ?? rest.caption_entities ?? []).find(
    ({ type, user }) => type === 'text_mention' && user?.id === self.id,
  )
  if (named !== undefined)
    return {
      kind: 'question',
      text: `${text.slice(0, named.offset)} ${text.slice(named.offset + named.length)}`.trim(),
    }
  return replied !== undefined && isReplyToUs(replied, self) && text.trim() !== ''
    ? { kind: 'question', text: text.trim() }
    : undefined
}

/** In a topic every message replies to the one that opened it, and what came through the bot is a person's message. */
function isReplyToUs(replied: Message, self: Self): boolean {
  const { from, via_bot: via, forum_topic_created: isOpening } = fieldsOf(replied)
  return from?.id === self.id && via === undefined && isOpening === undefined
}

function repliedToIn(message: Message, self: Self): { readonly repliedTo?: RepliedTo } {
  const { reply_to_message: replied } = fieldsOf(message)
  if (replied === undefined) return {}
  const { from, reply_markup: markup } = fieldsOf(replied)
  const isOurs = from?.id === self.id
  const buttons = (markup?.inline_keyboard ?? [])
    .flat()
    .flatMap((button) => ('callback_data' in button ? [String(button.callback_data)] : []))
  return { repliedTo: { text: wordsOf(replied), isOurs, buttons: isOurs ? buttons : [] } }
}

/** The old and the new id of a group that became a supergroup, where a message tells of it. */
export function migrationIn(message: Message): { readonly from: number; readonly to: number } | undefined {
  const { migrate_to_chat_id: to, migrate_from_chat_id: from } = fieldsOf(message)
  return to === undefined && from === undefined
    ? undefined
    : { from: from ?? message.chat.id, to: to ?? message.chat.id }
}

/** What a message says to the bot; `undefined` where the bot is not spoken to. */
export function readMessage(message: Message, self: Self, isEdit: boolean): Said | undefined {
  const { chat } = message
  if (chat.type === 'channel') return undefined
  const fields = fieldsOf(message)
  // Two bots that answer each other would never end.
  if (fields.from?.is_bot === true && !standIns.has(fields.from.id)) return undefined
  const isPrivate = chat.type === 'private'
  // What a person chose from the bot's own inline results is no question.
  if (isPrivate && (isService(message) || fields.via_bot?.id === self.id)) return undefined
  const addressed = isPrivate
    ? addressedInPrivate(wordsOf(message), self.username)
    : inGroup(message, self, knownCommands)
  const asker = fields.sender_chat?.id ?? fields.from?.id
  if (addressed === undefined || asker === undefined) return undefined
  const { edit_date: edited = 0, from } = fields
  return {
    chat: chatOf(chat),
    message: message.message_id,
    ...threadOf(message),
    ...(from === undefined ? {} : { from: personOf(from) }),
    asker,
    addressed,
    isWordless: wordsOf(message) === '',
    isEdit,
    isForwarded: fields.forward_origin !== undefined,
    at: Math.max(message.date, edited),
    edition: String(edited),
    ...repliedToIn(message, self),
  }
}

/** A press as Telegram tells it. */
export function readPress(query: CallbackQuery, self: Self): Pressed {
  const { id, from, message, inline_message_id: inline } = query
  const data = 'data' in query ? query.data : undefined
  const target =
    inline !== undefined
      ? { inline }
      : message === undefined
        ? undefined
        : { chat: message.chat.id, message: message.message_id }
  return {
    id,
    chat: message === undefined ? { id: from.id, kind: 'private' } : chatOf(message.chat),
    from: personOf(from),
    ...(target === undefined ? {} : { target }),
    ...(message === undefined
      ? {}
      : { message: message.message_id, ...threadOf(message as Message), ...wordsBehind(message as Message, self) }),
    ...(data === undefined ? {} : { data }),
  }
}

/** The question that the bot's message replies to, without the command or name that called the bot. */
function wordsBehind(message: Message, { username }: Self): { readonly repliedTo?: string } {
  const { reply_to_message: replied } = fieldsOf(message)
  if (replied === undefined) return {}
  const words = wordsOf(replied)
  const command = commandOf(words, username)
  if (command !== undefined && command !== 'for another bot') return { repliedTo: command.text }
  return { repliedTo: withoutMention(words, username) ?? words }
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
