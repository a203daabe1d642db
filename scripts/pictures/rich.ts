import { z } from 'zod'
import { unreachable } from '../../src/model/unreachable.ts'
import { escapeHtml } from '../../src/screens/comparison-html.ts'

// https://core.telegram.org/bots/api#richmessage: of its blocks those that the bot sends.
type RichText = string | readonly RichText[] | { readonly type: string; readonly text: RichText }
const richText: z.ZodType<RichText> = z.lazy(() =>
  z.union([z.string(), z.array(richText), z.object({ type: z.enum(['bold', 'italic', 'url']), text: richText })]),
)

const cell = z.object({
  text: richText,
  is_header: z.boolean().optional(),
  rowspan: z.number().int().optional(),
  colspan: z.number().int().optional(),
})
const block = z.discriminatedUnion('type', [
  z.object({ type: z.literal('heading'), text: richText }),
  z.object({ type: z.literal('paragraph'), text: richText }),
  z.object({ type: z.literal('footer'), text: richText }),
  z.object({ type: z.literal('table'), cells: z.array(z.array(cell)) }),
  // Closed: what is folded in is not seen.
  z.object({ type: z.literal('details'), summary: richText }),
])

const tags: Readonly<Record<string, readonly [string, string]>> = {
  bold: ['<b>', '</b>'],
  italic: ['<i>', '</i>'],
  url: ['<span class="link">', '</span>'],
}

function richTextHtml(text: RichText): string {
  if (typeof text === 'string') return escapeHtml(text).replaceAll('\n', '<br>')
  if ('type' in text) {
    const [open, close] = tags[text.type] ?? ['', '']
    return `${open}${richTextHtml(text.text)}${close}`
  }
  return text.map(richTextHtml).join('')
}

const span = (name: string, count: number | undefined) => (count === undefined ? '' : ` ${name}="${count}"`)

/**
 * The blocks of a rich message as HTML. Everything from the message is escaped.
 * @throws {z.ZodError} for a block that it cannot draw: a picture must not leave out what a person would see.
 */
export function richHtml(blocks: readonly unknown[]): string {
  return z
    .array(block)
    .parse(blocks)
    .map((one) => {
      switch (one.type) {
        case 'heading':
          return `<h4>${richTextHtml(one.text)}</h4>`
        case 'paragraph':
          return `<div>${richTextHtml(one.text)}</div>`
        case 'footer':
          return `<footer>${richTextHtml(one.text)}</footer>`
        case 'details':
          return `<div class="details"><span class="chevron"></span>${richTextHtml(one.summary)}</div>`
        case 'table': {
          const rows = one.cells.map((row) => {
            const cells = row.map(({ text, is_header, rowspan, colspan }) => {
              const tag = is_header === true ? 'th' : 'td'
              return `<${tag}${span('rowspan', rowspan)}${span('colspan', colspan)}>${richTextHtml(text)}</${tag}>`
            })
            return `<tr>${cells.join('')}</tr>`
          })
          return `<table>${rows.join('')}</table>`
        }
        default:
          return unreachable(one)
      }
    })
    .join('')
}
