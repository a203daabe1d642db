import { Mailbox } from './mailbox.ts'
import { forbidden, Refused, wrongState } from './refused.ts'
import type { Call, Chat, MemberStatus, Message, Received, User } from './types.ts'

export interface Membership {
  readonly user: User
  readonly status: MemberStatus
}

/** Why the bot cannot reach a chat; `open` when it can. */
export type Reach = 'open' | 'never started' | 'blocked' | 'kicked' | 'not a member'

/**
 * One chat with everything in it. Message ids begin at 1 in every chat, so that a bot which forgets the chat is found
 * out.
 */
export class Room {
  chat: Chat
  reach: Reach
  migratedTo: number | undefined
  /** The bot that spoke last: Telegram gives it the commands that name no bot. */
  lastBot: number | undefined
  readonly messages = new Map<number, Message>()
  readonly members = new Map<number, Membership>()
  /** Thread id to title. */
  readonly topics = new Map<number, string>()
  readonly actions: { readonly action: string; readonly threadId: number | undefined; readonly at: number }[] = []
  readonly deleted: number[] = []
  readonly sent = new Mailbox<Received>()
  readonly edited = new Mailbox<Received>()
  #nextId = 1

  constructor(chat: Chat, reach: Reach) {
    this.chat = chat
    this.reach = reach
  }

  add(fields: Omit<Message, 'message_id' | 'chat'>): Message {
    const message: Message = { message_id: this.#nextId, chat: this.chat, ...fields }
    this.#nextId += 1
    this.messages.set(message.message_id, message)
    return message
  }

  /** Adds what the bot sent, for tests to receive. */
  addSent(fields: Omit<Message, 'message_id' | 'chat'>, call: Call): Message {
    const message = this.add(fields)
    this.lastBot = fields.from?.id
    this.sent.put({ ...message, call })
    return message
  }

  replace(message: Message, call: Call): void {
    this.messages.set(message.message_id, message)
    this.edited.put({ ...message, call })
  }

  statusOf(user: number): MemberStatus {
    return this.members.get(user)?.status ?? 'left'
  }

  /** Throws Refused as Telegram does for a chat that the bot cannot write to. */
  checkReach(): void {
    const kind =
      this.chat.type === 'supergroup' ? 'supergroup chat' : this.chat.type === 'channel' ? 'channel chat' : 'group chat'
    if (this.migratedTo !== undefined) {
      throw new Refused('state', 400, 'Bad Request: group chat was upgraded to a supergroup chat', {
        migrate_to_chat_id: this.migratedTo,
      })
    }
    switch (this.reach) {
      case 'open':
        return
      case 'never started':
        throw forbidden("bot can't initiate conversation with a user")
      case 'blocked':
        throw forbidden('bot was blocked by the user')
      case 'kicked':
        throw forbidden(`bot was kicked from the ${kind}`)
      case 'not a member':
        throw forbidden(`bot is not a member of the ${kind}`)
    }
  }

  /** The message, or Telegram's refusal in the given words. */
  message(id: number, otherwise: string): Message {
    const message = this.messages.get(id)
    if (message === undefined) throw wrongState(otherwise)
    return message
  }
}
