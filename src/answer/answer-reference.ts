import { neighbours } from '../memorandum/library.ts'
import type { Answer } from '../model/answer.ts'
import type { Memorandum, Unit } from '../model/corpus.ts'
import { findReferences, type Reference, resolveReference } from '../references/references.ts'
import type { Followed } from '../understanding/follow.ts'
import type { Answering } from './answering.ts'

/** Where a chat is after its earlier questions. */
export type Position = { readonly memorandum?: Memorandum; readonly unit?: Unit }

/** 第三項呢 after 川七1 is the third item of that area, not of every area. */
function within(reference: Reference, { unit }: Position): Reference {
  if (reference.kind !== 'measures' || reference.area !== undefined || reference.memorandum.numbering !== 'area')
    return reference
  return unit?.kind === 'measure' && unit.memorandum.id === reference.memorandum.id
    ? { ...reference, area: unit.area.ordinal }
    : reference
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
  const { names } = answering
  const { library } = answering.retrieval
  const references = findReferences(query, names, position.memorandum)
  if (references.length === 0) return undefined
  const named = findReferences(query, names).length > 0
  const resolved = references.map(({ reference }) =>
    resolveReference(named ? reference : within(reference, position), library),
  )
  const units = [...new Map(resolved.flatMap((part) => part.units).map((unit) => [unit.id, unit])).values()]
  const absent = resolved.flatMap((part) => part.missing)
  const [first] = absent
  const { followed: chain, ...own } = followed
  const provinces = [...new Set(references.map(({ reference }) => reference.memorandum.province.slug))]
  // A reference with its province leans on nothing.
  const limited: Followed = { ...own, provinces, ...(named || chain === undefined ? {} : { followed: chain }) }
  if (units.length === 0) return first === undefined ? undefined : answering.missing(limited, first)
  return {
    kind: 'reference',
    missing: absent,
    understood: answering.understoodOf(limited),
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
