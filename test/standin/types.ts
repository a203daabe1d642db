/**
 * The objects of the Bot API that tests read, named as Telegram names them. `bot-api.json` holds the complete shapes.
 */

export interface User {
  readonly id: number
  readonly is_bot: boolean
  readonly first_name: string
  readonly last_name?: string
  readonly username?: string
  readonly language_code?: string
}

export type ChatType = 'private' | 'group' | 'supergroup' | 'channel'

export interface Chat {
  readonly id: number
  readonly type: ChatType
  readonly title?: string
  readonly username?: string
  readonly first_name?: string
  readonly last_name?: string
  readonly is_forum?: boolean
}

/** `offset` and `length` count UTF-16 code units. */
export interface Entity {
  readonly type: string
  readonly offset: number
  readonly length: number
  readonly url?: string
  readonly user?: User
  readonly language?: string
  readonly custom_emoji_id?: string
}

export interface Button {
  readonly text: string
  readonly callback_data?: string
  readonly url?: string
  readonly switch_inline_query?: string
  readonly switch_inline_query_current_chat?: string
  readonly switch_inline_query_chosen_chat?: Readonly<Record<string, unknown>>
  readonly copy_text?: { readonly text: string }
}

export interface InlineKeyboard {
  readonly inline_keyboard: readonly (readonly Button[])[]
}

export interface Document {
  readonly file_id: string
  readonly file_unique_id: string
  readonly file_name?: string
  readonly mime_type?: string
  readonly file_size?: number
}

export interface Message {
  readonly message_id: number
  readonly date: number
  readonly chat: Chat
  readonly from?: User
  readonly text?: string
  readonly entities?: readonly Entity[]
  readonly caption?: string
  readonly caption_entities?: readonly Entity[]
  readonly document?: Document
  readonly rich_message?: { readonly blocks: readonly unknown[]; readonly is_rtl?: boolean }
  readonly reply_markup?: InlineKeyboard
  readonly reply_to_message?: Message
  readonly quote?: { readonly text: string; readonly position: number; readonly is_manual?: boolean }
  readonly link_preview_options?: Readonly<Record<string, unknown>>
  readonly message_thread_id?: number
  readonly is_topic_message?: boolean
  readonly via_bot?: User
  readonly edit_date?: number
  readonly forward_origin?: Readonly<Record<string, unknown>>
  readonly guest_query_id?: string
  readonly guest_bot_caller_user?: User
  readonly new_chat_members?: readonly User[]
  readonly left_chat_member?: User
  readonly migrate_to_chat_id?: number
  readonly migrate_from_chat_id?: number
  readonly forum_topic_created?: { readonly name: string; readonly icon_color: number }
}

export type MemberStatus = 'creator' | 'administrator' | 'member' | 'restricted' | 'left' | 'kicked'

export interface Update {
  readonly update_id: number
  readonly [kind: string]: unknown
}

export interface Upload {
  readonly field: string
  readonly name: string
  readonly type: string
  readonly bytes: Uint8Array
}

export type Params = Readonly<Record<string, unknown>>

/**
 * What became of a call. `effect` tells whether the method was carried out although the caller got no proper answer.
 */
export type Outcome =
  | { readonly kind: 'pending' }
  | { readonly kind: 'answered'; readonly result: unknown }
  | { readonly kind: 'refused'; readonly code: number; readonly description: string }
  | { readonly kind: 'fault'; readonly fault: string; readonly effect: boolean }
  | { readonly kind: 'abandoned' }

/**
 * One request of the bot, as it arrived: also the refused ones and the ones that met a fault. `at` is milliseconds of
 * the stand-in's clock.
 */
export interface Call {
  readonly method: string
  readonly params: Params
  readonly files: readonly Upload[]
  readonly at: number
  outcome: Outcome
}

/** A message as a person receives it, with the call that made or last edited it. */
export type Received = Message & { readonly call: Call }
