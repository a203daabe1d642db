import type { Context } from 'telegraf'
import type { Message, Update } from 'telegraf/types'
import { type Desk, readerIn } from '../conversation/desk.ts'
import { onSaid } from '../conversation/messages.ts'
import { onPress } from '../conversation/presses.ts'
import { LeaseLostError } from '../inbox/once.ts'
import { phrasesOf } from '../phrases/bot.ts'
import { plain } from '../screens/styled.ts'
import { isAway } from '../state/store.ts'
import { isCallError } from '../telegram/errors.ts'
import type { IncomingUpdate } from '../telegram/methods.ts'
import { createBot } from '../telegram/telegraf.ts'
import { guestMessageOf, onGuest } from './guest.ts'
import { type Newest, onInline } from './inline.ts'
import { onMembership } from './membership.ts'
import { chatOf, migrationIn, personOf, readMessage, readPress } from './reading.ts'
import type { Switchboard } from './switchboard.ts'

/** Longest time that one update may take; Telegraf only reports it. Milliseconds. */
const handlerTimeoutMs = 120_000

/**
 * A function that handles one update, tells the person in their language when that fails, and logs without texts. It
 * resolves when Telegram accepted the answer, refused it for good, or there is none to give; it rejects when the update
 * is worth handling again: Telegram could not be reached (CallError `unreachable`, `flooded`, `stopped`), or another
 * process took the update over.
 */
export function handleUpdates(board: Switchboard, newest: Newest): (update: IncomingUpdate) => Promise<void> {
  const { desk, self, log } = board
  const bot = createBot(board.gateway, { botInfo: board.me, handlerTimeoutMs })
  const outcomes = new WeakMap<object, string | undefined>()
  const note = (ctx: Context, what: string | undefined) => void outcomes.set(ctx.update, what)

  async function onMessage(message: Message, isEdit: boolean): Promise<string | undefined> {
    const migration = migrationIn(message)
    // Both chats are told of it; one of the two messages is enough.
    if (migration !== undefined) {
      await desk.kept.migrate(migration.from, migration.to)
      return 'migrated'
    }
    const said = readMessage(message, self, isEdit)
    return said === undefined ? undefined : onSaid(desk, said)
  }

  // The update is newer than Telegraf, so it is taken before Telegraf's own filters.
  bot.use(async (ctx, next) => {
    const guest = guestMessageOf(ctx.update)
    if (guest === undefined) return next()
    note(ctx, await onGuest(board, guest))
  })
  bot.on('message', async (ctx) => note(ctx, await onMessage(ctx.message, false)))
  bot.on('edited_message', async (ctx) => note(ctx, await onMessage(ctx.editedMessage, true)))
  bot.on('callback_query', async (ctx) => note(ctx, await onPress(desk, readPress(ctx.callbackQuery, self))))
  bot.on('inline_query', async (ctx) => note(ctx, await onInline(board, ctx.inlineQuery, newest)))
  bot.on('my_chat_member', async (ctx) => note(ctx, await onMembership(board, ctx.myChatMember)))
  bot.catch(async (error, ctx) => {
    await apologise(desk, error, ctx)
    throw error
  })

  return async (update) => {
    const began = performance.now()
    const kind = Object.keys(update).find((key) => key !== 'update_id') ?? 'unknown'
    const chat = chatIdIn(update)
    const common = { update: kind, chat: chat === undefined ? undefined : board.hash(chat) }
    const ms = () => Math.round((performance.now() - began) * 10) / 10
    try {
      await reopen(desk, update)
      await bot.handleUpdate(update as Update)
      log({ event: 'handled', ...common, what: outcomes.get(update) ?? 'ignored', ms: ms() })
    } catch (error) {
      if (
        isCallError(error) &&
        (error.kind === 'forbidden' || (error.kind === 'refused' && error.reason === 'chat not found'))
      )
        log({
          event: 'unwanted',
          chat: common.chat,
          reason: error.kind === 'forbidden' ? 'blocked' : 'no such chat',
        })
      else {
        log({ event: 'failed', ...common, error: errorName(error), ms: ms() })
        if (isWorthAnotherTry(error)) throw error
      }
    }
  }
}

const isWorthAnotherTry = (error: unknown): boolean =>
  error instanceof LeaseLostError ||
  isAway(error) ||
  (isCallError(error) &&
    (error.kind === 'unreachable' ||
      error.kind === 'flooded' ||
      error.kind === 'stopped' ||
      error.kind === 'unauthorized' ||
      error.kind === 'conflict'))

const errorName = (error: unknown): string =>
  isCallError(error) ? `${error.method} ${error.kind}` : error instanceof Error ? error.name : 'unknown'

/** Who writes after the bot was blocked or removed has let it in again; what was written before waits in vain. */
async function reopen(
  { kept }: Desk,
  {
    message,
  }: IncomingUpdate & { readonly message?: { readonly date?: number; readonly chat?: { readonly id: number } } },
): Promise<void> {
  if (message?.chat === undefined || message.date === undefined) return
  const since = await kept.closedSince(message.chat.id)
  if (since !== undefined && message.date > Math.floor(since / 1000)) await kept.reopen(message.chat.id)
}

type Event = {
  readonly chat?: { readonly id: number }
  readonly from?: { readonly id: number }
  readonly message?: Event
}
/** The chat that an update is about, else the person. */
function chatIdIn(update: IncomingUpdate): number | undefined {
  const [event] = Object.entries(update).flatMap(([key, value]) => (key === 'update_id' ? [] : [value as Event]))
  return event?.chat?.id ?? event?.message?.chat?.id ?? event?.from?.id
}

/**
 * Tells the person that something went wrong and what to do. Buttons and inline queries have their own way of saying
 * so.
 */
async function apologise(desk: Desk, error: unknown, ctx: Context): Promise<void> {
  const { message } = ctx
  // Where Telegram itself is what fails one more call would fail too; where another process took over, it answers.
  if (message === undefined || isCallError(error) || error instanceof LeaseLostError) return
  const chat = chatOf(message.chat)
  const reader = await readerIn(desk, chat, message.from === undefined ? undefined : personOf(message.from))
  const screen = { message: plain(phrasesOf(reader.language).failed), rows: [] }
  const replyTo = chat.kind === 'private' ? {} : { replyTo: message.message_id }
  await desk.outbox.send({ chat: chat.id, ...replyTo }, screen).catch(() => {})
}
