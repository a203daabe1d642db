/**
 * Products of vectors, four numbers at a time: a small WebAssembly module with two functions, assembled here so that
 * what runs is what stands here. It gives the same numbers on every machine (core specification 2.0, vector
 * instructions without relaxation).
 */

/* The few instructions that are needed, by their codes in the binary format. */
const i32 = 0x7f
const v128 = 0x7b
const none = 0x40
const block = [0x02, none] as const
const loop = [0x03, none] as const
const end = 0x0b
const leave = (depth: number) => [0x0c, depth]
const leaveIf = (depth: number) => [0x0d, depth]
const get = (local: number) => [0x20, local]
const set = (local: number) => [0x21, local]
/** A constant from -64 to 63. */
const constant = (value: number) => [0x41, value & 0x7f]
const isZero = 0x45
const lessThan = 0x49
const notLess = 0x4f
const add = 0x6a
const subtract = 0x6b
const multiply = 0x6c
const loadWord = [0x28, 2, 0] as const
const storeFloat = [0x38, 2, 0] as const
const addFloat = 0x92
const vector = (code: number) => [0xfd, ...(code < 0x80 ? [code] : [(code & 0x7f) | 0x80, code >> 7])]
const load4 = [...vector(0x00), 2, 0]
const store4 = [...vector(0x0b), 2, 0]
const zero4 = [...vector(0x0c), ...new Array<number>(16).fill(0)]
const minusOne4 = [...vector(0x0c), ...[0, 1, 2, 3].flatMap(() => [0x00, 0x00, 0x80, 0xbf])]
const lane = (at: number) => [...vector(0x1f), at]
const add4 = vector(0xe4)
const multiply4 = vector(0xe6)
const max4 = vector(0xe9)

/** A whole number as the format has it, seven bits a byte. */
function leb(value: number): readonly number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...leb(value >>> 7)]
}
const sized = (bytes: readonly number[]) => [...leb(bytes.length), ...bytes]
const name = (text: string) => sized([...text].map((character) => character.charCodeAt(0)))
const section = (id: number, ...items: readonly (readonly number[])[]) => [
  id,
  ...sized([...leb(items.length), ...items.flat()]),
]

/** dots(vector, matrix, rows, bytes of a row, out): out[r] = vector · matrix[r]. */
function dots(): readonly number[] {
  const [query, matrix, rows, bytes, out, at, a, b] = [0, 1, 2, 3, 4, 5, 6, 7] as const
  const step = (sum: number) => [
    ...[
      ...get(sum),
      ...get(query),
      ...get(at),
      add,
      ...load4,
      ...get(matrix),
      ...get(at),
      add,
      ...load4,
      ...multiply4,
      ...add4,
      ...set(sum),
    ],
    ...[...get(at), ...constant(16), add, ...set(at)],
  ]
  return [
    ...[2, 1, i32, 2, v128],
    ...[...block, ...loop, ...get(rows), isZero, ...leaveIf(1)],
    ...[...zero4, ...set(a), ...zero4, ...set(b), ...constant(0), ...set(at)],
    // Two sums by turns: the additions of one would wait for each other.
    ...[
      ...block,
      ...loop,
      ...step(a),
      ...get(at),
      ...get(bytes),
      notLess,
      ...leaveIf(1),
      ...step(b),
      ...get(at),
      ...get(bytes),
      lessThan,
      ...leaveIf(0),
      end,
      end,
    ],
    ...[...get(a), ...get(b), ...add4, ...set(a)],
    ...[
      ...get(out),
      ...get(a),
      ...lane(0),
      ...get(a),
      ...lane(1),
      addFloat,
      ...get(a),
      ...lane(2),
      ...get(a),
      ...lane(3),
      addFloat,
      addFloat,
      ...storeFloat,
    ],
    ...[
      ...get(matrix),
      ...get(bytes),
      add,
      ...set(matrix),
      ...get(out),
      ...constant(4),
      add,
      ...set(out),
      ...get(rows),
      ...constant(1),
      subtract,
      ...set(rows),
    ],
    ...[...leave(0), end, end, end],
  ]
}

/** maxima(numbers, count, table, bytes of a row, out): out[j] = the greatest table[numbers[i]][j], at least -1. */
function maxima(): readonly number[] {
  const [numbers, count, table, bytes, out, at, next, left, best] = [0, 1, 2, 3, 4, 5, 6, 7, 8] as const
  return [
    ...[2, 3, i32, 1, v128],
    ...[...block, ...loop, ...get(at), ...get(bytes), notLess, ...leaveIf(1)],
    ...[...minusOne4, ...set(best), ...get(numbers), ...set(next), ...get(count), ...set(left)],
    ...[...block, ...loop, ...get(left), isZero, ...leaveIf(1)],
    ...[
      ...get(best),
      ...get(table),
      ...get(next),
      ...loadWord,
      ...get(bytes),
      multiply,
      add,
      ...get(at),
      add,
      ...load4,
      ...max4,
      ...set(best),
    ],
    ...[
      ...get(next),
      ...constant(4),
      add,
      ...set(next),
      ...get(left),
      ...constant(1),
      subtract,
      ...set(left),
      ...leave(0),
      end,
      end,
    ],
    ...[
      ...get(out),
      ...get(at),
      add,
      ...get(best),
      ...store4,
      ...get(at),
      ...constant(16),
      add,
      ...set(at),
      ...leave(0),
      end,
      end,
      end,
    ],
  ]
}

