import { escapeHtml } from '../../src/screens/comparison-html.ts'

/** A stretch of a message's text, as the Bot API gives it. `offset` and `length` count UTF-16 units. */
export type Entity = {
  readonly type: string
  readonly offset: number
  readonly length: number
  readonly url?: string | undefined
}

const isBlock = ({ type }: Entity) => type === 'blockquote' || type === 'expandable_blockquote'
const endOf = ({ offset, length }: Entity) => offset + length

const lines = (text: string): string => escapeHtml(text).replaceAll('\n', '<br>')

/**
 * One stretch of text under the same entities all through. Nothing but a link's look is kept: a picture leads nowhere.
 */
function run(text: string, entities: readonly Entity[]): string {
  return entities.reduceRight((inner, { type }) => {
    switch (type) {
      case 'bold':
        return `<b>${inner}</b>`
      case 'italic':
        return `<i>${inner}</i>`
      case 'underline':
        return `<u>${inner}</u>`
      case 'strikethrough':
        return `<s>${inner}</s>`
      case 'code':
      case 'pre':
        return `<code>${inner}</code>`
      case 'text_link':
      case 'url':
      case 'mention':
      case 'text_mention':
      case 'bot_command':
      case 'hashtag':
        return `<span class="link">${inner}</span>`
      default:
        return inner
    }
  }, lines(text))
}

/** Text from `start` to `end` with its entities except quotations, cut at every border so that overlaps nest. */
function inline(text: string, entities: readonly Entity[], start: number, end: number): string {
  const within = entities.filter((entity) => !isBlock(entity) && entity.offset < end && endOf(entity) > start)
  const borders = [...new Set([start, end, ...within.flatMap((entity) => [entity.offset, endOf(entity)])])]
    .filter((at) => at >= start && at <= end)
    .sort((a, b) => a - b)
  return borders
    .slice(0, -1)
    .map((from, at) => {
      const to = borders[at + 1] ?? end
      return run(
        text.slice(from, to),
        within.filter((entity) => entity.offset <= from && endOf(entity) >= to),
      )
    })
    .join('')
}

/**
 * A message's text as HTML: quotations as blocks of their own, long ones closed with a hint. Everything from the
 * message is escaped.
 */
export function textHtml(text: string, entities: readonly Entity[] = []): string {
  const quotations = entities.filter(isBlock).toSorted((a, b) => a.offset - b.offset)
  const parts: string[] = []
  let at = 0
  for (const quotation of quotations) {
    // The break before a quotation and the one after it are those of the block.
    const before = text[quotation.offset - 1] === '\n' ? quotation.offset - 1 : quotation.offset
    // An empty last line needs a break of its own to be seen.
    const emptyLine = before === at || text[before - 1] === '\n' ? '<br>' : ''
    if (quotation.offset > at) parts.push(`<div>${inline(text, entities, at, before)}${emptyLine}</div>`)
    const end = endOf(quotation)
    const closed = quotation.type === 'expandable_blockquote'
    parts.push(
      `<blockquote${closed ? ' class="closed"' : ''}><div class="words">${inline(text, entities, quotation.offset, end)}</div></blockquote>`,
    )
    at = text[end] === '\n' ? end + 1 : end
  }
  if (at < text.length) parts.push(`<div>${inline(text, entities, at, text.length)}</div>`)
  return parts.join('')
}
