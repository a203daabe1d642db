import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { OpenedAssistant } from '../../src/answer/open.ts'
import { readConfig } from '../../src/config.ts'
import { openState } from '../../src/homes/open.ts'
import type { LogEvent } from '../../src/operations/log.ts'
import { serve } from '../../src/service.ts'
import { createGateway } from '../../src/telegram/gateway.ts'
import { openRoom } from '../answer/room.ts'
import { freePort } from '../free-port.ts'
import { type Standin, startStandin } from '../standin/standin.ts'
import { hasRedis, startRedis } from '../state/redis.ts'
import { until } from '../until.ts'

let opened: OpenedAssistant
let telegram: Standin
let folder = ''
let end = async () => {}
beforeAll(async () => {
  opened = await openRoom()
})
beforeEach(async () => {
  telegram = await startStandin()
  folder = await mkdtemp(join(tmpdir(), 'alarms-'))
})
afterEach(async () => {
  telegram.heal()
  await end()
  end = async () => {}
  await telegram.stop()
  await rm(folder, { recursive: true })
})

interface Running {
  /** What it logged. */
  readonly events: readonly (LogEvent & Readonly<Record<string, unknown>>)[]
  /** The value of a series as `/metrics` shows it, of a metric without labels by its name alone; 0 while there is none. */
  metric(series: string): Promise<number>
  ready(): Promise<{ readonly status: number; readonly text: string }>
  /** Lets time pass for whoever measures silence and standstill. */
  passes(seconds: number): void
}

const configOf = (more: Readonly<Record<string, string>> = {}) =>
  readConfig({ BOT_TOKEN: telegram.token, TELEGRAM_API_ROOT: telegram.apiRoot, DATA: folder, ...more })

/** The whole service in this process, ready. */
async function start(
  environment: Readonly<Record<string, string>> = {},
  { assistant = opened.assistant, lookMs }: { readonly assistant?: OpenedAssistant['assistant']; lookMs?: number } = {},
): Promise<Running> {
  const stopping = new AbortController()
  const events: (LogEvent & Record<string, unknown>)[] = []
  let moment = 0
  const config = configOf({ METRICS_ADDRESS: `127.0.0.1:${await freePort()}`, ...environment })
  const served = serve({
    config,
    token: telegram.token,
    open: async () => ({ ...opened, assistant }),
    log: (event) => events.push({ ...event }),
    stopped: stopping.signal,
    now: () => moment,
    ...(lookMs === undefined ? {} : { lookMs }),
  })
  end = () => {
    stopping.abort()
    return served
  }
  const address = `http://127.0.0.1:${config.metrics?.port}`
  const get = async (path: string) => {
    const answer = await fetch(address + path)
    return { status: answer.status, text: await answer.text() }
  }
  const isStarted = () => ['ready', 'webhook settled'].every((name) => events.some(({ event }) => event === name))
  await Promise.race([served, until(isStarted, () => JSON.stringify(events))])
  return {
    events,
    async metric(series) {
      const { text } = await get('/metrics')
      const line = text.split('\n').find((one) => one.startsWith(`${series} `))
      return line === undefined ? 0 : Number(line.slice(series.length))
    },
    ready: () => get('/ready'),
    passes(seconds) {
      moment += seconds * 1000
    },
  }
}

const chat = (id: number) => telegram.privateChat(telegram.person({ id, first_name: `P${id}` }), 'open')
/** Another process with the same token. */
const other = () => createGateway({ token: telegram.token, apiRoot: telegram.apiRoot })
async function byWebhook(): Promise<Readonly<Record<string, string>>> {
  const PORT = String(await freePort())
  return { PORT, HOST: '127.0.0.1', WEBHOOK_SECRET: 'a-secret', WEBHOOK_URL: `http://127.0.0.1:${PORT}/telegram` }
}
const sends = ['sendMessage', 'sendRichMessage']
const badGateway = { kind: 'server error', code: 502 } as const

