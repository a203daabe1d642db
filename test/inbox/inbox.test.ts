import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { openEmbedded } from '../../src/embedded/home.ts'
import { createInbox, type Inbox, type InboxEvent, type InboxOptions } from '../../src/inbox/inbox.ts'
import { sendOnce } from '../../src/inbox/once.ts'
import { StateError, type Store } from '../../src/state/store.ts'
import { FloodedError, ForbiddenError, RefusedError, UnreachableError } from '../../src/telegram/errors.ts'
import type { CallOptions, Gateway } from '../../src/telegram/gateway.ts'
import { createGate } from '../gate.ts'
import { until as untilTrue } from '../until.ts'

interface Question {
  readonly update_id: number
  readonly message: {
    readonly message_id: number
    readonly chat: { readonly id: number; readonly type: string }
    readonly text: string
  }
}
const question = (id: number, chat = 1): Question => ({
  update_id: id,
  message: { message_id: id, chat: { id: chat, type: 'private' }, text: `question ${id}` },
})

let folder = ''
let store: Store
let inboxes: Inbox[] = []
let events: InboxEvent[] = []
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'inbox-'))
  store = openEmbedded({ folder, now: () => Date.now() })
  inboxes = []
  events = []
})
afterEach(async () => {
  vi.useRealTimers()
  for (const inbox of inboxes) await inbox.drain(200)
  await store.close()
  await rm(folder, { recursive: true, force: true })
})

function newInbox(
  handle: (update: Question) => Promise<unknown>,
  options: Partial<InboxOptions<Question>> = {},
): Inbox {
  const inbox = createInbox<Question>({
    store,
    handle,
    log: (event) => events.push(event),
    nameLane: (lane) => lane,
    pollMs: 20,
    firstWaitMs: 20,
    longestWaitMs: 40,
    ...options,
  })
  inboxes.push(inbox)
  return inbox
}

const until = (condition: () => boolean | Promise<boolean>) =>
  untilTrue(condition, () => `Events: ${JSON.stringify(events.slice(-5))}`)
const isEmpty = async () => (await store.counts()).waiting === 0
const kinds = () => events.map(({ event }) => event)

/** A gateway that accepts every message, or does what `fail` throws. */
function acceptingGateway(fail: (call: number) => void = () => {}) {
  const texts: string[] = []
  let calls = 0
  const call = async (
    _: string,
    payload: { readonly chat_id: number; readonly text: string },
    options: CallOptions = {},
  ) => {
    await options.beforeRequest?.()
    calls += 1
    fail(calls)
    texts.push(payload.text)
    return {
      message_id: texts.length,
      date: 1,
      chat: { id: payload.chat_id, type: 'private', first_name: 'A name' },
      text: payload.text,
    }
  }
  return { texts, gateway: { call, download: () => Promise.reject(new Error('not used')) } as unknown as Gateway }
}

