import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { tidy, withoutSpace } from '../../src/text/tidy.ts'

describe('tidy()', () => {
  test.each([
    ['joins a sentence that a line end cut', '川港合作\n會議', '川港合作會議'],
    ['joins a sentence that a page break cut', '推動綠\n\n\f\n色低碳', '推動綠色低碳'],
    ['takes out gaps beside numbers', '2018 年 5 月 11 日', '2018年5月11日'],
    ['takes out gaps beside punctuation', '在 “一帶一路 ” 建設', '在“一帶一路”建設'],
    ['takes out gaps between Chinese and Latin', '開拓 RCEP 成員國', '開拓RCEP成員國'],
    ['keeps one space between two Latin words', 'Belt  and\n Road', 'Belt and Road'],
    ['keeps one space between two numbers', '第 16\n17 項', '第16 17項'],
    ['takes out an ideographic space', '金融　合作', '金融合作'],
    ['takes out the ends', ' \n四川\t', '四川'],
  ])('%s', (_what, printed, expected) => {
    expect(tidy(printed)).toBe(expected)
  })

  const printed = fc.string({ unit: fc.constantFrom(...'川港金A1é〇“”，。𠮷 \n\t\f　\u00a0\u200b'), maxLength: 40 })

  test('touches nothing but white space', () => {
    fc.assert(fc.property(printed, (text) => withoutSpace(tidy(text)) === withoutSpace(text)))
  })

  test('changes nothing that is tidy', () => {
    fc.assert(fc.property(printed, (text) => tidy(tidy(text)) === tidy(text)))
  })

  test('leaves no white space but single spaces between words', () => {
    fc.assert(fc.property(printed, (text) => !/[^\S ]| {2}|^ | $/u.test(tidy(text))))
  })
})

test('withoutSpace() takes out what nobody sees', () => {
  expect(withoutSpace(' 川\u200b 港\ufeff\n合　作 ')).toBe('川港合作')
})
