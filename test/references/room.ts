import { loadLibrary } from '../../src/memorandum/library.ts'
import type { Memorandum } from '../../src/model/corpus.ts'
import { namesOf } from '../../src/references/names.ts'
import { findReferences } from '../../src/references/references.ts'
import { type Reference, readingsOf, resolveReference } from '../../src/references/resolve.ts'

export const library = await loadLibrary('corpus')
export const names = namesOf(library)
export const memorandumOf = (slug: string): Memorandum =>
  library.memoranda.find(({ province }) => province.slug === slug)!

function inWords(reference: Reference): string {
  const { units, missing } = resolveReference(reference, library)
  const unmet = missing.map(({ kind, asked }) => `${kind === 'item' ? '✗' : '?'}${asked}`)
  return [...units.map(({ id }) => id), ...unmet].join(' ')
}

/**
 * What a question names, in one line: ids of units in order, `✗` before what does not exist, `?` before what cannot be
 * read.
 */
export const named = (query: string, fallback?: Memorandum): string =>
  findReferences(query, names, fallback)
    .map(({ reference }) => inWords(reference))
    .join(' ')

/** The same with every reading, the likelier first. */
export const meant = (query: string): string =>
  findReferences(query, names)
    .map(({ reference }) => readingsOf(reference, library).map(inWords).join(' or '))
    .join('; ')
