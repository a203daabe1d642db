import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import {
  fastFolder,
  killWriters,
  ordinaryFile,
  runHistory,
  runOldHistory,
  startDamaged,
} from '../embedded/histories.ts'
import { seededRandom } from '../standin/random.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(fastFolder(), 'state-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const histories = 10_000

test('10,000 histories of changes, stops, starts and kills: no false alarm, nothing lost', async () => {
  const wrong: string[] = []
  for (let seed = 1; seed <= histories; seed += 1) {
    const outcome = await runHistory(join(folder, 'life'), seededRandom(20_260_000 + seed))
    if (outcome !== undefined) wrong.push(`${seed}: ${outcome}`)
  }
  console.log(`${histories} histories: ${wrong.length} ended wrong`)
  expect(wrong).toEqual([])
})

test('10,000 histories of files that format 1 wrote: no false alarm', async () => {
  const wrong: string[] = []
  for (let seed = 1; seed <= histories; seed += 1) {
    const outcome = await runOldHistory(join(folder, 'old'), seededRandom(20_260_000 + seed))
    if (outcome !== undefined) wrong.push(`${seed}: ${outcome}`)
  }
  console.log(`${histories} histories of format 1: ${wrong.length} ended wrong`)
  expect(wrong).toEqual([])
})

test('100 kills of a process that writes without pause lose nothing that it confirmed', async () => {
  const { confirmed, wrong } = await killWriters(join(folder, 'killed'), 100, seededRandom(7))
  console.log(`100 kills, ${confirmed} confirmed: ${wrong.length} ended wrong`)
  expect(wrong).toEqual([])
  expect(confirmed).toBeGreaterThan(1000)
})

test('damage of any kind is named with what to do, or harms nothing', async () => {
  const outcomes = new Map<string, number>()
  for (let seed = 1; seed <= 20; seed += 1) {
    const random = seededRandom(seed)
    const file = await ordinaryFile(join(folder, 'ordinary'), random)
    for (let count = 0; count < 250; count += 1) {
      const outcome = await startDamaged(file, join(folder, 'damaged'), random)
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
    }
  }
  console.log([...outcomes].map(([outcome, count]) => `${outcome} ${count}`).join(', '))
  expect([...outcomes.keys()].toSorted()).toEqual(['named', 'unharmed'])
})
