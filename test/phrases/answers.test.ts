import { Converter as ToTraditional } from 'opencc-js/cn2t'
import { Converter as ToSimplified } from 'opencc-js/t2cn'
import { describe, expect, test } from 'vitest'
import type { Ambiguity, Answer, FactName, MissingReason, Quotation, Understood } from '../../src/model/answer.ts'
import {
  ambiguityLine,
  bridgedLine,
  factNames,
  headline,
  languages,
  missingText,
  nearestLabel,
  noClause,
  provinceName,
  searchedLine,
  understoodLine,
} from '../../src/phrases/answers.ts'

const simplified = ToSimplified({ from: 'hk', to: 'cn' })
const traditional = ToTraditional({ from: 'cn', to: 'hk' })
const searched = { memoranda: 5, measures: 207, provinces: ['sichuan', 'hubei'] }
const nothing: Understood = { provinces: [], excluded: [], bridged: [] }
const quotation: Quotation = { id: 'sichuan-2018/5.1', citation: 'c', quote: 'q', highlights: [] }
const common = { understood: nothing, hits: [{ id: quotation.id, score: 1 }], passages: [quotation] }
const item = { memorandum: 'm', shortName: '川港', en: 'Sichuan', year: '2018', areas: 11, lastItem: 51 }

const reasons: Readonly<Record<string, MissingReason>> = {
  place: { kind: 'place', place: '日本', placeEn: 'Japan' },
  'item beyond the areas': { kind: 'item', asked: 'X', askedEn: 'X', exists: { ...item, numbering: 'area' } },
  'item beyond the annex': { kind: 'item', asked: 'X', askedEn: 'X', exists: { ...item, numbering: 'annex' } },
  'item beyond an area': {
    kind: 'item',
    asked: 'X',
    askedEn: 'X',
    exists: { ...item, numbering: 'area', area: { ordinal: 7, title: '教育', first: 1, last: 4 } },
  },
  'item beyond an area of one': {
    kind: 'item',
    asked: 'X',
    askedEn: 'X',
    exists: { ...item, numbering: 'area', area: { ordinal: 7, title: '教育', first: 1, last: 1 } },
  },
  notation: { kind: 'notation', asked: 'X|22' },
  topic: { kind: 'topic' },
  'province, others have it': { kind: 'province', provinces: ['sichuan'], elsewhere: ['hubei', 'sichuan'] },
  'province, nobody has it': { kind: 'province', provinces: ['sichuan', 'fujian'], elsewhere: [] },
  detail: { kind: 'detail' },
  foreign: { kind: 'foreign' },
  unclear: { kind: 'unclear' },
}

const list = { ...common, kind: 'list', criterion: 'X', provinces: ['sichuan', 'hubei'], absent: ['fujian'] } as const
const answers: Readonly<Record<string, Answer>> = {
  'a count': { ...list, asked: 'count' },
  'a list of clauses': { ...list, asked: 'measures' },
  'a list of provinces': { ...list, asked: 'provinces' },
  comparison: { ...common, kind: 'comparison', topic: 'X', rows: [] },
  facts: { ...common, kind: 'facts', fact: 'date', values: [] },
  missing: {
    kind: 'missing',
    reason: { kind: 'topic' },
    searched,
    nearest: [],
    understood: nothing,
    hits: [],
    passages: [],
  },
}

const ambiguity = (ids: readonly string[]): Ambiguity => ({
  written: 'X3',
  readings: [
    { asked: 'X', askedEn: 'X', ids },
    { asked: 'Y', askedEn: 'Y', ids: ['zhejiang-2025/3.9'] },
  ],
})

const narrowed: Understood = {
  provinces: ['sichuan', 'chongqing'],
  excluded: ['fujian'],
  topic: 'X',
  bridged: [{ asked: 'I&T', terms: ['X', 'Y', 'Z'] }],
}

/** Every phrase of a language by what it says. */
const phrases = Object.fromEntries(
  languages.map((language) => [
    language,
    new Map<string, string | undefined>([
      ...Object.entries(reasons).map(([name, reason]) => [name, missingText(reason, searched, language)] as const),
      ...Object.entries(answers).map(([name, answer]) => [`headline of ${name}`, headline(answer, language)] as const),
      ...Object.keys(factNames).map((fact) => [`fact ${fact}`, factNames[fact as FactName][language]] as const),
      ['searched', searchedLine(searched, language)],
      ['understood', understoodLine(narrowed, language)],
      ['bridged', bridgedLine(narrowed, language)],
      ['nothing in a comparison', noClause[language]],
      ['nearest', nearestLabel[language]],
      ['two readings', ambiguityLine(ambiguity(['zhejiang-2025/1.3']), language)],
      ['a reading beside one that is not there', ambiguityLine(ambiguity([]), language)],
    ]),
  ]),
)

describe.each(languages)('the phrases in %s', (language) => {
  test.each([...(phrases[language] ?? [])])('say: %s', (_, phrase) => {
    expect(phrase?.trim()).toBeTruthy()
    expect(phrase).not.toMatch(/undefined|NaN|\[object|\$\{/u)
  })

  test('say each reason differently', () => {
    const texts = Object.keys(reasons).map((name) => phrases[language]?.get(name))
    expect(new Set(texts).size).toBe(texts.length)
  })

  test('say nothing above clauses that speak for themselves', () => {
    expect(headline({ ...common, kind: 'found', related: 1 }, language)).toBeUndefined()
    expect(headline({ ...common, kind: 'reference', missing: [] }, language)).toBeUndefined()
    expect(understoodLine(nothing, language)).toBeUndefined()
    expect(bridgedLine(nothing, language)).toBeUndefined()
  })
})

test('Simplified phrases hold no Traditional character', () => {
  // Quotation marks are a matter of style, not of script.
  for (const [name, phrase] of phrases.hans ?? []) {
    const text = phrase?.replace(/川港|教育|日本/gu, '').replace(/[「」]/gu, '') ?? ''
    expect(text, name).toBe(simplified(text))
  }
})

test('Traditional phrases hold no Simplified character', () => {
  for (const [name, phrase] of phrases.hant ?? [])
    for (const character of phrase ?? '')
      expect(
        traditional(simplified(character)) === character ||
          simplified(character) !== character ||
          traditional(character) === character,
        `${name}: ${character}`,
      ).toBe(true)
})

test('English phrases hold no Chinese but names, references and titles as printed', () => {
  for (const [name, phrase] of phrases.en ?? [])
    expect(phrase?.replace(/川港|川一1|川七4|浙\d+|教育/gu, ''), name).not.toMatch(/\p{Script=Han}/u)
})

test('provinces have their name in every language, and an unknown one its slug', () => {
  expect(languages.map((language) => provinceName('chongqing', language))).toEqual(['重慶', '重庆', 'Chongqing'])
  expect(provinceName('atlantis', 'en')).toBe('atlantis')
})

test('one clause is no plural in English', () => {
  expect(headline({ ...list, asked: 'count' }, 'en')).toContain('1 clause (')
})
