import type { Library } from '../memorandum/library.ts'
import { fold } from '../text/fold.ts'
import { type Bridge, type Bridged, bridgeQuestion } from './bridge.ts'
import { type Breadth, bestFirst, bestOf, breadthFor, type Neighbourhood, neighbourhood } from './candidates.ts'
import type { Encoder, Encoding } from './encoder.ts'
import type { RetrievalIndex } from './index-folder.ts'
import { type Scores, type Slot, slotsOf } from './lexical.ts'
import { weighted } from './rarity.ts'
import type { MaxSim } from './tokens.ts'

/** Everything retrieval needs, loaded once. */
export type Retrieval = {
  readonly library: Library
  readonly index: RetrievalIndex
  readonly encoder: Encoder
  readonly bridge: Bridge
}

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

/**
 * A question in search form: what it is about, and in full, with the words of asking. People's ways of asking stand in
 * the glosses too, so they are matched with the latter.
 */
export type SearchQuestion = { readonly subject: string; readonly inFull: string }

export type RankOptions = {
  /** How many candidates the stages hand on; by the size of the library unless told. */
  readonly breadth?: Breadth
  /** Only units for which this holds; absent: all. */
  readonly accept?: (unit: number) => boolean
  readonly limit: number
  readonly weights: Weights
}

/**
 * Weights of the linear combination: between a listwise fit on the questions of `test/evaluation/own-answerable.jsonl`
 * and round numbers. Anything near them ranks those questions alike within the noise.
 */
export const fittedWeights: Weights = {
  text: 0.7,
  gloss: 0.7,
  textCosine: 0.5,
  glossCosine: 0.9,
  textMaxSim: 1,
  glossMaxSim: 0.9,
}

/**
 * Passages of a gloss that late interaction looks at: one far by its cosine is never the best by its tokens, and a
 * gloss has some twenty-five.
 */
const comparedGlosses = 8

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

/** Best cosines of units with the question; computed when first asked for. */
type Cosines = { text(unit: number): number; gloss(unit: number): number }
type LateInteraction = Pick<Features, 'textMaxSim' | 'glossMaxSim'>

/** A question compared with everything once. */
type Compared = {
  readonly bridged: readonly Bridged[]
  /** Of the question, and of the question in the memoranda's words where those differ. */
  readonly encodings: readonly Encoding[]
  readonly inText: Scores
  readonly inGloss: Scores
  readonly neighbourhoods: readonly Neighbourhood[]
  readonly cosines: Cosines
  /** Computed when first asked for. */
  readonly lateInteraction: (unit: number) => LateInteraction
  readonly textSlots: readonly Slot[]
  readonly glossSlots: readonly Slot[]
}

/** A question compared with everything once; ranking within a province or everywhere then shares the work. */
export type Prepared = Compared & {
  /** The outside topic that the question is nearest to, by the legs that glosses have. Found when first asked for. */
  nearestOutside(): Hit | undefined
}

/** Bridges, encodes and looks up a question in search form. */
export async function prepare(retrieval: Retrieval, { subject, inFull }: SearchQuestion): Promise<Prepared> {
  const { index, encoder, bridge, library } = retrieval
  const bridged = bridgeQuestion(bridge, subject)
  const encode = async (text: string) => weighted(await encoder.encode(text, 'question'), index.rarity)
  const encodings: Encoding[] = [await encode(subject)]
  // Glosses hold the everyday Chinese words themselves: there only foreign words are better put into the memoranda's
  // own.
  const foreign = library.glosses.size > 0 ? bridged.filter(({ word }) => /[a-z]/u.test(word)) : bridged
  if (foreign.length > 0) encodings.push(await encode(rewritten(subject, foreign)))
  const textSlots = slotsOf(subject, bridged, index.text)
  const glossSlots = slotsOf(inFull, bridgeQuestion(bridge, inFull), index.gloss)
  const maxSims = encodings.map(index.maxSimOf)
  const similarities = similaritiesWith(index, encodings)
  const compared: Compared = {
    bridged,
    encodings,
    textSlots,
    glossSlots,
    inText: index.textCoverage(textSlots),
    inGloss: index.glossCoverage(glossSlots),
    neighbourhoods: encodings.map(({ pooled }) =>
      neighbourhood(index, pooled, breadthFor(retrieval.library.units.length).dense),
    ),
    cosines: cosinesWith(index, similarities),
    lateInteraction: once((unit) => lateInteraction(index, similarities, maxSims, unit)),
  }
  let outside: { readonly nearest: Hit | undefined } | undefined
  return {
    ...compared,
    nearestOutside() {
      outside ??= { nearest: nearestOutside(retrieval, compared) }
      return outside.nearest
    },
  }
}

