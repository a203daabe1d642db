import type { Library } from '../memorandum/library.ts'
import { fold } from '../text/fold.ts'
import { type Bridge, type Bridged, bridgeQuestion } from './bridge.ts'
import { type Breadth, bestOf, breadthFor, type Neighbourhood, neighbourhood } from './candidates.ts'
import type { Encoder, Encoding } from './encoder.ts'
import type { RetrievalIndex } from './index-folder.ts'
import { coverage, type Scores, type Slot, slotsOf } from './lexical.ts'
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
  /** How many candidates the stages hand on; by the size of the library unless told. */
  readonly breadth?: Breadth
  /** Only units for which this holds; absent: all. */
  readonly accept?: (unit: number) => boolean
  readonly limit: number
  readonly weights: Weights
}

/**
 * Weights of the linear combination: between a listwise fit on the questions of `test/evaluation/own-answerable.jsonl` and round numbers.
 * Anything near them ranks those questions alike within the noise.
 */
export const fittedWeights: Weights = { text: 0.7, gloss: 0.7, textCosine: 0.5, glossCosine: 0.9, textMaxSim: 1, glossMaxSim: 0.9 }

/** Passages of a gloss that late interaction looks at: one far by its cosine is never the best by its tokens, and a gloss has some twenty-five. */
const comparedGlosses = 8
const noPassages: number[] = []

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

type Cosines = Pick<Features, 'textCosine' | 'glossCosine'> & {
  /** The passages of the gloss with the best cosines: those that late interaction looks at. */
  readonly nearGloss: readonly number[]
}
type LateInteraction = Pick<Features, 'textMaxSim' | 'glossMaxSim'>

/** A question compared with everything once; ranking within a province or everywhere then shares the work. */
export type Prepared = {
  readonly bridged: readonly Bridged[]
  /** Of the question, and of the question in the memoranda's words where those differ. */
  readonly encodings: readonly Encoding[]
  readonly inText: Scores
  readonly inGloss: Scores
  readonly neighbourhoods: readonly Neighbourhood[]
  /** Best cosines and late interactions of a unit; computed when first asked for. */
  readonly cosines: (unit: number) => Cosines
  readonly lateInteraction: (unit: number) => LateInteraction
  readonly textSlots: readonly Slot[]
  readonly glossSlots: readonly Slot[]
}

