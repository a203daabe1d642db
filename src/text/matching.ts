import { fold } from './fold.ts'
import { type Range, sentences, withoutTrailingSpace } from './sentences.ts'

const lettersOf = (folded: string) => folded.replace(/[^\p{L}\p{N}]/gu, '')

/** Each pair of neighbouring letters of a text, once. */
const pairsOf = (text: string): ReadonlySet<string> => {
  const characters = [...lettersOf(fold(text))]
  return new Set(characters.slice(1).map((character, at) => `${characters[at]}${character}`))
}

/**
 * The sentence of a clause that shares most with a question; the first where none shares anything. Trailing white space
 * is left out.
 */
export function matchingSentence(quote: string, query: string): Range {
  const wanted = [...pairsOf(query)]
  let best: { readonly range: Range; readonly shared: number } | undefined
  for (const sentence of sentences(quote)) {
    const letters = lettersOf(fold(quote.slice(...sentence)))
    const shared = wanted.filter((pair) => letters.includes(pair)).length
    if (best === undefined || shared > best.shared) best = { range: sentence, shared }
  }
  return best === undefined ? [0, quote.length] : withoutTrailingSpace(quote, best.range)
}

/** Characters that a long sentence keeps before the first that is asked for. */
const leadIn = 8

/**
 * A sentence from where it begins to share something with the question, for places that show its first `length` units;
 * short ones whole.
 */
export function startingNear(sentence: string, query: string, length: number): string {
  if (sentence.length <= length) return sentence
  const wanted = pairsOf(query)
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
