import type { Encoding } from './encoder.ts'
import { padded, spread, type VectorFunctions, Workspace } from './simd.ts'

/** Token vectors of passages, each distinct vector kept once. */
export type TokenTable = {
  readonly dimensions: number
  /** Unit vectors, one row each. Shape: rows × dimensions. */
  readonly rows: Float32Array
  /** Start of each passage's run in `passageRows`; one more entry closes the last. */
  readonly starts: Int32Array
  /** Row of each token of each passage; a row stands once a passage. */
  readonly passageRows: Int32Array
}

/**
 * Leading dimensions that late interaction compares. The bundled encoder is trained so that each prefix of 64, 128 and
 * 256 dimensions is a vector of its own (Matryoshka); comparing tokens takes most of a question's time, and a quarter
 * of the dimensions costs nothing that can be measured.
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
    return {
      dimensions: this.#kept,
      rows: flat,
      starts: Int32Array.from(this.#starts),
      passageRows: Int32Array.from(this.#passageRows),
    }
  }
}

/** Longest question, in tokens, that late interaction looks at. */
const mostTokens = 48

/** Numbers of a row of similarities: one for each token of a question. */
const width = padded(mostTokens)
/**
 * Questions whose similarities are kept at a time: a question and its rewriting. Where more are answered at once, they
 * begin anew by turns.
 */
const seats = 2

/** Where the tokens of one question are compared with the rows of a table. */
type Seat = {
  owner: object | undefined
  /** Unit vectors of the question's tokens, in rows of padded width. */
  readonly question: Float32Array
  /** Of a shared table by row, else by place in the passage. */
  readonly similarities: Float32Array
  /** Rows whose similarities are known, by the turn in which they were computed. */
  readonly known: Int32Array
  turn: number
}

/** A table as late interaction works with it. */
type Bench = {
  readonly workspace: Workspace
  /**
   * Whether a row stands in several passages, so that its similarities are worth keeping; not so with a contextual
   * encoder.
   */
  readonly shared: boolean
  /** All rows of a shared table, else those of one passage. */
  readonly rows: Float32Array
  /** Rows of the passages of a shared table, else 0, 1, 2, … */
  readonly numbers: Int32Array
  readonly best: Float32Array
  readonly seats: readonly Seat[]
  next: number
}

function createBench(table: TokenTable, functions: VectorFunctions): Bench {
  const { dimensions, rows, starts, passageRows } = table
  const rowCount = rows.length / dimensions
  const shared = rowCount < passageRows.length
  const longest = starts.reduce((most, start, at) => Math.max(most, start - (starts[at - 1] ?? 0)), 0)
  const height = shared ? rowCount : longest
  const stride = padded(dimensions)
  const workspace = new Workspace(
    functions,
    height * stride + Math.max(passageRows.length, longest) + seats * (mostTokens * stride + height * width) + width,
  )
  const own = workspace.floats(height * stride)
  const numbers = workspace.words(shared ? passageRows.length : longest)
  if (shared) spread(own, rows, dimensions)
  numbers.set(shared ? passageRows : Int32Array.from({ length: longest }, (_, at) => at))
  return {
    workspace,
    shared,
    rows: own,
    numbers,
    best: workspace.floats(width),
    seats: Array.from({ length: seats }, () => ({
      owner: undefined,
      question: workspace.floats(mostTokens * stride),
      similarities: workspace.floats(height * width),
      known: new Int32Array(shared ? rowCount : 0),
      turn: 0,
    })),
    next: 0,
  }
}

/** How well a passage of the table matches a question, from -1 to 1. */
export type MaxSim = (passage: number) => number

/**
 * Late interaction of questions with the passages of a table: Σ|qᵢ|·maxⱼ cos(qᵢ, dⱼ) / Σ|qᵢ| (ColBERT's MaxSim,
 * weighted by the length of the question's token vectors, which is their learned importance). Similarities are kept by
 * row, so a token shared by many passages is compared once.
 */
export function createLateInteraction(table: TokenTable, functions: VectorFunctions): (question: Encoding) => MaxSim {
  const bench = createBench(table, functions)
  return (question) => maxSimOn(bench, table, question)
}

function maxSimOn(bench: Bench, table: TokenTable, question: Encoding): MaxSim {
  const { dimensions, starts, passageRows } = table
  const count = Math.min(mostTokens, question.tokens.length)
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
    if (length > 1e-6)
      for (let i = 0; i < dimensions; i += 1) vectors[token * dimensions + i] = (vector[i] as number) / length
  }
  const { workspace, shared, rows, numbers, best } = bench
  const columns = padded(count)

  /** A seat that holds this question; another question may have had it meanwhile. */
  function settle(): Seat {
    const held = bench.seats.find(({ owner }) => owner === weights)
    if (held !== undefined) return held
    const seat = bench.seats[bench.next] as Seat
    bench.next = (bench.next + 1) % seats
    seat.owner = weights
    seat.turn += 1
    spread(seat.question, vectors, dimensions)
    return seat
  }

  return (passage) => {
    if (total === 0) return 0
    const { question: asking, similarities, known, turn } = settle()
    const start = starts[passage] as number
    const size = (starts[passage + 1] as number) - start
    if (!shared && size > 0) {
      // The rows of a passage stand together.
      const first = passageRows[start] as number
      spread(rows, table.rows.subarray(first * dimensions, (first + size) * dimensions), dimensions)
    }
    for (let at = 0; at < size; at += 1) {
      const row = numbers[shared ? start + at : at] as number
      if (shared && known[row] === turn) continue
      if (shared) known[row] = turn
      workspace.dots(rows, row, asking, 0, count, padded(dimensions), similarities, row * columns)
    }
    workspace.maxima(numbers, shared ? start : 0, size, similarities, columns, best)
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
