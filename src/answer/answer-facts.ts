import type { Answer, FactName } from './answer.ts'
import type { Answering } from './answering.ts'
import { factValues, proofOf } from './facts.ts'
import type { Followed } from './follow.ts'
import { asksForHead, asksForName } from './phrasing.ts'

/** A question on the documents themselves, from their front matter, proved by their preambles. */
export function answerFacts(answering: Answering, followed: Followed, fact: FactName): Answer {
  const meant = answering.memorandaOf(followed.provinces).filter(({ province }) => !followed.excluded.includes(province.slug))
  // Who is governor or mayor is told only where the document names them; the meeting's leaders are others.
  const naming = fact === 'chair' && asksForHead(followed.folded) ? meant.filter(({ chair }) => chair !== undefined) : meant
  const memoranda = naming.length === 0 ? meant : naming
  const proofs = memoranda.map((memorandum) => proofOf(answering.retrieval.library, memorandum, fact))
  const passages = proofs.map(({ unit, highlights }) => answering.cite(unit, highlights))
  const nameless = fact === 'signatories' && asksForName(followed.folded) && memoranda.every(({ signatories: [mainland] }) => mainland?.name === undefined)
  if (naming.length === 0 || nameless) return answering.missing(followed, { kind: 'detail' }, undefined, passages)
  return {
    kind: 'facts',
    fact,
    values: factValues(memoranda, fact),
    understood: answering.understoodOf(followed),
    hits: proofs.map(({ unit }) => ({ id: unit.id, score: 1 })),
    passages,
  }
}
