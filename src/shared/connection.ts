import { Redis } from 'ioredis'
import type { Outage } from '../state/outage.ts'
import { type AwayReason, lasts, reasonOfRedis } from '../state/reasons.ts'
import { away, StateError } from '../state/store.ts'

/** Where a Redis is and how to enter it. */
interface Address {
  readonly host: string
  readonly port: number
  readonly tls: boolean
  readonly username: string | undefined
  readonly password: string | undefined
  readonly database: number
}

/** Throws StateError `refused`: a number of a database that cannot be read must not become 0. */
function parseAddress(text: string): Address {
  const url = new URL(text)
  const database = /^\/?(?<number>\d*)$/u.exec(url.pathname)?.groups?.number
  if (database === undefined)
    throw new StateError('refused', 'Cannot use STATE_URL: behind the host stands the number of a database, such as /0')
  return {
    host: url.hostname.replace(/^\[|\]$/gu, ''),
    port: url.port === '' ? 6379 : Number(url.port),
    tls: url.protocol === 'rediss:',
    username: decodeURIComponent(url.username) || undefined,
    password: decodeURIComponent(url.password) || undefined,
    database: Number(database),
  }
}

/** A connection to one Redis that comes back by itself. */
export interface Connection {
  /** Only for use inside `ask`. */
  readonly redis: Redis
  /** Throws StateError `away` with the reason for what Redis, or the connection to it, refuses. `what`: as in "write". */
  ask<T>(what: string, command: () => Promise<T>): Promise<T>
  close(): Promise<void>
}

export interface ConnectionOptions {
  readonly url: string
  /** How long to wait at the start. Milliseconds. */
  readonly patienceMs: number
  /** How long one command may take. Milliseconds. */
  readonly commandMs: number
  readonly outage: Outage
}

const passwordNotWanted = /without any password configured|no password is set/u

/**
 * Enters: name, password, database, and one reading. ioredis would do so by itself, says some failures on standard error
 * and goes on with database 0 where the number is too high.
 */
async function enter(redis: Redis, { username, password, database }: Address): Promise<void> {
  if (password !== undefined)
    try {
      await (username === undefined ? redis.auth(password) : redis.auth(username, password))
    } catch (error) {
      if (!(error instanceof Error && passwordNotWanted.test(error.message))) throw error
    }
  await redis.select(database)
  // Refused while Redis reads its data, and without a password.
  await redis.exists('memoranda:')
}

/**
 * Throws StateError `away` when the connection does not stand within `patienceMs`, or at once when waiting is in vain.
 */
export async function connectShared(options: ConnectionOptions): Promise<Connection> {
  const { patienceMs, commandMs, outage } = options
  const address = parseAddress(options.url)
  const redis = new Redis({
    host: address.host,
    port: address.port,
    ...(address.tls ? { tls: {} } : {}),
    lazyConnect: true,
    connectTimeout: commandMs,
    commandTimeout: commandMs,
    // Fail at once instead of piling up: whoever asked decides whether to come again.
    enableOfflineQueue: false,
    enableReadyCheck: false,
    disableClientInfo: true,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    retryStrategy: (times) => Math.min(50 * 2 ** Math.min(times, 6), 1000),
  })
  let isOpen = false
  let closed = false
  /** Why it is not open. */
  let reason: AwayReason = 'no answer'
  let note: (outcome: AwayReason | 'open') => void = () => {}

  function lost(found: AwayReason): void {
    isOpen = false
    reason = found
    if (closed) return
    note(found)
  }
  // Also what keeps a failing connection from ending the process. The error itself may hold the address with its
  // password.
  redis.on('error', (error: unknown) => lost(reasonOfRedis(error) ?? 'connection lost'))
  redis.on('close', () => lost(isOpen ? 'connection lost' : reason))
  redis.on('ready', async () => {
    try {
      await enter(redis, address)
    } catch (error) {
      lost(reasonOfRedis(error) ?? 'connection lost')
      if (!closed) redis.disconnect(true)
      return
    }
    isOpen = true
    note('open')
  })

  async function ask<T>(what: string, command: () => Promise<T>): Promise<T> {
    if (closed) throw away(what, 'closed')
    if (!isOpen) throw away(what, reason)
    try {
      return await command()
    } catch (error) {
      if (error instanceof StateError) throw error
      const found = reasonOfRedis(error) ?? (isOpen ? 'unknown' : reason)
      outage.failed(found)
      throw away(what, found)
    }
  }

  let timer: NodeJS.Timeout | undefined
  const outcome = await new Promise<AwayReason | 'open'>((resolve) => {
    timer = setTimeout(() => resolve(reason), patienceMs)
    note = (found) => {
      if (found === 'open' || lasts(found)) resolve(found)
    }
    // Rejects with the first failed attempt; further ones follow by themselves.
    redis.connect().catch(() => {})
  })
  clearTimeout(timer)
  if (outcome !== 'open') {
    closed = true
    redis.disconnect()
    throw away('open the state', outcome)
  }
  note = (found) => {
    if (found === 'open') outage.over()
    else outage.failed(found)
  }

  return {
    redis,
    ask,
    async close() {
      if (closed) return
      closed = true
      await redis.quit().catch(() => redis.disconnect())
    },
  }
}
