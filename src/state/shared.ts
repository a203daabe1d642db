import { Redis } from 'ioredis'
import { retention } from './retention.ts'
import {
  addScript,
  claimScript,
  finishScript,
  putBackScript,
  recordScript,
  renewScript,
  type Script,
  swapScript,
} from './shared-scripts.ts'
import {
  type Bounds,
  checkKey,
  checkValue,
  defaultBounds,
  formatVersion,
  full,
  type Lease,
  lifetimeOf,
  StateError,
  type Store,
  tooNew,
} from './store.ts'

/**
 * Turns format n into n + 1. It must bear being begun again after a crash in the middle. `migrations[0]` turns 0 into
 * 1.
 */
export type SharedMigration = (redis: Redis, prefix: string) => Promise<void>

export interface SharedOptions {
  /** `redis://user:password@host:6379/0`, or `rediss://` for TLS. */
  readonly url: string
  /** Before every key, so that several bots may use one Redis; `memoranda:` unless told. */
  readonly prefix?: string
  readonly bounds?: Partial<Bounds>
  /** How long to wait for Redis at the start. Milliseconds; 30,000 unless told. */
  readonly patienceMs?: number
  /** How long one command may take. Milliseconds; 3,000 unless told. */
  readonly commandMs?: number
  readonly log?: (event: SharedEvent) => void
  readonly version?: number
  readonly migrations?: readonly SharedMigration[]
}

export type SharedEvent = { readonly event: 'store away' } | { readonly event: 'store back' }

/** Format 0 was an empty Redis. */
const migrations: readonly SharedMigration[] = [async () => {}]

const away = (what: string): StateError =>
  new StateError('away', `Cannot ${what}: Redis does not answer. Check that it runs and that STATE_URL is right`)

/** A lock that a migrating process holds; it ends by itself should the process die. Milliseconds. */
const migrationLockMs = 60_000

/**
 * The home in a Redis that several replicas share. Redis must write to disk (`appendonly yes`, with `appendfsync
 * always` if a power cut may lose nothing) and must not evict (`maxmemory-policy noeviction`). When it is away,
 * operations fail within `commandMs` and the connection comes back by itself.
 *
 * Throws StateError `away` when Redis does not answer within `patienceMs`, and `too new`.
 */
export async function openShared(options: SharedOptions): Promise<Store> {
  const {
    prefix = 'memoranda:',
    patienceMs = 30_000,
    commandMs = 3000,
    log = () => {},
    version = formatVersion,
  } = options
  const bounds = { ...defaultBounds, ...options.bounds }
  const redis = new Redis(options.url, {
    lazyConnect: true,
    connectTimeout: commandMs,
    commandTimeout: commandMs,
    // Fail at once instead of piling up: whoever asked decides whether to come again.
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    retryStrategy: (times) => Math.min(50 * 2 ** Math.min(times, 6), 1000),
  })
  let isAway = false
  let closed = false
  // Also what keeps a failing connection from ending the process. The error itself may hold the address with its
  // password.
  redis.on('error', () => {})
  redis.on('close', () => {
    if (!closed && !isAway) log({ event: 'store away' })
    isAway = true
  })
  redis.on('ready', () => {
    if (isAway) log({ event: 'store back' })
    isAway = false
  })

  async function ask<T>(what: string, command: () => Promise<T>): Promise<T> {
    try {
      return await command()
    } catch (error) {
      if (error instanceof StateError) throw error
      const text = error instanceof Error ? error.message : ''
      // OOM command not allowed …; MISCONF Redis is configured to save …; NOAUTH Authentication required; READONLY You
      // can't write …
      const refusal = /^(?:OOM|MISCONF|NOAUTH|NOPERM|READONLY|WRONGPASS|LOADING|BUSY|WRONGTYPE|CROSSSLOT)\b/u.exec(
        text,
      )?.[0]
      if (refusal !== undefined) throw new StateError('away', `Cannot ${what}: Redis refuses with ${refusal}`)
      throw away(what)
    }
  }

  function run(what: string, { sha, text }: Script, ...args: readonly (string | number)[]): Promise<unknown> {
    return ask(what, async () => {
      try {
        return await redis.evalsha(sha, 1, prefix, ...args)
      } catch (error) {
        // A Redis that was restarted has forgotten its scripts.
        if (error instanceof Error && error.message.startsWith('NOSCRIPT'))
          return await redis.eval(text, 1, prefix, ...args)
        throw error
      }
    })
  }

  await connect(redis, patienceMs)
  try {
    await ask('open the state', () => migrate(redis, prefix, version, options.migrations ?? migrations))
  } catch (error) {
    closed = true
    redis.disconnect()
    throw error
  }

  const valueKey = (namespace: string, key: string) => `value:${namespace}:${key}`

  return {
    home: 'shared',
    async add(updates) {
      if (updates.length === 0) return 0
      for (const { lane } of updates) checkKey(lane)
      const args = updates.flatMap(({ id, lane, body, lifetimeMs }) => [String(id), lane, body, Math.ceil(lifetimeMs)])
      const added = Number(await run('store updates', addScript, bounds.maxWaiting, bounds.seenWindow, ...args))
      if (added < 0) throw full(-1 - added)
      return added
    },
    async claim(owner, limit, leaseMs) {
      const [expired, ...found] = (await run('take updates', claimScript, owner, limit, leaseMs)) as [
        number,
        ...RawLease[],
      ]
      return { leases: found.map(readLease), expired, unreadable: 0 }
    },
    async renew(leases, leaseMs) {
      if (leases.length === 0) return new Set()
      const held = (await run(
        'renew leases',
        renewScript,
        leaseMs,
        ...leases.flatMap(({ lane, token }) => [lane, String(token)]),
      )) as number[]
      return new Set(leases.filter((_, index) => held[index] === 1).map(({ token }) => token))
    },
    async record(updateId, key, result) {
      checkKey(key)
      await run('record an answer', recordScript, String(updateId), key, result, retention.sent.keptMs)
    },
    async finish({ lane, token, update }) {
      await run('finish an update', finishScript, lane, String(token), String(update.id))
    },
    async putBack({ lane, token }, delayMs, reason) {
      await run('put an update back', putBackScript, lane, String(token), Math.ceil(delayMs), reason)
    },
    counts: () =>
      ask('count', async () => ({
        waiting: await redis.hlen(`${prefix}updates`),
        lanes: await redis.zcard(`${prefix}lanes`),
        seen: await redis.zcard(`${prefix}seen`),
      })),

    async get(namespace, key) {
      checkKey(key)
      return (await ask('read', () => redis.get(prefix + valueKey(namespace, key)))) ?? undefined
    },
    async set(namespace, key, value) {
      checkValue(key, value)
      const lifetime = lifetimeOf(namespace)
      const name = prefix + valueKey(namespace, key)
      await ask('write', () =>
        lifetime === undefined ? redis.set(name, value) : redis.set(name, value, 'PX', lifetime),
      )
    },
    async change(namespace, key, change) {
      checkKey(key)
      for (;;) {
        const old = await ask('read', () => redis.get(prefix + valueKey(namespace, key)))
        const changed = change(old ?? undefined)
        if (changed !== undefined) checkValue(key, changed)
        if (changed === undefined && old === null) return undefined
        const args = [
          old === null ? 0 : 1,
          old ?? '',
          changed === undefined ? 0 : 1,
          changed ?? '',
          lifetimeOf(namespace) ?? 0,
        ]
        if ((await run('write', swapScript, valueKey(namespace, key), ...args)) === 1) return changed
      }
    },
    async remove(namespace, key) {
      checkKey(key)
      await ask('remove', () => redis.del(prefix + valueKey(namespace, key)))
    },
    async keys(namespace, prefixOfKey) {
      const start = prefix + valueKey(namespace, '')
      const pattern = (start + prefixOfKey).replace(/[*?[\]\\^]/gu, '\\$&')
      const found = new Set<string>()
      let cursor = '0'
      do {
        const [next, names] = await ask('list', () => redis.scan(cursor, 'MATCH', `${pattern}*`, 'COUNT', 1000))
        for (const name of names) found.add(name.slice(start.length))
        cursor = next
      } while (cursor !== '0')
      return [...found]
    },

    // Redis removes what is past its time by itself.
    sweep: async () => {},
    async check() {
      await ask('write', () => redis.set(`${prefix}check`, '1', 'PX', 60_000))
    },
    async close() {
      if (closed) return
      closed = true
      await redis.quit().catch(() => redis.disconnect())
    },
  }
}

