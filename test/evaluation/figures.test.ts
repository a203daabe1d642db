import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import {
  type EvaluationQuestion,
  figuresOf,
  ndcg,
  outcomeOf,
  quantile,
  readQuestions,
} from '../../src/evaluation/figures.ts'
import { type Library, loadLibrary } from '../../src/memorandum/library.ts'
import type { Answer } from '../../src/model/answer.ts'

let library: Library
beforeAll(async () => {
  library = await loadLibrary('corpus')
})

const [a, b, c, d] = ['sichuan-2018/5.1', 'sichuan-2018/5.2', 'sichuan-2018/5.3', 'sichuan-2018/7.4'] as const

const asked = (
  relevant: Readonly<Record<string, 1 | 2>>,
  rest: Partial<EvaluationQuestion> = {},
): EvaluationQuestion => ({
  id: 'q',
  query: '?',
  lang: '',
  type: 'fact',
  relevant: Object.entries(relevant).map(([id, grade]) => ({ id, grade })),
  ...rest,
})

const understood = { provinces: [], excluded: [], bridged: [] }
const quotation = (id: string, quote = library.byId.get(id)?.text ?? '') => ({
  id,
  citation: '',
  quote,
  highlights: [],
})
const found = (...ids: readonly string[]): Answer => ({
  kind: 'found',
  related: 0,
  understood,
  hits: ids.map((id) => ({ id, score: 1 })),
  passages: ids.slice(0, 3).map((id) => quotation(id)),
})
const refused: Answer = {
  kind: 'missing',
  reason: { kind: 'topic' },
  searched: { memoranda: 5, measures: 207, provinces: [] },
  nearest: [],
  understood,
  hits: [],
  passages: [],
}

test('ndcg() is 1 for the ideal order, and by hand for another', () => {
  const grades = new Map([
    [a, 2],
    [b, 1],
  ])
  expect(ndcg([a, b], grades)).toBe(1)
  expect(ndcg([b, a], grades)).toBeCloseTo((1 + 3 / Math.log2(3)) / (3 + 1 / Math.log2(3)), 12)
  expect(ndcg([c, d], grades)).toBe(0)
  expect(ndcg([...Array(10).fill(c), a], grades)).toBe(0)
})

describe('outcomeOf()', () => {
  const outcome = (question: EvaluationQuestion, answer: Answer) => outcomeOf(question, answer, library, 1)

  test('judges the order of the hits against the clauses that answer squarely', () => {
    expect(outcome(asked({ [a]: 2, [b]: 1 }), found(b, a, c))).toMatchObject({
      recall1: 0,
      hit3: 1,
      recall5: 1,
      reciprocalRank: 0.5,
      falselyRefused: 0,
      refused: undefined,
    })
    expect(outcome(asked({ [a]: 2, [c]: 2 }), found(a, b, d, c))).toMatchObject({ recall1: 1, hit3: 1, recall5: 1 })
    expect(outcome(asked({ [a]: 2, [c]: 2 }), found(a, b))).toMatchObject({ recall1: 1, recall5: 0.5 })
    expect(outcome(asked({ [d]: 2 }), found(a, b, c, d))).toMatchObject({
      recall1: 0,
      hit3: 0,
      recall5: 1,
      reciprocalRank: 0.25,
    })
  })

  test('takes a refusal of an answerable question for a miss', () => {
    expect(outcome(asked({ [a]: 2 }), refused)).toMatchObject({
      recall1: 0,
      hit3: 0,
      recall5: 0,
      ndcg10: 0,
      falselyRefused: 1,
    })
  })

  test('asks of an unanswerable question nothing but a refusal', () => {
    const question = asked({}, { expectAbstain: true })
    expect(outcome(question, refused)).toMatchObject({
      refused: 1,
      recall1: undefined,
      hit3: undefined,
      falselyRefused: undefined,
    })
    expect(outcome(question, found(a))).toMatchObject({ refused: 0 })
  })

  test("looks for the answer's words in the first three quotations, white space aside", () => {
    const words = `${library.byId.get(a)?.text.slice(0, 6)} ${library.byId.get(a)?.text.slice(6, 12)}`
    expect(outcome(asked({ [a]: 2 }, { answerSpan: words }), found(b, c, a))).toMatchObject({ span: 1 })
    expect(outcome(asked({ [a]: 2 }, { answerSpan: words }), found(b, c, d, a))).toMatchObject({ span: 0 })
  })

  test('wants a list to be exact', () => {
    const list = (...ids: readonly string[]): Answer =>
      ({ ...found(...ids), kind: 'list', asked: 'measures', criterion: '', provinces: [] }) as Answer
    expect(outcome(asked({ [a]: 2, [b]: 2, [c]: 1 }), list(b, a))).toMatchObject({ exactSet: 1 })
    expect(outcome(asked({ [a]: 2, [b]: 2, [c]: 1 }), list(b, a, c))).toMatchObject({ exactSet: 1 })
    expect(outcome(asked({ [a]: 2, [b]: 2 }), list(a))).toMatchObject({ exactSet: 0 })
    expect(outcome(asked({ [a]: 2 }), list(a, d))).toMatchObject({ exactSet: 0 })
  })

  test('counts quotations that differ from the corpus by one character', () => {
    const answer = found(a, b)
    expect(outcome(asked({ [a]: 2 }), answer).notVerbatim).toBe(0)
    expect(
      outcome(asked({ [a]: 2 }), { ...answer, passages: [quotation(a, `${library.byId.get(a)?.text} `), quotation(b)] })
        .notVerbatim,
    ).toBe(1)
  })
})

test('figuresOf() gives means by type and over all, with an interval that is the same on every run', () => {
  const outcomes = [
    outcomeOf(asked({ [a]: 2 }), found(a), library, 1),
    outcomeOf(asked({ [a]: 2 }), found(b, a), library, 1),
    outcomeOf(asked({ [a]: 2 }, { type: 'english' }), refused, library, 1),
    outcomeOf(asked({}, { type: 'unanswerable', expectAbstain: true }), refused, library, 1),
  ]
  const figures = figuresOf(outcomes)
  expect([...figures.keys()]).toEqual(['all', 'fact', 'english', 'unanswerable'])
  expect(figures.get('all')).toMatchObject({
    questions: 4,
    recall1: { mean: 1 / 3, count: 3 },
    hit3: { mean: 2 / 3 },
    refused: { mean: 1, count: 1 },
    falselyRefused: { mean: 1 / 3 },
  })
  expect(figures.get('fact')).toMatchObject({ recall1: { mean: 0.5 }, reciprocalRank: { mean: 0.75 } })
  expect(figures.get('unanswerable')).not.toHaveProperty('recall1')
  const { low = 1, high = 0 } = figures.get('all')?.hit3 ?? {}
  expect(low).toBeLessThan(2 / 3)
  expect(high).toBeGreaterThan(2 / 3)
  expect(figuresOf(outcomes)).toEqual(figures)
})

test('quantile() takes the value that a share of the others lies below', () => {
  expect([0, 0.5, 0.95].map((share) => quantile([5, 1, 4, 2, 3], share))).toEqual([1, 3, 5])
  expect(quantile([], 0.5)).toBe(0)
})

test('readQuestions() names file and line of what is no question', async () => {
  const file = join(await mkdtemp(join(tmpdir(), 'questions-')), 'set.jsonl')
  await writeFile(file, '{"id":"1","query":"a","type":"fact"}\n\n{"id":"2","type":"fact"}\n')
  await expect(readQuestions(file)).rejects.toThrow(`${file}:2: no evaluation question`)
})
