import { createHash } from 'node:crypto'
import { z } from 'zod'

const defaultApiRoot = 'https://api.telegram.org'

/** A number in the environment, whole, from `low` to `high`. */
const whole = (low: number, high: number, fallback: number) =>
  z
    .string()
    .regex(/^\d+$/u, `must be a whole number from ${low} to ${high}`)
    .transform(Number)
    .refine((value) => value >= low && value <= high, `must be from ${low} to ${high}`)
    .default(fallback)

const folder = (fallback: string) => z.string().min(1, 'must name a folder').default(fallback)

/** Telegram ids parted by commas. */
const ids = (message: string) =>
  z
    .string()
    .regex(/^\s*-?\d{1,16}(?:\s*,\s*-?\d{1,16})*\s*$/u, message)
    .transform((text) => text.split(',').map(Number))
    .optional()

/** Every variable of the environment: meaning, unit, default. The descriptions are what --help prints. */
const variables = z.object({
  BOT_TOKEN: z
    .string()
    .regex(/^\d+:[\w-]+$/u, 'must look like 123456789:AA…; get one from @BotFather in Telegram with /newbot')
    .optional()
    .describe(
      'Token of the Telegram bot, from @BotFather. Without it the assistant answers in the terminal. Default: none',
    ),
  BOT_TOKEN_BEFORE: z
    .string()
    .regex(/^\d+:[\w-]+$/u, 'must look like 123456789:AA…: the token that the bot had before')
    .optional()
    .describe(
      'The token that the same bot had before BOT_TOKEN, for one start: what was stored with it is taken over. Default: none',
    ),
  TELEGRAM_API_ROOT: z
    .url({ protocol: /^https?$/u, error: 'must be an http(s) address such as https://api.telegram.org' })
    .default(defaultApiRoot)
    .describe('Address of the Bot API server. Default: https://api.telegram.org'),
  OWNERS: ids('must be user ids parted by commas, such as 12345,67890').describe(
    'Telegram user ids of the owners, parted by commas: they grant groups access and may run /selftest. Default: none',
  ),
  ALLOWED_GROUPS: ids('must be chat ids parted by commas, such as -1001234567890').describe(
    'Chat ids of the groups that may use the bot, parted by commas; more are granted by owners in Telegram. Empty: every group. Default: empty',
  ),
  LEAVE_UNLISTED: z
    .enum(['true', 'false'], { error: 'must be true or false' })
    .default('false')
    .describe('Whether the bot leaves groups that ALLOWED_GROUPS does not list, true or false. Default: false'),
  RICH_MESSAGES: z
    .enum(['true', 'false'], { error: 'must be true or false' })
    .default('true')
    .describe('Whether comparisons are sent as native tables where Telegram has them, true or false. Default: true'),
  CORPUS: folder('corpus').describe('Folder of the memoranda. Default: corpus'),
  INDEX: folder('index').describe('Folder of the search index; rebuilt when it does not fit. Default: index'),
  DATA: folder('data').describe('Folder for what must outlive a restart, and for downloaded models. Default: data'),
  ENCODER: folder('index/encoder').describe(
    'Folder of the encoder, or a hub id such as Xenova/bge-small-zh-v1.5, fetched once. Default: index/encoder',
  ),
  ENCODER_TIMEOUT: whole(1, 3600, 120).describe(
    'Longest time for fetching an encoder, in seconds, 1 to 3600. Default: 120',
  ),
  STATE_URL: z
    .url({ protocol: /^rediss?$/u, error: 'must be an address such as redis://127.0.0.1:6379/0' })
    .optional()
    .describe('Redis that several replicas share. Without it the state is in a file in DATA. Default: none'),
  WEBHOOK_URL: z
    .url({ protocol: /^https?$/u, error: 'must be an address such as https://bot.example.org/telegram' })
    .optional()
    .describe('Public address that Telegram sends updates to. Without it the bot polls. Default: none'),
  WEBHOOK_SECRET: z
    .string()
    .regex(/^[\w-]{1,256}$/u, 'must be 1 to 256 letters, digits, _ or -')
    .optional()
    .describe('What Telegram must repeat with every update; needed with WEBHOOK_URL. Default: none'),
  PORT: whole(1, 65_535, 8080).describe('Port of the webhook, 1 to 65535. Default: 8080'),
  METRICS_ADDRESS: z
    .string()
    .regex(/^(?:[\w.-]+|\[[\da-f:]+\]):\d{1,5}$/u, 'must be host:port such as 127.0.0.1:9464')
    .optional()
    .describe('Where /metrics, /health and /ready are served, host:port. Default: off'),
  CONCURRENCY: whole(1, 256, 32).describe('Updates handled at the same time, 1 to 256. Default: 32'),
  MESSAGES_PER_SECOND: whole(1, 1000, 30).describe(
    'Messages and edits to all chats together, a second; Telegram allows about 30 unless it granted more, 1 to 1000. Default: 30',
  ),
  LOG_QUESTIONS: z
    .enum(['true', 'false'], { error: 'must be true or false' })
    .default('false')
    .describe('Whether questions are written to the log as typed, for finding faults, true or false. Default: false'),
  LOG_LEVEL: z
    .enum(['debug', 'info', 'warn', 'error'], { error: 'must be debug, info, warn or error' })
    .default('info')
    .describe('Least grave log line that is written: debug, info, warn or error. Default: info'),
})

