import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { clauseArticle, sentenceArticle } from '../../src/bot/inline-results.ts'
import { keyboardOf } from '../../src/bot/keyboard.ts'
import { institutionsIn } from '../../src/memorandum/institutions.ts'
import { buildLibrary } from '../../src/memorandum/library.ts'
import { languages } from '../../src/phrases/answers.ts'
import { answerScreen } from '../../src/screens/answer-screens.ts'
import {
  areaScreen,
  clauseScreen,
  contextScreen,
  memorandaScreen,
  memorandumScreen,
} from '../../src/screens/clause-screens.ts'
import { aboutScreen, basketScreen, quoteScreen, settingsScreen } from '../../src/screens/other-screens.ts'
import { limits, paginate, splitLong } from '../../src/screens/pages.ts'
import type { Reader, Sources } from '../../src/screens/reader.ts'
import { shownOf } from '../../src/screens/reader.ts'
import type { Screen } from '../../src/screens/screen.ts'
import { institutionScreen, institutionsScreen, timelineScreen } from '../../src/screens/set-screens.ts'
import { blockquote, bold, concat, link, plain, type Styled } from '../../src/screens/styled.ts'
import { topicScreen, topicsScreen } from '../../src/screens/topic-screens.ts'
import { openRoom } from '../answer/room.ts'
import { everyNth } from '../cases.ts'
import { checkInlineResult, checkMarkup, formattedText } from '../standin/checks.ts'

const readers: readonly Reader[] = languages.flatMap((language) =>
  (['printed', 'simplified'] as const).flatMap((script) => [
    { language, script, length: 'normal', surface: 'private' } as const,
    // The longest number that Telegram gives to a person.
    { language, script, length: 'short', surface: 'group', asker: 2 ** 52 - 1 } as const,
  ]),
)

/** What the server would say: throws where it would refuse. */
function accept({ message, rows }: Screen, reader: Reader): void {
  expect(message.text.length).toBeLessThanOrEqual(limits.text)
  expect(message.entities.length).toBeLessThanOrEqual(limits.entities)
  formattedText({ text: message.text, entities: message.entities }, 'text', {
    text: 'text',
    mode: 'parse_mode',
    entities: 'entities',
  })
  checkMarkup(keyboardOf(rows, reader.asker))
}

/** Every page that the buttons of a screen lead to. */
function acceptPages(make: (page: number) => Screen | undefined, reader: Reader): number {
  const seen = new Set<string>()
  for (let page = 0; page < 200; page += 1) {
    const screen = make(page)
    if (screen === undefined) break
    accept(screen, reader)
    if (seen.has(screen.message.text + JSON.stringify(screen.rows))) break
    seen.add(screen.message.text + JSON.stringify(screen.rows))
  }
  return seen.size
}

async function openSources(): Promise<Sources> {
  const { assistant, retrieval, topics } = await openRoom()
  return { assistant, library: retrieval.library, topics, username: 'memoranda_bot_with_the_longest_name_x' }
}

