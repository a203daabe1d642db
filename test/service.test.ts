import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { readConfig } from '../src/config.ts'
import type { LogEvent } from '../src/operations/log.ts'
import { serve } from '../src/service.ts'
import { openRoom } from './answer/room.ts'
import { grepFolder } from './faults/secrets.ts'
import { freePort } from './free-port.ts'
import type { Person, PrivateChat } from './standin/actors.ts'
import { type Standin, startStandin } from './standin/standin.ts'
import { until } from './until.ts'

let standin: Standin
let folder = ''
let operations = ''
let person: Person
let chat: PrivateChat
/** Services that run: what a test leaves behind is stopped. */
let stops: (() => Promise<void>)[] = []

beforeEach(async () => {
  standin = await startStandin()
  folder = await mkdtemp(join(tmpdir(), 'service-'))
  operations = `127.0.0.1:${await freePort()}`
  person = standin.person({ id: 4711, first_name: '陳大文', language_code: 'zh-hant' })
  chat = standin.privateChat(person)
  stops = []
})
afterEach(async () => {
  for (const stop of stops) await stop().catch(() => {})
  await standin.stop()
  await rm(folder, { recursive: true })
})

/** The service as main.ts starts it, in an environment, on this test's Telegram. */
async function start(environment: Readonly<Record<string, string>> = {}) {
  const config = readConfig({
    BOT_TOKEN: standin.token,
    TELEGRAM_API_ROOT: standin.apiRoot,
    DATA: folder,
    METRICS_ADDRESS: operations,
    ...environment,
  })
  const stopping = new AbortController()
  const events: LogEvent[] = []
  const ended = serve(config, standin.token, await openRoom(), (event) => events.push(event), stopping.signal)
  ended.catch(() => {})
  const stop = () => {
    stopping.abort()
    return ended
  }
  stops.push(stop)
  return { events, ended, stop }
}

/** The status of a page of the service; undefined where nobody listens. */
const statusOf = (address: string, path: string) =>
  fetch(`http://${address}${path}`).then(
    ({ status }) => status,
    () => undefined,
  )
const isReady = async () => (await statusOf(operations, '/ready')) === 200
const metrics = async () => (await fetch(`http://${operations}/metrics`)).text()

describe('serve()', () => {
  test('answers by polling, tells metrics, health and readiness, and stops', async () => {
    const { stop } = await start()
    chat.says('四川有甚麼青年實習的合作')
    expect((await chat.nextMessage()).text).toContain('川港')
    await until(isReady)
    expect(await statusOf(operations, '/health')).toBe(200)
    await until(async () => (await metrics()).includes('memoranda_updates_total{outcome="handled"} 1\n'))
    const lines = (await metrics()).split('\n')
    for (const line of [
      'memoranda_inbox_waiting 0',
      'memoranda_inbox_running 0',
      'memoranda_send_queue 0',
      'memoranda_telegram_calls_total{method="sendMessage",outcome="answered"} 1',
      'memoranda_telegram_calls_total{method="getMe",outcome="answered"} 1',
    ])
      expect(lines).toContain(line)
    await stop()
    expect(await statusOf(operations, '/health')).toBeUndefined()
    await until(() => !standin.world.updates.isPolled)
    expect(standin.refusals).toEqual([])
  })

  test('goes on where it was stopped: what came meanwhile is answered, buttons work, and no text lies about', async () => {
    const first = await start()
    chat.says('四川有甚麼青年實習的合作')
    const answer = await chat.nextMessage()
    await until(isReady)
    await first.stop()
    chat.says('浙21')
    const second = await start()
    expect((await chat.nextMessage()).text).toContain('第 21 項')
    const pressed = await person.presses(answer, /^更多/u)
    expect(pressed.params).not.toHaveProperty('text')
    expect((await chat.nextEdit()).text).toMatch(/^4\. /u)
    await until(isReady)
    await second.stop()
    expect(standin.callsOf('sendMessage')).toHaveLength(2)
    expect(standin.refusals).toEqual([])
    const log = JSON.stringify([...first.events, ...second.events])
    for (const secret of [standin.token, '青年實習', '陳大文', '4711']) expect(log).not.toContain(secret)
    expect(log).toContain('"started"')
    expect(await grepFolder(folder, [standin.token, '青年實習', '陳大文'])).toEqual([])
  })

  test('answers by webhook, where the address that Telegram was told is ready too', async () => {
    const port = await freePort()
    const url = `http://127.0.0.1:${port}/telegram`
    const { stop } = await start({ WEBHOOK_URL: url, WEBHOOK_SECRET: 'a-secret', PORT: String(port) })
    chat.says('浙21')
    expect((await chat.nextMessage()).text).toContain('第 21 項')
    expect(standin.world.webhook?.settings).toMatchObject({ url, secretToken: 'a-secret' })
    await until(isReady)
    expect(await statusOf(`127.0.0.1:${port}`, '/ready')).toBe(200)
    await until(async () => (await metrics()).includes('memoranda_updates_total{outcome="handled"} 1\n'))
    expect((await metrics()).split('\n')).toContain('memoranda_poll_silent_seconds 0')
    await stop()
    expect(await statusOf(`127.0.0.1:${port}`, '/health')).toBeUndefined()
    expect(await statusOf(operations, '/health')).toBeUndefined()
    expect(standin.polls).toEqual([])
    expect(standin.refusals).toEqual([])
  })

  test('ends with the reason when Telegram does not accept the token any more', async () => {
    const { ended } = await start()
    await until(isReady)
    standin.fault({ kind: 'unauthorized' })
    await expect(ended).rejects.toMatchObject({ kind: 'unauthorized' })
    expect(await statusOf(operations, '/health')).toBeUndefined()
  })

  test('tries again while Telegram cannot be reached at the start, and gives up when told to', async () => {
    const heal = standin.fault({ kind: 'conflict' }, { method: 'getMe' })
    const failed = ({ event }: LogEvent) => event === 'start failed'
    const patient = await start()
    await until(() => patient.events.some(failed))
    heal()
    chat.says('浙21')
    expect((await chat.nextMessage()).text).toContain('第 21 項')
    await patient.stop()
    standin.fault({ kind: 'conflict' }, { method: 'getMe' })
    const hurried = await start()
    await until(() => hurried.events.some(failed))
    await hurried.stop()
    expect(hurried.events.map(({ event }) => event)).not.toContain('started')
  })

  test('logs questions only where that was asked for, and says so first', async () => {
    const { events, stop } = await start({ LOG_QUESTIONS: 'true' })
    chat.says('浙21')
    await chat.nextMessage()
    await stop()
    expect(events[0]?.event).toContain('LOG_QUESTIONS')
    expect(events).toContainEqual({ event: 'question', query: '浙21' })
  })
})
