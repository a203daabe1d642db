import { describe, expect, test } from 'vitest'
import { fold } from '../../src/text/fold.ts'
import { lacksDetail } from '../../src/understanding/details.ts'

const clause = '支持兩地高校合作，於2023年底前選派不少於100名青年到港實習。'

describe('lacksDetail()', () => {
  test.each([
    '實習津貼有幾多錢',
    '學費是多少',
    '報名電話',
    '院長是誰',
    '佔地面積',
    'what is the budget',
    'phone number of the office',
    '住邊間酒店',
  ])('misses what no clause gives: %s', (question) => {
    expect(lacksDetail(fold(question), [clause])).toBe(true)
  })

  test.each([
    ['預算是多少', '投資2億元興建。'],
    ['截止日期', clause],
    ['名額有幾多', clause],
    ['幾時開放', clause],
    ['網址', '詳見 https://example.hk'],
  ])('finds what a clause gives: %s', (question, text) => {
    expect(lacksDetail(fold(question), ['別的條文。', text])).toBe(false)
  })

  test('asks for no detail where the question does not', () => {
    expect(lacksDetail(fold('有甚麼青年實習'), [])).toBe(false)
    expect(lacksDetail('', [])).toBe(false)
  })
})
