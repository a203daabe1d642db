import { expect, test } from 'vitest'
import { searchForm } from '../../src/text/fold.ts'
import * as vocabulary from '../../src/understanding/vocabulary.ts'

test.each(Object.entries(vocabulary))('%s are in search form: any other could never match a question', (_, table) => {
  for (const word of typeof table === 'string' ? [table] : table) expect(searchForm(word).text).toBe(word)
})
