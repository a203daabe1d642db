import { describe, expect, test } from 'vitest'
import type { Screen } from '../../src/screens/screen.ts'
import { concat, link, plain } from '../../src/screens/styled.ts'
import { choicesOf } from '../../src/terminal/choices.ts'

const style = { color: false }
const clause = (item: number) => ({ kind: 'clause', id: `sichuan-2018/5.${item}`, page: 0 }) as const
const context = (item: number) => ({ kind: 'context', id: `sichuan-2018/5.${item}`, page: 0 }) as const

describe('choicesOf()', () => {
  test('keeps the numbers that clauses have in the text, and counts on from there', () => {
    const rows: Screen['rows'] = [
      [
        { text: '4 全文', press: clause(1) },
        { text: '5 全文', press: clause(2) },
      ],
      [
        { text: '4 前後文', press: context(1) },
        { text: '‹ 上一', press: { kind: 'topics', page: 0 } },
      ],
    ]
    const { text, presses } = choicesOf({ message: plain('答案'), rows }, style, '全文')
    expect(text).toBe('答案\n\n[4] 全文   [5] 全文\n[6] 4 前後文   [7] ‹ 上一')
    expect(presses.get(5)).toEqual(clause(2))
    expect(presses.get(6)).toEqual(context(1))
  })

  test('numbers what links of the text open, except where a button leads there', () => {
    const message = concat(
      link('一', 'https://t.me/-?start=c_sichuan-2018_5_1'),
      '\n',
      link('二', 'https://t.me/-?start=c_sichuan-2018_5_2'),
      '\n',
      link('外', 'https://example.org/'),
    )
    const { text, presses } = choicesOf({ message, rows: [[{ text: '全文', press: clause(1) }]] }, style, '全文')
    expect(text).toBe('一\n二 [2]\n外\n\n[1] 全文')
    expect(presses.get(2)).toEqual(context(2))
  })

  test('says what a bare number shows', () => {
    const rows: Screen['rows'] = [[1, 2].map((item) => ({ text: `${item}`, press: clause(item) }))]
    expect(choicesOf({ message: plain('清單'), rows }, style, '全文').text).toBe('清單\n\n[1] 全文   [2] 全文')
  })

  test('leaves out what only Telegram can do', () => {
    const rows: Screen['rows'] = [
      [
        { text: '分享', share: '' },
        { text: '私人對話', url: 'https://t.me/-' },
      ],
    ]
    expect(choicesOf({ message: plain('答案'), rows }, style, '全文')).toEqual({ text: '答案', presses: new Map() })
  })

  test('breaks rows of choices that are wider than the terminal', () => {
    const rows: Screen['rows'] = [
      ['青年發展（24）', '創新科技（30）', '金融（20）'].map((text, at) => ({
        text,
        press: { kind: 'topics', page: at } as const,
      })),
    ]
    expect(choicesOf({ message: plain('主題'), rows }, { ...style, width: 36 }, '全文').text).toBe(
      '主題\n\n[1] 青年發展（24）\n[2] 創新科技（30）   [3] 金融（20）',
    )
  })
})
