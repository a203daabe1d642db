import type { Memorandum } from '../model/corpus.ts'
import { fold } from '../text/fold.ts'
import { parseNumeral } from '../text/numerals.ts'
import { oneOf } from '../text/vocabulary.ts'
import type { Names } from './names.ts'
import { chineseDigits, readNumeral, readWordNumeral } from './numerals.ts'
import type { Reference } from './resolve.ts'
import { type Manner, readTail, type Tail } from './scanner.ts'
import { read, skip } from './sticky.ts'
import {
  aloneEndings,
  aloneOpenings,
  conjunctions,
  englishAloneEndings,
  englishAloneOpenings,
  englishRangeWords,
  rangeWords,
} from './vocabulary.ts'
import { areaUnit, areaWord, itemUnit, itemWord, lineOf, numberSign } from './words.ts'

// Messages that are a reference and nothing else: what may stand around it is courtesy.

const openings = new RegExp(
  `(?:${oneOf(aloneOpenings)}|(?:${oneOf(englishAloneOpenings)})(?![a-z])|[ ,.!:]){0,6}`,
  'uy',
)
const endings = new RegExp(`(?:${oneOf(aloneEndings)}|(?:${oneOf(englishAloneEndings)})(?![a-z])|[ ,.!?~]){0,6}$`, 'uy')
/** Longer messages say more than a number. */
const longest = 60

/** Where a message begins behind courtesy. */
export const afterOpening = (text: string): number => skip(openings, text, 0)
/** Whether nothing but courtesy follows. */
export const endsAt = (text: string, at: number): boolean => read(endings, text, at) !== undefined

/**
 * The numbers of a message that has nothing else: 22呢, 廿一, 3.5, 回去44. A single small Chinese numeral is more often a
 * choice from a list.
 */
export function readAloneMessage(text: string, manner: Manner): { start: number; tail: Tail } | undefined {
  if (text.length > longest) return undefined
  const start = afterOpening(text)
  const tail = readTail(text, start, manner)
  if (tail === undefined || !endsAt(text, tail.end)) return undefined
  return /^[一二三四五六七八九十]$/u.test(text.slice(start, tail.end)) ? undefined : { start, tail }
}

const largest = (numbers: readonly number[]) => Math.max(0, ...numbers)

/**
 * References of a message that has nothing but numbers of clauses, and no name: 第廿一項. They count where only
 * numbering through the whole annex goes so far: those clauses of every such memorandum, none where none goes so far.
 * `undefined` for any other message.
 */
export function findUnnamed(query: string, { library }: Names): readonly Reference[] | undefined {
  const { text } = lineOf(query)
  if (text.length > longest) return undefined
  const start = afterOpening(text)
  const tail = readTail(text, start, {
    memorandum: undefined,
    titles: [],
    compact: 'none',
    short: false,
    namedNext: () => false,
  })
  const [pointer] = tail?.pointers ?? []
  if (
    tail === undefined ||
    !endsAt(text, tail.end) ||
    pointer?.kind !== 'measures' ||
    pointer.area !== undefined ||
    pointer.lettered !== undefined
  )
    return undefined
  const { numbers } = pointer
  const numbersOf = ({ areas }: Memorandum) => areas.flatMap(({ measures }) => measures.map(({ number }) => number))
  const restarting = library.memoranda.filter(({ numbering }) => numbering === 'area')
  if (Math.min(...numbers) <= largest(restarting.flatMap(numbersOf))) return undefined
  return library.memoranda
    .filter((one) => one.numbering === 'annex' && largest(numbersOf(one)) >= Math.min(...numbers))
    .map((memorandum) => ({ ...pointer, memorandum }))
}

const sign = /[^\p{L}\p{N}%‰$€£¥°]{1,4}/uy
const joiningWord = new RegExp(`(?:${oneOf([...conjunctions, ...rangeWords, ...englishRangeWords])})(?![a-z])`, 'uy')
/** 5G, 3D and 4K are things, 21x is not. */
const lonelyLetter = /(?<!\d[a-z]?)[a-z](?![a-z])|(?<=\d)[abcefx-z](?![a-z0-9])/uy
const digits = /\d+/uy
const ordinalCount = new RegExp(`第[\\d两${chineseDigits}]{1,6}`, 'uy')
/** A telephone number, a year, a large number. */
const noClause = /(?<!\d)0\d|\d{5}|^(?:\D*(?:19|20)\d\d\D*)+$/u

