import type { Random } from './random.ts'
import type { Composition } from './rows.ts'
import type { Side } from './sampling.ts'

/** Adam (Kingma & Ba 2015), with a step count of its own for every row: most rows are absent from most batches. */
const [beta1, beta2, epsilon] = [0.9, 0.999, 1e-8]

/**
 * The trained rows and their optimiser. Only rows that a batch uses are read or written.
 * `rows` × `dimensions` floats, three times over: value, mean of the gradient, mean of its square.
 */
export class TrainedTable {
  readonly dimensions: number
  readonly values: Float32Array
  readonly #composition: Composition
  readonly #mean: Float32Array
  readonly #square: Float32Array
  readonly #steps: Int32Array
  /** Place of a token among the distinct tokens of the batch at hand, −1 outside it. */
  readonly #place: Int32Array
  /** Place of a row among the rows touched by the batch at hand, −1 outside it. */
  readonly #rowPlace: Int32Array

  /**
   * Rows start small and random; the own row of a composed token starts at zero, so that it begins as the sum of its
   * parts.
   */
  constructor(composition: Composition, dimensions: number, random: Random, spread = 0.1) {
    const size = composition.rows * dimensions
    this.dimensions = dimensions
    this.#composition = composition
    this.values = new Float32Array(size)
    this.#mean = new Float32Array(size)
    this.#square = new Float32Array(size)
    this.#steps = new Int32Array(composition.rows)
    this.#place = new Int32Array(composition.starts.length - 1).fill(-1)
    this.#rowPlace = new Int32Array(composition.rows).fill(-1)
    for (let row = 0; row < composition.rows; row += 1) {
      const token = row < composition.starts.length - 1
      const composed = token && (composition.starts[row + 1] as number) - (composition.starts[row] as number) > 1
      for (let k = 0; k < dimensions; k += 1) {
        const value = spread * random.normal()
        this.values[row * dimensions + k] = composed ? 0 : value
      }
    }
  }

  /** The vector of one token: the sum of its rows. */
  token(id: number, out: Float32Array = new Float32Array(this.dimensions), at = 0): Float32Array {
    const { starts, parts } = this.#composition
    const [values, d] = [this.values, this.dimensions]
    for (let p = starts[id] as number; p < (starts[id + 1] as number); p += 1) {
      const row = (parts[p] as number) * d
      for (let k = 0; k < d; k += 1) out[at + k] = (out[at + k] as number) + (values[row + k] as number)
    }
    return out
  }

  /** Sums of the token vectors of either side's texts, [n, dimensions] each, and what `descend` needs to go back. */
  pool(sides: readonly Side[]): { readonly sums: readonly Float32Array[]; readonly tokens: Int32Array } {
    const d = this.dimensions
    const tokens: number[] = []
    for (const { ids } of sides) {
      for (const id of ids) {
        if ((this.#place[id] as number) >= 0) continue
        this.#place[id] = tokens.length
        tokens.push(id)
      }
    }
    const vectors = new Float32Array(tokens.length * d)
    for (const [place, id] of tokens.entries()) this.token(id, vectors, place * d)
    const sums = sides.map(({ starts, ids }) => {
      const n = starts.length - 1
      const sum = new Float32Array(n * d)
      for (let i = 0; i < n; i += 1) {
        const to = i * d
        for (let t = starts[i] as number; t < (starts[i + 1] as number); t += 1) {
          const from = (this.#place[ids[t] as number] as number) * d
          for (let k = 0; k < d; k += 1) sum[to + k] = (sum[to + k] as number) + (vectors[from + k] as number)
        }
      }
      return sum
    })
    return { sums, tokens: Int32Array.from(tokens) }
  }

  /**
   * One Adam step from the gradients of the sums, [n, dimensions] a side. `tokens` is what `pool` gave for the same
   * sides.
   */
  descend(sides: readonly Side[], gradients: readonly Float32Array[], tokens: Int32Array, rate: number): void {
    const d = this.dimensions
    const tokenGradient = new Float32Array(tokens.length * d)
    for (const [s, { starts, ids }] of sides.entries()) {
      const gradient = gradients[s] as Float32Array
      for (let i = 0; i + 1 < starts.length; i += 1) {
        const from = i * d
        for (let t = starts[i] as number; t < (starts[i + 1] as number); t += 1) {
          const to = (this.#place[ids[t] as number] as number) * d
          for (let k = 0; k < d; k += 1)
            tokenGradient[to + k] = (tokenGradient[to + k] as number) + (gradient[from + k] as number)
        }
      }
    }
    const { starts, parts } = this.#composition
    const rows: number[] = []
    for (const id of tokens) {
      for (let p = starts[id] as number; p < (starts[id + 1] as number); p += 1) {
        const row = parts[p] as number
        if ((this.#rowPlace[row] as number) >= 0) continue
        this.#rowPlace[row] = rows.length
        rows.push(row)
      }
    }
    const rowGradient = new Float32Array(rows.length * d)
    for (const [place, id] of tokens.entries()) {
      for (let p = starts[id] as number; p < (starts[id + 1] as number); p += 1) {
        const to = (this.#rowPlace[parts[p] as number] as number) * d
        const from = place * d
        for (let k = 0; k < d; k += 1)
          rowGradient[to + k] = (rowGradient[to + k] as number) + (tokenGradient[from + k] as number)
      }
      this.#place[id] = -1
    }
    for (const [place, row] of rows.entries()) {
      this.#adam(row * d, rowGradient, place * d, rate, row)
      this.#rowPlace[row] = -1
    }
  }

  #adam(at: number, gradient: Float32Array, from: number, rate: number, row: number): void {
    const step = (this.#steps[row] as number) + 1
    this.#steps[row] = step
    const [values, mean, square] = [this.values, this.#mean, this.#square]
    const meanScale = rate / (1 - beta1 ** step)
    const squareScale = 1 / (1 - beta2 ** step)
    for (let k = 0; k < this.dimensions; k += 1) {
      const g = gradient[from + k] as number
      const m = beta1 * (mean[at + k] as number) + (1 - beta1) * g
      const v = beta2 * (square[at + k] as number) + (1 - beta2) * g * g
      mean[at + k] = m
      square[at + k] = v
      values[at + k] = (values[at + k] as number) - (meanScale * m) / (Math.sqrt(v * squareScale) + epsilon)
    }
  }
}
