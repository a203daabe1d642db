import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compileVectorFunctions, Matrix, padded, Workspace } from '../../src/retrieval/simd.ts'

const functions = compileVectorFunctions()
const number = fc.double({ min: -1, max: 1, noNaN: true })
const product = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a, (value, i) => value * (b[i] as number)).reduce((sum, value) => sum + value, 0)

describe('Matrix', () => {
  test('multiplies as the formula says, whatever the width and the rows that are asked for', () => {
    const cases = fc.integer({ min: 1, max: 70 }).chain((dimensions) =>
      fc.record({
        dimensions: fc.constant(dimensions),
        rows: fc.array(fc.array(number, { minLength: dimensions, maxLength: dimensions }), {
          minLength: 1,
          maxLength: 9,
        }),
        vector: fc.array(number, { minLength: dimensions, maxLength: dimensions }),
        from: fc.nat({ max: 8 }),
      }),
    )
    fc.assert(
      fc.property(cases, ({ dimensions, rows, vector, from }) => {
        const matrix = new Matrix(functions, Float32Array.from(rows.flat()), dimensions, rows.length)
        const first = Math.min(from, rows.length - 1)
        const products = matrix.products(Float32Array.from(vector), first, rows.length - first)
        for (let row = first; row < rows.length; row += 1)
          expect(products[row - first]).toBeCloseTo(product(rows[row] ?? [], vector), 4)
        expect([...matrix.data]).toEqual([...Float32Array.from(rows.flat())])
      }),
    )
  })

  test('gives no product for no row', () => {
    const matrix = new Matrix(functions, Float32Array.of(1, 2, 3, 4), 4, 1)
    const before = [...matrix.products(Float32Array.of(1, 1, 1, 1), 0, 1)]
    expect([...matrix.products(Float32Array.of(9, 9, 9, 9), 0, 0)]).toEqual(before)
  })
})

describe('Workspace', () => {
  test('finds the greatest of each column among the rows named, and -1 among none', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 30 }),
        fc.array(fc.nat({ max: 11 }), { maxLength: 20 }),
        fc.array(number, { minLength: 400, maxLength: 400 }),
        (columns, named, values) => {
          const width = padded(columns)
          const workspace = new Workspace(functions, 12 * width + named.length + width)
          const table = workspace.floats(12 * width)
          const numbers = workspace.words(named.length)
          const out = workspace.floats(width)
          table.set(values.slice(0, table.length))
          numbers.set(named)
          workspace.maxima(numbers, 0, named.length, table, width, out)
          for (let column = 0; column < width; column += 1)
            expect(out[column]).toBe(Math.max(-1, ...named.map((row) => table[row * width + column] as number)))
        },
      ),
    )
  })

  test('keeps its pieces apart', () => {
    const workspace = new Workspace(functions, 30)
    const pieces = [workspace.floats(3), workspace.floats(5), workspace.floats(1)]
    pieces.forEach((piece, at) => {
      piece.fill(at + 1)
    })
    expect(pieces.map((piece) => [...new Set(piece)])).toEqual([[1], [2], [3]])
    expect(() => new Workspace(functions, 4).floats(100_000)).toThrow(RangeError)
  })
})
