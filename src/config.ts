import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { parseEnv } from 'node:util'
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

const portOf = (address: string): number => Number(address.slice(address.lastIndexOf(':') + 1))
const isHostAndPort = (address: string): boolean =>
  /^(?:[\w.-]+|\[[\da-f:]+\]):\d{1,5}$/iu.test(address) && portOf(address) >= 1 && portOf(address) <= 65_535
const hostOf = (address: string): string => withoutBrackets(address.slice(0, address.lastIndexOf(':')))
const withoutBrackets = (host: string): string => host.replace(/^\[|\]$/gu, '')

/** Telegram ids parted by commas. */
const ids = (message: string) =>
  z
    .string()
    .regex(/^\s*-?\d{1,16}(?:\s*,\s*-?\d{1,16})*\s*$/u, message)
    .transform((text) => text.split(',').map(Number))
    .optional()

const proxy = z
  .string()
  // proxy.example.org:3128
  .transform((address) => (address.includes('://') ? address : `http://${address}`))
  .pipe(z.url({ protocol: /^https?$/u, error: 'must be an http(s) address such as http://proxy.example.org:3128' }))
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
  HTTPS_PROXY: proxy.describe(
    'Proxy for calls to Telegram, such as http://proxy.example.org:3128; also in small letters. Default: none',
  ),
  HTTP_PROXY: proxy.describe('The same for a TELEGRAM_API_ROOT without TLS. Default: none'),
  NO_PROXY: z
    .string()
    .optional()
    .describe('Hosts that are reached without a proxy, parted by commas; * is all. Default: this machine'),
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
  HOST: z
    .string()
    .regex(/^(?:[\w.-]+|\[?[\da-f:]+\]?)$/iu, 'must be an address of this machine such as 127.0.0.1')
    .optional()
    .describe('Address that the webhook listens at, such as 127.0.0.1. Default: all of the machine'),
  PORT: whole(1, 65_535, 8080).describe('Port of the webhook, 1 to 65535. Default: 8080'),
  RECLAIM_UPDATES: z
    .enum(['true', 'false'], { error: 'must be true or false' })
    .default('true')
    .describe(
      'Whether a webhook that another process took away is set again, and one in the way of polling removed, true or false. Default: true',
    ),
  METRICS_ADDRESS: z
    .string()
    .refine(isHostAndPort, 'must be host:port with a port from 1 to 65535, such as 127.0.0.1:9464')
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

/** Variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>

export type Config = {
  readonly botToken: string | undefined
  readonly botTokenBefore: string | undefined
  readonly apiRoot: string
  /** Address of the proxy for calls to Telegram; may hold a password. `undefined`: none. */
  readonly proxy: string | undefined
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
  readonly webhook:
    | {
        readonly url: string
        readonly secret: string
        /** `undefined`: every address of the machine. */
        readonly host: string | undefined
        readonly port: number
      }
    | undefined
  /** Whether updates that another process draws away are taken back. */
  readonly reclaimUpdates: boolean
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

const proxyNames = ['HTTPS_PROXY', 'HTTP_PROXY', 'NO_PROXY'] as const

/** The proxy on the way to an address: none to this machine, nor to what `NO_PROXY` names. */
function proxyTo(
  { protocol, hostname, port }: URL,
  { HTTPS_PROXY, HTTP_PROXY, NO_PROXY = '' }: z.output<typeof variables>,
): string | undefined {
  if (/^(?:localhost|127(?:\.\d+){3}|\[::1\])$/u.test(hostname)) return undefined
  const exceptions = NO_PROXY.toLowerCase()
    .split(/[\s,]+/u)
    .filter((entry) => entry !== '')
  const isException = exceptions.some((entry) => {
    // telegram.org, .telegram.org, *.telegram.org:443
    const { host = '', at } = /^(?:\*?\.)?(?<host>.*?)(?::(?<at>\d+))?$/u.exec(entry)?.groups ?? {}
    const fits = host === '*' || hostname === host || hostname.endsWith(`.${host}`)
    return fits && (at === undefined || at === (port || (protocol === 'https:' ? '443' : '80')))
  })
  if (isException) return undefined
  return protocol === 'https:' ? HTTPS_PROXY : HTTP_PROXY
}

/** Whether webhook and metrics are to listen at the same address and port. */
function wantsPortTwice({ WEBHOOK_URL, HOST, PORT, METRICS_ADDRESS: metrics }: z.output<typeof variables>): boolean {
  if (WEBHOOK_URL === undefined || metrics === undefined || portOf(metrics) !== PORT) return false
  return HOST === undefined || withoutBrackets(HOST) === hostOf(metrics)
}

