import { describe, expect, test } from 'vitest'
import { factOf, factValues, proofOf } from '../../src/answer/facts.ts'
import { loadLibrary } from '../../src/memorandum/library.ts'
import type { FactName } from '../../src/model/answer.ts'
import { sentences } from '../../src/text/sentences.ts'
import { openRoom } from './room.ts'

const library = await loadLibrary('corpus')
const { assistant } = await openRoom()
const facts: readonly FactName[] = [
  'leaders',
  'chair',
  'signatories',
  'custodians',
  'date',
  'place',
  'plenary',
  'areas',
  'measures',
  'principles',
]

describe.each(library.memoranda)('the facts of $id', (memorandum) => {
  test('come from its front matter', () => {
    expect(factOf(memorandum, 'leaders').split('、')).toEqual(memorandum.leaders)
    expect(factOf(memorandum, 'chair')).toContain(memorandum.chair ?? memorandum.leaders[0])
    for (const { party, office } of memorandum.signatories)
      expect(factOf(memorandum, 'signatories')).toContain(`${party}${office}`)
    expect(factOf(memorandum, 'custodians').split('、')).toEqual(memorandum.custodians)
    expect(factOf(memorandum, 'place')).toBe(memorandum.place)
    expect(factOf(memorandum, 'plenary')).toBe(String(memorandum.plenary))
    expect(factOf(memorandum, 'areas')).toBe(String(memorandum.areas.length))
    expect(factOf(memorandum, 'measures')).toBe(
      String(library.units.filter((unit) => unit.kind === 'measure' && unit.memorandum.id === memorandum.id).length),
    )
  })

  test('stand in its preamble, word for word', () => {
    const printed = [memorandum.preamble.text, ...memorandum.preamble.items.map(({ text }) => text)].join('\n')
    for (const value of [
      ...memorandum.custodians,
      factOf(memorandum, 'date'),
      factOf(memorandum, 'principles'),
      memorandum.place,
    ])
      expect(printed).toContain(value)
    expect(factOf(memorandum, 'principles')).toMatch(/原則/u)
  })

  test.each(facts)('are proved by whole sentences: %s', (fact) => {
    const { unit, highlights } = proofOf(library, memorandum, fact)
    expect(unit.memorandum.id).toBe(memorandum.id)
    expect(unit.kind).not.toBe('measure')
    const bounds = sentences(unit.text).map(([start, end]) => [
      start,
      start + unit.text.slice(start, end).trimEnd().length,
    ])
    if (fact !== 'measures') expect(highlights.length).toBeGreaterThan(0)
    for (const range of highlights) expect(bounds).toContainEqual(range)
  })
})

test('factValues() gives one value a memorandum, in order, without leading zeros in dates', () => {
  const values = factValues(library.memoranda, 'date')
  expect(values.map(({ province }) => province)).toEqual(library.memoranda.map(({ province }) => province.slug))
  expect(values[0]).toEqual({ memorandum: '川港 2018', province: 'sichuan', value: '2018年5月11日' })
})

describe('who holds an office', () => {
  test.each([
    ['四川省委書記是誰', 'leaders', '彭清華'],
    ['浙江省長係邊個', 'chair', '劉捷'],
    ['who is the governor of Zhejiang', 'chair', '劉捷'],
    ['邊位副省長代表四川', 'signatories', '朱鶴新'],
    ['當時的行政長官是誰？', 'leaders', '林鄭月娥'],
    ['福建政務司司長是誰', 'signatories', '陳國基'],
    ['who is the vice governor of Fujian', 'signatories', '郭寧寧'],
  ])('%s is read from the document', async (query, fact, name) => {
    const answer = await assistant.answer({ query })
    expect(answer).toMatchObject({ kind: 'facts', fact })
    expect(answer.kind === 'facts' ? answer.values.map(({ value }) => value).join() : '').toContain(name)
  })

  test.each([
    '福建省長是誰',
    '誰是重慶市長',
    '湖北副省長叫甚麼名字',
    '福建省委書記是誰',
    'who is the party secretary of Fujian',
    '浙江省市長是誰',
  ])('%s is not in the document, and nobody else is named instead', async (query) => {
    expect(await assistant.answer({ query })).toMatchObject({ kind: 'missing', reason: { kind: 'detail' } })
  })
})

test.each(['5G', '有冇5G？'])('%j is looked for', async (query) => {
  expect((await assistant.answer({ query })).hits[0]?.id).toBe('chongqing-2023/6.3')
})

test.each(['12345', 'a', '嗯', '。。。', '嗯嗯 ?'])(
  '%j says nothing that could be looked for, also after other questions',
  async (query) => {
    expect(await assistant.answer({ query, context: ['湖北的青年發展'] })).toMatchObject({
      kind: 'missing',
      reason: { kind: 'unclear' },
    })
  },
)
