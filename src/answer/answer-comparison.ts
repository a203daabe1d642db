import { shortName, yearOf } from '../memorandum/library.ts'
import type { Answer, ComparisonRow } from '../model/answer.ts'
import type { Memorandum } from '../model/corpus.ts'
import type { Hit, Prepared } from '../retrieval/search.ts'
import type { Followed } from '../understanding/follow.ts'
import type { Answering } from './answering.ts'
import type { CompleteSet } from './sets.ts'

/** Clauses that a comparison shows of a province where no reviewed topic or wording decides. */
const comparedClauses = 4
/**
 * Up to this many memoranda each is searched by itself; of more, the clauses that one search everywhere finds are
 * compared.
 */
const searchedApart = 40

/** Provinces set side by side on a topic; a province without a clause keeps its empty row. */
export async function answerComparison(answering: Answering, followed: Followed, prepared: Prepared): Promise<Answer> {
  const { retrieval, sets, unitAt } = answering
  const memoranda = answering
    .memorandaOf(followed.provinces)
    .filter(({ province }) => !followed.excluded.includes(province.slug))
  const whole = answering.hitsFor(prepared, retrieval.library.units.length)
  const found = new Map<string, Hit[]>()
  for (const hit of whole) {
    const { id } = unitAt(hit.unit).memorandum
    const own = found.get(id)
    if (own === undefined) found.set(id, [hit])
    else own.push(hit)
  }
  const set = sets.find(followed.subject, prepared.bridged)
  const inSet = new Set(set?.units)
  const sides = memoranda.map((memorandum) =>
    sideOf(answering, followed, prepared, {
      memorandum,
      whole,
      found: found.get(memorandum.id) ?? [],
      set,
      inSet,
      apart: memoranda.length <= searchedApart,
    }),
  )
  const rows: ComparisonRow[] = []
  for (const [at, memorandum] of memoranda.entries()) {
    // A row reads in the order of the document; the hits keep the order of relevance.
    const units = [...(sides[at] ?? [])].sort((a, b) => a.unit - b.unit).map(({ unit }) => unitAt(unit))
    rows.push({
      province: memorandum.province.slug,
      memorandum: `${shortName(memorandum)} ${yearOf(memorandum)}`,
      passages: await answering.quote(units, followed, prepared),
    })
  }
  // One of each in turn, so that the first clauses show every side.
  const longest = Math.max(0, ...sides.map((side) => side.length))
  const hits = Array.from({ length: longest }, (_, rank) => sides.flatMap((side) => side[rank] ?? [])).flat()
  if (hits.length === 0) return answering.missing(followed, { kind: 'topic' }, prepared)
  const passages = new Map(rows.flatMap((row) => row.passages).map((quotation) => [quotation.id, quotation]))
  const ids = answering.hitsOf(hits)
  return {
    kind: 'comparison',
    topic: set?.criterion ?? followed.subject,
    rows,
    understood: answering.understoodOf(followed, prepared, set?.by === 'topic' ? set.criterion : undefined),
    hits: ids,
    passages: ids.flatMap(({ id }) => passages.get(id) ?? []),
  }
}

type Side = {
  readonly memorandum: Memorandum
  /** Hits of a search everywhere, and those of them that this memorandum has. */
  readonly whole: readonly Hit[]
  readonly found: readonly Hit[]
  readonly set: CompleteSet | undefined
  readonly inSet: ReadonlySet<number>
  /** Whether the memorandum is searched by itself. */
  readonly apart: boolean
}

/** What one memorandum has on the topic: the complete set where there is one, else its best clauses if they answer. */
function sideOf(
  answering: Answering,
  followed: Followed,
  prepared: Prepared,
  { memorandum, whole, found, set, inSet, apart }: Side,
): readonly Hit[] {
  const { retrieval, unitAt } = answering
  const ours = (unit: number) => unitAt(unit).memorandum.id === memorandum.id
  const complete = found.filter(({ unit }) => inSet.has(unit) && unitAt(unit).kind === 'measure')
  if (complete.length > 0) return complete
  if (set?.by === 'topic') return []
  const local = apart ? answering.hitsFor(prepared, retrieval.library.units.length, ours) : found
  const best = local[0]?.score ?? 0
  const near = local
    .filter(({ score, unit }) => score >= best * 0.8 && unitAt(unit).kind === 'measure')
    .slice(0, comparedClauses)
  if (near.length === 0) return []
  return answering.judge(answering.evidence(followed, prepared, { own: local, everywhere: whole, accept: ours }))
    .answered
    ? near
    : []
}
