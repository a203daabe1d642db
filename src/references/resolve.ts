import { type Library, shortName, yearOf } from '../memorandum/library.ts'
import type { ItemsThatExist, MissingReason } from '../model/answer.ts'
import type { Memorandum, Unit } from '../model/corpus.ts'
import { unreachable } from '../model/unreachable.ts'
import { formatChineseNumeral } from '../text/numerals.ts'
import type { AreaItem, Pointer } from './scanner.ts'

/**
 * What a person types to name a clause: 川七4, 浙港第二十一項, Sichuan preamble clause 2. It may name what does not exist.
 * `measures` without `area` where numbers restart: that item of every area. `preamble` without `numbers`: the whole.
 */
export type Reference =
  | (Pointer & { readonly memorandum: Memorandum })
  /** Measures of an area by their place in it, where numbers run on. */
  | {
      readonly kind: 'positions'
      readonly memorandum: Memorandum
      readonly area: number
      readonly positions: readonly number[]
    }
  /** What is plainly meant to name clauses and cannot be read: 浙21|22. `written` as typed. */
  | { readonly kind: 'unread'; readonly memorandum: Memorandum; readonly written: string }

/** What a reference names in vain, or how it cannot be read. */
export type Unmet = Extract<MissingReason, { kind: 'item' | 'notation' }>
type Absent = Extract<MissingReason, { kind: 'item' }>
type Measure = Extract<Unit, { kind: 'measure' }>

/** A reference in words: 浙港第三部分第2項; Zhejiang area 3, item 2. */
export type Called = { readonly zh: string; readonly en: string }

const areaName = (area: number) => `第${area >= 1 && area <= 99 ? formatChineseNumeral(area) : area}部分`
const itemName = (number: number | string, area?: number): Called => ({
  zh: `${area === undefined ? '' : areaName(area)}第${number}項`,
  en: `${area === undefined ? '' : `area ${area}, `}item ${number}`,
})

/** Numbers in runs of neighbours. */
function runsOf(numbers: readonly number[]): number[][] {
  const all: number[][] = []
  for (const number of numbers) {
    const run = all.at(-1)
    if (run !== undefined && run.at(-1) === number - 1) run.push(number)
    else all.push([number])
  }
  return all
}

/** `25`, `52至60`: runs in words. */
const inWords = (numbers: readonly number[]) =>
  runsOf(numbers).map((run) => (run.length === 1 ? `${run[0]}` : `${run[0]}至${run.at(-1)}`))

/** 21a as people write it: 21A. */
const capital = (written: string) => (/^\d+[a-z]$/u.test(written) ? written.toUpperCase() : written)

/** What a reference says, in full. */
export function calledOf(reference: Reference): Called {
  const { memorandum } = reference
  const own = ({ zh, en }: Called): Called => ({
    zh: `${shortName(memorandum)}${zh}`,
    en: `${memorandum.province.en} ${en}`,
  })
  switch (reference.kind) {
    case 'area':
      return own({ zh: areaName(reference.area), en: `area ${reference.area}` })
    case 'measures':
      return own(
        itemName(
          [...inWords(reference.numbers), ...(reference.lettered ?? []).map(capital)].join('、'),
          reference.area,
        ),
      )
    case 'positions':
      return own({
        zh: `${areaName(reference.area)}順序第${reference.positions.join('、')}項`,
        en: `area ${reference.area}, number ${reference.positions.join(', ')} in order`,
      })
    case 'stretch': {
      const from = itemName(reference.from.number, reference.from.area)
      const to = itemName(reference.to.number, reference.to.area)
      return own({ zh: `${from.zh}至${to.zh}`, en: `${from.en} to ${to.en}` })
    }
    case 'last': {
      const { area, fromEnd } = reference
      const where = area === undefined ? '' : areaName(area)
      return own(
        fromEnd === 1
          ? { zh: `${where}最後一項`, en: `${area === undefined ? '' : `area ${area}, `}last item` }
          : {
              zh: `${where}倒數第${fromEnd}項`,
              en: `${area === undefined ? '' : `area ${area}, `}item ${fromEnd} from the end`,
            },
      )
    }
    case 'preamble':
      return reference.numbers === undefined
        ? own({ zh: '前言', en: 'preamble' })
        : own({
            zh: `前言第${inWords(reference.numbers).join('、')}項`,
            en: `preamble ${reference.numbers.join(', ')}`,
          })
    case 'unread':
      return { zh: reference.written, en: reference.written }
    default:
      return unreachable(reference)
  }
}

