import { createHash } from 'node:crypto'
import about from '../package.json' with { type: 'json' }
import type { OpenedAssistant } from './answer/open.ts'
import { type AssembledBot, assembleBot } from './bot/bot.ts'
import type { Config } from './config.ts'
import { evaluate, figuresOf, readQuestions } from './evaluation/figures.ts'
import { openState } from './homes/open.ts'
import { createInbox, type Inbox } from './inbox/inbox.ts'
import { sendOnce } from './inbox/once.ts'
import { memoryIn } from './inbox/stored-memory.ts'
import { calmLog } from './operations/calm-log.ts'
import type { LogEvent } from './operations/log.ts'
import { patiently, unlessStopped } from './operations/patience.ts'
import { watchInbox, watchReadiness, watchStore } from './operations/readiness.ts'
import { startOperations } from './operations/server.ts'
import { createServiceMetrics, type ServiceEvent } from './operations/service-metrics.ts'
import { lasts } from './state/reasons.ts'
import { StateError, type Store } from './state/store.ts'
import { isCallError } from './telegram/errors.ts'
import type { Gateway } from './telegram/gateway.ts'
import type { IncomingUpdate } from './telegram/methods.ts'
import { throughProxy } from './telegram/proxy.ts'
import { createSchedule } from './telegram/schedule.ts'
import { monotonicNow } from './telegram/time.ts'
import { type Delivery, type Source, startDelivery, watchToken } from './updates/delivery.ts'
import { causeOf, reasonOf } from './updates/polling.ts'
import { createWebhook } from './updates/webhook.ts'

/** How long one attempt to open the state may wait for Redis. Milliseconds. */
const redisPatience = 5000
/**
 * How long answers under way may take when the service stops; the rest is handled after the next start. Milliseconds.
 */
const drainGrace = 4000
/** The questions that /selftest asks, where the checkout has them. */
const selfTestSet = 'test/evaluation/dev.jsonl'

/** Events after which the service may be ready again, or not any more. */
const turns: ReadonlySet<string> = new Set([
  'webhook settled',
  'webhook lost',
  'poll recovered',
  'store away',
  'store back',
])

/** Events that others can cause as often as they like: one line a minute of each kind, and all of them counted. */
const repetitive = {
  'webhook refused': ['status'],
  'webhook misdirected': ['how'],
  'update not taken': ['reason'],
  'another process uses this token': [],
  'webhook lost': ['how'],
} as const

export interface ServiceOptions {
  readonly config: Config
  readonly token: string
  /** Opens corpus, encoder and index; `say` takes what a person should know. */
  readonly open: (say: (line: string) => void) => Promise<OpenedAssistant>
  readonly log: (event: LogEvent) => void
  /** Aborted when the service is to end. */
  readonly stopped: AbortSignal
  /** Milliseconds that only go forward, by which silence and standstill are measured. */
  readonly now?: () => number
  /** How often to look whether Telegram still sends updates here. Milliseconds; 30,000 unless told. */
  readonly lookMs?: number
}

/**
 * The bot as a service until `stopped` is aborted: store, inbox, schedule, delivery and metrics put together.
 *
 * The ports open first, so that /health and /ready answer while the rest is waited for: corpus and index, the state,
 * Telegram. What may still come is tried again with growing waits; what cannot ends the start. Whatever happened,
 * nothing of it is left when the promise settles.
 * @throws {ListenError | CorpusError | EncoderError | StateError | CallError} when it cannot start or cannot go on.
 */
export async function serve(options: ServiceOptions): Promise<void> {
  const ends: (() => Promise<unknown>)[] = []
  try {
    await run(options, (end) => ends.push(end))
  } catch (error) {
    // Told to stop while it started: whatever failed then is no failure.
    if (!options.stopped.aborted) throw error
  } finally {
    // One that fails must not keep the others from ending.
    for (const end of ends.toReversed())
      await end().catch((error: unknown) => options.log({ event: 'end failed', ...{ error: reasonOf(error) } }))
  }
}

