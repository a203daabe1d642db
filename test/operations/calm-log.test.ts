import { expect, test } from 'vitest'
import { calmLog } from '../../src/operations/calm-log.ts'
import type { LogEvent } from '../../src/operations/log.ts'

const refused = (status: number): LogEvent & { readonly status: number } => ({ event: 'webhook refused', status })

test('calmLog() writes the first of each kind, then one a minute with the number of those left out', () => {
  let now = 0
  const written: LogEvent[] = []
  const log = calmLog((event) => written.push(event), { repetitive: { 'webhook refused': ['status'] }, now: () => now })
  for (let second = 0; second < 60; second += 1) {
    log(refused(401))
    log(refused(404))
    now += 1000
  }
  expect(written).toEqual([refused(401), refused(404)])
  log(refused(401))
  now += 60_000
  log(refused(401))
  expect(written.slice(2)).toEqual([{ ...refused(401), leftOut: 59 }, refused(401)])
})

test('other events pass, also those whose names every object knows', () => {
  const written: LogEvent[] = []
  const log = calmLog((event) => written.push(event), { repetitive: { a: [] }, now: () => 0 })
  const events = ['a', 'a', 'b', 'b', 'constructor', '__proto__'].map((event) => ({ event }))
  for (const event of events) log(event)
  expect(written.map(({ event }) => event)).toEqual(['a', 'b', 'b', 'constructor', '__proto__'])
})

test('ever new kinds do not fill the memory: they are forgotten, and written anew', () => {
  const written: LogEvent[] = []
  const log = calmLog((event) => written.push(event), { repetitive: { 'webhook refused': ['status'] }, now: () => 0 })
  for (let status = 0; status < 1000; status += 1) log(refused(status))
  log(refused(0))
  expect(written).toHaveLength(1001)
})
