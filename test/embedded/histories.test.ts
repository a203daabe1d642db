import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { seededRandom } from '../standin/random.ts'
import { fastFolder, killWriters, ordinaryFile, runHistory, runOldHistory, startDamaged } from './histories.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(fastFolder(), 'histories-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

test('any history of changes, stops, starts and kills ends in a start with all that was confirmed', {
  timeout: 120_000,
}, async () => {
  for (let seed = 1; seed <= 40; seed += 1)
    expect([seed, await runHistory(join(folder, 'life'), seededRandom(seed))]).toEqual([seed, undefined])
})

test('files that format 1 wrote are whole at every moment', { timeout: 120_000 }, async () => {
  for (let seed = 1; seed <= 40; seed += 1)
    expect([seed, await runOldHistory(join(folder, 'old'), seededRandom(seed))]).toEqual([seed, undefined])
})

test('a process that is killed while it writes lost nothing that it confirmed', { timeout: 120_000 }, async () => {
  const { confirmed, wrong } = await killWriters(join(folder, 'killed'), 3, seededRandom(1))
  expect(wrong).toEqual([])
  expect(confirmed).toBeGreaterThan(0)
})

test('damage of any kind is named with what to do, or harms nothing', { timeout: 120_000 }, async () => {
  const random = seededRandom(1)
  const file = await ordinaryFile(join(folder, 'ordinary'), random)
  const outcomes = new Map<string, number>()
  for (let count = 0; count < 150; count += 1) {
    const outcome = await startDamaged(file, join(folder, 'damaged'), random)
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
  }
  expect([...outcomes.keys()].toSorted()).toEqual(['named', 'unharmed'])
  expect(outcomes.get('named')).toBeGreaterThan(40)
})
