import { neighbours } from '../memorandum/library.ts'
import { topicsOf } from '../memorandum/topics.ts'
import type { Unit } from '../model/corpus.ts'
import { provinceName } from '../phrases/answers.ts'
import { phrasesOf } from '../phrases/bot.ts'
import { counted, shortReference } from '../phrases/citations.ts'
import { formatChineseNumeral } from '../text/numerals.ts'
import { inRows, pageAt, pager } from './answer-screens.ts'
import { type Block, paginate } from './pages.ts'
import { clauseLink, type Reader, type Sources, shownOf } from './reader.ts'
import { citationLink, quotationBlock } from './render-quotation.ts'
import type { Screen, ScreenButton } from './screen.ts'
import { bold, concat, join, link, plain, type Styled } from './styled.ts'
import { topicName } from './topic-screens.ts'
import type { View } from './views.ts'

/** Characters of a clause in a table of contents. */
const teaser = 24

const firstWords = (text: string): string => {
  const [line = ''] = text.split('\n')
  const characters = [...line]
  return characters.length <= teaser ? line : `${characters.slice(0, teaser - 1).join('')}…`
}

const backRow = (back: string | undefined, reader: Reader): readonly ScreenButton[] =>
  back === undefined
    ? []
    : [{ text: phrasesOf(reader.language).buttons.back, press: { kind: 'answer', key: back, page: 0 } }]

/** The units beside one in its document as buttons that stay in the same view. */
function neighbourRow(
  unit: Unit,
  sources: Sources,
  reader: Reader,
  view: (id: string) => View,
): readonly ScreenButton[] {
  const { buttons } = phrasesOf(reader.language)
  const { previous, next } = neighbours(sources.library, unit)
  return [
    ...(previous === undefined ? [] : [{ text: buttons.previous, press: view(previous.id) }]),
    ...(next === undefined ? [] : [{ text: buttons.next, press: view(next.id) }]),
  ]
}

/** A clause whole, with its full citation. */
export function clauseScreen(
  view: Extract<View, { kind: 'clause' }>,
  sources: Sources,
  reader: Reader,
): Screen | undefined {
  const shown = shownOf(sources, view.id)
  if (shown === undefined) return undefined
  const { buttons, aboutLabels } = phrasesOf(reader.language)
  const { memorandum } = shown.unit
  const separator = reader.language === 'en' ? ': ' : '：'
  const topics = topicsOf(sources.topics, view.id).map((topic) => topicName(topic, reader))
  const origin: Styled = join(
    [
      plain(`${memorandum.title}（${memorandum.date}，${memorandum.place}）`),
      ...(topics.length === 0
        ? []
        : [`${buttons.topics}${separator}${topics.join(reader.language === 'en' ? ', ' : '、')}`]),
    ],
    '\n',
  )
  const pages = paginate([
    quotationBlock(shown, sources, reader, { extent: 'whole', summary: 'whole' }),
    { content: concat(`${aboutLabels.title}${separator}`, origin) },
  ])
  const current = pageAt(pages, view.page)
  if (current === undefined) return undefined
  const same = view.back === undefined ? {} : { back: view.back }
  return {
    message: current.page.message,
    rows: [
      pager(pages.length, current.at, reader, (page) => ({ ...view, page })),
      neighbourRow(shown.unit, sources, reader, (id) => ({ kind: 'clause', id, page: 0, ...same })),
      [
        { text: buttons.context, press: { kind: 'context', id: view.id, page: 0, ...same } },
        { text: buttons.add, press: { kind: 'add', id: view.id } },
        { text: buttons.share, share: shortReference(shown.unit) },
      ],
      backRow(view.back, reader),
    ],
  }
}

