import { getEventListeners } from 'node:events'
import { beforeEach, describe, expect, test } from 'vitest'
import { patiently, type StartEvent, unlessStopped } from '../../src/operations/patience.ts'
import { createNaps, type Naps } from '../naps.ts'

let naps: Naps
let events: StartEvent[]
let stopping: AbortController
beforeEach(() => {
  naps = createNaps()
  events = []
  stopping = new AbortController()
})

const passing = (error: unknown) =>
  error instanceof Error && error.message.startsWith('soon') ? { reason: error.message } : undefined
const wait = <T>(attempt: () => Promise<T>, hope: Parameters<typeof patiently>[1]['passing'] = passing) =>
  patiently(attempt, {
    what: 'Redis',
    passing: hope,
    stopped: stopping.signal,
    log: (event) => events.push(event),
    sleep: naps.sleep,
  })

/** Fails so often, then gives `well`. */
function failing(times: number, message = 'soon') {
  let left = times
  return async () => {
    left -= 1
    if (left >= 0) throw new Error(message)
    return 'well'
  }
}

describe('patiently()', () => {
  test('tries again with growing waits, and says each time what it waits for', async () => {
    const done = wait(failing(7))
    for (let failures = 0; failures < 7; failures += 1) await naps.pass()
    expect(await done).toBe('well')
    expect(naps.asked).toEqual([1000, 2000, 5000, 10_000, 30_000, 30_000, 30_000])
    expect(events[0]).toEqual({ event: 'start waits', for: 'Redis', reason: 'soon', seconds: 1 })
  })

  test('waits longer where the error says so', async () => {
    const done = wait(failing(1), () => ({ reason: 'flooded', waitMs: 17_000 }))
    expect(await naps.pass()).toBe(17_000)
    expect(await done).toBe('well')
  })

  test('gives up at once what cannot succeed later', async () => {
    await expect(wait(failing(1, 'never'))).rejects.toThrow('never')
    expect(events).toEqual([])
  })

  test('ends at once when told to stop: while it waits, while an attempt hangs, and before it begins', async () => {
    const waiting = wait(failing(9))
    await naps.begun()
    stopping.abort(new Error('told'))
    await expect(waiting).rejects.toThrow('told')
    await expect(wait(failing(0))).rejects.toThrow('told')
    stopping = new AbortController()
    const hanging = wait(() => new Promise(() => {}))
    stopping.abort(new Error('told'))
    await expect(hanging).rejects.toThrow('told')
  })
})

test('unlessStopped() leaves no listener, and nothing that rejects later unseen', async () => {
  const { signal } = stopping
  expect(await unlessStopped(async () => 1, signal)).toBe(1)
  await expect(unlessStopped(() => Promise.reject(new Error('x')), signal)).rejects.toThrow('x')
  expect(getEventListeners(signal, 'abort')).toHaveLength(0)
  let fail = (_: Error) => {}
  const told = unlessStopped(() => new Promise((_, reject) => (fail = reject)), signal)
  stopping.abort(new Error('told'))
  await expect(told).rejects.toThrow('told')
  // Would end this process if nobody looked at it.
  fail(new Error('late'))
  await new Promise(setImmediate)
})
