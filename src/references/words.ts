import { searchForm } from '../text/fold.ts'
import { numeralCharacters, parseNumeral } from '../text/numerals.ts'
import { type Continuations, oneOf } from '../text/vocabulary.ts'
import {
  areaContinuations,
  areaJoints,
  areaNouns,
  cardinals,
  conjunctions,
  englishAreaNouns,
  englishItemAbbreviations,
  englishItemNouns,
  englishPreambles,
  englishRangeWords,
  itemContinuations,
  itemCounters,
  itemWords,
  ordinals,
  plainItemContinuations,
  preambles,
  rangeWords,
  romans,
  unnamedAreaNouns,
  unnamedItemNouns,
  unnamedPreambles,
} from './vocabulary.ts'

// Expressions of references. Each is sticky, bounded, and written for the search form: lower case, Simplified,
// half-width.

/** A question made ready for the scanner; `offsets` lead back as in `SearchForm`. */
export type Line = { readonly text: string; readonly offsets: readonly number[] }

const positional = /[一二三四五六七八九]/u

/**
 * The search form, with two things kept that tell numbers apart: 、 (川七、4) is not a comma, and a space between two
 * digits (川 七 四) stays.
 */
export function lineOf(query: string): Line {
  const form = searchForm(query)
  let text = ''
  const offsets: number[] = []
  for (let i = 0; i < form.text.length; i += 1) {
    const from = form.offsets[i] ?? 0
    const before = form.offsets[i - 1] ?? 0
    if (
      i > 0 &&
      positional.test(form.text[i - 1] ?? '') &&
      positional.test(form.text[i] ?? '') &&
      /^\S+\s/u.test(query.slice(before, Math.min(from, before + 3)))
    ) {
      text += ' '
      offsets.push(before + 1)
    }
    text += query[from] === '、' ? '、' : (form.text[i] ?? '')
    offsets.push(from)
  }
  offsets.push(query.length)
  return { text, offsets }
}

/** Matches a sticky pattern at an offset. */
export function read(pattern: RegExp, text: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at
  return pattern.exec(text) ?? undefined
}

/** Where a sticky pattern's match ends; `at` itself without a match. */
export function skip(pattern: RegExp, text: string, at: number): number {
  return read(pattern, text, at) === undefined ? at : pattern.lastIndex
}

// 兩 counts (兩地, 兩江新區) and never names a clause.
const chinese = [...numeralCharacters].filter((c) => !/[0-9０-９兩两-]/u.test(c)).join('')
const arabicNumeral = /(\d{1,9})(?!\d)/uy
const chineseNumeral = new RegExp(`([${chinese}]{1,9})(?![${chinese}])`, 'uy')
const word = /([a-z]{1,11})(?![a-z0-9])/uy
const englishOrdinal = new RegExp(`(?:(\\d{1,3})(?:st|nd|rd|th)|(${ordinals.join('|')}))(?![a-z0-9])`, 'uy')

export type Numeral = { readonly value: number; readonly end: number; readonly script: 'arabic' | 'chinese' | 'latin' }

/** 4, 04, 四, 貳拾壹, 廿一. Longer than nine characters is no numeral of ours. */
export function readNumeral(text: string, at: number): Numeral | undefined {
  const digits = read(arabicNumeral, text, at)?.[1]
  if (digits !== undefined) return { value: Number(digits), end: at + digits.length, script: 'arabic' }
  const characters = read(chineseNumeral, text, at)?.[1]
  // Nearly every numeral is one character, and a long message of them is read often.
  const simple = characters?.length === 1 ? '一二三四五六七八九十'.indexOf(characters) + 1 : 0
  const value = characters === undefined ? undefined : simple || parseNumeral(characters)
  return characters === undefined || value === undefined
    ? undefined
    : { value, end: at + characters.length, script: 'chinese' }
}

/** four, iv: only after a word such as "item" or "area". */
export function readWordNumeral(text: string, at: number): Numeral | undefined {
  const found = read(word, text, at)?.[1]
  if (found === undefined) return undefined
  const value = Math.max(cardinals.indexOf(found), romans.indexOf(found)) + 1
  return value === 0 ? undefined : { value, end: at + found.length, script: 'latin' }
}

