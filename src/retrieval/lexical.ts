import { fold } from '../text/fold.ts'
import { searchTerms } from '../text/terms.ts'
import type { Bridged } from './bridge.ts'
import { eachDocument, holds, inverseDocumentFrequency, type Postings } from './postings.ts'

/** One thing that a question asks for, with every wording that satisfies it. */
export type Slot = {
  readonly weight: number
  readonly wordings: readonly { readonly terms: readonly string[]; readonly strength: number }[]
}

/** How much a bridged term counts beside the asker's own word. */
const bridgedStrength = { terms: 0.85, dictionary: 0.6 } as const

function worth(postings: Postings, terms: readonly string[]): number {
  return terms.reduce((sum, term) => sum + inverseDocumentFrequency(postings, term), 0)
}

/**
 * The slots of a question in search form: each bridged word with its wordings, and each remaining index term alone.
 * A slot weighs what its most telling wording weighs, so a word that no memorandum has still counts against a match.
 */
export function slotsOf(folded: string, bridged: readonly Bridged[], postings: Postings): Slot[] {
  const slots: Slot[] = []
  let rest = ''
  let at = 0
  for (const { word, start, end, terms, source } of bridged) {
    rest += `${folded.slice(at, start)}\n`
    at = end
    const own = searchTerms(word)
    const wordings = [
      { terms: own, strength: 1 },
      ...terms.map((term, rank) => ({
        terms: searchTerms(fold(term)),
        strength: bridgedStrength[source] * 0.95 ** rank,
      })),
    ].filter(({ terms: list }) => list.length > 0)
    if (wordings.length === 0) continue
    const present = wordings.filter((wording) => wording.terms.some((term) => postings.terms.has(term)))
    const weight =
      present.length === 0
        ? worth(postings, own.slice(0, 2))
        : Math.max(...present.map((wording) => worth(postings, wording.terms) / Math.sqrt(wording.terms.length)))
    slots.push({ weight, wordings })
  }
  rest += folded.slice(at)
  for (const term of new Set(searchTerms(rest)))
    slots.push({ weight: worth(postings, [term]), wordings: [{ terms: [term], strength: 1 }] })
  return slots
}

/** Scores of documents, 0 for most of them. */
export type Scores = {
  /** Score of each document. */
  readonly of: Float64Array
  /** Documents with a score above 0, in no order. */
  readonly documents: Int32Array
}

/** Sums for documents that remember which of them they touched, so that clearing costs what adding did. */
class Sums {
  readonly of: Float64Array
  readonly #touched: Int32Array
  #count = 0

  constructor(documents: number) {
    this.of = new Float64Array(documents)
    this.#touched = new Int32Array(documents)
  }

  /** Documents touched since the last clearing. */
  get touched(): Int32Array {
    return this.#touched.subarray(0, this.#count)
  }

  /** Sets a document's sum, which must be above 0. */
  set(document: number, value: number): void {
    if (this.of[document] === 0) {
      this.#touched[this.#count] = document
      this.#count += 1
    }
    this.of[document] = value
  }

  clear(): void {
    for (const document of this.touched) this.of[document] = 0
    this.#count = 0
  }
}

/** Share of the slots' weight that each document satisfies, 0 to 1. */
export type Coverage = (slots: readonly Slot[]) => Scores

/**
 * The coverage of documents. What it sums up in is empty between two slots, so every question uses the same: new sums
 * for many documents would keep the garbage collector busy.
 */
export function createCoverage(postings: Postings): Coverage {
  const size = postings.lengths.length
  const best = new Sums(size)
  const own = new Sums(size)
  return (slots) => {
    const total = slots.reduce((sum, slot) => sum + slot.weight, 0)
    const scores = new Sums(size)
    for (const slot of total === 0 ? [] : slots) {
      const [only] = slot.wordings
      const [word] = only?.terms ?? []
      if (only !== undefined && word !== undefined && slot.wordings.length === 1 && only.terms.length === 1) {
        // Most slots are one word: nothing to sum up or to choose from.
        eachDocument(postings, word, (document, saturation) =>
          scores.set(document, (scores.of[document] as number) + (slot.weight * only.strength * saturation) / total),
        )
        continue
      }
      for (const { terms, strength } of slot.wordings) {
        const all = worth(postings, terms)
        for (const term of terms) {
          const share = inverseDocumentFrequency(postings, term) / all
          eachDocument(postings, term, (document, saturation) =>
            own.set(document, (own.of[document] as number) + share * saturation),
          )
        }
        for (const document of own.touched) {
          const score = own.of[document] as number
          // Half of a phrase is less than half of its meaning.
          const value = strength * (terms.length > 1 ? score ** 1.5 : score)
          if (value > (best.of[document] as number)) best.set(document, value)
        }
        own.clear()
      }
      for (const document of best.touched)
        scores.set(document, (scores.of[document] as number) + (slot.weight * (best.of[document] as number)) / total)
      best.clear()
    }
    return { of: scores.of, documents: scores.touched }
  }
}

/**
 * What of a question a document lacks: the share of the slots' weight, and the weightiest single share, that neither
 * its text nor its gloss has. 0 to 1.
 */
export function lacking(
  slots: readonly Slot[],
  document: number,
  legs: readonly Postings[],
): { total: number; most: number; known: number } {
  const all = slots.reduce((sum, slot) => sum + slot.weight, 0)
  let total = 0
  let most = 0
  let known = 0
  if (all === 0) return { total, most, known }
  for (const { weight, wordings } of slots) {
    const met = Math.max(
      ...wordings.map(
        ({ terms, strength }) =>
          strength *
          Math.max(
            ...legs.map((postings) => terms.filter((term) => holds(postings, term, document)).length / terms.length),
          ),
      ),
    )
    const share = (weight * (1 - Math.min(1, met))) / all
    total += share
    most = Math.max(most, share)
    // Words that no document at all has say less about this one.
    if (wordings.some(({ terms }) => terms.some((term) => legs.some((postings) => postings.terms.has(term)))))
      known += share
  }
  return { total, most, known }
}
