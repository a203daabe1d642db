import { getEventListeners } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { inspect } from 'node:util'
import fc from 'fast-check'
import { Input, Telegraf, Telegram as TelegrafTelegram } from 'telegraf'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { type CallError, isCallError, safeDescription } from '../../src/telegram/errors.ts'
import {
  createGateway,
  type GatewayEvent,
  type GatewayOptions,
  type Schedule,
  type Turn,
} from '../../src/telegram/gateway.ts'
import { createBot } from '../../src/telegram/telegraf.ts'
import type { PrivateChat } from '../standin/actors.ts'
import type { Fault, FaultRule } from '../standin/faults.ts'
import { type Standin, startStandin } from '../standin/standin.ts'
import { until } from '../until.ts'

let telegram: Standin
let chat: PrivateChat

beforeEach(async () => {
  telegram = await startStandin()
  chat = telegram.privateChat(telegram.person({ id: 7, first_name: 'Ada' }), 'open')
})
afterEach(async () => {
  vi.useRealTimers()
  await telegram.stop()
  expect(telegram.ownMistakes).toEqual([])
})

/** A gateway whose waits take no time but make its clock go on. */
function quick(options: Partial<GatewayOptions> = {}) {
  let clock = 0
  const waits: number[] = []
  const events: GatewayEvent[] = []
  const gateway = createGateway({
    token: telegram.token,
    apiRoot: telegram.apiRoot,
    now: () => clock,
    sleep: (ms) => {
      waits.push(ms)
      clock += ms
      return Promise.resolve()
    },
    log: (event) => events.push(event),
    ...options,
  })
  return { gateway, waits, events }
}

const say = { chat_id: 7, text: '四川有甚麼青年實習？' } as const

async function errorOf(call: Promise<unknown>): Promise<CallError> {
  const error = await call.then(
    () => new Error('the call succeeded'),
    (thrown: unknown) => thrown,
  )
  if (!isCallError(error)) throw error
  return error
}

const faults = (fault: Fault, rule: FaultRule = {}) => telegram.fault(fault, rule)

const deadlineMs = 7000

/**
 * The outcome of a call whose first `silent` requests are never answered. Time stands still until the server has each of
 * them; then the deadline passes.
 */
async function outwaiting<T>(silent: number, call: () => Promise<T>): Promise<T> {
  if (silent === 0) return call()
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  const came = telegram.calls.length
  const outcome = call()
  outcome.catch(() => {})
  for (let request = 1; request <= silent; request += 1) {
    await until(() => telegram.calls.length >= came + request)
    await vi.advanceTimersByTimeAsync(deadlineMs)
  }
  vi.useRealTimers()
  return outcome
}
const isSilent = ({ kind }: Fault) => kind === 'hang' || kind === 'stall'

const passing: readonly Fault[] = [
  { kind: 'flood', retryAfter: 2 },
  { kind: 'server error', code: 500 },
  { kind: 'server error', code: 502 },
  { kind: 'reset' },
  { kind: 'broken body' },
  { kind: 'half json' },
  { kind: 'page', status: 200 },
  { kind: 'page', status: 404 },
  { kind: 'page', status: 502 },
  { kind: 'empty' },
  { kind: 'hang' },
  { kind: 'stall' },
]
const named = (list: readonly Fault[]) => list.map((fault) => [JSON.stringify(fault), fault] as const)

