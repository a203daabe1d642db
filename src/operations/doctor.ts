import { constants } from 'node:fs'
import { access, mkdir, statfs } from 'node:fs/promises'
import { embeddedFile } from '../embedded/home.ts'
import { inspectFile } from '../embedded/inspection.ts'
import { inspectShared } from '../shared/home.ts'
import { StateError, type StateErrorKind } from '../state/store.ts'
import { isCallError } from '../telegram/errors.ts'
import type { Gateway } from '../telegram/gateway.ts'

/** `warning`: it works, and something is worth knowing. `wrong`: it does not work. */
export type Finding =
  | { readonly check: string; readonly status: 'fine'; readonly detail: string }
  | { readonly check: string; readonly status: 'warning' | 'wrong'; readonly detail: string; readonly todo: string }

/** One question about the service. Rejecting is a finding too. */
export interface Check {
  readonly name: string
  readonly run: () => Promise<Finding | readonly Finding[]>
}

const fine = (check: string, detail: string): Finding => ({ check, status: 'fine', detail })
const warning = (check: string, detail: string, todo: string): Finding => ({ check, status: 'warning', detail, todo })
const wrong = (check: string, detail: string, todo: string): Finding => ({ check, status: 'wrong', detail, todo })

/** Runs the checks one after the other. Never rejects. */
export async function examine(checks: readonly Check[]): Promise<readonly Finding[]> {
  const findings: Finding[] = []
  for (const { name, run } of checks) {
    try {
      findings.push(...[await run()].flat())
    } catch (error) {
      findings.push(
        wrong(
          name,
          error instanceof Error ? error.message : 'failed',
          'See the line before it, then run "npm run doctor" again',
        ),
      )
    }
  }
  return findings
}

/** One line each, and what to do below it. */
export function describeFindings(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map(({ check }) => check.length))
  const lines = findings.map((finding) => {
    const line = `${finding.status.padEnd(7)}  ${finding.check.padEnd(width)}  ${finding.detail}`
    return finding.status === 'fine' ? line : `${line}\n${' '.repeat(width + 11)}→ ${finding.todo}`
  })
  const count = (status: Finding['status']) => findings.filter((finding) => finding.status === status).length
  return [...lines, `${count('fine')} fine, ${count('warning')} to know, ${count('wrong')} wrong`].join('\n')
}

const oldest = [20, 19] as const

export const nodeCheck = (version: string): Check => ({
  name: 'Node',
  run: async () => {
    const [major = 0, minor = 0] = version.split('.').map(Number)
    const isOld = major < oldest[0] || (major === oldest[0] && minor < oldest[1])
    return isOld ? wrong('Node', version, `Install Node ${oldest.join('.')} or newer`) : fine('Node', version)
  },
})

/** Whether a package with a native part loads; `load` rejects when it does not. */
export const nativeCheck = (
  name: string,
  load: () => Promise<unknown>,
  hasCompiler: () => Promise<boolean>,
): Check => ({
  name,
  run: async () => {
    try {
      await load()
      return fine(name, 'loads')
    } catch {
      return (await hasCompiler())
        ? wrong(name, 'does not load', `Build it: npm rebuild ${name}`)
        : wrong(
            name,
            'does not load, and there is no C++ compiler',
            'Install one (Debian: apt-get install g++ make python3), then run npm ci',
          )
    }
  },
})

const leastFree = 200_000_000

export const diskCheck = (folder: string): Check => ({
  name: 'Disk',
  run: async () => {
    try {
      await mkdir(folder, { recursive: true })
      await access(folder, constants.W_OK)
    } catch {
      return wrong(
        'Disk',
        `${folder} cannot be written to`,
        'Give the folder to the user of the service, or name another in DATA',
      )
    }
    const { bavail, bsize } = await statfs(folder)
    const free = bavail * bsize
    const detail = `${Math.round(free / 1e6)} MB free for ${folder}`
    return free < leastFree ? wrong('Disk', detail, 'Free at least 200 MB') : fine('Disk', detail)
  },
})

/**
 * The stored state, in the home that is configured, also while the service uses it. Makes nothing. `folder`: that of the
 * bot; undefined without a token.
 */
export const stateCheck = (folder: string | undefined, url: string | undefined): Check => ({
  name: 'State',
  run: async () => {
    if (url !== undefined) return await sharedFindings(url)
    if (folder === undefined) return fine('State', 'none: nothing is stored without BOT_TOKEN')
    const path = embeddedFile(folder)
    try {
      const found = inspectFile(path)
      if (found === undefined) return fine('State', `none yet; it will be ${path}`)
      return fine('State', `${path}, format ${found.format}, ${found.waiting} updates wait`)
    } catch (error) {
      if (!(error instanceof StateError)) throw error
      return wrong('State', error.message, todos[error.kind] ?? 'Do what it says, then run "npm run doctor" again')
    }
  },
})

