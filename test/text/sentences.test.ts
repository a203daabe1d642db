import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { loadLibrary } from '../../src/memorandum/library.ts'
import { sentences } from '../../src/text/sentences.ts'

const cut = (text: string) => sentences(text).map(([start, end]) => text.slice(start, end))

describe('sentences()', () => {
  // ¦ marks where one sentence ends and the next begins.
  test.each([
    ['marks of the end', '加強交流。¦是否開放？¦好！¦推動合作；¦其他'],
    ['marks as 浙 prints them', '加強合作;¦鼓勵企業參與。'],
    ['a closing quotation mark', '實施“一國兩制。”¦推動交流。'],
    ['a closing bracket', '（詳見附件。）¦雙方同意。'],
    ['a straight mark that closes', '他說"好。"¦雙方同意。'],
    ['a straight mark that opens the next sentence', '雙方同意。¦"一帶一路"建設。'],
    ['a line break', '四川省人民政府\n¦香港特別行政區政府'],
    ['English', 'Both sides agree.¦ They meet yearly.'],
    ['decimals and references, which end nothing', '見第5.21項及CEPA 2.0安排。'],
    ['text without an end', '青年發展'],
  ])('cuts at %s', (_what, marked) => {
    expect(cut(marked.replaceAll('¦', ''))).toEqual(marked.split('¦'))
  })

  test.each(['', '   ', '\n\n'])('finds none in %j', (text) => {
    expect(sentences(text)).toEqual([])
  })

  const anyText = fc.string({ unit: fc.constantFrom(...'川港合作。！？；!?;.\n "\'“”「」（）()5a'), maxLength: 40 })

  test('covers the text: in order, without overlap, leaving out nothing but white space', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        let at = 0
        for (const [start, end] of sentences(text)) {
          expect(start).toBeGreaterThanOrEqual(at)
          expect(text.slice(at, start).trim()).toBe('')
          expect(text.slice(start, end).trim()).not.toBe('')
          at = end
        }
        expect(text.slice(at).trim()).toBe('')
      }),
    )
  })

  test('covers every unit of the corpus and cuts none inside a pair of brackets', async () => {
    for (const { id, text } of (await loadLibrary('corpus')).units) {
      expect(cut(text).join('').replaceAll('\n', ''), id).toBe(text.replaceAll('\n', ''))
      for (const sentence of cut(text))
        expect(sentence.split('（').length, `${id}: ${sentence}`).toBe(sentence.split('）').length)
    }
  })
})
