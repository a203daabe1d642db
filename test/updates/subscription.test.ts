import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createGateway, type Gateway } from '../../src/telegram/gateway.ts'
import { allowedUpdates } from '../../src/updates/polling.ts'
import {
  type Subscription,
  type SubscriptionEvent,
  startSubscription,
  type Wanted,
} from '../../src/updates/subscription.ts'
import { createNaps, type Naps } from '../naps.ts'
import { type Standin, startStandin } from '../standin/standin.ts'
import { until } from '../until.ts'

const url = 'http://127.0.0.1:9/telegram'
const byWebhook: Wanted = { kind: 'webhook', url, secret: 'secret' }
const byPolling: Wanted = { kind: 'polling' }
const usual = 30_000

let telegram: Standin
/** Another process with the same token. */
let other: Gateway
let naps: Naps
let events: SubscriptionEvent[]
let subscription: Subscription | undefined

beforeEach(async () => {
  telegram = await startStandin()
  other = createGateway({ token: telegram.token, apiRoot: telegram.apiRoot })
  naps = createNaps()
  events = []
})
afterEach(async () => {
  await subscription?.stop()
  subscription = undefined
  await telegram.stop()
  expect(telegram.refusals).toEqual([])
  expect(telegram.ownMistakes).toEqual([])
})

function start(wanted: Wanted, reclaim = true): Subscription {
  subscription = startSubscription({
    gateway: createGateway({ token: telegram.token, apiRoot: telegram.apiRoot }),
    wanted,
    reclaim,
    log: (event) => events.push(event),
    sleep: naps.sleep,
    random: () => 1,
  })
  return subscription
}
/** The usual time passes, and the look after it is over. */
async function look(): Promise<void> {
  await naps.pass()
  await naps.begun()
}
const names = () => events.map(({ event }) => event)
const setUrl = () => telegram.world.webhook?.settings.url

describe('by webhook', () => {
  test('tells Telegram where, with the secret and the kinds of updates, and looks every half minute', async () => {
    const { concern, tried } = start(byWebhook)
    expect(concern()).toBe('Telegram was not told yet where to send updates')
    await tried
    expect(await naps.begun()).toBe(usual)
    expect(telegram.world.webhook?.settings).toEqual({ url, secretToken: 'secret', maxConnections: 40 })
    expect(telegram.world.updates.allowed).toEqual(allowedUpdates)
    await look()
    expect(names()).toEqual(['webhook settled'])
    expect(concern()).toBeUndefined()
  })

  test('repeats it with growing waits while Telegram does not answer, and is then heard', async () => {
    telegram.fault({ kind: 'server error', code: 502 }, { method: 'setWebhook', times: 7 })
    const { concern, tried } = start(byWebhook)
    await tried
    for (let failures = 0; failures < 7; failures += 1) await naps.pass()
    expect(await naps.begun()).toBe(usual)
    expect(naps.asked).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, usual])
    expect(events[0]).toEqual({
      event: 'webhook not settled',
      kind: 'unreachable',
      reason: 'server error 502',
      waitMs: 1000,
    })
    expect(setUrl()).toBe(url)
    expect(concern()).toBeUndefined()
  })

  test('waits as long as a 429 says', async () => {
    telegram.fault({ kind: 'flood', retryAfter: 17 }, { method: 'setWebhook', times: 1 })
    start(byWebhook)
    expect(await naps.pass()).toBe(17_000)
    expect(await naps.begun()).toBe(usual)
  })

  test.each([
    ['refused', { kind: 'bad request', description: 'bad webhook: port' }],
    ['unauthorized', { kind: 'unauthorized' }],
  ] as const)('ends when Telegram refuses for good at the start: %s', async (kind, fault) => {
    telegram.fault(fault, { method: 'setWebhook' })
    await expect(start(byWebhook).ended).rejects.toMatchObject({ kind, method: 'setWebhook' })
  })

  test.each([
    ['removed', () => other.call('deleteWebhook', {})],
    ['another address', () => other.call('setWebhook', { url: 'http://127.0.0.1:9/other' })],
  ] as const)('notices that another process changed it (%s), says so, and sets it again', async (how, change) => {
    const { concern } = start(byWebhook)
    await naps.begun()
    await change()
    await look()
    expect(names()).toEqual(['webhook settled', 'webhook lost', 'webhook settled'])
    expect(events[1]).toMatchObject({ how, todo: expect.stringContaining('Another process uses this token: stop it') })
    expect(telegram.world.webhook?.settings).toEqual({ url, secretToken: 'secret', maxConnections: 40 })
    expect(concern()).toBeUndefined()
  })

  test('leaves it as the other process set it where that is wished, and goes on saying so', async () => {
    const { concern } = start(byWebhook, false)
    await naps.begun()
    await other.call('deleteWebhook', {})
    await look()
    await look()
    expect(names()).toEqual(['webhook settled', 'webhook lost', 'webhook lost'])
    expect(setUrl()).toBeUndefined()
    expect(concern()).toContain('the webhook was lost')
    await other.call('setWebhook', { url })
    await look()
    expect(concern()).toBeUndefined()
  })

  test('is not ended by a refusal once it was heard, and tries again', async () => {
    const { concern } = start(byWebhook)
    await naps.begun()
    await other.call('deleteWebhook', {})
    const heal = telegram.fault({ kind: 'bad request', description: 'bad webhook: port' }, { method: 'setWebhook' })
    await look()
    expect(events.at(-1)).toMatchObject({ event: 'webhook not settled', kind: 'refused' })
    expect(concern()).toContain('the webhook was lost')
    heal()
    await look()
    expect(setUrl()).toBe(url)
    expect(concern()).toBeUndefined()
  })

  test('says that Telegram does not answer when two looks fail, and that it does again', async () => {
    const { concern } = start(byWebhook)
    await naps.begun()
    const heal = telegram.fault({ kind: 'page', status: 502 }, { method: 'getWebhookInfo' })
    await look()
    expect(concern()).toBeUndefined()
    await look()
    expect(concern()).toBe('Telegram does not answer')
    heal()
    await look()
    expect(concern()).toBeUndefined()
  })

  test.each([
    ['Wrong response from the webhook: 404 Not Found', 'another path'],
    ['Wrong response from the webhook: 301 Moved Permanently', 'redirected'],
    ['Wrong response from the webhook: 502 Bad Gateway', 'not taken'],
    ['SSL error {error:0A000086:SSL routines::certificate verify failed}', 'certificate'],
    ['Read timeout expired', 'no answer in time'],
    ['Connection timed out', 'no answer in time'],
    ['Failed to resolve host: Name or service not known', 'unknown host'],
    ['Connection refused', 'no connection'],
    ['Something new', 'other'],
  ] as const)('says that updates do not arrive and what to do: %s', async (message, failure) => {
    const { concern, received } = start(byWebhook)
    await naps.begun()
    fail(message, 1_700_000_000)
    await look()
    expect(events.at(-1)).toMatchObject({ event: 'webhook fails', failure, waiting: 1 })
    expect(concern()).toMatch(/^Telegram cannot deliver: \S/u)
    expect(JSON.stringify(events)).not.toContain(message)
    // Telegram names its last failure for ever, also when all is well.
    await look()
    expect(names().filter((name) => name === 'webhook fails')).toHaveLength(1)
    received()
    expect(events.at(-1)).toEqual({ event: 'webhook works again' })
    expect(concern()).toBeUndefined()
  })

  test('takes a refused secret for the work of another process, once for each time', async () => {
    start(byWebhook)
    await naps.begun()
    fail('Wrong response from the webhook: 401 Unauthorized', 1_700_000_000)
    await look()
    expect(events).toContainEqual(expect.objectContaining({ event: 'webhook lost', how: 'another secret' }))
    expect(telegram.callsOf('setWebhook')).toHaveLength(2)
    await look()
    expect(telegram.callsOf('setWebhook')).toHaveLength(2)
  })

  test('does not take a failure of before the start for one of now', async () => {
    telegram.privateChat(telegram.person({ id: 1, first_name: 'P' })).says('waiting')
    const info = { url, has_custom_certificate: false, pending_update_count: 1, last_error_date: 5 }
    const said = 'Wrong response from the webhook: 401 Unauthorized'
    subscription = startSubscription({
      gateway: {
        call: (method, payload, options) =>
          method === 'getWebhookInfo'
            ? (Promise.resolve({ ...info, last_error_message: said }) as ReturnType<typeof other.call<typeof method>>)
            : other.call(method, payload, options),
      },
      wanted: byWebhook,
      reclaim: true,
      log: (event) => events.push(event),
      sleep: naps.sleep,
    })
    await look()
    expect(names()).toEqual(['webhook settled'])
  })

  /** What Telegram would tell of a delivery that failed, while an update waits. */
  function fail(message: string, date: number): void {
    telegram.world.webhook?.stop()
    telegram.privateChat(telegram.person({ id: 1, first_name: 'P' })).says('waiting')
    const { webhook } = telegram.world
    if (webhook !== undefined) webhook.lastError = { date, message }
  }
})

