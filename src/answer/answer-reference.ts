import { neighbours } from '../memorandum/library.ts'
import type { Answer } from '../model/answer.ts'
import type { Memorandum, Unit } from '../model/corpus.ts'
import { findReferences, type Reference, resolveReference } from '../references/references.ts'
import { type Followed, follow, type Step } from '../understanding/follow.ts'
import type { MentionFinder } from '../understanding/mentions.ts'
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

const stepped = ({ retrieval }: Answering, unit: Unit, step: Step): Unit | undefined =>
  step === 'same' ? unit : neighbours(retrieval.library, unit)[step]

/** The clause after or before the one that a chat is at. */
export function answerStep(answering: Answering, followed: Followed, step: Step, position: Position): Answer {
  const unit = position.unit === undefined ? undefined : stepped(answering, position.unit, step)
  if (unit === undefined) return answering.missing(followed, { kind: 'unclear' })
  return {
    kind: 'reference',
    missing: [],
    understood: answering.understoodOf(followed),
    hits: [{ id: unit.id, score: 1 }],
    passages: [answering.cite(unit)],
  }
}

/** The memorandum and clause that a chat is at after its earlier questions, oldest first. */
export async function positionOf(
  answering: Answering,
  context: readonly string[],
  findMentions: MentionFinder,
): Promise<Position> {
  let position: Position = {}
  for (const [at, query] of context.entries()) {
    const answer = answerReference(answering, query, follow(query, [], findMentions), position)
    if (answer?.kind === 'reference') {
      const unit = answering.retrieval.library.byId.get(answer.hits.at(-1)?.id ?? '')
      if (unit !== undefined) position = { memorandum: unit.memorandum, unit }
      continue
    }
    const followed = follow(query, context.slice(0, at), findMentions)
    if (followed.step !== undefined && position.unit !== undefined) {
      const neighbour = stepped(answering, position.unit, followed.step)
      if (neighbour !== undefined) position = { memorandum: neighbour.memorandum, unit: neighbour }
      continue
    }
    const [memorandum] = followed.provinces.length === 1 ? answering.memorandaOf(followed.provinces) : []
    // What a search found matters only where nothing but steps came after it.
    const stays = context.slice(at + 1).every((later) => follow(later, [query], findMentions).step !== undefined)
    const top = stays
      ? answering.hitsFor(await answering.compare(followed), 1, answering.accepting(followed))[0]
      : undefined
    const unit = top === undefined ? undefined : answering.unitAt(top.unit)
    position = { ...(memorandum === undefined ? {} : { memorandum }), ...(unit === undefined ? {} : { unit }) }
  }
  return position
}
