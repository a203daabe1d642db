import { type Library, shortName, yearOf } from '../memorandum/library.ts'
import type { ItemsThatExist, MissingReason } from '../model/answer.ts'
import type { Memorandum, Unit } from '../model/corpus.ts'
import { unreachable } from '../model/unreachable.ts'
import { formatChineseNumeral } from '../text/numerals.ts'
import { oneOf } from '../text/vocabulary.ts'
import type { Named, Names } from './names.ts'
import { type Manner, type Pointer, readTail, type Tail } from './scanner.ts'
import { englishOtherDocuments, otherDocuments, ownDocuments } from './vocabulary.ts'
import { continuation, type Line, lineOf, read, skip } from './words.ts'

/** What a person types to name a clause: 川七4, 浙港第二十一項, Sichuan preamble clause 2. It may name what does not exist. */
export type Reference =
  /**
   * `numbers` as printed, in the order asked, at most 200. Without `area` where numbers restart: that item of every
   * area.
   */
  | {
      readonly kind: 'measures'
      readonly memorandum: Memorandum
      readonly area?: number
      readonly numbers: readonly number[]
    }
  | { readonly kind: 'area'; readonly memorandum: Memorandum; readonly area: number }
  /** Without `numbers` the whole preamble. */
  | { readonly kind: 'preamble'; readonly memorandum: Memorandum; readonly numbers?: readonly number[] }

/** `start` and `end` are UTF-16 offsets in the question. References of one list (渝三、五) share them. */
export type FoundReference = { readonly reference: Reference; readonly start: number; readonly end: number }

