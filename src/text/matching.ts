import { fold } from './fold.ts'
import { type Range, sentences } from './sentences.ts'

const pairsOf = (text: string): ReadonlySet<string> => {
  const characters = [...text.replace(/[^\p{L}\p{N}]/gu, '')]
  return new Set(characters.slice(1).map((character, at) => `${characters[at]}${character}`))
}

type Sentence = { readonly range: Range; readonly pairs: ReadonlySet<string> }

/** Clauses are asked for again and again, and never change. */
const known = new Map<string, readonly Sentence[]>()
const mostKnown = 4096

function sentencesOf(quote: string): readonly Sentence[] {
  const before = known.get(quote)
  if (before !== undefined) return before
  const fresh = sentences(quote).map(([start, end]): Sentence => {
    const text = quote.slice(start, end)
    return { range: [start, start + text.trimEnd().length], pairs: pairsOf(fold(text)) }
  })
  if (known.size >= mostKnown) known.clear()
  known.set(quote, fresh)
  return fresh
}

/**
 * The sentence of a clause that shares most with a question; the first where none shares anything. Trailing white space
 * is left out.
 */
export function matchingSentence(quote: string, query: string): Range {
  const wanted = [...pairsOf(fold(query))]
  let best: { readonly range: Range; readonly shared: number } | undefined
  for (const { range, pairs } of sentencesOf(quote)) {
    const shared = wanted.filter((pair) => pairs.has(pair)).length
    if (best === undefined || shared > best.shared) best = { range, shared }
  }
  return best?.range ?? [0, quote.length]
}

/** Characters that a long sentence keeps before the first that is asked for. */
const leadIn = 8

/**
 * A sentence from where it begins to share something with the question, for places that show its first `length` units;
 * short ones whole.
 */
export function startingNear(sentence: string, query: string, length: number): string {
  if (sentence.length <= length) return sentence
  const wanted = pairsOf(fold(query))
  const characters = [...sentence]
  const first = characters.findIndex((character, at) =>
    wanted.has([...fold(`${character}${characters[at + 1] ?? ''}`)].join('')),
  )
  if (first <= leadIn) return sentence
  // At the beginning of a part of the sentence where one is near.
  const border = characters.slice(0, first).findLastIndex((character) => /[，、,；;：]/u.test(character)) + 1
  const start = first - border <= leadIn * 3 ? border : first - leadIn
  return start === 0 ? sentence : `…${characters.slice(start).join('')}`
}
