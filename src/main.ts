import { parseArgs } from 'node:util'
import { openAssistant } from './answer/open.ts'
import { type Config, ConfigError, describeVariables, type Environment, environmentWith, readConfig } from './config.ts'
import { describeFailure } from './operations/failure.ts'
import { createLog } from './operations/log.ts'
import type { Language } from './phrases/answers.ts'
import { languageOf } from './phrases/bot.ts'
import { fingerprintsOf, selfTest, serve } from './service.ts'
import { chat } from './terminal/chat.ts'

const help = `Usage: npm start [-- --help]

With BOT_TOKEN: the Telegram bot. Without: the same assistant in this terminal, also for piped input.

Variables of the environment, and of a file .env in the working folder where the environment lacks them:
${describeVariables()}

Exit codes: 0 ended, 1 cannot start or cannot go on, 2 wrong usage`

/**
 * Traditional, the script of the documents, unless the terminal is set to Simplified. Machines are set to English by
 * default, so that says nothing.
 */
function localeLanguage({ LC_ALL, LC_MESSAGES, LANG }: NodeJS.ProcessEnv): Language {
  return languageOf((LC_ALL || LC_MESSAGES || LANG)?.replace(/\..*$/u, '')) === 'hans' ? 'hans' : 'hant'
}

const assistantFiles = (config: Config) => ({ ...config, models: `${config.data}/models` })

/** The assistant in this terminal. */
async function talk(config: Config, environment: Environment): Promise<void> {
  const { assistant, topics, retrieval } = await openAssistant(assistantFiles(config), console.error, (done, total) => {
    if (process.stderr.isTTY)
      process.stderr.write(`\rBuilding the index: ${done}/${total}${done === total ? '\n' : ''}`)
  })
  console.error(
    'BOT_TOKEN is not set: this is the assistant in the terminal. For the Telegram bot, get a token from @BotFather (send it /newbot) and run BOT_TOKEN=… npm start',
  )
  const { library, index } = retrieval
  await chat({
    assistant,
    library,
    topics,
    input: process.stdin,
    output: process.stdout,
    interactive: process.stdin.isTTY === true && process.stdout.isTTY === true,
    language: localeLanguage(environment),
    folder: process.cwd(),
    fingerprints: fingerprintsOf(index.manifest),
    selfTest: () => selfTest(assistant, library),
  })
}

/** One line on standard error that says what failed and what to do. */
function tell(error: unknown, secrets: readonly string[]): void {
  console.error(error instanceof ConfigError ? error.message : describeFailure(error, secrets))
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
  let secrets: readonly string[] = []
  try {
    const environment = environmentWith(process.env, '.env')
    const config = readConfig(environment)
    const { botToken: token } = config
    if (token === undefined) {
      await talk(config, environment)
      return 0
    }
    secrets = [token, config.webhook?.secret ?? '', config.stateUrl ?? '', config.proxy ?? '']
    // What nobody waits for fails here.
    process.once('uncaughtException', (error) => {
      tell(error, secrets)
      process.exit(1)
    })
    const stopping = new AbortController()
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopping.abort())
    await serve({
      config,
      token,
      open: (say) => openAssistant(assistantFiles(config), say),
      log: createLog(config.logLevel),
      stopped: stopping.signal,
    })
    return 0
  } catch (error) {
    tell(error, secrets)
    return 1
  }
}

// Said aloud: a timer, a connection or a call to Telegram that is still under way must not keep the process alive.
process.exit(await main())
