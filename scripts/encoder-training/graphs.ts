import type { Initializer, OnnxGraph, OnnxNode } from './onnx.ts'

const float = (name: string, ...values: number[]): Initializer => ({
  name,
  shape: values.length === 1 ? [] : [values.length],
  data: Float32Array.from(values),
})
const integers = (name: string, ...values: number[]): Initializer => ({
  name,
  shape: [values.length],
  data: BigInt64Array.from(values.map(BigInt)),
})

/**
 * A table of token vectors: `values` is [rows, dimensions] in −127..127, `scales` is [rows]; a token's vector is its
 * row times its scale.
 */
export type QuantizedTable = {
  readonly rows: number
  readonly dimensions: number
  readonly values: Int8Array
  readonly scales: Float32Array
}

/**
 * The encoder that ships: int8 rows, looked up and scaled back, then summed and brought to length 1.
 * The sum needs no division by the number of tokens, since only its direction is kept. Row 1 ([UNK]) must be zero: ids
 * past the table read it.
 */
export function encoderGraph({ rows, dimensions, values, scales }: QuantizedTable): OnnxGraph {
  return {
    name: 'static-encoder',
    inputs: [
      { name: 'input_ids', type: 'int64', shape: ['batch', 'sequence'] },
      { name: 'attention_mask', type: 'int64', shape: ['batch', 'sequence'] },
    ],
    outputs: [
      { name: 'token_embeddings', type: 'float32', shape: ['batch', 'sequence', dimensions] },
      { name: 'sentence_embedding', type: 'float32', shape: ['batch', dimensions] },
    ],
    initializers: [
      { name: 'table', shape: [rows, dimensions], data: values },
      { name: 'scales', shape: [rows, 1], data: scales },
      { name: 'row_count', shape: [], data: BigInt64Array.of(BigInt(rows)) },
      { name: 'unknown', shape: [], data: BigInt64Array.of(1n) },
      integers('last_axis', -1),
      integers('sequence_axis', 1),
      float('tiny', 1e-6),
    ],
    nodes: [
      { op: 'Less', inputs: ['input_ids', 'row_count'], outputs: ['has_row'] },
      { op: 'Where', inputs: ['has_row', 'input_ids', 'unknown'], outputs: ['rows'] },
      { op: 'Gather', inputs: ['table', 'rows'], outputs: ['bytes'] },
      { op: 'Cast', inputs: ['bytes'], outputs: ['floats'], attributes: { to: 1 } },
      { op: 'Gather', inputs: ['scales', 'rows'], outputs: ['row_scales'] },
      { op: 'Cast', inputs: ['attention_mask'], outputs: ['mask'], attributes: { to: 1 } },
      { op: 'Unsqueeze', inputs: ['mask', 'last_axis'], outputs: ['mask_column'] },
      { op: 'Mul', inputs: ['row_scales', 'mask_column'], outputs: ['weights'] },
      { op: 'Mul', inputs: ['floats', 'weights'], outputs: ['token_embeddings'] },
      // As a product with a row of masks and not as ReduceSum: its order of additions does not depend on the padding,
      // so a text has one vector whatever its batch.
      { op: 'Unsqueeze', inputs: ['mask', 'sequence_axis'], outputs: ['mask_row'] },
      { op: 'MatMul', inputs: ['mask_row', 'token_embeddings'], outputs: ['sum_row'] },
      { op: 'Squeeze', inputs: ['sum_row', 'sequence_axis'], outputs: ['sum'] },
      { op: 'ReduceL2', inputs: ['sum'], outputs: ['length'], attributes: { axes: [-1], keepdims: 1 } },
      { op: 'Max', inputs: ['length', 'tiny'], outputs: ['safe_length'] },
      { op: 'Div', inputs: ['sum', 'safe_length'], outputs: ['sentence_embedding'] },
    ],
  }
}

/**
 * Symmetric InfoNCE (van den Oord 2018) over a batch of pairs, and its gradient, written out by hand as one graph so
 * that onnxruntime does the products.
 *
 * Inputs: `x`, `y` [n, dimensions], the summed token vectors of either side, unnormalised; `mask` [n, n], 0 where a
 * text of the other side counts as a wrong answer or is the right one, a large negative number where it equals the
 * right one. Outputs: `loss` (one number, nats, mean over both directions and all widths),
 * `dx`, `dy` [n, dimensions]. Matryoshka (Kusupati 2022): the loss is averaged over the first `widths` components.
 */
