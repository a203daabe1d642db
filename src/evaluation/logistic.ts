/** A fitted logistic regression over standardised signals. */
export type Logistic = {
  readonly bias: number
  readonly weights: readonly number[]
  readonly means: readonly number[]
  readonly scales: readonly number[]
}

/**
 * Steps and rate of plain gradient descent, and the weight of the penalty on large coefficients: enough to converge for
 * some thousand rows of twenty columns.
 */
const steps = 3000
const rate = 0.5
const penalty = 0.003

const sigmoid = (value: number) => 1 / (1 + Math.exp(-Math.max(-30, Math.min(30, value))))

/** Fits P(label = 1) with both classes weighted alike. Deterministic. */
export function fitLogistic(rows: readonly (readonly number[])[], labels: readonly (0 | 1)[]): Logistic {
  const columns = rows[0]?.length ?? 0
  const means = Array.from(
    { length: columns },
    (_, c) => rows.reduce((sum, row) => sum + (row[c] as number), 0) / rows.length,
  )
  const scales = means.map(
    (mean, c) => Math.sqrt(rows.reduce((sum, row) => sum + ((row[c] as number) - mean) ** 2, 0) / rows.length) || 1,
  )
  const standard = rows.map((row) => row.map((value, c) => (value - (means[c] as number)) / (scales[c] as number)))
  const positives = labels.filter((label) => label === 1).length
  const classWeight = [
    labels.length / 2 / Math.max(1, labels.length - positives),
    labels.length / 2 / Math.max(1, positives),
  ]
  const weights = new Array<number>(columns).fill(0)
  let bias = 0
  for (let step = 0; step < steps; step += 1) {
    const gradient = new Array<number>(columns).fill(0)
    let biasGradient = 0
    standard.forEach((row, at) => {
      const label = labels[at] as 0 | 1
      const error =
        (sigmoid(row.reduce((sum, value, c) => sum + value * (weights[c] as number), bias)) - label) *
        (classWeight[label] as number)
      biasGradient += error
      for (let c = 0; c < columns; c += 1) gradient[c] = (gradient[c] as number) + error * (row[c] as number)
    })
    bias -= (rate * biasGradient) / rows.length
    for (let c = 0; c < columns; c += 1)
      weights[c] =
        (weights[c] as number) - rate * ((gradient[c] as number) / rows.length + penalty * (weights[c] as number))
  }
  return { bias, weights, means, scales }
}

/** Log-odds of a row. */
export function oddsOf(model: Logistic, row: readonly number[]): number {
  return row.reduce(
    (sum, value, c) =>
      sum + ((model.weights[c] as number) * (value - (model.means[c] as number))) / (model.scales[c] as number),
    model.bias,
  )
}

/** Area under the ROC curve: the chance that a positive scores above a negative (ties count half). */
export function areaUnderCurve(scores: readonly number[], labels: readonly (0 | 1)[]): number {
  const positives = scores.filter((_, at) => labels[at] === 1)
  const negatives = scores.filter((_, at) => labels[at] === 0)
  let wins = 0
  for (const positive of positives)
    for (const negative of negatives) wins += positive > negative ? 1 : positive === negative ? 0.5 : 0
  return wins / (positives.length * negatives.length)
}