async function run(
  { config, token, open, log: write, stopped, now = monotonicNow, lookMs }: ServiceOptions,
  atEnd: (end: () => Promise<unknown>) => void,
): Promise<void> {
  const log = calmLog(write, { repetitive, now })
  /** Why it cannot work yet, or no more. */
  let step: string | undefined = 'it starts: corpus and index are being opened'
  let store: Store | undefined
  let inbox: Inbox | undefined
  let delivery: Delivery | undefined
  let receive: AssembledBot['receive'] | undefined
  const tokenWatch = watchToken()
  const fair = createSchedule({ log, limits: { overallPerSecond: config.messagesPerSecond } })

  const waiting = async () => (store === undefined ? 0 : (await store.counts()).waiting)
  const storeWatch = watchStore(async () => store?.check(), now)
  const inboxWatch = watchInbox(waiting, now)
  const readiness = watchReadiness({
    log,
    concerns: [() => step, storeWatch.concern, inboxWatch.concern, () => delivery?.concern()],
  })
  atEnd(async () => readiness.stop())
  const { metrics, note } = createServiceMetrics({
    ready: async () => (await readiness.reasons()).length === 0,
    waiting,
    running: () => inbox?.running ?? 0,
    queued: () => fair.waiting,
    silentSeconds: () => (delivery?.silentMs ?? 0) / 1000,
  })
  const say = (event: LogEvent) => {
    note(event as ServiceEvent)
    inboxWatch.note(event)
    log(event)
    // Once whoever said it has done with it.
    if (turns.has(event.event)) setImmediate(() => void readiness.reasons())
  }
  log({ event: 'starting', ...{ version: about.version } })

  const { reasons } = readiness
  if (config.metrics !== undefined) {
    const { host } = config.metrics
    const operations = await startOperations({ ...config.metrics, metrics, reasons })
    atEnd(operations.stop)
    log({ event: 'listening', ...{ for: 'metrics', host, port: operations.port } })
  }
  const source = await startSource()

  /** Takes updates over and remembers whether the store let it. */
  async function take(updates: readonly IncomingUpdate[]): Promise<void> {
    // Telegram comes again.
    if (receive === undefined) throw new StateError('away', 'Cannot store updates yet: the service starts')
    try {
      await receive(updates)
    } catch (error) {
      storeWatch.failed(error)
      throw error
    }
    storeWatch.succeeded()
    delivery?.received()
  }

  async function startSource(): Promise<Source> {
    if (config.webhook === undefined) return { kind: 'polling' }
    const { url, secret, host, port } = config.webhook
    const { pathname, search } = new URL(url)
    const server = createWebhook({ port, host, path: pathname + search, secret, receive: take, reasons, log: say })
    const listening = await server.start()
    atEnd(() => server.stop(0))
    log({ event: 'listening', ...{ for: 'webhook', host: host ?? 'all', port: listening } })
    return { kind: 'webhook', url, secret, server }
  }

  const opened = await unlessStopped(() => open((line) => log({ event: 'index', ...{ said: line } })), stopped)
  const { retrieval, topics } = opened
  const assistant = config.logQuestions ? outspoken(opened.assistant, log) : opened.assistant

  step = 'it starts: the state is being opened'
  const kept = await patiently(
    async () => {
      const found = await openState({
        url: config.stateUrl,
        folder: config.stateFolder,
        secret: token,
        secretBefore: config.botTokenBefore,
        patienceMs: redisPatience,
        log: say,
      })
      // Nobody waits for it any more.
      if (stopped.aborted) await found.close()
      return found
    },
    {
      what: 'the state',
      // A file that cannot be opened now cannot be later; a Redis may be starting.
      passing: (error) =>
        config.stateUrl !== undefined &&
        error instanceof StateError &&
        error.reason !== undefined &&
        !lasts(error.reason)
          ? { reason: error.reason }
          : undefined,
      stopped,
      log,
    },
  )
  store = kept
  atEnd(() => kept.close())

  step = 'it starts: Telegram has not answered yet'
  const dispatcher = config.proxy === undefined ? undefined : throughProxy(config.proxy)
  if (dispatcher !== undefined) atEnd(() => dispatcher.destroy())
  const bot = await patiently(
    () =>
      assembleBot({
        token,
        apiRoot: config.apiRoot,
        dispatcher,
        assistant,
        library: retrieval.library,
        topics,
        memory: memoryIn(kept),
        schedule: fair.schedule,
        throughGateway: (gateway) => sendOnce(endingWith(gateway, stopped)),
        intake: (handlers) => {
          const own = createInbox({ store: kept, ...handlers, concurrency: config.concurrency, log: say })
          inbox = own
          own.start()
          return { receive: (updates) => own.receive(updates), drain: () => own.drain(drainGrace) }
        },
        log: (event) => {
          tokenWatch.note(event)
          say(event)
        },
        owners: config.owners,
        groups:
          config.groups === undefined
            ? { kind: 'open' }
            : { kind: 'listed', ids: config.groups, leave: config.leaveUnlisted },
        fingerprints: fingerprintsOf(retrieval.index.manifest),
        selfTest: () => selfTest(assistant, retrieval.library),
        richMessages: config.richMessages,
      }),
    { what: 'Telegram', passing: passingOfTelegram, stopped, log },
  )
  atEnd(() => bot.drain())
  receive = bot.receive
  delivery = startDelivery({
    gateway: bot.gateway,
    source,
    receive: take,
    reclaim: config.reclaimUpdates,
    ...(lookMs === undefined ? {} : { lookMs }),
    log: say,
    now,
  })
  const { stop, ended } = delivery
  atEnd(stop)
  step = undefined
  void reasons()
  await Promise.race([ended, tokenWatch.ended, until(stopped)])
  step = 'it ends'
}

