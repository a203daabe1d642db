import { parseArgs } from 'node:util'
import { openAssistant } from './answer/open.ts'
import { ConfigError, describeVariables, readConfig } from './config.ts'
import { CorpusError } from './memorandum/markdown.ts'
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
  const { assistant } = await openAssistant({ ...config, models: `${config.data}/models` }, console.error, (done, total) => {
    if (process.stderr.isTTY) process.stderr.write(`\rBuilding the index: ${done}/${total}${done === total ? '\n' : ''}`)
  })
  if (config.botToken === undefined) {
    console.error('BOT_TOKEN is not set: this is the assistant in the terminal. For the Telegram bot, get a token from @BotFather (send it /newbot) and run BOT_TOKEN=… npm start')
    const interactive = process.stdin.isTTY === true && process.stdout.isTTY === true
    await chat({ assistant, input: process.stdin, output: process.stdout, interactive, language: 'hant' })
    return 0
  }
  return 0
}

try {
  process.exitCode = await main()
} catch (error) {
  console.error(isExpected(error) ? error.message : error)
  process.exitCode = 1
}