/** Bridges, encodes and looks up a question in search form. */
export async function prepare(retrieval: Retrieval, { topic, asked }: SearchQuestion): Promise<Prepared> {
  const { index, encoder, bridge, library } = retrieval
  const bridged = bridgeQuestion(bridge, topic)
  const encode = async (text: string) => weighted(await encoder.encode(text, 'question'), index.rarity)
  const encodings: Encoding[] = [await encode(topic)]
  // Glosses hold the everyday Chinese words themselves: there only foreign words are better put into the memoranda's own.
  const foreign = library.glosses.size > 0 ? bridged.filter(({ asked: word }) => /[a-z]/u.test(word)) : bridged
  if (foreign.length > 0) encodings.push(await encode(rewritten(topic, foreign)))
  const textSlots = slotsOf(topic, bridged, index.text)
  const glossSlots = slotsOf(asked, bridgeQuestion(bridge, asked), index.gloss)
  const maxSims = encodings.map((encoding) => createMaxSim(index.tokens, encoding))
  const cosinesOf = once((unit) => cosines(index, encodings, unit))
  return {
    bridged,
    encodings,
    textSlots,
    glossSlots,
    inText: coverage(textSlots, index.text),
    inGloss: coverage(glossSlots, index.gloss),
    neighbourhoods: encodings.map(({ pooled }) => neighbourhood(index, pooled, breadthFor(retrieval.library.units.length).dense)),
    cosines: cosinesOf,
    lateInteraction: once((unit) => lateInteraction(index, maxSims, unit, cosinesOf(unit).nearGloss)),
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
  return rankAccepted(retrieval, prepared, accept, [0, units], options)
}

/** Only the nearest outside topic counts, so few are compared. */
const outsideBreadth: Breadth = { lexical: 16, dense: 64, reranked: 8 }

const outsideKnown = new WeakMap<Prepared, { readonly weights: Weights; readonly hit: Hit | undefined }>()

/** The outside topic that a prepared question is nearest to, by the legs that glosses have. Found once a question. */
export function nearestOutside(retrieval: Retrieval, prepared: Prepared, weights: Weights): Hit | undefined {
  const known = outsideKnown.get(prepared)
  if (known?.weights === weights) return known.hit
  const units = retrieval.library.units.length
  const hit = rankAccepted(retrieval, prepared, (unit) => unit >= units, [units, units + retrieval.library.outside.length], {
    limit: 1,
    weights: { ...weights, text: 0, textCosine: 0, textMaxSim: 0 },
    breadth: outsideBreadth,
  })[0]
  outsideKnown.set(prepared, { weights, hit })
  return hit
}

/** Ranks the units from `from` to before `to` that are accepted. */
function rankAccepted(
  retrieval: Retrieval,
  prepared: Prepared,
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
  const { inText, inGloss, neighbourhoods, cosines } = prepared
  const breadth = options.breadth ?? breadthFor(retrieval.library.units.length)
  const cosineOf = (unit: number) => Math.max(cosines(unit).textCosine, cosines(unit).glossCosine)
  const candidates = new Set<number>()
  for (const leg of [inText, inGloss]) for (const unit of bestOf(leg, breadth.lexical, accept)) candidates.add(unit)
  for (const { near } of neighbourhoods) for (const unit of near(accept, Math.min(breadth.dense / 4, options.limit * 10), all, cosineOf)) candidates.add(unit)
  return rankCandidates(prepared, [...candidates], breadth, options)
}

/** Scores candidates by all legs, the best of them by late interaction too. Best first; equal scores in the order of the documents. */
export function rankCandidates(
  prepared: Prepared,
  candidates: readonly number[],
  { reranked: count }: Pick<Breadth, 'reranked'>,
  { weights, limit }: Pick<RankOptions, 'weights' | 'limit'>,
): readonly Hit[] {
  const { inText, inGloss, cosines, lateInteraction } = prepared
  const scored = candidates.map((unit): Hit => {
    const { textCosine, glossCosine } = cosines(unit)
    // Until late interaction has spoken, the cosine stands in for it. Outside topics have no text leg.
    const features = { text: inText.of[unit] ?? 0, gloss: inGloss.of[unit] ?? 0, textCosine, glossCosine, textMaxSim: textCosine, glossMaxSim: glossCosine }
    return { unit, features, score: combine(features, weights) }
  })
  const order = (a: Hit, b: Hit) => b.score - a.score || a.unit - b.unit
  scored.sort(order)
  const reranked = scored.slice(0, count).map(({ unit, features }): Hit => {
    const all: Features = { ...features, ...lateInteraction(unit) }
    return { unit, features: all, score: combine(all, weights) }
  })
  reranked.sort(order)
  return [...reranked, ...scored.slice(count)].slice(0, limit)
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
  const known = new Map<number, T>()
  return (unit) => {
    const before = known.get(unit)
    if (before !== undefined) return before
    const value = compute(unit)
    known.set(unit, value)
    return value
  }
}

function lateInteraction(index: RetrievalIndex, maxSims: readonly ((passage: number) => number)[], unit: number, nearGloss: readonly number[]): LateInteraction {
  let textMaxSim = -1
  let glossMaxSim = -1
  const start = index.unitStart[unit] as number
  for (const maxSim of maxSims) {
    // The first passage of a unit is its whole text; the sentences that follow hold no other token.
    textMaxSim = Math.max(textMaxSim, maxSim(start))
    for (const passage of nearGloss) glossMaxSim = Math.max(glossMaxSim, maxSim(passage))
  }
  return { textMaxSim, glossMaxSim: glossMaxSim < 0 ? textMaxSim : glossMaxSim }
}

function cosines(index: RetrievalIndex, questions: readonly Encoding[], unit: number): Cosines {
  const { dimensions } = index.manifest.encoder
  let textCosine = -1
  let glossCosine = -1
  // Many clauses have no gloss: nothing is made for them.
  let glosses = noPassages
  let similarities = noPassages
  const end = index.unitStart[unit + 1] as number
  for (let passage = index.unitStart[unit] as number; passage < end; passage += 1) {
    let similarity = -1
    for (const { pooled } of questions) similarity = Math.max(similarity, dot(pooled, index.pooled, passage * dimensions, dimensions))
    if (index.passageIsGloss[passage] === 1) {
      glossCosine = Math.max(glossCosine, similarity)
      if (glosses === noPassages) {
        glosses = []
        similarities = []
      }
      glosses.push(passage)
      similarities.push(similarity)
    } else textCosine = Math.max(textCosine, similarity)
  }
  const least = similarities.length > comparedGlosses ? ([...similarities].sort((a, b) => b - a)[comparedGlosses - 1] as number) : -2
  return {
    textCosine,
    glossCosine: glossCosine < -0.99 ? textCosine : glossCosine,
    nearGloss: least === -2 ? glosses : glosses.filter((_, at) => (similarities[at] as number) >= least),
  }
}

/** Product with a stored vector. Four sums at a time: the additions of one would wait for each other. */
function dot(vector: Float32Array, stored: Float32Array, offset: number, dimensions: number): number {
  let a = 0
  let b = 0
  let c = 0
  let d = 0
  let i = 0
  for (; i + 3 < dimensions; i += 4) {
    a += (vector[i] as number) * (stored[offset + i] as number)
    b += (vector[i + 1] as number) * (stored[offset + i + 1] as number)
    c += (vector[i + 2] as number) * (stored[offset + i + 2] as number)
    d += (vector[i + 3] as number) * (stored[offset + i + 3] as number)
  }
  for (; i < dimensions; i += 1) a += (vector[i] as number) * (stored[offset + i] as number)
  return a + b + c + d
}
