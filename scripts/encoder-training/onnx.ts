/**
 * A writer for the part of the ONNX format that two graphs need: the encoder that ships and the loss that trains it.
 * Field numbers are those of onnx.proto3 (https://github.com/onnx/onnx/blob/v1.13.0/onnx/onnx.proto3); IR version 8 and
 * opset 13 are what onnxruntime 1.14 reads.
 */

const irVersion = 8
const opset = 13

export type Attribute = number | readonly number[] | string

export type OnnxNode = {
  readonly op: string
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
  /** Whole numbers are written as ints; a float attribute is not needed by any operator in use. */
  readonly attributes?: Readonly<Record<string, Attribute>>
}

export type ElementType = 'float32' | 'int8' | 'int64'

/** A dimension is a number, or the name of one that is known only when the graph runs. */
export type ValueInfo = {
  readonly name: string
  readonly type: ElementType
  readonly shape: readonly (number | string)[]
}

export type Initializer = {
  readonly name: string
  readonly shape: readonly number[]
  readonly data: Float32Array | Int8Array | BigInt64Array
}

export type OnnxGraph = {
  readonly name: string
  readonly inputs: readonly ValueInfo[]
  readonly outputs: readonly ValueInfo[]
  readonly initializers: readonly Initializer[]
  readonly nodes: readonly OnnxNode[]
}

const elementTypes: Readonly<Record<ElementType, number>> = { float32: 1, int8: 3, int64: 7 }
const attributeTypes = { int: 2, string: 3, ints: 7 } as const

/** A base-128 varint, low groups first; negative numbers take ten bytes, as two's complement in 64 bits. */
function varint(value: number): Uint8Array {
  const bytes: number[] = []
  let rest = BigInt.asUintN(64, BigInt(value))
  while (rest >= 128n) {
    bytes.push(Number(rest & 127n) | 128)
    rest >>= 7n
  }
  bytes.push(Number(rest))
  return Uint8Array.from(bytes)
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((length, part) => length + part.length, 0))
  let at = 0
  for (const part of parts) {
    out.set(part, at)
    at += part.length
  }
  return out
}

const utf8 = new TextEncoder()

const integer = (field: number, value: number): Uint8Array => join([varint(field << 3), varint(value)])
const bytes = (field: number, value: Uint8Array): Uint8Array =>
  join([varint((field << 3) | 2), varint(value.length), value])
const text = (field: number, value: string): Uint8Array => bytes(field, utf8.encode(value))
const message = (field: number, parts: readonly Uint8Array[]): Uint8Array => bytes(field, join(parts))

function attribute(name: string, value: Attribute): Uint8Array {
  if (typeof value === 'string') return message(5, [text(1, name), text(4, value), integer(20, attributeTypes.string)])
  if (typeof value === 'number') return message(5, [text(1, name), integer(3, value), integer(20, attributeTypes.int)])
  return message(5, [text(1, name), ...value.map((item) => integer(8, item)), integer(20, attributeTypes.ints)])
}

function node({ op, inputs, outputs, attributes = {} }: OnnxNode): Uint8Array {
  return message(1, [
    ...inputs.map((name) => text(1, name)),
    ...outputs.map((name) => text(2, name)),
    text(3, `${op}:${outputs[0]}`),
    text(4, op),
    ...Object.entries(attributes).map(([name, value]) => attribute(name, value)),
  ])
}

function initializer({ name, shape, data }: Initializer): Uint8Array {
  const size = shape.reduce((product, dimension) => product * dimension, 1)
  if (size !== data.length)
    throw new RangeError(
      `Cannot write tensor "${name}": its shape asks for ${size} numbers, its data holds ${data.length}`,
    )
  const type = data instanceof Float32Array ? 'float32' : data instanceof Int8Array ? 'int8' : 'int64'
  // Raw tensor data is little-endian, as typed arrays are on every machine Node runs on.
  const raw = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
  return message(5, [
    ...shape.map((dimension) => integer(1, dimension)),
    integer(2, elementTypes[type]),
    text(8, name),
    bytes(9, raw),
  ])
}

function valueInfo(field: number, { name, type, shape }: ValueInfo): Uint8Array {
  const dimensions = shape.map((dimension) =>
    message(1, [typeof dimension === 'number' ? integer(1, dimension) : text(2, dimension)]),
  )
  return message(field, [
    text(1, name),
    message(2, [message(1, [integer(1, elementTypes[type]), message(2, dimensions)])]),
  ])
}

/** The bytes of an ONNX model file with this one graph. Throws `RangeError` when a tensor's shape and data disagree. */
export function encodeOnnx(graph: OnnxGraph): Uint8Array {
  return join([
    integer(1, irVersion),
    text(2, 'memoranda-citation-assistant'),
    message(7, [
      ...graph.nodes.map(node),
      text(2, graph.name),
      ...graph.initializers.map(initializer),
      ...graph.inputs.map((input) => valueInfo(11, input)),
      ...graph.outputs.map((output) => valueInfo(12, output)),
    ]),
    message(8, [text(1, ''), integer(2, opset)]),
  ])
}