/** Waits until /ready says so, with these words among its reasons. */
async function becomes({ ready, events }: Running, words: 'ready' | RegExp): Promise<void> {
  let last = ''
  await until(
    async () => {
      const { status, text } = await ready()
      last = text
      return words === 'ready' ? status === 200 : status === 503 && words.test(text)
    },
    () => `${last}\n${events.map((event) => JSON.stringify(event)).join('\n')}`,
  )
}

/** What makes each alarm of the README ring, by its expression. */
const alarms: Readonly<Record<string, () => Promise<void>>> = {
  async 'memoranda_ready == 0'() {
    const running = await start()
    const { metric, passes } = running
    expect(await metric('memoranda_ready')).toBe(1)
    telegram.fault(badGateway, { method: 'getUpdates' })
    chat(1).says('浙21')
    await until(async () => (await metric('memoranda_poll_failures_total{kind="unreachable"}')) > 0)
    passes(6)
    expect(await metric('memoranda_ready')).toBe(0)
    telegram.heal()
    await becomes(running, 'ready')
    expect(await metric('memoranda_ready')).toBe(1)
  },

  async 'memoranda_inbox_waiting > 1000'() {
    const { metric } = await start()
    telegram.fault(badGateway, { method: sends })
    for (let id = 1; id <= 1040; id += 1) chat(id).says('浙21')
    await until(async () => (await metric('memoranda_inbox_waiting')) > 1000)
  },

  async 'memoranda_poll_silent_seconds > 120'() {
    const { metric, passes } = await start()
    telegram.fault({ kind: 'hang' }, { method: 'getUpdates' })
    expect(await metric('memoranda_poll_silent_seconds')).toBe(0)
    passes(121)
    expect(await metric('memoranda_poll_silent_seconds')).toBe(121)
  },

  async 'increase(memoranda_updates_total{outcome="given up"}[5m]) > 0'() {
    // An update that ended the process again and again.
    const store = await openState({ url: undefined, folder: configOf().stateFolder, secret: telegram.token })
    const update = { update_id: 1, message: chat(1).says('浙21') }
    telegram.world.updates.drop()
    await store.add([{ id: 1, lane: 'chat:1', body: JSON.stringify(update), lifetimeMs: 3_600_000 }])
    for (let start = 0; start <= 10; start += 1) await store.claim(`process ${start}`, 1, -1)
    await store.close()
    const { metric } = await start()
    await until(async () => (await metric('memoranda_updates_total{outcome="given up"}')) === 1)
    expect((await chat(1).nextMessage()).text).not.toContain('浙')
  },

  async 'increase(memoranda_faults_total[5m]) > 0'() {
    const answer = () => {
      throw new TypeError('a fault of the program')
    }
    const { metric } = await start({}, { assistant: { ...opened.assistant, answer } })
    expect(await metric('memoranda_faults_total')).toBe(0)
    chat(1).says('四川有甚麼青年實習')
    await chat(1).nextMessage()
    expect(await metric('memoranda_faults_total')).toBe(1)
  },

  async 'increase(memoranda_webhook_losses_total[5m]) > 0'() {
    const { metric } = await start(await byWebhook(), { lookMs: 20 })
    await other().call('deleteWebhook', {})
    await until(async () => (await metric('memoranda_webhook_losses_total{how="removed"}')) === 1)
    await until(() => telegram.world.webhook !== undefined)
    chat(1).says('浙21')
    await chat(1).nextMessage()
  },

  async 'increase(memoranda_webhook_misdirected_total[5m]) > 0'() {
    const environment = await byWebhook()
    const { metric, events } = await start(environment)
    const ask = (path: string) =>
      fetch(`http://127.0.0.1:${environment.PORT}${path}`, {
        method: 'POST',
        body: '{"update_id":1}',
        headers: { 'x-telegram-bot-api-secret-token': 'a-secret' },
      }).then(({ status }) => status)
    for (let count = 0; count < 3; count += 1) expect(await ask('/bot/telegram')).toBe(404)
    expect(await metric('memoranda_webhook_misdirected_total{how="prefix added"}')).toBe(3)
    expect(events.filter(({ event }) => event === 'webhook misdirected')).toHaveLength(1)
  },

  async 'increase(memoranda_poll_failures_total{kind="conflict"}[5m]) > 0'() {
    const running = await start()
    const poll = () => other().call('getUpdates', { timeout: 0 })
    await until(() => telegram.world.updates.isPolled)
    await poll()
    await until(() => running.events.some(({ event }) => event === 'another process uses this token'))
    expect(await running.metric('memoranda_poll_failures_total{kind="conflict"}')).toBe(1)
    await becomes(running, /^Another process uses this token: stop it/mu)
  },

  ...(hasRedis
    ? {
        async 'increase(memoranda_store_away_total[5m]) > 0'() {
          const redis = await startRedis()
          try {
            const running = await start({ STATE_URL: redis.url })
            expect(await running.metric('memoranda_store_away_total')).toBe(0)
            await redis.kill()
            await becomes(running, /^the store (?:cannot be written to|does not answer)/mu)
            expect(await running.metric('memoranda_store_away_total')).toBe(1)
            await redis.start()
            await becomes(running, 'ready')
            await end()
          } finally {
            await redis.remove()
          }
        },
      }
    : {}),
}

