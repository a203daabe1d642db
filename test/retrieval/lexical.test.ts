import { describe, expect, test } from 'vitest'
import type { Bridged } from '../../src/retrieval/bridge.ts'
import { bestOf } from '../../src/retrieval/candidates.ts'
import { createCoverage, lacking, type Slot, slotsOf } from '../../src/retrieval/lexical.ts'
import { buildPostings, eachDocument, inverseDocumentFrequency } from '../../src/retrieval/postings.ts'
import { fold } from '../../src/text/fold.ts'

const documents = ['青年实习计划', '青年交流', '中医药检测中心', 'youth internship']
const postings = buildPostings(documents)
const coverage = createCoverage(postings)

const saturation = (term: string, wanted: number) => {
  let found = 0
  eachDocument(postings, term, (document, value) => {
    if (document === wanted) found = value
  })
  return found
}
const idf = (term: string) => inverseDocumentFrequency(postings, term)
const scoresOf = (slots: readonly Slot[]) => [...coverage(slots).of]

const bridged = (
  folded: string,
  word: string,
  terms: readonly string[],
  source: Bridged['source'] = 'terms',
): Bridged => ({
  word,
  start: folded.indexOf(word),
  end: folded.indexOf(word) + word.length,
  terms,
  source,
  kind: 'everyday',
})

describe('slotsOf()', () => {
  test('makes a slot of each remaining term, each once, weighed by how telling it is', () => {
    expect(slotsOf('青年青年', [], postings)).toEqual([
      { weight: idf('青年'), wordings: [{ terms: ['青年'], strength: 1 }] },
      { weight: idf('年青'), wordings: [{ terms: ['年青'], strength: 1 }] },
    ])
  })

  test("keeps the wordings of a bridged word in one slot, the asker's own word first, later terms weaker", () => {
    const folded = fold('後生仔交流')
    const [slot, ...rest] = slotsOf(folded, [bridged(folded, '后生仔', ['青年', '青年交流'])], postings)
    expect(slot?.wordings).toEqual([
      { terms: ['后生', '生仔'], strength: 1 },
      { terms: ['青年'], strength: 0.85 },
      { terms: ['青年', '年交', '交流'], strength: 0.85 * 0.95 },
    ])
    expect(rest.map(({ wordings }) => wordings[0]?.terms)).toEqual([['交流']])
  })

  test('trusts the dictionary less than the reviewed list', () => {
    const [slot] = slotsOf('youth', [bridged('youth', 'youth', ['青年'], 'dictionary')], postings)
    expect(slot?.wordings[1]?.strength).toBe(0.6)
  })

  test('gives a word that no document has its weight all the same', () => {
    const [slot] = slotsOf('熊猫', [], postings)
    expect(slot?.weight).toBeGreaterThan(idf('青年'))
  })

  test('of an empty question makes none', () => {
    expect(slotsOf('', [], postings)).toEqual([])
  })
})

describe('createCoverage()', () => {
  test("is the share of the slots' weight, each slot saturated", () => {
    const total = idf('青年') + idf('年交') + idf('交流')
    const [first, second, third, fourth] = scoresOf(slotsOf('青年交流', [], postings))
    expect(first).toBeCloseTo((idf('青年') * saturation('青年', 0)) / total, 12)
    expect(second).toBeCloseTo(
      (idf('青年') * saturation('青年', 1) +
        idf('年交') * saturation('年交', 1) +
        idf('交流') * saturation('交流', 1)) /
        total,
      12,
    )
    expect([third, fourth]).toEqual([0, 0])
  })

  test('takes the best wording of a slot, not their sum', () => {
    const either: Slot = {
      weight: 1,
      wordings: [
        { terms: ['青年'], strength: 1 },
        { terms: ['交流'], strength: 0.5 },
      ],
    }
    expect(scoresOf([either])[1]).toBeCloseTo(saturation('青年', 1), 12)
  })

  test('counts half of a phrase as less than half', () => {
    const phrase: Slot = { weight: 1, wordings: [{ terms: ['青年', '年实'], strength: 1 }] }
    const half = (idf('青年') / (idf('青年') + idf('年实'))) * saturation('青年', 1)
    expect(scoresOf([phrase])[1]).toBeCloseTo(half ** 1.5, 12)
  })

  test('names the documents that meet anything, and no other', () => {
    const { documents: met } = coverage(slotsOf('青年', [], postings))
    expect([...met].sort()).toEqual([0, 1])
    expect([...coverage([]).documents]).toEqual([])
    expect([...coverage(slotsOf('熊猫', [], postings)).documents]).toEqual([])
  })

  test('stays between 0 and 1', () => {
    for (const score of scoresOf(slotsOf('青年实习计划交流中医药 youth internship', [], postings))) {
      expect(score).toBeGreaterThanOrEqual(0)
      expect(score).toBeLessThanOrEqual(1)
    }
  })
})

describe('lacking()', () => {
  test('is nothing for a document that has every word, and all for one that has none', () => {
    const slots = slotsOf('青年交流', [], postings)
    expect(lacking(slots, 1, [postings])).toEqual({ total: 0, most: 0, known: 0 })
    const none = lacking(slots, 2, [postings])
    expect(none.total).toBeCloseTo(1, 12)
    expect(none.known).toBeCloseTo(1, 12)
    expect(none.most).toBeCloseTo(Math.max(idf('青年'), idf('年交')) / (idf('青年') + idf('年交') + idf('交流')), 12)
  })

  test('does not count words that no document has as known', () => {
    expect(lacking(slotsOf('熊猫', [], postings), 0, [postings])).toEqual({ total: 1, most: 1, known: 0 })
  })

  test('is content with a word in either leg', () => {
    const other = buildPostings(['', '', '青年', ''])
    expect(lacking(slotsOf('青年', [], postings), 2, [postings, other]).total).toBe(0)
  })
})

describe('bestOf()', () => {
  const scores = { of: Float64Array.of(0.1, 0.5, 0, 0.5, 0.9, 0.3), documents: Int32Array.of(5, 3, 0, 4, 1) }

  test('gives the best of those accepted, best first, equal ones in the order of the documents', () => {
    expect(bestOf(scores, 3, () => true)).toEqual([4, 1, 3])
    expect(bestOf(scores, 99, () => true)).toEqual([4, 1, 3, 5, 0])
    expect(bestOf(scores, 2, (document) => document !== 4)).toEqual([1, 3])
    expect(bestOf(scores, 1, () => false)).toEqual([])
  })

  test('equals sorting everything', () => {
    const of = Float64Array.from({ length: 300 }, (_, i) => ((i * 7919) % 31) / 31)
    const all = Int32Array.from(of.keys())
    const sorted = [...all].sort((a, b) => (of[b] as number) - (of[a] as number) || a - b)
    for (const count of [1, 2, 7, 50, 299, 300])
      expect(bestOf({ of, documents: all }, count, () => true)).toEqual(sorted.slice(0, count))
  })
})
