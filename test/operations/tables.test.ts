import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { graver } from '../../src/operations/log.ts'
import { createServiceMetrics } from '../../src/operations/service-metrics.ts'
import { retentionTable } from '../../src/state/retention.ts'

const page = readFileSync('README.md', 'utf8')

test('the README shows the table of retention that the store goes by', () => {
  expect(page).toContain(retentionTable())
})

test('the README names every metric, with its meaning', () => {
  const { metrics } = createServiceMetrics({
    ready: async () => true,
    waiting: async () => 0,
    running: () => 0,
    queued: () => 0,
    silentSeconds: () => 0,
  })
  const rows = metrics.getMetricsAsArray().map(({ name, type, help }) => `| \`${name}\` | ${type} | ${help} |`)
  expect(page).toContain(['| Metric | Type | Meaning |', '|---|---|---|', ...rows, ''].join('\n'))
})

test('the README says what every warning and every error of the log means', () => {
  const night = page.slice(page.indexOf('### At 3 a.m.'), page.indexOf('### Running it'))
  const rows = [...night.matchAll(/^\| (?<lines>`[a-z ]+`(?:, `[a-z ]+`)*) \| .+ \| .+ \|$/gmu)].flatMap(({ groups }) =>
    (groups?.lines ?? '').split(', ').map((line) => line.replaceAll('`', '')),
  )
  expect(new Set(rows)).toEqual(new Set(Object.keys(graver)))
})
