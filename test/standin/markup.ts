/**
 * Thrown by the readers of HTML; the message continues "can't parse entities: …". Offsets count UTF-8 bytes, as
 * Telegram's do.
 */
export class MarkupError extends Error {}

export type Token =
  | { readonly kind: 'text'; readonly text: string }
  | {
      readonly kind: 'open'
      readonly name: string
      readonly attributes: ReadonlyMap<string, string>
      readonly closed: boolean
      readonly at: number
    }
  | { readonly kind: 'close'; readonly name: string; readonly at: number }

const named: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"' }

// &lt; &#60; &#x3C — the semicolon may be missing; other names are left as they stand.
const characterReference = /&(?:#x(?<hex>[0-9a-fA-F]{1,8})|#(?<decimal>\d{1,8})|(?<name>lt|gt|amp|quot));?/gu

export function decode(text: string): string {
  return text.replace(
    characterReference,
    (whole, hex: string | undefined, decimal: string | undefined, name: string | undefined) => {
      if (name !== undefined) return named[name] ?? whole
      const code = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16)
      if (code >= 0xd800 && code <= 0xdfff)
        throw new MarkupError(
          'Text contains invalid Unicode characters after decoding HTML entities, check for unmatched surrogate code units',
        )
      return code === 0 || code > 0x10ffff ? whole : String.fromCodePoint(code)
    },
  )
}

const startTag = /<(?<name>[a-zA-Z][a-zA-Z0-9-]*)/uy
const attribute =
  /[\s,]*(?<name>[^\s=>/'",]+)(?:\s*=\s*(?:"(?<double>[^"]*)"|'(?<single>[^']*)'|(?<bare>[^\s>"'/]+)))?/uy
const tagEnd = /[\s,]*(?<slash>\/?)>/uy
const endTag = /<\/\s*(?<name>[a-zA-Z0-9-]*)\s*(?<closed>>?)/uy

/** HTML as Telegram reads it, token by token. Throws MarkupError. */
export function* tokens(html: string): Generator<Token> {
  let at = 0
  const byteOffset = (index: number) => Buffer.byteLength(html.slice(0, index))
  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at
    const found = pattern.exec(html)
    if (found !== null) at = pattern.lastIndex
    return found
  }
  while (at < html.length) {
    const next = html.indexOf('<', at)
    const stop = next === -1 ? html.length : next
    if (stop > at) {
      yield { kind: 'text', text: decode(html.slice(at, stop)) }
      at = stop
      continue
    }
    const begin = byteOffset(at)
    if (html.startsWith('</', at)) {
      const close = match(endTag)
      if (close === null || close.groups?.closed !== '>')
        throw new MarkupError(`Unclosed end tag at byte offset ${begin}`)
      yield { kind: 'close', name: (close.groups.name ?? '').toLowerCase(), at: begin }
      continue
    }
    const name = match(startTag)?.groups?.name?.toLowerCase()
    if (name === undefined) throw new MarkupError(`Unclosed start tag at byte offset ${begin}`)
    const attributes = new Map<string, string>()
    let end = match(tagEnd)
    while (end === null) {
      const groups = match(attribute)?.groups
      if (groups?.name === undefined) throw new MarkupError(`Unclosed start tag "${name}" at byte offset ${begin}`)
      attributes.set(groups.name.toLowerCase(), decode(groups.double ?? groups.single ?? groups.bare ?? ''))
      end = match(tagEnd)
    }
    yield { kind: 'open', name, attributes, closed: end.groups?.slash === '/', at: begin }
  }
}
