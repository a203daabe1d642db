import { commitmentsIn } from '../memorandum/commitments.ts'
import { institutionsIn } from '../memorandum/institutions.ts'
import { phrasesOf } from '../phrases/bot.ts'
import { counted } from '../phrases/citations.ts'
import { pageAt, pager } from './answer-screens.ts'
import { paginate } from './pages.ts'
import { type Reader, type Sources, shownOf } from './reader.ts'
import { quotationBlock } from './render-quotation.ts'
import type { Screen, ScreenButton } from './screen.ts'
import { bold, concat } from './styled.ts'
import { choiceScreen, clauseListScreen } from './topic-screens.ts'
import type { View } from './views.ts'

/** Commitments of one message. */
const commitmentsPerPage = 5

/** What a commitment names, with its year where that stands in another sentence. */
const dated = (year: number, marks: readonly string[]): string =>
  [...(marks.some((mark) => mark.includes(String(year))) ? [] : [year]), ...marks].join(' · ')

/** Sentences with a year or a number, by year, each with its clause. */
export function timelineScreen(
  view: Extract<View, { kind: 'timeline' }>,
  sources: Sources,
  reader: Reader,
): Screen | undefined {
  const { timelineTitle } = phrasesOf(reader.language)
  const commitments = commitmentsIn(sources.library)
  const blocks = commitments.flatMap(({ id, range, year, marks }, at) => {
    const quotation = sources.assistant.quotation(id)
    const one = quotation === undefined ? undefined : shownOf(sources, id, { ...quotation, highlights: [range] })
    if (one === undefined) return []
    const { content } = quotationBlock(one, sources, reader, { extent: 'sentences', summary: 'none' })
    return [{ content: concat(bold(dated(year, marks)), '\n', content), id: `${at}` }]
  })
  const pages = paginate([{ content: bold(timelineTitle) }, ...blocks], { clauses: commitmentsPerPage })
  const current = pageAt(pages, view.page)
  if (current === undefined) return undefined
  return {
    message: current.page.message,
    rows: [pager(pages.length, current.at, reader, (page) => ({ ...view, page }))],
  }
}

export function institutionsScreen(
  view: Extract<View, { kind: 'institutions' }>,
  sources: Sources,
  reader: Reader,
): Screen {
  const { institutionsTitle } = phrasesOf(reader.language)
  const choices = institutionsIn(sources.library).map(
    ({ institution, units }): ScreenButton => ({
      text: counted(reader.language === 'en' ? institution.en : institution.zh, units.length, reader.language),
      press: { kind: 'institution', slug: institution.slug, page: 0 },
    }),
  )
  return choiceScreen(institutionsTitle, choices, view.page, reader, (page) => ({ kind: 'institutions', page }))
}

export function institutionScreen(
  view: Extract<View, { kind: 'institution' }>,
  sources: Sources,
  reader: Reader,
): Screen | undefined {
  const named = institutionsIn(sources.library).find(({ institution }) => institution.slug === view.slug)
  if (named === undefined) return undefined
  const { institutionTitle, buttons } = phrasesOf(reader.language)
  const name = reader.language === 'en' ? named.institution.en : named.institution.zh
  const of = `i:${view.slug}:0`
  return clauseListScreen(
    institutionTitle(name, named.units.length),
    named.units,
    view.page,
    sources,
    reader,
    (page) => ({ ...view, page }),
    [
      [{ text: buttons.back, press: { kind: 'institutions', page: 0 } }],
      [
        { text: buttons.word, press: { kind: 'export', format: 'docx', of } },
        { text: buttons.table, press: { kind: 'export', format: 'csv', of } },
      ],
    ],
  )
}
