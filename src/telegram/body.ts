/** The body of a request, ready to be sent any number of times. */
export type Body = { readonly kind: 'json'; readonly text: string } | { readonly kind: 'form'; readonly form: FormData }

interface FileToSend {
  readonly source: unknown
  readonly filename?: string
}

const isFile = (value: unknown): value is FileToSend => typeof value === 'object' && value !== null && 'source' in value

const dropNull = (_: string, value: unknown): unknown => value ?? undefined

/**
 * JSON, or a form where the payload holds files (`{ source: bytes, filename }`, as Telegraf's `Input.fromBuffer` makes
 * them).
 *
 * Unlike Telegraf's own client it keeps objects such as `reply_parameters` in a form, and it takes bytes only: paths,
 * streams and URLs cannot be sent a second time. Throws TypeError for those.
 */
export function encodeBody(method: string, payload: Readonly<Record<string, unknown>>): Body {
  const files = new Map<string, Blob>()
  const names = new Map<string, string>()
  const attach = (value: unknown): unknown => {
    if (isFile(value)) {
      const part = `file${files.size}`
      files.set(part, blobOf(method, value))
      names.set(part, value.filename ?? `${part}.dat`)
      return `attach://${part}`
    }
    if (Array.isArray(value)) return value.map(attach)
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, attach(field)]))
  }
  const attached = Object.entries(payload).map(([key, value]) => [key, attach(value)] as const)
  if (files.size === 0) return { kind: 'json', text: JSON.stringify(payload, dropNull) }
  const form = new FormData()
  for (const [key, value] of attached) {
    if (value === undefined || value === null) continue
    form.append(key, typeof value === 'object' ? JSON.stringify(value, dropNull) : String(value))
  }
  for (const [part, blob] of files) form.append(part, blob, names.get(part))
  return { kind: 'form', form }
}

function blobOf(method: string, { source }: FileToSend): Blob {
  if (!(source instanceof Uint8Array))
    throw new TypeError(`Cannot ${method}: a file is given by its bytes (a Buffer), not by a path, stream or URL`)
  return new Blob([new Uint8Array(source)])
}

/** Every text in a payload, however deep. */
export function* textsIn(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value
  else if (typeof value === 'object' && value !== null && !(value instanceof Uint8Array))
    for (const field of Object.values(value)) yield* textsIn(field)
}
