import { afterEach, expect, test, vi } from 'vitest'
import { createGateway } from '../../src/telegram/gateway.ts'
import { type Polling, startPolling } from '../../src/updates/polling.ts'
import { startWatchdog } from '../../src/updates/watchdog.ts'
import { startStandin } from '../standin/standin.ts'
import { until } from '../until.ts'

afterEach(() => vi.useRealTimers())

test('startWatchdog() speaks once for every span of silence, and not while something is heard', () => {
  vi.useFakeTimers({ now: 0 })
  const silences: number[] = []
  const watchdog = startWatchdog({ limitMs: 1000, everyMs: 100, onSilent: () => silences.push(Date.now()) })
  for (let second = 0; second < 6; second += 1) {
    vi.advanceTimersByTime(500)
    watchdog.heard()
  }
  expect(silences).toEqual([])
  vi.advanceTimersByTime(2500)
  expect(silences).toEqual([4000, 5000])
  expect(watchdog.silentMs).toBe(2500)
  watchdog.heard()
  vi.advanceTimersByTime(900)
  expect(silences).toHaveLength(2)
  watchdog.stop()
  vi.advanceTimersByTime(10_000)
  expect(silences).toHaveLength(2)
})

test('a poll that hangs without a deadline is noticed, and polling that is begun anew gets the update', async () => {
  const standin = await startStandin()
  standin.fault({ kind: 'hang' }, { method: 'getUpdates', times: 1 })
  const got: unknown[] = []
  const gateway = createGateway({ token: standin.token, apiRoot: standin.apiRoot })
  const poll = () =>
    startPolling({
      gateway,
      timeoutSeconds: 50,
      deadlineMs: 600_000,
      onUpdates: async (updates) => void got.push(...updates),
    })
  let polling: Polling = poll()
  let now = 0
  let begunAnew = 0
  const watchdog = startWatchdog({
    limitMs: 90_000,
    everyMs: 5,
    now: () => now,
    onSilent() {
      begunAnew += 1
      const old = polling
      void old.stop().then(() => {
        polling = poll()
      })
    },
  })
  standin.privateChat(standin.person({ id: 1, first_name: 'P' })).says('hello')
  await until(() => standin.polls.length === 1)
  expect(got).toEqual([])
  now = 90_000
  await until(() => got.length > 0)
  expect(got).toHaveLength(1)
  expect(begunAnew).toBe(1)
  watchdog.stop()
  await polling.stop()
  await standin.stop()
})
