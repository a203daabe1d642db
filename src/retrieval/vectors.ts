import { existsSync } from 'node:fs'
import { rename } from 'node:fs/promises'
import hnswlib from 'hnswlib-node'

/** A neighbour in the vector index; similarity is the cosine, -1 to 1. */
export type Neighbour = { readonly label: number; readonly similarity: number }

/** Settings that shape the graph; part of the manifest. */
export const graph = { m: 16, efConstruction: 100, seed: 100 } as const

/**
 * The one door to hnswlib, which ends the process without an exception when handed a wrong element, so everything is
 * checked here. Vectors are unit length, the space is inner product; distance becomes similarity in this file alone.
 */
export class VectorIndex {
  readonly #index: hnswlib.HierarchicalNSW
  readonly dimensions: number
  readonly count: number

  private constructor(index: hnswlib.HierarchicalNSW, dimensions: number, count: number) {
    this.#index = index
    this.dimensions = dimensions
    this.count = count
  }

  /**
   * Builds the graph; labels are the positions in `vectors`. The same vectors in the same order give the same bytes.
   */
  static build(vectors: readonly Float32Array[], dimensions: number): VectorIndex {
    const index = new hnswlib.HierarchicalNSW('ip', dimensions)
    index.initIndex(Math.max(1, vectors.length), graph.m, graph.efConstruction, graph.seed)
    vectors.forEach((vector, label) => {
      index.addPoint(checked(vector, dimensions), label)
    })
    return new VectorIndex(index, dimensions, vectors.length)
  }

  /**
   * Reads a file whose digest, dimensions and count the manifest has vouched for. A fresh instance each time: one whose
   * read failed must not be used again.
   */
  static read(file: string, dimensions: number, count: number): VectorIndex {
    if (!existsSync(file)) throw new RangeError(`Cannot read ${file}: it does not exist`)
    const index = new hnswlib.HierarchicalNSW('ip', dimensions)
    index.readIndexSync(file)
    if (index.getCurrentCount() !== count)
      throw new RangeError(
        `Cannot use ${file}: it holds ${index.getCurrentCount()} vectors, the manifest says ${count}`,
      )
    return new VectorIndex(index, dimensions, count)
  }

  /** Writes beside the target, then renames: a reader sees the old file or the new one. */
  async write(file: string): Promise<void> {
    const temporary = `${file}.${process.pid}.tmp`
    this.#index.writeIndexSync(temporary)
    await rename(temporary, file)
  }

  /** The `k` nearest, best first; equal similarities in the order of their labels. */
  search(vector: Float32Array, k: number): readonly Neighbour[] {
    const wanted = Math.min(k, this.count)
    if (wanted === 0) return []
    this.#index.setEf(Math.max(wanted, 100))
    const { distances, neighbors } = this.#index.searchKnn(checked(vector, this.dimensions), wanted)
    return neighbors
      .map((label, i) => ({ label, similarity: 1 - (distances[i] ?? 1) }))
      .sort((a, b) => b.similarity - a.similarity || a.label - b.label)
  }

  /** The vector stored under a label. */
  vector(label: number): Float32Array {
    return Float32Array.from(this.#index.getPoint(label))
  }
}

function checked(vector: Float32Array, dimensions: number): number[] {
  if (vector.length !== dimensions)
    throw new RangeError(`Cannot use a vector of ${vector.length} dimensions in an index of ${dimensions}`)
  const plain = Array.from(vector)
  if (!plain.every(Number.isFinite)) throw new RangeError('Cannot use a vector with an element that is no number')
  return plain
}
