import type { ChatMemberUpdated } from 'telegraf/types'
import { isServed, notServedScreen } from '../conversation/access.ts'
import { type Desk, readerIn } from '../conversation/desk.ts'
import { phrasesOf } from '../phrases/bot.ts'
import { plain } from '../screens/styled.ts'
import { isCallError } from '../telegram/errors.ts'

/** The bot was added, removed, promoted or blocked. Resolves with a word for the log. */
export async function onMembership(desk: Desk, change: ChatMemberUpdated): Promise<string> {
  const { chat, from, new_chat_member: now, old_chat_member: before } = change
  const isThere = ({ status }: { readonly status: string }) => status !== 'left' && status !== 'kicked'
  desk.log({ event: 'membership', chat: desk.hash(chat.id), status: now.status })
  await (isThere(now) ? desk.kept.reopen(chat.id) : desk.kept.close(chat.id))
  if (chat.type === 'private' || chat.type === 'channel') return now.status
  if (!isThere(now) || isThere(before)) return now.status
  const reader = await readerIn(desk, chat, from)
  const served = await isServed(desk, chat.id)
  try {
    if (!served) await desk.outbox.send({ chat: chat.id }, notServedScreen(desk, chat.id, reader))
    else
      await desk.outbox.send(
        { chat: chat.id },
        { message: plain(phrasesOf(reader.language).welcome(desk.me.username)), rows: [] },
      )
    if (!served && desk.groups.kind === 'listed' && desk.groups.leave)
      await desk.gateway.call('leaveChat', { chat_id: chat.id })
  } catch (error) {
    // Not allowed to write, or removed again: there is nobody to tell.
    if (!isCallError(error) || (error.kind !== 'forbidden' && error.kind !== 'refused')) throw error
  }
  return now.status
}