/** A clause between its neighbours, with the contents of its area. */
export function contextScreen(
  view: Extract<View, { kind: 'context' }>,
  sources: Sources,
  reader: Reader,
): Screen | undefined {
  const shown = shownOf(sources, view.id)
  if (shown === undefined) return undefined
  const phrases = phrasesOf(reader.language)
  const { unit } = shown
  const { previous, next } = neighbours(sources.library, unit)
  const beside = (other: Unit | undefined, label: string): readonly Block[] => {
    const one = other === undefined ? undefined : shownOf(sources, other.id)
    return one === undefined
      ? []
      : [{ content: concat(`${label} · `, citationLink(one, sources, reader), '\n', plain(clipped(one.unit.text))) }]
  }
  const blocks = [
    ...beside(previous, phrases.before),
    quotationBlock(shown, sources, reader, { extent: 'whole', summary: 'short' }),
    ...beside(next, phrases.after),
    ...(unit.kind === 'measure' ? [{ content: contentsOf(unit, sources, reader) }] : []),
  ]
  const pages = paginate(blocks)
  const current = pageAt(pages, view.page)
  if (current === undefined) return undefined
  const same = view.back === undefined ? {} : { back: view.back }
  return {
    message: current.page.message,
    rows: [
      pager(pages.length, current.at, reader, (page) => ({ ...view, page })),
      neighbourRow(unit, sources, reader, (id) => ({ kind: 'context', id, page: 0, ...same })),
      [
        { text: phrases.buttons.fullText, press: { kind: 'clause', id: view.id, page: 0, ...same } },
        { text: phrases.buttons.add, press: { kind: 'add', id: view.id } },
        { text: phrases.buttons.share, share: shortReference(unit) },
      ],
      [
        unit.kind === 'measure'
          ? {
              text: phrases.buttons.contents,
              press: { kind: 'area', id: unit.memorandum.id, ordinal: unit.area.ordinal, page: 0 },
            }
          : { text: phrases.buttons.contents, press: { kind: 'memorandum', id: unit.memorandum.id } },
        ...backRow(view.back, reader),
      ],
    ],
  }
}

/** Characters of a neighbour that the context shows: it is there to find one's way, and its citation opens it. */
const neighbourLength = 120
const clipped = (text: string): string => {
  const characters = [...text.replace(/\n+/gu, ' ')]
  return characters.length <= neighbourLength
    ? characters.join('')
    : `${characters.slice(0, neighbourLength).join('')}……`
}

/** The area's clauses, each a line with its number; the present one in bold. */
function contentsOf(unit: Extract<Unit, { kind: 'measure' }>, sources: Sources, reader: Reader): Styled {
  const { area } = unit
  const title = `${formatChineseNumeral(area.ordinal)}、${area.title}`
  const lines = area.measures.map((measure) => {
    const line = `${measure.number}. ${firstWords(measure.text)}`
    if (measure.id === unit.id) return bold(line)
    return link(line, clauseLink(sources, measure.id))
  })
  return join([bold(phrasesOf(reader.language).areaContents(title, area.measures.length)), ...lines], '\n')
}

/** The memoranda to choose from. */
export function memorandaScreen(sources: Sources, reader: Reader): Screen {
  const { memoranda } = sources.library
  const { browseTitle, buttons } = phrasesOf(reader.language)
  const measures = memoranda.reduce(
    (sum, { areas }) => sum + areas.reduce((all, area) => all + area.measures.length, 0),
    0,
  )
  return {
    message: bold(browseTitle(memoranda.length, measures)),
    rows: [
      ...inRows(
        memoranda.map(
          (memorandum): ScreenButton => ({
            text: memorandumLabel(memorandum, reader),
            press: { kind: 'memorandum', id: memorandum.id },
          }),
        ),
        2,
      ),
      [{ text: buttons.topics, press: { kind: 'topics', page: 0 } }],
    ],
  }
}

const memorandumLabel = (memorandum: Unit['memorandum'], reader: Reader): string =>
  reader.language === 'en'
    ? `${memorandum.province.en} ${memorandum.date.slice(0, 4)}`
    : `${memorandum.province.char}港 ${memorandum.date.slice(0, 4)}`

