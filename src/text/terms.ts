import { wordsIn } from './vocabulary.ts'

const han = /\p{Script=Han}/u

/** English words that carry no topic. */
const stopWords = new Set(
  wordsIn(
    'a an the of in on at to for from by with and or about between as into than then also',
    'is are was were be been do does did has have had can could would should may might will shall',
    'i we you they it its my our your their us me this that these those there',
    'who which whom what when where how many much any some please tell',
  ),
)

/** A light English stem: plural and -ing/-ed endings only, enough for "internships" to meet "internship". */
export function stem(word: string): string {
  if (word.length > 4 && word.endsWith('ies')) return `${word.slice(0, -3)}y`
  if (word.length > 4 && /(?:ss|sh|ch|x)es$/u.test(word)) return word.slice(0, -2)
  if (word.length > 3 && word.endsWith('s') && !/(?:ss|us|is)$/u.test(word)) return word.slice(0, -1)
  return word
}

/** True for English words without a topic of their own ("the", "which"). */
export function isStopWord(word: string): boolean {
  return stopWords.has(word)
}

/**
 * Index terms of a text already in search form: each pair of neighbouring Chinese characters, each Chinese character
 * that stands alone, and each Latin word or number, stemmed. In order, repeats kept; their number is the length that
 * BM25 uses.
 */
export function searchTerms(folded: string): string[] {
  const terms: string[] = []
  for (const [run] of folded.matchAll(/\p{Script=Han}+|[a-z0-9][a-z0-9&+'.-]*[a-z0-9]|[a-z0-9]/gu)) {
    if (han.test(run)) {
      const characters = [...run]
      if (characters.length === 1) terms.push(run)
      for (let i = 0; i + 1 < characters.length; i += 1) terms.push(`${characters[i]}${characters[i + 1]}`)
    } else {
      for (const word of run.split(/[-'.&+]/u)) if (word !== '' && !stopWords.has(word)) terms.push(stem(word))
    }
  }
  return terms
}
