import { anything, type Follow, notCounted, safelyEnded, strictlyEnded } from './follows.ts'
import {
  itemUnit,
  itemWord,
  listSeparator,
  type Numeral,
  numberSign,
  pair,
  plainItemUnit,
  rangeSign,
  read,
  readNumeral,
  readWordNumeral,
  skip,
} from './words.ts'

/** Most numbers that one list or range may name. */
export const mostNumbers = 200
/**
 * Most entries read ahead for a word such as 項; longer than any real list, short enough that a message of nothing but
 * 「第1、」 costs little.
 */
const mostAhead = 40

export type Numbers = { readonly numbers: readonly number[]; readonly end: number }

/** The numbers of a range, at most `mostNumbers`; 19-16 is 16-19. */
export function expand(from: number, to: number): number[] {
  const first = Math.min(from, to)
  return Array.from({ length: Math.min(Math.abs(to - from) + 1, mostNumbers) }, (_, i) => first + i)
}

export const ordinalSign = /第/uy

/** One entry of a list: 第16, 16至19, 第18項, item 4. */
function readEntry(
  text: string,
  at: number,
  words: boolean,
): (Numbers & { script: Numeral['script']; unit: boolean }) | undefined {
  const bare = skip(numberSign, text, skip(itemWord, text, at))
  const start = skip(ordinalSign, text, bare)
  const units = start > bare ? itemUnit : plainItemUnit
  const numeral = readNumeral(text, start) ?? (words ? readWordNumeral(text, start) : undefined)
  if (numeral === undefined) return undefined
  let end = skip(units, text, numeral.end)
  let unit = end > numeral.end
  let numbers = [numeral.value]
  const sign = skip(rangeSign, text, end)
  const last = sign > end ? readNumeral(text, skip(ordinalSign, text, skip(numberSign, text, sign))) : undefined
  if (last !== undefined) {
    numbers = expand(numeral.value, last.value)
    end = skip(units, text, last.end)
    unit = end > last.end
  }
  return { numbers, end, script: numeral.script, unit }
}

export type ListRule = {
  /** What must follow the first number, and each later one. `unit`: a word such as 項 must. */
  readonly first: Follow | 'unit'
  readonly later: Follow | 'unit'
  /** 項 without 第 counts as often as it names (浙江21項措施, 浙江21個措施): what must follow it; 措施 never does. */
  readonly weakUnit?: Follow
  readonly script?: Numeral['script']
  readonly words?: boolean
  /** 浙江16和19歲: one bad number after 和 spoils the list. */
  readonly tight?: boolean
}

/** Numbers in a list: 16; 16-19; 16、18和20; 第4項及第5項. As far as the rule is met. */
export function readList(text: string, at: number, rule: ListRule): Numbers | undefined {
  let met: Numbers | undefined
  const numbers: number[] = []
  let from = at
  for (let n = 0; n < (met === undefined ? mostAhead : mostNumbers) && numbers.length < mostNumbers; n += 1) {
    const entry = readEntry(text, from, rule.words ?? false)
    if (entry === undefined || (rule.script !== undefined && entry.script !== rule.script)) break
    numbers.push(...entry.numbers)
    const wanted = met === undefined && from === at ? rule.first : rule.later
    const follows = entry.unit
      ? (rule.weakUnit ?? anything)(text, entry.end) && (rule.weakUnit === undefined || text[entry.end - 1] !== '施')
      : wanted !== 'unit' && wanted(text, entry.end)
    if (follows) met = { numbers: numbers.slice(0, mostNumbers), end: entry.end }
    else if (rule.tight === true && !/^[,;]/u.test(text.slice(from - 1, from))) return undefined
    else if (wanted !== 'unit') break
    const next = skip(listSeparator, text, entry.end)
    if (next === entry.end || read(pair, text, next) !== undefined) break
    from = next
  }
  return met
}

export const byOrdinal: ListRule = { first: 'unit', later: 'unit' }
export const byWord: ListRule = { first: notCounted, later: safelyEnded, words: true }
export const bySign: ListRule = { first: safelyEnded, later: safelyEnded }
/** 川序言二, 第六部分三: a Chinese numeral may begin a word (一共, 三大). */
export const byChineseNumber: ListRule = {
  first: strictlyEnded,
  later: strictlyEnded,
  weakUnit: safelyEnded,
  tight: true,
}
export const byNumber: ListRule = { first: safelyEnded, later: safelyEnded, weakUnit: safelyEnded, tight: true }
