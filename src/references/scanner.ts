import type { Memorandum } from '../model/corpus.ts'
import { type Follow, notCounted, safelyEnded, strictlyEnded } from './follows.ts'
import {
  byChineseNumber,
  byNumber,
  byOrdinal,
  bySign,
  byWord,
  expand,
  mostNumbers,
  type Numbers,
  ordinalSign,
  readList,
} from './lists.ts'
import {
  areaToItem,
  areaUnit,
  areaWord,
  englishAreaUnit,
  englishItemUnit,
  itemWord,
  lineOf,
  listSeparator,
  numberSign,
  pair,
  plainAreaUnit,
  preambleWord,
  rangeSign,
  read,
  readEnglishOrdinal,
  readNumeral,
  readWordNumeral,
  skip,
  tailStart,
  tightSign,
} from './words.ts'

/** What stands after a memorandum's name, before it is known whose. `numbers` are printed numbers. */
export type Pointer =
  | { readonly kind: 'measures'; readonly area?: number; readonly numbers: readonly number[] }
  | { readonly kind: 'area'; readonly area: number }
  | { readonly kind: 'preamble'; readonly numbers?: readonly number[] }

/** One or more pointers that share a place in the text; `end` is where they end. */
export type Tail = { readonly pointers: readonly Pointer[]; readonly end: number }

/** How a tail may be written. */
export type Manner = {
  /** Whose numbering and titles hold; `undefined` where nobody has said yet. */
  readonly memorandum: Memorandum | undefined
  /** `all`: 川七4, 浙21, 渝三. `pairs`: 七4 alone, as after 川五1、. `none`: only with a word for area, item or preamble. */
  readonly compact: 'all' | 'pairs' | 'none'
  /**
   * A short name (浙, 浙港) stands before: people write that to cite; after a province's full name numbers mostly count.
   */
  readonly short: boolean
  /** True where another reference's name begins: 渝三同浙五. */
  readonly namedNext: (at: number) => boolean
}

/** Items with a word that says so: 第4項, 第16至19項, item 4, items 16 to 19, 4th measure, #4. */
function readNamedItems(text: string, at: number): (Numbers & { area?: number }) | undefined {
  if (text[at] === '第') {
    const area = readNumeral(text, at + 1)
    // 第七.4項
    if (area !== undefined && text[area.end] === '.') {
      const item = readList(text, area.end + 1, byOrdinal)
      if (item !== undefined) return { ...item, area: area.value }
    }
    return readList(text, at, byOrdinal)
  }
  const ordinal = readEnglishOrdinal(text, at)
  if (ordinal !== undefined) {
    const end = skip(englishItemUnit, text, ordinal.end)
    return end === ordinal.end ? undefined : { numbers: [ordinal.value], end }
  }
  const worded = skip(itemWord, text, at)
  const signed = skip(numberSign, text, at)
  if (worded > at) {
    // item 7.4
    const both = readPair(text, worded, { memorandum: undefined, dots: true })
    return both ?? readList(text, worded, byWord)
  }
  return signed > at ? readList(text, signed, bySign) : undefined
}

/** No memorandum has as many areas. */
const mostAreas = 20

/** `counts`: 十三領域 without 第 may count them. */
type Areas = { readonly areas: readonly number[]; readonly end: number; readonly counts?: boolean }

/**
 * Areas with a word that says so: 第七部分, 第三至五範疇, 七部分, 領域七, area 7, parts 3 and 4, 7th section; or with their title:
 * 五、青年發展.
 */
