import { afterEach, describe, expect, test, vi } from 'vitest'
import {
  type Readiness,
  type ReadinessEvent,
  watchInbox,
  watchReadiness,
  watchStore,
} from '../../src/operations/readiness.ts'
import { StateError } from '../../src/state/store.ts'

afterEach(() => {
  vi.useRealTimers()
})

describe('watchReadiness()', () => {
  let readiness: Readiness | undefined
  afterEach(() => readiness?.stop())

  test('gathers what the concerns say, and names one that does not answer', async () => {
    const concerns = [
      () => 'the first',
      () => undefined,
      async () => 'the third',
      () => Promise.reject(new Error('a secret')),
      () => {
        throw new Error('a secret')
      },
    ]
    readiness = watchReadiness({ concerns, log: () => {} })
    const silent = 'a part of the service does not tell how it is'
    expect(await readiness.reasons()).toEqual(['the first', 'the third', silent, silent])
  })

  test('says every change once, also when nobody asks, and not that a number grew', async () => {
    vi.useFakeTimers()
    let reason: string | undefined
    const events: ReadinessEvent[] = []
    readiness = watchReadiness({ concerns: [() => reason], log: (event) => events.push(event), everyMs: 5000 })
    const passes = () => vi.advanceTimersByTimeAsync(5000)
    await passes()
    await passes()
    reason = 'nothing for 60 s'
    await passes()
    reason = 'nothing for 65 s'
    await passes()
    reason = undefined
    await passes()
    readiness.stop()
    reason = 'again'
    await passes()
    expect(events).toEqual([
      { event: 'ready' },
      { event: 'not ready', reasons: ['nothing for 60 s'] },
      { event: 'ready' },
    ])
  })

  test('asks once for all who ask at the same time', async () => {
    let asked = 0
    const count = async () => {
      asked += 1
      return String(asked)
    }
    readiness = watchReadiness({ concerns: [count], log: () => {} })
    const [one, other] = await Promise.all([readiness.reasons(), readiness.reasons()])
    expect([one, other]).toEqual([['1'], ['1']])
    expect(await readiness.reasons()).toEqual(['2'])
  })
})

describe('watchStore()', () => {
  test('says why the store cannot be written to, in a word and without the folder', async () => {
    const said = (error: Error) =>
      watchStore(
        () => Promise.reject(error),
        () => 0,
      ).concern()
    const message = 'Cannot write /srv/private/state.lmdb'
    expect(await said(new StateError('away', message, 'no space'))).toBe('the store cannot be written to (no space)')
    expect(await said(new StateError('away', message))).toBe('the store cannot be written to (away)')
    expect(await said(new TypeError(message))).toBe('the store cannot be written to')
  })

  test('says that it does not answer', async () => {
    vi.useFakeTimers()
    const told = watchStore(
      () => new Promise(() => {}),
      () => 0,
    ).concern()
    await vi.advanceTimersByTimeAsync(2000)
    expect(await told).toBe('the store does not answer')
  })

  test('an update that could not be stored counts until one was, or a minute', async () => {
    let now = 0
    const watch = watchStore(
      async () => {},
      () => now,
    )
    expect(await watch.concern()).toBeUndefined()
    watch.failed(new StateError('full', 'Cannot take more updates'))
    expect(await watch.concern()).toBe('updates cannot be stored (full)')
    watch.succeeded()
    expect(await watch.concern()).toBeUndefined()
    watch.failed(new StateError('full', 'Cannot take more updates'))
    now = 60_000
    expect(await watch.concern()).toBe('updates cannot be stored (full)')
    now = 60_001
    expect(await watch.concern()).toBeUndefined()
  })
})

describe('watchInbox()', () => {
  let now = 0
  let waiting = 0
  const start = () => {
    now = 0
    waiting = 0
    return watchInbox(
      async () => waiting,
      () => now,
    )
  }
  /** What it says after so many seconds, asked every five as the service does. */
  async function saidAfter(seconds: number, { concern }: ReturnType<typeof watchInbox>): Promise<string | undefined> {
    let said: string | undefined
    for (const end = now + seconds * 1000; now < end; ) {
      now += 5000
      said = await concern()
    }
    return said
  }

  test('speaks when updates wait and none was done for a minute, and no more once one was', async () => {
    const watch = start()
    waiting = 3
    expect(await saidAfter(55, watch)).toBeUndefined()
    expect(await saidAfter(10, watch)).toBe('the inbox does not move: 3 updates wait, and none was done for 65 s')
    watch.note({ event: 'update handled' })
    expect(await saidAfter(5, watch)).toBeUndefined()
  })

  test.each(['update handled', 'answer refused', 'update given up', 'updates dropped'])(
    '"%s" is movement',
    async (event) => {
      const watch = start()
      waiting = 3
      await saidAfter(50, watch)
      watch.note({ event })
      expect(await saidAfter(55, watch)).toBeUndefined()
    },
  )

  test('an update that is put back again and again is none', async () => {
    const watch = start()
    waiting = 1
    await saidAfter(50, watch)
    watch.note({ event: 'update put back' })
    expect(await saidAfter(10, watch)).toContain('does not move')
  })

  test('an inbox without updates does not move and is well, for hours; so is one that another replica empties', async () => {
    const watch = start()
    expect(await saidAfter(7200, watch)).toBeUndefined()
    waiting = 5
    for (; waiting > 0; waiting -= 1) expect(await saidAfter(55, watch)).toBeUndefined()
  })

  test('a store that does not answer is not the fault of the inbox', async () => {
    const watch = watchInbox(
      () => Promise.reject(new Error('away')),
      () => now,
    )
    expect(await saidAfter(120, watch)).toBeUndefined()
  })
})
