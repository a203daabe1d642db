import { describe, expect, test } from 'vitest'
import type { FactName } from '../../src/answer/answer.ts'
import { factOf, factValues, proofOf } from '../../src/answer/facts.ts'
import { loadLibrary } from '../../src/memorandum/library.ts'
import { sentences } from '../../src/text/sentences.ts'

const library = await loadLibrary('corpus')
const facts: readonly FactName[] = ['leaders', 'chair', 'signatories', 'custodians', 'date', 'place', 'plenary', 'areas', 'measures', 'principles']

describe.each(library.memoranda)('the facts of $id', (memorandum) => {
  test('come from its front matter', () => {
    expect(factOf(memorandum, 'leaders').split('、')).toEqual(memorandum.leaders)
    expect(factOf(memorandum, 'chair')).toContain(memorandum.chair ?? memorandum.leaders[0])
    for (const { party, office } of memorandum.signatories) expect(factOf(memorandum, 'signatories')).toContain(`${party}${office}`)
    expect(factOf(memorandum, 'custodians').split('、')).toEqual(memorandum.custodians)
    expect(factOf(memorandum, 'place')).toBe(memorandum.place)
    expect(factOf(memorandum, 'plenary')).toBe(String(memorandum.plenary))
    expect(factOf(memorandum, 'areas')).toBe(String(memorandum.areas.length))
    expect(factOf(memorandum, 'measures')).toBe(String(library.units.filter((unit) => unit.kind === 'measure' && unit.memorandum.id === memorandum.id).length))
  })

  test('stand in its preamble, word for word', () => {
    const printed = [memorandum.preamble.text, ...memorandum.preamble.items.map(({ text }) => text)].join('\n')
    for (const value of [...memorandum.custodians, factOf(memorandum, 'date'), factOf(memorandum, 'principles'), memorandum.place]) expect(printed).toContain(value)
    expect(factOf(memorandum, 'principles')).toMatch(/原則/u)
  })

  test.each(facts)('are proved by whole sentences: %s', (fact) => {
    const { unit, highlights } = proofOf(library, memorandum, fact)
    expect(unit.memorandum.id).toBe(memorandum.id)
    expect(unit.kind).not.toBe('measure')
    const bounds = sentences(unit.text).map(([start, end]) => [start, start + unit.text.slice(start, end).trimEnd().length])
    if (fact !== 'measures') expect(highlights.length).toBeGreaterThan(0)
    for (const range of highlights) expect(bounds).toContainEqual(range)
  })
})

test('factValues() gives one value a memorandum, in order, without leading zeros in dates', () => {
  const values = factValues(library.memoranda, 'date')
  expect(values.map(({ province }) => province)).toEqual(library.memoranda.map(({ province }) => province.slug))
  expect(values[0]).toEqual({ memorandum: '川港 2018', province: 'sichuan', value: '2018年5月11日' })
})
