import type { Answer } from '../model/answer.ts'
import type { Unit } from '../model/corpus.ts'
import type { Followed } from '../understanding/follow.ts'
import type { Answering } from './answering.ts'

/** Clauses that are quoted at once. */
const shownPassages = 3

/** The clauses on the screen that answer a question about them, best first; or that they do not give what is asked. */
export async function answerShown(answering: Answering, followed: Followed, shown: readonly Unit[]): Promise<Answer> {
  const prepared = await answering.compare(followed)
  const ids = new Set(shown.map(({ id }) => id))
  const accept = (unit: number) => ids.has(answering.unitAt(unit).id)
  const hits = answering.hitsFor(prepared, shown.length, accept)
  const units = hits.slice(0, shownPassages).map(({ unit }) => answering.unitAt(unit))
  const passages = await answering.quote(units, followed, prepared)
  const evidence = answering.evidence(followed, prepared, { own: hits, everywhere: hits, accept, shown: true })
  if (!answering.judge(evidence).answered)
    return answering.missing(followed, { kind: 'detail' }, prepared, passages.slice(0, 1))
  return {
    kind: 'found',
    related: hits.length,
    understood: answering.understoodOf(followed, prepared),
    hits: answering.hitsOf(hits),
    passages,
  }
}

/** Clauses of the last answer that did not stand on the screen. */
export async function answerMore(answering: Answering, followed: Followed, rest: readonly Unit[]): Promise<Answer> {
  const prepared = await answering.compare(followed)
  return {
    kind: 'found',
    related: rest.length,
    understood: answering.understoodOf(followed),
    hits: rest.map(({ id }, at) => ({ id, score: 1 - at / (rest.length + 1) })),
    passages: await answering.quote(rest.slice(0, shownPassages), followed, prepared),
  }
}
