import { beforeAll, describe, expect, test } from 'vitest'
import { exhaustiveAgreement } from '../../src/evaluation/bench.ts'
import { syntheticLibrary } from '../../src/evaluation/synthetic.ts'
import { breadthFor } from '../../src/retrieval/candidates.ts'
import { buildIndex, type RetrievalIndex } from '../../src/retrieval/index-folder.ts'
import { passagesOf } from '../../src/retrieval/passages.ts'
import { combine, fittedWeights, prepare, type Retrieval, rank, rankCandidates } from '../../src/retrieval/search.ts'
import { fold } from '../../src/text/fold.ts'
import { loadSmall, type Small } from './small.ts'

let small: Small
let retrieval: Retrieval

beforeAll(async () => {
  small = await loadSmall('sichuan-2018', 'fujian-2023')
  retrieval = { ...small, index: await buildIndex(small.library, small.encoder) }
})

const prepared = (question: string, own: Retrieval = retrieval) =>
  prepare(own, { subject: fold(question), inFull: fold(question) })
const options = { limit: 10, weights: fittedWeights }

describe('rank()', () => {
  test.each([
    ['青年實習', 'sichuan-2018/5.1'],
    ['災後重建管理學院', 'sichuan-2018/7.4'],
    ['中醫藥檢測', 'sichuan-2018/8.1'],
    ['广东话', undefined],
  ])('%s', async (question, id) => {
    const ids = rank(retrieval, await prepared(question), options).map(({ unit }) => small.library.units[unit]?.id)
    expect(ids).toHaveLength(10)
    expect(new Set(ids).size).toBe(10)
    if (id !== undefined) expect(ids.slice(0, 3)).toContain(id)
  })

  test('gives hits best first, each with the score that its features combine to', async () => {
    const hits = rank(retrieval, await prepared('青年交流'), options)
    for (const { features, score } of hits) expect(score).toBe(combine(features, fittedWeights))
    const scores = hits.map(({ score }) => score)
    expect(scores).toEqual([...scores].sort((a, b) => b - a))
  })

  test('ranks a question alike whether it was ranked before or not, filtered or not', async () => {
    const once = await prepared('青年交流')
    const fujian = (unit: number) => small.library.units[unit]?.memorandum.id === 'fujian-2023'
    const everywhere = rank(retrieval, once, options)
    const filtered = rank(retrieval, once, { ...options, accept: fujian })
    expect(filtered.length).toBeGreaterThan(0)
    expect(filtered.every(({ unit }) => fujian(unit))).toBe(true)
    expect(rank(retrieval, await prepared('青年交流'), { ...options, accept: fujian })).toEqual(filtered)
    expect(rank(retrieval, once, options)).toEqual(everywhere)
  })

  test('accepting nothing gives nothing', async () => {
    expect(rank(retrieval, await prepared('青年'), { ...options, accept: () => false })).toEqual([])
  })

  test('of a few clauses equals scoring every one of them', async () => {
    const narrow = (unit: number) => unit < 20
    for (const question of ['青年實習', 'panda', '金融']) {
      const own = await prepared(question)
      expect(rank(retrieval, own, { ...options, accept: narrow })).toEqual(
        rankCandidates(
          own,
          Array.from({ length: 20 }, (_, unit) => unit),
          breadthFor(small.library.units.length),
          options,
        ),
      )
    }
  })
})

test('prepare() finds nothing outside where there are no outside topics', async () => {
  expect((await prepared('天氣')).nearestOutside()).toBeUndefined()
})

describe('among two thousand synthetic clauses', () => {
  let index: RetrievalIndex
  let library: Small['library']
  beforeAll(async () => {
    library = syntheticLibrary(small.library, 2000)
    index = await buildIndex(library, small.encoder)
  })

  test('the first ten are those of an exhaustive run of the same scoring', async () => {
    const { mean, questions } = await exhaustiveAgreement({ ...small, library, index }, [
      '青年實習',
      '四川的金融合作',
      '中醫藥 檢測',
      'cultural exchange',
      '福建 海洋經濟',
      '知識產權保護',
    ])
    expect(questions).toBe(6)
    expect(mean).toBeGreaterThanOrEqual(0.95)
  })

  test('the same seed gives the same clauses, another seed others, and ids are unique', () => {
    expect(syntheticLibrary(small.library, 2000).units.map(({ text }) => text)).toEqual(
      library.units.map(({ text }) => text),
    )
    expect(syntheticLibrary(small.library, 2000, 2).units.map(({ text }) => text)).not.toEqual(
      library.units.map(({ text }) => text),
    )
    expect(library.units.filter(({ kind }) => kind === 'measure')).toHaveLength(2000)
    expect(library.byId.size).toBe(library.units.length)
  })

  test('passages of a unit stand together, its whole text first', () => {
    const starts = new Map<number, string>()
    let last = 0
    for (const { unit, from } of passagesOf(library)) {
      expect(unit).toBeGreaterThanOrEqual(last)
      last = unit
      if (!starts.has(unit)) starts.set(unit, from)
    }
    for (let unit = 0; unit < library.units.length; unit += 1) expect(starts.get(unit)).toBe('text')
  })
})

test('breadthFor() grows with the corpus, within bounds', () => {
  expect(breadthFor(216)).toEqual({ lexical: 100, dense: 100, reranked: 24 })
  expect(breadthFor(1_000_000)).toEqual(breadthFor(100_000))
  expect(breadthFor(100_000).reranked).toBeLessThan(1000)
})