const todos: Readonly<Partial<Record<StateErrorKind, string>>> = {
  damaged: 'Stop the service and restore a back-up: npm run state -- restore FILE --replace',
  'too new': 'Start the version that wrote it',
  'in use': 'Run "npm run doctor" again when the service has less to do',
}

async function sharedFindings(url: string): Promise<readonly Finding[]> {
  try {
    const { version, appendOnly, policy } = await inspectShared(url)
    const found = [fine('State', `Redis ${version}`)]
    if (!appendOnly)
      found.push(
        warning(
          'State',
          'Redis keeps changes in memory between snapshots',
          'Set "appendonly yes" in redis.conf, or a crash of Redis loses questions',
        ),
      )
    if (policy !== 'noeviction')
      found.push(
        warning(
          'State',
          `Redis may throw state away when its memory is full (${policy})`,
          'Set "maxmemory-policy noeviction" in redis.conf',
        ),
      )
    return found
  } catch (error) {
    if (!(error instanceof StateError)) throw error
    const todo =
      error.reason === 'connection refused' || error.reason === 'no answer'
        ? 'Start it (Debian: systemctl start redis-server) and check STATE_URL'
        : 'Do what it says, and check STATE_URL'
    return [wrong('State', error.message, todo)]
  }
}

interface TelegramSettings {
  /** Undefined without BOT_TOKEN. */
  readonly gateway: Pick<Gateway, 'call'> | undefined
  readonly webhookUrl: string | undefined
}

const limits = { attempts: 2, deadlineMs: 5000, totalMs: 12_000 } as const

/** Token, privacy mode, inline mode and how updates arrive. Changes nothing and takes no update from whoever polls. */
export const telegramCheck = ({ gateway, webhookUrl }: TelegramSettings): Check => ({
  name: 'Token',
  run: async () => {
    if (gateway === undefined)
      return warning(
        'Token',
        'BOT_TOKEN is not set',
        'Without it the assistant answers in the terminal. Get one from @BotFather with /newbot',
      )
    let me: Awaited<ReturnType<typeof gateway.call<'getMe'>>>
    try {
      me = await gateway.call('getMe', {}, limits)
    } catch (error) {
      if (isCallError(error) && (error.kind === 'unauthorized' || error.kind === 'refused'))
        return wrong('Token', 'Telegram does not accept it', 'Get the current one from @BotFather (/mybots, API Token)')
      return wrong(
        'Token',
        `Telegram cannot be reached (${isCallError(error) ? error.kind : 'unknown'})`,
        'Check the network and TELEGRAM_API_ROOT',
      )
    }
    const found = [fine('Token', `@${me.username}`)]
    found.push(
      me.can_read_all_group_messages
        ? warning(
            'Privacy mode',
            'off: the bot receives every message of its groups',
            'It answers only when spoken to. To receive no more than that: @BotFather, /setprivacy, Enable',
          )
        : fine('Privacy mode', 'on: in groups the bot receives commands and replies'),
    )
    found.push(
      me.supports_inline_queries ? fine('Inline mode', 'on') : warning('Inline mode', 'off', '@BotFather, /setinline'),
    )
    return [...found, ...(await deliveryFindings(gateway, webhookUrl))]
  },
})

/** Telegram names the webhook's last failure in words that may quote addresses: only whether there is one is told. */
async function deliveryFindings(
  gateway: Pick<Gateway, 'call'>,
  webhookUrl: string | undefined,
): Promise<readonly Finding[]> {
  const info = await gateway.call('getWebhookInfo', {}, limits)
  const pending = `${info.pending_update_count} updates wait at Telegram`
  const isSet = info.url !== undefined && info.url !== ''
  if (webhookUrl === undefined) {
    return isSet
      ? [
          warning(
            'Updates',
            `a webhook is set although none is configured; ${pending}`,
            'The start removes it. If another service uses this token, it needs a token of its own',
          ),
        ]
      : [fine('Updates', `by polling; ${pending}. Only one process may poll`)]
  }
  if (info.url !== webhookUrl)
    return [
      warning(
        'Updates',
        `${isSet ? 'another webhook is set' : 'the webhook is not set yet'}; ${pending}`,
        'The start sets it',
      ),
    ]
  const failedAgo =
    info.last_error_date === undefined ? undefined : Math.round(Date.now() / 1000 - info.last_error_date)
  if (failedAgo !== undefined && failedAgo < 600)
    return [
      warning(
        'Updates',
        `Telegram could not deliver ${failedAgo} s ago; ${pending}`,
        'Check that WEBHOOK_URL leads to this service from outside, with a valid certificate',
      ),
    ]
  return [fine('Updates', `by webhook; ${pending}`)]
}
