import type { Context } from 'telegraf'
import type { Message, Update } from 'telegraf/types'
import { type Desk, readerIn } from '../conversation/desk.ts'
import { onSaid } from '../conversation/messages.ts'
import { onPress } from '../conversation/presses.ts'
import type { Chat, Person } from '../conversation/said.ts'
import { LeaseLostError } from '../inbox/once.ts'
import { framesOf } from '../model/frames.ts'
import { phrasesOf } from '../phrases/bot.ts'
import type { BotPhrases } from '../phrases/bot-phrases.ts'
import { plain } from '../screens/styled.ts'
import { isAway } from '../state/store.ts'
import { isCallError } from '../telegram/errors.ts'
import type { IncomingUpdate } from '../telegram/methods.ts'
import { createBot } from '../telegram/telegraf.ts'
import { guestMessageOf, onGuest } from './guest.ts'
import { type Newest, onInline } from './inline.ts'
import type { UnwantedReason } from './log.ts'
import { onMembership } from './membership.ts'
import { migrationIn, readMessage, readPress } from './reading.ts'
import type { Switchboard } from './switchboard.ts'

/** Longest time that one update may take; Telegraf only reports it. Milliseconds. */
const handlerTimeoutMs = 120_000

/** What the bot does with an update. Each rejects when that is worth another try, and logs without texts. */
export type Handlers = {
  /**
   * Answers it. Resolves when Telegram accepted the answer, refused it for good, or there is none to give; an unexpected
   * fault is told to the person. Rejects when Telegram could not be reached (CallError `unreachable`, `flooded`,
   * `stopped`), the store is away, or another process took the update over.
   */
  readonly handle: (update: IncomingUpdate) => Promise<void>
  /** Tells the person that it went wrong and what to do. */
  readonly apologise: (update: IncomingUpdate) => Promise<void>
  /** Tells the person that the answer takes longer. */
  readonly reassure: (update: IncomingUpdate) => Promise<void>
  /** What is left of a question that nobody answered in time: whom to tell, without their words. */
  readonly remainder: (update: IncomingUpdate) => IncomingUpdate | undefined
}

/** A question that was not answered within its time. */
type Unanswered = IncomingUpdate & {
  readonly unanswered: {
    readonly chat: Chat
    readonly from?: Person
    readonly message: number
    readonly thread?: number
    /** Unix time, seconds. */
    readonly at: number
  }
}
const unansweredIn = (update: IncomingUpdate): Unanswered['unanswered'] | undefined =>
  'unanswered' in update ? (update as Unanswered).unanswered : undefined

export function handleUpdates(board: Switchboard, newest: Newest): Handlers {
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
  bot.catch((error) => {
    throw error
  })

  /** Writes to whoever sent a message that was meant for the bot; buttons and inline queries have ways of their own. */
  async function write(update: IncomingUpdate, wording: (phrases: BotPhrases) => string): Promise<void> {
    const { message } = update as IncomingUpdate & { readonly message?: Message }
    const said = message === undefined ? undefined : readMessage(message, self, false)
    if (said !== undefined) await writeTo(said, wording)
  }

  async function writeTo(
    { chat, from, thread, message }: Omit<Unanswered['unanswered'], 'at'>,
    wording: (phrases: BotPhrases) => string,
  ): Promise<void> {
    const { language } = await readerIn(desk, chat, from)
    const destination = {
      chat: chat.id,
      ...(thread === undefined ? {} : { thread }),
      ...(chat.kind === 'private' ? {} : { replyTo: message }),
    }
    await desk.outbox.send(destination, { message: plain(wording(phrasesOf(language))), rows: [] })
  }

  async function act(update: IncomingUpdate): Promise<string | undefined> {
    const late = unansweredIn(update)
    if (late !== undefined) {
      await writeTo(late, (phrases) => phrases.unanswered(new Date(late.at * 1000)))
      return 'not answered in time'
    }
    await reopen(desk, update)
    await bot.handleUpdate(update as Update)
    return outcomes.get(update)
  }

  const apologise = (update: IncomingUpdate) => write(update, ({ failed }) => failed)

  async function handle(update: IncomingUpdate): Promise<void> {
    const began = performance.now()
    const kind = Object.keys(update).find((key) => key !== 'update_id') ?? 'unknown'
    const chat = chatIdIn(update)
    const common = { update: kind, chat: chat === undefined ? undefined : board.hash(chat) }
    const ms = () => Math.round((performance.now() - began) * 10) / 10
    try {
      const what = await act(update)
      log({ event: 'handled', ...common, what: what ?? 'ignored', ms: ms() })
    } catch (error) {
      const reason = unwantedReason(error)
      if (reason !== undefined) {
        log({ event: 'unwanted', chat: common.chat, reason })
        return
      }
      const where = isFault(error) ? { frames: framesOf(error) } : {}
      log({ event: 'handling failed', ...common, error: errorName(error), ...where, ms: ms() })
      if (isWorthAnotherTry(error)) throw error
      // Where Telegram itself refused, one more call would be refused too.
      if (!isCallError(error)) await apologise(update)
    }
  }

  return {
    handle,
    apologise,
    reassure: (update) => write(update, ({ takesLonger }) => takesLonger),
    remainder(update) {
      const { update_id, message } = update as IncomingUpdate & { readonly message?: Message }
      const said = message === undefined ? undefined : readMessage(message, self, false)
      if (said === undefined) return undefined
      const { chat, from, thread, message: number, at } = said
      const unanswered: Unanswered['unanswered'] = {
        chat,
        ...(from === undefined ? {} : { from }),
        ...(thread === undefined ? {} : { thread }),
        message: number,
        at,
      }
      const left: Unanswered = { update_id, unanswered }
      return left
    },
  }
}

/** Why Telegram will not take messages for this chat, whatever is tried; `undefined` for any other error. */
function unwantedReason(error: unknown): UnwantedReason | undefined {
  if (!isCallError(error)) return undefined
  if (error.kind === 'forbidden') return 'blocked'
  if (error.kind !== 'refused') return undefined
  const { reason } = error
  return reason === 'chat not found' || reason === 'no right' || reason === 'topic closed' ? reason : undefined
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

/** Of the program, not of Telegram, the store or another replica. */
const isFault = (error: unknown): boolean => !isCallError(error) && !isAway(error) && !(error instanceof LeaseLostError)

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