/** Everything in bytes from the start of the memory, apart from counts. */
type Kernel = (of: number, second: number, third: number, bytes: number, out: number) => void

/** What of WebAssembly is used; Node's typings have only its names. */
type Assembly = {
  readonly Memory: new (size: { readonly initial: number }) => { readonly buffer: ArrayBuffer }
  readonly Module: new (bytes: Uint8Array) => object
  readonly Instance: new (
    module: object,
    imports: object,
  ) => { readonly exports: Readonly<Record<'dots' | 'maxima', Kernel>> }
}
const webAssembly = () => (globalThis as unknown as { readonly WebAssembly: Assembly }).WebAssembly

/** The two functions, compiled. They work in the memory of a workspace; several may share them. */
export type VectorFunctions = { readonly module: object }

/** Compiles the functions, in about a millisecond: done once by whoever loads vectors. */
export function compileVectorFunctions(): VectorFunctions {
  const { Module } = webAssembly()
  const parameters = [i32, i32, i32, i32, i32]
  const module = new Module(
    Uint8Array.from([
      ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
      ...section(1, [0x60, ...sized(parameters), 0]),
      ...section(2, [...name('own'), ...name('memory'), 0x02, 0x00, 0x00]),
      ...section(3, [0], [0]),
      ...section(7, [...name('dots'), 0x00, 0], [...name('maxima'), 0x00, 1]),
      ...section(10, sized(dots()), sized(maxima())),
    ]),
  )
  return { module }
}

const pageBytes = 65_536

/** Memory that the functions work in, handed out in pieces. What is handed out stays where it is. */
export class Workspace {
  readonly #memory: InstanceType<Assembly['Memory']>
  #used = 0
  readonly #dots: Kernel
  readonly #maxima: Kernel

  /** `floats`: numbers that all pieces hold together. */
  constructor({ module }: VectorFunctions, floats: number) {
    const { Memory, Instance } = webAssembly()
    // Every piece begins at a multiple of 16 bytes.
    this.#memory = new Memory({ initial: Math.ceil((floats * 4 + 16 * 16) / pageBytes) })
    const { dots, maxima } = new Instance(module, { own: { memory: this.#memory } }).exports
    this.#dots = dots
    this.#maxima = maxima
  }

  #take(bytes: number): number {
    const offset = this.#used
    this.#used += Math.ceil(bytes / 16) * 16
    return offset
  }

  floats(count: number): Float32Array {
    return new Float32Array(this.#memory.buffer, this.#take(count * 4), count)
  }

  words(count: number): Int32Array {
    return new Int32Array(this.#memory.buffer, this.#take(count * 4), count)
  }

  /**
   * out[outFrom + r] = vectors[at] · matrix[from + r] for `count` rows; rows of `width` numbers, a multiple of 4. All
   * from this workspace.
   */
  dots(
    vectors: Float32Array,
    at: number,
    matrix: Float32Array,
    from: number,
    count: number,
    width: number,
    out: Float32Array,
    outFrom = 0,
  ): void {
    this.#dots(
      vectors.byteOffset + at * width * 4,
      matrix.byteOffset + from * width * 4,
      count,
      width * 4,
      out.byteOffset + outFrom * 4,
    )
  }

  /**
   * out[j] = the greatest table[numbers[i]][j] for i from `from` on, -1 for no number; rows of `width` numbers, a
   * multiple of 4. All from this workspace.
   */
  maxima(
    numbers: Int32Array,
    from: number,
    count: number,
    table: Float32Array,
    width: number,
    out: Float32Array,
  ): void {
    this.#maxima(numbers.byteOffset + from * 4, count, table.byteOffset, width * 4, out.byteOffset)
  }
}

/** Numbers that a row takes in a workspace. */
export const padded = (width: number): number => Math.ceil(width / 4) * 4

/** Writes rows of `dimensions` numbers into a workspace, each beginning where it must. */
export function spread(to: Float32Array, rows: Float32Array, dimensions: number): void {
  const width = padded(dimensions)
  if (width === dimensions) to.set(rows)
  else
    for (let row = 0; row * dimensions < rows.length; row += 1)
      to.set(rows.subarray(row * dimensions, (row + 1) * dimensions), row * width)
}

/** Rows of numbers of one width that vectors can be multiplied with. */
export class Matrix {
  /** Shape: rows × dimensions, without gaps. */
  readonly data: Float32Array
  readonly #dimensions: number
  readonly #workspace: Workspace
  readonly #rows: Float32Array
  readonly #query: Float32Array
  readonly #products: Float32Array

  /** Takes a copy of `data`. `mostRows`: rows of one call at most. */
  constructor(functions: VectorFunctions, data: Float32Array, dimensions: number, mostRows: number) {
    const width = padded(dimensions)
    const count = data.length / dimensions
    this.#dimensions = dimensions
    this.#workspace = new Workspace(functions, width * (count + 1) + mostRows)
    this.#rows = this.#workspace.floats(width * count)
    this.#query = this.#workspace.floats(width)
    this.#products = this.#workspace.floats(mostRows)
    spread(this.#rows, data, dimensions)
    this.data = width === dimensions ? this.#rows : data
  }

  /** The products of a vector with `count` rows from `from` on, in a view that the next call overwrites. */
  products(vector: Float32Array, from: number, count: number): Float32Array {
    this.#query.set(vector)
    this.#workspace.dots(this.#query, 0, this.#rows, from, count, padded(this.#dimensions), this.#products)
    return this.#products
  }
}
