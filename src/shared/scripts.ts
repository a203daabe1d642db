import { createHash } from 'node:crypto'
import type { Redis } from 'ioredis'

/**
 * The inbox inside Redis: each script is one indivisible step. Times are the server's, so that replicas whose clocks
 * differ agree.
 *
 *     <prefix>format            string  version
 *     <prefix>seal              string  which seal was used last
 *     <prefix>counter           string  last number given
 *     <prefix>lanes             zset    lane → moment from which it may be claimed
 *     <prefix>lane:<lane>       hash    token, begun, failed
 *     <prefix>queue:<lane>      list    update ids
 *     <prefix>updates           hash    update id → body
 *     <prefix>until             hash    update id → moment after which nobody wants it
 *     <prefix>seen              zset    update id → number
 *     <prefix>sent:<id>         hash    key → result, expires by itself
 *     <prefix>value:<ns>:<key>  string  expires by itself
 *
 * Names of lanes, keys of values and of what was sent are hidden, bodies, values and results sealed.
 * Keys are made from the prefix inside the scripts: a Redis Cluster, which wants them named before, is not served.
 */
const head = `
local p = KEYS[1]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local function whole(number) return string.format('%d', number) end
local function drop(lane, id)
  redis.call('LREM', p .. 'queue:' .. lane, 1, id)
  redis.call('HDEL', p .. 'updates', id)
  redis.call('HDEL', p .. 'until', id)
  redis.call('DEL', p .. 'sent:' .. id)
end
local function holds(lane, token) return redis.call('HGET', p .. 'lane:' .. lane, 'token') == token end
local function forget(lane)
  redis.call('ZREM', p .. 'lanes', lane)
  redis.call('DEL', p .. 'lane:' .. lane)
end
`

const script = (body: string) => {
  const text = head + body
  return { text, sha: createHash('sha1').update(text).digest('hex') }
}

export type Script = ReturnType<typeof script>

/** `prefixes`: KEYS of the script. Throws errors of Redis. */
export async function runScript(
  redis: Redis,
  { sha, text }: Script,
  prefixes: readonly string[],
  args: readonly (string | number)[],
): Promise<unknown> {
  try {
    return await redis.evalsha(sha, prefixes.length, ...prefixes, ...args)
  } catch (error) {
    // A Redis that was restarted has forgotten its scripts.
    if (error instanceof Error && error.message.startsWith('NOSCRIPT'))
      return await redis.eval(text, prefixes.length, ...prefixes, ...args)
    throw error
  }
}

/**
 * maxWaiting, seenWindow, then id, lane, body, lifetime of each. Number of new ones, or the negative number of those
 * that wait already.
 */
export const addScript = script(`
local fresh = 0
for i = 3, #ARGV, 4 do
  if not redis.call('ZSCORE', p .. 'seen', ARGV[i]) then fresh = fresh + 1 end
end
local waiting = redis.call('HLEN', p .. 'updates')
if fresh > 0 and waiting + fresh > tonumber(ARGV[1]) then return -1 - waiting end
fresh = 0
for i = 3, #ARGV, 4 do
  local id, lane = ARGV[i], ARGV[i + 1]
  if not redis.call('ZSCORE', p .. 'seen', id) then
    fresh = fresh + 1
    redis.call('ZADD', p .. 'seen', redis.call('INCR', p .. 'counter'), id)
    redis.call('HSET', p .. 'updates', id, ARGV[i + 2])
    redis.call('HSET', p .. 'until', id, whole(now + ARGV[i + 3]))
    redis.call('RPUSH', p .. 'queue:' .. lane, id)
    redis.call('ZADD', p .. 'lanes', 'NX', whole(now), lane)
  end
end
redis.call('ZREMRANGEBYRANK', p .. 'seen', 0, -1 - tonumber(ARGV[2]))
return fresh
`)

/**
 * owner, limit, lease in ms. Number of expired ones, then for each lease { lane, token, id, body, begun, failed, { key,
 * result, … } }.
 */
export const claimScript = script(`
local found = { 0 }
for _, lane in ipairs(redis.call('ZRANGE', p .. 'lanes', '-inf', whole(now), 'BYSCORE', 'LIMIT', 0, ARGV[2])) do
  local id = redis.call('LINDEX', p .. 'queue:' .. lane, 0)
  while id and tonumber(redis.call('HGET', p .. 'until', id) or 0) <= now do
    drop(lane, id)
    redis.call('DEL', p .. 'lane:' .. lane)
    found[1] = found[1] + 1
    id = redis.call('LINDEX', p .. 'queue:' .. lane, 0)
  end
  if not id then
    forget(lane)
  else
    local token = redis.call('INCR', p .. 'counter')
    local begun = redis.call('HINCRBY', p .. 'lane:' .. lane, 'begun', 1)
    local failed = tonumber(redis.call('HGET', p .. 'lane:' .. lane, 'failed') or 0)
    redis.call('HSET', p .. 'lane:' .. lane, 'token', whole(token), 'owner', ARGV[1])
    redis.call('ZADD', p .. 'lanes', whole(now + ARGV[3]), lane)
    found[#found + 1] = { lane, token, id, redis.call('HGET', p .. 'updates', id), begun, failed, redis.call('HGETALL', p .. 'sent:' .. id) }
  end
end
return found
`)