function readNamedAreas(text: string, at: number, memorandum: Memorandum | undefined): Areas | undefined {
  const ordinal = readEnglishOrdinal(text, at)
  if (ordinal !== undefined) {
    const end = skip(englishAreaUnit, text, ordinal.end)
    return end === ordinal.end ? undefined : { areas: [ordinal.value], end }
  }
  const worded = skip(areaWord, text, at)
  if (worded > at) {
    const plural = /s ?(?:numbers? |no\.? ?|#)?$/u.test(text.slice(at, worded))
    const first = readNumeral(text, worded) ?? readWordNumeral(text, worded)
    if (first === undefined) return undefined
    if (plural) {
      const list = readList(text, worded, byWord)
      return list === undefined ? undefined : { areas: list.numbers, end: list.end }
    }
    // section 4.4 goes on with the item.
    return notCounted(text, first.end) || (text[first.end] === '.' && read(pair, text, worded) !== undefined)
      ? { areas: [first.value], end: first.end }
      : undefined
  }
  const counted = text[at] === '第'
  const areas: number[] = []
  let from = at
  for (let n = 0; n < mostAreas; n += 1) {
    const numeral = readNumeral(text, skip(ordinalSign, text, from))
    if (numeral === undefined) return undefined
    const sign = skip(rangeSign, text, numeral.end)
    const last = sign > numeral.end ? readNumeral(text, skip(ordinalSign, text, sign)) : undefined
    areas.push(...(last === undefined ? [numeral.value] : expand(numeral.value, last.value)))
    const end = last?.end ?? numeral.end
    const unit = skip(counted ? areaUnit : plainAreaUnit, text, end)
    if (unit > end) return { areas: areas.slice(0, mostNumbers), end: unit, counts: !counted }
    if (counted && areas.length === 1 && text[end] === '第' && readList(text, end, byOrdinal) !== undefined)
      return { areas, end } // 第七第四項
    const titled =
      areas.length === 1 ? skipTitle(text, skip(/[,、.]/uy, text, end), numeral.value, memorandum) : undefined
    if (titled !== undefined) return { areas, end: titled }
    if (!counted) return undefined
    from = skip(listSeparator, text, end)
    if (from === end) return undefined
  }
  return undefined
}

function skipTitle(text: string, at: number, area: number, memorandum: Memorandum | undefined): number | undefined {
  const title = memorandum?.areas.find((candidate) => candidate.ordinal === area)?.title
  const printed = title === undefined ? '' : lineOf(title).text
  return printed !== '' && text.startsWith(printed, at) ? at + printed.length : undefined
}

/** The item after a named area: 第七部分第4項, 第七部分（教育）第4項, area 3, item 2, section 4.4, 第六部分4項. */
function readItemsOfArea(
  text: string,
  at: number,
  area: number,
  memorandum: Memorandum | undefined,
): Numbers | undefined {
  const near = skip(areaToItem, text, at)
  const titled = skipTitle(text, near, area, memorandum)
  const start = titled === undefined ? near : skip(areaToItem, text, titled)
  if (readNamedAreas(text, start, undefined) !== undefined) return undefined
  const named = readNamedItems(text, start)
  if (named !== undefined) return named.area === undefined ? named : undefined
  const plain = skip(tightSign, text, at)
  const numeral = readNumeral(text, plain)
  if (numeral === undefined || /[,、]/u.test(text.slice(at, plain))) return undefined
  return readList(text, plain, numeral.script === 'arabic' ? byNumber : byChineseNumber)
}

/**
 * Whether a sign may stand between area and item. Between two Arabic numbers most signs may mean another thing: Hubei
 * 24/7, 浙16-19.
 */
function joinsPair(
  sign: string,
  chineseArea: boolean,
  area: number,
  how: { memorandum: Memorandum | undefined; dots?: boolean },
): boolean {
  if (how.dots === true || /[.·之]/u.test(sign)) return /[.·之]/u.test(sign)
  if (chineseArea) return /[(_/、, -]/u.test(sign)
  const exists = how.memorandum?.areas.some((candidate) => candidate.ordinal === area) === true
  return exists && (/[(/]/u.test(sign) || (how.memorandum?.numbering === 'area' && /[- ]/u.test(sign)))
}

/** Area and item without a word for either: 七4, 五.3, 十一之2, 七（4）, 7.4; in numbering by area also 7-4 and 7 4. */
function readPair(
  text: string,
  at: number,
  how: { memorandum: Memorandum | undefined; dots?: boolean },
): (Numbers & { area: number }) | undefined {
  const area = readNumeral(text, at)
  if (area === undefined || (area.script === 'arabic' && area.value > 99)) return undefined
  const chineseArea = area.script === 'chinese'
  if (chineseArea && how.dots !== true) {
    // 川七第4項, 鄂五 item 3
    const named = readNamedItems(text, area.end)
    if (named !== undefined) return named.area === undefined ? { ...named, area: area.value } : undefined
  }
  let start = area.end
  const sign = text[area.end] ?? ''
  if (joinsPair(sign, chineseArea, area.value, how)) start += 1
  const item = readNumeral(text, start)
  if (item === undefined) return undefined
  // 七四 without a sign is one number; 七、四 and 三-五 are two areas; 十之八九 is an idiom.
  if (item.script === 'chinese' && (start === area.end || sign === '、' || sign === ',')) return undefined
  if (
    text.startsWith('十之八九', at) ||
    text.startsWith('十之七八', at) ||
    (chineseArea && item.script === 'arabic' && start === area.end && item.value > 999)
  )
    return undefined
  // 七1至七3, 7.1-7.3
  const rangeEnd = skip(rangeSign, text, item.end)
  const again =
    rangeEnd > item.end && text.startsWith(text.slice(at, start), rangeEnd)
      ? readNumeral(text, rangeEnd + start - at)
      : undefined
  if (again !== undefined && notCounted(text, again.end))
    return { area: area.value, numbers: expand(item.value, again.value), end: again.end }
  const clear = chineseArea && item.script === 'arabic' && sign !== ','
  const end = clear ? notCounted : safelyEnded
  const bracketed = sign === '('
  const follow: Follow = bracketed ? (line, from) => line[from] === ')' || end(line, from) : end
  const list = readList(text, start, {
    first: follow,
    later: safelyEnded,
    weakUnit: clear ? notCounted : safelyEnded,
    script: item.script,
    tight: !clear,
  })
  // 重慶2.0
  if (list === undefined || (how.dots !== true && !chineseArea && list.numbers.includes(0))) return undefined
  return { area: area.value, numbers: list.numbers, end: bracketed && text[list.end] === ')' ? list.end + 1 : list.end }
}

/** A number alone after the name: 浙21 (an item), 渝三 (an area, where there is one). */
function readAlone(text: string, at: number, manner: Manner): Tail | undefined {
  const { memorandum, short } = manner
  const numeral = readNumeral(text, at)
  if (memorandum === undefined || numeral === undefined) return undefined
  if (numeral.script === 'arabic') {
    // 浙江0571-1234567, 浙江2025, 浙江12345: a telephone number, a year.
    if (/^0\d\d/u.test(text.slice(at, at + 3))) return undefined
    const follow: Follow = (line, from) => (short ? notCounted : safelyEnded)(line, from) || manner.namedNext(from)
    const list = readList(text, at, {
      first: follow,
      later: follow,
      weakUnit: safelyEnded,
      tight: true,
      script: 'arabic',
    })
    if (
      list === undefined ||
      list.numbers.some(
        (number) => (number === 0 && !short) || (number >= 1900 && number <= 2100) || number > (short ? 9999 : 999),
      )
    )
      return undefined
    // 重慶3點
    if (!short && text[list.end - 1] === '点') return undefined
    return { pointers: [{ kind: 'measures', numbers: list.numbers }], end: list.end }
  }
  // 參, 伍 and 陸 alone are words and names first: 四川參與.
  if (/[参伍陆千百]/u.test(text[at] ?? '')) return undefined
  const follow: Follow = (line, from) => {
    const next = skip(listSeparator, line, from)
    return (
      (short && numeral.value > 1 ? safelyEnded : strictlyEnded)(line, from) ||
      (next > from && manner.namedNext(next)) ||
      read(/[、和同与及](?=[一二三四五六七八九十])/uy, line, from) !== undefined
    )
  }
  const list = readList(text, at, {
    first: follow,
    later: follow,
    weakUnit: safelyEnded,
    script: 'chinese',
    tight: true,
  })
  if (list === undefined || list.numbers.includes(0)) return undefined
  if (!short && text[list.end - 1] === '点') return undefined
  const known = new Set(memorandum.areas.map((area) => area.ordinal))
  const unit = /[项条点款]$/u.test(text.slice(at, list.end))
  if (!unit && list.numbers.every((number) => known.has(number)))
    return { pointers: list.numbers.map((area) => ({ kind: 'area', area })), end: list.end }
  if (unit || memorandum.numbering === 'annex')
    return { pointers: [{ kind: 'measures', numbers: list.numbers }], end: list.end }
  return short ? { pointers: list.numbers.map((area) => ({ kind: 'area', area })), end: list.end } : undefined
}

const preambleToItem = /(?:[ ,、·:.()_-]|的|嘅|之|'s|部分){0,4}/uy
const ofArea = / ?(?:,|of|in|under|from)(?: the)? ?/uy

/** Reads what a reference names, from where its memorandum's name (if any) ends. */
export function readTail(text: string, at: number, manner: Manner): Tail | undefined {
  if (read(tailStart, text, at) === undefined) return undefined
  const preamble = skip(preambleWord, text, at)
  if (preamble > at) {
    const start = skip(preambleToItem, text, preamble)
    const numeral = readNumeral(text, start)
    const numbers =
      readNamedItems(text, start) ??
      readList(text, start, numeral?.script === 'arabic' ? { ...byNumber, first: notCounted } : byChineseNumber)
    return numbers === undefined
      ? { pointers: [{ kind: 'preamble' }], end: preamble }
      : { pointers: [{ kind: 'preamble', numbers: numbers.numbers }], end: numbers.end }
  }
  const areas = readNamedAreas(text, at, manner.memorandum)
  if (areas !== undefined) {
    const [area] = areas.areas
    const items =
      areas.areas.length === 1 && area !== undefined
        ? readItemsOfArea(text, areas.end, area, manner.memorandum)
        : undefined
    if (items !== undefined && area !== undefined)
      return { pointers: [{ kind: 'measures', area, numbers: items.numbers }], end: items.end }
    if (areas.counts === true && !(manner.short ? notCounted : strictlyEnded)(text, areas.end)) return undefined
    return { pointers: areas.areas.map((ordinal) => ({ kind: 'area', area: ordinal })), end: areas.end }
  }
  const items = readNamedItems(text, at)
  if (items !== undefined) {
    // item 4 of area 7
    const joint =
      items.area === undefined && /[a-z0-9]/u.test(text[at] ?? '') ? skip(ofArea, text, items.end) : items.end
    const under = joint > items.end ? readNamedAreas(text, joint, manner.memorandum) : undefined
    const area = under?.areas.length === 1 ? under.areas[0] : items.area
    const end = under?.areas.length === 1 ? under.end : items.end
    return {
      pointers: [
        area === undefined
          ? { kind: 'measures', numbers: items.numbers }
          : { kind: 'measures', area, numbers: items.numbers },
      ],
      end,
    }
  }
  if (manner.compact === 'none') return undefined
  const both = readPair(text, at, { memorandum: manner.memorandum })
  if (both !== undefined)
    return { pointers: [{ kind: 'measures', area: both.area, numbers: both.numbers }], end: both.end }
  return manner.compact === 'all' ? readAlone(text, at, manner) : undefined
}
