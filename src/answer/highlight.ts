import type { Bridged } from '../retrieval/bridge.ts'
import type { Encoder, Encoding } from '../retrieval/encoder.ts'
import { coverage, slotsOf } from '../retrieval/lexical.ts'
import { buildPostings, type Postings } from '../retrieval/postings.ts'
import { fold } from '../text/fold.ts'
import { type Range, sentences } from '../text/sentences.ts'

/** What a question asks for, ready to be compared with sentences. */
export type Asked = { readonly topic: string; readonly bridged: readonly Bridged[]; readonly encodings: readonly Encoding[] }

/** A sentence nearly as good as the best is shown with it. */
const nearlyAsGood = 0.9

/**
 * The sentences of a quotation that answer, in order, without overlap: the one that meets most of the question and those nearly as good.
 * A quotation of one sentence has nothing to make stand out: it is highlighted whole.
 */
export async function highlightsOf(quote: string, asked: Asked, encoder: Encoder, corpus: Postings): Promise<readonly Range[]> {
  const ranges = sentences(quote).map(([start, end]): Range => [start, end - (quote.slice(start, end).length - quote.slice(start, end).trimEnd().length)])
  if (ranges.length <= 1) return ranges
  const folded = ranges.map(([start, end]) => fold(quote.slice(start, end)))
  // Weights of words come from the whole corpus, matches from these sentences.
  const own = buildPostings(folded)
  const met = coverage(slotsOf(asked.topic, asked.bridged, corpus), own)
  const scores: number[] = []
  for (const [at, sentence] of folded.entries()) {
    const { pooled } = await encoder.encode(sentence, 'passage')
    const cosine = Math.max(-1, ...asked.encodings.map((encoding) => encoding.pooled.reduce((sum, value, i) => sum + value * (pooled[i] ?? 0), 0)))
    scores.push((met.get(at) ?? 0) + 0.7 * cosine)
  }
  const best = Math.max(...scores)
  return ranges.filter((_, at) => (scores[at] as number) >= best * nearlyAsGood && (scores[at] as number) > 0).slice(0, 3)
}
