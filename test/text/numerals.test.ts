import { describe, expect, test } from 'vitest'
import { formatChineseNumeral, parseNumeral } from '../../src/text/numerals.ts'

/** A number as people write it with units: 一千零二十一. */
function written(value: number, digits: string, units: string): string {
  let out = ''
  let gap = false
  for (const [place, unit] of [
    [1000, units[2]],
    [100, units[1]],
    [10, units[0]],
    [1, ''],
  ] as const) {
    const digit = Math.floor(value / place) % 10
    if (digit === 0) gap = out !== ''
    else {
      out += `${gap ? digits[0] : ''}${digits[digit]}${unit}`
      gap = false
    }
  }
  return out
}
const positional = (value: number, digits: string) => [...String(value)].map((digit) => digits[Number(digit)]).join('')
const to9999 = Array.from({ length: 9999 }, (_, index) => index + 1)

describe('parseNumeral()', () => {
  test.each([
    ['Chinese', (value: number) => written(value, '零一二三四五六七八九', '十百千')],
    [
      'Chinese, 一十 shortened to 十',
      (value: number) => written(value, '零一二三四五六七八九', '十百千').replace(/^一十/u, '十'),
    ],
    ['financial Traditional', (value: number) => written(value, '零壹貳叁肆伍陸柒捌玖', '拾佰仟')],
    ['financial Simplified', (value: number) => written(value, '零壹贰叁肆伍陆柒捌玖', '拾佰仟')],
    ['positional', (value: number) => positional(value, '〇一二三四五六七八九')],
    ['positional with the circle of a keyboard', (value: number) => positional(value, '○一二三四五六七八九')],
    ['Arabic', String],
    ['full-width Arabic', (value: number) => positional(value, '０１２３４５６７８９')],
  ])('reads every number from 1 to 9999 in %s form', (_form, write) => {
    const wrong = to9999
      .filter((value) => parseNumeral(write(value)) !== value)
      .map((value) => `${value}: ${write(value)}`)
    expect(wrong).toEqual([])
  })

  test.each([
    ['廿', 20],
    ['廿一', 21],
    ['卅五', 35],
    ['卌', 40],
    ['一百廿一', 121],
    ['兩', 2],
    ['兩百', 200],
    ['百零五', 105],
    ['貳拾壹', 21],
    ['參', 3],
    ['〇', 0],
    ['零', 0],
    ['二〇二三', 2023],
    ['二一', 21],
    [' 十一 ', 11],
  ])('reads %s as %i', (text, value) => {
    expect(parseNumeral(text)).toBe(value)
  })

  test.each([
    '',
    ' ',
    '第一',
    '一項',
    'x',
    '1.5',
    '-1',
    '12345',
    '一二三四五',
    '十十',
    '十百',
    '二廿',
    '一百零',
    '零百',
    '一百零零五',
    '一零百',
    '五六十',
    'constructor',
  ])('reads nothing from %j', (text) => {
    expect(parseNumeral(text)).toBeUndefined()
  })
})

describe('formatChineseNumeral()', () => {
  test.each([
    [1, '一'],
    [10, '十'],
    [11, '十一'],
    [20, '二十'],
    [21, '二十一'],
    [99, '九十九'],
  ])('writes %i as %s', (value, text) => {
    expect(formatChineseNumeral(value)).toBe(text)
  })

  test('writes what parseNumeral() reads back, from 1 to 99', () => {
    for (let value = 1; value <= 99; value += 1) expect(parseNumeral(formatChineseNumeral(value))).toBe(value)
  })

  test.each([0, 100, 1.5, Number.NaN])('refuses %d', (value) => {
    expect(() => formatChineseNumeral(value)).toThrow(RangeError)
  })
})
