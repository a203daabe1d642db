import type { ChatMemberUpdated } from 'telegraf/types'
import { isServed, notServedScreen } from '../conversation/access.ts'
import { readerIn } from '../conversation/desk.ts'
import { phrasesOf } from '../phrases/bot.ts'
import { plain } from '../screens/styled.ts'
import { chatOf, personOf } from './reading.ts'
import type { Switchboard } from './switchboard.ts'

/** The bot was added, removed, promoted or blocked. Resolves with a word for the log. */
export async function onMembership({ desk, hash, log }: Switchboard, change: ChatMemberUpdated): Promise<string> {
  const { chat, from, new_chat_member: now, old_chat_member: before } = change
  const isThere = ({ status }: { readonly status: string }) => status !== 'left' && status !== 'kicked'
  log({ event: 'membership', chat: hash(chat.id), status: now.status })
  await (isThere(now) ? desk.kept.reopen(chat.id) : desk.kept.close(chat.id))
  if (chat.type === 'private' || chat.type === 'channel') return now.status
  if (!isThere(now) || isThere(before)) return now.status
  const reader = await readerIn(desk, chatOf(chat), personOf(from))
  const served = await isServed(desk, chat.id)
  const welcome = { message: plain(phrasesOf(reader.language).welcome(desk.sources.username)), rows: [] }
  // Not allowed to write, or removed again: there is nobody to tell.
  const isTold = await desk.outbox.tell(chat.id, served ? welcome : notServedScreen(desk, chat.id, reader))
  if (isTold && !served && desk.groups.kind === 'listed' && desk.groups.leave) await desk.outbox.leave(chat.id)
  return now.status
}