describe('call() repeats what may pass', () => {
  test('a call gives what Telegram answered', async () => {
    const { gateway, events } = quick()
    expect(await gateway.call('sendMessage', say)).toMatchObject({ text: say.text, chat: { id: 7 } })
    expect(events).toEqual([{ event: 'call answered', method: 'sendMessage', chatId: 7, attempts: 1, ms: 0 }])
  })

  test.each(named(passing))('after %s', async (_, fault) => {
    faults(fault, { times: 1 })
    const { gateway, events } = quick()
    expect(await outwaiting(isSilent(fault) ? 1 : 0, () => gateway.call('getMe', {}, { deadlineMs }))).toMatchObject({
      username: 'memoranda_bot',
    })
    expect(events.map(({ event }) => event)).toEqual(['call repeated', 'call answered'])
  })

  test('after 429 it waits the time that Telegram names', async () => {
    faults({ kind: 'flood', retryAfter: 3 }, { times: 2 })
    const { gateway, waits } = quick()
    await gateway.call('sendMessage', say)
    expect(waits).toHaveLength(2)
    for (const wait of waits) {
      expect(wait).toBeGreaterThanOrEqual(3000)
      expect(wait).toBeLessThan(3500)
    }
  })

  test('waits grow twofold with a jitter of half, and end at ten seconds', async () => {
    faults({ kind: 'server error', code: 502 })
    const most = quick({ random: () => 0.999_999 })
    await errorOf(most.gateway.call('getMe', {}, { attempts: 8, totalMs: 1e6 }))
    expect(most.waits.map(Math.round)).toEqual([500, 1000, 2000, 4000, 8000, 10_000, 10_000])
    const least = quick({ random: () => 0 })
    await errorOf(least.gateway.call('getMe', {}, { attempts: 4 }))
    expect(least.waits).toEqual([250, 500, 1000])
  })

  test('attempts are limited', async () => {
    faults({ kind: 'page', status: 502 })
    const { gateway, events } = quick()
    const error = await errorOf(gateway.call('getMe', {}))
    expect(error).toMatchObject({
      kind: 'unreachable',
      failure: 'foreign answer',
      effect: 'uncertain',
      attempts: 5,
      code: '502',
      method: 'getMe',
    })
    expect(telegram.calls).toHaveLength(5)
    expect(events.at(-1)).toMatchObject({ event: 'call failed', kind: 'unreachable', attempts: 5 })
  })

  test('the total time is limited, and a wait that would outlast it is not begun', async () => {
    faults({ kind: 'flood', retryAfter: 40 })
    const { gateway, waits } = quick({ limits: { totalMs: 100_000 } })
    expect(await errorOf(gateway.call('sendMessage', say))).toMatchObject({
      kind: 'flooded',
      retryAfter: 40,
      attempts: 3,
    })
    expect(waits).toHaveLength(2)
    expect(await errorOf(gateway.call('answerInlineQuery', { inline_query_id: 'x', results: [] }))).toMatchObject({
      kind: 'flooded',
      attempts: 1,
    })
  })

  test('the deadline holds for the whole body', async () => {
    const { gateway } = quick()
    for (const kind of ['hang', 'stall'] as const) {
      faults({ kind }, { times: 1 })
      expect(await outwaiting(1, () => errorOf(gateway.call('getMe', {}, { deadlineMs, attempts: 1 })))).toMatchObject({
        kind: 'unreachable',
        failure: 'deadline',
        effect: 'uncertain',
      })
    }
    faults({ kind: 'slow', ms: 30 }, { times: 1 })
    expect(await gateway.call('getMe', {}, { deadlineMs: 50_000, attempts: 1 })).toMatchObject({ is_bot: true })
  })

  test('what fails is named', async () => {
    const { gateway } = quick()
    const failures = async (fault: Fault) => {
      faults(fault, { times: 1 })
      return errorOf(gateway.call('getMe', {}, { attempts: 1 }))
    }
    expect(await failures({ kind: 'reset' })).toMatchObject({ failure: 'network', effect: 'uncertain' })
    expect(await failures({ kind: 'broken body' })).toMatchObject({ failure: 'broken answer' })
    expect(await failures({ kind: 'half json' })).toMatchObject({ failure: 'broken answer' })
    expect(await failures({ kind: 'empty' })).toMatchObject({ failure: 'empty answer' })
    expect(await failures({ kind: 'page', status: 200 })).toMatchObject({ failure: 'foreign answer', code: '200' })
    expect(await failures({ kind: 'server error', code: 503 })).toMatchObject({ failure: 'server error', code: '503' })
  })

  test('a server that is not there is tried again, since nothing was sent', async () => {
    const { gateway } = quick({ apiRoot: await deserted() })
    expect(await errorOf(gateway.call('sendMessage', say, { whenUncertain: 'fail' }))).toMatchObject({
      failure: 'network',
      effect: 'none',
      code: 'ECONNREFUSED',
      attempts: 5,
    })
  })
})

