import { createHash } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import about from '../package.json' with { type: 'json' }
import type { OpenedAssistant } from './answer/open.ts'
import { type AssembledBot, assembleBot } from './bot/bot.ts'
import type { Config } from './config.ts'
import { evaluate, figuresOf, readQuestions } from './evaluation/figures.ts'
import { openState } from './homes/open.ts'
import { createInbox, type Inbox } from './inbox/inbox.ts'
import { sendOnce } from './inbox/once.ts'
import { memoryIn } from './inbox/stored-memory.ts'
import type { LogEvent } from './operations/log.ts'
import { startOperations } from './operations/server.ts'
import { createServiceMetrics, type ServiceEvent } from './operations/service-metrics.ts'
import { isCallError } from './telegram/errors.ts'
import { createSchedule } from './telegram/schedule.ts'
import { startDelivery, watchToken } from './updates/delivery.ts'

/** How long Redis may take to answer at the start. Milliseconds. */
const redisPatience = 30_000
/**
 * How long answers under way may take when the service stops; the rest is handled after the next start. Milliseconds.
 */
const drainGrace = 4000
/** The questions that /selftest asks, where the checkout has them. */
const selfTestSet = 'test/evaluation/dev.jsonl'

/**
 * The bot as a service: store, inbox, schedule, delivery and metrics put together, until `stopped` is aborted.
 * @throws {CallError} when Telegram does not accept the token; {StateError} when the state cannot be opened.
 */
export async function serve(
  config: Config,
  token: string,
  { assistant: silent, retrieval, topics }: OpenedAssistant,
  log: (event: LogEvent) => void,
  stopped: AbortSignal,
): Promise<void> {
  const assistant = config.logQuestions ? outspoken(silent, log) : silent
  const fair = createSchedule({ log, limits: { overallPerSecond: config.messagesPerSecond } })
  const tokenWatch = watchToken()
  let inbox: Inbox | undefined
  let waiting = async () => 0
  let silentSeconds = () => 0
  const { metrics, note } = createServiceMetrics({
    waiting: () => waiting(),
    running: () => inbox?.running ?? 0,
    queued: () => fair.waiting,
    silentSeconds: () => silentSeconds(),
  })
  const say = (event: LogEvent) => {
    note(event as ServiceEvent)
    log(event)
  }
  const store = await openState({
    url: config.stateUrl,
    folder: config.stateFolder,
    secret: token,
    secretBefore: config.botTokenBefore,
    patienceMs: redisPatience,
    log: say,
  })
  waiting = async () => (await store.counts()).waiting
  try {
    const bot = await assemblePatiently(
      () =>
        assembleBot({
          token,
          apiRoot: config.apiRoot,
          assistant,
          library: retrieval.library,
          topics,
          memory: memoryIn(store),
          schedule: fair.schedule,
          throughGateway: sendOnce,
          intake: (handlers) => {
            const own = createInbox({ store, ...handlers, concurrency: config.concurrency, log: say })
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
      stopped,
      log,
    )
    if (bot === undefined) return
    const delivery = await startDelivery({
      gateway: bot.gateway,
      receive: bot.receive,
      drain: bot.drain,
      isReady: () =>
        store.check().then(
          () => true,
          () => false,
        ),
      log: say,
      source: config.webhook === undefined ? { kind: 'polling' } : { kind: 'webhook', ...config.webhook },
    })
    silentSeconds = () => delivery.silentMs / 1000
    const operations =
      config.metrics === undefined
        ? undefined
        : await startOperations({ ...config.metrics, metrics, isReady: delivery.isReady })
    const told = new Promise<void>((resolve) => {
      if (stopped.aborted) resolve()
      stopped.addEventListener('abort', () => resolve(), { once: true })
    })
    try {
      await Promise.race([delivery.ended, tokenWatch.ended, told])
    } finally {
      await delivery.stop()
      await operations?.stop()
    }
  } finally {
    await store.close()
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

/** Seconds between attempts to start while Telegram cannot be reached. */
const startWaits = [1, 2, 5, 10, 30]

/**
 * Assembles, and assembles again while Telegram cannot be reached; `undefined` when told to stop meanwhile. @throws
 * {CallError} when Telegram refuses the token.
 */
async function assemblePatiently(
  assemble: () => Promise<AssembledBot>,
  stopped: AbortSignal,
  log: (event: LogEvent) => void,
): Promise<AssembledBot | undefined> {
  for (let attempt = 0; !stopped.aborted; attempt += 1) {
    try {
      return await assemble()
    } catch (error) {
      if (!isCallError(error) || error.kind === 'unauthorized' || error.kind === 'refused') throw error
      const seconds = startWaits[Math.min(attempt, startWaits.length - 1)] as number
      const event: LogEvent & { kind: string; seconds: number } = { event: 'start failed', kind: error.kind, seconds }
      log(event)
      await setTimeout(seconds * 1000, undefined, { signal: stopped }).catch(() => {})
    }
  }
  return undefined
}
