import { copyFile, mkdtemp, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { backUpEmbedded, embeddedFile, inspectEmbedded, openEmbedded } from '../../src/state/embedded.ts'
import { openState } from '../../src/state/open.ts'
import { describeHome } from './contract.ts'

describeHome('the embedded home', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'state-'))
  return {
    open: async (options = {}) => openEmbedded({ folder, ...options }),
    remove: () => rm(folder, { recursive: true, force: true }),
  }
})

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'state-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const update = (id: number) => ({ id, lane: 'chat:1', body: `body ${id}`, lifetimeMs: 86_400_000 })

describe('the embedded home: time', () => {
  test('every namespace forgets when its time is over, and sweep() frees the disk', async () => {
    let now = 1_800_000_000_000
    const store = openEmbedded({ folder, now: () => now })
    await store.set('questions', 'chat:1', 'x')
    await store.set('baskets', 'chat:1', 'x')
    await store.set('permissions', 'chat:1', 'x')
    now += 30 * 86_400_000 - 1
    expect(await store.get('questions', 'chat:1')).toBe('x')
    now += 1
    expect(await store.get('questions', 'chat:1')).toBeUndefined()
    expect(await store.keys('questions', '')).toEqual([])
    expect(await store.change('questions', 'chat:1', (old) => old)).toBeUndefined()
    now += 60 * 86_400_000
    expect(await store.get('baskets', 'chat:1')).toBeUndefined()
    expect(await store.get('permissions', 'chat:1')).toBe('x')
    await store.sweep()
    await store.close()
    // The clock is put back: only what was really removed stays away.
    const past = openEmbedded({ folder, now: () => 1_800_000_000_000 })
    expect(await past.keys('baskets', '')).toEqual([])
    expect(await past.keys('questions', '')).toEqual([])
    expect(await past.keys('permissions', '')).toEqual(['chat:1'])
    await past.close()
  })

  test('a value that is written again lives its whole time from then on', async () => {
    let now = 1_800_000_000_000
    const store = openEmbedded({ folder, now: () => now })
    await store.set('questions', 'chat:1', 'old')
    now += 20 * 86_400_000
    await store.set('questions', 'chat:1', 'new')
    now += 20 * 86_400_000
    await store.sweep()
    expect(await store.get('questions', 'chat:1')).toBe('new')
    await store.close()
  })

  test('records of answers are swept after a day, also when their update was never finished', async () => {
    let now = 1_800_000_000_000
    const store = openEmbedded({ folder, now: () => now })
    await store.add([{ ...update(1), lifetimeMs: 10 * 86_400_000 }])
    await store.record(1, 'key', 'result')
    now += 86_400_001
    await store.sweep()
    expect([...((await store.claim('a', 1, 1000)).leases[0]?.sent ?? ['none'])]).toEqual([])
    await store.close()
  })
})

