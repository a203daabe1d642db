import type { ComparisonRow } from '../model/answer.ts'
import { noClause, provinceName } from '../phrases/answers.ts'
import { phrasesOf } from '../phrases/bot.ts'
import { citationFor } from '../phrases/citations.ts'
import { comparisonHtml } from '../screens/comparison-html.ts'
import { paginate } from '../screens/pages.ts'
import { clauseLink, type Reader, type Shown, type Sources, shownOf } from '../screens/reader.ts'
import { citationLink, quotationBlock, quotationOf } from '../screens/render-quotation.ts'
import { bold, concat, join, plain, type Styled, sendable } from '../screens/styled.ts'
import type { InlineQueryResultArticle } from '../telegram/bot-api.ts'
import { matchingSentence, startingNear } from '../text/matching.ts'
import { simplify } from '../text/simplify.ts'
import { keyboardOf } from './keyboard.ts'

/** One thing that can be put into a chat. */
export type Article = InlineQueryResultArticle & { readonly description: string }

/** UTF-16 units of a description: two lines of a phone. */
const descriptionLength = 160
/** Characters of Chinese that those two lines hold. */
const atOnceVisible = 60
/** Of which the English summary takes at most this. */
const summaryLength = 64

const content = (message: Styled) => ({
  message_text: message.text,
  entities: message.entities,
  link_preview_options: { is_disabled: true } as const,
})

export const shortened = (text: string, length: number): string => {
  const line = sendable(text).replace(/\s+/gu, ' ').trim()
  return line.length <= length ? line : `${sendable(line.slice(0, length - 1)).replace(/\uFFFD$/u, '')}…`
}

/** A message that stands alone in somebody's chat: quotation, full citation, link to the clause. Always one message. */
export function clauseMessage(shown: Shown, sources: Sources, reader: Reader): Styled {
  const { memorandum } = shown.unit
  const { content: quotation } = quotationBlock(shown, sources, reader, { extent: 'whole', summary: 'short' })
  const origin = plain(`${memorandum.title}（${memorandum.date}）`)
  const [page] = paginate([{ content: concat(quotation, '\n', origin) }])
  return page?.message ?? origin
}

/** A clause as an inline result: its id is the clause's. */
export function clauseArticle(shown: Shown, query: string, sources: Sources, reader: Reader): Article {
  const { quote, highlights } = shown.quotation
  const [start, end] = highlights[0] ?? matchingSentence(quote, query)
  const sentence = startingNear(quote.slice(start, end), query, atOnceVisible)
  const summary = reader.language === 'en' ? sources.library.glosses.get(shown.unit.id)?.summary : undefined
  const matching = reader.script === 'simplified' ? simplify(sentence).text : sentence
  const keyboard = keyboardOf([
    [{ text: phrasesOf(reader.language).inline.open, url: clauseLink(sources, shown.unit.id) }],
  ])
  return {
    type: 'article',
    id: shown.unit.id,
    title: citationFor(shown.unit, reader.language),
    // Who reads English is helped by the beginning of the summary; the message says that it is unofficial.
    description: shortened(
      summary === undefined ? matching : `${shortened(summary, summaryLength)} · ${matching}`,
      descriptionLength,
    ),
    input_message_content: content(clauseMessage(shown, sources, reader)),
    ...(keyboard === undefined ? {} : { reply_markup: keyboard }),
  }
}

/**
 * A whole comparison as one inline result: a native table where `withTable` says so, else the citations province by
 * province.
 */
export function comparisonArticle(
  title: string,
  rows: readonly ComparisonRow[],
  sources: Sources,
  reader: Reader,
  withTable: boolean,
): Article {
  const html = withTable ? comparisonHtml(title, rows, sources, reader) : undefined
  const lines = rows.map((row) => {
    const cells = row.passages.flatMap(({ id }) => {
      const shown = shownOf(sources, id)
      return shown === undefined ? [] : [concat('• ', citationLink(shown, sources, reader))]
    })
    return join(
      [
        bold(provinceName(row.province, reader.language)),
        ...(cells.length === 0 ? [plain(noClause[reader.language])] : cells),
      ],
      '\n',
    )
  })
  const [page] = paginate([{ content: bold(title) }, ...lines.map((line) => ({ content: line }))])
  return {
    type: 'article',
    id: 'comparison',
    title,
    description: rows
      .map(({ province, passages }) => `${provinceName(province, reader.language)} ${passages.length}`)
      .join(' · '),
    input_message_content: html === undefined ? content(page?.message ?? bold(title)) : { rich_message: { html } },
  }
}

/**
 * A word of a sentence that stands for a clause: what was typed between the plus signs, and the clause if one was
 * found.
 */
export type Slot = { readonly typed: string; readonly shown: Shown | undefined }
/** A sentence with slots between its texts: texts[0] slots[0] texts[1] … */
export type Sentence = { readonly texts: readonly string[]; readonly slots: readonly Slot[] }

// 與 +浙21+ 一致，參見 ＋川 青年實習＋
const slotPattern = /[+＋]\s*(?<typed>[^+＋]{1,80}?)\s*[+＋]/gu
/** Clauses that one sentence can cite. */
const mostSlots = 8

/** What stands between plus signs in a query, and the texts around it; `undefined` where nothing does. */
export function readSentence(
  query: string,
): { readonly texts: readonly string[]; readonly typed: readonly string[] } | undefined {
  const matches = [...query.matchAll(slotPattern)].slice(0, mostSlots)
  if (matches.length === 0) return undefined
  const texts: string[] = []
  let at = 0
  for (const match of matches) {
    texts.push(query.slice(at, match.index))
    at = match.index + match[0].length
  }
  return { texts: [...texts, query.slice(at)], typed: matches.map((match) => match.groups?.typed ?? '') }
}

/**
 * The sentence with citations in their places and the quotations as notes below; without quotations where they do not
 * fit one message.
 */
export function sentenceArticle({ texts, slots }: Sentence, sources: Sources, reader: Reader): Article | undefined {
  const cited = slots.flatMap(({ shown }) => shown ?? [])
  if (cited.length === 0) return undefined
  const notes = [...new Map(cited.map((shown) => [shown.unit.id, shown])).values()]
  const numberOf = (shown: Shown) => notes.findIndex(({ unit }) => unit.id === shown.unit.id) + 1
  const { inline } = phrasesOf(reader.language)
  const sentence = concat(
    ...texts.flatMap((text, at): (Styled | string)[] => {
      const slot = slots[at]
      if (slot === undefined) return [text]
      return slot.shown === undefined
        ? [text, `「${slot.typed}」（${inline.unresolved}）`]
        : [text, citationLink(slot.shown, sources, reader), `[${numberOf(slot.shown)}]`]
    }),
  )
  const list = (withQuotations: boolean) =>
    notes.map((shown) => {
      const line = concat(`[${numberOf(shown)}] `, citationLink(shown, sources, reader))
      return withQuotations
        ? concat(line, '\n', quotationOf({ ...shown.quotation, highlights: [] }, reader, 'whole'))
        : line
    })
  const candidates = [true, false].map((withQuotations) =>
    join([sentence, `${inline.notes}${reader.language === 'en' ? ':' : '：'}`, ...list(withQuotations)], '\n'),
  )
  const message = candidates
    .map((styled) => paginate([{ content: styled }]))
    .find((pages) => pages.length === 1)?.[0]?.message
  if (message === undefined) return undefined
  return {
    type: 'article',
    id: 'sentence',
    title: inline.sentence,
    description: `${inline.sentenceDescription(notes.length)} · ${shortened(sentence.text, descriptionLength)}`,
    input_message_content: content(message),
  }
}
