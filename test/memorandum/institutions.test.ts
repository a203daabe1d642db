import { beforeAll, describe, expect, test } from 'vitest'
import { institutions, institutionsIn } from '../../src/memorandum/institutions.ts'
import { type Library, loadLibrary } from '../../src/memorandum/library.ts'

let library: Library
beforeAll(async () => {
  library = await loadLibrary('corpus')
})

describe('institutionsIn()', () => {
  test('finds every unit that names an institution under any of its names, in library order', () => {
    const named = institutionsIn(library).find(({ institution }) => institution.slug === 'hktdc')
    expect(named?.units).toEqual(
      library.units.filter(({ text }) => /貿易發展局|貿發局/u.test(text)).map(({ id }) => id),
    )
  })

  test('begins with the one most often named', () => {
    const counts = institutionsIn(library).map(({ units }) => units.length)
    expect(counts).toEqual([...counts].sort((a, b) => b - a))
  })

  test('has each institution of the table once, and each is named in the corpus', () => {
    const absent = institutions.filter(
      ({ slug }) => !institutionsIn(library).some(({ institution }) => institution.slug === slug),
    )
    expect(absent.map(({ slug }) => slug)).toEqual([])
    const names = institutions.flatMap((one) => one.names)
    expect(new Set(names).size).toBe(names.length)
    expect(new Set(institutions.map(({ slug }) => slug)).size).toBe(institutions.length)
    for (const { slug } of institutions) expect(slug).toMatch(/^[a-z]+(?:-[a-z]+)*$/u)
  })
})