describe('createInbox()', () => {
  test('handles every update once and in order per chat, however often it comes', async () => {
    const handled: number[] = []
    const inbox = newInbox(async ({ update_id }) => {
      await pause(Math.random() * 3)
      handled.push(update_id)
    })
    inbox.start()
    const updates = Array.from({ length: 60 }, (_, index) => question(index + 1, index % 5))
    await Promise.all([inbox.receive(updates), inbox.receive(updates), inbox.receive(updates.slice(10))])
    await until(isEmpty)
    expect(handled.toSorted((a, b) => a - b)).toEqual(updates.map(({ update_id }) => update_id))
    for (let chat = 0; chat < 5; chat += 1) {
      const ids = handled.filter((id) => (id - 1) % 5 === chat)
      expect(ids).toEqual(ids.toSorted((a, b) => a - b))
    }
  })

  test('never handles more at once than told, and never two of one chat', async () => {
    let now = 0
    let most = 0
    const chats = new Set<number>()
    const inbox = newInbox(
      async ({ message: { chat } }) => {
        expect(chats.has(chat.id)).toBe(false)
        chats.add(chat.id)
        now += 1
        most = Math.max(most, now)
        await pause(5)
        now -= 1
        chats.delete(chat.id)
      },
      { concurrency: 3 },
    )
    inbox.start()
    await inbox.receive(Array.from({ length: 30 }, (_, index) => question(index + 1, index % 10)))
    await until(isEmpty)
    expect(most).toBe(3)
  })

  test('a chat with a thousand updates does not keep another waiting', async () => {
    const handled: number[] = []
    const inbox = newInbox(async ({ update_id }) => void handled.push(update_id), { concurrency: 2 })
    await inbox.receive(Array.from({ length: 1000 }, (_, index) => question(index + 1, 666)))
    inbox.start()
    await inbox.receive([question(5000, 1)])
    await until(() => handled.includes(5000))
    expect(handled.length).toBeLessThan(100)
  })

  test('goes on after a crash with what was not done, and does not send again what was recorded', async () => {
    const { texts, gateway } = acceptingGateway()
    const bot = sendOnce(gateway)
    let isFirst = true
    const handle = async ({ message: { chat, text } }: Question) => {
      const first = await bot.call('sendMessage', { chat_id: chat.id, text: `${text}, part 1` })
      // The process hangs here until it is ended: the second part never went out.
      if (isFirst) await new Promise(() => {})
      await bot.call('sendMessage', { chat_id: chat.id, text: `${text}, part 2, after message ${first.message_id}` })
    }
    const recorded = createGate()
    const noted: Store = { ...store, record: (...args) => store.record(...args).then(recorded.open) }
    const before = newInbox(handle, { store: noted })
    before.start()
    await before.receive([question(1)])
    await recorded.opened
    await before.drain(10)
    isFirst = false
    newInbox(handle).start()
    await until(isEmpty)
    expect(texts).toEqual(['question 1, part 1', 'question 1, part 2, after message 1'])
  })

  test('a repeated handling gets the recorded number, chat and date, and no text', async () => {
    const { gateway, texts } = acceptingGateway()
    const bot = sendOnce(gateway)
    const results: unknown[] = []
    const inbox = newInbox(async ({ message: { chat } }) => {
      results.push(await bot.call('sendMessage', { chat_id: chat.id, text: 'secret words' }))
      if (results.length === 1) throw new UnreachableError('sendMessage', 1, 'network', 'none')
    })
    inbox.start()
    await inbox.receive([question(1, 7)])
    await until(isEmpty)
    expect(texts).toHaveLength(1)
    expect(results[1]).toEqual({ message_id: 1, date: 1, chat: { id: 7, type: 'private' } })
  })

  test('what Telegram cannot be reached for is tried until it is answered, in order', async () => {
    const answered: number[] = []
    let failures = 6
    const inbox = newInbox(async ({ update_id }) => {
      failures -= 1
      if (failures >= 0)
        throw failures % 2 === 0
          ? new UnreachableError('sendMessage', 5, 'server error', 'uncertain', '502')
          : new FloodedError('sendMessage', 5, 0.01)
      answered.push(update_id)
    })
    inbox.start()
    await inbox.receive([question(1), question(2), question(3)])
    await until(isEmpty)
    expect(answered).toEqual([1, 2, 3])
    expect(kinds().filter((kind) => kind === 'update put back')).toHaveLength(6)
  })

  test('what Telegram refuses for good is done at once', async () => {
    const errors = [
      new ForbiddenError('sendMessage', 1, 'bot was blocked'),
      new RefusedError('sendMessage', 1, 400, 'chat not found', 'x'),
    ]
    let calls = 0
    const inbox = newInbox(async () => {
      calls += 1
      throw errors[calls - 1]
    })
    inbox.start()
    await inbox.receive([question(1), question(2)])
    await until(isEmpty)
    expect(calls).toBe(2)
    expect(kinds()).toEqual(['answer refused', 'answer refused'])
  })

  test('an update whose handling fails is tried three times, then dropped, and the chat goes on', async () => {
    const tried: number[] = []
    const inbox = newInbox(async ({ update_id, message: { text } }) => {
      tried.push(update_id)
      if (update_id === 1) throw new TypeError(`Cannot read ${text}`)
    })
    inbox.start()
    await inbox.receive([question(1), question(2)])
    await until(isEmpty)
    expect(tried).toEqual([1, 1, 1, 2])
    expect(events).toContainEqual({
      event: 'update given up',
      updateId: 1,
      lane: 'chat:1',
      kind: 'TypeError',
      begun: 3,
      frames: expect.arrayContaining([expect.objectContaining({ file: 'test/inbox/inbox.test.ts' })]),
    })
    expect(JSON.stringify(events)).not.toContain('question')
  })

  test('an update that is claimed again before the store said that it has it back is tried again at once', async () => {
    const slow: Store = {
      ...store,
      async putBack(lease, delayMs, reason) {
        await store.putBack(lease, delayMs, reason)
        await pause(200)
      },
    }
    const tried: number[] = []
    const handle = async ({ update_id }: Question) => {
      tried.push(update_id)
      if (update_id === 1) throw new TypeError('broken')
    }
    const inbox = newInbox(handle, { store: slow, leaseMs: 600_000 })
    inbox.start()
    await inbox.receive([question(1), question(2)])
    await until(isEmpty)
    expect(tried).toEqual([1, 1, 1, 2])
  })

  test('the log tells chats apart without their ids unless told otherwise', async () => {
    const inbox = createInbox<Question>({ store, handle: async () => {}, log: (event) => events.push(event) })
    inboxes.push(inbox)
    inbox.start()
    // Long enough that no hash holds it by chance.
    await inbox.receive([question(1, 4711000001), question(2, 4711000001), question(3, 4711000002)])
    await until(isEmpty)
    const lanes = events.map((event) => ('lane' in event ? event.lane : ''))
    expect(new Set(lanes).size).toBe(2)
    expect(JSON.stringify(events)).not.toContain('4711000')
  })

  test('an update that ends the process every time is dropped in the end', async () => {
    await store.add([{ id: 1, lane: 'chat:1', body: JSON.stringify(question(1)), lifetimeMs: 60_000 }])
    for (let beginning = 0; beginning < 10; beginning += 1) {
      await store.claim('process that dies', 1, 1)
      await pause(3)
    }
    const handled: number[] = []
    const inbox = newInbox(async ({ update_id }) => void handled.push(update_id))
    inbox.start()
    await inbox.receive([question(2)])
    await until(isEmpty)
    expect(handled).toEqual([2])
    expect(events[0]).toMatchObject({ event: 'update given up', updateId: 1, kind: 'ended the process' })
  })

  test('things that are no updates are counted and left; strange updates are handled', async () => {
    const handled: unknown[] = []
    const inbox = newInbox(async (update) => void handled.push(update))
    inbox.start()
    const strange = [
      { update_id: 1 },
      { update_id: 2, message: null },
      { update_id: 3, message: { chat: null } },
      { update_id: 4, message: { chat: { id: 'x'.repeat(5000) } } },
    ]
    await inbox.receive([
      null,
      1,
      'x',
      [],
      {},
      { update_id: 'a' },
      { update_id: -1 },
      { update_id: 1.5 },
      { update_id: 9, message: { text: 'x'.repeat(600_000) } },
      ...strange,
    ])
    await until(isEmpty)
    await until(() => handled.length === 4)
    expect(handled).toEqual(expect.arrayContaining(strange))
    expect(events).toContainEqual({ event: 'updates dropped', reason: 'not an update', count: 8 })
    expect(events).toContainEqual({ event: 'updates dropped', reason: 'too large', count: 1 })
  })

  test('drain() waits for what runs, takes nothing new, and leaves the rest for the next start', async () => {
    const handled: number[] = []
    const [begun, finished] = [createGate(), createGate()]
    const handle = async ({ update_id }: Question) => {
      begun.open()
      await finished.opened
      handled.push(update_id)
    }
    const inbox = newInbox(handle)
    inbox.start()
    await inbox.receive([question(1), question(2)])
    await begun.opened
    const drained = inbox.drain(50_000)
    finished.open()
    await drained
    expect(handled).toEqual([1])
    expect((await store.counts()).waiting).toBe(1)
    newInbox(handle).start()
    await until(isEmpty)
    expect(handled).toEqual([1, 2])
  })

  test('an inbox keeps its chats for as long as it works on them, and hands them over when it stops', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date'] })
    const handled: string[] = []
    const slow = newInbox(() => new Promise(() => {}), { leaseMs: 6000, now: Date.now })
    slow.start()
    await slow.receive([question(1, 1), question(2, 2)])
    await vi.advanceTimersByTimeAsync(100)
    expect(slow.running).toBe(2)
    newInbox(async ({ update_id }) => void handled.push(`other ${update_id}`), {
      leaseMs: 6000,
      now: Date.now,
    }).start()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(handled).toEqual([])
    const drained = slow.drain(1)
    await vi.advanceTimersByTimeAsync(1000)
    await drained
    await vi.advanceTimersByTimeAsync(1000)
    expect(handled.toSorted()).toEqual(['other 1', 'other 2'])
  })

  test('a replica that slept through its lease does not send what another answered meanwhile', async () => {
    const { texts, gateway } = acceptingGateway()
    const bot = sendOnce(gateway)
    let wake = () => {}
    const asleep = new Promise<void>((resolve) => {
      wake = resolve
    })
    const withoutRenewal: Store = {
      ...store,
      renew: async (leases, ms) => (texts.length === 0 ? new Set() : store.renew(leases, ms)),
    }
    const sleeper = createInbox<Question>({
      store: withoutRenewal,
      leaseMs: 60,
      pollMs: 10_000,
      handle: async ({ message: { chat } }) => {
        await asleep
        await bot.call('sendMessage', { chat_id: chat.id, text: 'from the sleeper' })
      },
    })
    inboxes.push(sleeper)
    sleeper.start()
    await sleeper.receive([question(1)])
    await until(() => sleeper.running === 1)
    newInbox(async ({ message: { chat } }) =>
      bot.call('sendMessage', { chat_id: chat.id, text: 'from the other' }),
    ).start()
    await until(isEmpty)
    wake()
    await until(() => sleeper.running === 0)
    expect(texts).toEqual(['from the other'])
  })

  test('while the store is away receive() rejects, and what was answered is reported once it is back and not answered again', async () => {
    let isAway = false
    const guarded = Object.fromEntries(
      Object.entries(store).map(([name, method]) => [
        name,
        typeof method !== 'function'
          ? method
          : (...args: never[]) =>
              isAway
                ? Promise.reject(new StateError('away', 'away'))
                : (method as (...args: never[]) => unknown)(...args),
      ]),
    ) as unknown as Store
    const { texts, gateway } = acceptingGateway()
    const bot = sendOnce(gateway)
    const inbox = newInbox(
      async ({ message: { chat, text } }) => {
        await bot.call('sendMessage', { chat_id: chat.id, text })
        isAway = true
      },
      { store: guarded },
    )
    inbox.start()
    await inbox.receive([question(1)])
    await until(() => kinds().includes('inbox waits for the store'))
    await expect(inbox.receive([question(2)])).rejects.toMatchObject({ kind: 'away' })
    isAway = false
    await until(() => kinds().includes('inbox goes on'))
    await until(isEmpty)
    expect(texts).toEqual(['question 1'])
  })
})

