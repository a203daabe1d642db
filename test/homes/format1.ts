import { createCipheriv, hkdfSync, randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Redis } from 'ioredis'
import { open } from 'lmdb'

const day = 86_400_000

/** As format 1 sealed: AES-256-GCM, key by HKDF-SHA-256, the place as associated data. */
function closeIn(secret: string, text: string, place: string): string {
  const key = new Uint8Array(hkdfSync('sha256', secret, '', 'memoranda state 1', 32))
  const iv = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(place))
  const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  return Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64')
}

/** What a bot stored in format 1: two updates of a chat, what was sent for the first, a question, settings, a basket. */
export interface Format1 {
  readonly secret: string
  /** Of the chat and of the first update. */
  readonly chat: number
  readonly firstId: number
}

const sealedOf = ({ secret, chat, firstId }: Format1) => ({
  bodies: [firstId, firstId + 1].map((id) => closeIn(secret, `body ${id}`, `update ${id}`)),
  result: closeIn(secret, 'result', `sent ${firstId} sendMessage ${chat} 0`),
  question: closeIn(secret, 'asked', `value questions questions:${chat}`),
})

/** Writes a file as format 1 did; times from `now`. */
export async function writeFormat1(path: string, states: readonly Format1[], now: number): Promise<void> {
  mkdirSync(dirname(path), { recursive: true })
  const db = open<unknown, (string | number)[]>({ path, noSubdir: true, encoding: 'json', maxReaders: 64 })
  db.transactionSync(() => {
    let counter = 0
    db.putSync(['format'], 1)
    for (const state of states) {
      const { chat, firstId } = state
      const { bodies, result, question } = sealedOf(state)
      const lane = `chat:${chat}`
      const until = now + day
      for (const [index, body] of bodies.entries()) {
        const [id, number] = [firstId + index, ++counter]
        db.putSync(['seen', id], number)
        db.putSync(['order', number], id)
        db.putSync(['update', id], { lane, number, body, until })
        db.putSync(['queue', lane, number], id)
      }
      db.putSync(['lane', lane], { at: now, token: 0, begun: 0, failed: 0 })
      db.putSync(['lanes', now, lane], true)
      const put = (key: (string | number)[], value: object, end: number | undefined) => {
        db.putSync(key, end === undefined ? value : { ...value, until: end })
        if (end !== undefined) db.putSync(['expires', end, ...key], true)
      }
      put(['sent', firstId, `sendMessage ${chat} 0`], { result }, until)
      put(['value', 'questions', `questions:${chat}`], { value: question }, now + 30 * day)
      put(['value', 'settings', `settings:${chat}`], { value: 'hant' }, now + 400 * day)
      put(['value', 'permissions', `permission:${chat}`], { value: 'true' }, undefined)
    }
    db.putSync(['counter'], counter)
    db.putSync(['waiting'], 2 * states.length)
    db.putSync(['remembered'], 2 * states.length)
  })
  await db.close()
}

/** The same in a Redis, under the prefix that had no bot in it. */
export async function writeFormat1Shared(redis: Redis, states: readonly Format1[], now: number): Promise<void> {
  const p = 'memoranda:'
  await redis.set(`${p}format`, 1)
  for (const state of states) {
    const { chat, firstId } = state
    const { bodies, result, question } = sealedOf(state)
    const lane = `chat:${chat}`
    for (const [index, body] of bodies.entries()) {
      const id = String(firstId + index)
      await redis.zadd(`${p}seen`, await redis.incr(`${p}counter`), id)
      await redis.hset(`${p}updates`, id, body)
      await redis.hset(`${p}until`, id, now + day)
      await redis.rpush(`${p}queue:${lane}`, id)
    }
    await redis.zadd(`${p}lanes`, now, lane)
    await redis.hset(`${p}lane:${lane}`, 'token', 7, 'begun', 1)
    await redis.hset(`${p}sent:${firstId}`, `sendMessage ${chat} 0`, result)
    await redis.set(`${p}value:questions:questions:${chat}`, question, 'PX', 30 * day)
    await redis.set(`${p}value:settings:settings:${chat}`, 'hant', 'PX', 400 * day)
    await redis.set(`${p}value:permissions:permission:${chat}`, 'true')
  }
}
