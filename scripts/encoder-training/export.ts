import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { encoderGraph, type QuantizedTable } from './graphs.ts'
import { encodeOnnx } from './onnx.ts'
import { specialTokens, tokenizerFiles, type Vocabulary } from './tokenizer.ts'

/** Rounds every row to 127 steps either way of its largest component. `vectors` is [rows, dimensions]. */
export function quantize(vectors: Float32Array, dimensions: number): QuantizedTable {
  const rows = vectors.length / dimensions
  const values = new Int8Array(vectors.length)
  const scales = new Float32Array(rows)
  for (let row = 0; row < rows; row += 1) {
    let largest = 0
    for (let k = 0; k < dimensions; k += 1)
      largest = Math.max(largest, Math.abs(vectors[row * dimensions + k] as number))
    if (largest === 0) continue
    scales[row] = largest / 127
    for (let k = 0; k < dimensions; k += 1)
      values[row * dimensions + k] = Math.round(((vectors[row * dimensions + k] as number) / largest) * 127)
  }
  return { rows, dimensions, values, scales }
}

/** All token vectors, [tokens, dimensions]; those of the special tokens are zero. */
export function tokenVectors(
  table: { readonly dimensions: number; token(id: number, out: Float32Array, at: number): Float32Array },
  vocabulary: Vocabulary,
): Float32Array {
  const vectors = new Float32Array(vocabulary.tokens.length * table.dimensions)
  for (let id = specialTokens.length; id < vocabulary.tokens.length; id += 1)
    table.token(id, vectors, id * table.dimensions)
  return vectors
}

/**
 * Writes the encoder folder that @xenova/transformers loads. It is written beside its place and then moved there,
 * so that nobody ever loads half of it.
 */
export function writeEncoder(folder: string, vocabulary: Vocabulary, table: QuantizedTable, card: string): void {
  const fresh = join(dirname(folder), `.encoder-${process.pid}`)
  const old = `${fresh}-old`
  mkdirSync(join(fresh, 'onnx'), { recursive: true })
  for (const [name, content] of Object.entries(tokenizerFiles(vocabulary, table.dimensions)))
    writeFileSync(join(fresh, name), `${JSON.stringify(content, null, name === 'tokenizer.json' ? 0 : 2)}\n`)
  writeFileSync(join(fresh, 'onnx', 'model_quantized.onnx'), encodeOnnx(encoderGraph(table)))
  writeFileSync(join(fresh, 'README.md'), card)
  try {
    renameSync(folder, old)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
  }
  renameSync(fresh, folder)
  rmSync(old, { recursive: true, force: true })
}

/**
 * Raises every vector's length to the power `power` and keeps its direction: important words gain on filler.
 * The loss sees sums only, where a word's length competes with all others; matching word by word wants more contrast
 * than that teaches.
 */
export function sharpen(vectors: Float32Array, dimensions: number, power = 1.5): Float32Array {
  const out = Float32Array.from(vectors)
  for (let at = 0; at < out.length; at += dimensions) {
    let square = 0
    for (let k = 0; k < dimensions; k += 1) square += (vectors[at + k] as number) ** 2
    const length = Math.sqrt(square)
    if (length === 0) continue
    for (let k = 0; k < dimensions; k += 1) out[at + k] = (out[at + k] as number) * length ** (power - 1)
  }
  return out
}