/** Resolves when the signal is aborted. */
const until = (signal: AbortSignal) =>
  new Promise<void>((resolve) => {
    if (signal.aborted) resolve()
    signal.addEventListener('abort', () => resolve(), { once: true })
  })

/** Telegram that does not answer, or asks to wait, may answer later. */
function passingOfTelegram(error: unknown): { readonly reason: string; readonly waitMs?: number } | undefined {
  if (!isCallError(error)) return undefined
  if (error.kind === 'flooded') return { reason: 'flooded', waitMs: error.retryAfter * 1000 }
  if (error.kind === 'unauthorized' || error.kind === 'refused' || error.kind === 'forbidden') return undefined
  return { reason: causeOf(error) ?? error.kind }
}

/**
 * The same gateway, except that the question who the bot is ends with the start instead of keeping it alive, and is asked
 * once: the start itself asks again, and says so.
 */
function endingWith(gateway: Gateway, signal: AbortSignal): Gateway {
  const once = { attempts: 1, deadlineMs: 10_000, signal }
  return {
    ...gateway,
    call: (method, payload, options) =>
      gateway.call(method, payload, method === 'getMe' ? { ...options, ...once } : options),
  }
}

/**
 * An assistant whose questions stand in the log, which is said first. Only for finding faults: people are told that
 * questions stay out of it.
 */
function outspoken(
  assistant: OpenedAssistant['assistant'],
  log: (event: LogEvent) => void,
): OpenedAssistant['assistant'] {
  log({ event: 'questions are logged as typed, because LOG_QUESTIONS is true' })
  return {
    ...assistant,
    answer(question) {
      const event: LogEvent & { query: string } = { event: 'question', query: question.query }
      log(event)
      return assistant.answer(question)
    },
  }
}

/** What /version tells of the program and its index. */
export const fingerprintsOf = (manifest: OpenedAssistant['retrieval']['index']['manifest']) => ({
  version: about.version,
  // The manifest holds the digest of every file.
  index: createHash('sha256').update(JSON.stringify(manifest)).digest('hex'),
  encoder: manifest.encoder.fingerprint,
})

/** Figures of the development questions on the live index; `undefined` where the questions are not installed. */
export async function selfTest(
  assistant: OpenedAssistant['assistant'],
  library: OpenedAssistant['retrieval']['library'],
) {
  const questions = await readQuestions(selfTestSet).catch(() => undefined)
  if (questions === undefined) return undefined
  const start = performance.now()
  const all = figuresOf(await evaluate(assistant, library, questions)).get('all')
  return {
    questions: questions.length,
    first: all?.recall1?.mean ?? 0,
    found: all?.hit3?.mean ?? 0,
    milliseconds: performance.now() - start,
  }
}