describe('call() does not repeat a refusal', () => {
  const attempt = async (fault: Fault) => {
    faults(fault, { times: 1 })
    const { gateway, waits } = quick()
    const error = await errorOf(gateway.call('sendMessage', say))
    expect(waits).toEqual([])
    expect(telegram.calls).toHaveLength(1)
    expect(chat.messages).toEqual([])
    return error
  }
  test.each<readonly [Fault, Readonly<Record<string, unknown>>]>([
    [{ kind: 'unauthorized' }, { kind: 'unauthorized', attempts: 1 }],
    [
      { kind: 'forbidden', description: 'bot was blocked by the user' },
      { kind: 'forbidden', description: 'Forbidden: bot was blocked by the user' },
    ],
    [{ kind: 'conflict' }, { kind: 'conflict' }],
    [
      { kind: 'migrated', to: -1_001_234 },
      { kind: 'migrated', migrateToChatId: -1_001_234 },
    ],
    [
      { kind: 'bad request', description: 'chat not found' },
      { kind: 'refused', code: 400, reason: 'chat not found' },
    ],
    [
      { kind: 'bad request', description: 'message to be replied not found' },
      { kind: 'refused', reason: 'reply gone' },
    ],
    [
      { kind: 'bad request', description: 'message is too long' },
      { kind: 'refused', reason: 'too long' },
    ],
    [
      { kind: 'bad request', description: 'BUTTON_DATA_INVALID' },
      { kind: 'refused', reason: 'bad markup' },
    ],
    [
      { kind: 'bad request', description: 'something new' },
      { kind: 'refused', reason: 'other', description: 'Bad Request: something new' },
    ],
  ])('%j', async (fault, expected) => {
    expect(await attempt(fault)).toMatchObject(expected)
  })

  test('a method that an older server lacks is 404, "unknown method"', async () => {
    telegram.world.features.richMessages = false
    const { gateway } = quick()
    expect(
      await errorOf(gateway.call('sendRichMessage', { chat_id: 7, rich_message: { html: '<p>a</p>' } })),
    ).toMatchObject({
      kind: 'refused',
      code: 404,
      reason: 'unknown method',
    })
    telegram.world.features.richMessages = true
    expect(await gateway.call('sendRichMessage', { chat_id: 7, rich_message: { html: '<p>a</p>' } })).toMatchObject({
      chat: { id: 7 },
    })
  })

  test('a page that says 413 is a refusal', async () => {
    const server = createServer((request, response) => {
      request.resume()
      response.writeHead(413, { 'content-type': 'text/html' }).end('<html>413 Request Entity Too Large</html>')
    })
    const { gateway } = quick({ apiRoot: await listen(server) })
    expect(await errorOf(gateway.call('sendMessage', say))).toMatchObject({
      kind: 'refused',
      code: 413,
      reason: 'too long',
      attempts: 1,
    })
    server.close()
  })

  test('a redirection is not followed', async () => {
    let requests = 0
    const server = createServer((request, response) => {
      request.resume()
      requests += 1
      response.writeHead(307, { location: telegram.apiRoot }).end()
    })
    const { gateway } = quick({ apiRoot: await listen(server) })
    expect(await errorOf(gateway.call('getMe', {}, { attempts: 2 }))).toMatchObject({
      failure: 'empty answer',
      code: '307',
    })
    expect(requests).toBe(2)
    expect(telegram.calls).toEqual([])
    server.close()
  })
})

async function listen(server: ReturnType<typeof createServer>): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** An address where nobody listens. */
async function deserted(): Promise<string> {
  const server = createServer()
  const apiRoot = await listen(server)
  await new Promise((resolve) => server.close(resolve))
  return apiRoot
}

