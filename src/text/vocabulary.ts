/**
 * Words as their tables stand in the source: families of them, one a line, parted by spaces, with an underscore for a
 * space inside a word.
 */
export function wordsIn(...families: readonly string[]): readonly string[] {
  return families.flatMap((family) => family.split(' ')).map((word) => word.replaceAll('_', ' '))
}

/** What stands behind a word where it is part of another word: 列 behind 系, for 系列 is a series. */
export type Continuations = Readonly<Record<string, readonly string[]>>

const escaped = (word: string) => word.replace(/[\\^$.*+?()[\]{}|/]/gu, '\\$&')

/**
 * Words as the alternatives of a regular expression with the flag `u`, to be put between parentheses: longest first, so
 * that no word hides a longer one, and with every sign meaning itself. A word counts only where none of its
 * continuations follows.
 */
export function oneOf(words: Iterable<string>, continuations: Continuations = {}): string {
  return [...words]
    .sort((a, b) => b.length - a.length)
    .map((word) => {
      const others = continuations[word]
      return others === undefined ? escaped(word) : `${escaped(word)}(?!${oneOf(others)})`
    })
    .join('|')
}
