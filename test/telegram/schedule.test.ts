import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { FloodedError } from '../../src/telegram/errors.ts'
import { createGateway, type Priority, type Turn } from '../../src/telegram/gateway.ts'
import { createSchedule, type ScheduleEvent } from '../../src/telegram/schedule.ts'
import { startStandin } from '../standin/standin.ts'

/** Time that passes only when told, with the timers of the schedule and of the requests in it. */
class Clock {
  now = 1_000_000
  #timers: { readonly at: number; readonly run: () => void }[] = []

  readonly setTimer = (ms: number, run: () => void) => {
    const timer = { at: this.now + ms, run }
    this.#timers.push(timer)
    return () => {
      this.#timers = this.#timers.filter((other) => other !== timer)
    }
  }

  /** Runs timers until none is left or `untilMs` have passed. */
  async run(untilMs = Number.POSITIVE_INFINITY): Promise<void> {
    const end = this.now + untilMs
    await this.#settle()
    for (;;) {
      const next = this.#timers.toSorted((a, b) => a.at - b.at)[0]
      if (next === undefined || next.at > end) break
      this.#timers = this.#timers.filter((other) => other !== next)
      this.now = Math.max(this.now, next.at)
      next.run()
      await this.#settle()
    }
    if (end !== Number.POSITIVE_INFINITY) this.now = end
  }

  async #settle(): Promise<void> {
    for (let turn = 0; turn < 12; turn += 1) await Promise.resolve()
  }
}

interface Request {
  readonly method?: string
  readonly chat?: number | string | undefined
  readonly priority?: Priority
  readonly attempt?: number
  readonly latency?: number
  readonly fails?: Error
  readonly signal?: AbortSignal
}

/** A schedule in time that passes only when told, and the moments at which requests went out. */
function stage(options: Parameters<typeof createSchedule>[0] = {}) {
  const clock = new Clock()
  const events: ScheduleEvent[] = []
  const fair = createSchedule({
    now: () => clock.now,
    setTimer: clock.setTimer,
    log: (event) => events.push(event),
    ...options,
  })
  const started: { readonly name: string; readonly at: number; readonly chat: number | string | undefined }[] = []
  const begin = clock.now
  const ask = (
    name: string,
    { method = 'sendMessage', chat, priority = 'normal', attempt = 1, latency = 30, fails, signal }: Request = {},
  ) => {
    const turn: Turn = {
      method: method as Turn['method'],
      chatId: chat,
      priority,
      attempt,
      signal: signal ?? new AbortController().signal,
    }
    return fair.schedule(turn, () => {
      started.push({ name, at: clock.now - begin, chat })
      return new Promise<string>((resolve, reject) =>
        clock.setTimer(latency, () => (fails === undefined ? resolve(name) : reject(fails))),
      )
    })
  }
  return {
    clock,
    fair,
    started,
    events,
    ask,
    names: () => started.map(({ name }) => name),
    at: (name: string) => started.find((start) => start.name === name)?.at,
  }
}

/** The largest number of moments in any span of `ms`. */
function mostWithin(moments: readonly number[], ms: number): number {
  const sorted = moments.toSorted((a, b) => a - b)
  return Math.max(0, ...sorted.map((from) => sorted.filter((at) => at >= from && at < from + ms).length))
}

