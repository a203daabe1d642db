import { Mailbox } from './mailbox.ts'
import { overLimit, wrongState } from './refused.ts'
import type { Room } from './room.ts'
import type { Call, Message, Params, User } from './types.ts'
import type { Updates } from './updates.ts'
import type { WebhookSender } from './webhook.ts'

/** A question to the bot that takes one answer, before its deadline. `at` in milliseconds of the stand-in's clock. */
export interface Query {
  readonly at: number
  readonly from: User
  readonly answers: Mailbox<Call>
  readonly room: Room | undefined
  answered: boolean
}

export const newQuery = (at: number, from: User, room?: Room): Query => ({
  at,
  from,
  room,
  answers: new Mailbox(),
  answered: false,
})

/** What the bot says about itself in getMe. */
export interface BotUser extends User {
  readonly username: string
  readonly can_join_groups: boolean
  readonly can_read_all_group_messages: boolean
  readonly supports_inline_queries: boolean
  readonly supports_guest_queries?: boolean
}

/** What an older server lacks. */
export interface Features {
  richMessages: boolean
  guestQueries: boolean
}

/** How long a query may be answered. Milliseconds. */
export interface Deadlines {
  readonly callbackMs: number
  readonly inlineMs: number
  readonly guestMs: number
}

export interface StoredFile {
  readonly file_id: string
  readonly file_unique_id: string
  readonly name: string
  readonly type: string
  readonly bytes: Uint8Array
}

/** Everything that Telegram would know. */
export interface World {
  bot: BotUser
  readonly features: Features
  readonly deadlines: Deadlines
  /** Largest file that the bot may send, in bytes; Telegram's is 50 MB. */
  readonly maxUploadBytes: number
  /** Largest file that getFile gives, in bytes; Telegram's is 20 MB. */
  readonly maxDownloadBytes: number
  readonly now: () => number
  readonly rooms: Map<number, Room>
  readonly people: Map<number, User>
  readonly updates: Updates
  webhook: WebhookSender | undefined
  readonly openWebhook: (params: Params) => WebhookSender
  readonly callbackQueries: Map<string, Query>
  readonly inlineQueries: Map<string, Query>
  readonly guestQueries: Map<string, Query>
  /** Messages sent in inline mode, with the chat they stand in. */
  readonly inlineMessages: Map<string, { readonly room: Room; readonly messageId: number }>
  readonly files: Map<string, StoredFile>
  /** Scope and language to commands. */
  readonly commands: Map<string, readonly Params[]>
  /** Description, short description and name of the bot by field and language. */
  readonly texts: Map<string, string>
  readonly newId: (kind: string) => string
}

export const unixTime = (world: World): number => Math.floor(world.now() / 1000)

/** The chat that `chat_id` names, by number or @username. Throws Refused. */
export function roomOf(world: World, chatId: unknown): Room {
  const id = typeof chatId === 'string' && /^-?\d+$/u.test(chatId) ? Number(chatId) : chatId
  const room =
    typeof id === 'number'
      ? world.rooms.get(id)
      : [...world.rooms.values()].find(({ chat }) => chat.type !== 'private' && `@${chat.username}` === id)
  if (room === undefined) throw wrongState('chat not found')
  return room
}

/** Marks a query as answered. Throws Refused when it is unknown, answered before, or too old. */
export function answerQuery(
  queries: ReadonlyMap<string, Query>,
  id: unknown,
  deadlineMs: number,
  world: World,
  call: Call,
): Query {
  const query = queries.get(String(id))
  if (query === undefined || query.answered || world.now() - query.at > deadlineMs) {
    throw wrongState('query is too old and response timeout expired or query ID is invalid')
  }
  query.answered = true
  query.answers.put(call)
  return query
}

/** Puts an uploaded file into the store. Throws Refused when it is too large or empty. */
export function storeFile(
  world: World,
  file: { readonly name: string; readonly type: string; readonly bytes: Uint8Array },
): StoredFile {
  if (file.bytes.length === 0) throw overLimit('file must be non-empty')
  const id = world.newId('file')
  const stored: StoredFile = { ...file, file_id: id, file_unique_id: `unique-${id}` }
  world.files.set(id, stored)
  return stored
}

export const documentOf = (file: StoredFile): NonNullable<Message['document']> => ({
  file_id: file.file_id,
  file_unique_id: file.file_unique_id,
  file_name: file.name,
  mime_type: file.type === '' ? 'application/octet-stream' : file.type,
  file_size: file.bytes.length,
})
