import { expect, test } from 'vitest'
import * as vocabulary from '../../src/references/vocabulary.ts'
import { lineOf } from '../../src/references/words.ts'

test.each(Object.entries(vocabulary))('%s are in search form: any other could never match a question', (_, table) => {
  const words: readonly string[] = Array.isArray(table) ? table : Object.entries(table).flat(2)
  // A space at the end parts a word from what follows, which the search form of the word alone cannot show.
  for (const word of words) expect(lineOf(word).text).toBe(word.trimEnd())
})
