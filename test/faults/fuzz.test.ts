import { expect, test } from 'vitest'
import { fuzz } from './fuzzing.ts'

test('two thousand updates of any JSON shape are handled, dropped or given up, and the bot goes on', async () => {
  const { handled, dropped, givenUp, waiting, statuses } = await fuzz(2000, 1)
  expect(waiting).toBe(0)
  expect(handled).toBeGreaterThan(1000)
  expect(dropped).toBeGreaterThan(10)
  // Ids that were replaced by others are the ones that are missing here: an id is taken once.
  expect(handled + dropped + givenUp).toBeGreaterThan(1900)
  expect(Object.keys(statuses).every((status) => ['200', '400'].includes(status))).toBe(true)
})
