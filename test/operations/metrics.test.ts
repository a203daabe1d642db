import { afterEach, expect, test } from 'vitest'
import { createMetrics } from '../../src/operations/metrics.ts'
import { startOperations } from '../../src/operations/server.ts'
import { createServiceMetrics } from '../../src/operations/service-metrics.ts'

let stop = async () => {}
afterEach(() => stop())

test('createMetrics() writes the text format: help, type, labels escaped, buckets that add up', async () => {
  const metrics = createMetrics()
  const counter = metrics.counter('a_total', 'Things')
  counter.add({ kind: 'say "hi"\\\n' })
  counter.add({ kind: 'say "hi"\\\n' }, 2)
  metrics.gauge('b', 'Level', async () => 1.5)
  metrics.gauge('c', 'Broken', () => Promise.reject(new Error('away')))
  const histogram = metrics.histogram('d_seconds', 'Time', [0.1, 1])
  for (const value of [0.1, 0.5, 7]) histogram.observe(value)
  expect(await metrics.text()).toBe(`# HELP a_total Things
# TYPE a_total counter
a_total{kind="say \\"hi\\"\\\\\\n"} 3
# HELP b Level
# TYPE b gauge
b 1.5
# HELP c Broken
# TYPE c gauge
# HELP d_seconds Time
# TYPE d_seconds histogram
d_seconds_bucket{le="0.1"} 1
d_seconds_bucket{le="1"} 2
d_seconds_bucket{le="+Inf"} 3
d_seconds_sum 7.6
d_seconds_count 3
`)
})

test('a counter with ever new labels keeps a bounded number of them', async () => {
  const metrics = createMetrics()
  const counter = metrics.counter('a_total', 'Things')
  for (let index = 0; index < 5000; index += 1) counter.add({ id: String(index) })
  const lines = (await metrics.text()).split('\n')
  expect(lines.length).toBeLessThan(510)
  expect(lines).toContain('a_total{other="true"} 4500')
})

test('names that are malformed or taken are refused', () => {
  const metrics = createMetrics()
  metrics.counter('a_total', 'Things')
  expect(() => metrics.counter('a_total', 'Again')).toThrow(TypeError)
  expect(() => metrics.counter('a total', 'Space')).toThrow(TypeError)
})

test('the service counts its events, and what it shows holds no chat', async () => {
  const { metrics, note } = createServiceMetrics({
    waiting: async () => 3,
    running: () => 2,
    queued: () => 1,
    silentSeconds: () => 0,
  })
  note({ event: 'answered', method: 'sendMessage', chatId: 4711, attempts: 1, ms: 40 })
  note({ event: 'failed', method: 'sendMessage', chatId: 4711, attempts: 5, kind: 'unreachable', ms: 40 })
  note({ event: 'update handled', updateId: 1, lane: 'chat:4711', ms: 20, begun: 1 })
  note({ event: 'updates dropped', reason: 'too old', count: 4 })
  note({ event: 'chat paused', chatId: 4711, ms: 1000 })
  note({ event: 'poll failed', kind: 'conflict', waitMs: 1 })
  note({ event: 'webhook refused', status: 401 })
  note({ event: 'store away' })
  const text = await metrics.text()
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
  expect(metrics.table()).toContain('| `memoranda_inbox_waiting` | gauge | Updates that are stored and not done |')
})

test('startOperations() serves metrics, health and readiness, and nothing else', async () => {
  let isReady = true
  const metrics = createMetrics()
  metrics.counter('a_total', 'Things')
  const server = await startOperations({ host: '127.0.0.1', port: 0, metrics, isReady: async () => isReady })
  stop = server.stop
  const get = (path: string, method = 'GET') => fetch(`http://127.0.0.1:${server.port}${path}`, { method })
  const answer = await get('/metrics')
  expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
  expect(await answer.text()).toContain('a_total 0')
  expect((await get('/health')).status).toBe(200)
  expect((await get('/ready')).status).toBe(200)
  isReady = false
  expect((await get('/ready')).status).toBe(503)
  expect((await get('/')).status).toBe(404)
  expect((await get('/metrics', 'POST')).status).toBe(404)
})
