import { fold } from '../text/fold.ts'
import { type Range, sentences } from '../text/sentences.ts'

const pairsOf = (text: string): ReadonlySet<string> => {
  const characters = [...text.replace(/[^\p{L}\p{N}]/gu, '')]
  return new Set(characters.slice(1).map((character, at) => `${characters[at]}${character}`))
}

/** The sentence of a clause that shares most with a question; the first where none shares anything. Trailing white space is left out. */
export function matchingSentence(quote: string, query: string): Range {
  const wanted = pairsOf(fold(query))
  let best: { readonly range: Range; readonly shared: number } | undefined
  for (const [start, end] of sentences(quote)) {
    const text = quote.slice(start, end)
    const shared = [...pairsOf(fold(text))].filter((pair) => wanted.has(pair)).length
    if (best === undefined || shared > best.shared) best = { range: [start, start + text.trimEnd().length], shared }
  }
  return best?.range ?? [0, quote.length]
}
