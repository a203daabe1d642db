import { MarkupError, tokens } from './markup.ts'

/** A rich message as it is sent. Exactly one of `html` and `markdown`. */
export interface InputRichMessage {
  readonly html?: string
  readonly markdown?: string
  readonly is_rtl?: boolean
}

interface Element {
  readonly name: string
  readonly attributes: ReadonlyMap<string, string>
  readonly children: (Element | string)[]
}

// https://core.telegram.org/bots/api#inputrichmessage: limits and tags of rich messages.
const limits = { characters: 32_768, blocks: 500, depth: 16, media: 50, columns: 20 } as const

const inline: Readonly<Record<string, string>> = {
  b: 'bold',
  strong: 'bold',
  i: 'italic',
  em: 'italic',
  u: 'underline',
  ins: 'underline',
  s: 'strikethrough',
  strike: 'strikethrough',
  del: 'strikethrough',
  code: 'code',
  mark: 'marked',
  sub: 'subscript',
  sup: 'superscript',
  'tg-spoiler': 'spoiler',
  span: 'spoiler',
  a: 'url',
  'tg-emoji': 'custom_emoji',
  'tg-time': 'date_time',
  'tg-math': 'mathematical_expression',
  'tg-reference': 'reference',
  br: 'br',
}
const media = new Set(['img', 'video', 'audio'])
const empty = new Set(['br', 'hr', 'img', 'input', 'tg-map'])
const blocks = new Set([
  'p',
  'h1',
  'h2',
  'h3',
  'h4',
  'h5',
  'h6',
  'pre',
  'blockquote',
  'aside',
  'footer',
  'hr',
  'ul',
  'ol',
  'table',
  'details',
  'figure',
  'video',
  'audio',
  'img',
  'tg-map',
  'tg-collage',
  'tg-slideshow',
  'tg-math-block',
])
/** Tags that stand only inside certain others. */
const parents: Readonly<Record<string, readonly string[]>> = {
  li: ['ul', 'ol'],
  tr: ['table'],
  caption: ['table'],
  td: ['tr'],
  th: ['tr'],
  summary: ['details'],
  cite: ['blockquote', 'aside', 'figcaption'],
  figcaption: ['figure', 'tg-collage', 'tg-slideshow'],
  input: ['li'],
}
/** Blocks that hold other blocks; all remaining ones hold text only. */
const holders = new Set(['', 'blockquote', 'details', 'li', 'figure', 'tg-collage', 'tg-slideshow'])
const counted = new Set([...blocks, 'li', 'tr'])

/** The tree of a rich message's HTML. Throws MarkupError. */
function parse(html: string): Element {
  const root: Element = { name: '', attributes: new Map(), children: [] }
  const path: Element[] = [root]
  for (const token of tokens(html)) {
    const parent = path.at(-1) ?? root
    if (token.kind === 'text') {
      parent.children.push(token.text)
      continue
    }
    if (token.kind === 'close') {
      if (path.length === 1) throw new MarkupError(`Unexpected end tag at byte offset ${token.at}`)
      if (token.name !== parent.name)
        throw new MarkupError(
          `Unmatched end tag at byte offset ${token.at}, expected "</${parent.name}>", found "</${token.name}>"`,
        )
      path.pop()
      continue
    }
    checkPlace(token.name, parent.name, token.at)
    const element: Element = { name: token.name, attributes: token.attributes, children: [] }
    parent.children.push(element)
    if (!token.closed && !empty.has(token.name)) path.push(element)
    if (path.length - 1 > limits.depth) throw new MarkupError(`more than ${limits.depth} levels of nesting`)
  }
  if (path.length > 1) throw new MarkupError(`Can't find end tag corresponding to start tag "${path.at(-1)?.name}"`)
  return root
}

function checkPlace(name: string, parent: string, at: number): void {
  const allowed = parents[name]
  const isInline = inline[name] !== undefined
  if (allowed === undefined && !blocks.has(name) && !isInline)
    throw new MarkupError(`Unsupported start tag "${name}" at byte offset ${at}`)
  const fits =
    allowed?.includes(parent) ?? (isInline ? !['ul', 'ol', 'table', 'tr'].includes(parent) : holders.has(parent))
  if (!fits) throw new MarkupError(`Tag "${name}" can't be used inside "${parent}" at byte offset ${at}`)
}

const elements = (node: Element): Element[] =>
  node.children.flatMap((child) => (typeof child === 'string' ? [] : [child, ...elements(child)]))
const textOf = (node: Element): string =>
  node.children
    .map((child) => (typeof child === 'string' ? child : child.name === 'br' ? '\n' : textOf(child)))
    .join('')

/** The blocks that Telegram makes of a rich message's HTML. Throws MarkupError for what it would refuse. */
export function parseRichHtml(html: string): { blocks: readonly unknown[]; text: string } {
  const root = parse(html)
  const all = elements(root)
  const text = textOf(root)
  const over = (what: string, count: number, limit: number): void => {
    if (count > limit) throw new MarkupError(`rich message has ${count} ${what}, at most ${limit} are allowed`)
  }
  over('characters', [...text].length, limits.characters)
  over('blocks', all.filter(({ name }) => counted.has(name)).length, limits.blocks)
  over('media', all.filter(({ name }) => media.has(name)).length, limits.media)
  for (const row of all.filter(({ name }) => name === 'tr')) {
    over(
      'columns',
      row.children.reduce(
        (sum, cell) => sum + (typeof cell === 'string' ? 0 : Number(cell.attributes.get('colspan') ?? 1)),
        0,
      ),
      limits.columns,
    )
    if (row.children.some((child) => typeof child === 'string' && child.trim() !== ''))
      throw new MarkupError('text between the cells of a table')
  }
  for (const details of all.filter(({ name }) => name === 'details')) {
    if (elementsAt(details, 'summary').length !== 1)
      throw new MarkupError('Tag "details" must hold exactly one "summary"')
  }
  if (text.trim() === '' && !all.some(({ name }) => media.has(name) || name === 'tg-map' || name === 'hr'))
    throw new MarkupError('rich message is empty')
  return { blocks: blocksOf(root), text }
}

