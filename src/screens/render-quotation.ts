import type { Quotation } from '../model/answer.ts'
import { phrasesOf } from '../phrases/bot.ts'
import { citationFor } from '../phrases/citations.ts'
import type { Range } from '../text/sentences.ts'
import { simplify } from '../text/simplify.ts'
import type { Block } from './pages.ts'
import { clauseLink, type Reader, type Shown, type Sources } from './reader.ts'
import { blockquote, bold, concat, italic, join, link, plain, type Styled, sendable } from './styled.ts'

/**
 * Quotations longer than this fold themselves up; UTF-16 units. About seven lines of a phone; less for those who read
 * the summary above.
 */
const foldedFrom = { hant: 150, hans: 150, en: 60 } as const
/** Longest English summary beside a quotation in an answer, UTF-16 units; the clause itself shows it whole. */
const longestSummary = 240

export type QuotationStyle = {
  /** Its place in the answer, counted from 1. */
  readonly number?: number
  /** `sentences`: only what answers, with an ellipsis for what is left out. */
  readonly extent: 'whole' | 'sentences'
  /** `whole`: the English summary is not shortened. */
  readonly summary: 'short' | 'whole' | 'none'
}

/** Whether nothing but white space is left out. */
function coversAll({ quote, highlights }: Quotation): boolean {
  let at = 0
  for (const [start, end] of highlights) {
    if (quote.slice(at, start).trim() !== '') return false
    at = end
  }
  return highlights.length > 0 && quote.slice(at).trim() === ''
}

/** The quotation with the sentences that answer in bold; where the whole answers, nothing stands out from the rest. */
function quoted(text: string, highlights: readonly Range[]): Styled {
  const parts: Styled[] = []
  let at = 0
  for (const [start, end] of highlights) {
    parts.push(plain(text.slice(at, start)), bold(text.slice(start, end)))
    at = end
  }
  return concat(...parts, plain(text.slice(at)))
}

/** Only the sentences that answer, each verbatim, with …… where something is left out. */
function excerpt(text: string, highlights: readonly Range[]): Styled {
  const pieces = highlights.map(([start, end], at) => {
    const before = highlights[at - 1]?.[1] ?? 0
    return `${text.slice(before, start).trim() === '' ? '' : '……'}${text.slice(start, end)}`
  })
  const last = highlights.at(-1)?.[1] ?? 0
  return plain(`${pieces.join('')}${text.slice(last).trim() === '' ? '' : '……'}`)
}

/** A quotation as a block of its own, and under it the mark where the script was converted. */
export function quotationOf(
  quotation: Quotation,
  reader: Pick<Reader, 'script' | 'language'>,
  extent: QuotationStyle['extent'],
): Styled {
  const converted =
    reader.script === 'simplified'
      ? simplify(quotation.quote, quotation.highlights)
      : { text: quotation.quote, ranges: quotation.highlights }
  const whole = coversAll(quotation) || quotation.highlights.length === 0
  const inner = whole
    ? plain(converted.text)
    : extent === 'sentences'
      ? excerpt(converted.text, converted.ranges)
      : quoted(converted.text, converted.ranges)
  const block = blockquote(inner, inner.text.length > foldedFrom[reader.language])
  return reader.script === 'simplified'
    ? concat(block, '\n', italic(`（${phrasesOf(reader.language).converted}）`))
    : block
}

/** The unofficial English summary, marked as such; `undefined` for readers of Chinese and clauses without one. */
export function summaryOf(
  { unit }: Shown,
  sources: Sources,
  reader: Reader,
  extent: 'short' | 'whole',
): Styled | undefined {
  const summary = reader.language === 'en' ? sources.library.glosses.get(unit.id)?.summary : undefined
  if (summary === undefined) return undefined
  const text =
    extent === 'whole' || summary.length <= longestSummary
      ? summary
      : `${summary.slice(0, longestSummary).replace(/\s+\S*$/u, '')} …`
  return italic(`${phrasesOf('en').unofficial}: ${sendable(text)}`)
}

/** The citation as a link that opens the clause in its context. */
export function citationLink(shown: Shown, sources: Sources, reader: Pick<Reader, 'language'>): Styled {
  return link(citationFor(shown.unit, reader.language), clauseLink(sources, shown.unit.id))
}

/** One quotation: citation, English summary for those who read English, quotation. */
export function quotationBlock(shown: Shown, sources: Sources, reader: Reader, style: QuotationStyle): Block {
  const head = concat(style.number === undefined ? '' : `${style.number}. `, citationLink(shown, sources, reader))
  const summary = style.summary === 'none' ? undefined : summaryOf(shown, sources, reader, style.summary)
  return {
    content: join(
      [head, ...(summary === undefined ? [] : [summary]), quotationOf(shown.quotation, reader, style.extent)],
      '\n',
    ),
    id: shown.unit.id,
  }
}
