import { afterEach, describe, expect, test } from 'vitest'
import { createSeal, hidden, sealStore } from '../../src/state/seal.ts'
import {
  type Bounds,
  type Lease,
  type NewUpdate,
  StateError,
  type Store,
  type StoreEvent,
} from '../../src/state/store.ts'

/** One place where state is kept, which outlives the stores that open it. */
export interface Home {
  open(options?: { readonly bounds?: Partial<Bounds> }): Promise<Store>
  remove(): Promise<void>
}

const update = (id: number, lane = 'chat:1', lifetimeMs = 60_000): NewUpdate => ({
  id,
  lane,
  body: `body ${id}`,
  lifetimeMs,
})
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
const idsOf = (leases: readonly Lease[]) => leases.map(({ update: { id } }) => id)

async function claimOne(store: Store, leaseMs = 60_000): Promise<Lease> {
  const { leases } = await store.claim('test', 1, leaseMs)
  if (leases[0] === undefined) throw new Error('Nothing was there to be claimed')
  return leases[0]
}

/** What every home owes, whatever it is made of. */
export function describeHome(name: string, makeHome: () => Promise<Home>): void {
  const homes: Home[] = []
  const opened: Store[] = []

  async function newHome() {
    const home = await makeHome()
    homes.push(home)
    return async (options?: Parameters<Home['open']>[0]) => {
      const store = await home.open(options)
      opened.push(store)
      return store
    }
  }
  const openNew = async (bounds?: Partial<Bounds>) => (await newHome())(bounds === undefined ? {} : { bounds })

  afterEach(async () => {
    for (const store of opened.splice(0)) await store.close()
    for (const home of homes.splice(0)) await home.remove()
  })

  describe(`${name}: the inbox`, () => {
    test('claim() gives the updates of a lane one after the other, in the order of their arrival', async () => {
      const store = await openNew()
      expect(await store.add([update(3), update(1), update(2)])).toBe(3)
      for (const id of [3, 1, 2]) {
        const { leases } = await store.claim('a', 10, 60_000)
        expect(idsOf(leases)).toEqual([id])
        expect(leases[0]?.update.body).toBe(`body ${id}`)
        expect((await store.claim('b', 10, 60_000)).leases).toEqual([])
        await store.finish(leases[0]!)
      }
      expect((await store.claim('a', 10, 60_000)).leases).toEqual([])
      expect(await store.counts()).toEqual({ waiting: 0, lanes: 0, seen: 3 })
    })

    test('claim() gives different lanes side by side, at most as many as asked for, the longest waiting first', async () => {
      const store = await openNew()
      for (const id of [1, 2, 3]) {
        await store.add([update(id, `chat:${9 - id}`)])
        await pause(3)
      }
      expect(idsOf((await store.claim('a', 2, 60_000)).leases)).toEqual([1, 2])
      expect(idsOf((await store.claim('a', 2, 60_000)).leases)).toEqual([3])
    })

    test('a lane that was served goes behind the others', async () => {
      const store = await openNew()
      await store.add([update(1, 'chat:flooder'), update(2, 'chat:flooder'), update(3, 'chat:other')])
      await pause(3)
      const { leases } = await store.claim('a', 2, 60_000)
      for (const lease of leases) if (lease.lane === 'chat:flooder') await store.finish(lease)
      for (const lease of leases) if (lease.lane === 'chat:other') await store.putBack(lease, 0, 'stopped')
      await pause(3)
      expect((await store.claim('a', 2, 60_000)).leases).toHaveLength(2)
    })

    test('add() takes every update id once, also within one batch and after it was done', async () => {
      const store = await openNew()
      expect(await store.add([update(1), update(1)])).toBe(1)
      expect(await store.add([update(1), update(2)])).toBe(1)
      await store.finish(await claimOne(store))
      await store.finish(await claimOne(store))
      expect(await store.add([update(1), update(2)])).toBe(0)
      expect((await store.counts()).waiting).toBe(0)
    })

    test('add() remembers a bounded number of ids, the newest', async () => {
      const store = await openNew({ seenWindow: 3 })
      for (const id of [1, 2, 3, 4, 5]) await store.add([update(id)])
      expect((await store.counts()).seen).toBe(3)
      expect(await store.add([update(3), update(4), update(5)])).toBe(0)
      expect(await store.add([update(1)])).toBe(1)
    })

    test('add() refuses the whole batch when too many wait, and takes it when there is room', async () => {
      const store = await openNew({ maxWaiting: 3 })
      await store.add([update(1), update(2)])
      await expect(store.add([update(3), update(4)])).rejects.toMatchObject({ name: 'StateError', kind: 'full' })
      expect((await store.counts()).waiting).toBe(2)
      expect(await store.add([update(1), update(2)])).toBe(0)
      await store.finish(await claimOne(store))
      expect(await store.add([update(3), update(4)])).toBe(2)
    })

    test('add() refuses a lane without a name or with a very long one', async () => {
      const store = await openNew()
      for (const lane of ['', 'x'.repeat(201)])
        await expect(store.add([update(1, lane)])).rejects.toMatchObject({ kind: 'too large' })
      expect(await store.add([update(1, '滬'.repeat(200))])).toBe(1)
      expect((await claimOne(store)).lane).toBe('滬'.repeat(200))
    })

    test('a lease that nobody renews ends, and another takes over, with a higher token and the count of beginnings', async () => {
      const store = await openNew()
      await store.add([update(1), update(2)])
      const first = await claimOne(store, 60)
      expect(first.begun).toBe(1)
      await pause(90)
      const second = await claimOne(store)
      expect(second.update.id).toBe(1)
      expect(second.token).toBeGreaterThan(first.token)
      expect(second.begun).toBe(2)
    })

    test('renew() holds a lane, and says which were lost', async () => {
      const store = await openNew()
      await store.add([update(1, 'chat:1'), update(2, 'chat:2')])
      const { leases } = await store.claim('a', 2, 80)
      await store.renew(
        leases.filter(({ lane }) => lane === 'chat:1'),
        60_000,
      )
      await pause(110)
      expect(idsOf((await store.claim('b', 10, 60_000)).leases)).toEqual([2])
      const held = leases.find(({ lane }) => lane === 'chat:1')!
      expect(await store.renew(leases, 60_000)).toEqual(new Set([held.token]))
      expect(await store.renew([], 60_000)).toEqual(new Set())
    })

    test('finish() after a lost lease removes the update and leaves the lane to its new holder', async () => {
      const store = await openNew()
      await store.add([update(1), update(2)])
      const lost = await claimOne(store, 1)
      await pause(20)
      const current = await claimOne(store)
      await store.finish(lost)
      expect((await store.claim('c', 1, 60_000)).leases).toEqual([])
      expect(await store.renew([current], 60_000)).toEqual(new Set([current.token]))
      await store.finish(current)
      expect((await claimOne(store)).update.id).toBe(2)
    })

    test('finish() of the last update ends the lane, and twice does no harm', async () => {
      const store = await openNew()
      await store.add([update(1)])
      const lease = await claimOne(store)
      await store.finish(lease)
      await store.finish(lease)
      expect(await store.counts()).toEqual({ waiting: 0, lanes: 0, seen: 1 })
    })

    test('putBack() gives the update again after the delay, in its place, and counts as told', async () => {
      const store = await openNew()
      await store.add([update(1), update(2)])
      await store.putBack(await claimOne(store), 20, 'unreachable')
      await pause(40)
      const second = await claimOne(store)
      expect(second).toMatchObject({ update: { id: 1 }, begun: 1, failed: 1 })
      await store.putBack(second, 0, 'broken')
      const third = await claimOne(store)
      expect(third).toMatchObject({ update: { id: 1 }, begun: 2, failed: 1 })
      await store.putBack(third, 0, 'stopped')
      const fourth = await claimOne(store)
      expect(fourth).toMatchObject({ update: { id: 1 }, begun: 2, failed: 1 })
      await store.putBack(fourth, 60_000, 'unreachable')
      expect((await store.claim('a', 1, 60_000)).leases).toEqual([])
    })

    test('the counts of one update do not pass to the next of its lane', async () => {
      const store = await openNew()
      await store.add([update(1), update(2)])
      await store.putBack(await claimOne(store), 0, 'broken')
      await store.finish(await claimOne(store))
      expect(await claimOne(store)).toMatchObject({ update: { id: 2 }, begun: 1, failed: 0 })
    })

    test('putBack() of a lost lease changes nothing', async () => {
      const store = await openNew()
      await store.add([update(1)])
      const lost = await claimOne(store, 1)
      await pause(20)
      const current = await claimOne(store)
      await store.putBack(lost, 0, 'stopped')
      expect((await store.claim('a', 1, 60_000)).leases).toEqual([])
      expect(await store.renew([current], 60_000)).toEqual(new Set([current.token]))
    })

    test('what was recorded comes with the next lease of the update, and leaves with it', async () => {
      const store = await openNew()
      await store.add([update(1), update(2)])
      const lease = await claimOne(store)
      await store.record(1, 'sendMessage 1 0', '{"message_id":7}')
      await store.record(1, 'sendMessage 1 1', '滬港')
      await store.record(2, 'other', 'x')
      await store.putBack(lease, 0, 'stopped')
      const again = await claimOne(store)
      expect([...again.sent].sort()).toEqual([
        ['sendMessage 1 0', '{"message_id":7}'],
        ['sendMessage 1 1', '滬港'],
      ])
      await store.finish(again)
      expect([...(await claimOne(store)).sent]).toEqual([['other', 'x']])
    })

    test('updates past their lifetime are dropped and counted, and the lane goes on', async () => {
      const store = await openNew()
      await store.add([update(1, 'chat:1', 20), update(2, 'chat:1', 20), update(3, 'chat:1'), update(4, 'chat:2', 20)])
      await pause(40)
      const { leases, expired } = await store.claim('a', 10, 60_000)
      expect(idsOf(leases)).toEqual([3])
      expect(leases[0]?.begun).toBe(1)
      expect(expired).toBe(3)
      expect(await store.counts()).toMatchObject({ waiting: 1, lanes: 1 })
    })

    test('several stores on one home share the work without giving any update twice', async () => {
      const open = await newHome()
      const stores = [await open(), await open(), await open()]
      const updates = Array.from({ length: 120 }, (_, index) => update(index + 1, `chat:${index % 10}`))
      await Promise.all(stores.map((store) => store.add(updates)))
      const handled: number[] = []
      const order = new Map<string, number[]>()
      await Promise.all(
        stores.map(async (store, index) => {
          while ((await store.counts()).waiting > 0) {
            const { leases } = await store.claim(`replica ${index}`, 3, 60_000)
            for (const lease of leases) {
              handled.push(lease.update.id)
              order.set(lease.lane, [...(order.get(lease.lane) ?? []), lease.update.id])
              await store.finish(lease)
            }
          }
        }),
      )
      expect(handled.toSorted((a, b) => a - b)).toEqual(updates.map(({ id }) => id))
      for (const ids of order.values()) expect(ids).toEqual(ids.toSorted((a, b) => a - b))
    })

    test('everything is there again after closing and opening', async () => {
      const open = await newHome()
      const before = await open()
      await before.add([update(1), update(2)])
      await before.finish(await claimOne(before))
      await before.record(2, 'key', 'result')
      await before.set('settings', 'user:1', 'hant')
      await before.close()
      const after = await open()
      expect(await after.add([update(1)])).toBe(0)
      expect(await after.get('settings', 'user:1')).toBe('hant')
      const lease = await claimOne(after)
      expect(lease.update).toEqual({ id: 2, body: 'body 2' })
      expect([...lease.sent]).toEqual([['key', 'result']])
    })
  })

  describe(`${name}: values`, () => {
    test('set() and get() keep namespaces and keys apart', async () => {
      const store = await openNew()
      await store.set('settings', 'user:1', 'a')
      await store.set('baskets', 'user:1', 'b')
      await store.set('settings', 'user:12', 'c')
      expect(await store.get('settings', 'user:1')).toBe('a')
      expect(await store.get('baskets', 'user:1')).toBe('b')
      expect(await store.get('questions', 'user:1')).toBeUndefined()
      await store.remove('settings', 'user:1')
      expect(await store.get('settings', 'user:1')).toBeUndefined()
      expect(await store.get('settings', 'user:12')).toBe('c')
    })

    test('change() loses nothing when many change the same value at once', async () => {
      const open = await newHome()
      const stores = [await open(), await open()]
      await Promise.all(
        Array.from({ length: 60 }, (_, index) =>
          stores[index % 2]!.change('baskets', 'chat:1', (old) => `${old ?? ''}${index},`),
        ),
      )
      const items = (await stores[0]!.get('baskets', 'chat:1'))!.split(',').slice(0, -1)
      expect(items.map(Number).toSorted((a, b) => a - b)).toEqual(Array.from({ length: 60 }, (_, index) => index))
    })

    test('change() removes with undefined, and leaves nothing where nothing was', async () => {
      const store = await openNew()
      expect(await store.change('settings', 'k', () => undefined)).toBeUndefined()
      expect(await store.change('settings', 'k', (old) => `${old}1`)).toBe('undefined1')
      expect(await store.change('settings', 'k', () => undefined)).toBeUndefined()
      expect(await store.get('settings', 'k')).toBeUndefined()
    })

    test('values and keys that are too long are refused and change nothing', async () => {
      const store = await openNew()
      await store.set('settings', 'k', 'old')
      await expect(store.set('settings', 'k', 'x'.repeat(4_194_305))).rejects.toMatchObject({ kind: 'too large' })
      await expect(store.change('settings', 'k', () => 'x'.repeat(4_194_305))).rejects.toBeInstanceOf(StateError)
      await expect(store.set('settings', 'x'.repeat(201), 'v')).rejects.toMatchObject({ kind: 'too large' })
      expect(await store.get('settings', 'k')).toBe('old')
      await store.set('settings', 'long', '滬'.repeat(4_194_304))
      expect(await store.get('settings', 'long')).toHaveLength(4_194_304)
    })

    test('check() resolves while the home can be written to', async () => {
      const store = await openNew()
      await expect(store.check()).resolves.toBeUndefined()
    })

    test('a closed store says that it is away', async () => {
      const store = await openNew()
      await store.close()
      await expect(store.add([update(1)])).rejects.toMatchObject({ kind: 'away' })
    })
  })

  describe(`${name}: sealed`, () => {
    const seal = createSeal('secret one')

    test('sealStore() gives back what was stored', async () => {
      const plain = await openNew()
      const ours = sealStore(plain, seal)
      await ours.add([update(1, 'chat:1'), update(2, 'chat:2')])
      await ours.set('questions', 'chat:1', '滬港金融')
      const [lease] = (await ours.claim('a', 1, 60_000)).leases
      expect(lease?.update.body).toBe(`body ${lease?.update.id}`)
      await ours.record(lease!.update.id, 'sendMessage -1001234 0', 'result')
      await ours.putBack(lease!, 0, 'stopped')
      const again = (await ours.claim('a', 2, 60_000)).leases.find(({ update: { id } }) => id === lease!.update.id)
      expect([...(again?.sent ?? [])]).toEqual([['sendMessage -1001234 0', 'result']])
      await ours.finish(again!)
      expect((await plain.counts()).waiting).toBe(1)
      expect(await ours.get('questions', 'chat:1')).toBe('滬港金融')
      expect(await ours.change('questions', 'chat:1', (old) => `${old}!`)).toBe('滬港金融!')
      await ours.remove('questions', 'chat:1')
      expect(await ours.get('questions', 'chat:1')).toBeUndefined()
    })

    test('sealStore() keeps the updates of one lane in order, and different lanes apart', async () => {
      const ours = sealStore(await openNew(), seal)
      await ours.add([update(1, 'chat:1'), update(2, 'chat:1'), update(3, 'chat:2')])
      expect(idsOf((await ours.claim('a', 10, 60_000)).leases).toSorted()).toEqual([1, 3])
    })

    test('the home sees neither names nor texts', async () => {
      const plain = await openNew()
      const ours = sealStore(plain, seal)
      await ours.add([update(1, 'chat:4711')])
      await ours.set('settings', 'user:4711', 'hant')
      const { leases } = await plain.claim('a', 1, 60_000)
      expect(JSON.stringify(leases)).not.toMatch(/4711|body 1/u)
      expect(await plain.get('settings', 'user:4711')).toBeUndefined()
      expect(await plain.get('settings', hidden.value(seal, 'settings', 'user:4711'))).not.toContain('hant')
    })

    test('what another secret sealed is absent, and its updates wait for whoever has that secret', async () => {
      const plain = await openNew()
      const ours = sealStore(plain, seal)
      const events: StoreEvent[] = []
      const theirs = sealStore(plain, createSeal('secret two'), (event) => events.push(event))
      await ours.add([update(1, 'chat:1'), update(2, 'chat:2')])
      await ours.set('settings', 'chat:1', 'hant')
      await theirs.add([update(3, 'chat:1')])
      await theirs.set('settings', 'chat:1', 'en')
      expect(idsOf((await theirs.claim('b', 10, 60_000)).leases)).toEqual([3])
      expect(events).toEqual([{ event: 'updates of another token', count: 2 }])
      expect((await plain.counts()).waiting).toBe(3)
      expect(await theirs.get('settings', 'chat:1')).toBe('en')
      expect(await ours.get('settings', 'chat:1')).toBe('hant')
    })

    test('a sealed value that was moved to another key does not open', async () => {
      const plain = await openNew()
      const store = sealStore(plain, seal)
      const [mine, other] = ['chat:1', 'chat:2'].map((key) => hidden.value(seal, 'questions', key)) as [string, string]
      await store.set('questions', 'chat:1', 'mine')
      await plain.set('questions', other, (await plain.get('questions', mine))!)
      expect(await store.get('questions', 'chat:2')).toBeUndefined()
    })
  })
}