const elementsAt = (node: Element, ...names: readonly string[]): Element[] =>
  node.children.filter((child): child is Element => typeof child !== 'string' && names.includes(child.name))

function blocksOf(node: Element, skipped: readonly string[] = []): unknown[] {
  const made: unknown[] = []
  let paragraph: (Element | string)[] = []
  const finish = () => {
    const text = richText(paragraph)
    if (paragraph.some((child) => typeof child !== 'string' || child.trim() !== ''))
      made.push({ type: 'paragraph', text })
    paragraph = []
  }
  for (const child of node.children) {
    if (typeof child === 'string' || (inline[child.name] !== undefined && !blocks.has(child.name)))
      paragraph.push(child)
    else if (!skipped.includes(child.name)) {
      finish()
      made.push(blockOf(child))
    }
  }
  finish()
  return made
}

function blockOf(node: Element): unknown {
  const text = richText(node.children)
  const credit = elementsAt(node, 'cite')[0]
  const withCredit = credit === undefined ? {} : { credit: richText(credit.children) }
  const heading = /^h(?<size>[1-6])$/u.exec(node.name)?.groups?.size
  if (heading !== undefined) return { type: 'heading', text, size: Number(heading) }
  switch (node.name) {
    case 'hr':
      return { type: 'divider' }
    case 'footer':
    case 'pre':
      return { type: node.name, text }
    case 'tg-math-block':
      return { type: 'mathematical_expression', expression: textOf(node) }
    case 'blockquote':
      return { type: 'blockquote', blocks: blocksOf(node, ['cite']), ...withCredit }
    case 'aside':
      return { type: 'pullquote', text: richText(node.children.filter((child) => child !== credit)), ...withCredit }
    case 'details':
      return {
        type: 'details',
        summary: richText(elementsAt(node, 'summary')[0]?.children ?? []),
        blocks: blocksOf(node, ['summary']),
        ...(node.attributes.has('open') ? { is_open: true } : {}),
      }
    case 'ul':
    case 'ol':
      return {
        type: 'list',
        items: elementsAt(node, 'li').map((item, index) => ({
          label: node.name === 'ul' ? '•' : `${index + 1}.`,
          blocks: blocksOf(item, ['input']),
        })),
      }
    case 'table':
      return tableOf(node)
    default:
      return { type: 'paragraph', text }
  }
}

function tableOf(node: Element): unknown {
  const caption = elementsAt(node, 'caption')[0]
  return {
    type: 'table',
    cells: elementsAt(node, 'tr').map((row) =>
      elementsAt(row, 'td', 'th').map((cell) => ({
        text: richText(cell.children),
        ...(cell.name === 'th' ? { is_header: true } : {}),
        ...(Number(cell.attributes.get('colspan') ?? 1) > 1 ? { colspan: Number(cell.attributes.get('colspan')) } : {}),
        ...(Number(cell.attributes.get('rowspan') ?? 1) > 1 ? { rowspan: Number(cell.attributes.get('rowspan')) } : {}),
        align: cell.attributes.get('align') ?? 'left',
        valign: cell.attributes.get('valign') ?? 'top',
      })),
    ),
    ...(node.attributes.has('bordered') ? { is_bordered: true } : {}),
    ...(node.attributes.has('striped') ? { is_striped: true } : {}),
    ...(caption === undefined ? {} : { caption: richText(caption.children) }),
  }
}

function richText(children: readonly (Element | string)[]): unknown {
  const parts = children.flatMap((child): unknown[] => {
    if (typeof child === 'string') return child === '' ? [] : [child]
    if (child.name === 'br') return ['\n']
    const text = richText(child.children)
    switch (child.name) {
      case 'a': {
        const href = child.attributes.get('href')
        if (href === undefined) return [{ type: 'anchor', name: child.attributes.get('name') ?? '' }]
        return [
          href.startsWith('#')
            ? { type: 'anchor_link', text, anchor_name: href.slice(1) }
            : { type: 'url', text, url: href },
        ]
      }
      case 'tg-emoji':
        return [
          {
            type: 'custom_emoji',
            custom_emoji_id: child.attributes.get('emoji-id') ?? '',
            alternative_text: textOf(child),
          },
        ]
      case 'tg-time':
        return [
          {
            type: 'date_time',
            text,
            unix_time: Number(child.attributes.get('unix') ?? 0),
            date_time_format: child.attributes.get('format') ?? '',
          },
        ]
      case 'tg-math':
        return [{ type: 'mathematical_expression', expression: textOf(child) }]
      case 'tg-reference':
        return [{ type: 'reference', text, name: child.attributes.get('name') ?? '' }]
      default:
        return [inline[child.name] === undefined ? text : { type: inline[child.name], text }]
    }
  })
  return parts.length === 1 ? parts[0] : parts
}
