import type { Answer, AnswerHit } from '../model/answer.ts'
import type { Hit, Prepared } from '../retrieval/search.ts'
import type { Followed } from '../understanding/follow.ts'
import type { Answering } from './answering.ts'

/** Clauses that an answer quotes unless all are wanted. */
const shownPassages = 3
/** A hit with less of the best one's score is not quoted: it would only fill the page. */
const shownShare = 0.5

/** A hit with less of the best one's score is no longer called related. */
const relatedShare = 0.6

/**
 * The hits that are worth showing, in their order: all that are quoted, and the others with much of the best one's
 * score.
 */
export function relatedHits(hits: readonly AnswerHit[], quoted: ReadonlySet<string>): readonly AnswerHit[] {
  const best = Math.max(0, ...hits.map(({ score }) => score))
  return hits.filter(({ id, score }) => quoted.has(id) || score >= best * relatedShare)
}

/** The clauses that match best, or why none answers. `limit`: longest list of hits. */
export async function answerSearch(
  answering: Answering,
  followed: Followed,
  limit: number,
  prepared: Prepared,
): Promise<Answer> {
  const { retrieval, sets, missing } = answering
  const accept = answering.accepting(followed)
  const own = answering.hitsFor(prepared, Math.max(limit, 40), accept)
  const everywhere = accept === undefined ? own : answering.hitsFor(prepared, 20)
  const reviewed = sets.topicOf(followed.subject)
  const evidence = answering.evidence(followed, prepared, { own, everywhere, accept })
  const verdict = answering.judge(evidence)
  const quoteHits = (hits: readonly Hit[]) =>
    answering.quote(
      hits.map(({ unit }) => answering.unitAt(unit)),
      followed,
      prepared,
    )
  if (!verdict.answered) {
    const { wordsHere = 0, reviewed: isReviewed = 0, lacksDetail = 0 } = evidence?.signals ?? {}
    // The documents speak of the matter, in its very words, and leave open what is asked of it.
    if (!verdict.foreign && wordsHere + isReviewed + lacksDetail > 0)
      return missing(followed, { kind: 'detail' }, prepared, await quoteHits(own.slice(0, 1)))
    const elsewhere =
      accept !== undefined &&
      answering.judge(answering.evidence(followed, prepared, { own: everywhere, everywhere, accept: undefined }))
        .answered
    const nearest = await quoteHits((elsewhere ? everywhere : own).slice(0, verdict.near || elsewhere ? 1 : 0))
    if (followed.provinces.length === 0)
      return missing(followed, { kind: verdict.foreign ? 'foreign' : 'topic' }, prepared, nearest)
    const slugs = elsewhere
      ? [...new Set(nearest.map(({ id }) => retrieval.library.byId.get(id)?.memorandum.province.slug ?? ''))]
      : []
    return missing(
      followed,
      {
        kind: 'province',
        provinces: followed.provinces,
        elsewhere: slugs.filter((slug) => !followed.provinces.includes(slug)),
      },
      prepared,
      nearest,
    )
  }
  // Clauses that were reviewed as being squarely about the topic go before those that share its words.
  const about = reviewed === undefined ? new Set<number>() : new Set(sets.unitsAbout(reviewed))
  const hits = [...own.filter(({ unit }) => about.has(unit)), ...own.filter(({ unit }) => !about.has(unit))].slice(
    0,
    limit,
  )
  const first = hits[0]?.score ?? 0
  const shown = hits.slice(0, shownPassages).filter(({ score }) => score >= first * shownShare)
  const passages = await quoteHits(shown)
  const found = answering.hitsOf(hits)
  return {
    kind: 'found',
    related: relatedHits(found, new Set(passages.map(({ id }) => id))).length,
    understood: answering.understoodOf(followed, prepared, reviewed?.zh),
    hits: found,
    passages,
  }
}
