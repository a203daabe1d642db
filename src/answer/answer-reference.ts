import { neighbours } from '../memorandum/library.ts'
import type { Answer } from '../model/answer.ts'
import type { Memorandum, Unit } from '../model/corpus.ts'
import { findUnnamed, findUnread, readStride, type Stride } from '../references/alone.ts'
import { findReferences } from '../references/references.ts'
import {
  type Called,
  calledOf,
  type Reference,
  type Resolved,
  readingsOf,
  resolveReference,
} from '../references/resolve.ts'
import type { Followed } from '../understanding/follow.ts'
import type { Answering } from './answering.ts'

/** Where a chat is after its earlier questions. */
export type Position = { readonly memorandum?: Memorandum; readonly unit?: Unit }

/** 第三項呢 and 3呢 after 川七1 are the third item of that area, not of every area. */
function within(reference: Reference, { unit }: Position): Reference {
  const { memorandum } = reference
  if (memorandum.numbering !== 'area' || unit?.kind !== 'measure' || unit.memorandum.id !== memorandum.id)
    return reference
  const area = unit.area.ordinal
  if (reference.kind === 'area' && reference.alone === true)
    return { kind: 'measures', memorandum, area, numbers: [reference.area] }
  return reference.kind === 'measures' && reference.area === undefined ? { ...reference, area } : reference
}

/** A reference with each way to take it. */
type Taken = { readonly written: string; readonly readings: readonly (Resolved & { readonly called: Called })[] }

/** The references of a question; none where it names none. */
function referencesOf({ names }: Answering, query: string, position: Position) {
  const found = findReferences(query, names, position.memorandum)
  const named = findReferences(query, names).length > 0
  if (found.length > 0)
    return {
      named,
      references: found.map(({ reference, start, end }) => ({
        written: query.slice(start, end),
        reference: named ? reference : within(reference, position),
      })),
    }
  const unnamed = position.memorandum === undefined ? findUnnamed(query, names) : undefined
  return {
    named: true,
    references: (unnamed ?? []).map((reference) => ({ written: query.trim(), reference })),
    unread: unnamed?.length === 0 ? query.trim() : findUnread(query, names),
  }
}

/**
 * The clauses that a question names, or what exists instead; `undefined` when it names none. Where the question names
 * no province, it means the place that the chat is at.
 */
export function answerReference(
  answering: Answering,
  query: string,
  followed: Followed,
  position: Position,
): Answer | undefined {
  const { library } = answering.retrieval
  const stride = position.unit === undefined ? undefined : readStride(query)
  if (stride !== undefined && position.unit !== undefined)
    return answerStride(answering, followed, stride, position.unit)
  const { references, named, unread } = referencesOf(answering, query, position)
  if (references.length === 0)
    return unread === undefined ? undefined : answering.missing(followed, { kind: 'notation', asked: unread })
  const taken = references.map(
    ({ written, reference }): Taken => ({
      written,
      readings: readingsOf(reference, library).map((one) => ({
        ...resolveReference(one, library),
        called: calledOf(one),
      })),
    }),
  )
  const resolved = taken.flatMap(({ readings }) => readings)
  const units = [...new Map(resolved.flatMap((part) => part.units).map((unit) => [unit.id, unit])).values()]
  const absent = resolved.flatMap((part) => part.missing)
  const ambiguous = taken
    .filter(({ readings }) => readings.length > 1)
    .map(({ written, readings }) => ({
      written,
      readings: readings.map(({ called, units }) => ({
        asked: called.zh,
        askedEn: called.en,
        ids: units.map(({ id }) => id),
      })),
    }))
  const [first] = absent
  const { followed: chain, ...own } = followed
  const provinces = [...new Set(references.map(({ reference }) => reference.memorandum.province.slug))]
  // A reference with its province leans on nothing.
  const limited: Followed = { ...own, provinces, ...(named || chain === undefined ? {} : { followed: chain }) }
  if (units.length === 0) return first === undefined ? undefined : answering.missing(limited, first)
  return {
    kind: 'reference',
    missing: absent,
    ...(ambiguous.length === 0 ? {} : { ambiguous }),
    understood: answering.understoodOf(limited),
    hits: units.map((unit) => ({ id: unit.id, score: 1 })),
    passages: units.map((unit) => answering.cite(unit)),
  }
}

/** The next or previous clauses, in the order of the document; fewer where it ends. */
function answerStride(answering: Answering, followed: Followed, { side, count }: Stride, from: Unit): Answer {
  const units: Unit[] = []
  for (let unit = neighbours(answering.retrieval.library, from)[side]; unit !== undefined && units.length < count; ) {
    if (side === 'next') units.push(unit)
    else units.unshift(unit)
    unit = neighbours(answering.retrieval.library, unit)[side]
  }
  if (units.length === 0) return answering.missing(followed, { kind: 'unclear' })
  return {
    kind: 'reference',
    missing: [],
    understood: answering.understoodOf(followed),
    hits: units.map((unit) => ({ id: unit.id, score: 1 })),
    passages: units.map((unit) => answering.cite(unit)),
  }
}

/** The clause that a message points at, as it stands. */
export function answerUnit(answering: Answering, followed: Followed, unit: Unit): Answer {
  return {
    kind: 'reference',
    missing: [],
    understood: answering.understoodOf(followed),
    hits: [{ id: unit.id, score: 1 }],
    passages: [answering.cite(unit)],
  }
}

/** The clause after or before one. */
export const unitBeside = ({ retrieval }: Answering, unit: Unit, side: 'next' | 'previous'): Unit | undefined =>
  neighbours(retrieval.library, unit)[side]
