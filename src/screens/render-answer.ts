import { relatedHits } from '../answer/answer-search.ts'
import type { Answer, ComparisonRow, MissingReason, Quotation } from '../model/answer.ts'
import { unreachable } from '../model/unreachable.ts'
import {
  ambiguityLine,
  bridgedLine,
  headline,
  missingText,
  nearestLabel,
  noClause,
  provinceName,
  understoodLine,
} from '../phrases/answers.ts'
import { phrasesOf } from '../phrases/bot.ts'
import { citationFor, memorandumName, sideName } from '../phrases/citations.ts'
import { matchingSentence } from '../text/matching.ts'
import { simplify } from '../text/simplify.ts'
import type { Block } from './pages.ts'
import { deepLink } from './payloads.ts'
import { clauseLink, type Reader, type Shown, type Sources, shownOf } from './reader.ts'
import { citationLink, type QuotationStyle, quotationBlock } from './render-quotation.ts'
import { bold, concat, italic, join, link, plain, type Styled } from './styled.ts'

/** An answer as blocks for `paginate()`, and how many clauses a message shows. */
export type AnswerBlocks = { readonly blocks: readonly Block[]; readonly clauses: number }

/** Clauses of one message by the reader's wish; complete lists show more. */
const clausesShown = { short: 1, normal: 3, long: 5 } as const
const listedShown = { short: 3, normal: 5, long: 8 } as const
/** Clauses named, but not quoted, below a short answer. */
const namedBelow = 2

const echoLength = 60

/**
 * What a person typed, for being shown again: short, and without a sign from which Telegram would make a link, a
 * mention or a command that the bot then seems to have written.
 */
