import type { Redis } from 'ioredis'
import { createOutage } from '../state/outage.ts'
import { retention } from '../state/retention.ts'
import {
  type Bounds,
  checkKey,
  checkValue,
  defaultBounds,
  formatVersion,
  full,
  type Lease,
  lifetimeOf,
  type Store,
  type StoreEvent,
  sealedBefore,
  tooNew,
} from '../state/store.ts'
import type { TakingOver } from '../state/taking-over.ts'
import { connectShared } from './connection.ts'
import {
  addScript,
  claimScript,
  finishScript,
  putBackScript,
  recordScript,
  renewScript,
  runScript,
  type Script,
  swapScript,
} from './scripts.ts'
import { takeOverShared, takeOverUnnamed } from './taking-over.ts'

/**
 * Turns format n into n + 1. It must bear being begun again after a crash in the middle. `migrations[0]` turns 0 into
 * 1.
 */
export type SharedMigration = (redis: Redis, prefix: string) => Promise<void>

export interface SharedOptions {
  /** `redis://user:password@host:6379/0`, or `rediss://` for TLS. */
  readonly url: string
  /** Before every key, so that several bots may use one Redis. */
  readonly prefix: string
  readonly bounds?: Partial<Bounds>
  /** How long to wait for Redis at the start. Milliseconds; 30,000 unless told. */
  readonly patienceMs?: number
  /** How long one command may take. Milliseconds; 3,000 unless told. */
  readonly commandMs?: number
  readonly log?: (event: StoreEvent) => void
  readonly owner?: SharedOwner
  readonly version?: number
  readonly migrations?: readonly SharedMigration[]
}

/** Format 0 was an empty Redis. Format 1 had no bot in its prefix: what it left is taken over, see `takeOverShared`. */
const migrations: readonly SharedMigration[] = [async () => {}, async () => {}]

/** A lock that a migrating process holds; it ends by itself should the process die. Milliseconds. */
const migrationLockMs = 60_000

/** Whose state it is, for a store that is sealed. */
export interface SharedOwner {
  /** Tells the seal from others. */
  readonly seal: string
  /** The prefix of a state without a bot in it, which may be this bot's. */
  readonly unnamedPrefix: string
  readonly fromFormat1: TakingOver
  /** For what the token before sealed; undefined where none is known. */
  readonly fromTokenBefore: TakingOver | undefined
}

/**
 * The home in a Redis that several replicas share. Redis must write to disk (`appendonly yes`, with `appendfsync
 * always` if a power cut may lose nothing) and must not evict (`maxmemory-policy noeviction`). When it is away,
 * operations fail within `commandMs` and the connection comes back by itself.
 *
 * Throws StateError `away` when Redis does not answer within `patienceMs`, or refuses for good, and `too new`.
 */
export async function openShared(options: SharedOptions): Promise<Store> {
  const { prefix, patienceMs = 30_000, commandMs = 3000, log = () => {}, version = formatVersion, owner } = options
  const bounds = { ...defaultBounds, ...options.bounds }
  const outage = createOutage(log)
  const connection = await connectShared({ url: options.url, patienceMs, commandMs, outage })
  const { redis, ask } = connection

  /** As `ask`, for what changes something. */
  async function change<T>(what: string, command: () => Promise<T>): Promise<T> {
    const result = await ask(what, command)
    outage.worked()
    return result
  }

  const run = (what: string, script: Script, ...args: readonly (string | number)[]): Promise<unknown> =>
    change(what, () => runScript(redis, script, [prefix], args))

  try {
    await ask('open the state', async () => {
      await migrate(redis, prefix, version, options.migrations ?? migrations)
      if (owner !== undefined) await settle(redis, prefix, owner, log)
    })
  } catch (error) {
    await connection.close()
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
      return { leases: found.map(readLease), expired }
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
      await change('write', () =>
        lifetime === undefined ? redis.set(name, value) : redis.set(name, value, 'PX', lifetime),
      )
    },
    async change(namespace, key, changeIt) {
      checkKey(key)
      for (;;) {
        const old = await ask('read', () => redis.get(prefix + valueKey(namespace, key)))
        const changed = changeIt(old ?? undefined)
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
      await change('remove', () => redis.del(prefix + valueKey(namespace, key)))
    },

    // Redis removes what is past its time by itself.
    sweep: async () => {},
    async check() {
      await change('write', () => redis.set(`${prefix}check`, '1', 'PX', 60_000))
    },
    close: () => connection.close(),
  }
}

type RawLease = [lane: string, token: number, id: string, body: string, begun: number, failed: number, sent: string[]]

function readLease([lane, token, id, body, begun, failed, flat]: RawLease): Lease {
  const sent = new Map<string, string>()
  for (let index = 0; index < flat.length; index += 2) sent.set(flat[index] ?? '', flat[index + 1] ?? '')
  return { lane, token, update: { id: Number(id), body }, sent, begun, failed }
}

/** Takes over what is this bot's under another name or another seal, and says what is not. */
async function settle(
  redis: Redis,
  prefix: string,
  { seal, unnamedPrefix, fromFormat1, fromTokenBefore }: SharedOwner,
  log: (event: StoreEvent) => void,
): Promise<void> {
  const unnamed = await takeOverUnnamed(redis, unnamedPrefix, prefix, fromFormat1)
  const where = `the keys of Redis that begin with ${unnamedPrefix}, without a bot`
  if (unnamed.updates + unnamed.values > 0)
    log({ event: 'state taken over', from: 'a state without a bot', updates: unnamed.updates, values: unnamed.values })
  if (unnamed.left > 0) log({ event: 'state left alone', where, what: 'what no token of this bot opens' })
  if (fromTokenBefore !== undefined) {
    const { updates, values } = await takeOverShared(redis, prefix, prefix, fromTokenBefore)
    if (updates + values > 0) log({ event: 'state taken over', from: 'the token before', updates, values })
  }
  const before = await redis.getset(`${prefix}seal`, seal)
  if (before !== null && before !== seal && fromTokenBefore === undefined)
    log({ event: 'state left alone', where: `the keys of Redis that begin with ${prefix}`, what: sealedBefore })
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
  const outage = createOutage(() => {})
  const connection = await connectShared({ url, patienceMs, commandMs: patienceMs, outage })
  try {
    const info = await connection.ask('look into Redis', () => connection.redis.info())
    const field = (name: string) => new RegExp(`^${name}:(.*?)\\r?$`, 'mu').exec(info)?.[1] ?? 'unknown'
    return {
      version: field('redis_version'),
      appendOnly: field('aof_enabled') === '1',
      policy: field('maxmemory_policy'),
    }
  } finally {
    await connection.close()
  }
}
