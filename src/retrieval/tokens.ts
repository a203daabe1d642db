import type { Encoding } from './encoder.ts'

/** Token vectors of passages, each distinct vector kept once. */
export type TokenTable = {
  readonly dimensions: number
  /** Unit vectors, one row each. Shape: rows × dimensions. */
  readonly rows: Float32Array
  /** Start of each passage's run in `passageRows`; one more entry closes the last. */
  readonly starts: Uint32Array
  /** Row of each token of each passage; a row stands once a passage. */
  readonly passageRows: Uint32Array
}

/**
 * Leading dimensions that late interaction compares. The bundled encoder is trained so that each prefix of 64, 128 and 256 dimensions is a vector of
 * its own (Matryoshka); comparing tokens takes most of a question's time, and a quarter of the dimensions costs nothing that can be measured.
 */
const staticDimensions = 64

/** Collects the encodings of passages, in order, into one table. */
export function buildTokenTable(encodings: readonly Encoding[], dimensions: number, isStatic: boolean): TokenTable {
  const kept = isStatic ? Math.min(staticDimensions, dimensions) : dimensions
  const rowOf = new Map<number, number>()
  const rows: Float32Array[] = []
  const starts = new Uint32Array(encodings.length + 1)
  const passageRows: number[] = []
  encodings.forEach((encoding, passage) => {
    const own = new Set<number>()
    encoding.tokens.forEach((token, at) => {
      let row = isStatic ? rowOf.get(token) : undefined
      if (row === undefined) {
        const vector = encoding.vectors.slice(at * dimensions, at * dimensions + kept)
        const length = Math.hypot(...vector)
        // A token without a direction matches nothing.
        row = length > 1e-6 ? rows.push(vector.map((value) => value / length)) - 1 : -1
        if (isStatic) rowOf.set(token, row)
      }
      if (row >= 0) own.add(row)
    })
    passageRows.push(...own)
    starts[passage + 1] = passageRows.length
  })
  const flat = new Float32Array(rows.length * kept)
  rows.forEach((row, at) => {
    flat.set(row, at * kept)
  })
  return { dimensions: kept, rows: flat, starts, passageRows: Uint32Array.from(passageRows) }
}

/** Longest question, in tokens, that late interaction looks at. */
const longestQuestion = 48

/**
 * Late interaction of one question with passages: Σ|qᵢ|·maxⱼ cos(qᵢ, dⱼ) / Σ|qᵢ|, from -1 to 1 (ColBERT's MaxSim, weighted by the
 * length of the question's token vectors, which is their learned importance). Similarities are kept by row, so a token shared by many passages is compared once.
 */
export function createMaxSim(table: TokenTable, question: Encoding): (passage: number) => number {
  const { dimensions, rows, starts, passageRows } = table
  const count = Math.min(longestQuestion, question.tokens.length)
  const full = count === 0 ? 0 : question.vectors.length / question.tokens.length
  const weights = new Float32Array(count)
  const vectors = new Float32Array(count * dimensions)
  let total = 0
  for (let token = 0; token < count; token += 1) {
    const vector = question.vectors.subarray(token * full, (token + 1) * full)
    // The importance is the length of the whole vector, the direction that of the compared dimensions.
    const weight = norm(vector)
    const length = norm(vector.subarray(0, dimensions))
    weights[token] = weight
    total += weight
    if (length > 1e-6) for (let i = 0; i < dimensions; i += 1) vectors[token * dimensions + i] = (vector[i] as number) / length
  }
  const rowCount = rows.length / dimensions
  const similarities = new Float32Array(rowCount * count)
  const known = new Uint8Array(rowCount)
  const best = new Float32Array(count)
  return (passage) => {
    if (total === 0) return 0
    const end = starts[passage + 1] as number
    best.fill(-1)
    for (let at = starts[passage] as number; at < end; at += 1) {
      const row = passageRows[at] as number
      if (known[row] === 0) {
        known[row] = 1
        compare(vectors, rows, row * dimensions, dimensions, count, similarities, row * count)
      }
      for (let token = 0; token < count; token += 1) {
        const similarity = similarities[row * count + token] as number
        if (similarity > (best[token] as number)) best[token] = similarity
      }
    }
    let score = 0
    for (let token = 0; token < count; token += 1) score += (weights[token] as number) * (best[token] as number)
    return score / total
  }
}

function norm(vector: Float32Array): number {
  let square = 0
  for (let i = 0; i < vector.length; i += 1) square += (vector[i] as number) ** 2
  return Math.sqrt(square)
}

/** Products of one row with every question token. Four sums at a time: the additions of one would wait for each other. */
function compare(vectors: Float32Array, rows: Float32Array, offset: number, dimensions: number, count: number, out: Float32Array, to: number): void {
  for (let token = 0; token < count; token += 1) {
    const from = token * dimensions
    let a = 0
    let b = 0
    let c = 0
    let d = 0
    for (let i = 0; i < dimensions; i += 4) {
      a += (vectors[from + i] as number) * (rows[offset + i] as number)
      b += (vectors[from + i + 1] as number) * (rows[offset + i + 1] as number)
      c += (vectors[from + i + 2] as number) * (rows[offset + i + 2] as number)
      d += (vectors[from + i + 3] as number) * (rows[offset + i + 3] as number)
    }
    out[to + token] = a + b + c + d
  }
}
