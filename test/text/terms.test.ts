import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { fold } from '../../src/text/fold.ts'
import { isStopWord, searchTerms, stem } from '../../src/text/terms.ts'

describe('searchTerms()', () => {
  test.each([
    ['青年實習', ['青年', '年实', '实习']],
    ['三跑', ['三跑']],
    ['赴港。川', ['赴港', '川']],
    ['“一帶一路”', ['一带', '带一', '一路']],
    ['在RCEP成員國', ['在', 'rcep', '成员', '员国']],
    ['youth internships in Sichuan', ['youth', 'internship', 'sichuan']],
    ['cross-border e-commerce', ['cross', 'border', 'e', 'commerce']],
    ['2018年5月', ['2018', '年', '5', '月']],
    ['', []],
    ['，。！', []],
  ])('of %j are %j', (text, terms) => {
    expect(searchTerms(fold(text))).toEqual(terms)
  })

  test('keeps repeats, for BM25 counts them', () => {
    expect(searchTerms('合作,合作')).toEqual(['合作', '合作'])
  })

  test('of a run of n Chinese characters are its n − 1 pairs, which give the run back', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'川港青年金融𠮷'), minLength: 2, maxLength: 20 }), (run) => {
        const terms = searchTerms(run)
        expect(terms).toHaveLength([...run].length - 1)
        expect(terms.map((term) => [...term][0]).join('') + [...(terms.at(-1) ?? '')][1]).toBe(run)
      }),
    )
  })

  test('never crosses from one script or sentence into another', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(..."川港a1 .,-'&+。"), maxLength: 30 }), (text) => {
        for (const term of searchTerms(fold(text))) expect(term).toMatch(/^(?:[川港]{1,2}|[a1]+)$/u)
      }),
    )
  })
})

describe('stem()', () => {
  test.each([
    ['internships', 'internship'],
    ['policies', 'policy'],
    ['exchanges', 'exchange'],
    ['businesses', 'business'],
    ['churches', 'church'],
    ['business', 'business'],
    ['campus', 'campus'],
    ['basis', 'basis'],
    ['bus', 'bus'],
    ['rail', 'rail'],
  ])('of %s is %s', (word, expected) => {
    expect(stem(word)).toBe(expected)
  })
})

test('isStopWord() knows words without a topic', () => {
  expect(['the', 'which', 'please'].every(isStopWord)).toBe(true)
  expect(['youth', 'finance', 'law'].some(isStopWord)).toBe(false)
})
