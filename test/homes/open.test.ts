import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, truncate } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { backUpEmbedded } from '../../src/embedded/copies.ts'
import { embeddedFile, openEmbedded } from '../../src/embedded/home.ts'
import { botOf, folderOf, openState } from '../../src/homes/open.ts'
import type { Store, StoreEvent } from '../../src/state/store.ts'
import { hasRedis, startRedis, type TestRedis } from '../state/redis.ts'
import { writeFormat1, writeFormat1Shared } from './format1.ts'

const first = '111:token-of-the-first'
const second = '222:token-of-the-second'
const renewed = '111:another-token-of-the-first'

const stores: Store[] = []
let folder = ''
let redis: TestRedis | undefined
let events: StoreEvent[] = []
beforeAll(async () => {
  if (hasRedis) redis = await startRedis()
})
afterAll(() => redis?.remove())
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'open-'))
  events = []
})
afterEach(async () => {
  for (const store of stores.splice(0)) await store.close()
  await rm(folder, { recursive: true })
})

test('botOf() is what the token begins with', () => {
  expect(botOf('123456789:AAF-x')).toBe('123456789')
})

test('a token before that is of another bot is refused', async () => {
  await expect(openState({ url: undefined, folder, secret: first, secretBefore: second })).rejects.toMatchObject({
    kind: 'refused',
    message: expect.stringContaining('BOT_TOKEN_BEFORE of bot 222'),
  })
  expect(await readdir(folder)).toEqual([])
})

const update = (id: number, lane: string) => ({ id, lane, body: `body ${id}`, lifetimeMs: 60_000 })

/** What everyone owes who uses one home with other bots, or once had other tokens. */
function describeApart(name: string, url: () => string | undefined, isSkipped = false) {
  async function open(secret: string, secretBefore?: string): Promise<Store> {
    const log = (event: StoreEvent) => events.push(event)
    const store = await openState({ url: url(), folder, secret, secretBefore, log })
    stores.push(store)
    return store
  }
  async function reopen(secret: string, secretBefore?: string): Promise<Store> {
    for (const store of stores.splice(0)) await store.close()
    return await open(secret, secretBefore)
  }
  const claimed = async (store: Store) =>
    (await store.claim('test', 10, 60_000)).leases.map(({ update: { id, body }, sent }) => [id, body, ...sent])

  describe.skipIf(isSkipped)(name, () => {
    afterEach(async () => {
      const at = url()
      if (at === undefined) return
      const client = new Redis(at)
      await client.flushall()
      await client.quit()
    })

    test('two bots are apart', async () => {
      const [one, two] = [await open(first), await open(second)]
      await one.add([update(1, 'chat:7'), update(2, 'chat:8')])
      await one.set('settings', 'settings:7', 'hant')
      await two.set('settings', 'settings:7', 'en')
      await two.add([update(1, 'chat:7')])
      expect((await two.counts()).waiting).toBe(1)
      expect(await claimed(two)).toEqual([[1, 'body 1']])
      expect((await claimed(one)).toSorted()).toEqual([
        [1, 'body 1'],
        [2, 'body 2'],
      ])
      expect(await one.get('settings', 'settings:7')).toBe('hant')
      expect(events).toEqual([])
    })

    test('a token that was renewed leaves alone what the one before sealed, and says so once', async () => {
      const before = await open(first)
      await before.add([update(1, 'chat:7')])
      await before.set('settings', 'settings:7', 'hant')
      const after = await reopen(renewed)
      expect(events).toMatchObject([{ event: 'state left alone', what: expect.stringContaining('BOT_TOKEN_BEFORE') }])
      expect(await claimed(after)).toEqual([])
      expect(await after.get('settings', 'settings:7')).toBeUndefined()
      await after.set('settings', 'settings:7', 'en')
      events = []
      const back = await reopen(first)
      expect(await back.get('settings', 'settings:7')).toBe('hant')
      expect((await back.counts()).waiting).toBe(1)
    })

    test('with the token before, what it sealed is taken over, once, and what is newer stays', async () => {
      const before = await open(first)
      await before.add([update(1, 'chat:7'), update(2, 'chat:7')])
      await before.record(1, 'sendMessage 7 0', 'result')
      await before.set('settings', 'settings:7', 'hant')
      await before.set('settings', 'settings:8', 'hans')
      const meanwhile = await reopen(renewed)
      await meanwhile.set('settings', 'settings:8', 'en')
      events = []
      const after = await reopen(renewed, first)
      expect(events).toEqual([{ event: 'state taken over', from: 'the token before', updates: 2, values: 2 }])
      expect(await after.get('settings', 'settings:7')).toBe('hant')
      expect(await after.get('settings', 'settings:8')).toBe('en')
      expect(await claimed(after)).toEqual([[1, 'body 1', ['sendMessage 7 0', 'result']]])
      events = []
      const again = await reopen(renewed, first)
      expect(events).toEqual([])
      expect(await again.get('settings', 'settings:7')).toBe('hant')
    })
  })
}

describeApart('the embedded home', () => undefined)
describeApart('the shared home', () => redis?.url, !hasRedis)