/**
 * The units that best match a prepared question: candidates from both lexical legs and the vector index, scored by all
 * legs together, the best of them re-ranked by late interaction. Best first; equal scores in the order of the
 * documents.
 */
export function rank(retrieval: Retrieval, prepared: Prepared, options: RankOptions): readonly Hit[] {
  const units = retrieval.library.units.length
  // Outside topics are numbered after the units; nobody is shown one.
  const accept = (unit: number) => unit < units && options.accept?.(unit) !== false
  return rankAccepted(retrieval, prepared, accept, [0, units], options)
}

/** Only the nearest outside topic counts, so few are compared. */
const outsideBreadth: Breadth = { lexical: 16, dense: 64, reranked: 8 }

function nearestOutside(retrieval: Retrieval, compared: Compared): Hit | undefined {
  const units = retrieval.library.units.length
  const [nearest] = rankAccepted(
    retrieval,
    compared,
    (unit) => unit >= units,
    [units, units + retrieval.library.outside.length],
    { limit: 1, weights: { ...fittedWeights, text: 0, textCosine: 0, textMaxSim: 0 }, breadth: outsideBreadth },
  )
  return nearest
}

/** Ranks the units from `from` to before `to` that are accepted. */
function rankAccepted(
  retrieval: Retrieval,
  compared: Compared,
  accept: (unit: number) => boolean,
  [from, to]: readonly [from: number, to: number],
  options: RankOptions,
): readonly Hit[] {
  let listed: number[] | undefined
  const all = () => {
    if (listed === undefined) {
      listed = []
      for (let unit = from; unit < to; unit += 1) if (accept(unit)) listed.push(unit)
    }
    return listed
  }
  const { inText, inGloss, neighbourhoods, cosines } = compared
  const breadth = options.breadth ?? breadthFor(retrieval.library.units.length)
  const cosineOf = (unit: number) => Math.max(cosines.text(unit), cosines.gloss(unit))
  const candidates = new Set<number>()
  for (const leg of [inText, inGloss]) for (const unit of bestOf(leg, breadth.lexical, accept)) candidates.add(unit)
  for (const { near } of neighbourhoods)
    for (const unit of near(accept, Math.min(breadth.dense / 4, options.limit * 10), all, cosineOf))
      candidates.add(unit)
  return rankCandidates(compared, [...candidates], breadth, options)
}

/**
 * Scores candidates by all legs, the best of them by late interaction too. Best first; equal scores in the order of the
 * documents.
 */
