import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openEmbedded } from '../../src/embedded/home.ts'
import { createInbox, type Inbox, type InboxEvent, type InboxOptions } from '../../src/inbox/inbox.ts'
import { sendOnce } from '../../src/inbox/once.ts'
import { StateError, type Store } from '../../src/state/store.ts'
import { UnreachableError } from '../../src/telegram/errors.ts'
import { createGateway, type Gateway } from '../../src/telegram/gateway.ts'
import type { Sleep } from '../../src/telegram/time.ts'
import type { PrivateChat } from '../standin/actors.ts'
import { type Standin, startStandin } from '../standin/standin.ts'
import { until as untilTrue } from '../until.ts'

type Question = {
  readonly update_id: number
  readonly message: {
    readonly message_id: number
    readonly date: number
    readonly chat: { readonly id: number; readonly type: 'private' }
    readonly text: string
  }
}
const question = (id: number, date = 0): Question => ({
  update_id: id,
  message: { message_id: id, date, chat: { id: 7, type: 'private' }, text: `question ${id}` },
})

let folder = ''
let store: Store
let telegram: Standin
let gateway: Gateway
let inboxes: Inbox[] = []
let events: InboxEvent[] = []
/** How far the clock that leases go by was set forward. Milliseconds. */
let ahead = 0
let chat: PrivateChat

/** A wait that only a stop ends. */
const untilAborted: Sleep = (_, signal) =>
  new Promise((_resolve, reject) => {
    signal?.addEventListener('abort', () => reject(new Error('aborted')))
  })

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'owed-'))
  store = openEmbedded({ folder, now: () => Date.now() + ahead })
  telegram = await startStandin()
  chat = telegram.privateChat(telegram.person({ id: 7, first_name: 'Ada' }))
  chat.room.reach = 'open'
  gateway = createGateway({ token: telegram.token, apiRoot: telegram.apiRoot, sleep: untilAborted })
  inboxes = []
  events = []
  ahead = 0
})
afterEach(async () => {
  for (const inbox of inboxes) await inbox.drain(100)
  await telegram.stop()
  await store.close()
  await rm(folder, { recursive: true, force: true })
})

const open = (options: Partial<InboxOptions<Question>> & Pick<InboxOptions<Question>, 'handle'>): Inbox => {
  const inbox = createInbox<Question>({
    store,
    log: (event) => events.push(event),
    now: () => performance.now() + ahead,
    pollMs: 5,
    leaseMs: 6000,
    firstWaitMs: 1,
    longestWaitMs: 1,
    ...options,
  })
  inboxes.push(inbox)
  inbox.start()
  return inbox
}
/** What Telegram took. */
const sent = () => chat.unread.map(({ text }) => text)
const tried = () => telegram.callsOf('sendMessage').length
const until = (condition: () => unknown) =>
  untilTrue(
    async () => Boolean(await condition()),
    () => JSON.stringify(events.slice(-5)),
  )
const isDone = async () => (await store.counts()).waiting === 0
const send = (text: string, wire: Gateway = gateway) => sendOnce(wire).call('sendMessage', { chat_id: 7, text })

