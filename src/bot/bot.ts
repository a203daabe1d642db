import type { Assistant } from '../answer/answer.ts'
import type { Library } from '../memorandum/library.ts'
import type { Topic } from '../memorandum/topics.ts'
import type { Desk, Fingerprints, GroupPolicy, SelfTest } from './desk.ts'
import { isCallError } from './errors.ts'
import { createGateway, type GatewayEvent, type Schedule } from './gateway.ts'
import type { IncomingUpdate } from './gateway-methods.ts'
import { handleUpdates } from './handlers.ts'
import { createNewest } from './inline.ts'
import { createKept } from './kept.ts'
import { createLanes, intoLanes } from './lanes.ts'
import { type BotEvent, createIdHash } from './log.ts'
import { createMemory, type Memory } from './memory.ts'
import { registerMenus } from './menu.ts'
import { createOutbox } from './outbox.ts'
import { type PollingEvent, startPolling } from './polling.ts'
import { createRichMessages } from './rich-messages.ts'

export type BotOptions = {
  readonly token: string
  /** `https://api.telegram.org` by default. */
  readonly apiRoot?: string
  readonly assistant: Assistant
  readonly library: Library
  readonly topics: readonly Topic[]
  /** What outlives an update; ends with the process by default. */
  readonly memory?: Memory
  readonly log?: (event: BotEvent | GatewayEvent | PollingEvent) => void
  /** Decides when calls go out; at once by default. */
  readonly schedule?: Schedule
  /** Which groups are served; all by default. */
  readonly groups?: GroupPolicy
  /** User ids. */
  readonly owners?: readonly number[]
  readonly fingerprints?: Partial<Fingerprints>
  readonly selfTest?: SelfTest
  /** Whether comparisons are sent as native tables where the server has them; true by default. */
  readonly richMessages?: boolean
  /** Milliseconds. */
  readonly now?: () => number
}

export type RunningBot = {
  readonly username: string
  /** Rejects when Telegram does not accept the token any more. */
  readonly ended: Promise<void>
  /** Takes no more updates and finishes those that it took, for at most `longestFinish`. */
  stop(): Promise<void>
}

/** How long a stop waits for answers under way. Milliseconds. */
const longestFinish = 5000

/**
 * Starts the bot by long polling and resolves once it takes updates.
 * @throws {CallError} when Telegram cannot be reached or does not accept the token.
 */
export async function startBot(options: BotOptions): Promise<RunningBot> {
  const { token, assistant, library, topics, now = Date.now } = options
  const hash = createIdHash()
  // Whoever reads a log learns that two lines are about the same chat, not which one.
  const log: NonNullable<BotOptions['log']> = (event) => options.log?.('chatId' in event && event.chatId !== undefined ? { ...event, chatId: hash(Number(event.chatId)) } : event)
  const gateway = createGateway({
    token,
    ...(options.apiRoot === undefined ? {} : { apiRoot: options.apiRoot }),
    ...(options.schedule === undefined ? {} : { schedule: options.schedule }),
    log,
  })
  const me = await gateway.call('getMe', {} as never)
  // Telegram gives no updates to a poll while a webhook is set.
  await gateway.call('deleteWebhook', {})
  const kept = createKept(options.memory ?? createMemory(now), now)
  const desk: Desk = {
    sources: { assistant, library, topics, username: me.username },
    kept,
    outbox: createOutbox(gateway, createRichMessages(options.richMessages ?? true, now), (from, to) => kept.migrate(from, to)),
    gateway,
    me,
    now,
    log,
    hash,
    owners: options.owners ?? [],
    groups: options.groups ?? { kind: 'open' },
    fingerprints: { version: '0', index: '', encoder: '', ...options.fingerprints },
    selfTest: options.selfTest,
  }
  const newest = createNewest()
  const handle = handleUpdates(desk, newest)
  const lanes = createLanes({ onError: (error) => log({ event: 'failed', update: 'unknown', chat: undefined, error: error instanceof Error ? error.name : 'unknown', ms: 0 }) })
  const take = intoLanes(lanes, handle)
  const polling = startPolling({
    gateway,
    onUpdates: (updates) => {
      for (const update of updates) noteInline(update)
      return take(updates)
    },
    log,
  })
  registerMenus(gateway).catch((error: unknown) => log({ event: 'menu failed', error: isCallError(error) ? error.kind : 'unknown' }))
  log({ event: 'started', username: me.username })

  /** A newer inline query makes older ones of the same person void while they still wait for their turn. */
  function noteInline(update: IncomingUpdate): void {
    const { inline_query: query } = update as { inline_query?: { readonly id: string; readonly from: { readonly id: number } } }
    if (query !== undefined) newest.arrived(query.from.id, query.id)
  }

  return {
    username: me.username,
    ended: polling.ended,
    async stop() {
      await polling.stop()
      let timer: NodeJS.Timeout | undefined
      await Promise.race([lanes.drain(), new Promise((resolve) => (timer = setTimeout(resolve, longestFinish)))])
      clearTimeout(timer)
      log({ event: 'stopped' })
    },
  }
}
