import type { Dictionary, Source } from './data.ts'
import { specialTokens, tokenize, type Vocabulary, vocabularyOf } from './tokenizer.ts'

/** How many rows each kind of token gets, at most. */
export type VocabularySizes = {
  readonly characters: number
  readonly chinese: number
  readonly cantonese: number
  readonly english: number
  readonly pieces: number
  readonly numbers: number
}

export const defaultSizes: VocabularySizes = {
  characters: 7_500,
  chinese: 18_700,
  cantonese: 2_500,
  english: 9_800,
  pieces: 1_700,
  numbers: 400,
}

const longestWord = 6

type Counts = Map<string, number>

function count(counts: Counts, key: string, weight: number): void {
  counts.set(key, (counts.get(key) ?? 0) + weight)
}

/**
 * The `size` keys with the highest counts; equal counts in the order of their characters, so that the choice never
 * depends on how it was counted.
 */
function top(counts: Counts, size: number): string[] {
  return [...counts]
    .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
    .slice(0, size)
    .map(([key]) => key)
}

/** Texts of a source that are counted, at most, evenly spread: enough to rank words by. */
const sample = 20_000

/** A source that is one of several of its kind speaks more softly, else statutes crowd out everyday words. */
const voice = (name: string): number => (/_law_/u.test(name) ? 0.4 : 1)

/**
 * Chooses the tokens from the training texts alone: Chinese characters, dictionary headwords and English words by use,
 * pieces for the words left out. Use is the sum over sources of log(1 + occurrences): a word that many kinds of text
 * use comes before one that a single kind repeats.
 */
export function chooseVocabulary(
  sources: readonly Source[],
  dictionary: Dictionary,
  sizes: VocabularySizes = defaultSizes,
): Vocabulary {
  const [characters, chineseWords, englishWords, numbers]: [Counts, Counts, Counts, Counts] = [
    new Map(),
    new Map(),
    new Map(),
    new Map(),
  ]
  const headwords = [...new Set([...dictionary.headwords, ...dictionary.cantonese, ...dictionary.places])].filter(
    (word) => word.length > 1 && word.length <= longestWord,
  )
  const matcher = vocabularyOf([...specialTokens, ...headwords])
  for (const { name, pairs } of sources) {
    const texts = [...new Set(pairs.flat())]
    const step = Math.max(1, texts.length / sample)
    const seen: Counts = new Map()
    for (let at = 0; at < texts.length; at += step) {
      const text = texts[Math.floor(at)] as string
      for (const character of text) count(seen, character, 1)
      for (const [run] of text.matchAll(/[a-z]{2,}|[0-9]{2,}/gu)) count(seen, run, 1)
      for (const id of tokenize(text, matcher)) count(seen, matcher.tokens[id] as string, 1)
    }
    for (const [word, times] of seen) {
      const use = voice(name) * Math.log(1 + times)
      if (/^[a-z]{2,24}$/u.test(word)) count(englishWords, word, use)
      else if (/^[0-9]{2,4}$/u.test(word)) count(numbers, word, use)
      else if (/^[\u4e00-\u9fff]$/u.test(word)) count(characters, word, use)
      else if (/^[\u4e00-\u9fff]/u.test(word)) count(chineseWords, word, use)
    }
  }
  // A headword that no running text uses can still be asked about: one with several glosses, or one that is part of
  // other headwords, is a usual one.
  const known = new Set(headwords)
  const wholes: Counts = new Map()
  for (const word of headwords) {
    for (let start = 0; start + 2 <= word.length; start += 1) {
      for (let end = start + 2; end <= word.length; end += 1) {
        const part = word.slice(start, end)
        if (part !== word && known.has(part)) count(wholes, part, 1)
      }
    }
  }
  const cantonese: Counts = new Map()
  for (const word of headwords)
    count(
      chineseWords,
      word,
      0.5 * Math.min(4, dictionary.english.get(word)?.length ?? 0) + 0.5 * Math.log(1 + (wholes.get(word) ?? 0)),
    )
  for (const word of dictionary.cantonese) {
    if (word.length < 2 || word.length > 4) continue
    cantonese.set(word, (chineseWords.get(word) ?? 0) + 0.4 * Math.min(3, dictionary.synonyms.get(word)?.length ?? 0))
    chineseWords.delete(word)
  }
  const letters = [...'abcdefghijklmnopqrstuvwxyz0123456789']
  const words = top(englishWords, sizes.english)
  const chosenWords = new Set(words)
  const pieces: Counts = new Map()
  for (const [word, weight] of englishWords) {
    if (chosenWords.has(word)) continue
    for (let length = 2; length <= 5; length += 1) {
      // Long pieces say more, so they may be rarer.
      for (let start = 0; start + length <= word.length; start += 1)
        count(pieces, word.slice(start, start + length), weight * length)
    }
  }
  const tokens = new Set<string>([...specialTokens, ...letters])
  for (const character of top(characters, sizes.characters).sort()) tokens.add(character)
  for (const word of top(chineseWords, sizes.chinese)) tokens.add(word)
  for (const word of top(cantonese, sizes.cantonese)) tokens.add(word)
  for (const word of words) tokens.add(word)
  for (const piece of top(pieces, sizes.pieces)) tokens.add(piece)
  for (const number of top(numbers, sizes.numbers)) tokens.add(number)
  return vocabularyOf([...tokens])
}