describe('every screen of the corpus', () => {
  test('of a clause fits Telegram: whole, in its context, inline', async () => {
    const sources = await openSources()
    for (const [at, reader] of readers.entries())
      for (const { id } of everyNth(6, sources.library.units, at)) {
        expect(
          acceptPages((page) => clauseScreen({ kind: 'clause', id, page, back: 'aaaaaaaa' }, sources, reader), reader),
        ).toBeGreaterThan(0)
        expect(
          acceptPages(
            (page) => contextScreen({ kind: 'context', id, page, back: 'aaaaaaaa' }, sources, reader),
            reader,
          ),
        ).toBeGreaterThan(0)
        const shown = shownOf(sources, id)
        if (shown === undefined) throw new Error(id)
        const article = clauseArticle(shown, '', sources, reader)
        expect(article.id).toBe(id)
        checkInlineResult(article, id)
        if (reader.script === 'printed')
          expect(article.input_message_content).toMatchObject({
            message_text: expect.stringContaining(shown.unit.text.trim()),
          })
      }
  })

  test('of memoranda, areas, topics, institutions, commitments, baskets and settings fits Telegram', async () => {
    const sources = await openSources()
    const everything = sources.library.units.map(({ id }) => id)
    for (const [at, reader] of readers.entries()) {
      accept(memorandaScreen(sources, reader), reader)
      for (const { id, areas } of sources.library.memoranda) {
        for (const screen of [memorandumScreen(id, sources, reader), aboutScreen(id, sources, reader)])
          accept(screen ?? { message: plain(''), rows: [] }, reader)
        for (const { ordinal } of everyNth(4, areas, at))
          expect(
            acceptPages((page) => areaScreen({ kind: 'area', id, ordinal, page }, sources, reader), reader),
          ).toBeGreaterThan(0)
      }
      acceptPages((page) => topicsScreen({ kind: 'topics', page }, sources, reader), reader)
      acceptPages((page) => topicsScreen({ kind: 'comparisons', page }, sources, reader), reader)
      for (const { slug } of everyNth(4, sources.topics, at))
        expect(
          acceptPages((page) => topicScreen({ kind: 'topic', slug, page }, sources, reader), reader),
        ).toBeGreaterThan(0)
      acceptPages((page) => institutionsScreen({ kind: 'institutions', page }, sources, reader), reader)
      for (const { institution } of everyNth(4, institutionsIn(sources.library), at))
        expect(
          acceptPages(
            (page) => institutionScreen({ kind: 'institution', slug: institution.slug, page }, sources, reader),
            reader,
          ),
        ).toBeGreaterThan(0)
      expect(
        acceptPages((page) => timelineScreen({ kind: 'timeline', page }, sources, reader), reader),
      ).toBeGreaterThan(0)
      expect(
        acceptPages(
          (page) => basketScreen({ kind: 'basket', page }, everything.slice(0, 200), sources, reader),
          reader,
        ),
      ).toBeGreaterThan(1)
      accept(settingsScreen({}, reader), reader)
    }
  })

  test('of a quote check fits Telegram, whatever was changed', async () => {
    const sources = await openSources()
    const [reader] = readers
    if (reader === undefined) throw new Error('no reader')
    for (const [at, { text }] of everyNth(2, sources.library.units).entries()) {
      accept(quoteScreen(sources.assistant.checkQuote(text), sources, reader), reader)
      if (at % 4 === 0)
        accept(
          quoteScreen(sources.assistant.checkQuote(text.replaceAll(/[的和]/gu, '𠮷').slice(3)), sources, reader),
          reader,
        )
    }
  })

  test('of an answer of any kind fits Telegram on every page, in every language, length and surface', async () => {
    const sources = await openSources()
    const questions = [
      '四川有甚麼青年實習？',
      '浙1-51',
      '比較五地的青年發展',
      '哪些省提到人才',
      '有幾多項關於合作',
      '誰簽署',
      '浙99',
      '川一1、浙99',
      '廣東',
      '？',
      'youth',
      '合作宗旨',
      '@a /b #c $d https://e.fg '.repeat(20),
    ]
    for (const query of questions) {
      const answer = await sources.assistant.answer({ query })
      for (const [at, reader] of readers.entries())
        for (const length of everyNth(3, ['short', 'normal', 'long'] as const, at))
          expect(
            acceptPages(
              (page) => answerScreen(answer, { key: 'aaaaaaaa', query }, page, sources, { ...reader, length }),
              reader,
            ),
          ).toBeGreaterThan(0)
    }
  })
})

