import { shortName } from '../memorandum/library.ts'
import type { Memorandum } from '../model/corpus.ts'
import { oneOf } from '../text/vocabulary.ts'
import { readAloneMessage } from './alone.ts'
import { safelyEnded, strictlyEnded } from './follows.ts'
import type { Named, Names } from './names.ts'
import { readNumeral, readWordNumeral } from './numerals.ts'
import { type Reference, type Unmet, whatExists } from './resolve.ts'
import { type Manner, type Pointer, readTail, type Tail } from './scanner.ts'
import { read, skip } from './sticky.ts'
import { englishOtherDocuments, otherDocuments, ownDocuments } from './vocabulary.ts'
import { continuation, type Line, lineOf, plainItemUnit } from './words.ts'

/** `start` and `end` are UTF-16 offsets in the question. References of one list (渝三、五) share them. */
export type FoundReference = { readonly reference: Reference; readonly start: number; readonly end: number }

// 基本法第23條, "Basic Law article 23": the clause of another document.
const otherDocument = new RegExp(
  `(?:${oneOf(otherDocuments)}|(?:${oneOf(englishOtherDocuments)})(?:,| )?)[">)]?(?:的|嘅)?$`,
  'u',
)
// "article 23 of the Basic Law" names no memorandum either.
const ofOther = new RegExp(
  ` (?:of|from) (?!(?:the |this |that )?(?:same |said )?(?:${oneOf(ownDocuments)})(?![a-z]))`,
  'uy',
)
const ofName =
  /(?:(?:(?:(?<![a-z0-9]) ?| )(?:of|in|from|under|for|to) |,? ?\()(?:the )?|(?:, ?| )(?=[a-z])|,(?=\p{Script=Han}{1,4}$))(?:(?:19|20)\d{2} )?/uy
// 「第一點，…」 without a name opens an argument more often than it names a clause.
const argument = /点|point/u
// A ranking: "number 1 in Zhejiang", "#1 in Sichuan"; but "no. 30 of the Zhejiang memorandum" is a clause.
const ranking = /^(?:#|nos?\.?|numbers?)/u
const ranked = / in /u
const related = / (?:of|from|under|for|to) /u

/** Numbers that go on without a word: 浙21、廿三; 鄂一2，四. */
function readLone(text: string, at: number, memorandum: Memorandum, before: Tail): Tail | undefined {
  const [first] = before.pointers
  if (first?.kind !== 'measures' && first?.kind !== 'area') return undefined
  const isAnnex = memorandum.numbering === 'annex'
  const numeral = readNumeral(text, at) ?? readWordNumeral(text, at)
  if (numeral === undefined || (numeral.script === 'latin' && numeral.value === 1)) return undefined
  const ends = numeral.script === 'arabic' ? safelyEnded : strictlyEnded
  if (!ends(text, numeral.end)) return undefined
  if (isAnnex) return { pointers: [{ kind: 'measures', numbers: [numeral.value] }], end: numeral.end }
  // Beside an item a Chinese numeral is an area's, as it is by itself.
  const exists = memorandum.areas.some(({ ordinal }) => ordinal === numeral.value)
  return numeral.script === 'chinese' && exists
    ? { pointers: [{ kind: 'area', area: numeral.value }], end: numeral.end }
    : undefined
}

const joint = /(?:[^\p{L}\p{N}\s%‰$€£¥°]| ){0,4}/uy
const bracket = /\((?:[a-z]|\d{1,2}|[一二三四五六七八九十]{1,2})\)/uy
/** Numbers behind a reference that are looked at. */
const mostBehind = 10

/**
 * Where what stands right behind a reference ends, when it is a number that no reader took: 浙21|22, 浙第21項22. Then the
 * whole is unread, for a part of it would be another reference. `undefined` when nothing of the kind stands there.
 */
function readBehind(text: string, from: number): number | undefined {
  let end = from
  let last: number | undefined
  for (let n = 0; n < mostBehind; n += 1) {
    const inBrackets = skip(bracket, text, end)
    const at = skip(joint, text, end)
    const numeral = readNumeral(text, at)
    if (inBrackets > end) {
      end = inBrackets
      last = end
      continue
    }
    if (numeral === undefined || numeral.value >= 1900) break
    const isChinese = numeral.script === 'chinese'
    // 浙16、19兩項 counts what was named.
    if (isChinese && at === end && /\p{Script=Han}/u.test(text[end - 1] ?? '')) break
    const unit = isChinese ? numeral.end : skip(plainItemUnit, text, numeral.end)
    const isEnded = isChinese ? strictlyEnded(text, numeral.end) : safelyEnded(text, unit)
    end = unit
    if (isEnded) last = end
  }
  return last
}

/**
 * The references of a question, in order. `fallback` is the memorandum that the chat is about: with it 「第21項」 counts
 * without a name, and so does a message of nothing but numbers (22呢). Linear in the length of the question; never
 * throws.
 */
export function findReferences(query: string, names: Names, fallback?: Memorandum): readonly FoundReference[] {
  const line = lineOf(query)
  const { text } = line
  const { starts } = names
  starts.lastIndex = 0
  const found: FoundReference[] = []
  /** Memoranda named so far, and the one named last as a document. */
  const mentioned = new Set<Memorandum>()
  let document: Memorandum | undefined
  const namedNext = (at: number) => names.at(text, at) !== undefined
  const mannerOf = (memorandum: Memorandum | undefined, compact: Manner['compact'], short: boolean): Manner => ({
    memorandum,
    titles: memorandum === undefined ? [] : names.titlesOf(memorandum),
    compact,
    short,
    namedNext,
  })
  const mannerAfter = ({ memorandum, short, close }: Named) =>
    mannerOf(memorandum, close && memorandum !== undefined ? 'all' : 'none', short)
  const push = (pointers: readonly Pointer[], memorandum: Memorandum, start: number, end: number) => {
    for (const pointer of pointers)
      found.push({ reference: { ...pointer, memorandum }, ...span(query, line, start, end) })
  }
  type More = { readonly start: number; readonly tail: Tail }
  /** 川七4、八2: what goes on with the same memorandum. */
  const readMore = (memorandum: Memorandum | undefined, short: boolean, first: Tail, lone: boolean) => {
    const more: More[] = []
    let before = first
    for (;;) {
      const start = skip(continuation, text, before.end)
      const tail =
        start === before.end
          ? undefined
          : (readTail(text, start, mannerOf(memorandum, 'pairs', short)) ??
            (lone && memorandum !== undefined ? readLone(text, start, memorandum, before) : undefined))
      if (tail === undefined) return { more, end: before.end }
      more.push({ start, tail })
      before = tail
    }
  }
  /** References of one memorandum; unread as a whole where a number behind them is. Returns where they end. */
  const take = (memorandum: Memorandum, start: number, tail: Tail, more: readonly More[], end: number): number => {
    const behind = readBehind(text, end)
    if (behind !== undefined) {
      const place = span(query, line, start, behind)
      found.push({
        reference: { kind: 'unread', memorandum, written: query.slice(place.start, place.end) },
        ...place,
      })
      return behind
    }
    push(tail.pointers, memorandum, start, tail.end)
    for (const next of more) push(next.tail.pointers, memorandum, next.start, next.tail.end)
    return end
  }

  for (let match = starts.exec(text); match !== null; match = starts.exec(text)) {
    const start = match.index
    const name = names.at(text, start)
    if (name !== undefined) {
      const { memorandum } = name
      const tail = readTail(text, name.end, mannerAfter(name))
      if (memorandum !== undefined && !(name.letters && tail === undefined)) mentioned.add(memorandum)
      if (name.document || memorandum === undefined) document = memorandum
      // 香港浙江: 港浙 is no name there, so look again inside a short name.
      starts.lastIndex = tail?.end ?? (name.short ? start + 1 : name.nameEnd)
      if (tail === undefined || memorandum === undefined) continue
      const { more, end } = readMore(memorandum, name.short, tail, name.close)
      starts.lastIndex = take(memorandum, start, tail, more, end)
      continue
    }
    starts.lastIndex = start + 1
    const assumed = document ?? assume(mentioned, fallback)
    const tail = readTail(text, start, mannerOf(assumed, 'none', false))
    if (tail === undefined || otherDocument.test(text.slice(Math.max(0, start - 16), start))) continue
    // items 7.4 and 8.2 of the Sichuan memorandum
    const { more, end } = readMore(assumed, false, tail, false)
    starts.lastIndex = end
    const between = skip(ofName, text, end)
    const beside = between > end ? names.at(text, between) : undefined
    // clause 21 Zhejiang; but in "item 21 Zhejiang 22" the name begins a reference of its own.
    const isOwn =
      beside !== undefined &&
      /^(?:,| |, )$/u.test(text.slice(end, between)) &&
      readTail(text, beside.end, mannerAfter(beside)) !== undefined
    const owner = isOwn ? undefined : beside
    const [pointer] = tail.pointers
    if (owner !== undefined) {
      const relation = text.slice(end, between)
      const isRank = ranking.test(match[0]) && (ranked.test(relation) || (related.test(relation) && !owner.document))
      if (owner.memorandum === undefined || isRank) continue
      mentioned.add(owner.memorandum)
      // clause 2 of the Sichuan preamble
      const preamble =
        pointer?.kind === 'measures' && pointer.area === undefined
          ? readTail(text, owner.end, mannerOf(undefined, 'none', false))
          : undefined
      if (
        pointer?.kind === 'measures' &&
        preamble?.pointers[0]?.kind === 'preamble' &&
        preamble.pointers[0].numbers === undefined
      ) {
        push([{ kind: 'preamble', numbers: pointer.numbers }], owner.memorandum, start, preamble.end)
        starts.lastIndex = preamble.end
        continue
      }
      for (const each of [tail, ...more.map((next) => next.tail)])
        push(each.pointers, owner.memorandum, start, owner.end)
      starts.lastIndex = owner.end
    } else if (
      assumed !== undefined &&
      // The last of what? Only a name or an area says.
      !(pointer?.kind === 'last' && pointer.area === undefined) &&
      read(ofOther, text, end) === undefined &&
      !argument.test(text.slice(start, tail.end))
    )
      starts.lastIndex = take(assumed, start, tail, more, end)
  }
  if (found.length === 0 && fallback !== undefined) {
    const alone = readAloneMessage(text, mannerOf(fallback, 'all', true))
    if (alone !== undefined) push(alone.tail.pointers, fallback, alone.start, alone.tail.end)
  }
  return found
}

/**
 * A memorandum that a question names by a year that none has: 川港2021, 浙港2023第5項; the latest with that province.
 * `undefined` where the question goes on about something else: a year says more than an edition.
 */
export function findAbsentEdition(query: string, names: Names): Unmet | undefined {
  const { text } = lineOf(query)
  names.starts.lastIndex = 0
  for (let match = names.starts.exec(text); match !== null; match = names.starts.exec(text)) {
    const name = names.at(text, match.index)
    const year =
      name?.memorandum === undefined && name?.document === true
        ? /(?:19|20)\d{2}/u.exec(text.slice(match.index, name.end))?.[0]
        : undefined
    if (name === undefined || year === undefined) continue
    const latest = names.library.memoranda.findLast(({ province }) =>
      [province.zh, province.en.toLowerCase(), province.char].some((own) =>
        text.slice(match.index, name.nameEnd).includes(own),
      ),
    )
    const rest = `${text.slice(0, match.index)}${text.slice(name.end)}`
    const goesOn =
      /[\p{L}\p{N}]/u.test(rest) &&
      readTail(text, name.end, {
        memorandum: latest,
        titles: [],
        short: true,
        compact: 'all',
        namedNext: () => false,
      }) === undefined
    if (latest === undefined || goesOn) continue
    return {
      kind: 'item',
      asked: `${shortName(latest)} ${year}`,
      askedEn: `${latest.province.en} ${year}`,
      exists: whatExists(latest, undefined),
    }
  }
  return undefined
}

/** Whose a reference without a name is: the only memorandum named before it, else the one that the chat is about. */
function assume(mentioned: ReadonlySet<Memorandum>, fallback: Memorandum | undefined): Memorandum | undefined {
  if (fallback === undefined || mentioned.size === 0 || mentioned.has(fallback)) return fallback
  const [only] = mentioned
  return mentioned.size === 1 ? only : undefined
}

function span(query: string, line: Line, start: number, end: number): { start: number; end: number } {
  let to = end
  while (to > start + 1 && /[\s,、:;("·-]/u.test(line.text[to - 1] ?? '')) to -= 1
  const last = line.offsets[to - 1] ?? 0
  return { start: line.offsets[start] ?? 0, end: last + String.fromCodePoint(query.codePointAt(last) ?? 0).length }
}
