import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { openState } from '../../src/homes/open.ts'
import { openShared } from '../../src/shared/home.ts'
import type { StoreEvent } from '../../src/state/store.ts'
import { describeHome } from '../state/contract.ts'
import { hasRedis, startRedis, startStubborn, type TestRedis } from '../state/redis.ts'
import { until } from '../until.ts'

const update = (id: number) => ({ id, lane: 'chat:1', body: `body ${id}`, lifetimeMs: 60_000 })

describe.skipIf(!hasRedis)('with a real Redis', () => {
  let redis: TestRedis
  let homes = 0
  beforeAll(async () => {
    redis = await startRedis()
  })
  afterAll(() => redis.remove())

  describeHome('the shared home', async () => {
    homes += 1
    const prefix = `test${homes}:`
    return { open: (options = {}) => openShared({ url: redis.url, prefix, ...options }), remove: async () => {} }
  })

  test('every namespace with an end has it in Redis, and one without has none', async () => {
    const store = await openShared({ url: redis.url, prefix: 'time:' })
    await store.set('questions', 'chat:1', 'x')
    await store.change('baskets', 'chat:1', () => 'x')
    await store.set('permissions', 'chat:1', 'x')
    await store.record(1, 'k', 'v')
    const look = new Redis(redis.url)
    const inMinutes = async (key: string) => Math.round((await look.pttl(`time:${key}`)) / 60_000)
    expect(await inMinutes('value:questions:chat:1')).toBe(30 * 24 * 60)
    expect(await inMinutes('value:baskets:chat:1')).toBe(90 * 24 * 60)
    expect(await look.pttl('time:value:permissions:chat:1')).toBe(-1)
    expect(await inMinutes('sent:1')).toBe(24 * 60)
    await look.quit()
    await store.close()
  })

  test('nothing but the remembered ids stays in Redis when all is done', async () => {
    const store = await openShared({ url: redis.url, prefix: 'done:' })
    await store.add([update(1), update(2)])
    for (let count = 0; count < 2; count += 1) {
      const [lease] = (await store.claim('a', 1, 1000)).leases
      await store.record(lease!.update.id, 'k', 'v')
      await store.finish(lease!)
    }
    const look = new Redis(redis.url)
    expect((await look.keys('done:*')).toSorted()).toEqual(['done:counter', 'done:format', 'done:seen'])
    await look.quit()
    await store.close()
  })

  test('a newer format is refused, an older one migrated by one of many that start', async () => {
    const options = { url: redis.url, prefix: 'format:' }
    const first = await openShared(options)
    await first.set('settings', 'user:1', 'zh')
    await first.close()
    let ran = 0
    const migrations = [
      async () => {},
      async () => {},
      async (client: Redis, prefix: string) => {
        ran += 1
        await client.set(`${prefix}value:settings:user:1`, 'zh-Hant')
      },
    ]
    const stores = await Promise.all([1, 2, 3].map(() => openShared({ ...options, version: 3, migrations })))
    expect(ran).toBe(1)
    for (const store of stores) expect(await store.get('settings', 'user:1')).toBe('zh-Hant')
    await Promise.all(stores.map((store) => store.close()))
    await expect(openShared(options)).rejects.toMatchObject({ kind: 'too new' })
  })

  test('while Redis is away operations fail in words, and it recovers by itself with everything in it', async () => {
    const own = await startRedis()
    onTestFinished(() => own.remove())
    const events: StoreEvent['event'][] = []
    const store = await openState({ url: own.url, folder: '', secret: 's', log: ({ event }) => events.push(event) })
    await store.add([update(1)])
    await own.kill()
    await expect(store.add([update(2)])).rejects.toMatchObject({ name: 'StateError', kind: 'away' })
    await expect(store.get('settings', 'a')).rejects.toMatchObject({ kind: 'away' })
    await expect(store.check()).rejects.toThrowError(/STATE_URL/u)
    await own.start()
    await until(() =>
      store.check().then(
        () => true,
        () => false,
      ),
    )
    expect(await store.add([update(1), update(2)])).toBe(1)
    expect((await store.claim('a', 1, 1000)).leases[0]?.update.body).toBe('body 1')
    expect(events.filter((event) => event !== 'store still away')).toEqual(['store away', 'store back'])
    await store.close()
  })

  test('a Redis that refuses to store says why, in the error and in the log, and what was stored is there', async () => {
    const own = await startRedis()
    onTestFinished(() => own.remove())
    const admin = new Redis(own.url)
    const events: StoreEvent[] = []
    const store = await openShared({ url: own.url, prefix: 'x:', log: (event) => events.push(event) })
    await store.add([update(1)])
    await admin.config('SET', 'maxmemory', '1')
    await expect(store.add([update(2)])).rejects.toMatchObject({ kind: 'away', reason: 'OOM' })
    await expect(store.check()).rejects.toMatchObject({ reason: 'OOM' })
    await expect(store.set('settings', 'a', 'b')).rejects.toThrowError(/OOM.*maxmemory/u)
    await admin.config('SET', 'maxmemory', '0')
    await admin.replicaof('127.0.0.1', '1')
    await expect(store.check()).rejects.toMatchObject({ reason: 'READONLY' })
    await admin.replicaof('NO', 'ONE')
    await store.check()
    expect((await store.claim('a', 1, 1000)).leases).toHaveLength(1)
    expect(events).toEqual([
      { event: 'store away', reason: 'OOM' },
      { event: 'store still away', reason: 'READONLY', seconds: 0 },
    ])
    await store.close()
    await admin.quit()
  })

  test('a password that is missing or wrong is said at once, and as what it is', async () => {
    const own = await startRedis({ requirepass: 's3cret-password' })
    onTestFinished(() => own.remove())
    const open = (url: string) => openShared({ url, prefix: 'x:', patienceMs: 60_000 })
    await expect(open(own.url)).rejects.toMatchObject({ kind: 'away', reason: 'NOAUTH' })
    const wrong = await open(own.url.replace('//', '//:wr0ng-password@')).catch((error: unknown) => error)
    expect(wrong).toMatchObject({ reason: 'WRONGPASS' })
    expect(String(wrong)).not.toMatch(/wr0ng|does not answer/u)
    const store = await open(own.url.replace('//', '//:s3cret-password@'))
    await store.check()
    await store.close()
  })

  test('a password that Redis does not want does no harm', async () => {
    const store = await openShared({ url: redis.url.replace('//', '//:p@'), prefix: 'x:' })
    await store.check()
    await store.close()
  })

  test('a database that does not exist is refused, and none that exists is used in its place', async () => {
    const open = (database: string) =>
      openShared({ url: redis.url.replace(/\/0$/u, database), prefix: 'numbered:', patienceMs: 60_000 })
    await expect(open('/99')).rejects.toMatchObject({ kind: 'away', reason: 'no such database' })
    await expect(open('/first')).rejects.toMatchObject({ kind: 'refused' })
    const store = await open('/3')
    await store.set('settings', 'a', 'b')
    await store.close()
    const look = new Redis(redis.url)
    expect(await look.keys('numbered:*')).toEqual([])
    await look.select(3)
    expect((await look.keys('numbered:*')).toSorted()).toEqual(['numbered:format', 'numbered:value:settings:a'])
    await look.quit()
  })
})

