import { parseArgs } from 'node:util'
import { openAssistant } from './answer/open.ts'
import { ConfigError, describeVariables, readConfig } from './config.ts'
import { CorpusError } from './memorandum/markdown.ts'
import { faultText } from './operations/fault.ts'
import { createLog } from './operations/log.ts'
import type { Language } from './phrases/answers.ts'
import { languageOf } from './phrases/bot.ts'
import { EncoderError } from './retrieval/encoder.ts'
import { fingerprintsOf, selfTest, serve } from './service.ts'
import { StateError } from './state/store.ts'
import { isCallError } from './telegram/errors.ts'
import { chat } from './terminal/chat.ts'

const help = `Usage: npm start [-- --help]

With BOT_TOKEN: the Telegram bot. Without: the same assistant in this terminal, also for piped input.

Variables of the environment:
${describeVariables()}

Exit codes: 0 ended, 1 cannot start or cannot go on, 2 wrong usage`

/** An address of the configuration that is taken or does not exist: `listen EADDRINUSE: … 127.0.0.1:9464`. */
const isAddressError = (error: unknown): boolean =>
  error instanceof Error && 'syscall' in error && (error.syscall === 'listen' || error.syscall === 'getaddrinfo')

/** Errors whose message is meant for the operator; anything else is a fault of the program. */
function isExpected(error: unknown): error is Error {
  return (
    error instanceof ConfigError ||
    error instanceof CorpusError ||
    error instanceof EncoderError ||
    error instanceof StateError ||
    isAddressError(error)
  )
}

/**
 * Traditional, the script of the documents, unless the terminal is set to Simplified. Machines are set to English by
 * default, so that says nothing.
 */
function localeLanguage({ LC_ALL, LC_MESSAGES, LANG }: NodeJS.ProcessEnv): Language {
  return languageOf((LC_ALL || LC_MESSAGES || LANG)?.replace(/\..*$/u, '')) === 'hans' ? 'hans' : 'hant'
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
    if (process.stderr.isTTY)
      process.stderr.write(`\rBuilding the index: ${done}/${total}${done === total ? '\n' : ''}`)
  })
  if (config.botToken === undefined) {
    console.error(
      'BOT_TOKEN is not set: this is the assistant in the terminal. For the Telegram bot, get a token from @BotFather (send it /newbot) and run BOT_TOKEN=… npm start',
    )
    const interactive = process.stdin.isTTY === true && process.stdout.isTTY === true
    const { assistant, topics, retrieval } = opened
    const { library, index } = retrieval
    await chat({
      assistant,
      library,
      topics,
      input: process.stdin,
      output: process.stdout,
      interactive,
      language: localeLanguage(process.env),
      folder: process.cwd(),
      fingerprints: fingerprintsOf(index.manifest),
      selfTest: () => selfTest(assistant, library),
    })
    return 0
  }
  const stopping = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopping.abort())
  await serve(config, config.botToken, opened, createLog(config.logLevel), stopping.signal)
  return 0
}

/** One line for what the operator can mend, the way to the fault for what only the program can. */
function lastWords(error: unknown): string {
  if (isCallError(error))
    return error.kind === 'unauthorized'
      ? 'Telegram does not accept BOT_TOKEN: it was mistyped or revoked. Get the current one from @BotFather (/mybots, API Token).'
      : `Telegram refused to start the bot: ${error.message}`
  return isExpected(error) ? error.message : faultText(error)
}

// Node's own last words would hold the message of the fault, which may quote people or the token.
process.once('uncaughtException', (error) => {
  console.error(lastWords(error))
  process.exit(1)
})
try {
  process.exitCode = await main()
} catch (error) {
  console.error(lastWords(error))
  process.exitCode = 1
}
