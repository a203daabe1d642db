import { describe, expect, test } from 'vitest'
import { languages } from '../../src/phrases/answers.ts'
import { languageOf, phrasesOf } from '../../src/phrases/bot.ts'
import { commandNames } from '../../src/phrases/bot-phrases.ts'
import { simplify } from '../../src/text/simplify.ts'

const facts = {
  version: '1',
  corpus: 'a',
  index: 'b',
  encoder: 'c',
  memoranda: 2,
  measures: 3,
  questions: 4,
  found: 5,
  first: 6,
  milliseconds: 7,
}
/** Arguments for the phrases that take other ones than a number. */
const samples: Readonly<Record<string, readonly unknown[]>> = {
  version: [facts],
  selfTest: [facts],
  requestFrom: ['G', -100],
  institutionTitle: ['X', 2],
  topicTitle: ['X', 2],
  areaContents: ['X', 2],
  memorandumLine: [3, 4],
  browseTitle: [5, 207],
  saved: ['a.csv', '2'],
}

/** Every phrase of a language by its path, functions called. */
function phrasesIn(value: unknown, path: readonly string[] = []): (readonly [string, string])[] {
  if (typeof value === 'string') return [[path.join('.'), value]]
  if (typeof value === 'function') return [[path.join('.'), String(value(...(samples[path.at(-1) ?? ''] ?? [2])))]]
  return Object.entries(value as object).flatMap(([key, field]) => phrasesIn(field, [...path, key]))
}

const all = Object.fromEntries(languages.map((language) => [language, new Map(phrasesIn(phrasesOf(language)))]))
const han = /\p{Script=Han}/u

describe('phrasesOf()', () => {
  test.each(languages)('holds every phrase in %s, none of them empty', (language) => {
    expect([...(all[language]?.keys() ?? [])].sort()).toEqual([...(all.hant?.keys() ?? [])].sort())
    for (const [path, phrase] of all[language] ?? []) {
      expect(phrase.trim(), path).not.toBe('')
      expect(phrase, path).not.toMatch(/undefined|NaN|\[object|\$\{/u)
    }
  })

  test('writes 简体 in Simplified characters throughout', () => {
    for (const [path, phrase] of all.hans ?? []) expect(phrase, path).toBe(simplify(phrase).text)
  })

  test('writes 繁體 differently wherever the scripts differ', () => {
    const alike = [...(all.hant ?? [])].filter(
      ([path, phrase]) => simplify(phrase).text !== phrase && all.hans?.get(path) === phrase,
    )
    expect(alike).toEqual([])
  })

  test('writes English without Chinese, but for references, quotations and the mark of converted text', () => {
    const example = /[川浙][一二三四五六七八九十]?\d+(?:-\d+)?|[“+][^“”+]*[”+]/gu
    const chinese = [...(all.en ?? [])].filter(
      ([path, phrase]) => han.test(phrase.replace(example, '')) && path !== 'converted',
    )
    expect(chinese).toEqual([])
  })

  test('keeps to the limits of Telegram', () => {
    for (const language of languages) {
      const { toasts, commands, description, shortDescription, notAllowed, settingsUnchecked } = phrasesOf(language)
      for (const toast of [...Object.values(toasts), notAllowed(-1_001_234_567_890), settingsUnchecked])
        expect(toast.length).toBeLessThanOrEqual(200)
      for (const name of commandNames) expect(commands[name].length).toBeLessThanOrEqual(256)
      expect(description.length).toBeLessThanOrEqual(512)
      expect(shortDescription.length).toBeLessThanOrEqual(120)
    }
  })
})

describe('languageOf()', () => {
  test.each([
    ['zh', 'hant'],
    ['zh-hant', 'hant'],
    ['zh-TW', 'hant'],
    ['zh-HK', 'hant'],
    ['zh_MO', 'hant'],
    ['yue', 'hant'],
    ['zh-hant-cn', 'hant'],
    ['zh-hans', 'hans'],
    ['zh-Hans-HK', 'hans'],
    ['zh-CN', 'hans'],
    ['zh_SG', 'hans'],
    ['en', 'en'],
    ['de', 'en'],
    ['zha', 'en'],
  ])('reads %s as %s', (code, language) => expect(languageOf(code)).toBe(language))

  test('knows nothing where Telegram says nothing', () => {
    expect(languageOf(undefined)).toBeUndefined()
    expect(languageOf('')).toBeUndefined()
  })
})
