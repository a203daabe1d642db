import { afterEach, beforeEach, expect, test } from 'vitest'
import { createGateway } from '../../src/telegram/gateway.ts'
import { type Dispatcher, throughProxy } from '../../src/telegram/proxy.ts'
import { startProxy, type TestProxy } from '../proxy.ts'
import { type Standin, startStandin } from '../standin/standin.ts'

let telegram: Standin
let proxy: TestProxy
let dispatcher: Dispatcher | undefined
beforeEach(async () => {
  telegram = await startStandin()
})
afterEach(async () => {
  await dispatcher?.destroy()
  await proxy.stop()
  await telegram.stop()
})

/** A gateway whose Telegram is known to the proxy alone. */
async function start(status?: 407) {
  const port = Number(new URL(telegram.apiRoot).port)
  proxy = await startProxy(port, status)
  dispatcher = throughProxy(`http://user:s3cr3t@${proxy.address}`)
  return createGateway({ token: telegram.token, apiRoot: `http://telegram.invalid:${port}`, dispatcher })
}

test('calls go through the proxy, which learns where to and not what', async () => {
  const gateway = await start()
  expect((await gateway.call('getMe', {})).username).toBe('memoranda_bot')
  const chat = telegram.privateChat(telegram.person({ id: 1, first_name: 'P' }), 'open')
  await gateway.call('sendMessage', { chat_id: chat.id, text: '浙21' })
  expect((await chat.nextMessage()).text).toBe('浙21')
  const target = `telegram.invalid:${new URL(telegram.apiRoot).port}`
  const authorization = `Basic ${Buffer.from('user:s3cr3t').toString('base64')}`
  expect(new Set(proxy.asked.map((one) => JSON.stringify(one)))).toEqual(
    new Set([JSON.stringify({ target, authorization })]),
  )
  expect(telegram.refusals).toEqual([])
})

test('files are uploaded through it', async () => {
  const gateway = await start()
  const chat = telegram.privateChat(telegram.person({ id: 1, first_name: 'P' }), 'open')
  const document = { filename: 'a.csv', source: Buffer.from('a,b\n') }
  await gateway.call('sendDocument', { chat_id: chat.id, document })
  expect((await chat.nextMessage()).document).toMatchObject({ file_name: 'a.csv', file_size: 4 })
})

test('a proxy that refuses is Telegram that cannot be reached, and neither password nor token is told', async () => {
  const gateway = await start(407)
  const error = await gateway.call('getMe', {}, { attempts: 1 }).catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({ kind: 'unreachable', failure: 'network' })
  expect(String(error)).not.toMatch(/s3cr3t/u)
  expect(String(error)).not.toContain(telegram.token)
})