describe('call() when it is uncertain whether Telegram did it', () => {
  const carriedOut = () => faults({ kind: 'broken body' }, { times: 1, effect: true })

  test('a message is sent again: better twice than never', async () => {
    carriedOut()
    await quick().gateway.call('sendMessage', say)
    expect(chat.messages).toHaveLength(2)
  })

  test('with whenUncertain "fail" it is not sent again, but a refused connection or a 429 is no uncertainty', async () => {
    const { gateway } = quick()
    const once = { whenUncertain: 'fail' } as const
    carriedOut()
    expect(await errorOf(gateway.call('sendMessage', say, once))).toMatchObject({
      failure: 'broken answer',
      effect: 'uncertain',
      attempts: 1,
    })
    expect(chat.messages).toHaveLength(1)
    faults({ kind: 'flood', retryAfter: 1 }, { times: 1 })
    await gateway.call('sendMessage', say, once)
    expect(chat.messages).toHaveLength(2)
    carriedOut()
    expect(await gateway.call('getMe', {}, once)).toMatchObject({ is_bot: true })
  })

  test('an edit, an answer or a deletion that took effect the first time counts as done', async () => {
    const { gateway, events } = quick()
    const { message_id } = await gateway.call('sendMessage', {
      ...say,
      reply_markup: { inline_keyboard: [[{ text: 'b', callback_data: 'c' }]] },
    })
    carriedOut()
    expect(await gateway.call('editMessageText', { chat_id: 7, message_id, text: 'b' })).toBe(true)
    const pressed = chat.person.presses(await chat.nextMessage(), 'b')
    carriedOut()
    expect(await gateway.call('answerCallbackQuery', { callback_query_id: 'callback-1' })).toBe(true)
    await pressed
    carriedOut()
    expect(await gateway.call('deleteMessage', { chat_id: 7, message_id })).toBe(true)
    expect(events.filter(({ event }) => event === 'call failed')).toEqual([])
  })

  test('without an uncertain attempt before, the same refusals are errors', async () => {
    const { gateway } = quick()
    const { message_id } = await gateway.call('sendMessage', say)
    expect(await errorOf(gateway.call('editMessageText', { chat_id: 7, message_id, text: say.text }))).toMatchObject({
      reason: 'not modified',
    })
    expect(await errorOf(gateway.call('answerCallbackQuery', { callback_query_id: 'x' }))).toMatchObject({
      reason: 'query too old',
    })
    expect(await errorOf(gateway.call('deleteMessage', { chat_id: 7, message_id: 999 }))).toMatchObject({
      reason: 'message gone',
    })
  })

  test('"typing…" is not repeated: it would come too late', async () => {
    faults({ kind: 'server error', code: 502 })
    expect(await errorOf(quick().gateway.call('sendChatAction', { chat_id: 7, action: 'typing' }))).toMatchObject({
      attempts: 1,
    })
  })
})

describe('errors tell nothing that is secret', () => {
  const secretText = '秘密的問題 about the merger'
  function expectDiscreet(error: unknown): void {
    const seen = [
      String(error),
      (error as Error).stack,
      JSON.stringify(error),
      inspect(error, { depth: 9, showHidden: true }),
      JSON.stringify(Object.entries(error as object)),
    ].join('\n')
    for (const secret of [
      telegram.token,
      telegram.token.split(':')[1] ?? '',
      '/bot7',
      'http',
      '127.0.0.1',
      secretText,
      '秘密',
      'merger',
    ])
      expect(seen).not.toContain(secret)
    expect((error as Error).cause).toBeUndefined()
  }

  const quoting: readonly Fault[] = [
    { kind: 'unauthorized' },
    { kind: 'forbidden', description: 'bot was blocked by the user' },
    { kind: 'migrated', to: -100 },
    {
      kind: 'bad request',
      description: `can't parse entities: Unsupported start tag "${secretText}" at byte offset 0`,
    },
    { kind: 'bad request', description: `no such thing as ${secretText}` },
    { kind: 'bad request', description: `inline keyboard button URL 'https://t.me/${secretText}' is invalid` },
  ]
  test.each(named([...passing, ...quoting]))('after %s', async (_, fault) => {
    faults(fault)
    const { gateway, events } = quick()
    const payload = { chat_id: 7, text: secretText }
    expectDiscreet(
      await outwaiting(isSilent(fault) ? 2 : 0, () =>
        errorOf(gateway.call('sendMessage', payload, { deadlineMs, attempts: 2 })),
      ),
    )
    expect(JSON.stringify(events)).not.toContain('merger')
    expect(JSON.stringify(events)).not.toContain(telegram.token)
  })

  test('after an address that is none, a port that fetch forbids, a server that is not there, and an echo of the URL', async () => {
    for (const apiRoot of ['nonsense', 'http://[', 'ftp://a.b'])
      expect(() => quick({ apiRoot })).toThrow('Cannot use the API root')
    for (const apiRoot of ['http://127.0.0.1:9/', await deserted()]) {
      expectDiscreet(
        await errorOf(
          quick({ apiRoot }).gateway.call('sendMessage', { chat_id: 7, text: secretText }, { attempts: 1 }),
        ),
      )
    }
    const server = createServer((request, response) => {
      request.resume()
      response.writeHead(400).end(
        JSON.stringify({
          ok: false,
          error_code: 400,
          description: `cannot POST ${request.url} at http://127.0.0.1${request.url}`,
        }),
      )
    })
    const error = await errorOf(
      quick({ apiRoot: await listen(server) }).gateway.call('sendMessage', { chat_id: 7, text: secretText }),
    )
    for (const seen of [String(error), inspect(error)]) expect(seen).not.toContain(telegram.token)
    server.close()
  })

  test('safeDescription() shows neither token nor payload, whatever the description', () => {
    const token = '1234567:abcdefghijklmnop'
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(fc.string(), fc.constantFrom(token, secretText, `"${secretText}"`, `https://a/bot${token}/x`)),
        ),
        (parts) => {
          const safe = safeDescription(parts.join(' '), token, [secretText])
          expect(safe).not.toContain(token)
          expect(safe).not.toContain('merger')
          expect(safe.length).toBeLessThanOrEqual(200)
        },
      ),
    )
  })

  test("safeDescription() leaves Telegram's own words", () => {
    const words = "Bad Request: message can't be edited"
    expect(safeDescription(words, 'token', ['text', 'HTML'])).toBe(words)
    expect(
      safeDescription(
        'can\'t parse entities: Unmatched end tag at byte offset 17, expected "</i>", found "</em>"',
        't:k',
        [],
      ),
    ).toBe("can't parse entities: Unmatched end tag at byte offset 17, expected …")
  })
})

