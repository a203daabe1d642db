import { createHmac, randomBytes } from 'node:crypto'
import type { Frame } from '../model/frames.ts'

/** Why a chat takes no message. */
export type UnwantedReason = 'blocked' | 'chat not found' | 'no right' | 'topic closed'

/** What the bot says of its work: names, kinds and milliseconds, people and chats as `IdHash` only, never a text. */
export type BotEvent =
  | {
      readonly event: 'handled'
      readonly update: string
      readonly what: string
      readonly chat: string | undefined
      readonly ms: number
    }
  | {
      readonly event: 'handling failed'
      readonly update: string
      readonly chat: string | undefined
      readonly error: string
      /** Where a fault of the program arose; what Telegram, the store or another replica did has none. */
      readonly frames?: readonly Frame[]
      readonly ms: number
    }
  | { readonly event: 'unwanted'; readonly chat: string | undefined; readonly reason: UnwantedReason }
  | { readonly event: 'membership'; readonly chat: string; readonly status: string }
  | { readonly event: 'started'; readonly username: string }
  | { readonly event: 'menu failed'; readonly error: string }
  | { readonly event: 'stopped' }

/** Tells chats apart in a log without telling which they are; changes with every start. */
export function createIdHash(secret: Uint8Array = randomBytes(16)): (id: number) => string {
  return (id) => createHmac('sha256', secret).update(String(id)).digest('hex').slice(0, 10)
}