export function echo(text: string): string {
  const line = text.replace(/\s+/gu, ' ').trim()
  const short = line.length > echoLength ? `${[...line].slice(0, echoLength - 1).join('')}…` : line
  return short.replace(/[@/#$:.]/gu, '$&\u2060')
}

/**
 * What a topic is called in the reader's language; anything else that stands in its place was typed and is made safe.
 */
function topicIn(name: string, { topics }: Sources, { language }: Reader): string {
  const topic = topics.find(({ zh }) => zh === name)
  if (topic === undefined) return echo(name)
  return language === 'en' ? topic.en : language === 'hans' ? simplify(topic.zh).text : topic.zh
}

/**
 * The same answer in the reader's words where it names a topic, and with everything that people typed made safe to
 * show.
 */
export function tamed(answer: Answer, sources: Sources, reader: Reader): Answer {
  const named = (topic: string) => topicIn(topic, sources, reader)
  const understood = {
    ...answer.understood,
    ...(answer.understood.topic === undefined ? {} : { topic: named(answer.understood.topic) }),
    bridged: answer.understood.bridged.map(({ asked, terms }) => ({ asked: echo(asked), terms })),
  }
  switch (answer.kind) {
    case 'found':
    case 'facts':
    case 'remark':
      return { ...answer, understood }
    case 'reference':
      return {
        ...answer,
        understood,
        missing: answer.missing.map(tamedUnmet),
        ...(answer.ambiguous === undefined
          ? {}
          : { ambiguous: answer.ambiguous.map((one) => ({ ...one, written: echo(one.written) })) }),
      }
    case 'list':
      return { ...answer, understood, criterion: named(answer.criterion) }
    case 'comparison':
      return { ...answer, understood, topic: named(answer.topic) }
    case 'missing':
      return { ...answer, understood, reason: tamedReason(answer.reason) }
    default:
      return unreachable(answer)
  }
}

type Unmet = Extract<MissingReason, { kind: 'item' | 'notation' }>

const tamedUnmet = (reason: Unmet): Unmet =>
  reason.kind === 'item'
    ? { ...reason, asked: echo(reason.asked), askedEn: echo(reason.askedEn) }
    : { ...reason, asked: echo(reason.asked) }

const tamedReason = (reason: MissingReason): MissingReason =>
  reason.kind === 'item' || reason.kind === 'notation' ? tamedUnmet(reason) : reason

/** Lines above the clauses: what was understood, what was bridged, what was found. */
function headOf(answer: Answer, reader: Reader): Styled {
  // A reference says itself which province it names.
  const understood =
    answer.kind === 'reference' && answer.understood.followed === undefined
      ? undefined
      : understoodLine(answer.understood, reader.language)
  const bridged = answer.kind === 'missing' ? undefined : bridgedLine(answer.understood, reader.language)
  const head = headline(answer, reader.language)
  return join(
    [
      ...(understood === undefined ? [] : [italic(understood)]),
      ...(bridged === undefined ? [] : [italic(bridged)]),
      ...(head === undefined ? [] : [answer.kind === 'missing' ? plain(head) : bold(head)]),
    ],
    '\n',
  )
}

/**
 * The clauses of an answer, best first: as quoted by it, the further ones with the sentence that shares most with the
 * question.
 */
export function clausesOf(answer: Answer, query: string, sources: Sources): readonly Shown[] {
  const quoted = new Map<string, Quotation>(
    (answer.kind === 'missing' ? answer.nearest : answer.passages).map((quotation) => [quotation.id, quotation]),
  )
  const ids =
    answer.kind === 'missing'
      ? [...quoted.keys()]
      : (answer.kind === 'found' ? relatedHits(answer.hits, new Set(quoted.keys())) : answer.hits).map(({ id }) => id)
  return ids.flatMap((id) => {
    const quotation = quoted.get(id) ?? sources.assistant.quotation(id)
    if (quotation === undefined) return []
    const highlights = quoted.has(id) ? quotation.highlights : [matchingSentence(quotation.quote, query)]
    return shownOf(sources, id, { ...quotation, highlights }) ?? []
  })
}

/** Every kind of answer as blocks. `query` is what was asked. */
export function answerBlocks(given: Answer, query: string, sources: Sources, reader: Reader): AnswerBlocks {
  const answer = tamed(given, sources, reader)
  const { language } = reader
  const shown = clausesOf(answer, query, sources)
  const head: Block = { content: headOf(answer, reader) }
  const numbered = (extent: QuotationStyle['extent']) =>
    shown.map((one, at) =>
      quotationBlock(one, sources, reader, {
        ...(shown.length > 1 ? { number: at + 1 } : {}),
        extent,
        summary: 'short',
      }),
    )
  switch (answer.kind) {
    case 'found':
      return {
        blocks: [head, ...withNamed(numbered('whole'), shown, sources, reader)],
        clauses: clausesShown[reader.length],
      }
    case 'reference': {
      const absent = answer.missing.map((reason) =>
        plain(missingText(reason, { memoranda: 0, measures: 0, provinces: [] }, language)),
      )
      const ambiguous = (answer.ambiguous ?? []).map((one) => plain(ambiguityLine(one, language)))
      return {
        blocks: [head, ...[...absent, ...ambiguous].map((content) => ({ content })), ...numbered('whole')],
        clauses: clausesShown[reader.length],
      }
    }
    case 'list':
      return { blocks: [head, ...numbered('sentences')], clauses: listedShown[reader.length] }
    case 'comparison':
      return { blocks: [head, ...comparisonBlocks(answer.rows, sources, reader)], clauses: Number.POSITIVE_INFINITY }
    case 'facts': {
      const lines = answer.values.map(({ memorandum, value, province }) => {
        const source = sources.library.memoranda.find(
          (one) => one.province.slug === province && memorandum.endsWith(one.date.slice(0, 4)),
        )
        const name =
          source === undefined
            ? plain(memorandum)
            : link(memorandumName(source, language), deepLink(sources.username, { kind: 'memorandum', id: source.id }))
        return concat(name, language === 'en' ? ': ' : '：', value)
      })
      return {
        blocks: [head, { content: join(lines, '\n') }, ...numbered('sentences')],
        clauses: clausesShown[reader.length],
      }
    }
    case 'remark':
      return { blocks: [head], clauses: clausesShown[reader.length] }
    case 'missing':
      return {
        blocks: [
          head,
          ...(shown.length === 0 ? [] : [{ content: italic(nearestLabel[language]) }]),
          ...numbered('whole'),
        ],
        clauses: clausesShown[reader.length],
      }
    default:
      return unreachable(answer)
  }
}

/** A short answer names the next clauses below its one quotation. */
function withNamed(
  blocks: readonly Block[],
  shown: readonly Shown[],
  sources: Sources,
  reader: Reader,
): readonly Block[] {
  const [first, ...others] = blocks
  if (reader.length !== 'short' || first === undefined || others.length === 0) return blocks
  const named = shown.slice(1, 1 + namedBelow).map((one) => concat('• ', citationLink(one, sources, reader)))
  return [
    { ...first, content: concat(first.content, '\n\n', phrasesOf(reader.language).seeAlso, '\n', join(named, '\n')) },
    ...others,
  ]
}

/** Characters of the answering sentence beside each clause of a comparison. */
const teaserLength = 32

/** The beginning of the sentence that answers, in the reader's script; the link beside it opens the clause. */
function teaser({ quotation }: Shown, reader: Reader): string {
  const [start, end] = quotation.highlights[0] ?? [0, quotation.quote.length]
  const sentence = quotation.quote.slice(start, end).replaceAll(/\s+/gu, ' ').trim()
  const characters = [...(reader.script === 'simplified' ? simplify(sentence).text : sentence)]
  return characters.length <= teaserLength ? characters.join('') : `${characters.slice(0, teaserLength).join('')}…`
}

/**
 * A comparison for servers and readers without tables: a short list for each province, every clause a link, empty ones
 * said aloud.
 */
export function comparisonBlocks(rows: readonly ComparisonRow[], sources: Sources, reader: Reader): readonly Block[] {
  const blocks = rows.map((row): Block => {
    const memorandum = sources.library.memoranda.find(
      (one) => one.province.slug === row.province && row.memorandum.endsWith(one.date.slice(0, 4)),
    )
    const title = bold(
      `■ ${memorandum === undefined ? provinceName(row.province, reader.language) : sideName(memorandum, reader.language)}`,
    )
    const cells = row.passages.flatMap((quotation) => {
      const one = shownOf(sources, quotation.id, quotation)
      if (one === undefined) return []
      // The memorandum stands above: 四、金融 · 第 2 項
      const place = citationFor(one.unit, reader.language).split(' · ').slice(1).join(' · ')
      return [concat('• ', link(place, clauseLink(sources, one.unit.id)), '\n   ', teaser(one, reader))]
    })
    return { content: join([title, ...(cells.length === 0 ? [italic(noClause[reader.language])] : cells)], '\n') }
  })
  return reader.script === 'simplified'
    ? [...blocks, { content: italic(`（${phrasesOf(reader.language).converted}）`) }]
    : blocks
}