/** lease in ms, then lane, token of each. 1 for those still held, else 0. */
export const renewScript = script(`
local held = {}
for i = 2, #ARGV, 2 do
  local ours = holds(ARGV[i], ARGV[i + 1])
  if ours then redis.call('ZADD', p .. 'lanes', 'XX', whole(now + ARGV[1]), ARGV[i]) end
  held[#held + 1] = ours and 1 or 0
end
return held
`)

/** update id, key, result, lifetime. */
export const recordScript = script(`
redis.call('HSET', p .. 'sent:' .. ARGV[1], ARGV[2], ARGV[3])
redis.call('PEXPIRE', p .. 'sent:' .. ARGV[1], ARGV[4])
`)

/** lane, token, update id. */
export const finishScript = script(`
local lane, ours = ARGV[1], holds(ARGV[1], ARGV[2])
drop(lane, ARGV[3])
if redis.call('LLEN', p .. 'queue:' .. lane) == 0 then
  forget(lane)
elseif ours then
  redis.call('DEL', p .. 'lane:' .. lane)
  redis.call('ZADD', p .. 'lanes', whole(now), lane)
end
`)

/** lane, token, delay in ms, reason. */
export const putBackScript = script(`
local lane = ARGV[1]
if not holds(lane, ARGV[2]) then return end
redis.call('HSET', p .. 'lane:' .. lane, 'token', '0')
if ARGV[4] ~= 'broken' then redis.call('HINCRBY', p .. 'lane:' .. lane, 'begun', -1) end
if ARGV[4] == 'unreachable' then redis.call('HINCRBY', p .. 'lane:' .. lane, 'failed', 1) end
redis.call('ZADD', p .. 'lanes', whole(now + ARGV[3]), lane)
`)

/**
 * key, had a value before (0 or 1), that value, has a value now (0 or 1), that value, lifetime in ms or 0. 1 when
 * nobody was in between.
 */
export const swapScript = script(`
local key = p .. ARGV[1]
local old = redis.call('GET', key)
if (ARGV[2] == '0' and old) or (ARGV[2] == '1' and old ~= ARGV[3]) then return 0 end
if ARGV[4] == '0' then redis.call('DEL', key)
elseif ARGV[6] == '0' then redis.call('SET', key, ARGV[5])
else redis.call('SET', key, ARGV[5], 'PX', ARGV[6]) end
return 1
`)

/**
 * Moves an update from the first prefix to the second, in one step, unless somebody did so meanwhile. update id, lane,
 * body, lane there, body there, lifetime of what was sent in ms, then key and result there of each. 1 when it was moved.
 */
export const moveUpdateScript = script(`
local q = KEYS[2]
local id, lane, there = ARGV[1], ARGV[2], ARGV[4]
if redis.call('HGET', p .. 'updates', id) ~= ARGV[3] then return 0 end
local till = redis.call('HGET', p .. 'until', id) or '0'
drop(lane, id)
if redis.call('LLEN', p .. 'queue:' .. lane) == 0 then forget(lane) end
if p ~= q then
  if redis.call('HEXISTS', q .. 'updates', id) == 1 then return 1 end
  redis.call('ZADD', q .. 'seen', 'NX', redis.call('INCR', q .. 'counter'), id)
end
redis.call('HSET', q .. 'updates', id, ARGV[5])
redis.call('HSET', q .. 'until', id, till)
redis.call('RPUSH', q .. 'queue:' .. there, id)
redis.call('ZADD', q .. 'lanes', 'NX', whole(now), there)
for i = 7, #ARGV, 2 do redis.call('HSET', q .. 'sent:' .. id, ARGV[i], ARGV[i + 1]) end
if #ARGV > 6 then redis.call('PEXPIRE', q .. 'sent:' .. id, ARGV[6]) end
return 1
`)

/** Moves a value: key, value, key there, value there. 1 when it was moved; what is there already is newer and stays. */
export const moveValueScript = script(`
local from, to = p .. ARGV[1], KEYS[2] .. ARGV[3]
if redis.call('GET', from) ~= ARGV[2] then return 0 end
local left = redis.call('PTTL', from)
redis.call('DEL', from)
if redis.call('EXISTS', to) == 1 then return 1 end
if left > 0 then redis.call('SET', to, ARGV[4], 'PX', left) else redis.call('SET', to, ARGV[4]) end
return 1
`)

/** Joins the ids that were seen under the first prefix to those of the second, the newest behind all others. */
export const joinSeenScript = script(`
local q = KEYS[2]
for _, id in ipairs(redis.call('ZRANGE', p .. 'seen', 0, -1)) do
  if not redis.call('ZSCORE', q .. 'seen', id) then
    redis.call('ZADD', q .. 'seen', redis.call('INCR', q .. 'counter'), id)
  end
end
`)
