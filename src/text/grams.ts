/**
 * Which texts hold a gram: a run of two or three neighbouring UTF-16 units. Grams are kept in buckets; where two share
 * one, its list names texts that do not hold the gram.
 */
export type GramIndex = {
  /** Bucket of the gram that begins at an offset of any text. */
  bucketAt(text: string, at: number): number
  /** Number of texts with a gram of a bucket. */
  count(bucket: number): number
  /** The texts with a gram of a bucket, by position, ascending. */
  texts(bucket: number): Uint32Array
  /** The bucket of a piece's grams that fewest texts have; `undefined` for a piece that is shorter than a gram. */
  rarestBucket(piece: string): number | undefined
}

/** Most buckets, as a power of two: of pairs there are far fewer, and few buckets are fast to fill. */
const mostBits = { 2: 16, 3: 22 } as const

const factors = [0x9e3779b1, 0x85ebca6b, 0xc2b2ae35]

/** Indexes texts by their grams of `size` units. */
export function indexGrams(texts: readonly string[], size: 2 | 3): GramIndex {
  const total = texts.reduce((sum, text) => sum + Math.max(0, text.length - size + 1), 0)
  const bits = Math.min(mostBits[size], Math.max(10, Math.ceil(Math.log2(total + 1))))
  const bucketAt = (text: string, at: number) => {
    let mixed = 0
    for (let i = 0; i < size; i += 1) mixed ^= Math.imul(text.charCodeAt(at + i), factors[i] as number)
    return Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d) >>> (32 - bits)
  }
  const starts = new Uint32Array(2 ** bits + 1)
  const seen = new Int32Array(2 ** bits)
  const each = (visit: (bucket: number, text: number) => void) => {
    seen.fill(-1)
    texts.forEach((text, number) => {
      for (let at = 0; at + size <= text.length; at += 1) {
        const bucket = bucketAt(text, at)
        if (seen[bucket] === number) continue
        seen[bucket] = number
        visit(bucket, number)
      }
    })
  }
  each((bucket) => {
    starts[bucket + 1] = (starts[bucket + 1] as number) + 1
  })
  for (let bucket = 0; bucket < 2 ** bits; bucket += 1)
    starts[bucket + 1] = (starts[bucket + 1] as number) + (starts[bucket] as number)
  const next = starts.slice()
  const holding = new Uint32Array(starts[2 ** bits] as number)
  each((bucket, text) => {
    holding[next[bucket] as number] = text
    next[bucket] = (next[bucket] as number) + 1
  })
  const count = (bucket: number) => (starts[bucket + 1] as number) - (starts[bucket] as number)
  return {
    bucketAt,
    count,
    texts: (bucket) => holding.subarray(starts[bucket], starts[bucket + 1]),
    rarestBucket(piece) {
      let rarest: number | undefined
      for (let at = 0; at + size <= piece.length; at += 1) {
        const bucket = bucketAt(piece, at)
        if (rarest === undefined || count(bucket) < count(rarest)) rarest = bucket
      }
      return rarest
    },
  }
}
