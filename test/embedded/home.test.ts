import { copyFile, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { open } from 'lmdb'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { backUpEmbedded } from '../../src/embedded/copies.ts'
import { embeddedFile, openEmbedded } from '../../src/embedded/home.ts'
import { inspectFile } from '../../src/embedded/inspection.ts'
import type { EmbeddedMigration } from '../../src/embedded/migration.ts'
import { folderOf, openState } from '../../src/homes/open.ts'
import { StateError, type StoreEvent } from '../../src/state/store.ts'
import type { TakingOver } from '../../src/state/taking-over.ts'
import { describeHome } from '../state/contract.ts'
import { until } from '../until.ts'

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

const nothingOpens: TakingOver = { update: () => undefined, sent: () => undefined, value: () => undefined }

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
    expect(await store.change('questions', 'chat:1', (old) => old)).toBeUndefined()
    now += 60 * 86_400_000
    expect(await store.get('baskets', 'chat:1')).toBeUndefined()
    expect(await store.get('permissions', 'chat:1')).toBe('x')
    await store.sweep()
    await store.close()
    // The clock is put back: only what was really removed stays away.
    const past = openEmbedded({ folder, now: () => 1_800_000_000_000 })
    expect(await past.get('baskets', 'chat:1')).toBeUndefined()
    expect(await past.get('questions', 'chat:1')).toBeUndefined()
    expect(await past.get('permissions', 'chat:1')).toBe('x')
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

describe('the embedded home: faults', () => {
  const panic = () => {
    throw Object.assign(new Error('MDB_PANIC'), { code: -30795 })
  }

  test('after a failure from which LMDB does not recover the file is opened anew, with all that was stored', async () => {
    const events: StoreEvent[] = []
    const store = openEmbedded({ folder, log: (event) => events.push(event) })
    await store.set('settings', 'user:1', 'before')
    await expect(store.change('settings', 'user:2', panic)).rejects.toMatchObject({ kind: 'away', reason: 'unknown' })
    await store.set('settings', 'user:2', 'after')
    expect([await store.get('settings', 'user:1'), await store.get('settings', 'user:2')]).toEqual(['before', 'after'])
    expect(events).toEqual([{ event: 'store away', reason: 'unknown' }])
    await store.close()
  })

  test('a file that was removed while in use is said to be gone, by every change and by check()', async () => {
    const store = openEmbedded({ folder })
    await rm(embeddedFile(folder))
    await expect(store.set('settings', 'user:1', 'x')).rejects.toMatchObject({ kind: 'away', reason: 'file gone' })
    await expect(store.check()).rejects.toMatchObject({ reason: 'file gone' })
    await store.close()
  })

  test('a file that a program without a lock of the folder uses is in use', async () => {
    await openEmbedded({ folder }).close()
    const older = open({ path: embeddedFile(folder), noSubdir: true, overlappingSync: false })
    const reading = older.useReadTransaction()
    expect(() => openEmbedded({ folder })).toThrowError(/process \d+ uses it/u)
    reading.done()
    await older.close()
    await openEmbedded({ folder }).close()
  })

  test('a file of another bot is refused, and left as it is', async () => {
    const owner = (bot: string) => ({ bot, seal: bot, fromFormat1: nothingOpens, fromTokenBefore: undefined })
    const store = openEmbedded({ folder, owner: owner('1') })
    await store.set('settings', 'user:1', 'x')
    await store.close()
    expect(() => openEmbedded({ folder, owner: owner('2') })).toThrowError(
      /the state of bot 1, and BOT_TOKEN is that of/u,
    )
    const again = openEmbedded({ folder, owner: owner('1') })
    expect(await again.get('settings', 'user:1')).toBe('x')
    await again.close()
  })

  test('a folder that cannot be one is said not to be', async () => {
    await writeFile(join(folder, 'file'), '')
    expect(() => openEmbedded({ folder: join(folder, 'file') })).toThrowError(/no folder stands in its place/u)
    expect(() => openEmbedded({ folder: join(folder, 'file', 'below') })).toThrowError(/Check DATA/u)
  })
})

describe('the embedded home: the clock', () => {
  test('put back by an hour, or forward, changes neither what may be claimed nor who holds it', async () => {
    const clock = vi.spyOn(Date, 'now').mockReturnValue(1_800_000_000_000)
    const store = openEmbedded({ folder })
    await store.add([update(1)])
    clock.mockReturnValue(1_800_000_000_000 - 3_600_000)
    expect((await store.claim('a', 1, 60_000)).leases).toHaveLength(1)
    clock.mockReturnValue(1_800_000_000_000 + 3_600_000)
    expect((await store.claim('b', 1, 60_000)).leases).toEqual([])
    await store.close()
    clock.mockRestore()
  })

  test('at a start every lane is free: whoever held it is gone, whatever the time was then', async () => {
    const at = (moment: number) => openEmbedded({ folder, now: () => moment })
    const before = at(1_800_000_000_000)
    await before.add([update(1)])
    expect((await before.claim('a', 1, 60_000)).leases).toHaveLength(1)
    await before.close()
    const after = at(1_800_000_000_000 - 3_600_000)
    expect((await after.claim('b', 1, 60_000)).leases).toMatchObject([{ update: { id: 1 }, begun: 2 }])
    await after.close()
  })
})

describe('the embedded home: format and back-up', () => {
  const nothing: EmbeddedMigration = () => {}

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
    const newer = openEmbedded({ folder, version: 3, migrations: [nothing, nothing, nothing] })
    await newer.set('settings', 'user:1', 'kept')
    await newer.close()
    expect(() => openEmbedded({ folder })).toThrowError(/its format is 3, this version knows 2/u)
    const again = openEmbedded({ folder, version: 3 })
    expect(await again.get('settings', 'user:1')).toBe('kept')
    await again.close()
  })

  test('an older format is migrated step by step, once', async () => {
    const old = openEmbedded({ folder })
    await old.set('settings', 'user:1', 'zh')
    await old.close()
    const ran: string[] = []
    const migrations: readonly EmbeddedMigration[] = [
      () => void ran.push('0 to 1'),
      () => void ran.push('1 to 2'),
      ({ records }) => {
        ran.push('2 to 3')
        records.put(['value', 'settings', 'user:1'], { value: 'zh-Hant' })
      },
      () => void ran.push('3 to 4'),
    ]
    for (let time = 0; time < 2; time += 1) {
      const store = openEmbedded({ folder, version: 4, migrations })
      expect(await store.get('settings', 'user:1')).toBe('zh-Hant')
      await store.close()
    }
    expect(ran).toEqual(['2 to 3', '3 to 4'])
  })

  test('a migration that fails in the middle leaves the old format whole', async () => {
    const old = openEmbedded({ folder })
    await old.set('settings', 'user:1', 'zh')
    await old.close()
    const broken: EmbeddedMigration = ({ records }) => {
      records.put(['value', 'settings', 'user:1'], { value: 'half' })
      throw new StateError('damaged', 'stopped in the middle')
    }
    expect(() => openEmbedded({ folder, version: 3, migrations: [nothing, nothing, broken] })).toThrowError(
      'stopped in the middle',
    )
    const again = openEmbedded({ folder })
    expect(await again.get('settings', 'user:1')).toBe('zh')
    await again.close()
  })

  test('a back-up taken under load is one moment of the state, and opens as a state', async () => {
    const store = openEmbedded({ folder })
    let isRunning = true
    let stored = 0
    const load = (async () => {
      for (let id = 1; isRunning; id += 1) {
        await store.add([update(id)])
        await store.set('settings', 'last', String(id))
        stored = id
      }
    })()
    await until(() => stored > 20)
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
    expect(inspectFile(join(folder, 'copy.lmdb'))).toEqual({ format: 2, waiting, bot: undefined })
    await rm(other, { recursive: true })
  })

  test('neither the file nor a back-up shows a question, before or after it was answered', async () => {
    const question = '四川有幾多項關於金融的合作措施'
    const store = await openState({ url: undefined, folder, secret: 'token' })
    await store.add([{ id: 1, lane: 'chat:1', body: JSON.stringify({ text: question }), lifetimeMs: 60_000 }])
    await store.set('questions', 'chat:1', question)
    const own = folderOf(folder, 'token')
    const before = await readFile(embeddedFile(own))
    const [lease] = (await store.claim('a', 1, 1000)).leases
    expect(lease?.update.body).toContain(question)
    await store.finish(lease!)
    await backUpEmbedded(own, join(folder, 'copy.lmdb'))
    for (const bytes of [before, await readFile(embeddedFile(own)), await readFile(join(folder, 'copy.lmdb'))]) {
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
