import type { Answer, FactName } from '../model/answer.ts'
import type { Memorandum } from '../model/corpus.ts'
import type { Followed } from '../understanding/follow.ts'
import { asksForName, officeWanted } from '../understanding/phrasing.ts'
import type { Answering } from './answering.ts'
import { factValues, proofOf } from './facts.ts'

/** Everybody whom the front matter names in an office. */
function holders({ leaders, chair, signatories }: Memorandum, office: RegExp): string {
  const people = [
    ...leaders,
    ...(chair === undefined ? [] : [chair]),
    ...signatories.map((one) => `${one.party}${one.office}${one.name ?? ''}`),
  ]
  return [...new Set(people.filter((one) => office.test(one)))].join('、')
}

/** A question on the documents themselves, from their front matter, proved by their preambles. */
export function answerFacts(answering: Answering, followed: Followed, fact: FactName): Answer {
  const meant = answering
    .memorandaOf(followed.provinces)
    .filter(({ province }) => !followed.excluded.includes(province.slug))
  const office = officeWanted(followed.folded)
  // Who holds an office is told only where the document names them in it.
  const held =
    office === undefined
      ? []
      : meant
          .map((memorandum) => ({ memorandum, value: holders(memorandum, office) }))
          .filter(({ value }) => value !== '')
  const memoranda = held.length === 0 ? meant : held.map(({ memorandum }) => memorandum)
  const proofs = memoranda.map((memorandum) => proofOf(answering.retrieval.library, memorandum, fact))
  const passages = proofs.map(({ unit, highlights }) => answering.cite(unit, highlights))
  const nameless =
    fact === 'signatories' &&
    asksForName(followed.folded) &&
    memoranda.every(({ signatories: [mainland] }) => mainland?.name === undefined)
  if (office === undefined ? nameless : held.length === 0)
    return answering.missing(followed, { kind: 'detail' }, undefined, passages)
  return {
    kind: 'facts',
    fact,
    values:
      held.length === 0
        ? factValues(memoranda, fact)
        : factValues(memoranda, fact).map((one, at) => ({ ...one, value: held[at]?.value ?? one.value })),
    understood: answering.understoodOf(followed),
    hits: proofs.map(({ unit }) => ({ id: unit.id, score: 1 })),
    passages,
  }
}
