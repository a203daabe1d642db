import { anything, type Follow, notCounted, safelyEnded, strictlyEnded } from './follows.ts'
import { type Numeral, readNumeral, readWordNumeral } from './numerals.ts'
import { read, skip } from './sticky.ts'
import {
  itemUnit,
  itemWord,
  listSeparator,
  looseSeparator,
  numberSign,
  pair,
  plainItemUnit,
  rangeSign,
} from './words.ts'

/** Most numbers that one list or range may name. */
export const mostNumbers = 200
/**
 * Most entries read ahead for a word such as 項; longer than any real list, short enough that a message of nothing but
 * 「第1、」 costs little.
 */
const mostAhead = 24

/** Without one near, no list that needs one is read at all: this says so at once. */
const anyCounter = /[项条点款号施]/u
const farthestCounter = 160

/** `lettered`: what stands beside whole numbers and no clause bears, such as 21A; as written, in search form. */
export type Numbers = {
  readonly numbers: readonly number[]
  readonly lettered?: readonly string[]
  readonly end: number
}

/**
 * The numbers of a range, at most `mostNumbers`: 16-19; 19-16 is the same; 45-8 is 45-48, as pages are cited.
 * `undefined` for 45-3, which is neither.
 */
export function expand(from: number, to: number): number[] | undefined {
  const span = 10 ** String(to).length
  const last = to < from && String(to).length < String(from).length ? from - (from % span) + to : to
  if (last !== to && last < from) return undefined
  const first = Math.min(from, last)
  return Array.from({ length: Math.min(Math.abs(last - from) + 1, mostNumbers) }, (_, i) => first + i)
}

/** 21A, 21(b), 21（二）, 21甲; a year in brackets is none. */
const letter =
  /(?:[a-c](?![a-z0-9])|\((?:[a-z]{1,4}|\d{1,2}|[一二三四五六七八九十]{1,2})\)|[甲乙丙丁](?!\p{Script=Han}))/uy
const bracketed = /\((?=[^()]{1,6}\))/uy
const digitAgain = /(\d) (\d)(?![\d ])/uy

type Entry = Numbers & { readonly script: Numeral['script']; readonly unit: boolean }

const digitOrSign = /[\d一二三四五六七八九十第、,]/u
/** Behind a word for items, a number sign and 第; few entries have any of them. */
function skipWords(text: string, at: number): { bare: number; start: number } {
  const bare = digitOrSign.test(text[at] ?? '') ? at : skip(numberSign, text, skip(itemWord, text, at))
  return { bare, start: text[bare] === '第' ? bare + 1 : bare }
}

/** 第2 1項, as PDF readers part digits. */
function readPartedDigits(text: string, at: number): Numeral | undefined {
  const parted = text[at + 1] === ' ' ? read(digitAgain, text, at) : undefined
  return parted === undefined || skip(itemUnit, text, at + 3) === at + 3
    ? undefined
    : { value: Number(`${parted[1]}${parted[2]}`), end: at + 3, script: 'arabic' }
}

/** One entry of a list: 第16, 16至19, 第18項, item 4, 第(2)項, 21A. */
function readEntry(text: string, at: number, rule: ListRule): Entry | undefined {
  const numeralAt = (from: number) =>
    readNumeral(text, from) ?? (rule.words === true ? readWordNumeral(text, from) : undefined)
  const { bare, start } = skipWords(text, at)
  const isOrdinal = start > bare
  const units = isOrdinal ? itemUnit : plainItemUnit
  // 第(2)項, item (2)
  const inside = start > at && text[start] === '(' ? skip(bracketed, text, start) : start
  const numeral = (isOrdinal ? readPartedDigits(text, inside) : undefined) ?? numeralAt(inside)
  if (numeral === undefined || (inside > start && text[numeral.end] !== ')')) return undefined
  let end = inside > start ? numeral.end + 1 : numeral.end
  if (rule.lettered === true && numeral.script === 'arabic') {
    const suffix = skip(letter, text, end)
    const unit = suffix > end ? skip(units, text, suffix) : suffix
    if (suffix > end)
      return { numbers: [], lettered: [text.slice(inside, suffix)], end: unit, script: 'arabic', unit: unit > suffix }
  }
  const { script } = numeral
  const counted = end
  end = skip(units, text, end)
  const one: Entry = { numbers: [numeral.value], end, script, unit: end > counted }
  const sign = /[、,]/u.test(text[end] ?? '、') ? end : skip(rangeSign, text, end)
  // 七1-七2 goes on with an area.
  if (sign === end || read(pair, text, sign) !== undefined) return one
  const last = numeralAt(skipWords(text, sign).start)
  if (last === undefined) return one
  const numbers = expand(numeral.value, last.value)
  end = skip(units, text, last.end)
  return numbers === undefined ? undefined : { numbers, end, script, unit: end > last.end }
}