/**
 * The ways to take a reference, the likelier first: one, unless it was written so that it can mean two things. 浙十三:
 * the item or the area of that number; 第三部分第2項 where items run on: the printed number or the place in the area.
 * Only the first may name what does not exist.
 */
export function readingsOf(reference: Reference, library: Library): readonly Reference[] {
  const isMet = (candidate: Reference) => resolveReference(candidate, library).units.length > 0
  if (
    reference.kind === 'measures' &&
    reference.area !== undefined &&
    reference.memorandum.numbering === 'annex' &&
    !isMet(reference)
  ) {
    const { memorandum, area, numbers } = reference
    const inOrder: Reference = { kind: 'positions', memorandum, area, positions: numbers }
    return isMet(inOrder) ? [reference, inOrder] : [reference]
  }
  if (reference.kind !== 'area' || reference.alone !== true) return [reference]
  const item: Reference = { kind: 'measures', memorandum: reference.memorandum, numbers: [reference.area] }
  if (!isMet(item)) return [reference]
  // Where items run on, people cite by them.
  const ordered = reference.memorandum.numbering === 'annex' ? [item, reference] : [reference, item]
  return ordered.filter(isMet)
}

export type Resolved = { readonly units: readonly Unit[]; readonly missing: readonly Unmet[] }

/** The units that a reference names, in its order, and what it names in vain. Nothing is clamped or guessed. */
export function resolveReference(reference: Reference, library: Library): Resolved {
  const { memorandum } = reference
  const own = library.units.filter((unit) => unit.memorandum.id === memorandum.id)
  const measuresIn = (area: number | undefined) =>
    own.filter((unit): unit is Measure => unit.kind === 'measure' && (area === undefined || unit.area.ordinal === area))
  const miss = (narrower: Reference, area?: number): Absent => {
    const { zh, en } = calledOf(narrower)
    return { kind: 'item', asked: zh, askedEn: en, exists: whatExists(memorandum, area) }
  }
  switch (reference.kind) {
    case 'area': {
      const units = measuresIn(reference.area)
      return { units, missing: units.length > 0 ? [] : [miss(reference, reference.area)] }
    }
    case 'preamble': {
      if (reference.numbers === undefined) return { units: own.filter((unit) => unit.kind === 'preamble'), missing: [] }
      const { units, absent } = pick(
        own.filter((unit) => unit.kind === 'preamble-item'),
        reference.numbers,
      )
      return { units, missing: runsOf(absent).map((numbers) => miss({ ...reference, numbers })) }
    }
    case 'measures': {
      const { area, numbers, lettered = [], ...rest } = reference
      const { units, absent } = pick(measuresIn(area), numbers)
      const one = area === undefined ? rest : { ...rest, area }
      return {
        units,
        missing: [
          ...runsOf(absent).map((run) => miss({ ...one, numbers: run }, area)),
          ...lettered.map((written) => miss({ ...one, numbers: [], lettered: [written] }, area)),
        ],
      }
    }
    case 'positions': {
      const measures = measuresIn(reference.area)
      const units = reference.positions.flatMap((position) => measures[position - 1] ?? [])
      return { units, missing: units.length > 0 ? [] : [miss(reference, reference.area)] }
    }
    case 'last': {
      const unit = measuresIn(reference.area).at(-reference.fromEnd)
      return unit === undefined
        ? { units: [], missing: [miss(reference, reference.area)] }
        : { units: [unit], missing: [] }
    }
    case 'stretch': {
      const all = measuresIn(undefined)
      const ends = [reference.from, reference.to]
      const stands = (unit: Measure, { area, number }: AreaItem) => unit.area.ordinal === area && unit.number === number
      const isBefore = (unit: Measure, { area, number }: AreaItem) =>
        unit.area.ordinal < area || (unit.area.ordinal === area && unit.number < number)
      return {
        units: all.filter(
          (unit) => !isBefore(unit, reference.from) && (isBefore(unit, reference.to) || stands(unit, reference.to)),
        ),
        missing: ends
          .filter((end) => !all.some((unit) => stands(unit, end)))
          .map(({ area, number }) => miss({ kind: 'measures', memorandum, area, numbers: [number] }, area)),
      }
    }
    case 'unread':
      return { units: [], missing: [{ kind: 'notation', asked: reference.written }] }
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

/** What a memorandum, or one of its areas, has to be asked for. */
export function whatExists(memorandum: Memorandum, ordinal: number | undefined): ItemsThatExist {
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
