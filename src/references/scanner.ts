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
  readList,
} from './lists.ts'
import { type Numeral, readEnglishOrdinal, readNumeral, readRoman, readWordNumeral } from './numerals.ts'
import { read, skip } from './sticky.ts'
import {
  areaToItem,
  areaUnit,
  areaWord,
  englishAreaUnit,
  englishFromEnd,
  englishItemUnit,
  fromEnd,
  itemWord,
  lastItem,
  listSeparator,
  numberSign,
  pair,
  plainAreaUnit,
  preambleWord,
  rangeSign,
  tailStart,
  tightSign,
} from './words.ts'

/** What stands after a memorandum's name, before it is known whose. `numbers` are printed numbers. */
export type Pointer =
  /** `lettered`: 21A, which no clause bears. */
  | {
      readonly kind: 'measures'
      readonly area?: number
      readonly numbers: readonly number[]
      readonly lettered?: readonly string[]
    }
  /** `alone`: no word says that the number is an area's: 浙三, Sichuan 5. */
  | { readonly kind: 'area'; readonly area: number; readonly alone?: true }
  /** From one item to another in a later area: 七4至八2. */
  | { readonly kind: 'stretch'; readonly from: AreaItem; readonly to: AreaItem }
  /** The last clause, or the second last: `fromEnd` counts from 1. */
  | { readonly kind: 'last'; readonly area?: number; readonly fromEnd: number }
  | { readonly kind: 'preamble'; readonly numbers?: readonly number[] }
/** An item by its area and its number. */
export type AreaItem = { readonly area: number; readonly number: number }

/** One or more pointers that share a place in the text; `end` is where they end. */
export type Tail = { readonly pointers: readonly Pointer[]; readonly end: number }

/** An area's title in the form of the scanner's lines. */
export type Title = { readonly ordinal: number; readonly text: string }

/** How a tail may be written. */
export type Manner = {
  /** Whose numbering holds; `undefined` where nobody has said yet. */
  readonly memorandum: Memorandum | undefined
  /** Titles of its areas. */
  readonly titles: readonly Title[]
  /** `all`: 川七4, 浙21, 渝三. `pairs`: 七4 alone, as after 川五1、. `none`: only with a word for area, item or preamble. */
  readonly compact: 'all' | 'pairs' | 'none'
  /**
   * A short name (浙, 浙港) stands before: people write that to cite; after a province's full name numbers mostly count.
   */
  readonly short: boolean
  /** True where another reference's name begins: 渝三同浙五. */
  readonly namedNext: (at: number) => boolean
}

const measures = ({ numbers, lettered }: Numbers, area?: number): Pointer => ({
  kind: 'measures',
  ...(area === undefined ? {} : { area }),
  numbers,
  ...(lettered === undefined ? {} : { lettered }),
})

/** Items with a word that says so, and the area where one is written with them: 第七.4項, item 7.4. */
type Items = Numbers & { readonly area?: number; readonly through?: AreaItem; readonly fromEnd?: number }

type Numbering = Pick<Manner, 'memorandum' | 'namedNext'>
const gap = /,? /uy

/** 第4項, 第16至19項, item 4, items 16 to 19, 4th measure, #4, 最後一項. */
function readNamedItems(text: string, at: number, manner: Numbering): Items | undefined {
  if (text[at] === '第') {
    const area = readNumeral(text, at + 1)
    // 第七之四
    if (area !== undefined && text[area.end] === '之') {
      const both = readPair(text, at + 1, manner, true)
      if (both !== undefined) return both
    }
    // 第七.4項
    if (area !== undefined && text[area.end] === '.') {
      const item = readList(text, area.end + 1, byOrdinal)
      if (item !== undefined) return { ...item, area: area.value }
    }
    return readList(text, at, byOrdinal)
  }
  const last = skip(lastItem, text, at)
  if (last > at) return { numbers: [], fromEnd: 1, end: last }
  const counted = skip(fromEnd, text, at)
  if (counted > at) {
    const one = readList(text, counted, byOrdinal)
    return one?.numbers.length === 1 ? { numbers: [], fromEnd: one.numbers[0] ?? 1, end: one.end } : undefined
  }
  const ordinal = readEnglishOrdinal(text, at)
  if (ordinal !== undefined) {
    const back = skip(englishFromEnd, text, ordinal.end)
    const end = skip(englishItemUnit, text, back)
    if (end === back) return undefined
    return back > ordinal.end ? { numbers: [], fromEnd: ordinal.value, end } : { numbers: [ordinal.value], end }
  }
  const worded = skip(itemWord, text, at)
  const signed = skip(numberSign, text, worded)
  if (signed === at) return undefined
  // item 7.4, § 9(2)
  const both = readPair(text, signed, manner, true)
  if (both !== undefined) return both
  if (worded > at) return readList(text, signed, byWord)
  // no. 30 Zhejiang
  const follow: Follow = (line, from) => safelyEnded(line, from) || manner.namedNext(skip(gap, line, from))
  return readList(text, signed, { ...bySign, first: follow, later: follow })
}

