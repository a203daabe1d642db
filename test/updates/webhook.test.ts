import { request as httpRequest } from 'node:http'
import { connect } from 'node:net'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createGateway } from '../../src/telegram/gateway.ts'
import { createWebhook, registerWebhook, type Webhook } from '../../src/updates/webhook.ts'
import { createGate } from '../gate.ts'
import { startStandin } from '../standin/standin.ts'
import { turns } from '../turns.ts'
import { until } from '../until.ts'

const secret = 'a-secret_of-this-test'
let webhook: Webhook
let address = ''
let received: unknown[] = []
let events: string[] = []
let take: () => Promise<void> = async () => {}
let isReady = async () => true

beforeEach(async () => {
  received = []
  events = []
  take = async () => {}
  isReady = async () => true
  webhook = createWebhook({
    port: 0,
    host: '127.0.0.1',
    path: '/telegram/hook',
    secret,
    receive: async (updates) => {
      await take()
      received.push(...updates)
    },
    isReady: () => isReady(),
    log: (event) => events.push(JSON.stringify(event)),
  })
  address = `http://127.0.0.1:${await webhook.start()}`
})
afterEach(() => webhook.stop(100))

/** From now on the updates that come are stored only when the test says so. */
function holdingUpdates() {
  const [came, stored] = [createGate(), createGate()]
  take = () => {
    came.open()
    return stored.opened
  }
  return { came: came.opened, store: stored.open }
}

const post = (
  body: string | Uint8Array<ArrayBuffer>,
  headers: Record<string, string> = { 'x-telegram-bot-api-secret-token': secret },
  path = '/telegram/hook',
) =>
  fetch(address + path, { method: 'POST', body, headers: { 'content-type': 'application/json', ...headers } }).then(
    ({ status }) => status,
  )

