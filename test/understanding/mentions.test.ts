import { describe, expect, test } from 'vitest'
import { loadLibrary } from '../../src/memorandum/library.ts'
import { fold } from '../../src/text/fold.ts'
import { createMentionFinder, withoutMentions } from '../../src/understanding/mentions.ts'

const { memoranda } = await loadLibrary('corpus')
const find = createMentionFinder(memoranda)
/**
 * The places of a question in one line: slugs, Chinese names of places without a memorandum, `!` before what is
 * excluded.
 */
const named = (question: string) =>
  find(fold(question))
    .map(({ slug, zh, excluded }) => `${excluded ? '!' : ''}${slug ?? zh}`)
    .join(' ')

describe('a province is known', () => {
  test.each([
    ['四川有甚麼合作', 'sichuan'],
    ['重庆市的旅游', 'chongqing'],
    ['湖北省教育', 'hubei'],
    ['閩港金融', 'fujian'],
    ['港浙环保', 'zhejiang'],
    ['Sichuan Province youth', 'sichuan'],
    ['ZHEJIANG', 'zhejiang'],
    ['Ｆｕｊｉａｎ tourism', 'fujian'],
    ['渝有咩青年實習', 'chongqing'],
    ['蓉城嘅文創', 'sichuan'],
    ['武漢光谷', 'hubei'],
    ['廈門會展', 'fujian'],
    ['jobs in Hangzhou', 'zhejiang'],
    ['Szechwan opera', 'sichuan'],
    ['Chungking railway', 'chongqing'],
  ])('in every form: %s', (question, places) => {
    expect(named(question)).toBe(places)
  })

  test.each([
    ['Sichaun finance', 'sichuan'],
    ['Chonqing youth', 'chongqing'],
    ['Zhejang logistics', 'zhejiang'],
    ['Fujiann tea', 'fujian'],
    ['折江環保', 'zhejiang'],
    ['褔建 金融', 'fujian'],
    ['胡北教育', 'hubei'],
  ])('with a slip of the pen: %s', (question, places) => {
    expect(named(question)).toBe(places)
  })

  test('several at once, in the order named', () => {
    expect(named('浙江省、福建省同埋鄂港嘅旅遊')).toBe('zhejiang fujian hubei')
    expect(named('Sichuan and Chongqing youth exchange')).toBe('sichuan chongqing')
    expect(named('川同渝有咩青年實習')).toBe('sichuan chongqing')
  })
})

describe('a province is left out', () => {
  test.each([
    ['除咗四川，邊度有中醫藥', '!sichuan'],
    ['除了湖北和福建，还有谁谈教育', '!hubei !fujian'],
    ['浙江以外有邊個省講環保', '!zhejiang'],
    ['youth exchange except Hubei and Fujian', '!hubei !fujian'],
    ['finance other than Chongqing', '!chongqing'],
    ['重慶的旅遊，唔計四川', 'chongqing !sichuan'],
  ])('%s', (question, places) => {
    expect(named(question)).toBe(places)
  })
})

describe('a province that is only an example is not asked about', () => {
  test.each([
    ['湖北有冇福建嗰種郵輪', 'hubei'],
    ['重慶有沒有像四川的姊妹學校', 'chongqing'],
    ['Does Hubei have cruises like Fujian', 'hubei'],
    ['similar to Fujian, does Hubei have cruises', 'hubei'],
  ])('%s', (question, places) => {
    expect(named(question)).toBe(places)
  })

  test('but alone it is what the question is about', () => {
    expect(named('四川嗰種實習')).toBe('sichuan')
  })
})

describe('a word that only looks like a place names none', () => {
  test.each([
    '川劇',
    '川菜廚師',
    '粵港澳大灣區建設',
    '安吉遊戲',
    '閩菜',
    '浙商',
    '今天的京劇',
    '大湾区航运',
    'a Fuji apple',
  ])('%s', (question) => {
    expect(named(question)).toBe('')
  })
})

describe('a place without a memorandum is known as one', () => {
  test.each([
    ['廣東有甚麼合作', '廣東'],
    ['深圳前海', '廣東 廣東'],
    ["tourism in Xi'an", '陝西'],
    ['东京', '日本'],
    ['London finance', '英國'],
    ['湖南與湖北', '湖南 hubei'],
  ])('%s', (question, places) => {
    expect(named(question)).toBe(places)
  })
})

describe('withoutMentions()', () => {
  test('leaves gaps, so that no word spans a place', () => {
    const folded = fold('在四川實習')
    expect(withoutMentions(folded, find(folded))).toBe('在 实习')
  })

  test('changes nothing where no place is named', () => {
    expect(withoutMentions('青年实习', [])).toBe('青年实习')
  })
})
