import type { Library } from '../memorandum/library.ts'
import { fold } from '../text/fold.ts'
import { type Bridge, type Bridged, bridgeQuestion } from './bridge.ts'
import type { Encoder, Encoding } from './encoder.ts'
import type { RetrievalIndex } from './index-folder.ts'
import { coverage, type Slot, slotsOf } from './lexical.ts'
import { weighted } from './rarity.ts'
import { createMaxSim } from './tokens.ts'

/** Everything retrieval needs, loaded once. */
export type Retrieval = { readonly library: Library; readonly index: RetrievalIndex; readonly encoder: Encoder; readonly bridge: Bridge }

/** What the stages say of one unit; each is comparable between questions. */
export type Features = {
  /** Share of what the question asks for that the clause has in so many words, 0 to 1. */
  readonly text: number
  /** The same for the clause's gloss. */
  readonly gloss: number
  /** Best cosine with a passage of the clause, -1 to 1. */
  readonly textCosine: number
  readonly glossCosine: number
  /** Late interaction with the clause, and with the best passage of its gloss, -1 to 1. */
  readonly textMaxSim: number
  readonly glossMaxSim: number
}

export type Weights = Readonly<Record<keyof Features, number>>

/** A measure and how well it answers; higher is better. */
export type Hit = { readonly unit: number; readonly score: number; readonly features: Features }

/** A question in search form: what it is about, and as it was asked. People's ways of asking stand in the glosses too, so they are matched with the latter. */
export type SearchQuestion = { readonly topic: string; readonly asked: string }

export type RankOptions = {
  /** Only units for which this holds; absent: all. */
  readonly accept?: (unit: number) => boolean
  readonly limit: number
  readonly weights: Weights
}

/** Candidates taken from each lexical leg, and neighbours taken from the vector index. */
const lexicalCandidates = 100
const denseCandidates = 200
/** Candidates that late interaction looks at. */
const rerankedCandidates = 24
/** Below this many passages an exact scan is as fast as the graph and leaves nothing out. */
const exactScan = 6000

/**
 * Weights of the linear combination: between a listwise fit on the questions of `test/evaluation/own-answerable.jsonl` and round numbers.
 * Anything near them ranks those questions alike within the noise.
 */
export const fittedWeights: Weights = { text: 0.7, gloss: 0.7, textCosine: 0.5, glossCosine: 0.9, textMaxSim: 1, glossMaxSim: 0.9 }

/** The question with each bridged word replaced by the memoranda's first term for it. */
function rewritten(folded: string, bridged: readonly Bridged[]): string {
  let out = ''
  let at = 0
  for (const { start, end, terms } of bridged) {
    out += `${folded.slice(at, start)} ${fold(terms[0] ?? '')} `
    at = end
  }
  return out + folded.slice(at)
}

/** A question compared with everything once; ranking within a province or everywhere then shares the work. */
export type Prepared = {
  readonly bridged: readonly Bridged[]
  /** Of the question, and of the question in the memoranda's words where those differ. */
  readonly encodings: readonly Encoding[]
  readonly inText: ReadonlyMap<number, number>
  readonly inGloss: ReadonlyMap<number, number>
  readonly maxSims: readonly ((passage: number) => number)[]
  readonly textSlots: readonly Slot[]
  readonly glossSlots: readonly Slot[]
}

/** Bridges, encodes and looks up a question in search form. */
export async function prepare(retrieval: Retrieval, { topic, asked }: SearchQuestion): Promise<Prepared> {
  const { index, encoder, bridge } = retrieval
  const bridged = bridgeQuestion(bridge, topic)
  const encode = async (text: string) => weighted(await encoder.encode(text, 'question'), index.rarity)
  const encodings: Encoding[] = [await encode(topic)]
  if (bridged.length > 0) encodings.push(await encode(rewritten(topic, bridged)))
  const textSlots = slotsOf(topic, bridged, index.text)
  const glossSlots = slotsOf(asked, bridgeQuestion(bridge, asked), index.gloss)
  return {
    bridged,
    encodings,
    textSlots,
    glossSlots,
    inText: coverage(textSlots, index.text),
    inGloss: coverage(glossSlots, index.gloss),
    maxSims: encodings.map((encoding) => createMaxSim(index.tokens, encoding)),
  }
}

/**
 * The units that best match a prepared question: candidates from both lexical legs and the vector index, scored by all legs together,
 * the best of them re-ranked by late interaction. Best first; equal scores in the order of the documents.
 */
export function rank(retrieval: Retrieval, prepared: Prepared, options: RankOptions): readonly Hit[] {
  const units = retrieval.library.units.length
  // Outside topics are numbered after the units; nobody is shown one.
  const accept = (unit: number) => unit < units && options.accept?.(unit) !== false
  return rankAccepted(retrieval, prepared, accept, options)
}

