import stringWidth from 'string-width'
import type { Entity, Styled } from '../screens/styled.ts'

/** How a terminal shows text. */
export type TerminalStyle = {
  /** Columns; a line is not broken when missing, so that what is piped stays word for word. */
  readonly width?: number
  readonly color: boolean
}

/** Narrower terminals get lines of this many columns all the same. */
const narrowest = 20
const quoteIndent = '    '

/**
 * Columns that a text takes: Chinese characters, the symbols of their width and emoji take two, marks and joiners none.
 * Quotation marks and dashes that Unicode leaves open take one.
 */
export const columnsOf = (text: string): number => stringWidth(text)

/** What a reader takes for one character, and no line may divide: 👨‍👩‍👧. */
const graphemes = new Intl.Segmenter()

const codes: Readonly<Partial<Record<Entity['type'], readonly [string, string]>>> = {
  bold: ['\u001b[1m', '\u001b[22m'],
  italic: ['\u001b[3m', '\u001b[23m'],
  underline: ['\u001b[4m', '\u001b[24m'],
  strikethrough: ['\u001b[9m', '\u001b[29m'],
}

/**
 * What stays on one line: a word, a stretch of spaces, or a single wide character; with the brackets that open before
 * it and the signs that close after it, which no line begins with.
 */
const pieces =
  /\s+|[「『（《【“‘(]*(?:\p{Script=Han}|[^\s\p{Script=Han}「『（《【“‘(，。、；：！？」』）》】”’…]+)?[，。、；：！？」』）》】”’…]*/gu

/** Breaks one paragraph, given as its start and end in `text`, into lines of `width` columns. */
function broken(text: string, start: number, end: number, width: number): readonly (readonly [number, number])[] {
  const lines: [number, number][] = []
  let from = start
  let columns = 0
  const breakAt = (at: number) => {
    lines.push([from, at])
    from = at
    columns = 0
  }
  for (const { 0: piece, index } of text.slice(start, end).matchAll(pieces)) {
    if (piece === '') continue
    const at = start + index
    const size = columnsOf(piece)
    if (columns + size > width && columns > 0 && piece.trim() !== '') breakAt(at)
    if (size <= width) {
      columns += size
      continue
    }
    // A word longer than a line.
    let position = at
    for (const { segment } of graphemes.segment(piece)) {
      const own = columnsOf(segment)
      if (columns + own > width) breakAt(position)
      columns += own
      position += segment.length
    }
  }
  lines.push([from, end])
  return lines
}

const covers = ({ offset, length }: Entity, at: number): boolean => offset <= at && at < offset + length

/** A stretch of text with its formatting; colours are closed at its end, so a line never colours the next. */
function painted({ text, entities }: Styled, start: number, end: number): string {
  let line = ''
  let open: readonly Entity[] = []
  for (let at = start; at < end; at += 1) {
    const now = entities.filter((entity) => codes[entity.type] !== undefined && covers(entity, at))
    line += open.flatMap((entity) => (now.includes(entity) ? [] : [codes[entity.type]?.[1]])).join('')
    line += now.flatMap((entity) => (open.includes(entity) ? [] : [codes[entity.type]?.[0]])).join('')
    line += text[at]
    open = now
  }
  return `${line.trimEnd()}${open.map((entity) => codes[entity.type]?.[1]).join('')}`
}

/** A styled text as lines of a terminal: quotations are set in, formatting becomes colours where there are any. */
export function terminalLines(content: Styled, style: TerminalStyle): string {
  const { text, entities } = content
  const lines: string[] = []
  let start = 0
  for (const paragraph of text.split('\n')) {
    const end = start + paragraph.length
    const isQuoted = entities.some(
      (entity) =>
        (entity.type === 'blockquote' || entity.type === 'expandable_blockquote') &&
        covers(entity, start) &&
        paragraph !== '',
    )
    const indent = isQuoted ? quoteIndent : ''
    const width =
      style.width === undefined ? Number.POSITIVE_INFINITY : Math.max(narrowest, style.width) - indent.length
    for (const [from, to] of broken(text, start, end, width))
      lines.push(indent + (style.color ? painted(content, from, to) : text.slice(from, to).trimEnd()))
    start = end + 1
  }
  return lines.join('\n')
}