/**
 * The environment with what a file of `NAME=value` lines adds: what stands in the environment wins, also when it is
 * empty. Without the file it is the environment alone. The file is read as Node does, except that a line which is none
 * is named instead of passed over.
 * @throws {ConfigError} naming the first line that cannot be read, never what stands there.
 */
export function environmentWith(environment: Environment, file: string): Environment {
  let text: string
  try {
    // Editors of Windows begin a file with a mark.
    text = readFileSync(file, 'utf8').replace(/^\uFEFF/u, '')
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code === 'ENOENT') return environment
    throw new ConfigError(`Cannot read ${file}: ${code}. Make it a file that this user may read, or remove it`)
  }
  const broken = brokenLine(text)
  if (broken !== undefined)
    throw new ConfigError(`Cannot read ${file}: line ${broken} is not understood. Write NAME=value, or # before a note`)
  return { ...parseEnv(text), ...environment }
}

/** Number of the first line that is no assignment, remark or empty; 1 is the first. */
function brokenLine(text: string): number | undefined {
  let opened: { readonly mark: string; readonly line: number } | undefined
  for (const [at, line] of text.split(/\r?\n/u).entries()) {
    if (opened !== undefined) {
      if (line.includes(opened.mark)) opened = undefined
      continue
    }
    if (/^\s*(?:#|$)/u.test(line)) continue
    // BOT_TOKEN=123:AA…   export OWNERS="1,2"   NOTE='two
    const value = /^\s*(?:export\s+)?[A-Za-z_][\w.-]*\s*=\s*(?<value>.*)$/u.exec(line)?.groups?.value
    if (value === undefined) return at + 1
    const mark = /^["'`]/u.exec(value)?.[0]
    if (mark !== undefined && !value.includes(mark, 1)) opened = { mark, line: at + 1 }
  }
  return opened?.line
}

/**
 * Reads the configuration from an environment. Empty variables count as absent.
 * @throws {ConfigError} naming all mistakes at once.
 */
export function readConfig(environment: Environment): Config {
  const named: Environment = {
    ...environment,
    ...Object.fromEntries(proxyNames.map((name) => [name, environment[name.toLowerCase()] || environment[name]])),
  }
  const present = Object.fromEntries(
    Object.entries(named).filter(
      ([name, value]) => Object.hasOwn(variables.shape, name) && value !== undefined && value.trim() !== '',
    ),
  )
  // A machine may have proxies of kinds that are unknown here; without calls to Telegram they are nobody's business.
  if (present.BOT_TOKEN === undefined) for (const name of proxyNames) delete present[name]
  const checked = variables.safeParse(present)
  // Also beside other mistakes: all are told at once.
  const unguarded = present.WEBHOOK_URL !== undefined && present.WEBHOOK_SECRET === undefined
  const isPortTwice = checked.success && wantsPortTwice(checked.data)
  if (!checked.success || unguarded || isPortTwice) {
    const mistakes = (checked.error?.issues ?? []).map((issue) => `${issue.path.join('.')} ${issue.message}`)
    if (unguarded) mistakes.push('WEBHOOK_SECRET is needed with WEBHOOK_URL: choose 1 to 256 letters, digits, _ or -')
    if (isPortTwice) mistakes.push('METRICS_ADDRESS must have another port than PORT, which is that of the webhook')
    const count = mistakes.length === 1 ? '1 variable is' : `${mistakes.length} variables are`
    throw new ConfigError(
      `Cannot start: ${count} wrong. ${mistakes.join('; ')}. "npm start -- --help" says what each one means`,
    )
  }
  const values = checked.data
  const apiRoot = values.TELEGRAM_API_ROOT.replace(/\/+$/u, '')
  return {
    botToken: values.BOT_TOKEN,
    botTokenBefore: values.BOT_TOKEN_BEFORE,
    apiRoot,
    proxy: proxyTo(new URL(apiRoot), values),
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
        : {
            url: values.WEBHOOK_URL,
            secret: values.WEBHOOK_SECRET,
            host: values.HOST === undefined ? undefined : withoutBrackets(values.HOST),
            port: values.PORT,
          },
    reclaimUpdates: values.RECLAIM_UPDATES === 'true',
    metrics:
      values.METRICS_ADDRESS === undefined
        ? undefined
        : {
            host: hostOf(values.METRICS_ADDRESS),
            port: portOf(values.METRICS_ADDRESS),
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
