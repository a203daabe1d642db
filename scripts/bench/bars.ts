import type { OpenedAssistant } from '../../src/answer/open.ts'
import { createSetFinder } from '../../src/answer/sets.ts'
import type { Bar } from '../../src/evaluation/bars.ts'
import { quantile } from '../../src/evaluation/figures.ts'
import { growthOf, leastProcessorTime } from '../../src/evaluation/processor-time.ts'
import { namesOf } from '../../src/references/names.ts'
import { findReferences } from '../../src/references/references.ts'
import { longQuestions, longQuotations, longReferences } from './long-texts.ts'
import { timeSurfaces } from './surfaces.ts'

/** Most that a text may cost against its pieces. Where time grows with the length it is 1, with its square 8. */
const mostGrowth = 2.5

async function slowest<T>(cases: readonly T[], work: (one: T) => unknown): Promise<number> {
  const times: number[] = []
  for (const one of cases) times.push(await leastProcessorTime(() => work(one)))
  return Math.max(...times)
}

async function worstGrowth(texts: readonly string[], work: (text: string) => unknown): Promise<number> {
  const growths: number[] = []
  for (const text of texts) growths.push(await growthOf(work, text))
  return Math.max(...growths)
}

/** Measures everything that is held to a bar. `say` is told what comes next. */
export async function measureBars(
  opened: OpenedAssistant,
  questions: readonly string[],
  say: (text: string) => void,
): Promise<readonly Bar[]> {
  const { assistant, retrieval, topics } = opened
  const { library, bridge } = retrieval
  const corpus = library.units.map(({ text }) => text).join('\n')
  const [first] = library.memoranda
  const names = namesOf(library)
  const sets = createSetFinder(library, topics, bridge)

  say('questions through the bot')
  const { messages, inline } = await timeSurfaces(opened, questions)
  say('long questions')
  const slowestQuestion = await slowest(longQuestions(100_000), (query) =>
    assistant.answer({ query, context: [query, query] }),
  )
  const context = Array.from({ length: 5000 }, () => '四川😀'.repeat(500))
  const slowestFollowUp = await slowest(['下一項', '咁湖北呢'], (query) => assistant.answer({ query, context }))
  const words = await worstGrowth(longQuestions(100_000), (text) => sets.find(text, []))
  say('long references')
  const references = await worstGrowth(longReferences(30_000), (text) => findReferences(text, names, first))
  say('long quotations')
  const slowestQuotation = await slowest(longQuotations(corpus, 20_000), assistant.checkQuote)
  const quotations = await worstGrowth(longQuotations(corpus, 40_000), assistant.checkQuote)

  const ms = (what: string, measured: number, most: number): Bar => ({ what, measured, most, unit: 'ms' })
  const times = (what: string, measured: number): Bar => ({ what, measured, most: mostGrowth, unit: 'times' })
  const message = 'a question, from the update to the call'
  return [
    ms(`${message}, p50`, quantile(messages.processor, 0.5), 15),
    ms(`${message}, p95`, quantile(messages.processor, 0.95), 50),
    ms('an inline query at each letter typed, p95', quantile(inline.processor, 0.95), 50),
    ms('a question of 100,000 letters, the slowest', slowestQuestion, 50),
    ms('a question after 5,000 long ones, the slowest', slowestFollowUp, 50),
    ms('a quotation of 20,000 letters, the slowest', slowestQuotation, 400),
    times('words of a list, 100,000 letters against eight pieces', words),
    times('references in 30,000 letters against eight pieces', references),
    times('a quotation of 40,000 letters against eight pieces', quotations),
  ]
}