export function lossGraph(n: number, dimensions: number, widths: readonly number[], temperature: number): OnnxGraph {
  const nodes: OnnxNode[] = []
  const initializers: Initializer[] = [
    float('scale', temperature),
    float('tiny', 1e-12),
    float('two', 2),
    // d loss / d similarity of one width: two directions, n rows each, averaged over the widths.
    float('share', temperature / (2 * n * widths.length)),
    float('loss_share', 1 / (2 * n * widths.length)),
    { name: 'identity', shape: [n, n], data: identity(n) },
    integers('zero', 0),
    integers('columns', 1),
  ]
  const add = (op: string, inputs: string[], output: string, attributes: OnnxNode['attributes'] = {}): string => {
    nodes.push({ op, inputs, outputs: [output], attributes })
    return output
  }
  const gradients: Record<'x' | 'y', string[]> = { x: [], y: [] }
  const losses: string[] = []
  for (const width of widths) {
    const at = (name: string): string => `${name}_${width}`
    if (width < dimensions)
      initializers.push(integers(at('end'), width), {
        name: at('pads'),
        shape: [4],
        data: BigInt64Array.of(0n, 0n, 0n, BigInt(dimensions - width)),
      })
    for (const side of ['x', 'y'] as const) {
      const cut = width === dimensions ? side : add('Slice', [side, 'zero', at('end'), 'columns'], at(`${side}_cut`))
      const length = add('ReduceL2', [cut], at(`${side}_raw_length`), { axes: [1], keepdims: 1 })
      add('Max', [length, 'tiny'], at(`${side}_length`))
      add('Div', [cut, at(`${side}_length`)], at(`${side}_unit`))
    }
    const yTurned = add('Transpose', [at('y_unit')], at('y_turned'), { perm: [1, 0] })
    const cosines = add('MatMul', [at('x_unit'), yTurned], at('cosines'))
    const scaled = add('Mul', [cosines, 'scale'], at('scaled'))
    const logits = add('Add', [scaled, 'mask'], at('logits'))
    const logitsTurned = add('Transpose', [logits], at('logits_turned'), { perm: [1, 0] })
    const forward = add('Softmax', [logits], at('forward'), { axis: 1 })
    const backwardTurned = add('Softmax', [logitsTurned], at('backward_turned'), { axis: 1 })
    const backward = add('Transpose', [backwardTurned], at('backward'), { perm: [1, 0] })
    // −log p of the right answer, both ways, read off the diagonals.
    for (const [direction, probabilities] of [
      ['forward', forward],
      ['backward', backward],
    ] as const) {
      const diagonal = add('Mul', [probabilities, 'identity'], at(`${direction}_diagonal`))
      const right = add('ReduceSum', [diagonal, 'columns'], at(`${direction}_right`), { keepdims: 0 })
      const safe = add('Max', [right, 'tiny'], at(`${direction}_safe`))
      const log = add('Log', [safe], at(`${direction}_log`))
      losses.push(add('ReduceSum', [log], at(`${direction}_loss`), { keepdims: 0 }))
    }
    const both = add('Add', [forward, backward], at('both'))
    const target = add('Mul', ['identity', 'two'], at('target'))
    const error = add('Sub', [both, target], at('error'))
    const slope = add('Mul', [error, 'share'], at('slope'))
    const slopeTurned = add('Transpose', [slope], at('slope_turned'), { perm: [1, 0] })
    for (const [side, product] of [
      ['x', [slope, at('y_unit')]],
      ['y', [slopeTurned, at('x_unit')]],
    ] as const) {
      const unit = at(`${side}_unit`)
      const raw = add('MatMul', [...product], at(`${side}_raw`))
      // Through the normalisation: what points along the vector changes only its length, so it is taken out.
      const alongEach = add('Mul', [raw, unit], at(`${side}_along_each`))
      const along = add('ReduceSum', [alongEach, 'columns'], at(`${side}_along`), { keepdims: 1 })
      const radial = add('Mul', [unit, along], at(`${side}_radial`))
      const tangent = add('Sub', [raw, radial], at(`${side}_tangent`))
      const narrow = add('Div', [tangent, at(`${side}_length`)], at(`${side}_narrow`))
      gradients[side].push(width === dimensions ? narrow : add('Pad', [narrow, at('pads')], at(`${side}_gradient`)))
    }
  }
  add('Sum', gradients.x, 'dx')
  add('Sum', gradients.y, 'dy')
  add('Sum', losses, 'log_sum')
  add('Mul', ['log_sum', 'loss_share'], 'log_mean')
  add('Neg', ['log_mean'], 'loss')
  return {
    name: 'contrastive-loss',
    inputs: [
      { name: 'x', type: 'float32', shape: [n, dimensions] },
      { name: 'y', type: 'float32', shape: [n, dimensions] },
      { name: 'mask', type: 'float32', shape: [n, n] },
    ],
    outputs: [
      { name: 'loss', type: 'float32', shape: [] },
      { name: 'dx', type: 'float32', shape: [n, dimensions] },
      { name: 'dy', type: 'float32', shape: [n, dimensions] },
    ],
    initializers,
    nodes,
  }
}

function identity(n: number): Float32Array {
  const out = new Float32Array(n * n)
  for (let i = 0; i < n; i += 1) out[i * n + i] = 1
  return out
}