/** 第4項第5項 and 4項5項 are two of one kind; in 第四條第五點 the second is of the first. */
function repeats(text: string, { unit, end }: Entry): boolean {
  const again = unit ? /^(?:第[^第]|\d)[^第]{0,4}?([项条点款号施])/u.exec(text.slice(end, end + 8)) : null
  return again?.[1] !== undefined && again[1] === text[end - 1]
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
  /** Slashes and spaces part numbers, too. */
  readonly loose?: boolean
  /** A number may have a letter, which is named then as no clause's. */
  readonly lettered?: boolean
}

/**
 * Numbers in a list: 16; 16-19; 16、18和20; 第4項及第5項. As far as the rule is met: an entry that only goes on is read
 * where a later one meets it.
 */
export function readList(text: string, at: number, rule: ListRule): Numbers | undefined {
  if (rule.first === 'unit' && !anyCounter.test(text.slice(at, at + farthestCounter))) return undefined
  let met: Numbers | undefined
  const numbers: number[] = []
  const lettered: string[] = []
  const separator = rule.loose === true ? looseSeparator : listSeparator
  let from = at
  for (let n = 0; n < (met === undefined ? mostAhead : mostNumbers) && numbers.length < mostNumbers; n += 1) {
    const entry = readEntry(text, from, rule)
    if (entry === undefined || (rule.script !== undefined && entry.script !== rule.script)) break
    numbers.push(...entry.numbers)
    lettered.push(...(entry.lettered ?? []))
    const isLettered = entry.lettered !== undefined
    const given = met === undefined && (from === at || rule.first === 'unit') ? rule.first : rule.later
    // 措施一覽 is no first measure: a Chinese numeral may begin a word.
    const wanted = entry.script === 'chinese' && given === notCounted ? safelyEnded : given
    const next = repeats(text, entry) ? entry.end : skip(separator, text, entry.end)
    // 渝6.1 & 6.4
    const isBeforePair =
      /[&/+]/u.test(text[entry.end] ?? '') && next > entry.end && read(pair, text, next) !== undefined
    const follows = isLettered
      ? entry.unit || safelyEnded(text, entry.end)
      : entry.unit
        ? (rule.weakUnit ?? anything)(text, entry.end) && (rule.weakUnit === undefined || text[entry.end - 1] !== '施')
        : wanted !== 'unit' && (isBeforePair || wanted(text, entry.end))
    const goesOn = next > entry.end && /[\d第#]/u.test(text[next] ?? '')
    if (follows)
      met = {
        numbers: numbers.slice(0, mostNumbers),
        ...(lettered.length === 0 ? {} : { lettered: [...lettered] }),
        end: entry.end,
      }
    else if (rule.tight === true && !goesOn) return /^[,;/ ]/u.test(text.slice(from - 1, from)) ? met : undefined
    else if (wanted !== 'unit' && !goesOn) break
    if ((next === entry.end && !repeats(text, entry)) || read(pair, text, next) !== undefined) break
    from = next
  }
  return met
}

/** Once one had its 項, a later one may lack it: 第16項和第19. */
export const byOrdinal: ListRule = { first: 'unit', later: safelyEnded, lettered: true, loose: true }
export const byWord: ListRule = { first: notCounted, later: safelyEnded, words: true, lettered: true, loose: true }
export const bySign: ListRule = { first: safelyEnded, later: safelyEnded, lettered: true, loose: true }
/** 川序言二, 第六部分三: a Chinese numeral may begin a word (一共, 三大). */
export const byChineseNumber: ListRule = {
  first: strictlyEnded,
  later: strictlyEnded,
  weakUnit: safelyEnded,
  tight: true,
}
export const byNumber: ListRule = {
  first: safelyEnded,
  later: safelyEnded,
  weakUnit: safelyEnded,
  tight: true,
  loose: true,
}
