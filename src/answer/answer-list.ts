import type { Answer, ListKind } from '../model/answer.ts'
import type { Prepared } from '../retrieval/search.ts'
import type { Followed } from '../understanding/follow.ts'
import { asksForWords } from '../understanding/phrasing.ts'
import { type Answering, rounded } from './answering.ts'

/** Clauses of a list that are quoted; it names all of them. Nobody reads on. */
const quotedAtMost = 250

/** Every clause that meets the criterion a question names; `undefined` when it names none that is certain. */
export async function answerList(
  answering: Answering,
  followed: Followed,
  wanted: ListKind,
  prepared: Prepared,
): Promise<Answer | undefined> {
  const { retrieval, sets, unitAt } = answering
  const set = sets.find(followed.subject, prepared.bridged, asksForWords(followed.folded))
  if (set === undefined) return undefined
  const accept = answering.accepting(followed) ?? (() => true)
  const inSet = new Set(set.units)
  const scores = new Map(
    answering
      .hitsFor(prepared, retrieval.library.units.length, (unit) => inSet.has(unit))
      .map((hit) => [hit.unit, hit.score]),
  )
  const units = set.units.filter(accept).filter((unit) => unitAt(unit).kind === 'measure' || set.by === 'words')
  // A preamble lists every area's name; it counts only where nothing else holds the words.
  const measures = units.filter((unit) => unitAt(unit).kind === 'measure')
  const kept = set.by === 'words' && wanted !== 'provinces' && measures.length > 0 ? measures : units
  if (kept.length === 0) {
    const elsewhere = [...new Set(set.units.map((unit) => unitAt(unit).memorandum.province.slug))]
    return answering.missing(
      followed,
      followed.provinces.length === 0
        ? { kind: 'topic' }
        : { kind: 'province', provinces: followed.provinces, elsewhere },
      prepared,
      await answering.quote(set.units.slice(0, 2).map(unitAt), followed, prepared),
    )
  }
  const holding = new Set(kept.map((unit) => unitAt(unit).memorandum.province.slug))
  const ordered = [...kept].sort((a, b) => (scores.get(b) ?? 0) - (scores.get(a) ?? 0) || a - b)
  return {
    kind: 'list',
    asked: wanted,
    criterion: set.criterion,
    provinces: [...new Set([...kept].sort((a, b) => a - b).map((unit) => unitAt(unit).memorandum.province.slug))],
    absent:
      wanted === 'provinces'
        ? answering
            .memorandaOf(followed.provinces)
            .flatMap(({ province }) =>
              followed.excluded.includes(province.slug) || holding.has(province.slug) ? [] : [province.slug],
            )
        : [],
    understood: answering.understoodOf(followed, prepared, set.by === 'topic' ? set.criterion : undefined),
    hits: ordered.map((unit) => ({ id: unitAt(unit).id, score: rounded(scores.get(unit) ?? 0) })),
    passages: await answering.quote(ordered.slice(0, quotedAtMost).map(unitAt), followed, prepared),
  }
}
