import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { seeded } from '../../src/evaluation/random.ts'
import { VectorIndex } from '../../src/retrieval/vectors.ts'
import { temporaryFolder } from './small.ts'

const dimensions = 32
const random = seeded(11)

/** A unit vector in a random direction. */
function direction(): Float32Array {
  const vector = Float32Array.from(
    { length: dimensions },
    () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random()),
  )
  const length = Math.hypot(...vector)
  return vector.map((value) => value / length)
}

const cosine = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, i) => sum + value * (b[i] as number), 0)

let vectors: Float32Array[]
let index: VectorIndex
let folder: string

beforeAll(async () => {
  vectors = Array.from({ length: 1500 }, direction)
  index = VectorIndex.build(vectors, dimensions)
  folder = await temporaryFolder('vectors')
  await index.write(join(folder, 'vectors.hnsw'))
})

/** Exact search, best first. */
const exact = (question: Float32Array, k: number) =>
  vectors
    .map((vector, label) => ({ label, similarity: cosine(question, vector) }))
    .sort((a, b) => b.similarity - a.similarity || a.label - b.label)
    .slice(0, k)

describe('VectorIndex', () => {
  test('finds nearly all of what exact search finds, with the same similarities, before and after disk', () => {
    const read = VectorIndex.read(join(folder, 'vectors.hnsw'), dimensions, vectors.length)
    for (const searched of [index, read]) {
      let found = 0
      for (let round = 0; round < 50; round += 1) {
        const question = direction()
        const truth = new Map(exact(question, 10).map(({ label, similarity }) => [label, similarity]))
        const neighbours = searched.search(question, 10)
        expect(neighbours).toHaveLength(10)
        for (const { label, similarity } of neighbours) {
          expect(similarity).toBeCloseTo(cosine(question, vectors[label] as Float32Array), 4)
          if (truth.has(label)) found += 1
        }
      }
      expect(found / 500).toBeGreaterThan(0.97)
    }
  })

  test('gives neighbours best first, and no more than there are', () => {
    const few = VectorIndex.build(vectors.slice(0, 3), dimensions)
    const similarities = few.search(direction(), 10).map(({ similarity }) => similarity)
    expect(similarities).toHaveLength(3)
    expect(similarities).toEqual([...similarities].sort((a, b) => b - a))
    expect(VectorIndex.build([], dimensions).search(direction(), 10)).toEqual([])
  })

  test('orders equal vectors by their labels', () => {
    const [one] = vectors as [Float32Array]
    expect(
      VectorIndex.build([one, one, one], dimensions)
        .search(one, 3)
        .map(({ label }) => label),
    ).toEqual([0, 1, 2])
  })

  test('gives back the vector of a label', () => {
    expect(index.vector(7)).toEqual(vectors[7])
  })

  test.each([
    ['a shorter vector', () => new Float32Array(dimensions - 1)],
    ['a longer vector', () => new Float32Array(dimensions + 1)],
    ['an empty vector', () => new Float32Array(0)],
    ['NaN', () => direction().fill(Number.NaN, 3, 4)],
    ['an infinite number', () => direction().fill(Number.POSITIVE_INFINITY, 0, 1)],
  ])('refuses %s, in building and in searching', (_, vector) => {
    expect(() => index.search(vector(), 10)).toThrow(RangeError)
    expect(() => VectorIndex.build([direction(), vector()], dimensions)).toThrow(RangeError)
  })

  test('refuses a file that is not there, and one with another number of vectors', () => {
    expect(() => VectorIndex.read(join(folder, 'nowhere.hnsw'), dimensions, 1)).toThrow('does not exist')
    expect(() => VectorIndex.read(join(folder, 'vectors.hnsw'), dimensions, vectors.length - 1)).toThrow(
      `it holds ${vectors.length} vectors`,
    )
  })

  test('write() fails where it cannot write', async () => {
    await expect(index.write(join(folder, 'nowhere', 'vectors.hnsw'))).rejects.toThrow()
    await mkdir(join(folder, 'taken.hnsw'))
    await writeFile(join(folder, 'taken.hnsw', 'file'), '')
    await expect(index.write(join(folder, 'taken.hnsw'))).rejects.toThrow()
  })
})
