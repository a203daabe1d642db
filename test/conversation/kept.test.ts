import { beforeEach, describe, expect, test } from 'vitest'
import { createKept, type Kept, keptFor, mostCollected, mostQuestions } from '../../src/conversation/kept.ts'
import { createMemory, type Memory } from '../../src/conversation/memory.ts'

let now = 0
let memory: Memory
let keys: Set<string>
let kept: Kept

beforeEach(() => {
  now = 1_700_000_000_000
  const inner = createMemory(() => now)
  keys = new Set()
  memory = {
    get: inner.get,
    update: (key, change, keepMs) => {
      keys.add(key)
      return inner.update(key, change, keepMs)
    },
    delete: inner.delete,
  }
  kept = createKept(memory, () => now)
})

const question = (message: number, fields: object = {}) => ({
  key: `key-${message}`,
  chat: 7,
  message,
  query: `q${message}`,
  context: [],
  at: now,
  ...fields,
})
const left = async () =>
  (await Promise.all([...keys].map((key) => memory.get(key)))).filter((value) => value !== undefined)

describe('createMemory()', () => {
  test('forgets a value when its time is over', async () => {
    await memory.update('a', () => 1, 1000)
    now += 999
    expect(await memory.get('a')).toBe(1)
    now += 1
    expect(await memory.get('a')).toBeUndefined()
    expect(await memory.update('a', (value) => value ?? 'new')).toBe('new')
  })

  test('gives copies, so that nobody changes what is kept', async () => {
    await memory.update('a', () => ({ list: [1] }))
    ;((await memory.get('a')) as { list: number[] }).list.push(2)
    expect(await memory.get('a')).toEqual({ list: [1] })
  })

  test('removes a value that becomes undefined', async () => {
    await memory.update('a', () => 1)
    await memory.update('a', () => undefined)
    expect(await memory.get('a')).toBeUndefined()
  })
})

describe('createKept()', () => {
  test('remembers the latest questions only, for their time', async () => {
    for (let i = 1; i <= mostQuestions + 5; i += 1) await kept.remember(7, question(i))
    expect(await kept.question(7, 'key-5')).toBeUndefined()
    expect(await kept.question(7, 'key-6')).toMatchObject({ query: 'q6' })
    now += keptFor.questions
    expect(await kept.question(7, 'key-6')).toBeUndefined()
  })

  test('lets a question lean on the last ones of the same chat and topic, before it and not long ago', async () => {
    await kept.remember(7, question(1))
    await kept.remember(7, question(2, { chat: -5 }))
    await kept.remember(7, question(3, { thread: 9 }))
    for (const message of [4, 5, 6, 7]) await kept.remember(7, question(message))
    expect(await kept.contextOf(7, { chat: 7 })).toEqual(['q5', 'q6', 'q7'])
    expect(await kept.contextOf(7, { chat: 7, before: 5 })).toEqual(['q1', 'q4'])
    expect(await kept.contextOf(7, { chat: 7, thread: 9 })).toEqual(['q3'])
    expect(await kept.contextOf(8, { chat: 7 })).toEqual([])
    now += 3_600_000
    expect(await kept.contextOf(7, { chat: -5 })).toEqual([])
    expect(await kept.contextOf(7, { chat: 7 })).toHaveLength(3)
  })

  test('forgets everything of a person', async () => {
    await kept.changePersonSettings(7, { language: 'en' })
    await kept.remember(7, question(1))
    await kept.collect(7, 'sichuan-2018/5.1', 7)
    expect(await left()).toHaveLength(3)
    await kept.forget(7)
    expect(await left()).toEqual([])
  })

  test('collects each clause once, up to a limit', async () => {
    expect(await kept.collect(7, 'sichuan-2018/5.1', 7)).toBe('added')
    expect(await kept.collect(7, 'sichuan-2018/5.1', 7)).toBe('there')
    for (let i = 1; i < mostCollected; i += 1) await kept.collect(7, `sichuan-2018/6.${i}`, 7)
    expect(await kept.collect(7, 'sichuan-2018/7.1', 7)).toBe('full')
    expect(await kept.basket(7)).toHaveLength(mostCollected)
  })

  test('knows whose basket it is, and reads those of before', async () => {
    await kept.collect(-5, 'sichuan-2018/5.1', 7)
    expect(await kept.isOwnBasket(-5, 7)).toBe(true)
    await kept.collect(-5, 'sichuan-2018/5.2', 8)
    expect(await kept.isOwnBasket(-5, 7)).toBe(false)
    await memory.update('basket:-6', () => ['sichuan-2018/5.1'])
    expect(await kept.basket(-6)).toEqual(['sichuan-2018/5.1'])
    expect(await kept.isOwnBasket(-6, 7)).toBe(false)
  })

  test('takes settings, basket and permission of a group along, and keeps what the new one has', async () => {
    await kept.changeChatSettings(-5, { language: 'en' })
    await kept.collect(-5, 'sichuan-2018/5.1', 7)
    await kept.permit(-5, true)
    await kept.permit(-1005, false)
    await kept.migrate(-5, -1005)
    expect(await kept.chatSettings(-1005)).toEqual({ language: 'en' })
    expect(await kept.basket(-1005)).toEqual(['sichuan-2018/5.1'])
    expect(await kept.permission(-1005)).toBe(false)
    expect(await kept.basket(-5)).toEqual([])
    await kept.migrate(-5, -1005)
    expect(await kept.basket(-1005)).toEqual(['sichuan-2018/5.1'])
  })

  test('takes what it cannot read for absent', async () => {
    await memory.update('settings:7', () => 'garbage')
    await memory.update('questions:7', () => [{ key: 1 }, question(2)])
    await memory.update('basket:7', () => ['../etc', 'sichuan-2018/5.1'])
    expect(await kept.personSettings(7)).toEqual({})
    expect(await kept.question(7, 'key-2')).toMatchObject({ message: 2 })
    expect(await kept.basket(7)).toEqual(['sichuan-2018/5.1'])
  })

  test('tells the first who asks from all others within the time', async () => {
    expect([await kept.isFirst('x', 1000), await kept.isFirst('x', 1000)]).toEqual([true, false])
    now += 1000
    expect(await kept.isFirst('x', 1000)).toBe(true)
  })
})
