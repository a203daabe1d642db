import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createOutbox } from '../../src/bot/outbox.ts'
import type { Gateway } from '../../src/telegram/gateway.ts'
import { createGate } from '../gate.ts'

let calls: unknown[] = []
const gateway = {
  call: async (method: string, params: object) => {
    calls.push({ method, ...params })
    return true
  },
} as unknown as Gateway
const outbox = createOutbox(gateway, { isWorthTrying: () => false, lacks: () => {} }, async () => {})

beforeEach(() => {
  calls = []
  vi.useFakeTimers()
})
afterEach(() => vi.useRealTimers())

describe('whileTyping()', () => {
  const typing = { method: 'sendChatAction', chat_id: 7, action: 'typing' }

  test('shows nothing for work of half a second, then that it types, again before Telegram stops showing it', async () => {
    const work = createGate()
    const done = outbox.whileTyping({ chat: 7 }, () => work.opened)
    await vi.advanceTimersByTimeAsync(499)
    expect(calls).toEqual([])
    await vi.advanceTimersByTimeAsync(1)
    expect(calls).toEqual([typing])
    await vi.advanceTimersByTimeAsync(4500)
    expect(calls).toEqual([typing, typing])
    work.open()
    await done
  })

  test('shows nothing any more when the work is done or has failed', async () => {
    expect(await outbox.whileTyping({ chat: 7 }, async () => 'answer')).toBe('answer')
    await expect(outbox.whileTyping({ chat: 7 }, () => Promise.reject(new Error('fault')))).rejects.toThrow('fault')
    await vi.advanceTimersByTimeAsync(10_000)
    expect(calls).toEqual([])
  })

  test('shows another action, in the topic', async () => {
    const work = createGate()
    const done = outbox.whileTyping({ chat: -7, thread: 3 }, () => work.opened, 'upload_document')
    await vi.advanceTimersByTimeAsync(500)
    expect(calls).toEqual([{ method: 'sendChatAction', chat_id: -7, action: 'upload_document', message_thread_id: 3 }])
    work.open()
    await done
  })
})