/** The outside topic that a prepared question is nearest to, by the legs that glosses have. */
export function nearestOutside(retrieval: Retrieval, prepared: Prepared, weights: Weights): Hit | undefined {
  const units = retrieval.library.units.length
  return rankAccepted(retrieval, prepared, (unit) => unit >= units, { limit: 1, weights: { ...weights, text: 0, textCosine: 0, textMaxSim: 0 } })[0]
}

function rankAccepted(retrieval: Retrieval, prepared: Prepared, accept: (unit: number) => boolean, options: RankOptions): readonly Hit[] {
  const { index } = retrieval
  const { weights } = options
  const { inText, inGloss, encodings, maxSims } = prepared
  const candidates = new Set<number>()
  for (const leg of [inText, inGloss]) for (const [unit] of best(leg, lexicalCandidates, accept)) candidates.add(unit)
  for (const { pooled } of encodings) for (const unit of nearestUnits(index, pooled, accept)) candidates.add(unit)

  const scored = [...candidates].map((unit): Hit => {
    const { textCosine, glossCosine } = cosines(index, encodings, unit)
    // Until late interaction has spoken, the cosine stands in for it.
    const features = { text: inText.get(unit) ?? 0, gloss: inGloss.get(unit) ?? 0, textCosine, glossCosine, textMaxSim: textCosine, glossMaxSim: glossCosine }
    return { unit, features, score: combine(features, weights) }
  })
  const order = (a: Hit, b: Hit) => b.score - a.score || a.unit - b.unit
  scored.sort(order)
  const reranked = scored.slice(0, rerankedCandidates).map(({ unit, features }): Hit => {
    let textMaxSim = -1
    let glossMaxSim = -1
    const start = index.unitStart[unit] as number
    const end = index.unitStart[unit + 1] as number
    for (const maxSim of maxSims) {
      // The first passage of a unit is its whole text; the sentences that follow hold no other token.
      textMaxSim = Math.max(textMaxSim, maxSim(start))
      for (let passage = start; passage < end; passage += 1) if (index.passageIsGloss[passage] === 1) glossMaxSim = Math.max(glossMaxSim, maxSim(passage))
    }
    const all: Features = { ...features, textMaxSim, glossMaxSim: glossMaxSim < 0 ? textMaxSim : glossMaxSim }
    return { unit, features: all, score: combine(all, weights) }
  })
  reranked.sort(order)
  return [...reranked, ...scored.slice(rerankedCandidates)].slice(0, options.limit)
}

export function combine(features: Features, weights: Weights): number {
  return (
    weights.text * features.text +
    weights.gloss * features.gloss +
    weights.textCosine * features.textCosine +
    weights.glossCosine * features.glossCosine +
    weights.textMaxSim * features.textMaxSim +
    weights.glossMaxSim * features.glossMaxSim
  )
}

function best(scores: ReadonlyMap<number, number>, count: number, accept: (unit: number) => boolean): [number, number][] {
  return [...scores]
    .filter(([unit]) => accept(unit))
    .sort((a, b) => b[1] - a[1] || a[0] - b[0])
    .slice(0, count)
}

function nearestUnits(index: RetrievalIndex, pooled: Float32Array, accept: (unit: number) => boolean): number[] {
  const units = new Set<number>()
  const total = index.passageUnit.length
  // A filter can leave few of the nearest: ask the graph for more, and for so many only where it is faster than the scan.
  if (total > exactScan) {
    let wanted = denseCandidates
    while (units.size < denseCandidates / 4 && wanted <= total) {
      for (const { label } of index.vectors.search(pooled, wanted)) {
        const unit = index.passageUnit[label] as number
        if (accept(unit)) units.add(unit)
      }
      wanted *= 4
    }
    return [...units]
  }
  for (const { label } of index.vectors.search(pooled, Math.min(total, denseCandidates))) {
    const unit = index.passageUnit[label] as number
    if (accept(unit)) units.add(unit)
  }
  return [...units]
}

function cosines(index: RetrievalIndex, questions: readonly Encoding[], unit: number): { textCosine: number; glossCosine: number } {
  const { dimensions } = index.manifest.encoder
  let textCosine = -1
  let glossCosine = -1
  const end = index.unitStart[unit + 1] as number
  for (const { pooled } of questions) {
    for (let passage = index.unitStart[unit] as number; passage < end; passage += 1) {
      const offset = passage * dimensions
      let dot = 0
      for (let i = 0; i < dimensions; i += 1) dot += (pooled[i] as number) * (index.pooled[offset + i] as number)
      if (index.passageIsGloss[passage] === 1) glossCosine = Math.max(glossCosine, dot)
      else textCosine = Math.max(textCosine, dot)
    }
  }
  return { textCosine, glossCosine: glossCosine < -0.99 ? textCosine : glossCosine }
}