describe('createSchedule()', () => {
  test('a chat at rest gets a short burst at once, then one message a second', async () => {
    const { clock, ask, started } = stage()
    for (let index = 0; index < 6; index += 1) void ask(`m${index}`, { chat: 1, latency: 1 })
    await clock.run()
    const moments = started.map(({ at }) => at)
    expect(moments[2]).toBeLessThan(10)
    expect(moments.slice(3).map((at) => Math.round(at / 1000))).toEqual([1, 2, 3])
  })

  test('whatever is asked, the limits hold, nothing is lost, and no chat is out of order', async () => {
    const request = fc.record({
      chat: fc.integer({ min: -3, max: 40 }),
      after: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 300 })),
      latency: fc.integer({ min: 1, max: 400 }),
      method: fc.constantFrom('sendMessage', 'sendMessage', 'sendDocument', 'editMessageText'),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(request, { maxLength: 150 }), async (requests) => {
        const { clock, ask, started, fair } = stage()
        let answered = 0
        for (const [index, { chat, after, latency, method }] of requests.entries()) {
          await clock.run(after)
          void ask(`${index} ${method}`, { chat, latency, method }).then(() => (answered += 1))
        }
        await clock.run()
        expect(answered).toBe(requests.length)
        expect(fair.waiting).toBe(0)
        const moments = (filter: (start: (typeof started)[number]) => boolean) =>
          started.filter(filter).map(({ at }) => at)
        expect(
          mostWithin(
            moments(() => true),
            1000,
          ),
        ).toBeLessThanOrEqual(30)
        for (const chat of new Set(requests.map((one) => one.chat))) {
          const own = started.filter((start) => start.chat === chat)
          const sends = own.filter(({ name }) => !name.endsWith('editMessageText'))
          for (const seconds of [1, 5, 20])
            expect(
              mostWithin(
                sends.map(({ at }) => at),
                seconds * 1000,
              ),
            ).toBeLessThanOrEqual(3 + seconds)
          if (chat < 0)
            expect(
              mostWithin(
                sends.map(({ at }) => at),
                60_000,
              ),
            ).toBeLessThanOrEqual(20)
          for (const kind of [sends, own.filter((start) => !sends.includes(start))]) {
            const order = kind.map(({ name }) => Number.parseInt(name, 10))
            expect(order).toEqual(order.toSorted((a, b) => a - b))
          }
        }
      }),
      { numRuns: 60 },
    )
  })

  test('a chat with a thousand messages does not keep the others waiting', async () => {
    const { clock, ask, at } = stage()
    for (let index = 0; index < 1000; index += 1) void ask(`flood${index}`, { chat: 666 })
    for (let chat = 1; chat <= 25; chat += 1) void ask(`chat${chat}`, { chat })
    await clock.run(3000)
    for (let chat = 1; chat <= 25; chat += 1) expect(at(`chat${chat}`)).toBeLessThan(1000)
  })

  test('a thousand chats share the 30 a second in the order of their coming', async () => {
    const { clock, ask, names, started } = stage()
    for (let chat = 1; chat <= 1000; chat += 1) void ask(`${chat}`, { chat })
    await clock.run()
    expect(names()).toEqual(Array.from({ length: 1000 }, (_, index) => `${index + 1}`))
    expect(started.at(-1)?.at).toBeLessThan(36_000)
    expect(
      mostWithin(
        started.map(({ at }) => at),
        1000,
      ),
    ).toBe(30)
  })

  test('a group at its 20 a minute delays neither private chats nor other groups', async () => {
    const { clock, ask, started, at } = stage()
    for (let index = 0; index < 40; index += 1) void ask(`group${index}`, { chat: -100 })
    await clock.run(25_000)
    void ask('private', { chat: 7 })
    void ask('other group', { chat: -200 })
    await clock.run(5000)
    expect(started.filter(({ chat }) => chat === -100)).toHaveLength(20)
    expect(at('private')).toBeLessThan(25_100)
    expect(at('other group')).toBeLessThan(25_100)
    await clock.run(45_000)
    expect(started.filter(({ chat }) => chat === -100).length).toBeGreaterThan(30)
  })

  test('channels named by @username are held to the limit of groups', async () => {
    const { clock, ask, started } = stage()
    for (let index = 0; index < 30; index += 1) void ask(`${index}`, { chat: '@channel' })
    await clock.run(50_000)
    expect(started).toHaveLength(20)
  })

  test('a request that hangs holds up its own chat alone', async () => {
    const { clock, ask, at } = stage()
    void ask('hangs', { chat: 1, latency: 15_000 })
    void ask('behind', { chat: 1 })
    void ask('edit of the same chat', { chat: 1, method: 'editMessageText' })
    void ask('other', { chat: 2 })
    await clock.run()
    expect(at('other')).toBe(0)
    expect(at('edit of the same chat')).toBe(0)
    expect(at('behind')).toBe(15_000)
  })

  test('edits go before messages, messages before bulk, and none starves', async () => {
    const { clock, ask, names } = stage({ limits: { overallPerSecond: 10 } })
    for (let chat = 1; chat <= 100; chat += 1) {
      void ask(`bulk`, { chat: 1000 + chat, priority: 'bulk' })
      void ask(`send`, { chat: 2000 + chat })
      void ask(`edit`, { chat: 3000 + chat, method: 'editMessageText' })
    }
    await clock.run(9000)
    const share = (name: string) =>
      names()
        .slice(3)
        .filter((other) => other === name).length
    expect(share('edit')).toBeGreaterThan(share('send'))
    expect(share('send')).toBeGreaterThan(share('bulk') * 2)
    expect(share('bulk')).toBeGreaterThan(3)
  })

  test('in one chat a repetition goes first, then urgent, normal and bulk', async () => {
    const { clock, ask, names } = stage()
    for (let index = 0; index < 3; index += 1) void ask('burst', { chat: 1, latency: 1 })
    await clock.run(20)
    void ask('bulk', { chat: 1, priority: 'bulk' })
    void ask('normal', { chat: 1 })
    void ask('urgent', { chat: 1, priority: 'urgent' })
    void ask('repeated', { chat: 1, attempt: 2 })
    await clock.run()
    expect(names().slice(3)).toEqual(['repeated', 'urgent', 'normal', 'bulk'])
  })

  test('answers to callbacks and inline queries go at once whatever waits', async () => {
    const { clock, ask, at } = stage()
    for (let chat = 1; chat <= 200; chat += 1) void ask('send', { chat })
    await clock.run(500)
    void ask('callback', { method: 'answerCallbackQuery' })
    void ask('inline', { method: 'answerInlineQuery' })
    await clock.run(1)
    expect([at('callback'), at('inline')]).toEqual([500, 500])
  })

  test('429 pauses that chat for the time it names, edits too, and no other', async () => {
    const { clock, ask, at, events } = stage()
    const flooded = ask('flooded', { chat: 1, fails: new FloodedError('sendMessage', 1, 7) })
    await Promise.all([expect(flooded).rejects.toBeInstanceOf(FloodedError), clock.run(100)])
    void ask('behind', { chat: 1 })
    void ask('edit', { chat: 1, method: 'editMessageText' })
    void ask('other', { chat: 2 })
    await clock.run(6900)
    expect(at('other')).toBe(100)
    expect(at('behind')).toBeUndefined()
    expect(at('edit')).toBeUndefined()
    // The repetition of the gateway comes first although it comes last.
    void ask('repetition', { chat: 1, attempt: 2 })
    await clock.run()
    expect(at('repetition')).toBeGreaterThanOrEqual(7000)
    expect(at('behind')).toBeGreaterThanOrEqual(at('repetition') ?? Number.POSITIVE_INFINITY)
    expect(events).toEqual([{ event: 'chat paused', chatId: 1, ms: 7000 }])
  })

  test('429 in several chats at once pauses everything, and it goes on after', async () => {
    const { clock, ask, at, events } = stage()
    const floods = [1, 2, 3].map((chat) =>
      ask('flooded', { chat, fails: new FloodedError('sendMessage', 1, 5) }).catch(() => {}),
    )
    await clock.run(100)
    await Promise.all(floods)
    void ask('other', { chat: 4 })
    const answer = ask('answer', { method: 'answerInlineQuery' })
    await expect(answer).rejects.toMatchObject({ kind: 'flooded', retryAfter: 5 })
    await clock.run()
    expect(at('other')).toBeGreaterThanOrEqual(5000)
    expect(at('answer')).toBeUndefined()
    expect(events).toContainEqual({ event: 'all paused', ms: 5000 })
  })

  test('429 on an answer pauses that method only, and polling goes on', async () => {
    const { clock, ask, at } = stage()
    const flooded = ask('inline', { method: 'answerInlineQuery', fails: new FloodedError('answerInlineQuery', 1, 3) })
    await Promise.all([expect(flooded).rejects.toThrow(), clock.run(50)])
    await expect(ask('again', { method: 'answerInlineQuery' })).rejects.toMatchObject({ retryAfter: 3 })
    void ask('callback', { method: 'answerCallbackQuery' })
    void ask('poll', { method: 'getUpdates' })
    expect([at('callback'), at('poll')]).toEqual([50, 50])
    await clock.run(3000)
    void ask('after', { method: 'answerInlineQuery' })
    expect(at('after')).toBeDefined()
  })

  test('a call whose time is over leaves the queue and is never sent', async () => {
    const { clock, ask, names, fair } = stage()
    const controller = new AbortController()
    for (let index = 0; index < 4; index += 1) void ask('before', { chat: 1, latency: 1 })
    const late = ask('late', { chat: 1, signal: controller.signal })
    void ask('after', { chat: 1 })
    await clock.run(100)
    controller.abort(new Error('no time left'))
    await expect(late).rejects.toThrow('no time left')
    await expect(ask('never', { chat: 1, signal: controller.signal })).rejects.toThrow('no time left')
    await clock.run()
    expect(names()).toEqual(['before', 'before', 'before', 'before', 'after'])
    expect(fair.waiting).toBe(0)
  })

  test('chats at rest are forgotten', async () => {
    const { clock, ask, fair } = stage({ limits: { overallPerSecond: 1000 } })
    for (let chat = 1; chat <= 1500; chat += 1) void ask('x', { chat, latency: 1 })
    await clock.run(20_000)
    void ask('x', { chat: 9999 })
    expect(fair.chats).toBeLessThan(10)
    await clock.run()
  })

  test('refuses an answer to an inline query that a pause would make late, and waits for nothing', async () => {
    const standin = await startStandin()
    standin.fault({ kind: 'flood', retryAfter: 14 }, { method: 'answerInlineQuery', times: 1 })
    const waits: number[] = []
    const gateway = createGateway({
      token: standin.token,
      apiRoot: standin.apiRoot,
      schedule: createSchedule({
        setTimer: (ms) => {
          waits.push(ms)
          return () => {}
        },
      }).schedule,
      sleep: async (ms) => void waits.push(ms),
    })
    const answer = (id: string) => gateway.call('answerInlineQuery', { inline_query_id: id, results: [] })
    const both = await Promise.allSettled([answer('1'), answer('2')])
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    await expect(answer('3')).rejects.toMatchObject({ kind: 'flooded' })
    expect(waits).toEqual([])
    expect(standin.callsOf('answerInlineQuery')).toHaveLength(2)
    await standin.stop()
  })
})
