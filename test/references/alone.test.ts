import { describe, expect, test } from 'vitest'
import { findUnnamed, findUnread, readStride } from '../../src/references/alone.ts'
import { findReferences } from '../../src/references/references.ts'
import { calledOf } from '../../src/references/resolve.ts'
import { names } from './room.ts'

describe('findUnnamed()', () => {
  const called = (query: string) => findUnnamed(query, names)?.map((reference) => calledOf(reference).zh)

  test.each([
    ['第廿一項', ['閩港第21項', '浙港第21項']],
    ['第五十条', ['浙港第50項']],
    ['唔該，item 44 please', ['浙港第44項']],
    ['第七十七项', []],
  ])('%s → %j: only numbering through the annex goes so far', (query, expected) => {
    expect(called(query)).toEqual(expected)
  })

  test.each(['第三項', '第21項講青年嗎', '第21届', '浙第21項', '第五部分第21項', '21'])('nothing of %s', (query) => {
    expect(called(query)).toBeUndefined()
  })
})

describe('findUnread()', () => {
  test.each([
    ['浙21=22', '浙21=22'],
    ['川7-4-2', '川7-4-2'],
    ['唔該，浙45-3呢？', '浙45-3'],
    ['Hubei 24/7', 'Hubei 24/7'],
    ['浙21x', '浙21x'],
    ['浙 xxi-IV-3', '浙 xxi-IV-3'],
  ])('%s is meant to name clauses: %s', (query, written) => {
    expect(findReferences(query, names)).toEqual([])
    expect(findUnread(query, names)).toBe(written)
  })

  test.each([
    '浙江2025',
    '浙江 2025 2023',
    '浙江12345',
    '浙江0571-1234567',
    '閩5G',
    '浙3D',
    '浙江21項措施',
    '重慶11個領域',
    '四川三星堆',
    '浙江 十四五',
    '福建 200 名學生',
    'Sichuan 5 pandas',
    'the Zhejiang one',
    '粵3-2-1',
    '浙江',
    '21|22',
    '',
  ])('%s is not', (query) => {
    expect(findUnread(query, names)).toBeUndefined()
  })
})

describe('readStride()', () => {
  test.each([
    ['下兩項', { side: 'next', count: 2 }],
    ['咁後面三條呢？', { side: 'next', count: 3 }],
    ['之後嘅2項', { side: 'next', count: 2 }],
    ['上兩條', { side: 'previous', count: 2 }],
    ['前面十項', { side: 'previous', count: 10 }],
    ['and the next two items please', { side: 'next', count: 2 }],
    ['previous 3 clauses', { side: 'previous', count: 3 }],
  ] as const)('%s', (query, stride) => {
    expect(readStride(query)).toEqual(stride)
  })

  test.each([
    '下一年',
    '下兩項工程點樣',
    '浙21',
    '之後三條高鐵幾時開',
    '下四十項',
    '上海兩條地鐵',
    'next two years',
    '',
  ])('no steps in %s', (query) => {
    expect(readStride(query)).toBeUndefined()
  })
})
