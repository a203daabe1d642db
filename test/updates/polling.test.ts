import { getEventListeners } from 'node:events'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createGateway, type Gateway } from '../../src/telegram/gateway.ts'
import { type Polling, type PollingEvent, type PollingOptions, startPolling } from '../../src/updates/polling.ts'
import { createGate } from '../gate.ts'
import type { PrivateChat } from '../standin/actors.ts'
import type { Fault } from '../standin/faults.ts'
import { type Standin, startStandin } from '../standin/standin.ts'
import type { Message } from '../standin/types.ts'
import { turns } from '../turns.ts'
import { until } from '../until.ts'

let telegram: Standin
let chat: PrivateChat
let gateway: Gateway
let polling: Polling | undefined

beforeEach(async () => {
  telegram = await startStandin()
  chat = telegram.privateChat(telegram.person({ id: 7, first_name: 'Ada' }), 'open')
  gateway = createGateway({ token: telegram.token, apiRoot: telegram.apiRoot })
})
afterEach(async () => {
  await polling?.stop()
  polling = undefined
  await telegram.stop()
  expect(telegram.ownMistakes).toEqual([])
  expect(telegram.refusals).toEqual([])
})

const textOf = (update: object): string => (update as { message?: Message }).message?.text ?? ''

/** Polls with short waits and long patience; `texts` are the messages taken. */
function poll(options: Partial<PollingOptions> = {}) {
  const texts: string[] = []
  const events: PollingEvent[] = []
  polling = startPolling({
    gateway,
    onUpdates: async (updates) => {
      texts.push(...updates.map(textOf))
    },
    timeoutSeconds: 50,
    deadlineMs: 60_000,
    firstWaitMs: 4,
    longestWaitMs: 20,
    conflictWaitMs: 20,
    log: (event) => events.push(event),
    ...options,
  })
  return { polling, texts, events }
}

const offsets = () => telegram.polls.map(({ params }) => params.offset)
/** The gateway with a deadline that this test says. */
const withDeadline = (deadlineMs: () => number): Pick<Gateway, 'call'> => ({
  call: (method, payload, options) => gateway.call(method, payload, { ...options, deadlineMs: deadlineMs() }),
})

describe('startPolling()', () => {
  test('takes updates in order and asks for guest messages', async () => {
    const { texts } = poll()
    for (const text of ['一', '二', '三']) chat.says(text)
    await until(() => texts.length === 3)
    expect(texts).toEqual(['一', '二', '三'])
    expect(telegram.polls[0]?.params.allowed_updates).toEqual(
      expect.arrayContaining(['message', 'guest_message', 'inline_query', 'callback_query', 'my_chat_member']),
    )
  })

  test('confirms updates only after they were taken', async () => {
    const [came, taken] = [createGate(), createGate()]
    poll({
      onUpdates: () => {
        came.open()
        return taken.opened
      },
    })
    chat.says('一')
    await came.opened
    await turns()
    expect(telegram.polls).toHaveLength(1)
    expect(telegram.world.updates.pending).toHaveLength(1)
    taken.open()
    await until(() => telegram.world.updates.pending.length === 0)
    expect(offsets()).toEqual([0, 1001])
  })

  test('gets the updates again that were not taken', async () => {
    let failures = 2
    const texts: string[] = []
    const { events } = poll({
      onUpdates: async (updates) => {
        texts.push(...updates.map(textOf))
        if (failures-- > 0) throw new Error('not now')
      },
    })
    chat.says('一')
    await until(() => texts.length === 3 && telegram.world.updates.pending.length === 0)
    expect(texts).toEqual(['一', '一', '一'])
    expect(events).toMatchObject([{ event: 'updates not taken', count: 1 }, { event: 'updates not taken' }])
  })

  test('lives on when onUpdates throws before it promises anything', async () => {
    let calls = 0
    poll({
      onUpdates: () => {
        calls += 1
        if (calls === 1) throw new Error('at once')
        return Promise.resolve()
      },
    })
    chat.says('一')
    await until(() => calls === 2 && telegram.world.updates.pending.length === 0)
  })

  const faults: readonly Fault[] = [
    { kind: 'flood', retryAfter: 0 },
    { kind: 'server error', code: 502 },
    { kind: 'reset' },
    { kind: 'broken body' },
    { kind: 'half json' },
    { kind: 'page', status: 200 },
    { kind: 'page', status: 502 },
    { kind: 'empty' },
    { kind: 'hang' },
    { kind: 'stall' },
    { kind: 'conflict' },
    { kind: 'forbidden', description: 'x' },
    { kind: 'bad request', description: 'x' },
    // Without being carried out it answers `"result": true`.
    { kind: 'slow', ms: 1 },
  ]
  test.each(faults.map((fault) => [JSON.stringify(fault), fault] as const))(
    'goes on after %s and loses nothing',
    async (_, fault) => {
      const heal = telegram.fault(fault, { method: 'getUpdates', effect: false })
      const isSilent = fault.kind === 'hang' || fault.kind === 'stall'
      const events: string[] = []
      const failures = () => events.filter((event) => event === 'poll failed').length
      const { texts } = poll({
        timeoutSeconds: 0,
        // What never answers takes long enough three times.
        gateway: withDeadline(() => (isSilent && failures() < 3 ? 50 : 60_000)),
        log: ({ event }) => {
          events.push(event)
          if (failures() === 3) heal()
        },
      })
      chat.says('一')
      await until(() => texts.length > 0 && telegram.world.updates.pending.length === 0)
      expect(texts).toEqual(['一'])
      expect(events).toEqual(['poll failed', 'poll failed', 'poll failed', 'poll recovered'])
    },
  )

  test('waits longer after each failure, and briefly again after a success', async () => {
    const waits: number[] = []
    telegram.fault({ kind: 'server error', code: 500 }, { method: 'getUpdates', times: 8 })
    const { texts } = poll({
      firstWaitMs: 100,
      longestWaitMs: 1000,
      random: () => 1,
      sleep: async (ms) => {
        waits.push(ms)
      },
    })
    chat.says('一')
    await until(() => texts.length === 1)
    expect(waits).toEqual([100, 200, 400, 800, 1000, 1000, 1000, 1000])
    telegram.fault({ kind: 'server error', code: 500 }, { method: 'getUpdates', times: 1 })
    chat.says('二')
    await until(() => waits.length === 9)
    expect(waits.at(-1)).toBe(100)
  })

  test('waits as long as a 429 says', async () => {
    const waits: number[] = []
    telegram.fault({ kind: 'flood', retryAfter: 17 }, { method: 'getUpdates', times: 1 })
    poll({
      sleep: async (ms) => {
        waits.push(ms)
      },
    })
    await until(() => waits.length === 1)
    expect(waits).toEqual([17_000])
  })

  test('gives way to another poller and comes back', async () => {
    const { texts, events } = poll()
    await until(() => telegram.world.updates.isPolled)
    const other = gateway.call('getUpdates', { timeout: 50, limit: 1 })
    await until(() => events.length > 0)
    expect(events[0]).toMatchObject({ event: 'poll failed', kind: 'conflict', waitMs: 20 })
    await other.catch(() => {})
    chat.says('一')
    await until(() => texts.length === 1)
  })

  test('ends with a clear error when the token is not accepted', async () => {
    telegram.fault({ kind: 'unauthorized' }, { method: 'getUpdates' })
    await expect(poll().polling.ended).rejects.toMatchObject({
      kind: 'unauthorized',
      message: expect.stringContaining('@BotFather'),
    })
    gateway = createGateway({ token: telegram.token, apiRoot: `${telegram.apiRoot}/nowhere` })
    await expect(poll().polling.ended).rejects.toMatchObject({ kind: 'refused', code: 404 })
  })

  test('loses nothing and keeps the order while every second poll goes wrong', async () => {
    const rule = { method: 'getUpdates', probability: 0.12 }
    for (const kind of ['reset', 'broken body', 'empty', 'half json'] as const) telegram.fault({ kind }, rule)
    telegram.fault({ kind: 'page', status: 502 }, rule)
    const { texts } = poll({ timeoutSeconds: 1 })
    const expected = Array.from({ length: 60 }, (_, i) => `第${i}項`)
    for (const [i, text] of expected.entries()) {
      chat.says(text)
      if (i % 10 === 9) await turns(5)
    }
    await until(() => texts.length >= 60)
    expect(texts).toEqual(expected)
  })
})

