import type { Message, User } from 'telegraf/types'
import { withoutMention } from '../conversation/addressed.ts'
import { readerIn } from '../conversation/desk.ts'
import { phrasesOf } from '../phrases/bot.ts'
import { paginate } from '../screens/pages.ts'
import { clauseLink } from '../screens/reader.ts'
import { answerBlocks, clausesOf } from '../screens/render-answer.ts'
import type { ScreenButton } from '../screens/screen.ts'
import { plain, type Styled } from '../screens/styled.ts'
import type { IncomingUpdate } from '../telegram/methods.ts'
import { keyboardOf } from './keyboard.ts'
import { personOf, wordsOf } from './reading.ts'
import type { Switchboard } from './switchboard.ts'

/** Somebody mentions the bot in a chat where it is no member. Bot API 10; Telegraf's typings do not know it. */
export type GuestMessage = Message & {
  readonly guest_query_id: string
  readonly reply_to_message?: Message
  readonly from?: User
}

export const guestMessageOf = (update: IncomingUpdate): GuestMessage | undefined =>
  (update as { guest_message?: GuestMessage }).guest_message

/** Gives the one reply that is allowed: short, cited, with a link into the bot. Resolves with a word for the log. */
export async function onGuest({ desk, gateway }: Switchboard, message: GuestMessage): Promise<string> {
  if (message.from?.is_bot === true) return 'a bot'
  const { sources } = desk
  const { username } = sources
  // Settings of a chat with the same number are another chat's, so only the person's own count.
  const own = await readerIn(
    desk,
    { id: 0, kind: 'private' },
    message.from === undefined ? undefined : personOf(message.from),
  )
  const reader = { ...own, surface: 'guest', length: 'short' } as const
  const phrases = phrasesOf(reader.language)
  const words = wordsOf(message)
  const replied = message.reply_to_message === undefined ? '' : wordsOf(message.reply_to_message)
  const query = (withoutMention(words, username) ?? words).trim() || replied
  const { text, id, url, kind } = await reply()
  const row: readonly ScreenButton[] = [{ text: phrases.inline.open, url }]
  const keyboard = keyboardOf([row])
  await gateway.call('answerGuestQuery', {
    guest_query_id: message.guest_query_id,
    result: {
      type: 'article',
      id,
      title: phrases.fileTitle,
      input_message_content: {
        message_text: text.text,
        entities: text.entities,
        link_preview_options: { is_disabled: true },
      },
      ...(keyboard === undefined ? {} : { reply_markup: keyboard }),
    },
  })
  return kind

  async function reply(): Promise<{
    readonly text: Styled
    readonly id: string
    readonly url: string
    readonly kind: string
  }> {
    const start = `https://t.me/${username}?start=help`
    if (query === '') return { text: plain(phrases.askWhat(username)), id: 'help', url: start, kind: 'no text' }
    const answer = await sources.assistant.answer({ query })
    const { blocks, clauses } = answerBlocks(answer, query, sources, reader)
    const [page] = paginate(blocks, { clauses })
    const first = clausesOf(answer, query, sources)[0]
    return {
      text: page?.message ?? plain(phrases.failed),
      id: first?.unit.id ?? 'answer',
      url: first === undefined ? start : clauseLink(sources, first.unit.id),
      kind: answer.kind,
    }
  }
}
