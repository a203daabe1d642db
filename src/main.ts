import { setTimeout } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import about from '../package.json' with { type: 'json' }
import { type OpenedAssistant, openAssistant } from './answer/open.ts'
import { type BotOptions, type RunningBot, startBot } from './bot/bot.ts'
import { isCallError } from './bot/errors.ts'
import { type Config, ConfigError, describeVariables, readConfig } from './config.ts'
import { CorpusError } from './memorandum/markdown.ts'
import { createLog, type LogEvent } from './operations/log.ts'
import { EncoderError } from './retrieval/encoder.ts'
import { chat } from './terminal/chat.ts'

const help = `Usage: npm start [-- --help]

With BOT_TOKEN: the Telegram bot. Without: the same assistant in this terminal, also for piped input.

Variables of the environment:
${describeVariables()}

Exit codes: 0 ended, 1 cannot start or cannot go on, 2 wrong usage`

/** Errors whose message is meant for the operator; anything else is a fault of the program. */
function isExpected(error: unknown): error is Error {
  return error instanceof ConfigError || error instanceof CorpusError || error instanceof EncoderError
}

async function main(): Promise<number> {
  let values: { help?: boolean | undefined }
  try {
    ;({ values } = parseArgs({ options: { help: { type: 'boolean', default: false } } }))
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n\n${help}`)
    return 2
  }
  if (values.help === true) {
    console.log(help)
    return 0
  }
  const config = readConfig(process.env)
  const opened = await openAssistant({ ...config, models: `${config.data}/models` }, console.error, (done, total) => {
    if (process.stderr.isTTY) process.stderr.write(`\rBuilding the index: ${done}/${total}${done === total ? '\n' : ''}`)
  })
  if (config.botToken === undefined) {
    console.error('BOT_TOKEN is not set: this is the assistant in the terminal. For the Telegram bot, get a token from @BotFather (send it /newbot) and run BOT_TOKEN=… npm start')
    const interactive = process.stdin.isTTY === true && process.stdout.isTTY === true
    await chat({ assistant: opened.assistant, input: process.stdin, output: process.stdout, interactive, language: 'hant' })
    return 0
  }
  return serve(config, config.botToken, opened)
}

/** Runs the bot until it is told to stop or Telegram does not accept the token. */
async function serve(config: Config, token: string, { assistant, retrieval, topics }: OpenedAssistant): Promise<number> {
  const log = createLog(config.logLevel)
  const stopping = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopping.abort())
  const { manifest } = retrieval.index
  const options: BotOptions = {
    token,
    apiRoot: config.apiRoot,
    assistant,
    library: retrieval.library,
    topics,
    log,
    owners: config.owners,
    groups: config.groups === undefined ? { kind: 'open' } : { kind: 'listed', ids: config.groups, leave: config.leaveUnlisted },
    fingerprints: { version: about.version, index: manifest.corpus, encoder: manifest.encoder.fingerprint },
    richMessages: config.richMessages,
  }
  const bot = await startPatiently(() => startBot(options), stopping.signal, log)
  if (bot === undefined) return 0
  const stopped = new Promise<void>((resolve) => stopping.signal.addEventListener('abort', () => resolve(), { once: true }))
  try {
    await Promise.race([bot.ended, stopped])
    return 0
  } finally {
    await bot.stop()
  }
}

/** Seconds between attempts to start while Telegram cannot be reached. */
const startWaits = [1, 2, 5, 10, 30]

/** Starts, and starts again while Telegram cannot be reached; `undefined` when told to stop meanwhile. @throws when Telegram refuses the token. */
async function startPatiently(start: () => Promise<RunningBot>, signal: AbortSignal, log: (event: LogEvent) => void): Promise<RunningBot | undefined> {
  for (let attempt = 0; !signal.aborted; attempt += 1) {
    try {
      return await start()
    } catch (error) {
      if (!isCallError(error) || error.kind === 'unauthorized' || error.kind === 'refused') throw error
      const seconds = startWaits[Math.min(attempt, startWaits.length - 1)] as number
      log({ event: 'start failed', kind: error.kind, seconds } as LogEvent)
      await setTimeout(seconds * 1000, undefined, { signal }).catch(() => {})
    }
  }
  return undefined
}

try {
  process.exitCode = await main()
} catch (error) {
  if (isCallError(error))
    console.error(
      error.kind === 'unauthorized'
        ? 'Telegram does not accept BOT_TOKEN: it was mistyped or revoked. Get the current one from @BotFather (/mybots, API Token).'
        : `Telegram refused to start the bot: ${error.message}`,
    )
  else console.error(isExpected(error) ? error.message : error)
  process.exitCode = 1
}