describe('a Redis that is not what it should be', () => {
  const open = (url: string, patienceMs = 400) => openShared({ url, prefix: 'x:', patienceMs })

  test('a start without Redis ends in words that hold no password', async () => {
    const error = await open('redis://user:s3cret-password@127.0.0.1:1/0').catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ kind: 'away', reason: 'connection refused' })
    expect(String(error)).toContain('STATE_URL')
    expect(JSON.stringify(error) + String(error) + String((error as Error).stack)).not.toContain('s3cret')
  })

  test('a host without an address, and one that speaks no TLS, are told apart', async () => {
    await expect(open('redis://no-such-host.invalid:6379/0', 3000)).rejects.toMatchObject({ reason: 'no such host' })
    const plain = await startStubborn('-ERR unknown command')
    onTestFinished(plain.stop)
    await expect(open(plain.url.replace('redis:', 'rediss:'))).rejects.toMatchObject({ reason: 'no TLS' })
  })

  test.each([
    ['-LOADING Redis is loading the dataset in memory', 'LOADING'],
    ['-MASTERDOWN Link with MASTER is down', 'MASTERDOWN'],
    ['-BUSY Redis is busy running a script.', 'BUSY'],
  ])('a start with a Redis that goes on answering "%s" ends with that reason', async (line, reason) => {
    const stubborn = await startStubborn(line)
    onTestFinished(stubborn.stop)
    await expect(open(stubborn.url)).rejects.toMatchObject({ kind: 'away', reason })
  })

  test('a Redis that cannot save says so when the state is opened', async () => {
    // Entering succeeds: the database, and one reading.
    const stubborn = await startStubborn('-MISCONF Redis is configured to save RDB snapshots, but cannot', 2)
    onTestFinished(stubborn.stop)
    await expect(open(stubborn.url)).rejects.toMatchObject({ kind: 'away', reason: 'MISCONF' })
  })
})
