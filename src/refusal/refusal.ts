import { type LinearFile, readLinear } from '../model/linear.ts'
import { lacking } from '../retrieval/lexical.ts'
import { type Features, fittedWeights, type Hit, type Prepared, type Retrieval } from '../retrieval/search.ts'

/** Whether the best hits answer a question, and if not, whether they are near enough to be worth showing. */
export type Verdict = {
  readonly answered: boolean
  readonly near: boolean
  readonly foreign: boolean
  /** By how much the log-odds exceed what an answer needs. */
  readonly margin: number
}

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
  'wordsHere',
  'wordsPartly',
  'wordsElsewhere',
  'reviewed',
  'leans',
  'shown',
  'lacksDetail',
] as const
export type Signals = Readonly<Record<(typeof signalNames)[number], number>>

/** The legs that glosses have, weighted as in the ranking: comparable between a clause and an outside topic. */
function glossScore({ gloss, glossCosine, glossMaxSim }: Features): number {
  return fittedWeights.gloss * gloss + fittedWeights.glossCosine * glossCosine + fittedWeights.glossMaxSim * glossMaxSim
}

/** What is known of a question beside its scores. */
export type Circumstances = {
  /** Whether clauses hold its very words, and where. */
  readonly wording: Wording
  /** It is about a reviewed topic as a whole. */
  readonly reviewed: boolean
  /** It continues one that was answered. */
  readonly leans: boolean
  /** It is about the clauses on the screen. */
  readonly shown: boolean
  /** It asks for a detail of a form that no clause shown has. */
  readonly lacksDetail: boolean
}

/** The signals, how it was asked, and whether the nearest outside topic is no question for documents at all. */
export type Evidence = { readonly signals: Signals; readonly grams: Int32Array; readonly foreign: boolean }

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
  { wording, reviewed, leans, shown, lacksDetail }: Circumstances,
  grams: Int32Array,
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
    wordsHere: Number(wording === 'here'),
    wordsPartly: Number(wording === 'partly'),
    wordsElsewhere: Number(wording === 'elsewhere'),
    reviewed: Number(reviewed),
    leans: Number(leans),
    shown: Number(shown),
    lacksDetail: Number(lacksDetail),
  }
  return {
    signals,
    grams,
    foreign:
      outside !== undefined &&
      retrieval.library.outside[outside.unit - retrieval.library.units.length]?.kind === 'foreign',
  }
}

/**
 * Whether clauses where the question asks hold its very words, some of its telling words, only clauses elsewhere do, or
 * the words are nobody's.
 */
export type Wording = 'here' | 'partly' | 'elsewhere' | 'unknown'

/** A fitted decision, as `npm run calibrate` writes it. */
export type CalibrationFile = {
  readonly threshold: number
  readonly bias: number
  /** Of each signal, and of its square up to four. */
  readonly signals: Readonly<Record<string, { mean: number; scale: number; weight: number; square: number }>>
  readonly grams: LinearFile
}

/** What a signal is worth; squares let it count more at its ends. */
export const squared = (value: number): number => Math.min(4, value * value)

export type Judge = (evidence: Evidence | undefined) => Verdict

/** For whoever wants to see what would be answered: lets everything pass. */
export const everythingAnswered: Judge = () => ({ answered: true, near: true, foreign: false, margin: 0 })

/**
 * Decides whether the best hits answer: logistic regression over the signals and over how the question is asked, fitted
 * on the bank.
 */
export function createJudge({ threshold, bias, signals: fitted, grams }: CalibrationFile): Judge {
  const manner = readLinear(grams)
  return (evidence) => {
    if (evidence === undefined) return { answered: false, near: false, foreign: true, margin: Number.NEGATIVE_INFINITY }
    const odds = signalNames.reduce(
      (sum, name) => {
        const { mean = 0, scale = 1, weight = 0, square = 0 } = fitted[name] ?? {}
        const value = (evidence.signals[name] - mean) / scale
        return sum + weight * value + square * squared(value)
      },
      bias + (manner.scoresOf(evidence.grams)[0] as number),
    )
    const near = odds >= threshold - 2.5
    return {
      answered: odds >= threshold,
      near: near && !evidence.foreign,
      foreign: evidence.foreign,
      margin: odds - threshold,
    }
  }
}
