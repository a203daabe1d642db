import type { Assistant } from '../model/answer.ts'
import { bridgeQuestion } from '../retrieval/bridge.ts'
import { breadthFor, neighbourhood } from '../retrieval/candidates.ts'
import { slotsOf } from '../retrieval/lexical.ts'
import { fittedWeights, prepare, type Retrieval, rank, rankCandidates } from '../retrieval/search.ts'
import { createMentionFinder } from '../understanding/mentions.ts'
import { understand } from '../understanding/understand.ts'
import { quantile } from './figures.ts'

/**
 * Milliseconds of one stage over all questions: by the clock, and of processor time, which other work on the machine
 * does not lengthen.
 */
export type StageTimes = {
  readonly p50: number
  readonly p95: number
  readonly cpu: { readonly p50: number; readonly p95: number }
}

export const stageNames = ['bridge and encode', 'lexical', 'vector', 'rerank', 'answer'] as const
export type StageName = (typeof stageNames)[number]

/** Questions asked before the clock runs, so that what is measured has been compiled. */
const warmUp = 20

/**
 * Times each stage on each question. The first four are the parts of one search everywhere, in order; `answer` is the
 * whole path that a person waits for.
 */
export async function benchStages(
  retrieval: Retrieval,
  assistant: Assistant,
  queries: readonly string[],
): Promise<Readonly<Record<StageName, StageTimes>>> {
  const { library, index, encoder, bridge } = retrieval
  const findMentions = createMentionFinder(library.memoranda)
  const breadth = breadthFor(library.units.length)
  const taken: Record<StageName, { clock: number; cpu: number }[]> = {
    'bridge and encode': [],
    lexical: [],
    vector: [],
    rerank: [],
    answer: [],
  }
  const inside = (unit: number) => unit < library.units.length
  for (const [at, query] of [...queries.slice(0, warmUp), ...queries].entries()) {
    const { subject, inFull } = understand(query, findMentions)
    const timed = async <T>(stage: StageName, work: () => T | Promise<T>): Promise<T> => {
      const cpu = process.cpuUsage()
      const clock = performance.now()
      const result = await work()
      const used = process.cpuUsage(cpu)
      if (at >= Math.min(warmUp, queries.length))
        taken[stage].push({ clock: performance.now() - clock, cpu: (used.user + used.system) / 1000 })
      return result
    }
    const bridged = await timed('bridge and encode', async () => {
      await encoder.encode(subject, 'question')
      return bridgeQuestion(bridge, subject)
    })
    await timed('lexical', () => {
      index.textCoverage(slotsOf(subject, bridged, index.text))
      index.glossCoverage(slotsOf(inFull, bridgeQuestion(bridge, inFull), index.gloss))
    })
    const prepared = await prepare(retrieval, { subject, inFull })
    const least = breadth.dense / 4
    await timed('vector', () => {
      for (const { pooled } of prepared.encodings)
        neighbourhood(index, pooled, breadth.dense).near(
          inside,
          least,
          () => [],
          () => 0,
        )
    })
    for (const { near } of prepared.neighbourhoods)
      near(
        inside,
        least,
        () => [],
        () => 0,
      )
    await timed('rerank', () => rank(retrieval, prepared, { limit: 10, weights: fittedWeights }))
    await timed('answer', () => assistant.answer({ query }))
  }
  const round = (value: number) => Math.round(value * 100) / 100
  const figures = (stage: StageName): StageTimes => {
    const of = (name: 'clock' | 'cpu', share: number) =>
      round(
        quantile(
          taken[stage].map((time) => time[name]),
          share,
        ),
      )
    return { p50: of('clock', 0.5), p95: of('clock', 0.95), cpu: { p50: of('cpu', 0.5), p95: of('cpu', 0.95) } }
  }
  return {
    'bridge and encode': figures('bridge and encode'),
    lexical: figures('lexical'),
    vector: figures('vector'),
    rerank: figures('rerank'),
    answer: figures('answer'),
  }
}

/**
 * Mean share of a question's first ten that an exhaustive run of the same scoring has in its first ten too, everywhere
 * and within the provinces named.
 */
export async function exhaustiveAgreement(
  retrieval: Retrieval,
  queries: readonly string[],
): Promise<{ readonly mean: number; readonly least: number; readonly questions: number }> {
  const { library } = retrieval
  const findMentions = createMentionFinder(library.memoranda)
  const shares: number[] = []
  for (const query of queries) {
    const { subject, inFull, provinces } = understand(query, findMentions)
    if (subject === '') continue
    const prepared = await prepare(retrieval, { subject, inFull })
    const accept = (unit: number) =>
      provinces.length === 0 || provinces.includes(library.units[unit]?.memorandum.province.slug ?? '')
    const all = [...library.units.keys()].filter(accept)
    const options = { limit: 10, weights: fittedWeights }
    const exhaustive = new Set(rankCandidates(prepared, all, { reranked: all.length }, options).map(({ unit }) => unit))
    if (exhaustive.size === 0) continue
    shares.push(
      rank(retrieval, prepared, { ...options, accept }).filter(({ unit }) => exhaustive.has(unit)).length /
        exhaustive.size,
    )
  }
  return {
    mean: shares.reduce((sum, share) => sum + share, 0) / Math.max(1, shares.length),
    least: Math.min(1, ...shares),
    questions: shares.length,
  }
}
