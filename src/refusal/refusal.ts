import { lacking } from '../retrieval/lexical.ts'
import { type Features, fittedWeights, type Hit, type Prepared, type Retrieval } from '../retrieval/search.ts'
import calibration from './calibration.json' with { type: 'json' }

/** Whether the best hits answer a question, and if not, whether they are near enough to be worth showing. */
export type Verdict = { readonly answered: boolean; readonly near: boolean; readonly foreign: boolean }

/** What the decision looks at, in the order of the calibrated weights. */
export const signalNames = [
  'text',
  'gloss',
  'textCosine',
  'glossCosine',
  'textMaxSim',
  'glossMaxSim',
  'score',
  'glossAboveOutside',
  'bestAboveOutside',
  'scoreElsewhere',
  'lacksInAll',
  'lacksMost',
  'lacksKnown',
  'lacksElsewhere',
  'narrowed',
  'length',
  'bridged',
  'outside',
  'lead',
] as const
export type Signals = Readonly<Record<(typeof signalNames)[number], number>>

/** The legs that glosses have, weighted as in the ranking: comparable between a clause and an outside topic. */
function glossScore({ gloss, glossCosine, glossMaxSim }: Features): number {
  return fittedWeights.gloss * gloss + fittedWeights.glossCosine * glossCosine + fittedWeights.glossMaxSim * glossMaxSim
}

/** The signals, and whether the nearest outside topic is no question for documents at all. */
export type Evidence = { readonly signals: Signals; readonly foreign: boolean }

/**
 * The signals of a question: its best hits where it asks, its best hits everywhere, and the nearest topic outside the
 * memoranda.
 */
export function signalsOf(
  retrieval: Retrieval,
  prepared: Prepared,
  subject: string,
  own: readonly Hit[],
  everywhere: readonly Hit[],
): Evidence | undefined {
  const [best] = own
  const [top = best] = everywhere
  if (best === undefined || top === undefined) return undefined
  const outside = prepared.nearestOutside()
  const beyond = outside === undefined ? 0 : glossScore(outside.features)
  const legs = [retrieval.index.text, retrieval.index.gloss]
  const here = lacking(prepared.textSlots, best.unit, legs)
  const there = lacking(prepared.textSlots, top.unit, legs)
  const signals: Signals = {
    ...best.features,
    score: best.score,
    glossAboveOutside: Math.max(...own.slice(0, 10).map(({ features }) => glossScore(features))) - beyond,
    bestAboveOutside: glossScore(best.features) - beyond,
    scoreElsewhere: top.score - best.score,
    lacksInAll: here.total,
    lacksMost: here.most,
    lacksKnown: here.known,
    lacksElsewhere: there.total,
    narrowed: own === everywhere ? 0 : 1,
    length: Math.min(1, subject.length / 20),
    bridged: Math.min(3, prepared.bridged.length),
    outside: beyond,
    lead: best.score - (own[4]?.score ?? 0),
  }
  return {
    signals,
    foreign:
      outside !== undefined &&
      retrieval.library.outside[outside.unit - retrieval.library.units.length]?.kind === 'foreign',
  }
}

/**
 * Log-odds that a question is answered, by logistic regression on the questions of `test/evaluation/own-*.jsonl` (`npm
 * run calibrate`).
 */
export function logOdds(signals: Signals): number {
  return signalNames.reduce((sum, name) => {
    const { mean, scale, weight } = calibration.signals[name]
    return sum + (weight * (signals[name] - mean)) / scale
  }, calibration.bias)
}

/**
 * Whether clauses where the question asks hold its very words, some of its telling words, only clauses elsewhere do, or
 * the words are nobody's.
 */
export type Wording = 'here' | 'partly' | 'elsewhere' | 'unknown'

/**
 * What wording is worth in log-odds. Chosen on the project's own questions: with the words in a clause hardly any
 * question went unanswered.
 */
const wordingOdds: Readonly<Record<Wording, number>> = { here: 6, partly: 3, elsewhere: -2.5, unknown: 0 }

/** Decides whether the best hits answer. */
export function judge(evidence: Evidence | undefined, wording: Wording): Verdict {
  if (evidence === undefined) return { answered: false, near: false, foreign: true }
  const odds = logOdds(evidence.signals) + wordingOdds[wording]
  const near = odds >= calibration.threshold - 2.5
  return { answered: odds >= calibration.threshold, near: near && !evidence.foreign, foreign: evidence.foreign }
}
