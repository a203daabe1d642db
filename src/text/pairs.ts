/** Which texts may hold a piece: for each pair of neighbouring characters the texts that have it. */
export type PairIndex = {
  /**
   * Texts (by position, ascending) that hold the rarest pair of a piece of two characters or more: all texts that hold
   * the piece, and maybe others.
   */
  candidates(piece: string): Uint32Array
}

/** Pairs are counted in this many buckets; two pairs in one bucket only add candidates. */
const buckets = 1 << 16

/** Indexes texts by their pairs of UTF-16 units, so that a piece is looked for in few of them. */
export function indexPairs(texts: readonly string[]): PairIndex {
  const bucketOf = (text: string, at: number) =>
    ((text.charCodeAt(at) * 31_337) ^ text.charCodeAt(at + 1)) & (buckets - 1)
  const last = new Int32Array(buckets)
  const starts = new Uint32Array(buckets + 1)
  const each = (visit: (bucket: number, text: number) => void) => {
    last.fill(-1)
    texts.forEach((text, number) => {
      for (let at = 0; at + 1 < text.length; at += 1) {
        const bucket = bucketOf(text, at)
        if (last[bucket] === number) continue
        last[bucket] = number
        visit(bucket, number)
      }
    })
  }
  each((bucket) => {
    starts[bucket + 1] = (starts[bucket + 1] as number) + 1
  })
  for (let bucket = 0; bucket < buckets; bucket += 1)
    starts[bucket + 1] = (starts[bucket + 1] as number) + (starts[bucket] as number)
  const next = starts.slice()
  const holding = new Uint32Array(starts[buckets] as number)
  each((bucket, text) => {
    holding[next[bucket] as number] = text
    next[bucket] = (next[bucket] as number) + 1
  })
  return {
    candidates(piece) {
      if (piece.length < 2) return Uint32Array.from(texts.keys())
      let rarest = holding.subarray(0)
      for (let at = 0; at + 1 < piece.length; at += 1) {
        const bucket = bucketOf(piece, at)
        const own = holding.subarray(starts[bucket], starts[bucket + 1])
        if (at === 0 || own.length < rarest.length) rarest = own
      }
      return rarest
    },
  }
}