describe('the alarms that the README names ring when what they are for happens', () => {
  test.each(Object.entries(alarms))('%s', async (_, ring) => ring())

  test('and these are all that it names', async () => {
    const page = await readFile('README.md', 'utf8')
    const named = [...page.matchAll(/^\| `(?<expression>[^`]*memoranda_[^`]*)` \| (?:\d|at once)/gmu)].map(
      ({ groups }) => groups?.expression,
    )
    // Where there is no Redis, its alarm is named all the same.
    expect(new Set(named)).toEqual(new Set([...Object.keys(alarms), 'increase(memoranda_store_away_total[5m]) > 0']))
  })
})

describe('/ready tells the truth', () => {
  test('while sends fail, it is ready for a minute, and then not, until an answer is accepted', async () => {
    const running = await start()
    telegram.fault(badGateway, { method: sends })
    chat(1).says('浙21')
    await until(async () => (await running.metric('memoranda_inbox_waiting')) === 1)
    expect((await running.ready()).status).toBe(200)
    running.passes(61)
    const { status, text } = await running.ready()
    expect(status).toBe(503)
    expect(text).toMatch(/^the inbox does not move: 1 updates wait, and none was done for \d+ s$/mu)
    telegram.heal()
    await chat(1).nextMessage()
    // So long a silence is none of polls only because the test lets no time pass: one is answered with news.
    chat(2).says('浙21')
    await becomes(running, 'ready')
  })

  test('while a webhook is lost and not to be set again', async () => {
    const running = await start({ ...(await byWebhook()), RECLAIM_UPDATES: 'false' }, { lookMs: 20 })
    const { url, secretToken } = telegram.world.webhook?.settings ?? { url: '', secretToken: '' }
    await other().call('deleteWebhook', {})
    await becomes(running, /^the webhook was lost: .*It removed the webhook$/mu)
    await other().call('setWebhook', { url, secret_token: secretToken ?? '' })
    await becomes(running, 'ready')
  })

  test('while a webhook stands in the way of polls and is not to be removed', async () => {
    const running = await start({ RECLAIM_UPDATES: 'false' }, { lookMs: 20 })
    await other().call('setWebhook', { url: 'http://127.0.0.1:9/other' })
    await becomes(running, /^the webhook was lost: .*It set a webhook, and polls get nothing meanwhile$/mu)
    await other().call('deleteWebhook', {})
    await becomes(running, 'ready')
  })

  test('and the log says every change once', async () => {
    const running = await start({ RECLAIM_UPDATES: 'false' }, { lookMs: 20 })
    await other().call('setWebhook', { url: 'http://127.0.0.1:9/other' })
    await becomes(running, /lost/u)
    await other().call('deleteWebhook', {})
    await becomes(running, 'ready')
    const changes = running.events.filter(({ event }) => /^(?:not )?ready$/u.test(event)).map(({ event }) => event)
    expect(changes.slice(-3)).toEqual(['ready', 'not ready', 'ready'])
  })
})
