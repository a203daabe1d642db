import { searchForm } from '../text/fold.ts'
import { type Continuations, oneOf } from '../text/vocabulary.ts'
import { chineseDigits } from './numerals.ts'
import {
  areaContinuations,
  areaJoints,
  areaNouns,
  cardinals,
  conjunctions,
  countedFromEnd,
  englishAreaAbbreviations,
  englishAreaNouns,
  englishItemAbbreviations,
  englishItemNouns,
  englishLastWords,
  englishPreambles,
  englishRangeWords,
  hundreds,
  itemContinuations,
  itemCounters,
  itemWords,
  lastWords,
  numberWords,
  ordinals,
  plainItemContinuations,
  preambles,
  rangeWords,
  shortPreamble,
  tens,
  tenths,
  unnamedAreaNouns,
  unnamedItemNouns,
  unnamedPreambles,
} from './vocabulary.ts'

// Expressions of references. Each is sticky, bounded, and written for the search form: lower case, Simplified,
// half-width.

/** A question made ready for the scanner; `offsets` lead back as in `SearchForm`. */
export type Line = { readonly text: string; readonly offsets: readonly number[] }

const positional = /[一二三四五六七八九]/u
/** A footnote's mark is no digit: 浙2¹ is no 21. */
const raised = /[⁰¹²³⁴-⁹₀-₉]/u

/**
 * The search form, with two things kept that tell numbers apart: 、 (川七、4) is not a comma, and a space between two
 * digits (川 七 四) stays; raised digits are left out.
 */
export function lineOf(query: string): Line {
  const form = searchForm(query)
  let text = ''
  const offsets: number[] = []
  for (let i = 0; i < form.text.length; i += 1) {
    const from = form.offsets[i] ?? 0
    const before = form.offsets[i - 1] ?? 0
    const printed = query[from] ?? ''
    if (raised.test(printed)) continue
    if (
      i > 0 &&
      positional.test(form.text[i - 1] ?? '') &&
      positional.test(form.text[i] ?? '') &&
      /^\S+\s/u.test(query.slice(before, Math.min(from, before + 3)))
    ) {
      text += ' '
      offsets.push(before + 1)
    }
    text += printed === '、' ? '、' : (form.text[i] ?? '')
    offsets.push(from)
  }
  offsets.push(query.length)
  return { text, offsets }
}

