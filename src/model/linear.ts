/** A fitted linear model over hashed features, as its file holds it. */
export type LinearFile = {
  readonly classes: readonly string[]
  /** What one step of the stored numbers is worth. */
  readonly step: number
  /** [buckets, classes] numbers of eight bits, in base64. */
  readonly weights: string
}

/** `scoresOf(features)`: log-odds of each class, up to a constant. A feature counts once, and all of them share one unit. */
export type Linear = { readonly classes: readonly string[]; scoresOf(features: Int32Array): Float64Array }

export function readLinear({ classes, step, weights }: LinearFile): Linear {
  const numbers = new Int8Array(Buffer.from(weights, 'base64'))
  return {
    classes,
    scoresOf(features) {
      const scores = new Float64Array(classes.length)
      const share = step / Math.sqrt(Math.max(1, features.length))
      for (const feature of features) {
        const at = feature * classes.length
        for (let k = 0; k < classes.length; k += 1) scores[k] = (scores[k] as number) + (numbers[at + k] ?? 0) * share
      }
      return scores
    },
  }
}
