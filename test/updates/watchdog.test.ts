import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createGateway } from '../../src/telegram/gateway.ts'
import { type Polling, startPolling } from '../../src/updates/polling.ts'
import { startWatchdog } from '../../src/updates/watchdog.ts'
import { startStandin } from '../standin/standin.ts'

test('startWatchdog() speaks once for every span of silence, and not while something is heard', async () => {
  let now = 0
  const silences: number[] = []
  const watchdog = startWatchdog({ limitMs: 1000, everyMs: 1, now: () => now, onSilent: () => silences.push(now) })
  for (; now < 3000; now += 500) {
    watchdog.heard()
    await pause(5)
  }
  expect(silences).toEqual([])
  for (; now < 6000; now += 250) await pause(5)
  expect(silences.length).toBeGreaterThanOrEqual(2)
  expect(silences.length).toBeLessThanOrEqual(4)
  watchdog.stop()
  const before = silences.length
  now += 10_000
  await pause(10)
  expect(silences).toHaveLength(before)
})

test('a poll that hangs without a deadline is noticed, and polling that is begun anew gets the update', {
  timeout: 20_000,
}, async () => {
  const standin = await startStandin()
  standin.fault({ kind: 'hang' }, { method: 'getUpdates', times: 1 })
  const got: unknown[] = []
  const gateway = createGateway({
    token: standin.token,
    apiRoot: standin.apiRoot,
    log: ({ method }) => method === 'getUpdates' && watchdog.heard(),
  })
  const poll = () =>
    startPolling({
      gateway,
      timeoutSeconds: 1,
      deadlineMs: 600_000,
      onUpdates: async (updates) => void got.push(...updates),
    })
  let polling: Polling = poll()
  let begunAnew = 0
  const watchdog = startWatchdog({
    limitMs: 300,
    everyMs: 20,
    onSilent() {
      begunAnew += 1
      const old = polling
      void old.stop().then(() => {
        polling = poll()
      })
    },
  })
  standin.privateChat(standin.person({ id: 1, first_name: 'P' })).says('hello')
  for (const end = Date.now() + 5000; got.length === 0 && Date.now() < end; ) await pause(20)
  expect(got).toHaveLength(1)
  expect(begunAnew).toBeGreaterThanOrEqual(1)
  watchdog.stop()
  await polling.stop()
  await standin.stop()
})
