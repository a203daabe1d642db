import type { Methods, Update } from './bot-api.ts'

export type MethodName = keyof Methods
export type Payload<Method extends MethodName> = Methods[Method]['takes']
export type Result<Method extends MethodName> = Methods[Method]['gives']

/** An update as it arrives: its kinds are many and grow, so only the number is certain. */
export type IncomingUpdate = Update

export type MethodKind =
  /** Puts a message into a chat; called again, it puts another. */
  | 'send'
  /** Puts a message into a chat by answering what somebody wrote there, once. */
  | 'reply'
  /** Changes a message. */
  | 'edit'
  /** Removes a message. */
  | 'delete'
  /** Shows for some seconds that the bot is at work. */
  | 'sign'
  /** Answers a query that waits for it, and vanishes with it. */
  | 'answer'
  /** Changes nothing. */
  | 'read'
  /** Brings about a state of the bot itself, the same however often it is called. */
  | 'set'

/** What each method is: what it costs, whether it may be repeated, and what a refusal means follow from this alone. */
const kinds: Readonly<Record<MethodName, MethodKind>> = {
  getUpdates: 'read',
  setWebhook: 'set',
  deleteWebhook: 'set',
  getWebhookInfo: 'read',
  getMe: 'read',
  sendMessage: 'send',
  sendRichMessage: 'send',
  sendDocument: 'send',
  sendChatAction: 'sign',
  editMessageText: 'edit',
  editMessageReplyMarkup: 'edit',
  deleteMessage: 'delete',
  answerCallbackQuery: 'answer',
  answerInlineQuery: 'answer',
  answerGuestQuery: 'reply',
  getFile: 'read',
  getChat: 'read',
  getChatMember: 'read',
  leaveChat: 'set',
  setMyCommands: 'set',
  deleteMyCommands: 'set',
  setMyDescription: 'set',
  setMyShortDescription: 'set',
}

export const isMethod = (name: string): name is MethodName => Object.hasOwn(kinds, name)

/** A download counts as reading. */
export const kindOf = (method: MethodName | 'download'): MethodKind => (method === 'download' ? 'read' : kinds[method])

/** Whether a call puts a message into a chat: "once" matters for these only. */
export const givesMessage = (method: MethodName | 'download'): boolean =>
  kindOf(method) === 'send' || kindOf(method) === 'reply'
