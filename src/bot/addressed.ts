import type { Message, User } from 'telegraf/types'

/** What a message asks of the bot. */
export type Addressed =
  | {
      readonly kind: 'command'
      readonly name: string
      readonly text: string /** True when it names this bot. */
      readonly named: boolean
    }
  | { readonly kind: 'question'; readonly text: string }

/** The fields of a message that this file reads: Telegraf's typings make them alternatives. */
type Spoken = {
  readonly text?: string
  readonly caption?: string
  readonly entities?: readonly {
    readonly type: string
    readonly offset: number
    readonly length: number
    readonly user?: User
  }[]
  readonly caption_entities?: Spoken['entities']
  readonly reply_to_message?: { readonly from?: User; readonly via_bot?: User; readonly forum_topic_created?: unknown }
  readonly is_automatic_forward?: boolean
  readonly via_bot?: User
  readonly from?: User
  readonly sender_chat?: { readonly id: number }
}

/** Telegram's own accounts that stand for anonymous administrators and for people who write as a channel. */
const standIns: ReadonlySet<number> = new Set([1087968824, 136817688])

/*
 * Telegram marks a command or mention only where no letter touches it, and Chinese characters are letters: /ask滬港,
 * 請問@bot and @bot滬港 carry no entity at all. So the text itself is read.
 */
const command = /^\s*\/(?<name>[A-Za-z0-9_]{1,32})(?:@(?<bot>[A-Za-z0-9_]{3,32}))?(?<rest>[\s\S]*)$/u // /ask@memoranda_bot 四川青年

/** The words of a message: its text, or the caption of a picture. */
export const wordsOf = (message: Message): string => (message as Spoken).text ?? (message as Spoken).caption ?? ''

/** A command with what follows it; `undefined` for anything else, and for a command that names another bot. */
export function commandOf(
  text: string,
  username: string,
): Extract<Addressed, { kind: 'command' }> | 'for another bot' | undefined {
  const { name, bot, rest = '' } = command.exec(text)?.groups ?? {}
  if (name === undefined) return undefined
  // /a/b and /root: a path is no command.
  if (/^[/.]/u.test(rest)) return undefined
  if (bot !== undefined && bot.toLowerCase() !== username.toLowerCase()) return 'for another bot'
  return { kind: 'command', name: name.toLowerCase(), text: rest.trim(), named: bot !== undefined }
}

/** The text without the bot's @name; `undefined` when it does not stand there. */
export function withoutMention(text: string, username: string): string | undefined {
  const mention = new RegExp(`(?<![A-Za-z0-9_/.])@${username}(?![A-Za-z0-9_])`, 'giu')
  return mention.test(text) ? text.replace(mention, ' ').replace(/\s+/gu, ' ').trim() : undefined
}

/** What a message of a private chat asks: everything there is meant for the bot. */
export function inPrivate(message: Message, username: string): Addressed {
  const text = wordsOf(message)
  const read = commandOf(text, username)
  if (read === 'for another bot') return { kind: 'question', text: '' }
  return read ?? { kind: 'question', text: (withoutMention(text, username) ?? text).trim() }
}

/**
 * What a message of a group asks of the bot; `undefined` when it is not spoken to: it must then stay silent.
 * Spoken to it is by a command, by a reply to its message, by its name in the text. `commands` are those that it knows.
 */
export function inGroup(
  message: Message,
  bot: Pick<User, 'id' | 'username'>,
  commands: ReadonlySet<string>,
): Addressed | undefined {
  const { from, via_bot: via, reply_to_message: replied, is_automatic_forward: isPost, ...rest } = message as Spoken
  if (isPost === true || via !== undefined) return undefined
  if (from?.is_bot === true && !standIns.has(from.id)) return undefined
  const username = bot.username ?? ''
  const text = wordsOf(message)
  const read = commandOf(text, username)
  if (read === 'for another bot') return undefined
  // A bare command that this bot does not know is another bot's.
  if (read !== undefined) return read.named || commands.has(read.name) ? read : undefined
  const mentioned = withoutMention(text, username)
  if (mentioned !== undefined) return { kind: 'question', text: mentioned }
  const named = (rest.entities ?? rest.caption_entities ?? []).find(
    ({ type, user }) => type === 'text_mention' && user?.id === bot.id,
  )
  if (named !== undefined)
    return {
      kind: 'question',
      text: `${text.slice(0, named.offset)} ${text.slice(named.offset + named.length)}`.trim(),
    }
  // In a topic every message replies to the one that opened it.
  const isReply =
    replied?.from?.id === bot.id && replied.via_bot === undefined && replied.forum_topic_created === undefined
  return isReply && text.trim() !== '' ? { kind: 'question', text: text.trim() } : undefined
}

/** Who asks: a person, or a chat that somebody writes as (an anonymous administrator, a channel). */
export function askerOf(message: Message): number | undefined {
  const { from, sender_chat: chat } = message as Spoken
  return chat?.id ?? from?.id
}