export function rankCandidates(
  compared: Compared,
  candidates: readonly number[],
  { reranked: count }: Pick<Breadth, 'reranked'>,
  { weights, limit }: Pick<RankOptions, 'weights' | 'limit'>,
): readonly Hit[] {
  const { inText, inGloss, cosines, lateInteraction } = compared
  // Until late interaction has spoken, the cosine stands in for it. Outside topics have no text leg.
  const features = (unit: number): Features => {
    const textCosine = cosines.text(unit)
    const glossCosine = cosines.gloss(unit)
    return {
      text: inText.of[unit] ?? 0,
      gloss: inGloss.of[unit] ?? 0,
      textCosine,
      glossCosine,
      textMaxSim: textCosine,
      glossMaxSim: glossCosine,
    }
  }
  const textWeight = weights.textCosine + weights.textMaxSim
  const glossWeight = weights.glossCosine + weights.glossMaxSim
  // Most candidates only need their place in the order.
  const scored = bestFirst(
    candidates,
    (unit) =>
      weights.text * (inText.of[unit] ?? 0) +
      weights.gloss * (inGloss.of[unit] ?? 0) +
      textWeight * cosines.text(unit) +
      glossWeight * cosines.gloss(unit),
  )
  const hit = (unit: number, all: Features): Hit => ({ unit, features: all, score: combine(all, weights) })
  const reranked = scored.slice(0, count).map((unit) => hit(unit, { ...features(unit), ...lateInteraction(unit) }))
  reranked.sort((a, b) => b.score - a.score || a.unit - b.unit)
  const others = scored.slice(count, Math.max(count, limit)).map((unit) => hit(unit, features(unit)))
  return [...reranked, ...others].slice(0, limit)
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

/** A function of a unit that is computed once for each. */
function once<T>(compute: (unit: number) => T): (unit: number) => T {
  const known: T[] = []
  return (unit) => {
    known[unit] ??= compute(unit)
    return known[unit] as T
  }
}

/**
 * The best cosine of each passage of a unit with any of the question's encodings, in a view that the next call
 * overwrites: a new array for every unit would keep the garbage collector busy.
 */
type Similarities = (unit: number) => Float32Array

function similaritiesWith(index: RetrievalIndex, questions: readonly Encoding[]): Similarities {
  let best = new Float32Array(64)
  return (unit) => {
    const start = index.unitStart[unit] as number
    const count = (index.unitStart[unit + 1] as number) - start
    if (best.length < count) best = new Float32Array(count * 2)
    best.fill(-1, 0, count)
    for (const { pooled } of questions) {
      const products = index.pooled.products(pooled, start, count)
      for (let at = 0; at < count; at += 1)
        if ((products[at] as number) > (best[at] as number)) best[at] = products[at] as number
    }
    return best
  }
}

function cosinesWith(index: RetrievalIndex, similaritiesOf: Similarities): Cosines {
  const units = index.unitStart.length - 1
  const texts = new Float32Array(units).fill(Number.NaN)
  const glosses = new Float32Array(units)
  const compute = (unit: number) => {
    const start = index.unitStart[unit] as number
    const end = index.unitStart[unit + 1] as number
    const similarities = similaritiesOf(unit)
    let text = -1
    let gloss = -1
    for (let passage = start; passage < end; passage += 1) {
      const similarity = similarities[passage - start] as number
      if (index.passageIsGloss[passage] === 1) gloss = Math.max(gloss, similarity)
      else text = Math.max(text, similarity)
    }
    texts[unit] = text
    // Many clauses have no gloss.
    glosses[unit] = gloss < -0.99 ? text : gloss
  }
  return {
    text(unit) {
      if (Number.isNaN(texts[unit])) compute(unit)
      return texts[unit] as number
    },
    gloss(unit) {
      if (Number.isNaN(texts[unit])) compute(unit)
      return glosses[unit] as number
    },
  }
}

function lateInteraction(
  index: RetrievalIndex,
  similaritiesOf: Similarities,
  maxSims: readonly MaxSim[],
  unit: number,
): LateInteraction {
  const start = index.unitStart[unit] as number
  const end = index.unitStart[unit + 1] as number
  const similarities = similaritiesOf(unit)
  const near: { readonly passage: number; readonly similarity: number }[] = []
  for (let passage = start; passage < end; passage += 1)
    if (index.passageIsGloss[passage] === 1) near.push({ passage, similarity: similarities[passage - start] as number })
  if (near.length > comparedGlosses)
    near.sort((a, b) => b.similarity - a.similarity || a.passage - b.passage).splice(comparedGlosses)
  let textMaxSim = -1
  let glossMaxSim = -1
  for (const maxSim of maxSims) {
    // The first passage of a unit is its whole text; the sentences that follow hold no other token.
    textMaxSim = Math.max(textMaxSim, maxSim(start))
    for (const { passage } of near) glossMaxSim = Math.max(glossMaxSim, maxSim(passage))
  }
  return { textMaxSim, glossMaxSim: glossMaxSim < 0 ? textMaxSim : glossMaxSim }
}
