import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Encoding } from '../../src/retrieval/encoder.ts'
import { compileVectorFunctions } from '../../src/retrieval/simd.ts'
import { createLateInteraction, TokenTableBuilder } from '../../src/retrieval/tokens.ts'

const dimensions = 6
const vocabulary = 12
// A static encoder: every token has one vector; token 0 has no direction.
const vectorOf = (token: number) =>
  Float32Array.from({ length: dimensions }, (_, i) =>
    token === 0 ? 0 : Math.sin(token * 7 + i * 3) * (1 + (token % 3)),
  )

function encodingOf(tokens: readonly number[]): Encoding {
  const vectors = new Float32Array(tokens.length * dimensions)
  tokens.forEach((token, at) => {
    vectors.set(vectorOf(token), at * dimensions)
  })
  return { tokens, vectors, pooled: new Float32Array(dimensions) }
}

const length = (vector: Float32Array) => Math.hypot(...vector)
const cosine = (a: Float32Array, b: Float32Array) =>
  a.reduce((sum, value, i) => sum + value * (b[i] as number), 0) / (length(a) * length(b))

/** MaxSim as its formula is written. */
function naive(question: readonly number[], passage: readonly number[]): number {
  const asked = question.slice(0, 48)
  const total = asked.reduce((sum, token) => sum + length(vectorOf(token)), 0)
  if (total === 0) return 0
  const held = passage.filter((token) => token !== 0)
  return (
    asked
      .filter((token) => token !== 0)
      .reduce(
        (sum, token) =>
          sum +
          length(vectorOf(token)) * Math.max(-1, ...held.map((other) => cosine(vectorOf(token), vectorOf(other)))),
        0,
      ) / total
  )
}

const tokens = fc.array(fc.nat({ max: vocabulary - 1 }), { maxLength: 10 })
const longTokens = fc.array(fc.nat({ max: vocabulary - 1 }), { maxLength: 60 })

function tableOf(passages: readonly (readonly number[])[], isStatic: boolean) {
  const builder = new TokenTableBuilder(dimensions, isStatic)
  for (const passage of passages) builder.add(encodingOf(passage))
  return builder.finish()
}

const matching = (table: ReturnType<typeof tableOf>) => createLateInteraction(table, compileVectorFunctions())

describe('createLateInteraction()', () => {
  test.each([true, false])('equals the formula written out (static encoder: %s)', (isStatic) => {
    fc.assert(
      fc.property(fc.array(tokens, { minLength: 1, maxLength: 6 }), longTokens, (passages, question) => {
        const maxSim = matching(tableOf(passages, isStatic))(encodingOf(question))
        for (const [at, passage] of passages.entries()) expect(maxSim(at)).toBeCloseTo(naive(question, passage), 5)
      }),
    )
  })

  test('is 1 for a passage that holds every token of the question, and 0 for a question without any', () => {
    const table = tableOf([[1, 2, 3, 4]], true)
    const maxSimOf = matching(table)
    expect(maxSimOf(encodingOf([4, 2]))(0)).toBeCloseTo(1, 6)
    expect(maxSimOf(encodingOf([]))(0)).toBe(0)
    expect(maxSimOf(encodingOf([0]))(0)).toBe(0)
  })

  test('gives the same whichever passages were asked for before', () => {
    const table = tableOf(
      [
        [1, 2],
        [2, 3],
        [3, 4, 5],
      ],
      true,
    )
    const maxSimOf = matching(table)
    const forward = maxSimOf(encodingOf([2, 5]))
    const backward = maxSimOf(encodingOf([2, 5]))
    const there = [0, 1, 2].map(forward)
    expect([2, 1, 0].map(backward).reverse()).toEqual(there)
  })

  test('gives the same however many questions take turns', () => {
    const passages = [
      [1, 2],
      [2, 3],
      [3, 4, 5],
    ]
    for (const isStatic of [true, false]) {
      const table = tableOf(passages, isStatic)
      const questions = [[2, 5], [1], [4, 3, 11], [7, 2, 2], [5]]
      const maxSimOf = matching(table)
      const maxSims = questions.map((question) => maxSimOf(encodingOf(question)))
      for (const at of [0, 1, 2])
        for (const [number, maxSim] of maxSims.entries())
          expect(maxSim(at)).toBeCloseTo(naive(questions[number] ?? [], passages[at] ?? []), 5)
    }
  })
})

describe('TokenTableBuilder', () => {
  test('keeps a static token once, and a token once a passage', () => {
    const table = tableOf(
      [
        [1, 2, 2, 1],
        [2, 3],
      ],
      true,
    )
    expect(table.rows.length / table.dimensions).toBe(3)
    expect([...table.starts]).toEqual([0, 2, 4])
    expect([...table.passageRows]).toEqual([0, 1, 1, 2])
  })

  test('keeps every token of an encoder that sees its surroundings', () => {
    expect(
      tableOf(
        [
          [1, 2, 2, 1],
          [2, 3],
        ],
        false,
      ).rows.length / dimensions,
    ).toBe(6)
  })

  test('keeps unit vectors, of the leading 64 dimensions for a static encoder', () => {
    const builder = new TokenTableBuilder(256, true)
    builder.add({ tokens: [1], vectors: Float32Array.from({ length: 256 }, (_, i) => i + 1) })
    const { dimensions: kept, rows } = builder.finish()
    expect(kept).toBe(64)
    expect(Math.hypot(...rows)).toBeCloseTo(1, 6)
    expect((rows[63] as number) / (rows[0] as number)).toBeCloseTo(64, 3)
  })
})