type Missing = Extract<MissingReason, { kind: 'item' }>

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
const ofName = /(?:(?: (?:of|in|from|under|for|to) |,? ?\()(?:the )?|,? (?=[a-z]))(?:(?:19|20)\d{2} )?/uy
// 「第一點，…」 without a name opens an argument more often than it names a clause.
const argument = /点|point/u
// A ranking: "number 1 in Zhejiang", "#1 in Sichuan".
const ranking = /^(?:#|no\.?|numbers?)/u

/**
 * The references of a question, in order. `fallback` is the memorandum that the chat is about: with it 「第21項」 counts
 * without a name. Linear in the length of the question; never throws.
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
  const push = (pointers: readonly Pointer[], memorandum: Memorandum, start: number, end: number) => {
    for (const pointer of pointers)
      found.push({ reference: { ...pointer, memorandum }, ...span(query, line, start, end) })
  }
  /** 川七4、八2: what goes on with the same memorandum. */
  const readMore = (memorandum: Memorandum | undefined, short: boolean, from: number) => {
    const more: { start: number; tail: Tail }[] = []
    let end = from
    for (;;) {
      const start = skip(continuation, text, end)
      const tail = start === end ? undefined : readTail(text, start, { memorandum, short, compact: 'pairs', namedNext })
      if (tail === undefined) return { more, end }
      more.push({ start, tail })
      end = tail.end
    }
  }

  for (let match = starts.exec(text); match !== null; match = starts.exec(text)) {
    const start = match.index
    const name = names.at(text, start)
    if (name !== undefined) {
      const { memorandum } = name
      const tail = readTail(text, name.end, manner(name, namedNext))
      if (tail !== undefined && memorandum !== undefined) push(tail.pointers, memorandum, start, tail.end)
      if (memorandum !== undefined) mentioned.add(memorandum)
      if (name.document || memorandum === undefined) document = memorandum
      // 香港浙江: 港浙 is no name there, so look again inside a short name.
      starts.lastIndex = tail?.end ?? (name.short ? start + 1 : name.nameEnd)
      if (tail === undefined || memorandum === undefined) continue
      const { more, end } = readMore(memorandum, name.short, tail.end)
      for (const next of more) push(next.tail.pointers, memorandum, next.start, next.tail.end)
      starts.lastIndex = end
      continue
    }
    starts.lastIndex = start + 1
    const assumed = document ?? assume(mentioned, fallback)
    const tail = readTail(text, start, { memorandum: assumed, compact: 'none', short: false, namedNext })
    if (tail === undefined || otherDocument.test(text.slice(Math.max(0, start - 16), start))) continue
    // items 7.4 and 8.2 of the Sichuan memorandum
    const { more, end } = readMore(assumed, false, tail.end)
    starts.lastIndex = end
    const joint = skip(ofName, text, end)
    const beside = joint > end ? names.at(text, joint) : undefined
    // clause 21 Zhejiang; but in "item 21 Zhejiang 22" the name begins a reference of its own.
    const isOwn =
      beside !== undefined &&
      /^,? $/u.test(text.slice(end, joint)) &&
      readTail(text, beside.end, manner(beside, namedNext)) !== undefined
    const owner = isOwn ? undefined : beside
    if (owner !== undefined) {
      if (owner.memorandum === undefined || ranking.test(match[0])) continue
      // clause 2 of the Sichuan preamble
      const [pointer] = tail.pointers
      const preamble =
        pointer?.kind === 'measures' && pointer.area === undefined
          ? readTail(text, owner.end, { memorandum: undefined, compact: 'none', short: false, namedNext })
          : undefined
      const ofPreamble = preamble?.pointers[0]?.kind === 'preamble' && preamble.pointers[0].numbers === undefined
      if (ofPreamble && pointer?.kind === 'measures')
        push([{ kind: 'preamble', numbers: pointer.numbers }], owner.memorandum, start, preamble.end)
      else
        for (const each of [tail, ...more.map((next) => next.tail)])
          push(each.pointers, owner.memorandum, start, owner.end)
      mentioned.add(owner.memorandum)
      starts.lastIndex = ofPreamble ? preamble.end : owner.end
    } else if (
      assumed !== undefined &&
      read(ofOther, text, end) === undefined &&
      !argument.test(text.slice(start, tail.end))
    ) {
      push(tail.pointers, assumed, start, tail.end)
      for (const next of more) push(next.tail.pointers, assumed, next.start, next.tail.end)
    }
  }
  return found
}

/**
 * A memorandum that a question names by a year that none has: 川港2021, 浙港2023第5項; the latest with that province.
 * `undefined` where the question goes on about something else: a year says more than an edition.
 */
export function findAbsentEdition(query: string, names: Names): Missing | undefined {
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
      readTail(text, name.end, { memorandum: latest, short: true, compact: 'all', namedNext: () => false }) ===
        undefined
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

function manner(name: Named, namedNext: Manner['namedNext']): Manner {
  const { memorandum, short, close } = name
  return { memorandum, short, compact: close && memorandum !== undefined ? 'all' : 'none', namedNext }
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

/** The units that a reference names, in its order, and what it names in vain. Nothing is clamped or guessed. */
export function resolveReference(
  reference: Reference,
  library: Library,
): { units: readonly Unit[]; missing: readonly Missing[] } {
  const own = library.units.filter((unit) => unit.memorandum.id === reference.memorandum.id)
  const { memorandum } = reference
  const short = shortName(memorandum)
  const miss = (zh: string, en: string, area?: number): Missing => ({
    kind: 'item',
    asked: `${short}${zh}`,
    askedEn: `${memorandum.province.en} ${en}`,
    exists: whatExists(memorandum, area),
  })
  switch (reference.kind) {
    case 'area': {
      const units = own.filter((unit) => unit.kind === 'measure' && unit.area.ordinal === reference.area)
      return {
        units,
        missing: units.length > 0 ? [] : [miss(areaName(reference.area), `area ${reference.area}`, reference.area)],
      }
    }
    case 'preamble': {
      if (reference.numbers === undefined) return { units: own.filter((unit) => unit.kind === 'preamble'), missing: [] }
      const { units, absent } = pick(
        own.filter((unit) => unit.kind === 'preamble-item'),
        reference.numbers,
      )
      return { units, missing: runs(absent).map((run) => miss(`前言第${run}項`, `preamble ${run}`)) }
    }
    case 'measures': {
      const { area } = reference
      const measures = own
        .filter((unit) => unit.kind === 'measure')
        .filter((unit) => area === undefined || unit.area.ordinal === area)
      const { units, absent } = pick(measures, reference.numbers)
      return {
        units,
        missing: runs(absent).map((run) =>
          miss(
            `${area === undefined ? '' : areaName(area)}第${run}項`,
            `${area === undefined ? '' : `area ${area}, `}item ${run}`,
            area,
          ),
        ),
      }
    }
    default:
      return unreachable(reference)
  }
}

/** The units with these numbers, and the numbers without a unit. */
function pick(
  units: readonly Extract<Unit, { number: number }>[],
  numbers: readonly number[],
): { units: Unit[]; absent: number[] } {
  const wanted = [...new Set(numbers)]
  return {
    units: wanted.flatMap((number) => units.filter((unit) => unit.number === number)),
    absent: wanted.filter((number) => !units.some((unit) => unit.number === number)),
  }
}

/** `25`, `52至60`: numbers in words, neighbours together. */
function runs(numbers: readonly number[]): string[] {
  const all: { first: number; last: number }[] = []
  for (const number of numbers) {
    const run = all.at(-1)
    if (run !== undefined && run.last + 1 === number) run.last = number
    else all.push({ first: number, last: number })
  }
  return all.map(({ first, last }) => (first === last ? `${first}` : `${first}至${last}`))
}

function areaName(area: number): string {
  return `第${area >= 1 && area <= 99 ? formatChineseNumeral(area) : area}部分`
}

function whatExists(memorandum: Memorandum, ordinal: number | undefined): ItemsThatExist {
  const area = memorandum.areas.find((candidate) => candidate.ordinal === ordinal)
  const first = area?.measures.at(0)?.number
  const last = area?.measures.at(-1)?.number
  return {
    memorandum: memorandum.id,
    shortName: shortName(memorandum),
    en: memorandum.province.en,
    year: yearOf(memorandum),
    numbering: memorandum.numbering,
    areas: memorandum.areas.length,
    lastItem: Math.max(0, ...memorandum.areas.flatMap(({ measures }) => measures.map(({ number }) => number))),
    ...(area === undefined || first === undefined || last === undefined
      ? {}
      : { area: { ordinal: area.ordinal, title: area.title, first, last } }),
  }
}
