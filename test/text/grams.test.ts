import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { indexGrams } from '../../src/text/grams.ts'

const words = fc.string({ unit: fc.constantFrom('青', '年', '實', '習', 'a', 'b', '😀'), maxLength: 12 })

describe.each([2, 3] as const)('indexGrams() of %i units', (size) => {
  test('names every text that holds the rarest gram of a piece, in order, each once', () => {
    fc.assert(
      fc.property(fc.array(words, { maxLength: 8 }), words, (texts, piece) => {
        const index = indexGrams(texts, size)
        const bucket = index.rarestBucket(piece)
        expect(bucket === undefined).toBe(piece.length < size)
        if (bucket === undefined) return
        const named = [...index.texts(bucket)]
        expect(named).toEqual([...new Set(named)].sort((a, b) => a - b))
        expect(named).toHaveLength(index.count(bucket))
        for (const [at, text] of texts.entries()) if (text.includes(piece)) expect(named).toContain(at)
      }),
    )
  })

  test('finds the texts of every gram that they hold', () => {
    fc.assert(
      fc.property(fc.array(words, { maxLength: 8 }), (texts) => {
        const index = indexGrams(texts, size)
        for (const [number, text] of texts.entries())
          for (let at = 0; at + size <= text.length; at += 1)
            expect([...index.texts(index.bucketAt(text, at))]).toContain(number)
      }),
    )
  })
})

test('indexGrams() leaves out the texts without the rarest pair', () => {
  const index = indexGrams(['青年實習', '青年交流', '中醫藥'], 2)
  const texts = (piece: string) => [...index.texts(index.rarestBucket(piece) ?? -1)]
  expect(texts('青年')).toEqual([0, 1])
  expect(texts('青年實習')).toEqual([0])
  expect(texts('大熊貓')).toEqual([])
})
