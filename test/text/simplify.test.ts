import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { simplify } from '../../src/text/simplify.ts'

describe('simplify()', () => {
  test('converts the script and nothing else', () => {
    expect(simplify('醫療衞生及中醫藥 2018 “一帶一路”').text).toBe('医疗卫生及中医药 2018 “一带一路”')
  })

  test('moves ranges along, whatever stands around them', () => {
    const part = fc
      .array(fc.constantFrom('衞', '國', '髮', 'a', '𠮷', '😀', '。', '裏', '著'), { maxLength: 8 })
      .map((characters) => characters.join(''))
    fc.assert(
      fc.property(part, part, part, (before, inside, after) => {
        const { text, ranges } = simplify(`${before}${inside}${after}`, [
          [before.length, before.length + inside.length],
        ])
        const [start = 0, end = 0] = ranges[0] ?? []
        expect(text.slice(start, end)).toBe(simplify(inside).text)
        expect(text.slice(0, start)).toBe(simplify(before).text)
        expect(text.slice(end)).toBe(simplify(after).text)
      }),
    )
  })
})
