/** Which units hold a trigram; several trigrams may share a bucket, so a list may name units that do not. */
type Trigrams = {
  readonly count: (hash: number) => number
  readonly units: (hash: number) => Uint32Array
  readonly hash: (text: string, at: number) => number
}

export function indexTrigrams(texts: readonly string[]): Trigrams {
  const total = texts.reduce((sum, text) => sum + Math.max(0, text.length - 2), 0)
  const bits = Math.min(22, Math.max(10, Math.ceil(Math.log2(total + 1))))
  const hash = (text: string, at: number) => {
    const mixed =
      Math.imul(text.charCodeAt(at), 0x9e3779b1) ^
      Math.imul(text.charCodeAt(at + 1), 0x85ebca6b) ^
      Math.imul(text.charCodeAt(at + 2), 0xc2b2ae35)
    return Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d) >>> (32 - bits)
  }
  const starts = new Uint32Array(2 ** bits + 1)
  const seen = new Int32Array(2 ** bits).fill(-1)
  const each = (visit: (bucket: number, unit: number) => void) => {
    seen.fill(-1)
    texts.forEach((text, unit) => {
      for (let at = 0; at + 3 <= text.length; at += 1) {
        const bucket = hash(text, at)
        if (seen[bucket] === unit) continue
        seen[bucket] = unit
        visit(bucket, unit)
      }
    })
  }
  each((bucket) => {
    starts[bucket + 1] = (starts[bucket + 1] ?? 0) + 1
  })
  for (let bucket = 0; bucket < 2 ** bits; bucket += 1)
    starts[bucket + 1] = (starts[bucket + 1] ?? 0) + (starts[bucket] ?? 0)
  const entries = new Uint32Array(starts[2 ** bits] ?? 0)
  const next = starts.slice()
  each((bucket, unit) => {
    const at = next[bucket] ?? 0
    entries[at] = unit
    next[bucket] = at + 1
  })
  return {
    hash,
    count: (bucket) => (starts[bucket + 1] ?? 0) - (starts[bucket] ?? 0),
    units: (bucket) => entries.subarray(starts[bucket], starts[bucket + 1]),
  }
}