describe('by polling', () => {
  test('removes a webhook that stands in the way, and says nothing more while none is set', async () => {
    await other.call('setWebhook', { url })
    const { concern } = start(byPolling)
    await naps.begun()
    expect(setUrl()).toBeUndefined()
    await look()
    expect(names()).toEqual(['webhook settled'])
    expect(concern()).toBeUndefined()
  })

  test('while nobody can be told, polls alone say whether updates come', async () => {
    telegram.fault({ kind: 'server error', code: 502 }, { method: 'deleteWebhook' })
    const { concern, tried } = start(byPolling)
    await tried
    await naps.begun()
    await look()
    expect(concern()).toBeUndefined()
  })

  test('removes a webhook that another process sets later, at once when a poll met it', async () => {
    const { conflicted } = start(byPolling)
    await naps.begun()
    await other.call('setWebhook', { url })
    conflicted()
    await until(() => setUrl() === undefined)
    expect(events).toContainEqual(expect.objectContaining({ event: 'webhook lost', how: 'set while polling' }))
    // Two processes that undo each other's work do not do so with every poll.
    await other.call('setWebhook', { url })
    conflicted()
    expect(await naps.begun()).toBe(usual)
    expect(setUrl()).toBe(url)
    await look()
    expect(setUrl()).toBeUndefined()
  })

  test('leaves that webhook where that is wished', async () => {
    const { concern } = start(byPolling, false)
    await naps.begun()
    await other.call('setWebhook', { url })
    await look()
    expect(setUrl()).toBe(url)
    expect(concern()).toContain('It set a webhook, and polls get nothing meanwhile')
  })

  test('names another process that polls, and what to do', async () => {
    const { concern, conflicted } = start(byPolling)
    await naps.begun()
    conflicted()
    await until(() => concern() !== undefined)
    expect(events.at(-1)).toEqual({
      event: 'another process uses this token',
      how: 'it polls',
      todo: 'Another process uses this token: stop it, or give it a token of its own from @BotFather (/newbot)',
    })
    await look()
    expect(concern()).toBeUndefined()
  })
})

test('stop() ends a request that is never answered', async () => {
  telegram.fault({ kind: 'hang' }, { method: 'setWebhook' })
  const { stop } = start(byWebhook)
  await until(() => telegram.callsOf('setWebhook').length > 0)
  await stop()
  expect(events).toEqual([])
})
