import type { Answer, FactName } from './answer.ts'
import type { Answering } from './answering.ts'
import { factValues, proofOf } from './facts.ts'
import type { Followed } from './follow.ts'
import { asksForName } from './phrasing.ts'

/** A question on the documents themselves, from their front matter, proved by their preambles. */
export function answerFacts(answering: Answering, followed: Followed, fact: FactName): Answer {
  const memoranda = answering.memorandaOf(followed.provinces).filter(({ province }) => !followed.excluded.includes(province.slug))
  const proofs = memoranda.map((memorandum) => proofOf(answering.retrieval.library, memorandum, fact))
  const passages = proofs.map(({ unit, highlights }) => answering.cite(unit, highlights))
  const named = memoranda.some(({ signatories: [mainland] }) => mainland?.name !== undefined)
  if (fact === 'signatories' && !named && asksForName(followed.folded)) return answering.missing(followed, { kind: 'detail' }, undefined, passages)
  return {
    kind: 'facts',
    fact,
    values: factValues(memoranda, fact),
    understood: answering.understoodOf(followed),
    hits: proofs.map(({ unit }) => ({ id: unit.id, score: 1 })),
    passages,
  }
}