describe('clauses longer than any of today', () => {
  const text = fc
    .array(fc.constantFrom('合作。', '𠮷野家，', 'Hong Kong ', '“引文”；', '字', '😀', '\n'), {
      minLength: 1500,
      maxLength: 3000,
    })
    .map((parts) => `始${parts.join('')}終`)

  test('are shown whole over as many pages as they need, each valid', async () => {
    const { assistant, library, topics } = await openSources()
    const [first] = library.memoranda
    if (first === undefined) throw new Error('no memorandum')
    fc.assert(
      fc.property(text, fc.constantFrom(...readers), (long, reader) => {
        const [area, ...areas] = first.areas
        const [measure, ...measures] = area?.measures ?? []
        if (area === undefined || measure === undefined) throw new Error('no measure')
        const changed = {
          ...first,
          areas: [{ ...area, measures: [{ ...measure, text: long }, ...measures] }, ...areas],
        }
        const longer = buildLibrary([changed], [], 'x')
        const sources: Sources = {
          library: longer,
          topics,
          username: 'memoranda_bot',
          assistant: {
            ...assistant,
            quotation: (id) => ({ id, citation: '', quote: longer.byId.get(id)?.text ?? '', highlights: [[0, 1]] }),
          },
        }
        const pieces: string[] = []
        for (let page = 0; page < 20; page += 1) {
          const screen = clauseScreen({ kind: 'clause', id: measure.id, page }, sources, {
            ...reader,
            script: 'printed',
          })
          if (screen === undefined) break
          accept(screen, reader)
          const quotations = screen.message.entities
            .filter(({ type }) => /blockquote$/u.test(type))
            .map(({ offset, length }) => screen.message.text.slice(offset, offset + length))
          if (quotations.join('') === pieces.at(-1)) break
          pieces.push(quotations.join(''))
        }
        const bare = (value: string) => value.replaceAll(/\s/gu, '')
        expect(bare(pieces.join(''))).toContain(bare(long).slice(0, 3000))
        const shown = shownOf(sources, measure.id)
        if (shown !== undefined) checkInlineResult(clauseArticle(shown, '合作', sources, reader), 'x')
      }),
      { numRuns: 10, endOnFailure: true },
    )
  })
})

describe('paginate()', () => {
  const character = fc.constantFrom('a', '字', '😀', '𠮷', '。', '\n', ' ', '」')
  const words = fc.array(character, { minLength: 1, maxLength: 300 }).map((parts) => parts.join(''))
  const block = fc
    .tuple(words, words, words)
    .map(
      ([a, b, c]): Styled =>
        concat(link(a, 'https://t.me/x?start=y'), '\n', blockquote(concat(plain(b), bold(c)), true)),
    )

  test('keeps every character and every page within its limits, without an illegal entity', () => {
    fc.assert(
      fc.property(
        fc.array(block, { minLength: 1, maxLength: 12 }),
        fc.integer({ min: 120, max: 1000 }),
        (blocks, units) => {
          const pages = paginate(
            blocks.map((content) => ({ content })),
            { units },
          )
          for (const { message } of pages) {
            expect(message.text.length).toBeLessThanOrEqual(units)
            if (message.text.trim() !== '')
              formattedText({ text: message.text, entities: message.entities }, 'text', {
                text: 'text',
                mode: 'parse_mode',
                entities: 'entities',
              })
          }
          const bare = (value: string) => value.replaceAll(/\s/gu, '')
          expect(bare(pages.map(({ message }) => message.text).join(''))).toBe(
            bare(blocks.map(({ text }) => text).join('')),
          )
        },
      ),
      { endOnFailure: true },
    )
  })

  test('puts no more clauses on a page than asked for', () => {
    const pages = paginate(
      Array.from({ length: 7 }, (_, at) => ({ content: plain(`clause ${at}`), id: `${at}` })),
      { clauses: 3 },
    )
    expect(pages.map(({ ids }) => ids.length)).toEqual([3, 3, 1])
  })

  test('keeps room for the entities that Telegram finds by itself', () => {
    const many = Array.from({ length: 400 }, (_, at) => bold(`${at}`))
    for (const { message } of paginate([{ content: concat(...many) }]))
      expect(message.entities.length).toBeLessThanOrEqual(80)
  })
})

describe('splitLong()', () => {
  test('cuts after a sentence and takes its closing quotation mark along', () => {
    expect(splitLong(plain('一二三四五六。」七八九十'), 10).map(({ text }) => text)).toEqual([
      '一二三四五六。」',
      '七八九十',
    ])
  })
})

describe('sentenceArticle()', () => {
  test('leaves the quotations out where they do not fit one message', async () => {
    const sources = await openSources()
    const [reader] = readers
    const preambles = sources.library.memoranda.flatMap(({ preamble }) => shownOf(sources, preamble.id) ?? [])
    const slots = [...preambles, ...preambles].map((shown) => ({ typed: 'x', shown }))
    const article = sentenceArticle({ texts: ['與', ...slots.map(() => '、')], slots }, sources, reader as Reader)
    checkInlineResult(article, 'sentence')
    expect(article?.input_message_content).toMatchObject({ message_text: expect.stringContaining('[5] ') })
  })
})