const now = 1_800_000_000_000
const ours = { secret: first, chat: 4711, firstId: 10 }
const theirs = { secret: second, chat: 815, firstId: 20 }

async function expectTakenOver(store: Store, { chat, firstId }: typeof ours): Promise<void> {
  expect(await store.get('questions', `questions:${chat}`)).toBe('asked')
  expect(await store.get('settings', `settings:${chat}`)).toBe('hant')
  expect(await store.get('permissions', `permission:${chat}`)).toBe('true')
  const [lease] = (await store.claim('test', 1, 60_000)).leases
  expect(lease).toMatchObject({ update: { id: firstId, body: `body ${firstId}` }, begun: 1 })
  expect([...(lease?.sent ?? [])]).toEqual([[`sendMessage ${chat} 0`, 'result']])
  await store.finish(lease!)
  const [next] = (await store.claim('test', 1, 60_000)).leases
  expect(next?.update.body).toBe(`body ${firstId + 1}`)
  await store.finish(next!)
  // What was seen before is not taken again.
  expect(await store.add([update(firstId, 'chat:1')])).toBe(0)
}

describe('a file of format 1, without a bot', () => {
  const openAt = async (secret: string) => {
    const store = await openState({ url: undefined, folder, secret, log: (event) => events.push(event) })
    stores.push(store)
    return store
  }

  test('becomes that of the bot whose token opens it, with everything in it, and no id is left in the file', async () => {
    await writeFormat1(embeddedFile(folder), [ours], now)
    const other = await openAt(second)
    expect(events).toMatchObject([{ event: 'state left alone', where: embeddedFile(folder) }])
    expect(await other.get('settings', 'settings:4711')).toBeUndefined()
    events = []
    const store = await openAt(first)
    await expectTakenOver(store, ours)
    expect(events).toEqual([])
    expect((await readdir(folder)).toSorted()).toEqual(['bot-111', 'bot-222'])
    await store.close()
    const again = await openAt(first)
    expect(await again.get('settings', 'settings:4711')).toBe('hant')
    await again.close()
    // LMDB does not wipe what it frees: a copy of what is in use shows what is stored.
    const plain = openEmbedded({ folder: folderOf(folder, '111') })
    await backUpEmbedded(folderOf(folder, '111'), join(folder, 'copy.lmdb'))
    await plain.close()
    const copy = await readFile(join(folder, 'copy.lmdb'))
    expect(['4711', 'hant', 'asked'].filter((text) => copy.includes(text))).toEqual([])
  })

  test('that two bots used: what the other one sealed waits unharmed', async () => {
    await writeFormat1(embeddedFile(folder), [ours, theirs], now)
    const store = await openAt(first)
    await expectTakenOver(store, ours)
    expect((await store.counts()).waiting).toBe(2)
  })

  test('that is damaged is named, and nothing is made in its place', async () => {
    await writeFormat1(embeddedFile(folder), [ours], now)
    await truncate(embeddedFile(folder), 10_000)
    await expect(openAt(first)).rejects.toMatchObject({ kind: 'damaged' })
    expect(existsSync(folderOf(folder, '111'))).toBe(false)
  })
})

describe.skipIf(!hasRedis)('a Redis of format 1, without a bot', () => {
  let client: Redis
  beforeEach(async () => {
    client = new Redis(redis?.url ?? '')
    await client.flushall()
  })
  afterEach(() => client.quit())
  const openAt = async (secret: string) => {
    const log = (event: StoreEvent) => events.push(event)
    const store = await openState({ url: redis?.url, folder: '', secret, log })
    stores.push(store)
    return store
  }

  test('becomes that of the bot whose token opens it, and no id is left in it', async () => {
    await writeFormat1Shared(client, [ours], Date.now())
    const other = await openAt(second)
    expect(events).toMatchObject([{ event: 'state left alone' }])
    expect(await other.get('settings', 'settings:4711')).toBeUndefined()
    expect((await other.claim('test', 10, 60_000)).leases).toEqual([])
    events = []
    const store = await openAt(first)
    expect(events).toEqual([{ event: 'state taken over', from: 'a state without a bot', updates: 2, values: 3 }])
    await expectTakenOver(store, ours)
    const left = (await client.keys('*')).filter((key) => !/^memoranda:(?:111|222):/u.test(key))
    expect(left).toEqual([])
    expect((await client.keys('*4711*')).length).toBe(0)
    const kept = await client.pttl((await client.keys('memoranda:111:value:questions:*'))[0] ?? '')
    expect(Math.round(kept / 86_400_000)).toBe(30)
  })

  test('that two bots used: each gets what is its own', async () => {
    await writeFormat1Shared(client, [ours, theirs], Date.now())
    const one = await openAt(first)
    await expectTakenOver(one, ours)
    expect(events).toContainEqual({
      event: 'state left alone',
      where: 'the keys of Redis that begin with memoranda:, without a bot',
      what: 'what no token of this bot opens',
    })
    const two = await openAt(second)
    expect(await two.get('questions', 'questions:815')).toBe('asked')
    expect((await two.claim('test', 1, 60_000)).leases[0]?.update.body).toBe('body 20')
    expect((await client.keys('memoranda:queue:*')).length).toBe(0)
  })
})
