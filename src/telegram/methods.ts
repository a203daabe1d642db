import type { Message, Opts, Telegram as TelegrafMethods } from 'telegraf/types'

/** An update as it arrives: kinds newer than Telegraf's typings are among them, so only the number is certain. */
export interface IncomingUpdate {
  readonly update_id: number
}

/** Formatted with HTML or Markdown; exactly one of the two. */
export interface InputRichMessage {
  readonly html?: string
  readonly markdown?: string
  readonly is_rtl?: boolean
  readonly skip_entity_detection?: boolean
}

interface SendRichMessage
  extends Omit<Opts<'sendMessage'>, 'text' | 'parse_mode' | 'entities' | 'link_preview_options'> {
  readonly rich_message: InputRichMessage
}

/** What Telegraf's typings (Bot API 7.1) lack or have too narrow. */
interface NewerMethods {
  getUpdates(payload: {
    readonly offset?: number
    readonly limit?: number
    readonly timeout?: number
    readonly allowed_updates?: readonly string[]
  }): readonly IncomingUpdate[]
  sendRichMessage(payload: SendRichMessage): Message
  answerGuestQuery(payload: {
    readonly guest_query_id: string
    readonly result: Opts<'answerInlineQuery'>['results'][number]
  }): { readonly inline_message_id: string }
}

type Methods = Omit<TelegrafMethods, keyof NewerMethods> & NewerMethods

export type MethodName = keyof Methods
export type Payload<Method extends MethodName> = Method extends keyof NewerMethods
  ? Parameters<NewerMethods[Method]>[0]
  : Method extends keyof TelegrafMethods
    ? Opts<Method>
    : never
export type Result<Method extends MethodName> = ReturnType<Methods[Method]>