/** Where a number of any script ends, with 第 and what is counted if it has 第; `at` itself where none begins. */
function skipNumber(text: string, at: number): number {
  const ordinal = skip(ordinalCount, text, at)
  if (ordinal > at) return skip(areaUnit, text, skip(itemUnit, text, ordinal))
  const word = readWordNumeral(text, at)
  // The Zhejiang one is no number.
  // 十四五 is no numeral but a plan.
  const numeral = readNumeral(text, at)?.end ?? skip(digits, text, at)
  return Math.max(numeral, word === undefined || word.value === 1 ? at : word.end)
}

/** Where signs, words that join numbers and words before a number end; `at` itself where none begins. */
function skipJoint(text: string, at: number): number {
  const ends = [itemWord, areaWord, numberSign].map((pattern) => skip(pattern, text, at))
  const worded = Math.max(...ends.filter((end) => skipNumber(text, end) > end), at)
  return Math.max(worded, ...[sign, joiningWord, lonelyLetter].map((pattern) => skip(pattern, text, at)))
}

/**
 * A message of a memorandum's name, numbers, and signs and words that join them, as typed: the shape of a reference.
 * For messages in which `findReferences` finds none: they are meant to name clauses and are not to be read.
 */
export function findUnread(query: string, names: Names): string | undefined {
  const line = lineOf(query)
  const { text } = line
  if (text.length > longest || noClause.test(text)) return undefined
  const start = afterOpening(text)
  let end = start
  let isNamed = false
  let isNumbered = false
  while (end < text.length && !endsAt(text, end)) {
    const name = names.at(text, end)
    if (name !== undefined) {
      if (name.memorandum === undefined) return undefined
      isNamed = true
      end = name.nameEnd
      continue
    }
    const number = skipNumber(text, end)
    isNumbered ||= number > end
    const next = number > end ? number : skipJoint(text, end)
    if (next === end) return undefined
    end = next
  }
  return isNamed && isNumbered ? query.slice(line.offsets[start], line.offsets[end]).trim() : undefined
}

/** Steps from the clause that a chat is at: 下兩項, the next three items. At least one, at most twenty. */
export type Stride = { readonly side: 'next' | 'previous'; readonly count: number }

const counter = '(?:项|条|点|款|个|措施)'
const number = `([\\d两${chineseDigits}]{1,3})`
const next = new RegExp(`(?:再?下|之后|后面?|往后|接住|跟住|接着)(?:的|嘅)?${number}${counter}`, 'uy')
const previous = new RegExp(`(?:再?上|之前|前面?|往前)(?:的|嘅)?${number}${counter}`, 'uy')
const english =
  /(?:the )?(next|following|previous|preceding) (two|three|four|five|six|seven|eight|nine|ten|\d{1,2}) ?(?:items?|clauses?|measures?|ones|points?|$)/uy
const englishNumbers = ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten']
const mostSteps = 20

/** The steps that a message asks for when it asks for nothing else; `undefined` for any other message. */
export function readStride(query: string): Stride | undefined {
  const text = fold(query)
  if (text.length > longest) return undefined
  const start = afterOpening(text)
  const strideOf = (side: Stride['side'], count: number | undefined, end: number): Stride | undefined =>
    count === undefined || count < 1 || count > mostSteps || !endsAt(text, end) ? undefined : { side, count }
  for (const [side, pattern] of [
    ['next', next],
    ['previous', previous],
  ] as const) {
    const found = read(pattern, text, start)
    if (found !== undefined) return strideOf(side, parseNumeral(found[1] ?? ''), start + found[0].length)
  }
  const found = read(english, text, start)
  if (found === undefined) return undefined
  const [all, word = '', count = ''] = found
  const value = englishNumbers.indexOf(count) + 1
  return strideOf(
    word === 'next' || word === 'following' ? 'next' : 'previous',
    value === 0 ? Number(count) : value,
    start + all.length,
  )
}