describe('stop()', () => {
  test('breaks a long poll off', async () => {
    const { polling } = poll()
    await until(() => telegram.world.updates.isPolled)
    await polling.stop()
    await expect(polling.ended).resolves.toBeUndefined()
    await until(() => telegram.polls[0]?.outcome.kind !== 'pending')
    expect(telegram.polls.map(({ outcome }) => outcome.kind)).toEqual(['abandoned'])
  })

  test('breaks a wait off, which is longer than this test', async () => {
    telegram.fault({ kind: 'flood', retryAfter: 100 }, { method: 'getUpdates' })
    const { polling, events } = poll()
    await until(() => events.length === 1)
    await polling.stop()
    await expect(polling.ended).resolves.toBeUndefined()
  })

  test('does not wait for updates that are never taken, and does not confirm them', async () => {
    const came = createGate()
    const { polling } = poll({
      onUpdates: () => {
        came.open()
        return new Promise(() => {})
      },
    })
    chat.says('一')
    await came.opened
    await polling.stop()
    expect(telegram.world.updates.pending).toHaveLength(1)
  })

  test('tells Telegram the last offset, so that nothing comes twice at the next start', async () => {
    let taken = 0
    const stopAfterTaking = async (updates: readonly object[]) => {
      taken += updates.length
      void polling?.stop()
    }
    chat.says('一')
    poll({ onUpdates: stopAfterTaking, gateway: withDeadline(() => 60_000) })
    await polling?.ended
    expect(taken).toBe(1)
    expect(telegram.world.updates.pending).toHaveLength(0)
    expect(offsets()).toEqual([0, 1001])
  })

  test('gives Telegram half a second for the last word, and ends when it does not answer any more', async () => {
    const deadlines: (number | undefined)[] = []
    chat.says('一')
    poll({
      gateway: {
        call: (method, payload, options) => {
          deadlines.push(options?.deadlineMs)
          return gateway.call(method, payload, options)
        },
      },
      onUpdates: async () => {
        telegram.fault({ kind: 'hang' })
        void polling?.stop()
      },
    })
    await polling?.ended
    expect(deadlines).toEqual([60_000, 500])
  })

  test('can be called twice', async () => {
    poll()
    await Promise.all([polling?.stop(), polling?.stop()])
    await polling?.stop()
    await expect(polling?.ended).resolves.toBeUndefined()
  })

  test('polls leave no listener on the signal', async () => {
    const signals = new Set<AbortSignal>()
    const spied: Pick<Gateway, 'call'> = {
      call: (method, payload, options) => {
        if (options?.signal !== undefined) signals.add(options.signal)
        return gateway.call(method, payload, options)
      },
    }
    const { texts } = poll({ gateway: spied, timeoutSeconds: 0 })
    chat.says('一')
    await until(() => texts.length === 1 && telegram.polls.length > 20)
    const [signal] = signals
    // One of the loop itself, at most one of the poll that runs, one of its wait.
    expect(getEventListeners(signal as AbortSignal, 'abort').length).toBeLessThanOrEqual(3)
  })
})