type RawLease = [lane: string, token: number, id: string, body: string, begun: number, failed: number, sent: string[]]

function readLease([lane, token, id, body, begun, failed, flat]: RawLease): Lease {
  const sent = new Map<string, string>()
  for (let index = 0; index < flat.length; index += 2) sent.set(flat[index] ?? '', flat[index + 1] ?? '')
  return { lane, token, update: { id: Number(id), body }, sent, begun, failed }
}

/** Resolves when the connection stands. Throws StateError `away` after `patienceMs`. */
async function connect(redis: Redis, patienceMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(resolve, patienceMs, 'late')
  })
  const ready = new Promise<'ready'>((resolve) => redis.once('ready', () => resolve('ready')))
  // Rejects with the first failed attempt; further ones follow by themselves.
  redis.connect().catch(() => {})
  const outcome = await Promise.race([ready, late])
  clearTimeout(timer)
  if (outcome === 'ready') return
  redis.disconnect()
  throw away('open the state')
}

async function migrate(
  redis: Redis,
  prefix: string,
  version: number,
  steps: readonly SharedMigration[],
): Promise<void> {
  const lock = `${prefix}migrating`
  for (;;) {
    const found = Number((await redis.get(`${prefix}format`)) ?? 0)
    if (found > version) throw tooNew(found)
    if (found === version) return
    if ((await redis.set(lock, '1', 'PX', migrationLockMs, 'NX')) === null) {
      await new Promise((resolve) => setTimeout(resolve, 100))
      continue
    }
    // Step by step, so that a crash repeats one step and not all.
    for (let next = found; next < version; next += 1) {
      await steps[next]?.(redis, prefix)
      await redis.set(`${prefix}format`, next + 1)
    }
    await redis.del(lock)
  }
}

/** How a Redis keeps what it is given, for doctor. */
export interface SharedCondition {
  readonly version: string
  /** Whether every change is written to a log on disk. */
  readonly appendOnly: boolean
  /** What Redis does when its memory is full; only `noeviction` loses nothing. */
  readonly policy: string
}

/** Throws StateError `away`. */
export async function inspectShared(url: string, patienceMs = 3000): Promise<SharedCondition> {
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: patienceMs,
    commandTimeout: patienceMs,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    retryStrategy: () => 200,
  })
  redis.on('error', () => {})
  await connect(redis, patienceMs)
  try {
    const info = await redis.info()
    const field = (name: string) => new RegExp(`^${name}:(.*?)\\r?$`, 'mu').exec(info)?.[1] ?? 'unknown'
    return {
      version: field('redis_version'),
      appendOnly: field('aof_enabled') === '1',
      policy: field('maxmemory_policy'),
    }
  } catch {
    throw away('look into Redis')
  } finally {
    redis.disconnect()
  }
}
