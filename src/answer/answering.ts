import { citationOf } from '../memorandum/citation.ts'
import type { Topic } from '../memorandum/topics.ts'
import type { Answer, AnswerHit, MissingReason, Quotation, Searched, Understood } from '../model/answer.ts'
import type { Memorandum, Unit } from '../model/corpus.ts'
import { type Names, namesOf } from '../references/names.ts'
import calibration from '../refusal/calibration.json' with { type: 'json' }
import { createJudge, type Evidence, type Judge, signalsOf, type Wording } from '../refusal/refusal.ts'
import { fittedWeights, type Hit, type Prepared, prepare, type Retrieval, rank } from '../retrieval/search.ts'
import { fold, printedForm } from '../text/fold.ts'
import { lacksDetail } from '../understanding/details.ts'
import type { Followed } from '../understanding/follow.ts'
import { gramsOf, hashed } from '../understanding/grams.ts'
import type { MentionFinder } from '../understanding/mentions.ts'
import { createHighlighter } from './highlight.ts'
import { createSetFinder, type SetFinder } from './sets.ts'

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
  /** What speaks for and against the best hits answering. `own`: hits where the question asks. */
  evidence(followed: Followed, prepared: Prepared, scope: Scope): Evidence | undefined
  judge: Judge
}

/** Questions whose comparison with the corpus is kept: the readings of one message share what they can. */
const mostCompared = 8

/** A clause with less of the best one's score is not looked at for a detail. */
const detailShare = 0.85

/** Where a question is asked, and what was found there. */
export type Scope = {
  readonly own: readonly Hit[]
  readonly everywhere: readonly Hit[]
  readonly accept: ((unit: number) => boolean) | undefined
  /** The question is about the clauses on the screen. */
  readonly shown?: boolean
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

export function createAnswering(
  retrieval: Retrieval,
  topics: readonly Topic[],
  findMentions: MentionFinder,
  judge: Judge = createJudge(calibration),
): Answering {
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
  const compared = new Map<string, Promise<Prepared>>()
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
    compare(followed) {
      const subject = subjectOf(followed)
      const inFull = followed.inFull === '' ? followed.folded : followed.inFull
      const key = JSON.stringify([subject, inFull])
      const known = compared.get(key)
      if (known !== undefined) return known
      const prepared = prepare(retrieval, { subject, inFull })
      compared.set(key, prepared)
      const [oldest] = compared.keys()
      if (compared.size > mostCompared && oldest !== undefined) compared.delete(oldest)
      return prepared
    },
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
    evidence(followed, prepared, { own, everywhere, accept, shown = false }) {
      const reviewed = sets.topicOf(followed.subject)
      const set = sets.find(followed.subject, prepared.bridged)
      // A detail may stand in a clause that is nearly as good as the best.
      const first = own[0]?.score ?? 0
      const quotes = own
        .slice(0, 3)
        .filter(({ score }) => score >= first * detailShare)
        .map(({ unit }) => unitAt(unit).text)
      const lies = (unit: number) => accept?.(unit) !== false
      const wording: Wording =
        set === undefined
          ? sets.telling(followed.subject).some(lies)
            ? 'partly'
            : 'unknown'
          : set.units.some(lies)
            ? 'here'
            : 'elsewhere'
      return signalsOf(
        retrieval,
        prepared,
        subjectOf(followed),
        own,
        everywhere,
        {
          wording,
          reviewed: reviewed !== undefined && sets.unitsAbout(reviewed).some(lies),
          leans: followed.leans === true,
          shown,
          lacksDetail: lacksDetail(followed.folded, quotes),
        },
        hashed(gramsOf(followed.folded, findMentions)),
      )
    },
    judge,
  }
}