describe('files', () => {
  test('a file goes out as a form, and objects beside it survive', async () => {
    const { gateway } = quick()
    const asked = chat.says('出表')
    faults({ kind: 'server error', code: 502 }, { times: 1 })
    await gateway.call('sendDocument', {
      chat_id: 7,
      document: { source: Buffer.from('川,港\n'), filename: '比較 "2018".csv' },
      caption: '表',
      caption_entities: [{ type: 'bold', offset: 0, length: 1 }],
      reply_parameters: { message_id: asked.message_id },
    })
    const message = await chat.nextMessage()
    expect(message).toMatchObject({
      caption: '表',
      caption_entities: [{ type: 'bold' }],
      reply_to_message: { text: '出表' },
      document: { file_name: '比較 "2018".csv', file_size: 8 },
    })
    expect(Buffer.from(message.call.files[0]?.bytes ?? []).toString()).toBe('川,港\n')
    expect(telegram.refusals).toEqual([])
  })

  test('a path, a stream or a URL is not sent', async () => {
    const { gateway } = quick()
    // @ts-expect-error A file is given by its bytes.
    const called = gateway.call('sendDocument', { chat_id: 7, document: { source: 'report.csv' } })
    await expect(called).rejects.toThrow(TypeError)
    expect(telegram.calls).toEqual([])
  })

  test('download() gives the bytes, up to a size', async () => {
    const { gateway } = quick()
    const { document } = chat.sendsFile({ name: 'a.txt', bytes: new Uint8Array(1000).fill(7) })
    const { file_path: path = '' } = await gateway.call('getFile', { file_id: document?.file_id ?? '' })
    faults({ kind: 'reset' }, { method: 'file', times: 1 })
    expect(await gateway.download(path, { maxBytes: 1000 })).toHaveLength(1000)
    const heal = faults({ kind: 'hang' }, { method: 'file' })
    const { gateway: patient } = quick({ log: heal })
    expect(await patient.download(path, { maxBytes: 1000, deadlineMs: 1000 })).toHaveLength(1000)
    expect(await errorOf(gateway.download(path, { maxBytes: 999 }))).toMatchObject({
      failure: 'answer too large',
      attempts: 1,
    })
    expect(await errorOf(gateway.download('documents/none', { maxBytes: 999 }))).toMatchObject({
      kind: 'refused',
      code: 404,
    })
  })
})

