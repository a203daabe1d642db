import { Redis } from 'ioredis'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openState } from '../../src/state/open.ts'
import { openShared, type SharedEvent } from '../../src/state/shared.ts'
import { describeHome } from './contract.ts'
import { hasRedis, startRedis, type TestRedis } from './redis.ts'

const update = (id: number) => ({ id, lane: 'chat:1', body: `body ${id}`, lifetimeMs: 60_000 })

async function until(condition: () => Promise<boolean>, ms = 8000): Promise<void> {
  for (const end = Date.now() + ms; !(await condition()); ) {
    if (Date.now() > end) throw new Error(`It did not come true within ${ms} ms`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

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
      async (client: Redis, prefix: string) => {
        ran += 1
        await client.set(`${prefix}value:settings:user:1`, 'zh-Hant')
      },
    ]
    const stores = await Promise.all([1, 2, 3].map(() => openShared({ ...options, version: 2, migrations })))
    expect(ran).toBe(1)
    for (const store of stores) expect(await store.get('settings', 'user:1')).toBe('zh-Hant')
    await Promise.all(stores.map((store) => store.close()))
    await expect(openShared(options)).rejects.toMatchObject({ kind: 'too new' })
  })

  test('while Redis is away operations fail soon and in words, and it recovers by itself with everything in it', async () => {
    const own = await startRedis()
    const events: SharedEvent['event'][] = []
    const store = await openState({ url: own.url, folder: '', secret: 's', log: ({ event }) => events.push(event) })
    await store.add([update(1)])
    await own.kill()
    const began = Date.now()
    await expect(store.add([update(2)])).rejects.toMatchObject({ name: 'StateError', kind: 'away' })
    await expect(store.get('settings', 'a')).rejects.toMatchObject({ kind: 'away' })
    await expect(store.check()).rejects.toThrowError(/Redis does not answer/u)
    expect(Date.now() - began).toBeLessThan(3500)
    await own.start()
    await until(() =>
      store.check().then(
        () => true,
        () => false,
      ),
    )
    expect(await store.add([update(1), update(2)])).toBe(1)
    expect((await store.claim('a', 1, 1000)).leases[0]?.update.body).toBe('body 1')
    expect(events).toEqual(['store away', 'store back'])
    await store.close()
    await own.remove()
  })

  test('a start without Redis ends in words that hold no password', async () => {
    const error = await openShared({ url: 'redis://user:s3cret-password@127.0.0.1:1/0', patienceMs: 300 }).catch(
      (thrown: unknown) => thrown,
    )
    expect(error).toMatchObject({ kind: 'away' })
    expect(String(error)).toContain('STATE_URL')
    expect(JSON.stringify(error) + String(error) + String((error as Error).stack)).not.toContain('s3cret')
  })
})
