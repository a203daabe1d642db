import { citationOf } from '../memorandum/citation.ts'
import type { Topic } from '../memorandum/topics.ts'
import type { Answer, AnswerHit, MissingReason, Quotation, Searched, Understood } from '../model/answer.ts'
import type { Memorandum, Unit } from '../model/corpus.ts'
import { type Names, namesOf } from '../references/names.ts'
import type { Wording } from '../refusal/refusal.ts'
import { fittedWeights, type Hit, type Prepared, prepare, type Retrieval, rank } from '../retrieval/search.ts'
import { fold, printedForm } from '../text/fold.ts'
import type { Followed } from '../understanding/follow.ts'
import { createHighlighter } from './highlight.ts'
import { type CompleteSet, createSetFinder, type SetFinder } from './sets.ts'

/**
 * What every kind of answer is made with: the corpus in hand, and how clauses are found, quoted and told apart. Units
 * go by their number in the library.
 */
export type Answering = {
  readonly retrieval: Retrieval
  readonly sets: SetFinder
  readonly names: Names
  unitAt(number: number): Unit
  /** The memoranda of provinces by slug; all of them for none. */
  memorandaOf(slugs: readonly string[]): readonly Memorandum[]
  /** Whether a unit lies where the question asks; `undefined` when it asks everywhere. */
  accepting(followed: Followed): ((unit: number) => boolean) | undefined
  /** A question compared with the corpus once. */
  compare(followed: Followed): Promise<Prepared>
  hitsFor(prepared: Prepared, limit: number, accept?: (unit: number) => boolean): readonly Hit[]
  hitsOf(hits: readonly Hit[]): AnswerHit[]
  cite(unit: Unit, highlights?: Quotation['highlights']): Quotation
  /** Quotes units with the sentences that answer made to stand out. */
  quote(units: readonly Unit[], followed: Followed, prepared: Prepared): Promise<Quotation[]>
  understoodOf(followed: Followed, prepared?: Prepared, topic?: string): Understood
  missing(followed: Followed, reason: MissingReason, prepared?: Prepared, nearest?: readonly Quotation[]): Answer
  /** Whether clauses where the question asks hold its very words, or only clauses elsewhere do. */
  wording(followed: Followed, set: CompleteSet | undefined, accept: ((unit: number) => boolean) | undefined): Wording
}

/** A bridge that only translates one of these tells the reader nothing. */
const bareBridges = new Set(['香港', '內地', '合作', '企業'])

/** What a question is matched with; a question of nothing but places and asking is matched whole. */
export function subjectOf({ subject, folded }: Followed): string {
  return subject === '' ? folded : subject
}

/** A score as answers carry it. */
export function rounded(score: number): number {
  return Math.round(score * 10_000) / 10_000
}

export function createAnswering(retrieval: Retrieval, topics: readonly Topic[]): Answering {
  const { library, index, encoder } = retrieval
  const highlightsOf = createHighlighter(encoder, index)
  const sets = createSetFinder(library, topics, retrieval.bridge)
  const numberOf = new Map(library.units.map((unit, number) => [unit.id, number]))
  const slugs = [...new Set(library.memoranda.map(({ province }) => province.slug))]
  const slugNumber = new Map(slugs.map((slug, number) => [slug, number]))
  // A filter is asked of every unit: by number, not by name.
  const provinceOf = Uint16Array.from(library.units, (unit) => slugNumber.get(unit.memorandum.province.slug) ?? 0)
  const searched: Searched = {
    memoranda: library.memoranda.length,
    measures: library.units.filter((unit) => unit.kind === 'measure').length,
    provinces: slugs,
  }
  const unitAt = (number: number) => library.units[number] as Unit
  const cite: Answering['cite'] = (unit, highlights = []) => ({
    id: unit.id,
    citation: citationOf(unit),
    quote: unit.text,
    highlights,
  })

  const understoodOf: Answering['understoodOf'] = (followed, prepared, topic) => ({
    provinces: followed.provinces,
    excluded: followed.excluded,
    ...(topic === undefined ? {} : { topic }),
    ...(followed.followed === undefined ? {} : { followed: followed.followed }),
    bridged: (prepared?.bridged ?? [])
      .filter(({ source }) => source === 'terms')
      .map(({ word, terms }) => ({
        asked: printedForm(followed.query, word) ?? word,
        terms: terms.filter((term) => fold(term) !== word).slice(0, 3),
      }))
      .filter(({ terms: [first] }) => first !== undefined && !bareBridges.has(first)),
  })

  return {
    retrieval,
    sets,
    names: namesOf(library),
    unitAt,
    cite,
    understoodOf,
    memorandaOf: (slugs) =>
      library.memoranda.filter(({ province }) => slugs.length === 0 || slugs.includes(province.slug)),
    accepting({ provinces, excluded }) {
      if (provinces.length === 0 && excluded.length === 0) return undefined
      const wanted = Uint8Array.from(slugs, (slug) =>
        Number((provinces.length === 0 || provinces.includes(slug)) && !excluded.includes(slug)),
      )
      return (number) => wanted[provinceOf[number] as number] === 1
    },
    compare: (followed) =>
      prepare(retrieval, {
        subject: subjectOf(followed),
        inFull: followed.inFull === '' ? followed.folded : followed.inFull,
      }),
    hitsFor: (prepared, limit, accept) =>
      rank(retrieval, prepared, { limit, weights: fittedWeights, ...(accept === undefined ? {} : { accept }) }),
    hitsOf: (hits) => hits.map(({ unit, score }) => ({ id: unitAt(unit).id, score: rounded(score) })),
    async quote(units, followed, prepared) {
      const sought = { subject: subjectOf(followed), bridged: prepared.bridged, encodings: prepared.encodings }
      const passages: Quotation[] = []
      for (const unit of units)
        passages.push(cite(unit, await highlightsOf(numberOf.get(unit.id) as number, unit.text, sought)))
      return passages
    },
    missing: (followed, reason, prepared, nearest = []) => ({
      kind: 'missing',
      reason,
      searched,
      nearest,
      understood: understoodOf(followed, prepared),
      hits: [],
      passages: [],
    }),
    wording(followed, set, accept) {
      if (set === undefined)
        return sets.telling(followed.subject).some((unit) => accept?.(unit) !== false) ? 'partly' : 'unknown'
      return set.units.some((unit) => accept?.(unit) !== false) ? 'here' : 'elsewhere'
    },
  }
}