describe('schedule and signal', () => {
  test('every request passes the schedule, repetitions too, and it sees each 429', async () => {
    const turns: (Omit<Turn, 'signal'> & { outcome: string })[] = []
    const schedule: Schedule = async ({ signal: _, ...turn }, send) => {
      try {
        const result = await send()
        turns.push({ ...turn, outcome: 'sent' })
        return result
      } catch (error) {
        turns.push({ ...turn, outcome: isCallError(error) ? error.kind : 'strange' })
        throw error
      }
    }
    faults({ kind: 'flood', retryAfter: 1 }, { times: 1 })
    const { gateway } = quick({ schedule })
    await gateway.call('sendMessage', say, { priority: 'bulk' })
    await errorOf(gateway.call('answerCallbackQuery', { callback_query_id: 'x' }))
    expect(turns).toEqual([
      { method: 'sendMessage', chatId: 7, priority: 'bulk', attempt: 1, outcome: 'flooded' },
      { method: 'sendMessage', chatId: 7, priority: 'bulk', attempt: 2, outcome: 'sent' },
      { method: 'answerCallbackQuery', chatId: undefined, priority: 'urgent', attempt: 1, outcome: 'refused' },
    ])
  })

  test('a schedule that gives no turn in time ends the call, and nothing was sent', async () => {
    const never: Schedule = ({ signal }) =>
      new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('no turn'))))
    expect(await errorOf(quick({ schedule: never }).gateway.call('sendMessage', say, { totalMs: 30 }))).toMatchObject({
      kind: 'unreachable',
      failure: 'deadline',
      effect: 'none',
    })
    expect(telegram.calls).toEqual([])
  })

  test('an aborted signal ends a request, a wait, and a call that did not begin', async () => {
    const events: GatewayEvent[] = []
    const log = (event: GatewayEvent) => events.push(event)
    const gateway = createGateway({ token: telegram.token, apiRoot: telegram.apiRoot, log })
    faults({ kind: 'hang' }, { times: 1 })
    const during = new AbortController()
    const hanging = errorOf(gateway.call('getMe', {}, { signal: during.signal }))
    await until(() => telegram.calls.length === 1)
    during.abort()
    expect(await hanging).toMatchObject({ kind: 'stopped' })
    faults({ kind: 'flood', retryAfter: 30 }, { times: 1 })
    const waiting = new AbortController()
    const flooded = errorOf(gateway.call('sendMessage', say, { signal: waiting.signal }))
    await until(() => events.at(-1)?.event === 'call repeated')
    waiting.abort()
    expect(await flooded).toMatchObject({ kind: 'stopped' })
    expect(await errorOf(gateway.call('getMe', {}, { signal: AbortSignal.abort() }))).toMatchObject({ kind: 'stopped' })
    expect(telegram.calls).toHaveLength(2)
  })

  test('calls leave no listener on a signal that lives on', async () => {
    const { signal } = new AbortController()
    const { gateway } = quick()
    faults({ kind: 'server error', code: 500 }, { times: 3 })
    for (let i = 0; i < 20; i += 1) await gateway.call('getMe', {}, { signal })
    expect(getEventListeners(signal, 'abort')).toHaveLength(0)
  })
})

describe('createBot()', () => {
  test('every call of a handler passes the gateway', async () => {
    const { gateway, events } = quick()
    const bypass = vi.spyOn(TelegrafTelegram.prototype, 'callApi')
    const bot = createBot(gateway)
    bot.on('message', async (ctx) => {
      await ctx.reply('答')
      await ctx.telegram.sendMessage(7, '二')
      await bot.telegram.sendMessage(7, '三')
      await ctx.replyWithDocument(Input.fromBuffer(Buffer.from('x'), 'a.txt'))
      await ctx.sendChatAction('typing')
    })
    chat.says('問')
    const response = { writableEnded: false, setHeader: vi.fn(), end: vi.fn() }
    await bot.handleUpdate((await gateway.call('getUpdates', {}))[0] as never, response as never)
    expect(telegram.calls.map(({ method }) => method)).toEqual([
      'getMe',
      'sendMessage',
      'sendMessage',
      'sendMessage',
      'sendDocument',
      'sendChatAction',
    ])
    expect(events.map(({ method }) => method)).toEqual(['getUpdates', ...telegram.calls.map(({ method }) => method)])
    // Telegraf may end the webhook's response, but writes no method into it.
    expect(response.end.mock.calls.flat()).toEqual([])
    expect(bypass).not.toHaveBeenCalled()
    bypass.mockRestore()
  })

  test('Telegraf holds no token, so a call around the gateway fails', async () => {
    const bot = createBot(quick().gateway)
    expect(bot.telegram.token).toBe('')
    await expect(new Telegraf('', { telegram: { apiRoot: telegram.apiRoot } }).telegram.getMe()).rejects.toThrow(
      '401: Bot Token is required',
    )
    await expect(bot.telegram.getFileLink('x')).rejects.toThrow('use download()')
  })

  test("an error of a handler is the gateway's and reaches bot.catch", async () => {
    const bot = createBot(quick().gateway, { botInfo: telegram.world.bot as never, handlerTimeoutMs: 1000 })
    const caught: unknown[] = []
    bot.catch((error) => void caught.push(error))
    bot.on('message', (ctx) => ctx.reply('x'.repeat(4097)))
    chat.says('問')
    await bot.handleUpdate((await quick().gateway.call('getUpdates', {}))[0] as never)
    expect(caught).toMatchObject([{ kind: 'refused', reason: 'too long', method: 'sendMessage' }])
  })
})