describe('createWebhook()', () => {
  test('takes an update with the secret, and answers once it is stored', async () => {
    const { came, store } = holdingUpdates()
    const answer = post('{"update_id":1,"message":{}}')
    await came
    expect(await Promise.race([answer.then(() => 'answered'), turns().then(() => 'waiting')])).toBe('waiting')
    store()
    expect(await answer).toBe(200)
    expect(received).toEqual([{ update_id: 1, message: {} }])
  })

  test.each([
    ['no secret', {}],
    ['an empty secret', { 'x-telegram-bot-api-secret-token': '' }],
    ['another secret of the same length', { 'x-telegram-bot-api-secret-token': secret.replace('a', 'b') }],
    ['the beginning of the secret', { 'x-telegram-bot-api-secret-token': secret.slice(0, -1) }],
    ['the secret with something behind it', { 'x-telegram-bot-api-secret-token': `${secret}x` }],
  ])('refuses %s with 401 and stores nothing', async (_, headers) => {
    expect(await post('{"update_id":1}', headers as Record<string, string>)).toBe(401)
    expect(received).toEqual([])
    expect(events.join()).not.toContain('secret')
  })

  test.each([
    'null',
    'true',
    '1',
    '"text"',
    '[]',
    '[{"update_id":1}]',
    '{}',
    '{"update_id":null}',
    '{"update_id":"1"}',
    '{"update_id":1.5}',
    '{"update_id":-1}',
    '{"update_id":1e300}',
    '',
    '{',
    'garbage',
    '\u0000',
  ])('answers %j with 400 and changes nothing', async (body) => {
    expect(await post(body)).toBe(400)
    expect(received).toEqual([])
    expect(await post('{"update_id":2}')).toBe(200)
  })

  test('answers bytes that are no UTF-8 with 400', async () => {
    expect(await post(new Uint8Array([0xff, 0xfe, 0x80]))).toBe(400)
  })

  test('refuses a body over 1 MiB, announced or not, and takes one just below', async () => {
    const long = `{"update_id":1,"x":"${'x'.repeat(1_048_576)}"}`
    expect(await post(long)).toBe(413)
    const status = await new Promise((resolve, reject) => {
      const request = httpRequest(
        `${address}/telegram/hook`,
        { method: 'POST', headers: { 'x-telegram-bot-api-secret-token': secret } },
        (response) => resolve(response.statusCode),
      )
      request.on('error', reject)
      // Without a length the body goes out in chunks.
      for (let index = 0; index < 20; index += 1) request.write('x'.repeat(100_000))
    })
    expect(status).toBe(413)
    expect(received).toEqual([])
    expect(await post(`{"update_id":1,"x":"${'x'.repeat(1_000_000)}"}`)).toBe(200)
  })

  test('other paths are 404, other methods 405, also with the secret', async () => {
    expect(await post('{"update_id":1}', { 'x-telegram-bot-api-secret-token': secret }, '/')).toBe(404)
    expect(await post('{"update_id":1}', { 'x-telegram-bot-api-secret-token': secret }, '/telegram/hook/x')).toBe(404)
    expect((await fetch(`${address}/telegram/hook`)).status).toBe(405)
    expect(received).toEqual([])
  })

  test('answers 503 when the update could not be stored, so that Telegram comes again', async () => {
    take = () => Promise.reject(new Error('away'))
    expect(await post('{"update_id":1}')).toBe(503)
    take = async () => {}
    expect(await post('{"update_id":1}')).toBe(200)
    expect(received).toHaveLength(1)
  })

  test('/health says that the process is alive, /ready whether it can work', async () => {
    const status = async (path: string) => (await fetch(address + path)).status
    expect(await status('/health')).toBe(200)
    expect(await status('/ready')).toBe(200)
    isReady = async () => false
    expect(await status('/ready')).toBe(503)
    isReady = () => Promise.reject(new Error('away'))
    expect(await status('/ready')).toBe(503)
    const asked = createGate()
    isReady = () => {
      asked.open()
      return new Promise(() => {})
    }
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const answer = status('/ready')
    await asked.opened
    vi.advanceTimersByTime(2000)
    vi.useRealTimers()
    expect(await answer).toBe(503)
    expect(await status('/health')).toBe(200)
  })

  test('connections that break off or send nonsense harm nobody', async () => {
    const { port } = new URL(address)
    const head = `POST /telegram/hook HTTP/1.1\r\nhost: x\r\nx-telegram-bot-api-secret-token: ${secret}\r\ncontent-length: 100\r\n\r\n`
    for (const bytes of [
      `${head}{"update_id":1`,
      'GET',
      '\u0000\u0001\r\n\r\n',
      'POST /telegram/hook HTTP/1.1\r\ncontent-length: x\r\n\r\n',
    ]) {
      const socket = connect(Number(port), '127.0.0.1')
      socket.on('error', () => {})
      await new Promise((resolve) => socket.write(bytes, resolve))
      await turns(5)
      socket.destroy()
    }
    expect(await post('{"update_id":2}')).toBe(200)
    expect(received).toEqual([{ update_id: 2 }])
  })

  test('stop() answers what came before it and takes nothing after', async () => {
    const { came, store } = holdingUpdates()
    const answer = post('{"update_id":1}')
    await came
    const stopped = webhook.stop(50_000)
    await expect(fetch(`${address}/health`)).rejects.toThrow()
    store()
    expect(await answer).toBe(200)
    await stopped
  })

  test('stop() does not wait for what is never stored', async () => {
    const { came } = holdingUpdates()
    const answer = post('{"update_id":1}').catch(() => 'cut')
    await came
    await webhook.stop(50)
    expect(await answer).toBe('cut')
  })

  test('start() rejects when the port is taken', async () => {
    const other = createWebhook({
      port: Number(new URL(address).port),
      host: '127.0.0.1',
      path: '/',
      secret,
      receive: async () => {},
      isReady,
    })
    await expect(other.start()).rejects.toMatchObject({ code: 'EADDRINUSE' })
  })

  test('a secret that Telegram would not take is refused', () => {
    for (const bad of ['', 'with space', 'x'.repeat(257), '密'])
      expect(() => createWebhook({ port: 0, path: '/', secret: bad, receive: async () => {}, isReady })).toThrow(
        TypeError,
      )
  })

  test("gets Telegram's updates in order per chat, and again what it could not store", async () => {
    const standin = await startStandin()
    const gateway = createGateway({ token: standin.token, apiRoot: standin.apiRoot })
    await registerWebhook(gateway, { url: `${address}/telegram/hook`, secret })
    let refusals = 3
    take = async () => {
      refusals -= 1
      if (refusals >= 0) throw new Error('away')
    }
    const chats = [1, 2, 3].map((id) => standin.privateChat(standin.person({ id, first_name: `P${id}` })))
    for (let count = 0; count < 5; count += 1) for (const chat of chats) chat.says(`${chat.id} says ${count}`)
    await until(() => received.length === 15)
    const texts = (received as { readonly message: { readonly text: string } }[]).map(({ message }) => message.text)
    for (const { id } of chats)
      expect(texts.filter((text) => text.startsWith(`${id} `))).toEqual(
        [0, 1, 2, 3, 4].map((count) => `${id} says ${count}`),
      )
    expect(standin.refusals).toEqual([])
    await standin.stop()
  })
})
