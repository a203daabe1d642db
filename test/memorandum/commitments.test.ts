import { beforeAll, describe, expect, test } from 'vitest'
import { type Commitment, commitmentsIn } from '../../src/memorandum/commitments.ts'
import { buildLibrary, type Library, loadLibrary } from '../../src/memorandum/library.ts'

let library: Library
let commitments: readonly Commitment[]
beforeAll(async () => {
  library = await loadLibrary('corpus')
  commitments = commitmentsIn(library)
})

const sentenceOf = ({ id, range: [start, end] }: Commitment) => library.byId.get(id)?.text.slice(start, end) ?? ''

/** Marks of one sentence in a measure of its own. */
function marksOf(text: string): readonly (readonly [number, readonly string[]])[] {
  const [memorandum] = library.memoranda
  const [area] = memorandum?.areas ?? []
  const [measure] = area?.measures ?? []
  if (memorandum === undefined || area === undefined || measure === undefined) throw new Error('no measure')
  return commitmentsIn(
    buildLibrary([{ ...memorandum, areas: [{ ...area, measures: [{ ...measure, text }] }] }], [], 'x'),
  ).map(({ year, marks }) => [year, marks])
}

describe('commitmentsIn()', () => {
  test('gives sentences that name what they are found by, in order of years', () => {
    for (const one of commitments) for (const mark of one.marks) expect(sentenceOf(one)).toContain(mark)
    const years = commitments.map(({ year }) => year)
    expect(years).toEqual([...years].sort((a, b) => a - b))
  })

  test('misses no year that a measure names', () => {
    const years = library.units.flatMap(({ kind, text }) =>
      kind === 'measure' ? (text.match(/20\d\d年/gu) ?? []) : [],
    )
    expect(
      commitments
        .flatMap(({ marks }) => marks)
        .join(' ')
        .match(/20\d\d年/gu),
    ).toHaveLength(years.length)
  })

  test.each([
    ['於2019年底前邀請不少於1000名青年。', [[2019, ['2019年底前', '不少於1000名']]]],
    ['定於2018年6月28日舉行。', [[2018, ['2018年6月28日']]]],
    ['招募200名大學生。', [[2018, ['200名']]]],
    ['舉辦第三屆論壇，推動十四五規劃。', []],
    ['在2018年暑假舉辦，派60名員工。', [[2018, ['2018年暑假', '60名']]]],
  ])('%s', (text, expected) => {
    expect(marksOf(text)).toEqual(expected)
  })
})
