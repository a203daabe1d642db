import fc from 'fast-check'
import { Converter } from 'opencc-js'
import { describe, expect, test } from 'vitest'
import { loadLibrary } from '../../src/memorandum/library.ts'
import { bare, fold, searchForm } from '../../src/text/fold.ts'

/**
 * Text as hostile as a chat may bring: any code point, half a surrogate pair, and the characters that fold() treats
 * specially, often.
 */
const anyText = fc.string({
  unit: fc.oneof(
    fc.constantFrom(...'四川財資中心後台著着衞衛“”「」『』《》—－、。．Ａa1 　\n\t\u200bﷺ薴①㎏ﬁİ\ud800'),
    fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
  ),
  maxLength: 40,
})
const withoutSpaces = (text: string) => text.replaceAll(' ', '')

describe('fold()', () => {
  test.each([
    ['script', '創新科技', '创新科技', '创新科技'],
    ['regional variants', '衞生', '衛生', '卫生'],
    ['着 and 著', '着力', '著力', '着力'],
    ['width and case', 'ＲＣＥＰ１１', 'rcep11', 'rcep11'],
    ['quotation marks', '“一帶一路”', '「一帶一路」', '"一带一路"'],
    ['title marks', '《合作協議》', '〈合作協議〉', '<合作协议>'],
    ['full stops and enumeration commas', '文化、旅遊。', '文化,旅遊.', '文化,旅游.'],
    ['dashes', '四川—香港', '四川－香港', '四川-香港'],
    ['middle dots', '四川大學‧香港', '四川大學・香港', '四川大学·香港'],
    ['white space beside Chinese', '2018 年 5\n月', '2018年5月', '2018年5月'],
    ['ideographic space', '金融　合作', '金融合作', '金融合作'],
    ['radicals for ideographs', '⻓江、⻘年、⻔⼾', '長江、青年、門戶', '长江,青年,门户'],
    ['compatibility ideographs', '\uf90a融、\uf9b4導', '金融、領導', '金融,领导'],
    ['invisible characters', '青\u200b年\ufeff發展', '青年發展', '青年发展'],
  ])('takes no notice of %s: %j and %j', (_what, one, other, folded) => {
    expect(fold(one)).toBe(folded)
    expect(fold(other)).toBe(folded)
  })

  test('keeps one space between two Latin words or numbers', () => {
    expect(fold('Belt  and\nRoad 2018 四川')).toBe('belt and road 2018四川')
  })

  test('reads every radical that Unicode knows an ideograph for', () => {
    const radicals = Array.from({ length: 0x2fd6 - 0x2e80 }, (_, at) => String.fromCodePoint(0x2e80 + at)).filter(
      (character) => /\p{Radical}/u.test(character),
    )
    expect(radicals.filter((radical) => /\p{Radical}/u.test(fold(radical)))).toEqual(['⺀'])
    expect(searchForm('⻓江⺉x')).toEqual({ text: '长江刂x', offsets: [0, 1, 2, 3, 4] })
    // 人 U+2E87 is written with two units
    expect(searchForm('a⺇b').offsets).toEqual([0, 1, 1, 2, 3])
  })

  test('changes nothing that it has folded', () => {
    fc.assert(fc.property(anyText, (text) => fold(fold(text)) === fold(text)))
  })

  test('folds each character alike whatever stands beside it', () => {
    fc.assert(
      fc.property(
        anyText,
        anyText,
        (a, b) => withoutSpaces(fold(`${a}。${b}`)) === withoutSpaces(`${fold(a)}.${fold(b)}`),
      ),
    )
  })

  test.each(['hk', 't', 'tw'] as const)(
    'gives the same for the corpus and for its Simplified form (opencc-js %s → cn)',
    async (from) => {
      const simplify = Converter({ from, to: 'cn' })
      const { units } = await loadLibrary('corpus')
      for (const { id, text } of units) expect(fold(simplify(text)), id).toBe(fold(text))
    },
  )
})

describe('searchForm()', () => {
  test('says for each folded character where the printed one stands', () => {
    const text = '在 川 港人' // 在 0, 川 2, 港 4, 人 5
    expect(searchForm(text)).toEqual({ text: '在川港人', offsets: [0, 2, 4, 5, 6] })
  })

  test('maps every part of a character that folds to several back to that character', () => {
    expect(searchForm('第①項㎏')).toEqual({ text: '第1项kg', offsets: [0, 1, 2, 3, 3, 4] })
  })

  test('has offsets that never fall, end with the length of the original, and point at whole characters that fold to what stands there', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const form = searchForm(text)
        expect(form.offsets).toHaveLength(form.text.length + 1)
        expect(form.offsets.at(-1)).toBe(text.length)
        form.offsets.forEach((offset, i) => {
          if (i > 0) expect(offset).toBeGreaterThanOrEqual(form.offsets[i - 1] ?? 0)
          const printed = String.fromCodePoint(text.codePointAt(offset) ?? 0x20)
          const folded = form.text[i]
          if (folded === ' ') expect(`${printed}${fold(`a${printed}b`)}`).toMatch(/\s/u)
          else if (folded !== undefined) expect(fold(printed)).toContain(folded)
        })
      }),
    )
  })
})

describe('bare()', () => {
  test('is equal for quotations that differ in script, width, punctuation or spacing alone', () => {
    expect(bare('“川港高層會晤”，於 2018 年 5 月！')).toBe(bare('川港高层会晤於2018年５月'))
  })

  test('keeps what changes the meaning of a number', () => {
    expect(bare('百分之五十')).not.toBe(bare('百分之十五'))
    expect(bare('增長50%')).not.toBe(bare('增長50'))
  })
})
