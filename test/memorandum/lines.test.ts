import { describe, expect, test } from 'vitest'
import {
  annexTitleLine,
  areaLine,
  attachmentLine,
  measureLine,
  preambleClauseLine,
} from '../../src/memorandum/lines.ts'

describe('areaLine()', () => {
  test.each([
    ['三、 創新及科技', 3, '創新及科技'],
    ['一、 “一帶一路”建設／經貿', 1, '“一帶一路”建設／經貿'],
    ['十一、便利港人在內地發展的措施', 11, '便利港人在內地發展的措施'],
    ['二十一、會展', 21, '會展'],
  ])('knows %s', (line, ordinal, title) => {
    expect(areaLine(line)).toEqual({ ordinal, title })
  })

  test.each([
    ['a sentence', '一、合作宗旨。全面準確貫徹“一國兩制”方針'],
    ['part of a long one', '三、四線城市的企業到香港設立地區總部並利用香港的金融平台走出去以及拓展海外業務和管理風險'],
    ['an item', '3. 創新及科技'],
    ['a title without an ordinal', '創新及科技'],
    ['an ordinal without a title', '三、'],
  ])('does not take %s for an area', (_what, line) => {
    expect(areaLine(line)).toBeUndefined()
  })
})

describe('preambleClauseLine()', () => {
  test('knows a numbered sentence', () => {
    expect(preambleClauseLine('一、合作宗旨。發揮川港優勢特色。')).toEqual({
      number: 1,
      text: '合作宗旨。發揮川港優勢特色。',
    })
  })

  test.each(['三、創新及科技', '為進一步擴大交流和合作。', '1. 合作宗旨。'])(
    'does not take %s for a clause',
    (line) => {
      expect(preambleClauseLine(line)).toBeUndefined()
    },
  )
})

describe('measureLine()', () => {
  test.each([
    ['1. 雙方推動交流', 1, '雙方推動交流'],
    ['1.全面貫徹', 1, '全面貫徹'],
    ['- 12. 積極構建', 12, '積極構建'],
    ['• 12. 積極構建', 12, '積極構建'],
    ['3、加強合作', 3, '加強合作'],
    ['３．加強合作'.normalize('NFKC'), 3, '加強合作'],
    ['4．加強合作', 4, '加強合作'],
    ['2. 2018年舉辦論壇', 2, '2018年舉辦論壇'],
    ['6. “一帶一路”', 6, '“一帶一路”'],
  ])('knows %s', (line, number, text) => {
    expect(measureLine(line)).toEqual({ number, text })
  })

  test.each(['5.21', '5.21世紀海上絲綢之路', '2018年5月11日', '2018. 五月', '三、金融', '1.', '- 加強合作', '附件'])(
    'does not take %s for a measure',
    (line) => {
      expect(measureLine(line)).toBeUndefined()
    },
  )
})

test('attachmentLine() knows a label that stands alone', () => {
  expect(['附件', '附件二', '附件2'].map(attachmentLine)).toEqual([true, true, true])
  expect(['附件：具體合作措施', '詳見附件。', ''].map(attachmentLine)).toEqual([false, false, false])
})

test('annexTitleLine() knows what stands above the measures', () => {
  expect(annexTitleLine('川港高層會晤暨川港合作會議第一次會議同意的具體合作措施')).toBe(true)
  expect(annexTitleLine('浙港高層會晤暨"浙港合作會議"第一次會議同意的具體合作措施與任務')).toBe(true)
  expect(annexTitleLine('具體合作措施')).toBe(false)
})
