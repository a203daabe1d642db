import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { oneOf, wordsIn } from '../../src/text/vocabulary.ts'

test('wordsIn() parts families at spaces, and keeps a space that is written as an underscore', () => {
  expect(wordsIn('川 四川省', 'Hong_Kong memorandum')).toEqual(['川', '四川省', 'Hong Kong', 'memorandum'])
})

describe('oneOf()', () => {
  test('takes the longest word that a text begins with, and every sign for itself', () => {
    const word = fc.string({ unit: fc.constantFrom(...'項目a.*+?()[]{}|\\/^$'), minLength: 1, maxLength: 4 })
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 8 }), fc.array(word, { maxLength: 4 }), (list, rest) => {
        const text = rest.join('')
        const longest = list.filter((one) => text.startsWith(one)).sort((a, b) => b.length - a.length)[0]
        expect(new RegExp(`^(?:${oneOf(list)})`, 'u').exec(text)?.[0]).toBe(longest)
      }),
    )
  })

  test.each([
    ['系甚麼', '系'],
    ['系列', undefined],
    ['系統', undefined],
    ['是系', '是'],
  ])('reads in %j %j, where a word may be part of another', (text, found) => {
    const verbs = new RegExp(`^(?:${oneOf(['系', '是'], { 系: ['列', '統'] })})`, 'u')
    expect(verbs.exec(text)?.[0]).toBe(found)
  })
})
