import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openState } from '../../src/homes/open.ts'
import { createInbox, type Inbox } from '../../src/inbox/inbox.ts'
import { sendOnce } from '../../src/inbox/once.ts'
import type { Store } from '../../src/state/store.ts'
import { createGateway } from '../../src/telegram/gateway.ts'
import { createSchedule } from '../../src/telegram/schedule.ts'
import { type Delivery, type Source, startDelivery, watchToken } from '../../src/updates/delivery.ts'
import { createWebhook } from '../../src/updates/webhook.ts'
import { createGate } from '../gate.ts'
import { type Standin, startStandin } from '../standin/standin.ts'
import { until } from '../until.ts'

let folder = ''
let store: Store
let standin: Standin
let inbox: Inbox
let delivery: Delivery | undefined
let moment = 0
let events: string[] = []
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'delivery-'))
  standin = await startStandin({ patienceMs: 50_000 })
  store = await openState({ url: undefined, folder, secret: standin.token })
  moment = 0
  events = []
})
afterEach(async () => {
  await stop()
  await store.close()
  await standin.stop()
  await rm(folder, { recursive: true })
})

interface Asked {
  readonly update_id: number
  readonly message?: { readonly text?: string; readonly chat: { readonly id: number } }
}

/** Echoes every text, after `work`. */
async function start(isWebhook = false, work: () => Promise<unknown> = async () => {}) {
  const token = watchToken()
  const gateway = sendOnce(
    createGateway({
      token: standin.token,
      apiRoot: standin.apiRoot,
      schedule: createSchedule().schedule,
      log: token.note,
    }),
  )
  inbox = createInbox<Asked>({
    store,
    handle: async ({ message }) => {
      await work()
      if (message?.text !== undefined)
        await gateway.call('sendMessage', { chat_id: message.chat.id, text: `echo ${message.text}` })
    },
  })
  inbox.start()
  delivery = startDelivery({
    gateway,
    source: isWebhook ? await listen() : { kind: 'polling' },
    receive: inbox.receive,
    log: ({ event }) => events.push(event),
    now: () => moment,
  })
  return { ...delivery, ended: Promise.race([delivery.ended, token.ended]) }
}

/** A webhook that listens, as the service starts it. */
async function listen(): Promise<Source> {
  const secret = 'secret'
  const server = createWebhook({
    port: 0,
    host: '127.0.0.1',
    path: '/telegram',
    secret,
    receive: (updates) => inbox.receive(updates),
    reasons: async () => [],
  })
  return { kind: 'webhook', url: `http://127.0.0.1:${await server.start()}/telegram`, secret, server }
}

async function stop(): Promise<void> {
  await delivery?.stop()
  if (delivery !== undefined) await inbox.drain(4000)
  delivery = undefined
}

const chat = () => standin.privateChat(standin.person({ id: 1, first_name: 'P' }))
const answers = () => standin.callsOf('sendMessage').map(({ params }) => params.text)

test('polls and answers', async () => {
  const { concern } = await start()
  chat().says('one')
  expect((await chat().nextMessage()).text).toBe('echo one')
  expect(concern()).toBeUndefined()
  expect(standin.refusals).toEqual([])
})

test('removes a webhook that stands in the way of polling, and polls only then', async () => {
  await createGateway({ token: standin.token, apiRoot: standin.apiRoot }).call('setWebhook', {
    url: 'http://127.0.0.1:9/x',
  })
  await start()
  chat().says('one')
  expect((await chat().nextMessage()).text).toBe('echo one')
  expect(events).not.toContain('poll failed')
})

test('polls although Telegram cannot be told that no webhook is wanted', async () => {
  standin.fault({ kind: 'server error', code: 502 }, { method: 'deleteWebhook' })
  const { concern } = await start()
  chat().says('one')
  expect((await chat().nextMessage()).text).toBe('echo one')
  expect(concern()).toBeUndefined()
})

test('takes updates by webhook and tells Telegram where', async () => {
  await start(true)
  chat().says('one')
  expect((await chat().nextMessage()).text).toBe('echo one')
  const { url, secretToken } = standin.world.webhook?.settings ?? { url: '' }
  expect(secretToken).toBe('secret')
  await stop()
  await expect(fetch(url)).rejects.toThrow()
  expect(standin.polls).toEqual([])
})

test('ends when Telegram does not accept the token any more, polling or not', async () => {
  const { ended } = await start()
  standin.fault({ kind: 'unauthorized' })
  await expect(ended).rejects.toMatchObject({ kind: 'unauthorized' })
})

test('ends when an answer meets a token that was withdrawn, with a webhook', async () => {
  const { ended } = await start(true)
  standin.fault({ kind: 'unauthorized' }, { method: 'sendMessage' })
  chat().says('one')
  await expect(ended).rejects.toMatchObject({ kind: 'unauthorized' })
})

test('stop() takes nothing new; what waits is answered after the next start, once', async () => {
  const [begun, done] = [createGate(), createGate()]
  await start(false, () => {
    begun.open()
    return done.opened
  })
  for (const text of ['one', 'two', 'three']) chat().says(text)
  await begun.opened
  const stopped = stop()
  done.open()
  await stopped
  expect(answers()).toEqual(['echo one'])
  await start()
  for (let number = 0; number < 3; number += 1) await chat().nextMessage()
  await stop()
  expect(answers()).toEqual(['echo one', 'echo two', 'echo three'])
})

test('says that polls fail once they have for five seconds, and no more when one is answered', async () => {
  const { concern } = await start()
  const heal = standin.fault({ kind: 'server error', code: 502 }, { method: 'getUpdates' })
  chat().says('one')
  await until(() => events.includes('poll failed'))
  expect(concern()).toBeUndefined()
  moment += 5000
  expect(concern()).toBe('polls fail (server error 502)')
  heal()
  await until(() => events.includes('poll recovered'))
  expect(concern()).toBeUndefined()
  expect((await chat().nextMessage()).text).toBe('echo one')
})

test('says that polls are not answered once that is longer than any poll takes', async () => {
  const { concern } = await start()
  await until(() => standin.world.updates.isPolled)
  moment += 44_000
  expect(concern()).toBeUndefined()
  moment += 2000
  expect(concern()).toBe('polls are not answered')
  chat().says('one')
  await chat().nextMessage()
  expect(concern()).toBeUndefined()
})

test('tells a second poller at once', async () => {
  const { concern } = await start()
  await until(() => standin.world.updates.isPolled)
  await createGateway({ token: standin.token, apiRoot: standin.apiRoot }).call('getUpdates', { timeout: 0 })
  await until(() => events.includes('another process uses this token'))
  expect(concern()).toContain('Another process uses this token: stop it')
})
