import fc from 'fast-check'
import { expect, test } from 'vitest'
import { indexPairs } from '../../src/text/pairs.ts'

const words = fc.string({ unit: fc.constantFrom('青', '年', '實', '習', 'a', 'b', '😀'), maxLength: 12 })

test('candidates() names every text that holds the piece, in order, each once', () => {
  fc.assert(
    fc.property(fc.array(words, { maxLength: 8 }), words, (texts, piece) => {
      const candidates = [...indexPairs(texts).candidates(piece)]
      expect(candidates).toEqual([...new Set(candidates)].sort((a, b) => a - b))
      for (const [at, text] of texts.entries()) if (text.includes(piece)) expect(candidates).toContain(at)
    }),
  )
})

test('candidates() leaves out the texts without the rarest pair', () => {
  const texts = ['青年實習', '青年交流', '中醫藥']
  expect([...indexPairs(texts).candidates('青年')]).toEqual([0, 1])
  expect([...indexPairs(texts).candidates('青年實習')]).toEqual([0])
  expect([...indexPairs(texts).candidates('大熊貓')]).toEqual([])
})