export type Config = {
  readonly botToken: string | undefined
  readonly botTokenBefore: string | undefined
  readonly apiRoot: string
  readonly owners: readonly number[]
  /** `undefined`: every group. */
  readonly groups: readonly number[] | undefined
  readonly leaveUnlisted: boolean
  readonly richMessages: boolean
  readonly stateUrl: string | undefined
  /**
   * Folder of the embedded states, one folder for each bot in it: `data`, or a folder in it for another Bot API server,
   * whose numbers of updates and messages are its own.
   */
  readonly stateFolder: string
  /** `undefined`: the bot polls. */
  readonly webhook: { readonly url: string; readonly secret: string; readonly port: number } | undefined
  readonly metrics: { readonly host: string; readonly port: number } | undefined
  /** Updates handled at the same time. */
  readonly concurrency: number
  /** Messages and edits to all chats together. */
  readonly messagesPerSecond: number
  readonly corpus: string
  readonly index: string
  readonly data: string
  readonly encoder: string
  /** Milliseconds. */
  readonly downloadTimeout: number
  /** Questions go to the log as typed; said at the start. */
  readonly logQuestions: boolean
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error'
}

/** The configuration is wrong; the message names every variable with what to do, never its value. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
}

/**
 * Reads the configuration from an environment. Empty variables count as absent.
 * @throws {ConfigError} naming all mistakes at once.
 */
export function readConfig(environment: Readonly<Record<string, string | undefined>>): Config {
  const present = Object.fromEntries(
    Object.entries(environment).filter(
      ([name, value]) => name in variables.shape && value !== undefined && value.trim() !== '',
    ),
  )
  const checked = variables.safeParse(present)
  // Also beside other mistakes: all are told at once.
  const unguarded = present.WEBHOOK_URL !== undefined && present.WEBHOOK_SECRET === undefined
  if (!checked.success || unguarded) {
    const lines = (checked.error?.issues ?? []).map((issue) => `  ${issue.path.join('.')} ${issue.message}`)
    if (unguarded) lines.push('  WEBHOOK_SECRET is needed with WEBHOOK_URL: choose 1 to 256 letters, digits, _ or -')
    throw new ConfigError(
      `Cannot start: ${lines.length} ${lines.length === 1 ? 'variable is' : 'variables are'} wrong.\n${lines.join('\n')}\nRun "npm start -- --help" for what each one means.`,
    )
  }
  const values = checked.data
  const apiRoot = values.TELEGRAM_API_ROOT.replace(/\/+$/u, '')
  const metricsAt = values.METRICS_ADDRESS?.lastIndexOf(':') ?? -1
  return {
    botToken: values.BOT_TOKEN,
    botTokenBefore: values.BOT_TOKEN_BEFORE,
    apiRoot,
    owners: values.OWNERS ?? [],
    groups: values.ALLOWED_GROUPS,
    leaveUnlisted: values.LEAVE_UNLISTED === 'true',
    richMessages: values.RICH_MESSAGES === 'true',
    stateUrl: values.STATE_URL,
    stateFolder:
      apiRoot === defaultApiRoot
        ? values.DATA
        : `${values.DATA}/api-${createHash('sha256').update(apiRoot).digest('hex').slice(0, 12)}`,
    webhook:
      values.WEBHOOK_URL === undefined || values.WEBHOOK_SECRET === undefined
        ? undefined
        : { url: values.WEBHOOK_URL, secret: values.WEBHOOK_SECRET, port: values.PORT },
    metrics:
      values.METRICS_ADDRESS === undefined
        ? undefined
        : {
            host: values.METRICS_ADDRESS.slice(0, metricsAt).replace(/^\[|\]$/gu, ''),
            port: Number(values.METRICS_ADDRESS.slice(metricsAt + 1)),
          },
    concurrency: values.CONCURRENCY,
    messagesPerSecond: values.MESSAGES_PER_SECOND,
    corpus: values.CORPUS,
    index: values.INDEX,
    data: values.DATA,
    encoder: values.ENCODER,
    downloadTimeout: values.ENCODER_TIMEOUT * 1000,
    logQuestions: values.LOG_QUESTIONS === 'true',
    logLevel: values.LOG_LEVEL,
  }
}

/** One line a variable, for --help. */
export function describeVariables(): string {
  const entries = Object.entries(variables.shape)
  const width = Math.max(...entries.map(([name]) => name.length))
  return entries.map(([name, schema]) => `  ${name.padEnd(width)}  ${schema.description ?? ''}`).join('\n')
}