/** 項, 措施, 條, 點, 款, 號 where they count clauses. */
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
const numberWord = ` ?(?:numbers? |nos?\\.? ?|#|${oneOf(numberWords)})?`
const englishItem = oneOf(englishItemNouns)
const abbreviated = (words: readonly string[]) => `(?:${oneOf(words)})(?:\\. ?| ?(?=\\d|[ivx]{1,6}(?![a-z])))`
export const itemWord = new RegExp(
  `(?:(?:${englishItem}|${oneOf(itemWords)})(?![a-z])${numberWord}|${abbreviated(englishItemAbbreviations)}|${oneOf(numberWords)})`,
  'uy',
)
export const numberSign = /(?:#|nos?\.? ?|numbers? |§{1,2} ?)/uy
/** 第三部分, 第三個合作領域. */
export const areaUnit = new RegExp(`(?:个|大)?(?:合作)?(?:${oneOf(areaNouns, areaContinuations)})`, 'uy')
export const plainAreaUnit = new RegExp(oneOf(areaNouns), 'uy')
const englishArea = `(?:${oneOf(englishAreaNouns)})(?![a-z])`
export const areaWord = new RegExp(
  `(?:${englishArea}${numberWord}|${abbreviated(englishAreaAbbreviations)}|(?:合作)?(?:${oneOf(areaNouns)}))`,
  'uy',
)
export const englishAreaUnit = new RegExp(` ?${englishArea}(?: of cooperation)?`, 'uy')
export const englishItemUnit = new RegExp(` ?(?:${englishItem})(?![a-z])`, 'uy')
/** What a tail can begin with: most names are followed by something else, and this says so at once. */
export const tailStart = new RegExp(`[a-z0-9#§(第${chineseDigits}前序引弁部范领板章节合个措条项编最末尾倒]`, 'uy')
const unnamed = oneOf([...unnamedItemNouns, ...unnamedAreaNouns, ...englishPreambles])
const abbreviations = oneOf([...englishItemAbbreviations, ...englishAreaAbbreviations])
const numberBefore = `(?:(?:an?|${oneOf([...cardinals, ...tens, ...hundreds])})[ -](?:and[ -])?){0,4}`
const englishRank = `(?:\\d{1,3}(?:st|nd|rd|th)|${numberBefore}(?:${oneOf(tens)})?(?:${oneOf([...ordinals, ...tenths, ...hundreds])})) `
const last = `${oneOf([...lastWords, countedFromEnd])}|(?<![a-z0-9])(?:${oneOf(englishLastWords)}) `
/** What a reference without a name can begin with; a fragment of a pattern. */
export const bareStart = `第|(?<![a-z0-9])(?:${englishRank}|${unnamed}|nos?\\.|(?:${abbreviations})(?:\\.| ?(?=\\d|[ivx]{1,6}(?![a-z]))))|#|§|${oneOf(unnamedPreambles)}|${last}`
export const preambleWord = new RegExp(
  `(?:${oneOf(preambles)}|${shortPreamble}(?=[ .·]?第?[0-9一二三四五六七八九十]))`,
  'uy',
)
const lastCounter = `(?:一|1)?个?(?:${oneOf(['项', ...itemCounters], itemContinuations)}|${oneOf(['措施'], itemContinuations)})`
/** 最後一項, the very last clause. */
export const lastItem = new RegExp(
  `(?:(?:${oneOf(lastWords)})(?:嗰|那)?${lastCounter}|(?:very )?(?:${oneOf(englishLastWords)}) (?:${englishItem})(?![a-z]))`,
  'uy',
)
/** 倒數第二項; "second last" is for the reader of ordinals. */
export const fromEnd = new RegExp(countedFromEnd, 'uy')
export const englishFromEnd = new RegExp(`[ -](?:to[ -])?(?:${oneOf(englishLastWords)})(?= )`, 'uy')

const conjunction = oneOf(conjunctions)
const separators = (signs: string) => `(?: ?(?:${conjunction}|[${signs}]) ?){1,2}`
/** Between the numbers of a list. */
export const listSeparator = new RegExp(separators(',、;'), 'uy')
/** The same where nothing else can be meant: 浙16/19/21, 浙16 19 21, 浙16+19. */
export const looseSeparator = new RegExp(`(?:${separators(',、;/+')}| (?=\\d))`, 'uy')
/** What joins two references to one memorandum: 川七4、八2; Sichuan 7.4 and area 8 item 2. */
export const continuation = new RegExp(`${separators(',、;/+')}(?:the )?`, 'uy')
/** Every dash of Unicode, what is typed for one, an ellipsis, 至, to; 16一19 is a slip for a dash. */
export const rangeSign = new RegExp(
  ` ?(?:\\p{Pd}{1,3}|[~〜∼⁓⋯⁃˗ー→]|\\.{2,6}|(?<=\\d)[一ㄧ](?=\\d)|${oneOf(rangeWords)}|(?:${oneOf(englishRangeWords)})(?![a-z])) ?`,
  'uy',
)
export const areaToItem = new RegExp(`(?:[ ,、·:;"<>()[\\]-]|${oneOf(areaJoints)}){0,6}`, 'uy')
/** Area and item written together: 七4, 七.4, 七之4, 七（4）, 7.4. */
export const tightSign = /[.·之(_ /-]/uy
/** A pair of area and item, to tell it from the next number in a list. */
export const pair = new RegExp(
  `(?:[${chineseDigits}]{1,3}(?:[.·之(-])?\\d|\\d{1,2}[.·]\\d|[${chineseDigits}]{1,3}[.·之][${chineseDigits}]|[ivx]{1,5}[.(]\\d)`,
  'uy',
)
