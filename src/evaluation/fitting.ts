import type { LinearFile } from '../model/linear.ts'
import { buckets } from '../understanding/grams.ts'
import { seeded } from './random.ts'

/** A message, the outcomes that were open to it and those that were right. `weight`: how much it counts. */
export type Choice = {
  readonly features: Int32Array
  readonly open: readonly boolean[]
  readonly right: readonly boolean[]
  readonly weight: number
}

/** A question with its signals, and whether it is answered. */
export type Decision = {
  readonly features: Int32Array
  readonly signals: readonly number[]
  readonly label: 0 | 1
}

type Settings = { readonly epochs: number; readonly rate: number; readonly penalty: number }

/** Found on the bank, leaving a hand out; anything near them is as good. */
const choiceSettings: Settings = { epochs: 20, rate: 0.25, penalty: 1e-5 }
const decisionSettings: Settings = { epochs: 12, rate: 0.08, penalty: 1e-4 }
const signalRate = 0.05

/** The numbers 0 to `length` - 1 in an order that chance gave, the same for the same seed. */
function shuffled(length: number, random: () => number): Int32Array {
  const order = Int32Array.from({ length }, (_, at) => at)
  for (let at = length - 1; at > 0; at -= 1) {
    const other = Math.floor(random() * (at + 1))
    const kept = order[at] as number
    order[at] = order[other] as number
    order[other] = kept
  }
  return order
}

/** Adagrad (Duchi, Hazan, Singer 2011): a step of `weights[at]` against a gradient. */
function descend(weights: Float32Array, squares: Float32Array, at: number, gradient: number, rate: number): void {
  const square = (squares[at] as number) + gradient * gradient
  squares[at] = square
  weights[at] = (weights[at] as number) - (rate * gradient) / Math.sqrt(square)
}

/**
 * Multinomial logistic regression over hashed features in which only some outcomes are open to a row and several may be
 * right: what is maximised is the probability of any right one. [buckets, outcomes].
 */
export function fitChoice(rows: readonly Choice[], outcomes: number): Float32Array {
  const { epochs, rate, penalty } = choiceSettings
  const weights = new Float32Array(buckets * outcomes)
  const squares = new Float32Array(weights.length).fill(0.02)
  const random = seeded(3)
  for (let epoch = 0; epoch < epochs; epoch += 1) {
    for (const at of shuffled(rows.length, random)) {
      const { features, open, right, weight } = rows[at] as Choice
      const share = 1 / Math.sqrt(features.length)
      const odds = oddsOf(weights, outcomes, features)
      const most = Math.max(...odds.filter((_, k) => open[k]))
      const likely = odds.map((value, k) => (open[k] ? Math.exp(value - most) : 0))
      const all = likely.reduce((sum, value) => sum + value, 0)
      const good = likely.reduce((sum, value, k) => sum + (right[k] ? value : 0), 0)
      if (good === 0) continue
      for (let k = 0; k < outcomes; k += 1) {
        const value = likely[k] as number
        const pull = (value / all - (right[k] ? value / good : 0)) * weight * share
        if (Math.abs(pull) < 1e-5) continue
        for (const feature of features) {
          const place = feature * outcomes + k
          descend(weights, squares, place, pull + penalty * (weights[place] as number), rate)
        }
      }
    }
  }
  return weights
}

/** Log-odds of each outcome, up to a constant. */
export function oddsOf(weights: Float32Array, outcomes: number, features: Int32Array): number[] {
  const share = 1 / Math.sqrt(Math.max(1, features.length))
  return Array.from({ length: outcomes }, (_, k) =>
    features.reduce((sum, feature) => sum + (weights[feature * outcomes + k] as number) * share, 0),
  )
}

/** The outcome that is likeliest of those open. */
export function chosen(weights: Float32Array, outcomes: number, { features, open }: Choice): number {
  const odds = oddsOf(weights, outcomes, features)
  return odds.reduce((best, value, k) => (open[k] && (best < 0 || value > (odds[best] as number)) ? k : best), -1)
}

/** Means, scales and weights of signals and their squares, beside weights of features. */
export type FittedDecision = {
  readonly bias: number
  readonly means: readonly number[]
  readonly scales: readonly number[]
  readonly weights: readonly number[]
  readonly squares: readonly number[]
  readonly features: Float32Array
}

const square = (value: number): number => Math.min(4, value * value)

/** Logistic regression over standardised signals, their squares and hashed features. */
export function fitDecision(rows: readonly Decision[]): FittedDecision {
  const { epochs, rate, penalty } = decisionSettings
  const count = rows[0]?.signals.length ?? 0
  const column = (k: number) => rows.map(({ signals }) => signals[k] as number)
  const means = Array.from({ length: count }, (_, k) => column(k).reduce((sum, value) => sum + value, 0) / rows.length)
  const scales = means.map(
    (mean, k) => Math.sqrt(column(k).reduce((sum, value) => sum + (value - mean) ** 2, 0) / rows.length) || 1,
  )
  // The bias, then weight and square of each signal.
  const dense = new Float32Array(1 + 2 * count)
  const denseSquares = new Float32Array(dense.length).fill(0.01)
  const features = new Float32Array(buckets)
  const featureSquares = new Float32Array(buckets).fill(0.01)
  const random = seeded(7)
  for (let epoch = 0; epoch < epochs; epoch += 1) {
    for (const at of shuffled(rows.length, random)) {
      const row = rows[at] as Decision
      const values = row.signals.map((value, k) => (value - (means[k] as number)) / (scales[k] as number))
      const share = 1 / Math.sqrt(Math.max(1, row.features.length))
      let odds = dense[0] as number
      values.forEach((value, k) => {
        odds += (dense[1 + 2 * k] as number) * value + (dense[2 + 2 * k] as number) * square(value)
      })
      for (const feature of row.features) odds += (features[feature] as number) * share
      const error = 1 / (1 + Math.exp(-odds)) - row.label
      const step = (place: number, value: number) =>
        descend(dense, denseSquares, place, error * value + 1e-5 * (dense[place] as number), signalRate)
      step(0, 1)
      values.forEach((value, k) => {
        step(1 + 2 * k, value)
        step(2 + 2 * k, square(value))
      })
      for (const feature of row.features)
        descend(features, featureSquares, feature, error * share + penalty * (features[feature] as number), rate)
    }
  }
  return {
    bias: dense[0] as number,
    means,
    scales,
    weights: means.map((_, k) => dense[1 + 2 * k] as number),
    squares: means.map((_, k) => dense[2 + 2 * k] as number),
    features,
  }
}

/** Log-odds that a question is answered. */
export function decisionOdds(fitted: FittedDecision, { signals, features }: Omit<Decision, 'label'>): number {
  const manner = oddsOf(fitted.features, 1, features)[0] as number
  return signals.reduce((sum, signal, k) => {
    const value = (signal - (fitted.means[k] as number)) / (fitted.scales[k] as number)
    return sum + (fitted.weights[k] as number) * value + (fitted.squares[k] as number) * square(value)
  }, fitted.bias + manner)
}

/** Weights in eight bits each, as the product reads them. */
export function packed(classes: readonly string[], weights: Float32Array): LinearFile {
  const largest = weights.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  const step = Number((largest / 127 || 1).toPrecision(6))
  const numbers = Int8Array.from(weights, (value) => Math.round(value / step))
  return { classes, step, weights: Buffer.from(numbers.buffer).toString('base64') }
}
