import type { Encoding } from './encoder.ts'
import { firstNotBelow } from './sorted.ts'

/**
 * How telling each token is in this corpus. A static encoder gives a token one vector everywhere, so what is common
 * here has to be said beside it.
 */
export type Rarity = {
  /** Token numbers, ascending. */
  readonly tokens: Int32Array
  /** Factor for each. */
  readonly factors: Float32Array
  /** Factor of a token that no passage holds. */
  readonly unseen: number
}

/** No token counts more than another: for encoders that see a token's surroundings. */
export const evenRarity: Rarity = { tokens: new Int32Array(0), factors: new Float32Array(0), unseen: 1 }

/** ln(1 + N / (½ + df))^½: the square root measured best, the full logarithm nearly as well. */
const factor = (passages: number, holding: number) => Math.sqrt(Math.log(1 + passages / (0.5 + holding)))

/**
 * Counts the passages, given as their tokens, that hold each token. Factors are of single precision, as they stand on
 * disk: an index answers alike before and after.
 */
export function rarityOf(passages: readonly (readonly number[])[]): Rarity {
  const holding = new Map<number, number>()
  for (const passage of passages)
    for (const token of new Set(passage)) holding.set(token, (holding.get(token) ?? 0) + 1)
  const tokens = Int32Array.from([...holding.keys()].sort((a, b) => a - b))
  return {
    tokens,
    factors: Float32Array.from(tokens, (token) => factor(passages.length, holding.get(token) ?? 0)),
    unseen: Math.fround(factor(passages.length, 0)),
  }
}

function factorOf({ tokens, factors, unseen }: Rarity, token: number): number {
  const at = firstNotBelow(tokens, token)
  return tokens[at] === token ? (factors[at] as number) : unseen
}

/** The encoding with each token vector lengthened by its rarity, and the pooled vector made anew from them. */
export function weighted(encoding: Encoding, rarity: Rarity): Encoding {
  const { tokens, vectors } = encoding
  if (rarity.tokens.length === 0 || tokens.length === 0) return encoding
  const dimensions = vectors.length / tokens.length
  const lengthened = new Float32Array(vectors.length)
  const pooled = new Float32Array(dimensions)
  tokens.forEach((token, at) => {
    const by = factorOf(rarity, token)
    for (let i = 0; i < dimensions; i += 1) {
      const value = (vectors[at * dimensions + i] as number) * by
      lengthened[at * dimensions + i] = value
      pooled[i] = (pooled[i] as number) + value
    }
  })
  let square = 0
  for (const value of pooled) square += value * value
  const length = Math.sqrt(square)
  return { tokens, vectors: lengthened, pooled: length > 1e-9 ? pooled.map((value) => value / length) : pooled }
}
