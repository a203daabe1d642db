import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AutoModel, AutoTokenizer, env } from '@xenova/transformers'
import ort from 'onnxruntime-node'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { quantize, sharpen, writeEncoder } from '../../scripts/encoder-training/export.ts'
import { lossGraph } from '../../scripts/encoder-training/graphs.ts'
import { encodeOnnx } from '../../scripts/encoder-training/onnx.ts'
import { seededRandom } from '../../scripts/encoder-training/random.ts'
import { specialTokens, tokenize, vocabularyOf } from '../../scripts/encoder-training/tokenizer.ts'

const dimensions = 8
const vocabulary = vocabularyOf([
  ...specialTokens,
  'q',
  'f',
  'l',
  'p',
  '1',
  '0',
  '香',
  '港',
  '川',
  '香港',
  '青年',
  '年',
  'hong',
  'kong',
])
const random = seededRandom(7)
const vectors = Float32Array.from({ length: vocabulary.tokens.length * dimensions }, (_, i) =>
  i < specialTokens.length * dimensions ? 0 : random.normal(),
)

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'encoder-'))
  mkdirSync(folder, { recursive: true })
  writeEncoder(join(folder, 'tiny'), vocabulary, quantize(vectors, dimensions), '# card\n')
  env.localModelPath = folder
  env.allowRemoteModels = false
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** The unit vector of a text by plain arithmetic, from the vectors before rounding. */
function expected(text: string): number[] {
  const sum = new Array<number>(dimensions).fill(0)
  for (const id of tokenize(text, vocabulary))
    for (let k = 0; k < dimensions; k += 1) sum[k] = (sum[k] as number) + (vectors[id * dimensions + k] as number)
  const length = Math.hypot(...sum)
  return sum.map((value) => (length === 0 ? 0 : value / length))
}

const texts = ['香港青年', 'qflp香港10', 'hong kong,川', '龘香港😀川', '', '。!?']

test('writeEncoder() writes a model that @xenova/transformers loads and that computes what plain arithmetic computes', async () => {
  const tokenizer = await AutoTokenizer.from_pretrained('tiny')
  const model = await AutoModel.from_pretrained('tiny', { quantized: true })
  for (const text of texts) {
    const inputs = await tokenizer(text)
    const ids = [...inputs.input_ids.data]
      .map(Number)
      .filter((id: number) => id >= specialTokens.length && id < vocabulary.tokens.length)
    expect(ids, text).toEqual(tokenize(text, vocabulary))
    const { sentence_embedding: sentence, token_embeddings: tokens } = await model(inputs)
    for (const [k, value] of expected(text).entries()) expect(sentence.data[k]).toBeCloseTo(value, 1)
    expect(tokens.dims).toEqual([1, inputs.input_ids.dims[1], dimensions])
    const count = inputs.input_ids.dims[1] as number
    for (const edge of [0, count - 1])
      for (let k = 0; k < dimensions; k += 1) expect(tokens.data[edge * dimensions + k]).toBe(0)
  }
})

test('the encoder gives a text the same vector, bit for bit, alone and in a padded batch', async () => {
  const tokenizer = await AutoTokenizer.from_pretrained('tiny')
  const model = await AutoModel.from_pretrained('tiny', { quantized: true })
  const long = '香港青年hong kong川10'.repeat(20)
  const batch = await model(await tokenizer([...texts, long], { padding: true }))
  for (const [i, text] of texts.entries()) {
    const alone = await model(await tokenizer(text))
    expect([...batch.sentence_embedding.data.slice(i * dimensions, (i + 1) * dimensions)]).toEqual([
      ...alone.sentence_embedding.data,
    ])
  }
})

test('quantize() keeps every component within half a step of its row', () => {
  const { values, scales } = quantize(vectors, dimensions)
  for (const [i, value] of vectors.entries()) {
    const scale = scales[Math.floor(i / dimensions)] as number
    expect(Math.abs((values[i] as number) * scale - value)).toBeLessThanOrEqual(scale * 0.5001)
  }
})

test('sharpen() raises lengths to a power and keeps directions and zeros', () => {
  const sharp = sharpen(Float32Array.of(3, 4, 0, 0), 2, 2)
  expect([...sharp]).toEqual([15, 20, 0, 0])
})

test('encodeOnnx() refuses a tensor whose shape and data disagree', () => {
  const graph = {
    name: 'g',
    inputs: [],
    outputs: [],
    nodes: [],
    initializers: [{ name: 'table', shape: [2, 2], data: new Float32Array(3) }],
  }
  expect(() => encodeOnnx(graph)).toThrow('Cannot write tensor "table": its shape asks for 4 numbers, its data holds 3')
})

test('lossGraph() gives the loss of InfoNCE and a gradient that agrees with small differences', async () => {
  const [n, d, scale] = [5, 8, 4]
  const numbers = (): Float32Array => Float32Array.from({ length: n * d }, () => random.normal())
  const [x, y] = [numbers(), numbers()]
  const mask = new Float32Array(n * n)
  mask[1] = -1e4
  mask[n] = -1e4
  const session = await ort.InferenceSession.create(encodeOnnx(lossGraph(n, d, [4, d], scale)))
  const run = (a: Float32Array) =>
    session.run({
      x: new ort.Tensor('float32', a, [n, d]),
      y: new ort.Tensor('float32', y, [n, d]),
      mask: new ort.Tensor('float32', mask, [n, n]),
    })
  const plain = (a: Float32Array): number => {
    let loss = 0
    for (const width of [4, d]) {
      const cosine = (i: number, j: number): number => {
        const [u, v] = [a.subarray(i * d, i * d + width), y.subarray(j * d, j * d + width)]
        return (
          (u.reduce((sum, value, k) => sum + value * (v[k] as number), 0) / Math.hypot(...u) / Math.hypot(...v)) *
            scale +
          (mask[i * n + j] as number)
        )
      }
      for (let i = 0; i < n; i += 1) {
        let [rows, columns] = [0, 0]
        for (let j = 0; j < n; j += 1) {
          rows += Math.exp(cosine(i, j))
          columns += Math.exp(cosine(j, i))
        }
        loss -= (2 * cosine(i, i) - Math.log(rows) - Math.log(columns)) / (2 * n * 2)
      }
    }
    return loss
  }
  const { loss, dx } = await run(x)
  expect(loss?.data[0]).toBeCloseTo(plain(x), 4)
  for (const k of [0, 3, 6, 17, 39]) {
    const [up, down] = [x.slice(), x.slice()]
    up[k] = (x[k] as number) + 1e-3
    down[k] = (x[k] as number) - 1e-3
    expect(dx?.data[k]).toBeCloseTo((plain(up) - plain(down)) / 2e-3, 3)
  }
})
