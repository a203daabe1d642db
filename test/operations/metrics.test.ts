import { type Registry, register } from 'prom-client'
import { afterEach, expect, test } from 'vitest'
import { startOperations } from '../../src/operations/server.ts'
import { createServiceMetrics } from '../../src/operations/service-metrics.ts'

let stop = async () => {}
afterEach(() => stop())

const readings = { waiting: async () => 3, running: () => 2, queued: () => 1, silentSeconds: () => 0 }

/** The lines of one metric without its help. */
const linesOf = async (metrics: Registry, name: string) =>
  (await metrics.getSingleMetricAsString(name)).split('\n').slice(1)

test('a reading that fails is left out, and is back when it is', async () => {
  let isAway = false
  const waiting = async () => {
    if (isAway) throw new Error('away')
    return 3
  }
  const { metrics } = createServiceMetrics({ ...readings, waiting })
  const type = '# TYPE memoranda_inbox_waiting gauge'
  expect(await linesOf(metrics, 'memoranda_inbox_waiting')).toEqual([type, 'memoranda_inbox_waiting 3'])
  isAway = true
  expect(await linesOf(metrics, 'memoranda_inbox_waiting')).toEqual([type])
  expect(await metrics.metrics()).toContain('\nmemoranda_inbox_running 2\n')
  isAway = false
  expect(await linesOf(metrics, 'memoranda_inbox_waiting')).toEqual([type, 'memoranda_inbox_waiting 3'])
})

test('times stand in buckets that add up', async () => {
  const { metrics, note } = createServiceMetrics(readings)
  for (const ms of [30, 500, 70_000]) note({ event: 'update handled', updateId: 1, lane: 'a', ms, begun: 1 })
  expect(await linesOf(metrics, 'memoranda_update_seconds')).toEqual([
    '# TYPE memoranda_update_seconds histogram',
    'memoranda_update_seconds_bucket{le="0.01"} 0',
    'memoranda_update_seconds_bucket{le="0.03"} 1',
    'memoranda_update_seconds_bucket{le="0.1"} 1',
    'memoranda_update_seconds_bucket{le="0.3"} 1',
    'memoranda_update_seconds_bucket{le="1"} 2',
    'memoranda_update_seconds_bucket{le="3"} 2',
    'memoranda_update_seconds_bucket{le="10"} 2',
    'memoranda_update_seconds_bucket{le="30"} 2',
    'memoranda_update_seconds_bucket{le="+Inf"} 3',
    'memoranda_update_seconds_sum 70.53',
    'memoranda_update_seconds_count 3',
  ])
})

test('a poll is counted, and its length is no time of a call', async () => {
  const { metrics, note } = createServiceMetrics(readings)
  note({ event: 'call answered', method: 'getUpdates', chatId: undefined, attempts: 1, ms: 30_000 })
  note({ event: 'call answered', method: 'sendMessage', chatId: 1, attempts: 1, ms: 40 })
  const text = await metrics.metrics()
  expect(text).toContain('memoranda_telegram_calls_total{method="getUpdates",outcome="answered"} 1\n')
  expect(text).toContain('memoranda_telegram_call_seconds_count 1\n')
  expect(text).toContain('memoranda_telegram_call_seconds_bucket{le="0.03"} 0\n')
  expect(text).toContain('memoranda_telegram_call_seconds_bucket{le="30"} 1\n')
})

test('what may raise an alarm stands at zero before it happened', async () => {
  const { metrics } = createServiceMetrics(readings)
  const text = await metrics.metrics()
  expect(text).toContain('\nmemoranda_updates_total{outcome="given up"} 0\n')
  expect(text).toContain('\nmemoranda_store_away_total 0\n')
})

test('a handler that failed is no call that failed, and what cannot be counted changes nothing', async () => {
  const { metrics, note } = createServiceMetrics(readings)
  const counted = async () => (await metrics.getMetricsAsJSON()).filter(({ name }) => !/bytes|uptime/u.test(name))
  const before = JSON.stringify(await counted())
  note({ event: 'handling failed', update: 'message', chat: 'a1b2', error: 'TypeError', ms: 4 })
  note({ event: 'updates dropped', reason: 'too old', count: -1 })
  expect(JSON.stringify(await counted())).toBe(before)
})

test('two services in one process count apart, and nothing is kept beside them', async () => {
  const one = createServiceMetrics(readings)
  const other = createServiceMetrics(readings)
  one.note({ event: 'store away', reason: 'OOM' })
  expect(await one.metrics.metrics()).toContain('memoranda_store_away_total 1\n')
  expect(await other.metrics.metrics()).toContain('memoranda_store_away_total 0\n')
  expect(register.getMetricsAsArray()).toEqual([])
})

test('the service counts its events, and what it shows holds no chat', async () => {
  const { metrics, note } = createServiceMetrics(readings)
  note({ event: 'call answered', method: 'sendMessage', chatId: 4711, attempts: 1, ms: 40 })
  note({ event: 'call failed', method: 'sendMessage', chatId: 4711, attempts: 5, kind: 'unreachable', ms: 40 })
  note({ event: 'update handled', updateId: 1, lane: 'chat:4711', ms: 20, begun: 1 })
  note({ event: 'updates dropped', reason: 'too old', count: 4 })
  note({ event: 'chat paused', chatId: 4711, ms: 1000 })
  note({ event: 'poll failed', kind: 'conflict', waitMs: 1 })
  note({ event: 'webhook refused', status: 401 })
  note({ event: 'store away', reason: 'OOM' })
  const text = await metrics.metrics()
  for (const line of [
    'memoranda_inbox_waiting 3',
    'memoranda_telegram_calls_total{method="sendMessage",outcome="answered"} 1',
    'memoranda_telegram_calls_total{method="sendMessage",outcome="unreachable"} 1',
    'memoranda_updates_total{outcome="handled"} 1',
    'memoranda_updates_total{outcome="dropped",reason="too old"} 4',
    'memoranda_update_seconds_bucket{le="0.03"} 1',
    'memoranda_telegram_pauses_total{scope="chat"} 1',
    'memoranda_poll_failures_total{kind="conflict"} 1',
    'memoranda_webhook_refusals_total{status="401"} 1',
    'memoranda_store_away_total 1',
  ])
    expect(text.split('\n')).toContain(line)
  expect(text).not.toContain('4711')
})

test('startOperations() serves metrics, health and readiness, and nothing else', async () => {
  let isReady = true
  const { metrics } = createServiceMetrics(readings)
  const server = await startOperations({ host: '127.0.0.1', port: 0, metrics, isReady: async () => isReady })
  stop = server.stop
  const get = (path: string, method = 'GET') => fetch(`http://127.0.0.1:${server.port}${path}`, { method })
  const answer = await get('/metrics')
  expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
  expect(await answer.text()).toContain('\nmemoranda_inbox_waiting 3\n')
  expect((await get('/health')).status).toBe(200)
  expect((await get('/ready')).status).toBe(200)
  isReady = false
  expect((await get('/ready')).status).toBe(503)
  expect((await get('/')).status).toBe(404)
  expect((await get('/metrics', 'POST')).status).toBe(404)
})