describe('the embedded home: format and back-up', () => {
  test('when the disk refuses, all changes of that moment are refused and none is kept', async () => {
    const store = openEmbedded({ folder })
    await store.set('settings', 'user:1', 'before')
    const full = Object.assign(new Error('MDB_MAP_FULL with what was written'), { code: -30792 })
    const outcomes = await Promise.allSettled([
      store.set('settings', 'user:1', 'after'),
      store.change('settings', 'user:2', () => {
        throw full
      }),
      store.set('settings', 'user:3', 'after'),
    ])
    expect(
      outcomes.map(
        (outcome) =>
          outcome.status === 'rejected' && [
            outcome.reason.kind,
            String(outcome.reason).includes('with what was written'),
          ],
      ),
    ).toEqual(Array.from({ length: 3 }, () => ['away', false]))
    expect(await store.get('settings', 'user:1')).toBe('before')
    expect(await store.get('settings', 'user:3')).toBeUndefined()
    await store.set('settings', 'user:3', 'later')
    expect(await store.get('settings', 'user:3')).toBe('later')
    await store.close()
  })

  test('a newer format is refused in words and left alone', async () => {
    const newer = openEmbedded({ folder, version: 2, migrations: [() => {}, () => {}] })
    await newer.set('settings', 'user:1', 'kept')
    await newer.close()
    expect(() => openEmbedded({ folder })).toThrowError(/its format is 2, this version knows 1/u)
    const again = openEmbedded({ folder, version: 2 })
    expect(await again.get('settings', 'user:1')).toBe('kept')
    await again.close()
  })

  test('an older format is migrated step by step, once', async () => {
    const old = openEmbedded({ folder })
    await old.set('settings', 'user:1', 'zh')
    await old.close()
    const ran: string[] = []
    const migrations = [
      () => void ran.push('0 to 1'),
      (db: Parameters<NonNullable<Parameters<typeof openEmbedded>[0]['migrations']>[number]>[0]) => {
        ran.push('1 to 2')
        db.putSync(['value', 'settings', 'user:1'], { value: 'zh-Hant' })
      },
      () => void ran.push('2 to 3'),
    ]
    for (let time = 0; time < 2; time += 1) {
      const store = openEmbedded({ folder, version: 3, migrations })
      expect(await store.get('settings', 'user:1')).toBe('zh-Hant')
      await store.close()
    }
    expect(ran).toEqual(['1 to 2', '2 to 3'])
  })

  test('a migration that fails in the middle leaves the old format whole', async () => {
    const old = openEmbedded({ folder })
    await old.set('settings', 'user:1', 'zh')
    await old.close()
    const broken = [
      () => {},
      (db: Parameters<NonNullable<Parameters<typeof openEmbedded>[0]['migrations']>[number]>[0]) => {
        db.putSync(['value', 'settings', 'user:1'], { value: 'half' })
        throw new Error('stopped in the middle')
      },
    ]
    expect(() => openEmbedded({ folder, version: 2, migrations: broken })).toThrowError('stopped in the middle')
    const again = openEmbedded({ folder })
    expect(await again.get('settings', 'user:1')).toBe('zh')
    await again.close()
  })

  test('a file that is something else is refused in words', async () => {
    await writeFile(embeddedFile(folder), 'not a database'.repeat(1000))
    expect(() => openEmbedded({ folder })).toThrowError(/Cannot open .*state\.lmdb: .*Restore a back-up/u)
  })

  test('a file that was cut short is refused in words', async () => {
    const store = openEmbedded({ folder })
    for (let id = 1; id < 200; id += 1) await store.set('settings', `user:${id}`, 'x'.repeat(1000))
    await store.close()
    await truncate(embeddedFile(folder), 20_000)
    expect(() => openEmbedded({ folder })).toThrowError(/cut short/u)
    await truncate(embeddedFile(folder), 3000)
    expect(() => openEmbedded({ folder })).toThrowError(/second head is missing/u)
  })

  test('a back-up taken under load is one moment of the state, and opens as a state', async () => {
    const store = openEmbedded({ folder })
    let isRunning = true
    const load = (async () => {
      for (let id = 1; isRunning; id += 1) {
        await store.add([update(id)])
        await store.set('settings', 'last', String(id))
      }
    })()
    await new Promise((resolve) => setTimeout(resolve, 100))
    await backUpEmbedded(folder, join(folder, 'copy.lmdb'))
    isRunning = false
    await load
    await store.close()
    const other = await mkdtemp(join(tmpdir(), 'state-'))
    await copyFile(join(folder, 'copy.lmdb'), embeddedFile(other))
    const restored = openEmbedded({ folder: other })
    const last = Number(await restored.get('settings', 'last'))
    const { waiting } = await restored.counts()
    expect(last).toBeGreaterThan(0)
    expect([last, last + 1]).toContain(waiting)
    await restored.close()
    expect(await inspectEmbedded(join(folder, 'copy.lmdb'))).toEqual({ format: 1, waiting })
    await rm(other, { recursive: true })
  })

  test('neither the file nor a back-up shows a question, before or after it was answered', async () => {
    const question = '四川有幾多項關於金融的合作措施'
    const store = await openState({ url: undefined, folder, secret: 'token' })
    await store.add([{ id: 1, lane: 'chat:1', body: JSON.stringify({ text: question }), lifetimeMs: 60_000 }])
    await store.set('questions', 'chat:1', question)
    const before = await readFile(embeddedFile(folder))
    const [lease] = (await store.claim('a', 1, 1000)).leases
    expect(lease?.update.body).toContain(question)
    await store.finish(lease!)
    await backUpEmbedded(folder, join(folder, 'copy.lmdb'))
    for (const bytes of [before, await readFile(embeddedFile(folder)), await readFile(join(folder, 'copy.lmdb'))]) {
      expect(bytes.includes(Buffer.from(question))).toBe(false)
      expect(bytes.includes(Buffer.from('金融'))).toBe(false)
    }
    await store.close()
  })

  test('the file stays small however many updates pass', async () => {
    const store = openEmbedded({ folder, bounds: { seenWindow: 100 } })
    const pass = async (from: number) => {
      for (let id = from; id < from + 1000; id += 100) {
        await store.add(
          Array.from({ length: 100 }, (_, index) => ({
            id: id + index,
            lane: `chat:${index}`,
            body: 'x'.repeat(500),
            lifetimeMs: 60_000,
          })),
        )
        const { leases } = await store.claim('a', 100, 60_000)
        await Promise.all(leases.map(({ update: { id: done } }) => store.record(done, 'k', 'v')))
        await Promise.all(leases.map((lease) => store.finish(lease)))
      }
      return (await stat(embeddedFile(folder))).size
    }
    const first = await pass(1)
    expect(await pass(10_001)).toBeLessThan(first * 1.5)
    await store.close()
  })
})