describe('sendOnce()', () => {
  test('outside of an update, and for calls that give no new message, it sends as ever', async () => {
    const { texts, gateway } = acceptingGateway()
    const bot = sendOnce(gateway)
    for (let time = 0; time < 2; time += 1) await bot.call('sendMessage', { chat_id: 1, text: 'notice' })
    let isFirst = true
    const inbox = newInbox(async () => {
      await bot.call('editMessageText', { chat_id: 1, message_id: 1, text: 'edit' })
      if (isFirst) {
        isFirst = false
        throw new UnreachableError('x', 1, 'network', 'none')
      }
    })
    inbox.start()
    await inbox.receive([question(1)])
    await until(isEmpty)
    expect(texts).toEqual(['notice', 'notice', 'edit', 'edit'])
  })

  test('tells chats and the order of messages apart', async () => {
    const { texts, gateway } = acceptingGateway()
    const bot = sendOnce(gateway)
    let isFirst = true
    const inbox = newInbox(async () => {
      await bot.call('sendMessage', { chat_id: 1, text: 'a1' })
      await bot.call('sendMessage', { chat_id: 2, text: 'b1' })
      if (isFirst) {
        isFirst = false
        throw new UnreachableError('x', 1, 'network', 'none')
      }
      await bot.call('sendMessage', { chat_id: 1, text: 'a2' })
      await bot.call('sendMessage', { chat_id: 2, text: 'b2' })
    })
    inbox.start()
    await inbox.receive([question(1)])
    await until(isEmpty)
    expect(texts).toEqual(['a1', 'b1', 'a2', 'b2'])
  })
})
