import type { ComparisonRow } from '../model/answer.ts'
import { noClause, provinceName } from '../phrases/answers.ts'
import { phrasesOf } from '../phrases/bot.ts'
import { citationFor, memorandumName } from '../phrases/citations.ts'
import { simplify } from '../text/simplify.ts'
import { clauseLink, type Reader, type Shown, type Sources, shownOf } from './reader.ts'
import { sendable } from './styled.ts'

/** https://core.telegram.org/bots/api#rich-message-formatting-options: characters and blocks of one rich message. */
const limits = { characters: 32_768, blocks: 500 } as const

const references: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/**
 * Text as it stands in the HTML of a rich message, between tags and in attributes: nothing in it is markup any more.
 */
export const escapeHtml = (text: string): string =>
  sendable(text).replace(/[&<>"]/gu, (character) => references[character] ?? character)

const anchor = (text: string, url: string): string => `<a href="${escapeHtml(url)}">${escapeHtml(text)}</a>`

/** The citation without the memorandum, which stands beside it: 五、青年發展 · 第 1 項. */
const placeIn = (shown: Shown, reader: Reader): string =>
  citationFor(shown.unit, reader.language).split(' · ').slice(1).join(' · ')

function quote({ quotation }: Shown, reader: Reader): string {
  const text = reader.script === 'simplified' ? simplify(quotation.quote).text : quotation.quote
  return text.split(/\n+/u).map(escapeHtml).join('<br>')
}

/**
 * A comparison as a native table: two columns, so that it fits a phone; every clause a link, empty cells said aloud,
 * the quotations folded below. `undefined` where it is larger than a rich message may be.
 */
export function comparisonHtml(
  title: string,
  rows: readonly ComparisonRow[],
  sources: Sources,
  reader: Reader,
): string | undefined {
  const { columns, buttons, count, converted } = phrasesOf(reader.language)
  let blocks = 3
  let characters = 0
  const sides = rows.map((row) => {
    const memorandum = sources.library.memoranda.find(
      (one) => one.province.slug === row.province && row.memorandum.endsWith(one.date.slice(0, 4)),
    )
    const shown = row.passages.flatMap((quotation) => shownOf(sources, quotation.id, quotation) ?? [])
    return {
      name: provinceName(row.province, reader.language),
      origin: memorandum === undefined ? '' : memorandumName(memorandum, reader.language),
      shown,
    }
  })
  const table = sides.map(({ name, origin, shown }) => {
    blocks += Math.max(1, shown.length)
    const span = shown.length > 1 ? ` rowspan="${shown.length}"` : ''
    // In English the memorandum's name holds the province's.
    const side = origin.startsWith(name)
      ? `<td${span}><b>${escapeHtml(origin)}</b></td>`
      : `<td${span}><b>${escapeHtml(name)}</b><br>${escapeHtml(origin)}</td>`
    if (shown.length === 0) return `<tr>${side}<td><i>${escapeHtml(noClause[reader.language])}</i></td></tr>`
    return shown
      .map(
        (one, at) =>
          `<tr>${at === 0 ? side : ''}<td>${anchor(placeIn(one, reader), clauseLink(sources, one.unit.id))}</td></tr>`,
      )
      .join('')
  })
  const quotations = sides
    .filter(({ shown }) => shown.length > 0)
    .map(({ name, shown }) => {
      blocks += 1 + shown.length
      const cited = shown.map((one) => {
        characters += one.quotation.quote.length
        return `<blockquote>${quote(one, reader)}<cite>${anchor(citationFor(one.unit, reader.language), clauseLink(sources, one.unit.id))}</cite></blockquote>`
      })
      return `<details><summary>${escapeHtml(`${name} · ${count(shown.length)}`)}</summary>${cited.join('')}</details>`
    })
  const note = reader.script === 'simplified' ? `<footer>${escapeHtml(converted)}</footer>` : ''
  const html = `<h4>${escapeHtml(title)}</h4><table bordered striped><tr><th>${escapeHtml(columns[1] ?? '')}</th><th>${escapeHtml(buttons.clauses)}</th></tr>${table.join('')}</table>${quotations.join('')}${note}`
  // Tags are counted as characters too: that leaves room.
  return blocks > limits.blocks || Math.max(characters, html.length) > limits.characters ? undefined : html
}
