import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { evaluate, type Figures, figuresOf, readQuestions } from '../../src/evaluation/figures.ts'
import { openRoom } from '../answer/room.ts'
import { crossedFloors, floorsFile } from './floors.ts'

test('the figures of the development questions keep to their floors, and every quotation is verbatim', async () => {
  const { set, floors } = floorsFile.parse(JSON.parse(await readFile('test/evaluation/floors.json', 'utf8')))
  const { assistant, retrieval } = await openRoom()
  const outcomes = await evaluate(assistant, retrieval.library, await readQuestions(set))
  expect(crossedFloors(figuresOf(outcomes), floors)).toEqual([])
  expect(outcomes.filter(({ notVerbatim }) => notVerbatim > 0)).toEqual([])
})

const figure = (mean: number) => ({ mean, count: 10, low: mean, high: mean })
const figures = new Map<string, Figures>([
  ['all', { questions: 10, recall1: figure(0.9), falselyRefused: figure(0.02) }],
])

test('crossedFloors() names each figure below its floor or above its ceiling', () => {
  expect(crossedFloors(figures, { all: { recall1: 0.9, falselyRefused: 0.02 } })).toEqual([])
  expect(crossedFloors(figures, { all: { recall1: 0.91, falselyRefused: 0.01 } })).toEqual([
    'all: recall1 is 0.9000, the floor is 0.91',
    'all: falselyRefused is 0.0200, the ceiling is 0.01',
  ])
})

test('crossedFloors() takes what was not measured for a fault', () => {
  expect(crossedFloors(figures, { all: { hit3: 0.1 }, english: { hit3: 0.1 } })).toEqual([
    'all: hit3 was not measured',
    'english: hit3 was not measured',
  ])
})

test.each([
  { set: 'a', floors: { all: { recall: 1 } } },
  { set: 'a', floors: { all: { recall1: 1.1 } } },
  { floors: {} },
])('a floors file like %j is refused', (file) => {
  expect(floorsFile.safeParse(file).success).toBe(false)
})
