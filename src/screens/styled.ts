/** Formatting of a stretch of text. `offset` and `length` count UTF-16 units, as Telegram does. */
export type Entity = {
  readonly type:
    | 'bold'
    | 'italic'
    | 'underline'
    | 'strikethrough'
    | 'code'
    | 'blockquote'
    | 'expandable_blockquote'
    | 'text_link'
  readonly offset: number
  readonly length: number
  readonly url?: string
}

/** A text with its formatting beside it: nothing in the text is ever markup. */
export type Styled = { readonly text: string; readonly entities: readonly Entity[] }

type Part = Styled | string

// Half a surrogate pair makes Telegram refuse the whole message; control and direction signs have no business in a
// chat.
const unfit =
  /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]|[\p{Cc}\u202A-\u202E\u2066-\u2069]/gu

/** A text as it can be sent. Every unit that cannot be sent is replaced by one other, so offsets stay true. */
export function sendable(text: string): string {
  return text.replace(unfit, (unit) =>
    unit === '\n' || unit === '\t' ? unit : unit.length === 1 ? (/[\uD800-\uDFFF]/u.test(unit) ? '\uFFFD' : ' ') : unit,
  )
}

export const plain = (text: string): Styled => ({ text: sendable(text), entities: [] })

const styled = (part: Part): Styled => (typeof part === 'string' ? plain(part) : part)

export function concat(...parts: readonly Part[]): Styled {
  let text = ''
  const entities: Entity[] = []
  for (const part of parts.map(styled)) {
    for (const entity of part.entities) entities.push({ ...entity, offset: entity.offset + text.length })
    text += part.text
  }
  return { text, entities }
}

/** Parts with a separator between them; empty parts are left out. */
export function join(parts: readonly Part[], separator: string): Styled {
  const kept = parts.map(styled).filter(({ text }) => text !== '')
  return concat(...kept.flatMap((part, at) => (at === 0 ? [part] : [separator, part])))
}

function around(type: Entity['type'], inner: Part, url?: string): Styled {
  const { text, entities } = styled(inner)
  if (text.trim() === '') return { text, entities: [] }
  return {
    text,
    entities: [{ type, offset: 0, length: text.length, ...(url === undefined ? {} : { url }) }, ...entities],
  }
}

export const bold = (inner: Part): Styled => around('bold', inner)
export const italic = (inner: Part): Styled => around('italic', inner)
export const underline = (inner: Part): Styled => around('underline', inner)
export const strike = (inner: Part): Styled => around('strikethrough', inner)
export const code = (inner: Part): Styled => around('code', inner)
export const link = (inner: Part, url: string): Styled => around('text_link', inner, url)
export const blockquote = (inner: Part, isLong: boolean): Styled =>
  around(isLong ? 'expandable_blockquote' : 'blockquote', inner)

/** A stretch of a styled text; formatting that reaches across its ends is kept inside it. */
export function slice({ text, entities }: Styled, start: number, end: number): Styled {
  return {
    text: text.slice(start, end),
    entities: entities.flatMap((entity) => {
      const from = Math.max(entity.offset, start)
      const to = Math.min(entity.offset + entity.length, end)
      return from >= to || text.slice(from, to).trim() === ''
        ? []
        : [{ ...entity, offset: from - start, length: to - from }]
    }),
  }
}
