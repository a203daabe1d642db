import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { openState } from '../../src/homes/open.ts'
import { createInbox } from '../../src/inbox/inbox.ts'
import { sendOnce } from '../../src/inbox/once.ts'
import type { Store } from '../../src/state/store.ts'
import { createGateway } from '../../src/telegram/gateway.ts'
import { createSchedule } from '../../src/telegram/schedule.ts'
import { type Delivery, type Source, startDelivery, watchToken } from '../../src/updates/delivery.ts'
import { freePort } from '../free-port.ts'
import { createGate } from '../gate.ts'
import { type Standin, startStandin } from '../standin/standin.ts'

let folder = ''
let store: Store
let standin: Standin
let delivery: Delivery | undefined
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'delivery-'))
  standin = await startStandin()
  store = await openState({ url: undefined, folder, secret: standin.token })
})
afterEach(async () => {
  vi.useRealTimers()
  await delivery?.stop()
  delivery = undefined
  await store.close()
  await standin.stop()
  await rm(folder, { recursive: true })
})

interface Asked {
  readonly update_id: number
  readonly message?: { readonly text?: string; readonly chat: { readonly id: number } }
}

/** Echoes every text, after `work`. */
async function start(source: Source = { kind: 'polling' }, work: () => Promise<unknown> = async () => {}) {
  const token = watchToken()
  const gateway = sendOnce(
    createGateway({
      token: standin.token,
      apiRoot: standin.apiRoot,
      schedule: createSchedule().schedule,
      log: token.note,
    }),
  )
  const inbox = createInbox<Asked>({
    store,
    handle: async ({ message }) => {
      await work()
      if (message?.text !== undefined)
        await gateway.call('sendMessage', { chat_id: message.chat.id, text: `echo ${message.text}` })
    },
  })
  inbox.start()
  standin.isBusy = () => inbox.running > 0
  const isReady = () =>
    store.check().then(
      () => true,
      () => false,
    )
  delivery = await startDelivery({
    gateway,
    source,
    receive: inbox.receive,
    drain: () => inbox.drain(4000),
    isReady,
  })
  return { ...delivery, isReady: delivery.isReady, ended: Promise.race([delivery.ended, token.ended]) }
}
const chat = () => standin.privateChat(standin.person({ id: 1, first_name: 'P' }))

test('polls, answers, and is ready', async () => {
  const { isReady } = await start()
  chat().says('one')
  expect((await chat().nextMessage()).text).toBe('echo one')
  expect(await isReady()).toBe(true)
  expect(standin.refusals).toEqual([])
})

test('removes a webhook that stands in the way of polling', async () => {
  await createGateway({ token: standin.token, apiRoot: standin.apiRoot }).call('setWebhook', {
    url: 'http://127.0.0.1:9/x',
  })
  await start()
  chat().says('one')
  expect((await chat().nextMessage()).text).toBe('echo one')
})

test('takes updates by webhook and tells Telegram where', async () => {
  const port = await freePort()
  const { stop } = await start({
    kind: 'webhook',
    url: `http://127.0.0.1:${port}/telegram`,
    secret: 'secret',
    port,
    host: '127.0.0.1',
  })
  chat().says('one')
  expect((await chat().nextMessage()).text).toBe('echo one')
  expect(standin.world.webhook?.settings).toMatchObject({
    url: `http://127.0.0.1:${port}/telegram`,
    secretToken: 'secret',
  })
  await stop()
  await expect(fetch(`http://127.0.0.1:${port}/health`)).rejects.toThrow()
  expect(standin.polls).toEqual([])
})

test('ends when Telegram does not accept the token any more, polling or not', async () => {
  const { ended } = await start()
  standin.fault({ kind: 'unauthorized' })
  await expect(ended).rejects.toMatchObject({ kind: 'unauthorized' })
})

test('ends when an answer meets a token that was withdrawn, with a webhook', async () => {
  const port = await freePort()
  const { ended } = await start({
    kind: 'webhook',
    url: `http://127.0.0.1:${port}/telegram`,
    secret: 'secret',
    port,
    host: '127.0.0.1',
  })
  standin.fault({ kind: 'unauthorized' }, { method: 'sendMessage' })
  chat().says('one')
  await expect(ended).rejects.toMatchObject({ kind: 'unauthorized' })
})

test('stop() finishes what runs; what waits is answered after the next start, once', async () => {
  const [begun, done] = [createGate(), createGate()]
  const { stop } = await start({ kind: 'polling' }, () => {
    begun.open()
    return done.opened
  })
  for (const text of ['one', 'two', 'three']) chat().says(text)
  await begun.opened
  const stopped = stop()
  done.open()
  await stopped
  const texts = () => standin.callsOf('sendMessage').map(({ params }) => params.text)
  expect(texts()).toEqual(['echo one'])
  await start()
  for (let number = 0; number < 3; number += 1) await chat().nextMessage()
  await standin.quiet()
  expect(texts()).toEqual(['echo one', 'echo two', 'echo three'])
})

test('is not ready while Telegram is silent for longer than three long polls', async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  const { isReady } = await start()
  expect(await isReady()).toBe(true)
  await standin.quiet()
  vi.setSystemTime(Date.now() + 89_000)
  expect(await isReady()).toBe(true)
  vi.setSystemTime(Date.now() + 2000)
  expect(await isReady()).toBe(false)
})
