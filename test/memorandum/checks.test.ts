import { describe, expect, test } from 'vitest'
import { checkMemorandum, firstDifference, publishedLines, publishedWords } from '../../src/memorandum/checks.ts'
import type { Area, Measure, Memorandum } from '../../src/model/corpus.ts'

/** `金融 1 2 / 教育 1`: areas with the printed numbers of their measures. */
function memorandum(
  outline: string,
  numbering: 'area' | 'annex' = 'area',
  clauses: readonly number[] = [],
): Memorandum {
  const id = 'shaanxi-2026'
  const areas = outline.split(' / ').map((part, index): Area => {
    const [title = '', ...numbers] = part.split(' ')
    return {
      ordinal: index + 1,
      title,
      measures: numbers
        .map(Number)
        .map((number): Measure => ({ id: `${id}/${index + 1}.${number}`, number, text: '合作。' })),
    }
  })
  return {
    id,
    title: '陝港合作會議第一次會議備忘錄',
    date: '2026-01-02',
    plenary: 1,
    place: '陝西省西安市',
    province: { slug: 'shaanxi', zh: '陝西', en: 'Shaanxi', char: '陝' },
    leaders: ['陝西省委書記張三'],
    signatories: [],
    custodians: [],
    numbering,
    source: 'sources/shaanxi-2026.txt',
    preamble: {
      id: `${id}/preamble`,
      text: '',
      items: clauses.map((number) => ({ id: `${id}/preamble.${number}`, number, text: '宗旨。' })),
    },
    areas,
  }
}
const messages = (checked: Memorandum, declared = checked.areas.length) =>
  checkMemorandum(checked, declared).map(({ message }) => message)

describe('checkMemorandum()', () => {
  test.each([
    ['that restart in each area', '金融 1 2 / 教育 1 2 3', 'area'],
    ['that run through the annex', '金融 1 2 / 教育 3 4 5', 'annex'],
  ] as const)('has nothing against numbers %s', (_what, outline, numbering) => {
    expect(messages(memorandum(outline, numbering, [1, 2]))).toEqual([])
  })

  test.each([
    ['a missing number', '金融 1 3', 'area', 'area 1: item 3 follows item 1'],
    ['a repeated number', '金融 1 2 2', 'area', 'area 1: item 2 follows item 2'],
    ['a missing first number', '金融 1 / 教育 2', 'area', 'area 2: item 2 follows item 0'],
    ['a restart where numbers run on', '金融 1 2 / 教育 1', 'annex', 'area 2: item 1 follows item 2'],
    ['numbers that run on where they restart', '金融 1 2 / 教育 3', 'area', 'area 2: item 3 follows item 0'],
    ['an area without a measure', '金融 1 / 教育', 'area', 'area 2 「教育」 holds no measure'],
  ] as const)('names %s', (_what, outline, numbering, message) => {
    expect(messages(memorandum(outline, numbering))).toEqual([message])
  })

  test('names a count of areas that the preamble does not declare', () => {
    expect(messages(memorandum('金融 1 / 教育 1'), 3)).toEqual(['the preamble declares 3 areas, 2 were found'])
  })

  test('names an area out of order and a clause out of order', () => {
    const checked = memorandum('金融 1 / 教育 1', 'area', [1, 3])
    const swapped = { ...checked, areas: checked.areas.toReversed() }
    expect(messages(swapped)).toEqual([
      'area 2 「教育」 stands where area 1 was expected',
      'area 1 「金融」 stands where area 2 was expected',
      'preamble: clause 3 stands where clause 2 was expected',
    ])
  })

  test('says which measure is to blame, so that a reader can name its line', () => {
    const checked = memorandum('金融 1 3')
    expect(checkMemorandum(checked, 1).map(({ at }) => at)).toEqual([checked.areas[0]?.measures[1]])
  })
})

describe('firstDifference()', () => {
  test('sees none where white space alone differs', () => {
    expect(firstDifference('川 港\n合作', '川港合作')).toBeUndefined()
  })

  test.each([
    ['a changed character', '川港合作', '川渝合作', 1],
    ['lost text at the end', '川港合作', '川港', 2],
    ['added text', '川港', '川港合作', 2],
  ])('finds %s', (_what, expected, found, offset) => {
    expect(firstDifference(expected, found)).toEqual({ offset, expected, found })
  })
})

test('publishedLines() ends a line at a page break, and counts lines as an editor does', () => {
  expect(publishedLines('**一、** 金融 \r\n1. 推動綠\f色債券\n2. 合作')).toEqual([
    { number: 1, text: '一、 金融' },
    { number: 2, text: '1. 推動綠' },
    { number: 2, text: '色債券' },
    { number: 3, text: '2. 合作' },
  ])
})

test('publishedWords() leaves out what conversions from PDF add, and nothing else', () => {
  expect(publishedWords('1. **深化金融合作。**推動\n - 17. 推動\n3、加強\n- 加強 5.21')).toBe(
    '1.深化金融合作。推動17.推動3.加強-加強5.21',
  )
})
