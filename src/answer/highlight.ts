import type { Bridged } from '../retrieval/bridge.ts'
import type { Encoder, Encoding } from '../retrieval/encoder.ts'
import type { RetrievalIndex } from '../retrieval/index-folder.ts'
import { type Coverage, createCoverage, slotsOf } from '../retrieval/lexical.ts'
import { standsAlone } from '../retrieval/passages.ts'
import { buildPostings } from '../retrieval/postings.ts'
import { weighted } from '../retrieval/rarity.ts'
import { fold } from '../text/fold.ts'
import { type Range, sentences, withoutTrailingSpace } from '../text/sentences.ts'

/** What a question asks for, ready to be compared with sentences. */
export type Sought = {
  readonly subject: string
  readonly bridged: readonly Bridged[]
  readonly encodings: readonly Encoding[]
}

/** Least share of the words that the best sentence meets. */
const leastMet = 0.2
/** A sentence nearly as good as the best is shown with it. */
const nearlyAsGood = 0.9

/**
 * Vectors of a unit's sentences: those that are passages stand in the index, after the whole text; the others are
 * encoded.
 */
async function sentenceVectors(
  unit: number,
  body: string,
  folded: readonly string[],
  encoder: Encoder,
  index: RetrievalIndex,
): Promise<Float32Array[]> {
  const { dimensions } = index.manifest.encoder
  const start = (index.unitStart[unit] as number) + 1
  let end = start
  while (end < (index.unitStart[unit + 1] as number) && index.passageIsGloss[end] === 0) end += 1
  const stored = end - start === folded.filter((sentence) => standsAlone(sentence, body, folded)).length
  let passage = start
  const vectors: Float32Array[] = []
  for (const sentence of folded) {
    if (stored && standsAlone(sentence, body, folded)) {
      vectors.push(index.pooled.data.subarray(passage * dimensions, (passage + 1) * dimensions))
      passage += 1
    } else vectors.push(weighted(await encoder.encode(sentence, 'passage'), index.rarity).pooled)
  }
  return vectors
}

/** What of a unit's sentences is the same for every question. */
type Sentences = {
  readonly ranges: readonly Range[]
  readonly coverage: Coverage
  readonly vectors: readonly Float32Array[]
}

async function readSentences(unit: number, quote: string, encoder: Encoder, index: RetrievalIndex): Promise<Sentences> {
  const ranges = sentences(quote).map((sentence) => withoutTrailingSpace(quote, sentence))
  const folded = ranges.map(([start, end]) => fold(quote.slice(start, end)))
  const vectors = ranges.length <= 1 ? [] : await sentenceVectors(unit, quote, folded, encoder, index)
  return { ranges, coverage: createCoverage(buildPostings(folded)), vectors }
}

/**
 * The sentences of a quotation that answer, in order, without overlap: the one that meets most of the question and
 * those nearly as good. A quotation of one sentence has nothing to make stand out: it is highlighted whole.
 */
export type Highlighter = (unit: number, quote: string, sought: Sought) => Promise<readonly Range[]>

/** A highlighter that takes each unit's sentences apart once. */
export function createHighlighter(encoder: Encoder, index: RetrievalIndex): Highlighter {
  const known = new Map<number, Sentences>()
  return async (unit, quote, sought) => {
    const own = known.get(unit) ?? (await readSentences(unit, quote, encoder, index))
    known.set(unit, own)
    return sentencesThatAnswer(own, sought, index)
  }
}

function sentencesThatAnswer(
  { ranges, coverage, vectors }: Sentences,
  sought: Sought,
  index: RetrievalIndex,
): readonly Range[] {
  if (ranges.length <= 1) return ranges
  // Weights of words come from the whole corpus, matches from these sentences.
  const met = coverage(slotsOf(sought.subject, sought.bridged, index.text))
  const most = Math.max(0, ...ranges.map((_, at) => met.of[at] ?? 0))
  const scores = vectors.map((vector, at) => {
    // A signature is near to anything; where sentences hold words of the question, those without them do not answer.
    if ((met.of[at] ?? 0) < most * leastMet) return 0
    const cosine = Math.max(
      -1,
      ...sought.encodings.map(({ pooled }) => pooled.reduce((sum, value, i) => sum + value * (vector[i] as number), 0)),
    )
    return (met.of[at] ?? 0) + 0.7 * cosine
  })
  const best = Math.max(...scores)
  return ranges
    .filter((_, at) => (scores[at] as number) >= best * nearlyAsGood && (scores[at] as number) > 0)
    .slice(0, 3)
}
