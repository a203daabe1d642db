import { expect, test } from 'vitest'
import { createOutage } from '../../src/state/outage.ts'
import type { StoreEvent } from '../../src/state/store.ts'

function start() {
  const events: StoreEvent[] = []
  let now = 1000
  const outage = createOutage(
    (event) => events.push(event),
    () => now,
  )
  const pass = (seconds: number) => (now += seconds * 1000)
  return { events, outage, pass }
}

test('an outage is said at once, then once a minute however often something fails, then its end', () => {
  const { events, outage, pass } = start()
  for (let third = 0; third < 3 * 130; third += 1) {
    outage.failed('OOM')
    pass(1 / 3)
  }
  pass(10)
  outage.worked()
  expect(events).toEqual([
    { event: 'store away', reason: 'OOM' },
    { event: 'store still away', reason: 'OOM', seconds: 60 },
    { event: 'store still away', reason: 'OOM', seconds: 120 },
    { event: 'store back', seconds: 140 },
  ])
})

test('a new reason is said at once, and no reason twice within a minute', () => {
  const { events, outage, pass } = start()
  for (const reason of [
    'connection lost',
    'connection refused',
    'connection lost',
    'LOADING',
    'connection refused',
  ] as const) {
    outage.failed(reason)
    pass(1)
  }
  expect(outage.reason).toBe('connection refused')
  outage.over()
  expect(outage.reason).toBeUndefined()
  expect(events.map((event) => ('reason' in event ? event.reason : event.event))).toEqual([
    'connection lost',
    'connection refused',
    'LOADING',
    'store back',
  ])
})

test('while small changes pass and large ones fail the outage goes on', () => {
  const { events, outage, pass } = start()
  for (let count = 0; count < 30; count += 1) {
    outage.failed('no space')
    pass(1)
    outage.worked()
  }
  expect(events).toEqual([{ event: 'store away', reason: 'no space' }])
  pass(9)
  outage.worked()
  outage.worked()
  expect(events.slice(1)).toEqual([{ event: 'store back', seconds: 39 }])
})

test('nothing is said of what works, and of an end without a beginning', () => {
  const { events, outage } = start()
  outage.worked()
  outage.over()
  expect(events).toEqual([])
})