/** A memorandum: its preamble and areas to choose from. */
export function memorandumScreen(id: string, sources: Sources, reader: Reader): Screen | undefined {
  const { memoranda } = sources.library
  const at = memoranda.findIndex((one) => one.id === id)
  const memorandum = memoranda[at]
  if (memorandum === undefined) return undefined
  const phrases = phrasesOf(reader.language)
  const measures = memorandum.areas.reduce((sum, area) => sum + area.measures.length, 0)
  const previous = memoranda[at - 1]
  const next = memoranda[at + 1]
  return {
    message: join(
      [
        bold(memorandum.title),
        `${provinceName(memorandum.province.slug, reader.language)} · ${memorandum.date} · ${memorandum.place}`,
        phrases.memorandumLine(memorandum.areas.length, measures),
      ],
      '\n',
    ),
    rows: [
      [
        { text: phrases.preamble, press: { kind: 'clause', id: memorandum.preamble.id, page: 0 } },
        { text: phrases.buttons.about, press: { kind: 'about', id } },
      ],
      ...inRows(
        memorandum.areas.map(
          (area): ScreenButton => ({
            text: counted(
              `${formatChineseNumeral(area.ordinal)}、${area.title}`,
              area.measures.length,
              reader.language,
            ),
            press: { kind: 'area', id, ordinal: area.ordinal, page: 0 },
          }),
        ),
        1,
      ),
      [
        ...(previous === undefined
          ? []
          : [{ text: phrases.buttons.previous, press: { kind: 'memorandum', id: previous.id } } as const]),
        { text: phrases.buttons.memoranda, press: { kind: 'memoranda' } },
        ...(next === undefined
          ? []
          : [{ text: phrases.buttons.next, press: { kind: 'memorandum', id: next.id } } as const]),
      ],
    ],
  }
}

/** The clauses of an area. */
export function areaScreen(
  view: Extract<View, { kind: 'area' }>,
  sources: Sources,
  reader: Reader,
): Screen | undefined {
  const memorandum = sources.library.memoranda.find(({ id }) => id === view.id)
  const area = memorandum?.areas.find(({ ordinal }) => ordinal === view.ordinal)
  if (memorandum === undefined || area === undefined) return undefined
  const { buttons, areaContents } = phrasesOf(reader.language)
  const blocks: Block[] = area.measures.flatMap((measure) => {
    const one = shownOf(sources, measure.id)
    return one === undefined ? [] : [quotationBlock(one, sources, reader, { extent: 'whole', summary: 'short' })]
  })
  const title = `${memorandumLabel(memorandum, reader)} · ${formatChineseNumeral(area.ordinal)}、${area.title}`
  const pages = paginate([{ content: bold(areaContents(title, area.measures.length)) }, ...blocks], { clauses: 5 })
  const current = pageAt(pages, view.page)
  if (current === undefined) return undefined
  const numbers = current.page.ids.flatMap((id): ScreenButton[] => {
    const measure = area.measures.find((one) => one.id === id)
    return measure === undefined ? [] : [{ text: `${measure.number}`, press: { kind: 'clause', id, page: 0 } }]
  })
  const areaButton = (ordinal: number, text: string): readonly ScreenButton[] =>
    memorandum.areas.some((other) => other.ordinal === ordinal)
      ? [{ text, press: { kind: 'area', id: view.id, ordinal, page: 0 } }]
      : []
  return {
    message: current.page.message,
    rows: [
      ...inRows(numbers, 5),
      pager(pages.length, current.at, reader, (page) => ({ ...view, page })),
      [
        ...areaButton(view.ordinal - 1, `« ${formatChineseNumeral(Math.max(1, view.ordinal - 1))}`),
        { text: buttons.contents, press: { kind: 'memorandum', id: view.id } },
        ...areaButton(view.ordinal + 1, `${formatChineseNumeral(view.ordinal + 1)} »`),
      ],
    ],
  }
}
