import { createHash } from 'node:crypto'
import { languageOf } from '../phrases/bot.ts'
import type { Reader, Sources } from '../screens/reader.ts'
import type { Kept } from './kept.ts'
import type { Outbox } from './outbox.ts'
import type { createPace } from './pace.ts'
import type { Chat, Person } from './said.ts'

/** Which groups the bot serves: all, or those that the owner named or let in. */
export type GroupPolicy =
  | { readonly kind: 'open' }
  | { readonly kind: 'listed'; readonly ids: readonly number[] /** Leave the others. */; readonly leave: boolean }

/** What /version tells. Hexadecimal fingerprints. */
export type Fingerprints = { readonly version: string; readonly index: string; readonly encoder: string }

/** The result of asking the index its own test questions. */
export type SelfTest = () => Promise<
  | { readonly questions: number; readonly first: number; readonly found: number; readonly milliseconds: number }
  | undefined
>

/** Everything that a conversation works with. */
export type Desk = {
  readonly sources: Sources
  readonly kept: Kept
  readonly outbox: Outbox
  readonly now: () => number
  /** User ids of the owners: they grant access and may run /selftest. */
  readonly owners: readonly number[]
  readonly groups: GroupPolicy
  readonly fingerprints: Fingerprints
  readonly selfTest: SelfTest | undefined
  /** How fast each person asks in each group. */
  readonly pace: ReturnType<typeof createPace>
  /** What a chat with one person is; private when missing. */
  readonly surface?: 'terminal'
}

/** For whom a message in a chat is written: by what they chose, else by their Telegram. */
export async function readerIn(
  desk: Desk,
  chat: Pick<Chat, 'id' | 'kind'>,
  from: Person | undefined,
  asker = from?.id,
): Promise<Reader> {
  const own = from === undefined ? {} : await desk.kept.personSettings(from.id)
  const telegram = languageOf(from?.languageCode)
  if (chat.kind === 'private') {
    return {
      language: own.language ?? telegram ?? 'hant',
      script: own.script ?? 'printed',
      length: own.length ?? 'normal',
      surface: desk.surface ?? 'private',
    }
  }
  const group = await desk.kept.chatSettings(chat.id)
  return {
    language: group.language ?? own.language ?? telegram ?? 'hant',
    script: group.script ?? own.script ?? 'printed',
    length: group.length ?? 'short',
    surface: 'group',
    ...(asker === undefined ? {} : { asker }),
  }
}

/** The same question is known by the same key however often Telegram delivers it. */
export const questionKey = (chat: number, message: number): string =>
  createHash('sha256').update(`${chat}:${message}`).digest('base64url').slice(0, 8)
