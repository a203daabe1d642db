import type { Desk, Fingerprints, GroupPolicy, SelfTest } from '../conversation/desk.ts'
import { createKept } from '../conversation/kept.ts'
import { createMemory, type Memory } from '../conversation/memory.ts'
import { createPace, groupPace, type PaceLimits } from '../conversation/pace.ts'
import { createLanes, intoLanes } from '../inbox/lanes.ts'
import type { Library } from '../memorandum/library.ts'
import type { Topic } from '../memorandum/topics.ts'
import type { Assistant } from '../model/answer.ts'
import { quietly } from '../model/quietly.ts'
import { isCallError } from '../telegram/errors.ts'
import { createGateway, type Gateway, type GatewayEvent, type Schedule } from '../telegram/gateway.ts'
import type { IncomingUpdate } from '../telegram/methods.ts'
import { createRichMessages } from '../telegram/rich-messages.ts'
import { type PollingEvent, startPolling } from '../updates/polling.ts'
import { respectClosed } from './closed-chats.ts'
import { type Handlers, handleUpdates } from './handlers.ts'
import { createNewest } from './inline.ts'
import { type BotEvent, createIdHash } from './log.ts'
import { registerMenus } from './menu.ts'
import { createOutbox } from './outbox.ts'
import type { Switchboard } from './switchboard.ts'

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
  /** How fast one person may ask in one group. */
  readonly pace?: PaceLimits
  /** Milliseconds. */
  readonly now?: () => number
  /** What every call passes before it leaves, such as `sendOnce()`. */
  readonly throughGateway?: (gateway: Gateway) => Gateway
  /** What keeps updates between their arrival and their turn; lanes in the memory of this process by default. */
  readonly intake?: (handlers: Handlers) => Intake
}

/** Takes updates over, in order for each chat. */
export type Intake = {
  /** Resolves when the updates need not come again. */
  receive(updates: readonly IncomingUpdate[]): Promise<void>
  /** Takes nothing new and waits for what runs. */
  drain(): Promise<void>
}

/** A bot that knows who it is and what to do with an update, but not yet how updates come. */
export type AssembledBot = {
  readonly username: string
  readonly gateway: Gateway
  /** For whoever brings updates: a polling loop or a webhook. */
  readonly receive: Intake['receive']
  drain(): Promise<void>
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

/** Whoever reads a log learns that two lines are about the same chat, not which one. */
function discreetly(options: BotOptions, hash: (id: number) => string): NonNullable<BotOptions['log']> {
  return (event) =>
    options.log?.(
      'chatId' in event && event.chatId !== undefined ? { ...event, chatId: hash(Number(event.chatId)) } : event,
    )
}

/**
 * Makes a bot out of its parts, asks Telegram who it is and registers its menus in the background.
 * @throws {CallError} when Telegram cannot be reached or does not accept the token.
 */
export async function assembleBot(options: BotOptions): Promise<AssembledBot> {
  const { token, assistant, library, topics, now = Date.now, throughGateway = (gateway) => gateway } = options
  const hash = createIdHash()
  const log = quietly(discreetly(options, hash))
  const { apiRoot, schedule } = options
  const kept = createKept(options.memory ?? createMemory(now), now)
  const calls = createGateway({
    token,
    log,
    ...(apiRoot === undefined ? {} : { apiRoot }),
    ...(schedule === undefined ? {} : { schedule }),
  })
  const gateway = throughGateway(respectClosed(calls, kept))
  const me = await gateway.call('getMe', {})
  const username = me.username ?? ''
  const rich = createRichMessages(options.richMessages ?? true, now)
  const desk: Desk = {
    sources: { assistant, library, topics, username },
    kept,
    outbox: createOutbox(gateway, rich, (from, to) => kept.migrate(from, to)),
    now,
    owners: options.owners ?? [],
    groups: options.groups ?? { kind: 'open' },
    fingerprints: { version: '0', index: '', encoder: '', ...options.fingerprints },
    selfTest: options.selfTest,
    pace: createPace(options.pace ?? groupPace),
  }
  const self = { id: me.id, username }
  const board: Switchboard = { desk, gateway, me, self, rich, log, hash }
  const newest = createNewest()
  const { receive, drain } = (options.intake ?? inLanes)(handleUpdates(board, newest))
  const stopping = new AbortController()
  registerMenus(gateway, stopping.signal).catch((error: unknown) =>
    log({ event: 'menu failed', error: isCallError(error) ? error.kind : 'unknown' }),
  )
  log({ event: 'started', username })
  return {
    username,
    gateway,
    receive(updates) {
      // A newer inline query makes older ones of the same person void while they still wait for their turn.
      for (const update of updates) {
        const { inline_query: query } = update as {
          inline_query?: { readonly id: string; readonly from?: { readonly id: number } } | null
        }
        if (query?.from !== undefined) newest.arrived(query.from.id, query.id)
      }
      return receive(updates)
    },
    async drain() {
      stopping.abort()
      await drain()
      log({ event: 'stopped' })
    },
  }
}

/** Keeps updates in this process. What fails was logged by whoever handled it, and is not tried again. */
export function inLanes({ handle }: Pick<Handlers, 'handle'>): Intake {
  const lanes = createLanes({ onError: () => {} })
  return {
    receive: intoLanes(lanes, handle),
    async drain() {
      let timer: NodeJS.Timeout | undefined
      await Promise.race([lanes.drain(), new Promise((resolve) => (timer = setTimeout(resolve, longestFinish)))])
      clearTimeout(timer)
    },
  }
}

/**
 * Starts the bot by long polling and resolves once it takes updates.
 * @throws {CallError} when Telegram cannot be reached or does not accept the token.
 */
export async function startBot(options: BotOptions): Promise<RunningBot> {
  const bot = await assembleBot(options)
  // Telegram gives no updates to a poll while a webhook is set.
  await bot.gateway.call('deleteWebhook', {})
  const polling = startPolling({
    gateway: bot.gateway,
    onUpdates: bot.receive,
    ...(options.log === undefined ? {} : { log: options.log }),
  })
  return {
    username: bot.username,
    ended: polling.ended,
    async stop() {
      await polling.stop()
      await bot.drain()
    },
  }
}
