import type { Addressed } from './addressed.ts'

/** Where people talk. */
export type Chat = {
  readonly id: number
  /** `private`: one person and the bot. */
  readonly kind: 'private' | 'group'
  readonly title?: string
}

export type Person = {
  readonly id: number
  /** Of the person's Telegram, as it names languages: `zh-hant`, `en`. */
  readonly languageCode?: string
}

/** What somebody wrote that is meant for the bot. */
export type Said = {
  readonly chat: Chat
  /** Number of the message in its chat. */
  readonly message: number
  /** The topic of a forum. */
  readonly thread?: number
  /** Who wrote it, as far as the surface tells. */
  readonly from?: Person
  /** Who asks: a person, or a chat that somebody writes as (an anonymous administrator, a channel). */
  readonly asker: number
  readonly addressed: Addressed
  /** Nothing in it can be read: a sticker, a picture without a caption, a place. */
  readonly isWordless: boolean
  /** The text of an earlier message was changed. */
  readonly isEdit: boolean
  /** The words are somebody else's. */
  readonly isForwarded: boolean
  /** When these words were written. Unix time, seconds; 0 where nobody counts. */
  readonly at: number
  /** Tells the editions of one message apart. */
  readonly edition: string
  readonly repliedTo?: RepliedTo
}

/** The message that another one replies to. */
export type RepliedTo = {
  readonly text: string
  /** The bot wrote it. */
  readonly isOurs: boolean
  /** What its buttons carry, row by row, for messages of the bot. */
  readonly buttons: readonly string[]
}

/** A message of the bot that can be changed. */
export type Target = { readonly chat: number; readonly message: number } | { readonly inline: string }

/** A button that somebody pressed under a message of the bot. */
export type Pressed = {
  /** What names the press, for its toast. */
  readonly id: string
  /** Where the message stands; the person's own chat where the surface does not tell. */
  readonly chat: Chat
  readonly thread?: number
  readonly from: Person
  /** Missing where the message cannot be changed any more. */
  readonly target?: Target
  /** Number of the message in its chat, for messages that are in one. */
  readonly message?: number
  /** What the button carries. */
  readonly data?: string
  /** Words of the message that the bot's message replies to. */
  readonly repliedTo?: string
}