/** 4th, fourth: only before a word such as "item" or "area". */
export function readEnglishOrdinal(text: string, at: number): Numeral | undefined {
  const found = read(englishOrdinal, text, at)
  if (found === undefined) return undefined
  return {
    value: found[1] === undefined ? ordinals.indexOf(found[2] ?? '') + 1 : Number(found[1]),
    end: at + found[0].length,
    script: 'latin',
  }
}

/** 項, 措施, 條, 點, 款 where they count clauses. */
const itemCounter = (continuations: Continuations, behindItem: string) => {
  const measure = oneOf(['措施'], continuations)
  return new RegExp(
    `(?:个?${measure}|${oneOf(['项'], continuations)}${behindItem}|${oneOf(itemCounters, continuations)})`,
    'uy',
  )
}
/** 第四項, 第4點, 第四項合作措施. */
export const itemUnit = itemCounter(itemContinuations, `(?:合作)?(?:${oneOf(['措施'], itemContinuations)})?`)
/** The same after a number without 第: 川七4項. */
export const plainItemUnit = itemCounter(plainItemContinuations, '')
const numberWord = ' ?(?:numbers? |no\\.? ?|#)?'
const englishItem = oneOf(englishItemNouns)
export const itemWord = new RegExp(
  `(?:${englishItem}|${oneOf(englishItemAbbreviations)}|${oneOf(itemWords)})(?![a-z])${numberWord}`,
  'uy',
)
export const numberSign = /(?:#|no\.? ?|numbers? |§)/uy
/** 第三部分, 第三個合作領域. */
export const areaUnit = new RegExp(`(?:个|大)?(?:合作)?(?:${oneOf(areaNouns, areaContinuations)})`, 'uy')
export const plainAreaUnit = new RegExp(oneOf(areaNouns), 'uy')
const englishArea = `(?:${oneOf(englishAreaNouns)})(?![a-z])`
export const areaWord = new RegExp(`(?:${englishArea}${numberWord}|(?:合作)?(?:${oneOf(areaNouns)}))`, 'uy')
export const englishAreaUnit = new RegExp(` ?${englishArea}(?: of cooperation)?`, 'uy')
export const englishItemUnit = new RegExp(` ?(?:${englishItem})(?![a-z])`, 'uy')
/** What a tail can begin with: most names are followed by something else, and this says so at once. */
export const tailStart = new RegExp(`[a-z0-9#§第${chinese}前序引弁部范领板章节合个措条项]`, 'uy')
const unnamed = oneOf([...unnamedItemNouns, ...unnamedAreaNouns, ...englishPreambles])
const englishRank = '(?:\\d{1,3}|[a-z]{2,8})(?:st|nd|rd|th) '
/** What a reference without a name can begin with; a fragment of a pattern. */
export const bareStart = `第|(?<![a-z0-9])(?:${unnamed}|no\\.|${englishRank})|#|§|${oneOf(unnamedPreambles)}`
export const preambleWord = new RegExp(`(?:${oneOf(preambles)})`, 'uy')

const separators = `(?: ?(?:${oneOf(conjunctions)}|[,、;]) ?){1,2}`
export const listSeparator = new RegExp(separators, 'uy')
/** What joins two references to one memorandum: 川七4、八2; Sichuan 7.4 and area 8 item 2. */
export const continuation = new RegExp(`${separators}(?:the )?`, 'uy')
export const rangeSign = new RegExp(
  ` ?(?:-{1,2}|[~〜]|${oneOf(rangeWords)}|(?:${oneOf(englishRangeWords)})(?![a-z])) ?`,
  'uy',
)
export const areaToItem = new RegExp(`(?:[ ,、·:;"<>()[\\]-]|${oneOf(areaJoints)}){0,6}`, 'uy')
/** Area and item written together: 七4, 七.4, 七之4, 七（4）, 7.4. */
export const tightSign = /[.·之(_ /-]/uy
/** A pair of area and item, to tell it from the next number in a list. */
export const pair = new RegExp(
  `(?:[${chinese}]{1,3}(?:[.·之(-])?\\d|\\d{1,2}[.·]\\d|[${chinese}]{1,3}[.·之][${chinese}])`,
  'uy',
)
