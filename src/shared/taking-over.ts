import type { Redis } from 'ioredis'
import { retention } from '../state/retention.ts'
import { sealedInFormat1, type TakingOver } from '../state/taking-over.ts'
import { joinSeenScript, moveUpdateScript, moveValueScript, runScript } from './scripts.ts'

export interface TakenOver {
  readonly updates: number
  readonly values: number
  /** Updates and values that cannot be opened. */
  readonly left: number
}

async function keysOf(redis: Redis, prefix: string): Promise<readonly string[]> {
  const pattern = prefix.replace(/[*?[\]\\^]/gu, '\\$&')
  const found = new Set<string>()
  let cursor = '0'
  do {
    const [next, names] = await redis.scan(cursor, 'MATCH', `${pattern}*`, 'COUNT', 1000)
    for (const name of names) found.add(name.slice(prefix.length))
    cursor = next
  } while (cursor !== '0')
  return [...found]
}

/** A value's namespace and key, of `settings:user:1`. */
function parseName(name: string): readonly [namespace: string, key: string] {
  const at = name.indexOf(':')
  return [name.slice(0, at), name.slice(at + 1)]
}

/**
 * Puts what can be opened under its new name, and leaves the rest. Each update and each value in one step, so that it
 * bears being stopped anywhere and being done by several at once. Throws errors of Redis.
 */
export async function takeOverShared(
  redis: Redis,
  from: string,
  to: string,
  takingOver: TakingOver,
): Promise<TakenOver> {
  let updates = 0
  let values = 0
  let left = 0
  for (const lane of await keysOf(redis, `${from}queue:`))
    for (const id of await redis.lrange(`${from}queue:${lane}`, 0, -1)) {
      const body = await redis.hget(`${from}updates`, id)
      const taken = body === null ? undefined : takingOver.update(Number(id), lane, body)
      if (body === null || taken === undefined) {
        left += 1
        continue
      }
      const sent = Object.entries(await redis.hgetall(`${from}sent:${id}`)).flatMap(([key, result]) => {
        const moved = takingOver.sent(Number(id), key, result)
        return moved === undefined ? [] : [moved.key, moved.result]
      })
      const args = [id, lane, body, taken.lane, taken.body, retention.sent.keptMs, ...sent]
      updates += Number(await runScript(redis, moveUpdateScript, [from, to], args))
    }
  for (const name of await keysOf(redis, `${from}value:`)) {
    const [namespace, key] = parseName(name)
    const value = await redis.get(`${from}value:${name}`)
    if (value === null) continue
    const taken = takingOver.value(namespace, key, value)
    if (taken === undefined) {
      left += 1
      continue
    }
    const args = [`value:${name}`, value, `value:${namespace}:${taken.key}`, taken.value]
    values += Number(await runScript(redis, moveValueScript, [from, to], args))
  }
  return { updates, values, left }
}

/** Whether something under a prefix can be opened that format 1 sealed: then what lies open there is this bot's, too. */
async function isOurs(redis: Redis, prefix: string, takingOver: TakingOver): Promise<boolean> {
  for (const lane of await keysOf(redis, `${prefix}queue:`))
    for (const id of await redis.lrange(`${prefix}queue:${lane}`, 0, -1)) {
      const body = await redis.hget(`${prefix}updates`, id)
      if (body !== null && takingOver.update(Number(id), lane, body) !== undefined) return true
    }
  for (const namespace of sealedInFormat1)
    for (const key of await keysOf(redis, `${prefix}value:${namespace}:`)) {
      const value = await redis.get(`${prefix}value:${namespace}:${key}`)
      if (value !== null && takingOver.value(namespace, key, value) !== undefined) return true
    }
  return false
}

/** Takes over a state of format 1 without a bot in its prefix, if it is this bot's. Throws errors of Redis. */
export async function takeOverUnnamed(
  redis: Redis,
  from: string,
  to: string,
  takingOver: TakingOver,
): Promise<TakenOver> {
  if ((await redis.get(`${from}format`)) !== '1') return { updates: 0, values: 0, left: 0 }
  if (!(await isOurs(redis, from, takingOver))) {
    const left = (await redis.hlen(`${from}updates`)) + (await keysOf(redis, `${from}value:`)).length
    return { updates: 0, values: 0, left }
  }
  await runScript(redis, joinSeenScript, [from, to], [])
  const taken = await takeOverShared(redis, from, to, takingOver)
  const rest = ['format', 'counter', 'lanes', 'seen', 'check', 'migrating']
  if (taken.left === 0) await redis.del(...rest.map((word) => from + word))
  return taken
}
