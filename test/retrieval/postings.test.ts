import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  buildPostings,
  decodePostings,
  documentFrequency,
  eachDocument,
  encodePostings,
  holds,
  inverseDocumentFrequency,
  type Postings,
} from '../../src/retrieval/postings.ts'
import { searchTerms } from '../../src/text/terms.ts'

/** The same index as nobody would build it: a map from each term to a map from documents to counts. */
function plainIndex(documents: readonly string[]): Map<string, Map<number, number>> {
  const index = new Map<string, Map<number, number>>()
  documents.forEach((text, document) => {
    for (const term of searchTerms(text)) {
      const counts = index.get(term) ?? new Map<number, number>()
      counts.set(document, (counts.get(document) ?? 0) + 1)
      index.set(term, counts)
    }
  })
  return index
}

const saturations = (postings: Postings, term: string) => {
  const found: [number, number][] = []
  eachDocument(postings, term, (document, saturation) => found.push([document, saturation]))
  return found
}

const text = fc.string({
  unit: fc.constantFrom('青', '年', '实', '习', '交', '流', ' ', ',', 'a', 'b', '7'),
  maxLength: 30,
})
const documents = fc.array(text, { maxLength: 8 })

describe('buildPostings()', () => {
  test('holds what a plain map holds, documents in order', () => {
    fc.assert(
      fc.property(documents, (list) => {
        const postings = buildPostings(list)
        const plain = plainIndex(list)
        expect([...postings.terms.keys()]).toEqual([...plain.keys()].sort())
        for (const [term, counts] of plain) {
          expect(documentFrequency(postings, term)).toBe(counts.size)
          expect(saturations(postings, term).map(([document]) => document)).toEqual([...counts.keys()])
          for (const document of list.keys()) expect(holds(postings, term, document)).toBe(counts.has(document))
          const at = postings.terms.get(term) as number
          expect([...postings.counts.subarray(postings.starts[at], postings.starts[at + 1])]).toEqual([
            ...counts.values(),
          ])
        }
        expect([...postings.lengths]).toEqual(list.map((document) => searchTerms(document).length))
      }),
    )
  })

  test('of nothing holds nothing', () => {
    const postings = buildPostings([])
    expect(documentFrequency(postings, '青年')).toBe(0)
    expect(saturations(postings, '青年')).toEqual([])
    expect(holds(postings, '青年', 0)).toBe(false)
  })
})

describe('BM25 on three documents, by hand', () => {
  // Terms: 青年 年实 实习 | 青年 年青 青年 | 交流. Lengths 3, 3, 1; average 7/3.
  const postings = buildPostings(['青年实习', '青年青年', '交流'])

  test('inverseDocumentFrequency() is ln(1 + (N − n + ½)/(n + ½))', () => {
    expect(inverseDocumentFrequency(postings, '青年')).toBeCloseTo(Math.log(1 + 1.5 / 2.5), 12)
    expect(inverseDocumentFrequency(postings, '交流')).toBeCloseTo(Math.log(1 + 2.5 / 1.5), 12)
    // A term that no document holds is the most telling of all.
    expect(inverseDocumentFrequency(postings, '熊猫')).toBeCloseTo(Math.log(1 + 3.5 / 0.5), 12)
  })

  test('eachDocument() gives tf / (tf + k1·(1 − b + b·length/average)) with k1 = 1.2 and b = 0.6', () => {
    const long = 1.2 * (0.4 + (0.6 * 3) / (7 / 3))
    expect(saturations(postings, '青年')).toEqual([
      [0, expect.closeTo(1 / (1 + long), 12)],
      [1, expect.closeTo(2 / (2 + long), 12)],
    ])
    expect(saturations(postings, '交流')).toEqual([[2, expect.closeTo(1 / (1 + 1.2 * (0.4 + 0.6 / (7 / 3))), 12)]])
  })

  test('a second occurrence counts less than the first', () => {
    const [once, twice] = saturations(postings, '青年').map(([, saturation]) => saturation) as [number, number]
    expect(twice).toBeGreaterThan(once)
    expect(twice).toBeLessThan(2 * once)
  })
})

describe('encodePostings() and decodePostings()', () => {
  test('round trip', () => {
    fc.assert(
      fc.property(documents, (list) => {
        const postings = buildPostings(list)
        expect(decodePostings(encodePostings(postings))).toEqual(postings)
      }),
    )
  })

  test('bytes cut short are refused', () => {
    const bytes = encodePostings(buildPostings(['青年实习', 'youth exchange']))
    for (let length = 0; length < bytes.length; length += 1)
      expect(() => decodePostings(Buffer.from(bytes.subarray(0, length)))).toThrow()
  })
})
