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

/** Collects the encodings of passages, one after the other, into one table. */
export class TokenTableBuilder {
  readonly #dimensions: number
  readonly #kept: number
  readonly #isStatic: boolean
  readonly #rowOf = new Map<number, number>()
  readonly #rows: Float32Array[] = []
  readonly #starts: number[] = [0]
  readonly #passageRows: number[] = []

  constructor(dimensions: number, isStatic: boolean) {
    this.#dimensions = dimensions
    this.#kept = isStatic ? Math.min(staticDimensions, dimensions) : dimensions
    this.#isStatic = isStatic
  }

  /** Adds the next passage. */
  add({ tokens, vectors }: Pick<Encoding, 'tokens' | 'vectors'>): void {
    const own = new Set<number>()
    tokens.forEach((token, at) => {
      let row = this.#isStatic ? this.#rowOf.get(token) : undefined
      if (row === undefined) {
        const vector = vectors.slice(at * this.#dimensions, at * this.#dimensions + this.#kept)
        const length = norm(vector)
        // A token without a direction matches nothing.
        row = length > 1e-6 ? this.#rows.push(vector.map((value) => value / length)) - 1 : -1
        if (this.#isStatic) this.#rowOf.set(token, row)
      }
      if (row >= 0) own.add(row)
    })
    for (const row of own) this.#passageRows.push(row)
    this.#starts.push(this.#passageRows.length)
  }

  finish(): TokenTable {
    const flat = new Float32Array(this.#rows.length * this.#kept)
    this.#rows.forEach((row, at) => {
      flat.set(row, at * this.#kept)
    })
    return { dimensions: this.#kept, rows: flat, starts: Uint32Array.from(this.#starts), passageRows: Uint32Array.from(this.#passageRows) }
  }
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
  // Where every row stands in one passage alone, as with a contextual encoder, nothing is shared and nothing is worth keeping.
  const shared = rowCount < passageRows.length
  const similarities = new Float32Array(shared ? rowCount * count : count)
  const known = new Uint8Array(shared ? rowCount : 0)
  const best = new Float32Array(count)
  return (passage) => {
    if (total === 0) return 0
    const end = starts[passage + 1] as number
    best.fill(-1)
    for (let at = starts[passage] as number; at < end; at += 1) {
      const row = passageRows[at] as number
      const to = shared ? row * count : 0
      if (known[row] !== 1) {
        if (shared) known[row] = 1
        compare(vectors, rows, row * dimensions, dimensions, count, similarities, to)
      }
      for (let token = 0; token < count; token += 1) {
        const similarity = similarities[to + token] as number
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
