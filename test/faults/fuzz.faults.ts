import { expect, test } from 'vitest'
import { fuzz } from './fuzzing.ts'

test('a hundred thousand updates of any JSON shape do not end the process', async () => {
  const { handled, dropped, givenUp, waiting, statuses } = await fuzz(100_000, 20261121)
  console.log(`handled ${handled}, dropped ${dropped}, given up ${givenUp}, webhook ${JSON.stringify(statuses)}`)
  expect(waiting).toBe(0)
  expect(handled).toBeGreaterThan(50_000)
  expect(Object.keys(statuses).every((status) => ['200', '400'].includes(status))).toBe(true)
})
