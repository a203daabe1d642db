import type { Desk } from '../conversation/desk.ts'
import type { User } from '../telegram/bot-api.ts'
import type { Gateway } from '../telegram/gateway.ts'
import type { RichMessages } from '../telegram/rich-messages.ts'
import type { BotEvent } from './log.ts'
import type { Self } from './reading.ts'

/** The conversation's desk, and the lines to Telegram that the surfaces need beside it. */
export type Switchboard = {
  readonly desk: Desk
  readonly gateway: Gateway
  /** What Telegram says of the bot. */
  readonly me: User
  readonly self: Self
  readonly rich: RichMessages
  readonly log: (event: BotEvent) => void
  /** Tells chats apart in the log. */
  readonly hash: (id: number) => string
}
