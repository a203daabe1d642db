import { numeralCharacters, parseNumeral } from '../text/numerals.ts'
import { oneOf } from '../text/vocabulary.ts'
import { read } from './sticky.ts'
import { cardinals, hundreds, ordinals, romans, tens, tenths } from './vocabulary.ts'

// Numerals as people type them, in search form. Whatever may be one is read to its end: twenty-one is never twenty.

export type Numeral = { readonly value: number; readonly end: number; readonly script: 'arabic' | 'chinese' | 'latin' }

// 兩 counts (兩地, 兩江新區) and never names a clause.
export const chineseDigits = [...numeralCharacters].filter((c) => !/[0-9０-９兩两-]/u.test(c)).join('')
const zeros = '〇○零'
const arabicNumeral = new RegExp(`(\\d{1,9})(?![\\d${zeros}])`, 'uy')
/** 2〇, 1零, 2十1, 二十1: two ways of writing in one number. No memorandum has twenty areas, so 二十1 is no pair. */
const mixedNumeral = new RegExp(
  `(?:(\\d[\\d${zeros}]{1,4})|([1-9])十([1-9])?|([二三四五六七八九]十)([1-9]))(?![\\d${chineseDigits}])`,
  'uy',
)
const chineseNumeral = new RegExp(`([${chineseDigits}]{1,9})(?![${chineseDigits}])`, 'uy')

function readMixed(text: string, at: number): Numeral | undefined {
  const found = read(mixedNumeral, text, at)
  if (found === undefined) return undefined
  const [all, zeroed, ten, unit, chineseTens, lastUnit] = found
  const value =
    zeroed !== undefined
      ? Number(zeroed.replace(new RegExp(`[${zeros}]`, 'gu'), '0'))
      : ten !== undefined
        ? Number(ten) * 10 + Number(unit ?? 0)
        : (parseNumeral(chineseTens ?? '') ?? 0) + Number(lastUnit)
  return { value, end: at + all.length, script: 'arabic' }
}

/** 4, 04, 四, 貳拾壹, 廿一, 2〇. Longer than nine characters is no numeral of ours. */
export function readNumeral(text: string, at: number): Numeral | undefined {
  const digits = read(arabicNumeral, text, at)?.[1]
  if (digits !== undefined && text[at + digits.length] !== '十')
    return { value: Number(digits), end: at + digits.length, script: 'arabic' }
  const mixed = readMixed(text, at)
  if (mixed !== undefined) return mixed
  if (digits !== undefined) return { value: Number(digits), end: at + digits.length, script: 'arabic' }
  const characters = read(chineseNumeral, text, at)?.[1]
  // Nearly every numeral is one character, and a long message of them is read often.
  const simple = characters?.length === 1 ? '一二三四五六七八九十'.indexOf(characters) + 1 : 0
  const value = characters === undefined ? undefined : simple || parseNumeral(characters)
  return characters === undefined || value === undefined
    ? undefined
    : { value, end: at + characters.length, script: 'chinese' }
}

type Word = { readonly value: number; readonly ordinal: boolean }

const valuesOf = (words: readonly string[], ordinal: boolean, first: number, step: number) =>
  words.map((word, at): [string, Word] => [word, { value: first + step * at, ordinal }])
const small = new Map([...valuesOf(cardinals, false, 1, 1), ...valuesOf(ordinals, true, 1, 1)])
const ten = new Map([...valuesOf(tens, false, 20, 10), ...valuesOf(tenths, true, 20, 10)])
const hundred = new Map(hundreds.map((word) => [word, word.endsWith('th')]))
const word = /([a-z]{1,16})(?![a-z0-9])/uy
const joint = /[ -](?:and[ -])?/uy
/** twentyone, thirtyfirst */
const written = new RegExp(`(${oneOf(tens)})(${oneOf([...cardinals, ...ordinals])})$`, 'u')

type Worded = Word & { readonly end: number }

/** one to ninety-nine, first to ninety-ninth */
function readBelowHundred(text: string, at: number): Worded | undefined {
  const found = read(word, text, at)?.[1]
  if (found === undefined) return undefined
  const end = at + found.length
  const own = small.get(found)
  if (own !== undefined) return { ...own, end }
  const whole = ten.get(found)
  if (whole === undefined) {
    const [, first = '', second = ''] = written.exec(found) ?? []
    const unit = small.get(second)
    return unit === undefined || unit.value > 9
      ? undefined
      : { value: (ten.get(first)?.value ?? 0) + unit.value, ordinal: unit.ordinal, end }
  }
  const next = whole.ordinal ? undefined : read(word, text, end + 1)?.[1]
  const unit = next === undefined || !/[ -]/u.test(text[end] ?? '') ? undefined : small.get(next)
  return unit === undefined || unit.value > 9
    ? { ...whole, end }
    : { value: whole.value + unit.value, ordinal: unit.ordinal, end: end + 1 + (next ?? '').length }
}

/** one to nine hundred and ninety-nine, first to nine hundred and ninety-ninth */
function readEnglish(text: string, at: number): Worded | undefined {
  const article = /^an? hundred/u.test(text.slice(at, at + 10))
  const first = article
    ? { value: 1, end: text.indexOf('hundred', at) - 1, ordinal: false }
    : readBelowHundred(text, at)
  if (first === undefined || first.ordinal || first.value > 9) return first
  const name = /[ -]/u.test(text[first.end] ?? '') ? read(word, text, first.end + 1)?.[1] : undefined
  const isOrdinal = name === undefined ? undefined : hundred.get(name)
  if (name === undefined || isOrdinal === undefined) return article ? undefined : first
  const end = first.end + 1 + name.length
  const joined = read(joint, text, end)
  const rest = isOrdinal || joined === undefined ? undefined : readBelowHundred(text, end + joined[0].length)
  return rest === undefined
    ? { value: first.value * 100, end, ordinal: isOrdinal }
    : { value: first.value * 100 + rest.value, end: rest.end, ordinal: rest.ordinal }
}

/** iv, and xiv before a digit (Ⅶ4); never a letter alone, which may be a word or a sign: Sichuan v Zhejiang. */
const roman = /([ivx]{1,6})(?![a-z])/uy

export function readRoman(text: string, at: number, alone: 'letters' | 'none'): Numeral | undefined {
  const found = read(roman, text, at)?.[1]
  if (found === undefined || (alone === 'none' && found.length === 1)) return undefined
  const value = romans.indexOf(found) + 1
  return value === 0 ? undefined : { value, end: at + found.length, script: 'latin' }
}

/** four, twenty-one, twenty-first, 21st, iv: after a word such as "item" or "area". */
export function readWordNumeral(text: string, at: number): Numeral | undefined {
  const english = readEnglish(text, at) ?? readRank(text, at)
  return english === undefined
    ? readRoman(text, at, 'letters')
    : { value: english.value, end: english.end, script: 'latin' }
}

const rank = /(\d{1,3})(?:st|nd|rd|th)(?![a-z0-9])/uy

function readRank(text: string, at: number): Worded | undefined {
  const found = read(rank, text, at)
  return found === undefined ? undefined : { value: Number(found[1]), end: at + found[0].length, ordinal: true }
}

/** 4th, fourth, twenty-first: before a word such as "item" or "area". */
export function readEnglishOrdinal(text: string, at: number): Numeral | undefined {
  const found = readRank(text, at) ?? readEnglish(text, at)
  return found?.ordinal === true ? { value: found.value, end: found.end, script: 'latin' } : undefined
}
