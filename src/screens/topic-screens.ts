import type { Topic } from '../memorandum/topics.ts'
import type { ComparisonRow } from '../model/answer.ts'
import { comparisonTitle } from '../phrases/answers.ts'
import { phrasesOf } from '../phrases/bot.ts'
import { counted, memorandumName } from '../phrases/citations.ts'
import { fold } from '../text/fold.ts'
import { simplify } from '../text/simplify.ts'
import { clauseButtons, inRows, pageAt, pager } from './answer-screens.ts'
import { comparisonHtml } from './comparison-html.ts'
import { type Block, paginate } from './pages.ts'
import type { Reader, Sources } from './reader.ts'
import { shownOf } from './reader.ts'
import { comparisonBlocks } from './render-answer.ts'
import { quotationBlock } from './render-quotation.ts'
import type { Screen, ScreenButton } from './screen.ts'
import { bold } from './styled.ts'
import type { View } from './views.ts'

/** Topics, or institutions, of one message. */
const choicesPerPage = 16

export const topicName = ({ zh, en }: Topic, { language }: Reader): string =>
  language === 'en' ? en : language === 'hans' ? simplify(zh).text : zh

/** The topic that a text names, in any script. */
export function topicNamed(topics: readonly Topic[], text: string): Topic | undefined {
  const wanted = fold(text).trim()
  return topics.find(({ slug, names }) => slug === wanted || names.some((name) => fold(name).trim() === wanted))
}

/** Choices as buttons, two a row, with pages. */
export function choiceScreen(
  title: string,
  choices: readonly ScreenButton[],
  wanted: number,
  reader: Reader,
  view: (page: number) => View,
  below: Screen['rows'] = [],
): Screen {
  const pages = inRows(choices, choicesPerPage)
  const at = Math.max(0, Math.min(wanted, pages.length - 1))
  return {
    message: bold(title),
    rows: [...inRows(pages[at] ?? [], 2), pager(pages.length, at, reader, view), ...below],
  }
}

/** All topics, each leading to its clauses or to the provinces side by side. */
export function topicsScreen(
  view: Extract<View, { kind: 'topics' | 'comparisons' }>,
  sources: Sources,
  reader: Reader,
): Screen {
  const leadTo = view.kind === 'topics' ? 'topic' : 'comparison'
  const { topicsTitle, compareWhat, buttons } = phrasesOf(reader.language)
  const choices = sources.topics.map(
    (topic): ScreenButton => ({
      text: counted(topicName(topic, reader), topic.measures.length, reader.language),
      press: { kind: leadTo, slug: topic.slug, page: 0 },
    }),
  )
  return choiceScreen(
    leadTo === 'topic' ? topicsTitle : compareWhat,
    choices,
    view.page,
    reader,
    (page) => ({ kind: view.kind, page }),
    [[{ text: buttons.memoranda, press: { kind: 'memoranda' } }]],
  )
}

/** Clauses one under the other with their buttons: for topics, institutions and the like. */
export function clauseListScreen(
  title: string,
  ids: readonly string[],
  wanted: number,
  sources: Sources,
  reader: Reader,
  view: (page: number) => View,
  below: Screen['rows'],
): Screen | undefined {
  const blocks: Block[] = ids.flatMap((id, at) => {
    const one = shownOf(sources, id)
    return one === undefined
      ? []
      : [quotationBlock(one, sources, reader, { number: at + 1, extent: 'whole', summary: 'short' })]
  })
  const pages = paginate([{ content: bold(title) }, ...blocks], { clauses: 5 })
  const current = pageAt(pages, wanted)
  if (current === undefined) return undefined
  return {
    message: current.page.message,
    rows: [
      ...clauseButtons(current.page.ids, ids, reader, undefined),
      pager(pages.length, current.at, reader, view),
      ...below,
    ],
  }
}

export function topicScreen(
  view: Extract<View, { kind: 'topic' }>,
  sources: Sources,
  reader: Reader,
): Screen | undefined {
  const topic = sources.topics.find(({ slug }) => slug === view.slug)
  if (topic === undefined) return undefined
  const { topicTitle, buttons } = phrasesOf(reader.language)
  const of = `t:${topic.slug}:0`
  return clauseListScreen(
    topicTitle(topicName(topic, reader), topic.measures.length),
    topic.measures,
    view.page,
    sources,
    reader,
    (page) => ({ ...view, page }),
    [
      [
        { text: buttons.compare, press: { kind: 'comparison', slug: topic.slug, page: 0 } },
        { text: buttons.topics, press: { kind: 'topics', page: 0 } },
      ],
      [
        { text: buttons.word, press: { kind: 'export', format: 'docx', of } },
        { text: buttons.table, press: { kind: 'export', format: 'csv', of } },
      ],
    ],
  )
}

/** A reviewed topic province by province, each with all its clauses. */
export function topicRows(topic: Topic, sources: Sources): readonly ComparisonRow[] {
  return sources.library.memoranda.map((memorandum) => ({
    province: memorandum.province.slug,
    memorandum: memorandumName(memorandum, 'hant'),
    passages: topic.measures.flatMap((id) =>
      sources.library.byId.get(id)?.memorandum.id === memorandum.id ? (sources.assistant.quotation(id) ?? []) : [],
    ),
  }))
}

export function topicComparisonScreen(
  view: Extract<View, { kind: 'comparison' }>,
  sources: Sources,
  reader: Reader,
): Screen | undefined {
  const topic = sources.topics.find(({ slug }) => slug === view.slug)
  if (topic === undefined) return undefined
  const { buttons } = phrasesOf(reader.language)
  const title = comparisonTitle(topicName(topic, reader), reader.language)
  const sides = topicRows(topic, sources)
  const pages = paginate([{ content: bold(title) }, ...comparisonBlocks(sides, sources, reader)])
  const current = pageAt(pages, view.page)
  if (current === undefined) return undefined
  const of = `k:${topic.slug}:0`
  const below: Screen['rows'] = [
    [
      { text: buttons.clauses, press: { kind: 'topic', slug: topic.slug, page: 0 } },
      { text: buttons.topics, press: { kind: 'topics', page: 0 } },
    ],
    [
      { text: buttons.word, press: { kind: 'export', format: 'docx', of } },
      { text: buttons.table, press: { kind: 'export', format: 'csv', of } },
    ],
  ]
  const html = comparisonHtml(title, sides, sources, reader)
  return {
    message: current.page.message,
    rows: [pager(pages.length, current.at, reader, (page) => ({ ...view, page })), ...below],
    ...(html === undefined ? {} : { rich: { html, rows: below } }),
  }
}
