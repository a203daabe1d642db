import type { IncomingMessage } from 'node:http'
import { wrongShape } from './refused.ts'
import type { Upload } from './types.ts'

/** Bytes of a request, unless it is longer than `limit` bytes or the bot broke it off. */
export async function readBytes(
  request: IncomingMessage,
  limit: number,
): Promise<Buffer<ArrayBuffer> | 'too large' | 'broken off'> {
  const chunks: Buffer<ArrayBuffer>[] = []
  let length = 0
  try {
    for await (const chunk of request as AsyncIterable<Buffer<ArrayBuffer>>) {
      length += chunk.length
      // The rest is read and dropped: closing at once would reach the bot as a reset, not as an answer.
      if (length <= limit) chunks.push(chunk)
    }
  } catch {
    return 'broken off'
  }
  return length > limit ? 'too large' : Buffer.concat(chunks)
}

const uploads = new WeakSet<object>()
export const isUpload = (value: unknown): value is Upload =>
  typeof value === 'object' && value !== null && uploads.has(value)

export interface Body {
  /** JSON values, strings of a form, or uploads. */
  readonly params: Record<string, unknown>
  readonly files: readonly Upload[]
  /** A form knows only strings: they are read by the types that the specification gives. */
  readonly isForm: boolean
}

/**
 * Parameters of a call from the query, JSON, `application/x-www-form-urlencoded` or `multipart/form-data`. Throws
 * Refused.
 */
export async function readBody(
  bytes: Uint8Array<ArrayBuffer>,
  contentType: string,
  query: URLSearchParams,
): Promise<Body> {
  if (bytes.length === 0) return { params: Object.fromEntries(query), files: [], isForm: true }
  if (contentType.startsWith('application/json')) {
    const params = parseJson(Buffer.from(bytes).toString('utf8'))
    if (typeof params !== 'object' || params === null || Array.isArray(params))
      throw wrongShape('the body must be a JSON object')
    return { params: params as Record<string, unknown>, files: [], isForm: false }
  }
  const form = await new Response(bytes, { headers: { 'content-type': contentType } }).formData().catch(() => {
    throw wrongShape(`cannot read a body of type "${contentType}"`)
  })
  const params: Record<string, unknown> = Object.fromEntries(query)
  const files: Upload[] = []
  for (const [field, value] of form) {
    if (typeof value === 'string') params[field] = value
    else {
      const upload: Upload = {
        field,
        name: value.name,
        type: value.type,
        bytes: new Uint8Array(await value.arrayBuffer()),
      }
      uploads.add(upload)
      files.push(upload)
    }
  }
  for (const file of files) params[file.field] = file
  return { params, files, isForm: true }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw wrongShape("can't parse JSON object")
  }
}

/**
 * A form's string as the value that one of `types` asks for; unchanged where it is none, so that the type check names
 * it.
 */
export function readFormValue(text: string, types: readonly string[]): unknown {
  if (types.includes('Integer') && /^-?\d+$/u.test(text)) return Number(text)
  if (types.includes('String')) return text
  if (types.includes('Float') && /^-?\d+(?:\.\d+)?$/u.test(text)) return Number(text)
  if (types.includes('Boolean') && /^(?:true|false)$/iu.test(text)) return text.toLowerCase() === 'true'
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

/** `attach://name` anywhere in a value stands for the uploaded file of that name. Throws Refused when there is none. */
export function attachFiles(value: unknown, files: readonly Upload[]): unknown {
  if (typeof value === 'string' && value.startsWith('attach://')) {
    const file = files.find(({ field }) => field === value.slice('attach://'.length))
    if (file === undefined) throw wrongShape(`${value} names no uploaded file`)
    return file
  }
  if (typeof value !== 'object' || value === null || isUpload(value)) return value
  if (Array.isArray(value)) return value.map((element) => attachFiles(element, files))
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, attachFiles(field, files)]))
}
