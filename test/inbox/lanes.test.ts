import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createLanes, intoLanes, laneOf } from '../../src/inbox/lanes.ts'
import { createGateway } from '../../src/telegram/gateway.ts'
import { createBot } from '../../src/telegram/telegraf.ts'
import { startPolling } from '../../src/updates/polling.ts'
import { startStandin } from '../standin/standin.ts'

const silent = { onError: () => {} }

/** A task that ends when told. */
function held() {
  let release = () => {}
  const ended = new Promise<void>((resolve) => {
    release = resolve
  })
  return { task: () => ended, release: () => release() }
}
const settled = () => new Promise((resolve) => setImmediate(resolve))

describe('createLanes()', () => {
  test('keeps the order of each key and its concurrency, whatever the tasks take', async () => {
    const tasks = fc.array(
      fc.record({ key: fc.constantFrom('a', 'b', 'c', 'd'), turns: fc.nat(4), fails: fc.boolean() }),
      { maxLength: 40 },
    )
    await fc.assert(
      fc.asyncProperty(tasks, fc.integer({ min: 1, max: 5 }), async (list, concurrency) => {
        const failed: string[] = []
        const lanes = createLanes({ concurrency, onError: (_, key) => failed.push(key) })
        const begun = new Map<string, number[]>()
        const ended = new Map<string, number[]>()
        const active = new Set<string>()
        let most = 0
        for (const [index, { key, turns, fails }] of list.entries()) {
          lanes.run(key, async () => {
            expect(active.has(key)).toBe(false)
            active.add(key)
            most = Math.max(most, active.size)
            begun.set(key, [...(begun.get(key) ?? []), index])
            for (let i = 0; i < turns; i += 1) await settled()
            ended.set(key, [...(ended.get(key) ?? []), index])
            active.delete(key)
            if (fails) throw new Error('failed')
          })
        }
        await lanes.drain()
        for (const key of ['a', 'b', 'c', 'd']) {
          const given = list.flatMap((task, index) => (task.key === key ? [index] : []))
          expect(begun.get(key) ?? []).toEqual(given)
          expect(ended.get(key) ?? []).toEqual(given)
        }
        expect(most).toBeLessThanOrEqual(concurrency)
        expect(failed.sort()).toEqual(list.flatMap(({ key, fails }) => (fails ? [key] : [])).sort())
        expect([lanes.waiting, lanes.running]).toEqual([0, 0])
      }),
      { numRuns: 60 },
    )
  })

  test('a slow chat does not hold back the others', async () => {
    const lanes = createLanes(silent)
    const slow = held()
    const done: string[] = []
    lanes.run('a', slow.task)
    lanes.run('a', async () => void done.push('a2'))
    lanes.run('b', async () => void done.push('b1'))
    await settled()
    expect(done).toEqual(['b1'])
    slow.release()
    await lanes.drain()
    expect(done).toEqual(['b1', 'a2'])
  })

  test('a busy chat takes its turn after the others', async () => {
    const lanes = createLanes({ ...silent, concurrency: 1 })
    const done: string[] = []
    for (const name of ['a1', 'a2', 'a3', 'b1']) lanes.run(name.charAt(0), async () => void done.push(name))
    await lanes.drain()
    expect(done).toEqual(['a1', 'b1', 'a2', 'a3'])
  })

  test('room() waits while too many tasks wait', async () => {
    const lanes = createLanes({ ...silent, concurrency: 1, maxWaiting: 2 })
    const first = held()
    lanes.run('a', first.task)
    lanes.run('a', async () => {})
    let free = false
    await lanes.room()
    lanes.run('b', async () => {})
    const room = lanes.room().then(() => {
      free = true
    })
    await settled()
    expect(free).toBe(false)
    expect(lanes.waiting).toBe(2)
    first.release()
    await room
    await lanes.drain()
  })

  test('drain() waits for running and waiting tasks, and comes at once when there are none', async () => {
    const lanes = createLanes(silent)
    await lanes.drain()
    const task = held()
    lanes.run('a', task.task)
    let drained = false
    const drain = lanes.drain().then(() => {
      drained = true
    })
    await settled()
    expect(drained).toBe(false)
    expect(lanes.running).toBe(1)
    task.release()
    await drain
  })

  test('a task that throws before it awaits is an error of its lane, not of the caller', async () => {
    const errors: unknown[] = []
    const lanes = createLanes({ onError: (error, key) => errors.push([key, (error as Error).message]) })
    lanes.run('a', () => {
      throw new Error('at once')
    })
    await lanes.drain()
    expect(errors).toEqual([['a', 'at once']])
  })
})

describe('laneOf()', () => {
  const chat = { id: -5 }
  const from = { id: 7 }
  test.each([
    ['message', { chat, from }, 'chat:-5'],
    ['edited_message', { chat, from }, 'chat:-5'],
    ['callback_query', { from, message: { chat } }, 'chat:-5'],
    ['callback_query', { from, inline_message_id: 'x' }, 'user:7'],
    ['inline_query', { from }, 'user:7'],
    ['chosen_inline_result', { from }, 'user:7'],
    ['my_chat_member', { chat, from }, 'chat:-5'],
    ['guest_message', { chat, from }, 'guest:-5'],
    ['poll', {}, 'update:1'],
  ])('%s %j goes to %s', (kind, object, lane) => {
    expect(laneOf({ update_id: 1, [kind]: object } as { update_id: number })).toBe(lane)
  })
})

describe('polling, lanes and bot together', () => {
  test('each chat gets its answers in order, while faults strike and chats are slow by turns', async () => {
    const telegram = await startStandin({ seed: 3 })
    for (const kind of ['reset', 'half json'] as const)
      telegram.fault({ kind }, { method: ['getUpdates', 'sendMessage'], probability: 0.08, effect: false })
    const gateway = createGateway({ token: telegram.token, apiRoot: telegram.apiRoot, sleep: () => Promise.resolve() })
    const bot = createBot(gateway)
    const errors: unknown[] = []
    bot.catch((error) => void errors.push(error))
    bot.on('message', async (ctx) => {
      await new Promise((resolve) => setTimeout(resolve, ctx.chat.id % 3))
      await ctx.reply(`答 ${ctx.text}`)
    })
    const lanes = createLanes({ onError: (error) => errors.push(error) })
    const polling = startPolling({
      gateway,
      onUpdates: intoLanes(lanes, (update) => bot.handleUpdate(update as never)),
      timeoutSeconds: 1,
      firstWaitMs: 1,
    })
    const chats = [11, 12, 13, 14].map((id) => telegram.privateChat(telegram.person({ id, first_name: `P${id}` })))
    for (let i = 0; i < 12; i += 1) for (const chat of chats) chat.says(`${i}`)
    for (const chat of chats) for (let i = 0; i < 12; i += 1) expect((await chat.nextMessage()).text).toBe(`答 ${i}`)
    await polling.stop()
    await lanes.drain()
    expect(errors).toEqual([])
    expect(telegram.refusals).toEqual([])
    await telegram.stop()
  })
})
