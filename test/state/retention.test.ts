import { expect, test } from 'vitest'
import { keptFor, retention, retentionTable } from '../../src/state/retention.ts'

test('the table names every kind of thing that is kept, one row each, with its time in words', () => {
  const rows = retentionTable().split('\n').slice(2)
  expect(rows).toHaveLength(Object.keys(retention).length)
  expect(rows.every((row) => row.split('|').length === 6)).toBe(true)
  expect(rows).toContain(
    '| Messages and button presses that are not answered yet; after a day only who asked where and when | So that none is lost when the service stops or fails, and nobody waits for an answer that will not come | 8 days | The answer, as a rule within a second |',
  )
  expect(keptFor('questions')).toBe('30 days')
  expect(keptFor('permissions')).toBe('until removed')
})

test('what may hold words of people has an end', () => {
  for (const name of ['inbox', 'sent', 'questions'] as const) expect(retention[name].keptMs).toBeGreaterThan(0)
})
