import type { Answer } from '../model/answer.ts'
import { headline } from '../phrases/answers.ts'
import { phrasesOf } from '../phrases/bot.ts'
import { shortReference } from '../phrases/citations.ts'
import { comparisonHtml } from './comparison-html.ts'
import { type Page, paginate } from './pages.ts'
import { deepLink } from './payloads.ts'
import type { Reader, Sources } from './reader.ts'
import { answerBlocks, clausesOf, tamed } from './render-answer.ts'
import type { Screen, ScreenButton } from './screen.ts'
import type { View } from './views.ts'

/** The page of a text that a button asks for; the last one where the text became shorter meanwhile. */
export function pageAt(
  pages: readonly Page[],
  wanted: number,
): { readonly page: Page; readonly at: number } | undefined {
  const at = Math.min(wanted, pages.length - 1)
  const page = pages[at]
  return page === undefined ? undefined : { page, at }
}

/** Previous, position and next; nothing for a single page. */
export function pager(
  pages: number,
  at: number,
  reader: Reader,
  view: (page: number) => View,
): readonly ScreenButton[] {
  const { buttons } = phrasesOf(reader.language)
  if (pages <= 1) return []
  return [
    ...(at > 0 ? [{ text: buttons.previous, press: view(at - 1) }] : []),
    { text: `${at + 1}/${pages}`, press: view(at) },
    ...(at < pages - 1 ? [{ text: buttons.next, press: view(at + 1) }] : []),
  ]
}

/** Buttons of one row at most. */
const perRow = 4
export function inRows<T>(items: readonly T[], width = perRow): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / width) }, (_, row) =>
    items.slice(row * width, (row + 1) * width),
  )
}

/** Clauses of one message that get buttons of their own for the whole text and for the context. */
const mostOwnButtons = 3

/** Full text, context and ➕ of the clauses on a page, by their numbers in the answer. */
export function clauseButtons(
  ids: readonly string[],
  all: readonly string[],
  reader: Reader,
  back: string | undefined,
): Screen['rows'] {
  const { buttons } = phrasesOf(reader.language)
  const origin = back === undefined ? {} : { back }
  const clause = (id: string): View => ({ kind: 'clause', id, page: 0, ...origin })
  const context = (id: string): View => ({ kind: 'context', id, page: 0, ...origin })
  const [only] = ids
  if (only === undefined) return []
  // One clause on the message needs no number to tell it from others.
  if (ids.length === 1 && !(reader.surface === 'terminal' && all.length > 1))
    return [
      [
        { text: buttons.fullText, press: clause(only) },
        { text: buttons.context, press: context(only) },
        { text: buttons.add, press: { kind: 'add', id: only } },
      ],
    ]
  const numberOf = (id: string) => all.indexOf(id) + 1
  if (ids.length > mostOwnButtons)
    return inRows(
      ids.map((id) => ({ text: `${numberOf(id)}`, press: clause(id) })),
      5,
    )
  return [
    ids.map((id) => ({ text: `${numberOf(id)} ${buttons.fullText}`, press: clause(id) })),
    ids.map((id) => ({ text: `${numberOf(id)} ${buttons.context}`, press: context(id) })),
    ids.map((id) => ({ text: `${numberOf(id)} ➕`, press: { kind: 'add', id } })),
  ]
}

/** What the button for sharing types after the bot's name: the reference of a single clause, else the question. */
function sharedQuery(ids: readonly string[], query: string, sources: Sources): string {
  const [only, second] = ids
  const unit = only === undefined || second !== undefined ? undefined : sources.library.byId.get(only)
  return unit === undefined ? query : shortReference(unit)
}

/** One page of an answer with its buttons. `view` makes the view of another page of the same answer. */
export function answerScreen(
  answer: Answer,
  question: { readonly key: string; readonly query: string },
  wanted: number,
  sources: Sources,
  reader: Reader,
  view: (page: number) => View = (page) => ({ kind: 'answer', key: question.key, page }),
): Screen {
  const { buttons } = phrasesOf(reader.language)
  const { blocks, clauses } = answerBlocks(answer, question.query, sources, reader)
  const pages = paginate(blocks, { clauses })
  const all = clausesOf(answer, question.query, sources).map(({ unit }) => unit.id)
  const current = pageAt(pages, wanted)
  if (current === undefined) return { message: { text: phrasesOf(reader.language).failed, entities: [] }, rows: [] }
  const { page, at } = current
  const shown = answer.kind === 'comparison' ? [] : page.ids
  const left = all.length - pages.slice(0, at + 1).flatMap(({ ids }) => ids).length
  const others =
    answer.understood.provinces.length > 0 &&
    (answer.kind === 'found' ||
      answer.kind === 'list' ||
      (answer.kind === 'missing' && answer.reason.kind === 'province'))
  // The first page says how much is left; from then on there are ways to both sides.
  // A comparison names every clause; what does not fit is on further pages.
  const hasMore = at === 0 && left > 0 && answer.kind !== 'comparison'
  const beside: readonly ScreenButton[] = [
    ...(others ? [{ text: buttons.others, press: { kind: 'others', key: question.key, page: 0 } as const }] : []),
    ...(all.length > 0 ? [{ text: buttons.share, share: sharedQuery(all, question.query, sources) }] : []),
    ...(reader.surface === 'group' && shown[0] !== undefined
      ? [{ text: buttons.inPrivate, url: deepLink(sources.username, { kind: 'context', id: shown[0], page: 0 }) }]
      : []),
  ]
  const below: Screen['rows'] = [
    isExported(answer, reader)
      ? [
          { text: buttons.word, press: { kind: 'export', format: 'docx', of: `m:${question.key}:0` } },
          { text: buttons.table, press: { kind: 'export', format: 'csv', of: `m:${question.key}:0` } },
        ]
      : [],
  ]
  const paging: Screen['rows'] = hasMore
    ? [[{ text: buttons.more(left), press: view(1) }, ...beside]]
    : [pager(pages.length, at, reader, view), beside]
  const head = headline(tamed(answer, sources, reader), reader.language) ?? ''
  const html = answer.kind === 'comparison' ? comparisonHtml(head, answer.rows, sources, reader) : undefined
  return {
    message: page.message,
    rows: [...clauseButtons(shown, all, reader, question.key), ...paging, ...below],
    ...(html === undefined ? {} : { rich: { html, rows: [beside, ...below] } }),
  }
}

/** In a group a short answer stays short; sets and comparisons are what people put into papers. */
const isExported = (answer: Answer, reader: Reader): boolean =>
  answer.hits.length > 0 &&
  (reader.surface === 'private' ||
    reader.surface === 'terminal' ||
    answer.kind === 'comparison' ||
    answer.kind === 'list' ||
    answer.kind === 'reference')
