import type { InlineQuery } from 'telegraf/types'
import type { Desk } from '../conversation/desk.ts'
import type { Answer } from '../model/answer.ts'
import { unitId } from '../model/corpus.ts'
import { headline } from '../phrases/answers.ts'
import { languageOf, phrasesOf } from '../phrases/bot.ts'
import type { Reader, Shown } from '../screens/reader.ts'
import { shownOf } from '../screens/reader.ts'
import { clausesOf, tamed } from '../screens/render-answer.ts'
import { isCallError } from '../telegram/errors.ts'
import { lacksRich, type RichMessages } from '../telegram/rich-messages.ts'
import {
  type Article,
  clauseArticle,
  comparisonArticle,
  readSentence,
  type Slot,
  sentenceArticle,
} from './inline-results.ts'
import type { Switchboard } from './switchboard.ts'

/** Results of one page. People choose among the first few; more would only make the answer slower. */
const perPage = 15
/** Clauses that one query can reach over all its pages. */
const mostResults = 50

/*
 * Results are in the language and script that the person chose, so Telegram must not give them to others who type the
 * same. A minute is long enough for going back and forth while typing, and short enough for a change of language to
 * show.
 */
const caching = { is_personal: true, cache_time: 60 } as const

/** Remembers the newest query of each person, so that older ones still waiting are not answered any more. */
export function createNewest() {
  const newest = new Map<number, string>()
  return {
    /** Called when a query arrives, before its turn comes. */
    arrived(person: number, query: string): void {
      newest.delete(person)
      newest.set(person, query)
      const [oldest] = newest.keys()
      if (newest.size > 10_000 && oldest !== undefined) newest.delete(oldest)
    },
    isNewest: (person: number, query: string): boolean => (newest.get(person) ?? query) === query,
  }
}
export type Newest = ReturnType<typeof createNewest>

async function inlineReader({ kept }: Desk, { from }: InlineQuery): Promise<Reader> {
  const own = await kept.personSettings(from.id)
  return {
    language: own.language ?? languageOf(from.language_code) ?? 'hant',
    script: own.script ?? 'printed',
    length: own.length ?? 'normal',
    surface: 'inline',
  }
}

/** Answers an inline query unless a newer one of the same person waits. Resolves with a word for the log. */
export async function onInline(
  { desk, gateway, rich }: Switchboard,
  query: InlineQuery,
  newest: Newest,
): Promise<string> {
  const { from, id } = query
  if (!newest.isNewest(from.id, id)) return 'superseded'
  const reader = await inlineReader(desk, query)
  const { inline } = phrasesOf(reader.language)
  const text = query.query.trim()
  const start = /^\d{1,3}$/u.test(query.offset) ? Number(query.offset) : 0
  const { results, total } = await articlesFor(desk, rich, text, reader, start)
  if (!newest.isNewest(from.id, id)) return 'superseded'
  const end = start + results.filter(({ id: result }) => result !== 'comparison').length
  const button =
    total === 0
      ? { text: inline.none, start_parameter: 'help' }
      : { text: text === '' ? inline.hint : inline.language, start_parameter: 'settings' }
  const send = (offered: readonly Article[]) =>
    gateway.call('answerInlineQuery', {
      inline_query_id: id,
      results: offered,
      next_offset: results.length > 0 && end < total ? String(end) : '',
      ...caching,
      button,
    })
  try {
    await send(results).catch(async (error: unknown) => {
      if (!isCallError(error) || !lacksRich(error) || !rich.isWorthTrying()) throw error
      // An older server: the same again without a table.
      rich.lacks()
      await send((await articlesFor(desk, rich, text, reader, start)).results)
    })
  } catch (error) {
    // Nobody waits any more.
    if (!isCallError(error) || error.kind !== 'refused' || error.reason !== 'query too old') throw error
    return 'too late'
  }
  return total === 0 ? 'nothing' : 'results'
}

/** One page of what a query offers, best first, and how much it offers in all. */
async function articlesFor(
  desk: Desk,
  rich: RichMessages,
  text: string,
  reader: Reader,
  start: number,
): Promise<{ readonly results: readonly Article[]; readonly total: number }> {
  const { sources } = desk
  // Nothing typed yet: the memoranda themselves.
  if (text === '') {
    const preambles = sources.library.memoranda.flatMap((memorandum) => shownOf(sources, memorandum.preamble.id) ?? [])
    return {
      results: preambles.slice(start, start + perPage).map((shown) => clauseArticle(shown, '', sources, reader)),
      total: preambles.length,
    }
  }
  const sentence = readSentence(text)
  if (sentence !== undefined) {
    const slots: Slot[] = []
    for (const typed of sentence.typed) slots.push({ typed, shown: (await clausesFor(desk, typed, 1)).clauses[0] })
    const article = sentenceArticle({ texts: sentence.texts, slots }, sources, reader)
    return article === undefined ? { results: [], total: 0 } : { results: start === 0 ? [article] : [], total: 1 }
  }
  const { clauses, answer } = await clausesFor(desk, text, mostResults)
  const comparison =
    answer?.kind === 'comparison' && start === 0
      ? [
          comparisonArticle(
            headline(tamed(answer, sources, reader), reader.language) ?? text,
            answer.rows,
            sources,
            reader,
            rich.isWorthTrying(),
          ),
        ]
      : []
  return {
    results: [
      ...comparison,
      ...clauses.slice(start, start + perPage).map((shown) => clauseArticle(shown, text, sources, reader)),
    ],
    total: clauses.length,
  }
}

/** The clauses that answer, best first, none where nothing does; and the answer, unless an id was typed. */
async function clausesFor(
  { sources }: Desk,
  text: string,
  limit: number,
): Promise<{ readonly clauses: readonly Shown[]; readonly answer?: Answer }> {
  const known = unitId.safeParse(text).success ? shownOf(sources, text) : undefined
  if (known !== undefined) return { clauses: [known] }
  const answer = await sources.assistant.answer({ query: text, limit })
  return { clauses: answer.kind === 'missing' ? [] : clausesOf(answer, text, sources).slice(0, mostResults), answer }
}