describe('an update in hand', () => {
  test('is not begun a second time when its lease ran out while the process was paused', async () => {
    let begun = 0
    let claimed = 0
    let goOn = () => {}
    const home = store
    const watched: Store = {
      ...home,
      async claim(...given) {
        const claims = await home.claim(...given)
        claimed += claims.leases.length
        return claims
      },
    }
    const inbox = open({
      store: watched,
      async handle() {
        begun += 1
        await new Promise<void>((resolve) => {
          goOn = resolve
        })
        await send('an answer')
      },
    })
    await inbox.receive([question(1)])
    await until(() => begun === 1)
    // As after SIGSTOP and SIGCONT, or a clock set forward: every lease is over, and this process looks for work again.
    ahead += 60_000
    await inbox.receive([question(2)])
    await until(() => claimed === 2)
    expect(begun).toBe(1)
    goOn()
    await until(() => begun === 2)
    goOn()
    await until(isDone)
    expect(sent()).toEqual(['an answer', 'an answer'])
    expect(events.filter(({ event }) => event === 'update handled')).toHaveLength(2)
  })

  test('does not send again what was accepted and could not be recorded', async () => {
    let refusing = false
    const away = async () => {
      throw new StateError('away', 'no space left')
    }
    // Of this test and no other: what could not be recorded is tried for longer than it lasts.
    const home = store
    const full: Store = {
      ...home,
      record: (...given) => (refusing ? away() : home.record(...given)),
      set: (...given) => (refusing ? away() : home.set(...given)),
    }
    const inbox = open({
      store: full,
      async handle() {
        await send('once')
        // What follows the answer needs the store too.
        await full.set('once', 'after', 'x')
      },
    })
    refusing = true
    await inbox.receive([question(1)])
    await until(() => events.some(({ event }) => event === 'update put back'))
    await until(() => events.filter(({ event }) => event === 'update put back').length > 3)
    refusing = false
    await until(isDone)
    expect(sent()).toEqual(['once'])
  })

  test('is put back at the stop while it waits to repeat a request, and nothing is sent after it', async () => {
    telegram.fault({ kind: 'server error', code: 503 }, { method: 'sendMessage' })
    const inbox = open({ handle: () => send('during the stop') })
    await inbox.receive([question(1)])
    await until(() => tried() === 1)
    await inbox.drain(10_000)
    telegram.heal()
    expect(tried()).toBe(1)
    expect((await store.counts()).waiting).toBe(1)
    const next = open({ handle: () => send('after the start') })
    await until(isDone)
    expect(next.running).toBe(0)
    expect(sent()).toEqual(['after the start'])
    expect(tried()).toBe(2)
  })

  test('cannot send once the grace of the stop is over, however late it tries', async () => {
    let attempt: Promise<unknown> | undefined
    let goOn = () => {}
    const inbox = open({
      async handle() {
        await new Promise<void>((resolve) => {
          goOn = resolve
        })
        attempt = send('too late')
        await attempt
      },
    })
    await inbox.receive([question(1)])
    await until(() => inbox.running === 1)
    await inbox.drain(1)
    goOn()
    await until(() => attempt !== undefined)
    await expect(attempt).rejects.toMatchObject({ kind: 'stopped' })
    expect(tried()).toBe(0)
    expect((await store.counts()).waiting).toBe(1)
  })
})

describe('whoever waits', () => {
  test('is told once when the store stays away, and gets the answer when it is back', async () => {
    let isAway = true
    const inbox = open({
      patienceMs: 1,
      async handle() {
        if (isAway) throw new StateError('away', 'gone')
        await send('the answer')
      },
      reassure: () => send('it takes longer'),
    })
    await inbox.receive([question(1)])
    await until(() => sent().length === 1)
    await until(() => events.filter(({ event }) => event === 'update put back').length > 5)
    isAway = false
    await until(isDone)
    expect(sent()).toEqual(['it takes longer', 'the answer'])
  })

  test('gets an apology when handling fails for good, once, also when Telegram takes it late', async () => {
    let refusals = 3
    const inbox = open({
      async handle() {
        throw new TypeError('a fault of the program')
      },
      async apologise() {
        refusals -= 1
        if (refusals >= 0) throw new UnreachableError('sendMessage', 1, 'network', 'none')
        await send('something went wrong')
      },
    })
    await inbox.receive([question(1)])
    await until(isDone)
    expect(sent()).toEqual(['something went wrong'])
    expect(events.filter(({ event }) => event === 'update given up')).toHaveLength(1)
  })

  test('is told once that nobody answered in time, and no word of the question is kept for that', async () => {
    const day = 86_400
    const bodies: string[] = []
    const watched: Store = {
      ...store,
      add(updates) {
        bodies.push(...updates.map(({ body }) => body))
        return store.add(updates)
      },
    }
    const inbox = open({
      store: watched,
      wallNow: () => 1_800_000_000_000,
      handle: (update) => send('message' in update ? 'an answer' : 'not answered in time'),
      remainder: ({ update_id }) => ({ update_id, unanswered: { chat: { id: 7 } } }) as never,
    })
    await inbox.receive([question(1, 1_800_000_000 - 2 * day), question(2, 1_800_000_000 - day / 2)])
    await until(isDone)
    expect(sent().sort()).toEqual(['an answer', 'not answered in time'])
    expect(bodies).toHaveLength(3)
    expect(bodies[2]).not.toContain('question')
  })
})

describe('an observer', () => {
  test('that throws at every event changes nothing', async () => {
    telegram.fault({ kind: 'server error', code: 502 }, { method: 'sendMessage', times: 3 })
    const complain = () => {
      throw new TypeError('a broken sink')
    }
    const wire = createGateway({
      token: telegram.token,
      apiRoot: telegram.apiRoot,
      sleep: async () => {},
      log: complain,
    })
    const inbox = open({ log: complain, handle: ({ message: { text } }) => send(text, wire) })
    await inbox.receive([question(1), question(2)])
    await until(isDone)
    expect(sent()).toEqual(['question 1', 'question 2'])
  })
})