/** Behind 第, where it stands. */
const afterOrdinalSign = (text: string, at: number) => (text[at] === '第' ? at + 1 : at)

/** No memorandum has as many areas. */
const mostAreas = 20
/** Without one near, no list of areas is read at all: this says so at once. */
const anyAreaNoun = /[部范领板章节]/u
const farthestAreaNoun = 120

/** `counts`: 十三領域 without 第 may count them. */
type Areas = { readonly areas: readonly number[]; readonly end: number; readonly counts?: boolean }

/**
 * Areas with a word that says so: 第七部分, 第三至五範疇, 七部分, 領域七, area 7, parts 3 and 4, 7th section; or with their title:
 * 五、青年發展.
 */
function readNamedAreas(text: string, at: number, titles: readonly Title[]): Areas | undefined {
  const ordinal = readEnglishOrdinal(text, at)
  if (ordinal !== undefined) {
    const end = skip(englishAreaUnit, text, ordinal.end)
    return end === ordinal.end ? undefined : { areas: [ordinal.value], end }
  }
  const worded = skip(areaWord, text, at)
  return worded > at ? readAreasBehindWord(text, at, worded) : readAreasBeforeWord(text, at, titles)
}

/** area 7, parts 3 and 4, area 3 to area 5, 領域七, section 4.4 */
function readAreasBehindWord(text: string, at: number, start: number): Areas | undefined {
  const numeralAt = (from: number) => readNumeral(text, from) ?? readWordNumeral(text, from)
  const first = numeralAt(start)
  if (first === undefined) return undefined
  const sign = skip(rangeSign, text, first.end)
  const again = sign > first.end ? skip(areaWord, text, sign) : sign
  const last = again > sign ? numeralAt(again) : undefined
  const range = last === undefined ? undefined : expand(first.value, last.value)
  if (last !== undefined && range !== undefined && notCounted(text, last.end)) return { areas: range, end: last.end }
  const isPair = read(pair, text, start) !== undefined
  const plural = /s\.? ?(?:numbers? |nos?\.? ?|#)?$/u.test(text.slice(at, start))
  if (plural || (sign > first.end && !isPair)) {
    const list = readList(text, start, { ...byWord, lettered: false })
    if (list !== undefined) return { areas: list.numbers, end: list.end }
    if (plural) return undefined
  }
  // section 4.4 goes on with the item.
  return notCounted(text, first.end) || (isPair && /[.(]/u.test(text[first.end] ?? ''))
    ? { areas: [first.value], end: first.end }
    : undefined
}

/** 第七部分, 第三、四範疇, 第三部分至第五部分, 七部分, 五、青年發展; 第七 where 第四項 follows. */
function readAreasBeforeWord(text: string, at: number, titles: readonly Title[]): Areas | undefined {
  const counted = text[at] === '第'
  const units = counted ? areaUnit : plainAreaUnit
  const areas: number[] = []
  let from = at
  for (let n = 0; n < mostAreas; n += 1) {
    const numeral = readNumeral(text, afterOrdinalSign(text, from))
    if (numeral === undefined) return undefined
    const bare = skip(units, text, numeral.end)
    const sign = skip(rangeSign, text, bare)
    const last = sign > bare ? readNumeral(text, afterOrdinalSign(text, sign)) : undefined
    const range = last === undefined ? undefined : expand(numeral.value, last.value)
    const unit = last === undefined || range === undefined ? bare : skip(units, text, last.end)
    // What stands between 第七部分 and the end of another thing is none of ours: 第七部分至2025年.
    if (last !== undefined && range !== undefined && (bare === numeral.end || unit > last.end)) {
      areas.push(...range)
      if (unit > last.end) return { areas: areas.slice(0, mostNumbers), end: unit, counts: !counted }
      from = skip(listSeparator, text, last.end)
      if (!counted || from === last.end) return undefined
      continue
    }
    areas.push(numeral.value)
    if (bare > numeral.end) return { areas, end: bare, counts: !counted }
    if (n === 0) {
      if (counted && text[bare] === '第' && readList(text, bare, byOrdinal) !== undefined) return { areas, end: bare }
      const titled = skipTitle(text, skip(/[,、.]/uy, text, bare), numeral.value, titles)
      if (titled !== undefined) return { areas, end: titled }
      if (!counted || !anyAreaNoun.test(text.slice(at, at + farthestAreaNoun))) return undefined
    }
    from = skip(listSeparator, text, bare)
    if (from === bare) return undefined
  }
  return undefined
}

function skipTitle(text: string, at: number, area: number, titles: readonly Title[]): number | undefined {
  const title = titles.find(({ ordinal }) => ordinal === area)?.text ?? ''
  return title !== '' && text.startsWith(title, at) ? at + title.length : undefined
}

/** The item after a named area: 第七部分第4項, 第七部分（教育）第4項, area 3, item 2, section 4.4, 第六部分4項. */
function readItemsOfArea(text: string, at: number, area: number, manner: Manner): Items | undefined {
  const near = skip(areaToItem, text, at)
  const titled = skipTitle(text, near, area, manner.titles)
  const start = titled === undefined ? near : skip(areaToItem, text, titled)
  if (readNamedAreas(text, start, []) !== undefined) return undefined
  const named = readNamedItems(text, start, manner)
  if (named !== undefined) return named.area === undefined ? named : undefined
  const plain = skip(tightSign, text, at)
  const numeral = readNumeral(text, plain)
  if (numeral === undefined || /[,、]/u.test(text.slice(at, plain))) return undefined
  const items = readList(text, plain, numeral.script === 'arabic' ? byNumber : byChineseNumber)
  return items !== undefined && text[plain - 1] === '(' && text[items.end] === ')'
    ? { ...items, end: items.end + 1 }
    : items
}

/**
 * Whether a sign may stand between area and item. Between two Arabic numbers most signs may mean another thing: Hubei
 * 24/7, 浙16-19.
 */
function joinsPair(sign: string, area: Numeral, { memorandum }: Numbering, named: boolean): boolean {
  if (/[.·之]/u.test(sign)) return true
  if (named) return sign === '(' && memorandum?.numbering !== 'annex'
  const exists = memorandum?.areas.some((candidate) => candidate.ordinal === area.value) === true
  const isAnnex = memorandum?.numbering === 'annex'
  // 浙廿一、22 is a list.
  if (area.script === 'chinese') return (/[、, ]/u.test(sign) && (exists || !isAnnex)) || /[(_/-]/u.test(sign)
  if (area.script === 'latin') return /[( ]/u.test(sign)
  return exists && (sign === '(' || (!isAnnex && /[/ -]/u.test(sign)))
}

/** Area of a pair: 七, 7, vii, seven. A Roman letter alone needs a sign behind it that nothing else has: I.4. */
function readAreaOfPair(text: string, at: number): Numeral | undefined {
  const numeral = readNumeral(text, at)
  if (numeral !== undefined) return numeral
  const roman = readRoman(text, at, 'letters')
  if (roman !== undefined) return roman.end > at + 1 || /[\d.(]/u.test(text[roman.end] ?? '') ? roman : undefined
  return readWordNumeral(text, at)
}

type Pair = Numbers & { readonly area: number; readonly through?: AreaItem }

/** Area and item without a word for either: 七4, 五.3, 十一之2, 七（4）, 7.4, VII.4; in numbering by area also 7-4 and 7 4. */
function readPair(text: string, at: number, manner: Numbering, isNamed = false): Pair | undefined {
  const area = readAreaOfPair(text, at)
  if (area === undefined || (area.script === 'arabic' && area.value > 99)) return undefined
  const chineseArea = area.script === 'chinese'
  const sign = text[area.end] ?? ''
  if (area.script !== 'arabic' && !isNamed) {
    // 川七第4項, 鄂五 item 3, 浙三、第12項
    const named = readNamedItems(text, area.end + Number(/[、,. ]/u.test(sign)), manner)
    if (named !== undefined && named.fromEnd === undefined)
      return named.area === undefined ? { ...named, area: area.value } : undefined
  }
  let start = area.end
  if (joinsPair(sign, area, manner, isNamed)) start += 1
  else if (area.script === 'latin' && !/\d/u.test(sign)) return undefined
  const item = readNumeral(text, start) ?? (area.script === 'latin' ? readRoman(text, start, 'letters') : undefined)
  if (item === undefined) return undefined
  // 七四 without a sign is one number; 七、四 and 三-五 are two areas; 十之八九 is an idiom.
  if (item.script === 'chinese' && (start === area.end || sign === '、' || sign === ',')) return undefined
  if (
    text.startsWith('十之八九', at) ||
    text.startsWith('十之七八', at) ||
    (chineseArea && item.script === 'arabic' && start === area.end && item.value > 999)
  )
    return undefined
  const through = readThrough(text, area, item, manner, isNamed)
  if (through !== undefined) return through
  const clear = chineseArea && item.script === 'arabic' && sign !== ','
  const end = clear ? notCounted : safelyEnded
  const inBrackets = sign === '('
  const follow: Follow = inBrackets ? (line, from) => line[from] === ')' || end(line, from) : end
  const list = readList(text, start, {
    first: follow,
    later: safelyEnded,
    weakUnit: clear ? notCounted : safelyEnded,
    script: item.script,
    words: item.script === 'latin',
    tight: !clear,
    loose: true,
    lettered: !inBrackets,
  })
  // 重慶2.0
  if (list === undefined || (!isNamed && !chineseArea && list.numbers.includes(0))) return undefined
  // 川7 4 2 and 川7-4-2 may be three items, a pair and an item, or two areas and an item.
  if (!chineseArea && /[/ -]/u.test(sign) && text.slice(start, list.end).includes(sign)) return undefined
  const closed = inBrackets && text[list.end] === ')' ? list.end + 1 : list.end
  return { ...list, area: area.value, end: closed }
}

/** 七1至七3, 7.1-7.3; 七4至八2. */
function readThrough(
  text: string,
  area: Numeral,
  item: Numeral,
  manner: Numbering,
  isNamed: boolean,
): Pair | undefined {
  const sign = skip(rangeSign, text, item.end)
  if (sign === item.end || read(pair, text, sign) === undefined) return undefined
  const toArea = readAreaOfPair(text, sign)
  if (toArea === undefined) return undefined
  const between = text[toArea.end] ?? ''
  const from = joinsPair(between, toArea, manner, isNamed) ? toArea.end + 1 : toArea.end
  const last = readNumeral(text, from)
  if (last === undefined || !notCounted(text, last.end)) return undefined
  const range = expand(item.value, last.value)
  if (toArea.value === area.value)
    return range === undefined ? undefined : { area: area.value, numbers: range, end: last.end }
  if (toArea.value < area.value) return undefined
  return {
    area: area.value,
    numbers: [item.value],
    through: { area: toArea.value, number: last.value },
    end: last.end,
  }
}

/** 浙 2 1, as PDF readers part digits: 21 where there is such a clause. */
function readParted(text: string, at: number, memorandum: Memorandum): Numeral | undefined {
  const parted = read(/(\d) (\d)(?! ?\d)/uy, text, at)
  if (parted === undefined || memorandum.numbering !== 'annex') return undefined
  const value = Number(`${parted[1]}${parted[2]}`)
  const exists = memorandum.areas.some((area) => area.measures.some(({ number }) => number === value))
  return exists ? { value, end: at + 3, script: 'arabic' } : undefined
}

/** English words are names first: one of…, seven universities; Roman letters may be initials. */
const leastClearWord = 20

/** A number alone after the name: 浙21 (an item), 渝三 (an area, where there is one). */
function readAlone(text: string, at: number, manner: Manner): Tail | undefined {
  const { memorandum, short } = manner
  if (memorandum === undefined) return undefined
  const isAnnex = memorandum.numbering === 'annex'
  const numeral = readNumeral(text, at)
  if (numeral === undefined) return readAloneInWords(text, at, memorandum)
  if (numeral.script === 'arabic') {
    // 浙江0571-1234567, 浙江2025, 浙江12345: a telephone number, a year.
    if (/^0\d\d/u.test(text.slice(at, at + 3))) return undefined
    const follow: Follow = (line, from) => (short ? notCounted : safelyEnded)(line, from) || manner.namedNext(from)
    const parted = readParted(text, at, memorandum)
    if (parted !== undefined && follow(text, parted.end))
      return { pointers: [{ kind: 'measures', numbers: [parted.value] }], end: parted.end }
    const list = readList(text, at, {
      first: follow,
      later: follow,
      weakUnit: safelyEnded,
      tight: true,
      loose: isAnnex,
      lettered: short,
      script: 'arabic',
    })
    if (
      list === undefined ||
      list.numbers.some(
        (number) => (number === 0 && !short) || (number >= 1900 && number <= 2100) || number > (short ? 9999 : 999),
      )
    )
      return undefined
    // 重慶3點; 福建5號 is a day, unless nothing else is said.
    const unit = text[list.end - 1] ?? ''
    if (!short && (unit === '点' || (unit === '号' && /[\p{L}\p{N}]/u.test(text.slice(list.end, list.end + 9)))))
      return undefined
    const plain = !isAnnex && list.lettered === undefined && /\d/u.test(unit)
    const known = new Set(memorandum.areas.map((area) => area.ordinal))
    return plain && list.numbers.every((number) => known.has(number))
      ? { pointers: list.numbers.map((area) => ({ kind: 'area', area, alone: true })), end: list.end }
      : { pointers: [measures(list)], end: list.end }
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
  const unit = /[项条点款号]$/u.test(text.slice(at, list.end))
  if (!short && /[点号]/u.test(text[list.end - 1] ?? '')) return undefined
  const known = new Set(memorandum.areas.map((area) => area.ordinal))
  const alone = isAnnex ? { alone: true as const } : {}
  if (!unit && list.numbers.every((number) => known.has(number)))
    return { pointers: list.numbers.map((area) => ({ kind: 'area', area, ...alone })), end: list.end }
  if (unit || isAnnex) return { pointers: [measures(list)], end: list.end }
  return short ? { pointers: list.numbers.map((area) => ({ kind: 'area', area })), end: list.end } : undefined
}

/** Zhejiang twenty-one; Chongqing II. */
function readAloneInWords(text: string, at: number, memorandum: Memorandum): Tail | undefined {
  const roman = readRoman(text, at, 'none')
  if (roman !== undefined)
    return strictlyEnded(text, roman.end)
      ? { pointers: [{ kind: 'area', area: roman.value }], end: roman.end }
      : undefined
  const first = readWordNumeral(text, at)
  // The Zhejiang one is no first item.
  if (first === undefined || first.value === 1 || readRoman(text, at, 'letters') !== undefined) return undefined
  const clear: Follow = (line, from) =>
    (first.value > leastClearWord ? safelyEnded : strictlyEnded)(line, from) ||
    (first.value > leastClearWord && skip(rangeSign, line, from) > from)
  const list = readList(text, at, { first: clear, later: clear, words: true, tight: true })
  if (list === undefined) return undefined
  return memorandum.numbering === 'annex'
    ? { pointers: [measures(list)], end: list.end }
    : { pointers: list.numbers.map((area) => ({ kind: 'area', area, alone: true })), end: list.end }
}

const preambleToItem = /(?:[ ,、·:.()_-]|的|嘅|之|'s|部分){0,4}/uy
const ofArea = / ?(?:,|of|in|under|from)(?: the)? ?/uy
/** 第十項之第三點, 第一條第一點: an item's word for the area, where there is one for the item as well. */
const subordinate = /[的嘅之,]?(?=第)/uy

/** What items point at, once it is known in which area. */
function pointerOf(items: Items, area: number | undefined): Pointer {
  if (items.fromEnd !== undefined)
    return { kind: 'last', ...(area === undefined ? {} : { area }), fromEnd: items.fromEnd }
  const [number] = items.numbers
  if (items.through !== undefined && area !== undefined && number !== undefined)
    return { kind: 'stretch', from: { area, number }, to: items.through }
  return measures(items, area)
}

/** Reads what a reference names, from where its memorandum's name (if any) ends. */
export function readTail(text: string, at: number, manner: Manner): Tail | undefined {
  const titled = manner.titles.find((title) => text.startsWith(title.text, at))
  if (titled !== undefined) {
    // 浙港金融第2項
    const end = at + titled.text.length
    const items = readNamedItems(text, skip(areaToItem, text, end), manner)
    if (items !== undefined && items.area === undefined)
      return { pointers: [pointerOf(items, titled.ordinal)], end: items.end }
  }
  if (read(tailStart, text, at) === undefined) return undefined
  const preamble = skip(preambleWord, text, at)
  if (preamble > at) {
    const start = skip(preambleToItem, text, preamble)
    const numeral = readNumeral(text, start)
    const numbers =
      readNamedItems(text, start, { ...manner, memorandum: undefined }) ??
      readList(text, start, numeral?.script === 'arabic' ? { ...byNumber, first: notCounted } : byChineseNumber)
    return numbers === undefined || numbers.numbers.length === 0
      ? { pointers: [{ kind: 'preamble' }], end: preamble }
      : { pointers: [{ kind: 'preamble', numbers: numbers.numbers }], end: numbers.end }
  }
  const areas = readNamedAreas(text, at, manner.titles)
  if (areas !== undefined) {
    const [area] = areas.areas
    const items =
      areas.areas.length === 1 && area !== undefined ? readItemsOfArea(text, areas.end, area, manner) : undefined
    if (items !== undefined && area !== undefined) return { pointers: [pointerOf(items, area)], end: items.end }
    if (areas.counts === true && !(manner.short ? notCounted : strictlyEnded)(text, areas.end)) return undefined
    return { pointers: areas.areas.map((ordinal) => ({ kind: 'area', area: ordinal })), end: areas.end }
  }
  const items = readNamedItems(text, at, manner)
  if (items !== undefined) return readNamedTail(text, at, items, manner)
  if (manner.compact === 'none') return undefined
  const both = readPair(text, at, manner)
  if (both !== undefined) return { pointers: [pointerOf(both, both.area)], end: both.end }
  return manner.compact === 'all' ? readAlone(text, at, manner) : undefined
}

/** Items with a word, and their area where it comes behind them or is one of them. */
function readNamedTail(text: string, at: number, items: Items, manner: Manner): Tail {
  const [first] = items.numbers
  // 第十項之第三點
  if (text[at] === '第' && items.area === undefined && items.numbers.length === 1 && first !== undefined) {
    const under = read(subordinate, text, items.end)
    const counters = [text[items.end - 1], undefined]
    const point =
      under === undefined ? undefined : readList(text, items.end + under[0].length, { ...byOrdinal, loose: false })
    counters[1] = point === undefined ? undefined : text[point.end - 1]
    // 第1項、第2項 and 第4項第5項 are two items of one kind.
    if (point !== undefined && counters[0] !== counters[1])
      return manner.memorandum?.numbering === 'annex'
        ? {
            pointers: [
              { kind: 'measures', numbers: [], lettered: point.numbers.map((number) => `${first}（${number}）`) },
            ],
            end: point.end,
          }
        : { pointers: [measures(point, first)], end: point.end }
  }
  // item 4 of area 7
  const joint = items.area === undefined && /[a-z0-9]/u.test(text[at] ?? '') ? skip(ofArea, text, items.end) : items.end
  const under = joint > items.end ? readNamedAreas(text, joint, manner.titles) : undefined
  return under?.areas.length === 1
    ? { pointers: [pointerOf(items, under.areas[0])], end: under.end }
    : { pointers: [pointerOf(items, items.area)], end: items.end }
}
