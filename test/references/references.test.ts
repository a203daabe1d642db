import fc from 'fast-check'
import { Converter } from 'opencc-js/t2cn'
import { describe, expect, test } from 'vitest'
import { longReferences } from '../../scripts/bench/long-texts.ts'
import { citationOf } from '../../src/memorandum/citation.ts'
import { loadLibrary, shortName, yearOf } from '../../src/memorandum/library.ts'
import type { Memorandum, Unit } from '../../src/model/corpus.ts'
import { shortReference } from '../../src/phrases/citations.ts'
import { namesOf } from '../../src/references/names.ts'
import { findReferences, resolveReference } from '../../src/references/references.ts'
import { formatChineseNumeral } from '../../src/text/numerals.ts'
import { everyNth, times } from '../cases.ts'

const library = await loadLibrary('corpus')
const names = namesOf(library)
const memorandumOf = (slug: string): Memorandum => library.memoranda.find(({ province }) => province.slug === slug)!
const simplify = Converter({ from: 'hk', to: 'cn' })
const widen = (text: string) =>
  text.replace(/[!-~]/gu, (c) => String.fromCodePoint(c.codePointAt(0)! + 0xfee0)).replaceAll(' ', '　')
const financial = (numeral: string) =>
  numeral.replace(/[一二三四五六七八九十]/gu, (c) => '壹貳叁肆伍陸柒捌玖拾'['一二三四五六七八九十'.indexOf(c)]!)

/** What a question names, in one line: ids of units in order, `✗` before what does not exist. */
function named(query: string, fallback?: Memorandum): string {
  return findReferences(query, names, fallback)
    .flatMap(({ reference }) => {
      const { units, missing } = resolveReference(reference, library)
      return [...units.map((unit) => unit.id), ...missing.map(({ asked }) => `✗${asked}`)]
    })
    .join(' ')
}
const areaUnits = (slug: string, ordinal: number) =>
  memorandumOf(slug)
    .areas.find((area) => area.ordinal === ordinal)!
    .measures.map(({ id }) => id)
    .join(' ')

describe('findReferences() reads', () => {
  test.each([
    // short name, area, item
    ['川七4', 'sichuan-2018/7.4'],
    ['川 七 4', 'sichuan-2018/7.4'],
    ['川 七 四', 'sichuan-2018/7.4'],
    ['川七、4', 'sichuan-2018/7.4'],
    ['川七（4）', 'sichuan-2018/7.4'],
    ['川七·4', 'sichuan-2018/7.4'],
    ['川-七-4', 'sichuan-2018/7.4'],
    ['川7-4', 'sichuan-2018/7.4'],
    ['川7.4', 'sichuan-2018/7.4'],
    ['川柒4', 'sichuan-2018/7.4'],
    ['鄂五.3', 'hubei-2021/5.3'],
    ['重慶十一之2', 'chongqing-2023/11.2'],
    ['港川七4', 'sichuan-2018/7.4'],
    // with words for area and item
    ['川港第七部分第4項', 'sichuan-2018/7.4'],
    ['川港第七部份第4項', 'sichuan-2018/7.4'],
    ['四川第七范畴第四条', 'sichuan-2018/7.4'],
    ['四川省第七領域第4點', 'sichuan-2018/7.4'],
    ['四川第七章第四款', 'sichuan-2018/7.4'],
    ['四川第七節第四條', 'sichuan-2018/7.4'],
    ['四川备忘录的第七个合作领域第四项', 'sichuan-2018/7.4'],
    ['川七第4項', 'sichuan-2018/7.4'],
    ['川第七.4項', 'sichuan-2018/7.4'],
    ['四川七部分第4項', 'sichuan-2018/7.4'],
    ['四川領域七第4項', 'sichuan-2018/7.4'],
    ['四川第七部分（教育）第4項', 'sichuan-2018/7.4'],
    ['四川，第七部分，第4項', 'sichuan-2018/7.4'],
    ['重慶市第3領域第2項措施講乜', 'chongqing-2023/3.2'],
    ['四川第柒部分第肆項', 'sichuan-2018/7.4'],
    ['川港高層會晤暨川港合作會議第一次會議備忘錄第七部分第四項', 'sichuan-2018/7.4'],
    ['《四川省與香港特別行政區合作備忘錄》第七部分第四項', 'sichuan-2018/7.4'],
    // with a year
    ['川2018七4', 'sichuan-2018/7.4'],
    ['四川2018 7.4', 'sichuan-2018/7.4'],
    ['川港2018年備忘錄第七部分第4項', 'sichuan-2018/7.4'],
    ['川港二〇一八年備忘錄第七部分第4項', 'sichuan-2018/7.4'],
    ['2018年川港備忘錄第七部分第4項', 'sichuan-2018/7.4'],
    ['Sichuan memorandum (2018) 7.4', 'sichuan-2018/7.4'],
    ['鄂港2021備忘錄第五部分第3項', 'hubei-2021/5.3'],
    // numbers that run on
    ['浙21', 'zhejiang-2025/5.21'],
    ['浙２１', 'zhejiang-2025/5.21'],
    ['浙貳拾壹', 'zhejiang-2025/5.21'],
    ['浙二十一', 'zhejiang-2025/5.21'],
    ['浙廿一', 'zhejiang-2025/5.21'],
    ['浙21項', 'zhejiang-2025/5.21'],
    ['浙#21', 'zhejiang-2025/5.21'],
    ['浙 No. 21', 'zhejiang-2025/5.21'],
    ['浙江措施21', 'zhejiang-2025/5.21'],
    ['浙港第二十一項', 'zhejiang-2025/5.21'],
    ['浙港第貳拾壹項', 'zhejiang-2025/5.21'],
    ['閩 item 15', 'fujian-2023/8.15'],
    ['浙江 七.29', 'zhejiang-2025/7.29'],
    ['浙江第七部分第29項', 'zhejiang-2025/7.29'],
    // English
    ['Sichuan 7.4', 'sichuan-2018/7.4'],
    ['sichuan 7 4', 'sichuan-2018/7.4'],
    ['SICHUAN ITEM 7.4', 'sichuan-2018/7.4'],
    ['Sichuan section 4 item 4', 'sichuan-2018/4.4'],
    ['Sichuan section 4.4', 'sichuan-2018/4.4'],
    ['Sichuan section 4(4)', 'sichuan-2018/4.4'],
    ["Sichuan's area 7, item 4", 'sichuan-2018/7.4'],
    ['Sichuan area seven item four', 'sichuan-2018/7.4'],
    ['Sichuan 7th area 4th item', 'sichuan-2018/7.4'],
    ['Sichuan–Hong Kong memorandum, part VII, clause 4', 'sichuan-2018/7.4'],
    ['Chongqing area 3 item 2', 'chongqing-2023/3.2'],
    ['item 4 of area 7 of the Sichuan memorandum', 'sichuan-2018/7.4'],
    ['item 4 of area 7 Sichuan', 'sichuan-2018/7.4'],
    ['clause 21 Zhejiang', 'zhejiang-2025/5.21'],
    ['item 21 Zhejiang 22', 'zhejiang-2025/5.22'],
    ['area 7, item 4 of the 2018 Sichuan MoU', 'sichuan-2018/7.4'],
    ['the 21st measure of Zhejiang', 'zhejiang-2025/5.21'],
    ['What does item 21 of the Zhejiang MoU say?', 'zhejiang-2025/5.21'],
    ['第21項（浙江）', 'zhejiang-2025/5.21'],
    // ids
    ['sichuan-2018/7.4', 'sichuan-2018/7.4'],
    ['zhejiang-2025/5.21', 'zhejiang-2025/5.21'],
    ['sichuan-2018/preamble.2', 'sichuan-2018/preamble.2'],
    ['sichuan-2018/preamble', 'sichuan-2018/preamble'],
    // preambles
    ['川前言', 'sichuan-2018/preamble'],
    ['四川備忘錄嘅序言', 'sichuan-2018/preamble'],
    ['川前言2', 'sichuan-2018/preamble.2'],
    ['川前言第2項', 'sichuan-2018/preamble.2'],
    ['川序言二', 'sichuan-2018/preamble.2'],
    ['川序言第二條', 'sichuan-2018/preamble.2'],
    ['川前言一共有幾條', 'sichuan-2018/preamble'],
    ['Sichuan preamble clause 2', 'sichuan-2018/preamble.2'],
    ['clause 2 of the Sichuan preamble', 'sichuan-2018/preamble.2'],
    ['preamble of the Sichuan memorandum', 'sichuan-2018/preamble'],
    // ranges and lists
    ['浙16-19', 'zhejiang-2025/4.16 zhejiang-2025/4.17 zhejiang-2025/4.18 zhejiang-2025/4.19'],
    ['浙19-16', 'zhejiang-2025/4.16 zhejiang-2025/4.17 zhejiang-2025/4.18 zhejiang-2025/4.19'],
    ['浙16～19', 'zhejiang-2025/4.16 zhejiang-2025/4.17 zhejiang-2025/4.18 zhejiang-2025/4.19'],
    ['浙16至19', 'zhejiang-2025/4.16 zhejiang-2025/4.17 zhejiang-2025/4.18 zhejiang-2025/4.19'],
    ['浙十六至十九', 'zhejiang-2025/4.16 zhejiang-2025/4.17 zhejiang-2025/4.18 zhejiang-2025/4.19'],
    ['浙第16至19項', 'zhejiang-2025/4.16 zhejiang-2025/4.17 zhejiang-2025/4.18 zhejiang-2025/4.19'],
    ['浙第16項至第19項', 'zhejiang-2025/4.16 zhejiang-2025/4.17 zhejiang-2025/4.18 zhejiang-2025/4.19'],
    ['Zhejiang items 16 to 19', 'zhejiang-2025/4.16 zhejiang-2025/4.17 zhejiang-2025/4.18 zhejiang-2025/4.19'],
    ['items 16–17 of Zhejiang', 'zhejiang-2025/4.16 zhejiang-2025/4.17'],
    ['川七1至七2', 'sichuan-2018/7.1 sichuan-2018/7.2'],
    ['Sichuan 7.1-7.3', 'sichuan-2018/7.1 sichuan-2018/7.2 sichuan-2018/7.3'],
    ['items 7.4 and 8.2 of Sichuan', 'sichuan-2018/7.4 sichuan-2018/8.2'],
    ['浙江第1項措施，第2項措施', 'zhejiang-2025/1.1 zhejiang-2025/1.2'],
    ['四川第七部份嘅第四點係講乜', 'sichuan-2018/7.4'],
    ['川七1至2', 'sichuan-2018/7.1 sichuan-2018/7.2'],
    ['川五1、3', 'sichuan-2018/5.1 sichuan-2018/5.3'],
    ['川五3、1', 'sichuan-2018/5.3 sichuan-2018/5.1'],
    ['浙16、18和20', 'zhejiang-2025/4.16 zhejiang-2025/4.18 zhejiang-2025/5.20'],
    ['浙第16、18和20項', 'zhejiang-2025/4.16 zhejiang-2025/4.18 zhejiang-2025/5.20'],
    ['浙港第16項、第18項同第20項', 'zhejiang-2025/4.16 zhejiang-2025/4.18 zhejiang-2025/5.20'],
    ['Zhejiang items 16, 18, and 20', 'zhejiang-2025/4.16 zhejiang-2025/4.18 zhejiang-2025/5.20'],
    // several
    ['川七4同浙21', 'sichuan-2018/7.4 zhejiang-2025/5.21'],
    ['川七4浙21', 'sichuan-2018/7.4 zhejiang-2025/5.21'],
    ['浙21鄂五3', 'zhejiang-2025/5.21 hubei-2021/5.3'],
    ['川七4、八2', 'sichuan-2018/7.4 sichuan-2018/8.2'],
    ['Sichuan 7.4 and 8.2', 'sichuan-2018/7.4 sichuan-2018/8.2'],
    ['川七4及第八部分第2項', 'sichuan-2018/7.4 sichuan-2018/8.2'],
    ['compare 浙21 with 鄂五3', 'zhejiang-2025/5.21 hubei-2021/5.3'],
    // in sentences
    ['唔該畀我睇下川七4', 'sichuan-2018/7.4'],
    ['请问浙港第二十一条讲什么', 'zhejiang-2025/5.21'],
    ['could you show me Sichuan 7.4 please?', 'sichuan-2018/7.4'],
    ['浙江備忘錄入面，請問第21項講咩', 'zhejiang-2025/5.21'],
    ['浙21，2025年簽署嗰份', 'zhejiang-2025/5.21'],
    // an item that every area may have
    [
      '川港第4項',
      'sichuan-2018/1.4 sichuan-2018/2.4 sichuan-2018/4.4 sichuan-2018/7.4 sichuan-2018/9.4 sichuan-2018/10.4',
    ],
  ])('%s → %s', (query, expected) => {
    expect(named(query)).toBe(expected)
  })

  test.each([
    ['渝三', 'chongqing', [3]],
    ['渝三點講？', 'chongqing', [3]],
    ['浙三', 'zhejiang', [3]],
    ['湖北第六部分全部措施', 'hubei', [6]],
    ['第六部分有4項措施？湖北第六部分', 'hubei', [6]],
    ['湖北第六部分4項措施', 'hubei', [6]],
    ['Hubei part 6', 'hubei', [6]],
    ['Hubei part VI', 'hubei', [6]],
    ['area 6 of Hubei', 'hubei', [6]],
    ['渝三、五', 'chongqing', [3, 5]],
    ['渝三至五', 'chongqing', [3, 4, 5]],
    ['湖北第三至第五部分', 'hubei', [3, 4, 5]],
    ['湖北第三、四範疇', 'hubei', [3, 4]],
    ['Hubei parts 3 and 4', 'hubei', [3, 4]],
  ] as const)('the area %s', (query, slug, ordinals) => {
    expect(named(query)).toBe(ordinals.map((ordinal) => areaUnits(slug, ordinal)).join(' '))
  })

  test('items of an area as numbers alone, an area as an area, a preamble as a preamble', () => {
    const sichuan = memorandumOf('sichuan')
    expect(
      findReferences('川港第4項、川七4、川七、川前言、川前言2', names).map(({ reference }) => reference),
    ).toStrictEqual([
      { kind: 'measures', memorandum: sichuan, numbers: [4] },
      { kind: 'measures', memorandum: sichuan, area: 7, numbers: [4] },
      { kind: 'area', memorandum: sichuan, area: 7 },
      { kind: 'preamble', memorandum: sichuan },
      { kind: 'preamble', memorandum: sichuan, numbers: [2] },
    ])
  })

  test('where each stands in the question as typed', () => {
    const query = '唔該，𠮶個 川　七４ 同埋「浙港 第２１項」,thx'
    expect(findReferences(query, names).map(({ start, end }) => query.slice(start, end))).toEqual([
      '川　七４',
      '浙港 第２１項',
    ])
  })
})

const nothing = `
四川5000名青年|福建 200 名學生|福建2,000名|浙江1.5萬名學生|湖北一萬人|重慶三千名|四川百分之三|四川三分之一|Zhejiang 5,000 people|Chongqing 32 million people|Hubei 5.8 million
2018年四川|浙江2025年|Zhejiang 2025|Zhejiang in 2025|浙江 2025-04-24|四川2018.5.11|四川2018年7月4日|湖北2021年11月29日|重慶2023年5月11日簽署|3月|3月去四川|四川九月|重慶十月|湖北十一月|福建5月6日|浙江5、6月|浙江16和19歲|重慶18歲
四川一程多站|重慶一站式|浙江三大機場|福建一帶一路|浙江一带一路|重慶5G|閩5G|浙江G60|四川4A|重慶4K|浙江3D打印|福建1.0版|重慶2.0|浙江一流大學|四川一同參與|四川一共有幾項|重慶一系列措施|四川一直|四川一般|福建一方|浙江一名|四川一個月|福建一年|浙江一次
川港合作會議第一次會議由誰率領|第一次會議|四川第三屆論壇|第六屆川港論壇|第十四屆四川|四川第一|四川第一大城市|浙江第21名|浙江第三季|重慶第二天|福建第7批|四川第一次|川劇|川菜|汶川|汶川8.0|東川4|銀川5|江浙21|成渝3小時|香港川菜3味|閩南3|川藏318|鄂爾多斯3|四川大學|重慶第八中學|四川第一人民醫院|Chongqing No. 8 Middle School|Fujian No.1 Middle School
鄂港2021備忘錄的簽署日期|浙江十三個領域|浙江十三领域合作|重慶有11個領域|重慶11個領域|湖北的13個合作領域|Hubei 13 areas|浙江21項措施|浙江51項合作|浙江51個措施|浙江三十個項目|Zhejiang 10 measures|top 10 measures in Zhejiang|top 3 Zhejiang|How many items in Zhejiang?|浙江措施|四川第一項目
5月12日四川地震|四川5.12地震|四川7級地震|四川7.0級地震|四川512地震|Sichuan 7.4 magnitude earthquake|Sichuan 7.9-magnitude|Zhejiang 2.5%|四川7.4%|福建23.5度|重慶3.5億|浙江8848.86米|Sichuan $5|Zhejiang 5km|Zhejiang 5 km|Chongqing area 82,000 sq km|Sichuan area 486,000 km2
重慶十八梯|四川三星堆|湖北十堰|四川九寨溝|四川四姑娘山|浙江千島湖|福建三明|福建五虎山|重慶兩江新區|四川三峽|湖北三國文化|四川五糧液|重慶九宮格火鍋|四川五一假期|重慶十一黃金週|福建七夕|浙江十四五|浙江八八戰略|四川十之八九|四川參與浙江項目|四川參加|浙江伍先生|四川陸軍|四川百貨|浙江零售
四川第三條高鐵|湖北第一條地鐵|重慶第一款車|重慶第3點鐘|福建五點|重慶3號線|浙江第三節課|重慶一家企業|重慶3小時直達|四川5日4夜|Hubei 24/7|浙江10:30|四川3:0重慶|四川1對1|四川一對一|浙江3系列|四川5同學|川A12345|浙江12345|浙江0571-1234567|Hubei 027|重慶023
Chongqing 5 pandas|Sichuan 3 universities|Sichuan 3 to 5 students|#1 in Sichuan|number 1 in Zhejiang|四川有冇提到第一個|第21項|item 3|第五部分第2項|前言|七4|7.4|21|四川|川|浙港|四川省|Sichuan MoU|sichuan-2018|川港合作備忘錄|四川、重慶同湖北|川渝一體化
廣東第3項|粵港備忘錄第二部分第1項|item 3 of the Guangdong memorandum|四川2020第七部分第4項|sichuan-2020/7.4|2020年四川第七部分第4項|基本法第23條|四川怎樣看基本法第23條|浙江省條例第3條
`
  .trim()
  .split(/[|\n]/u)

describe('findReferences() reads nothing in', () => {
  test.each(nothing.map((query) => [query]))('%s', (query) => {
    expect(named(query)).toBe('')
    expect(named(simplify(query))).toBe('')
  })
})

describe('findReferences() in a chat about 浙港', () => {
  test.each([
    ['第21項', 'zhejiang-2025/5.21'],
    ['咁第21項呢？', 'zhejiang-2025/5.21'],
    ['item 3', 'zhejiang-2025/1.3'],
    ['and the 4th item?', 'zhejiang-2025/1.4'],
    ['items 3 and 5', 'zhejiang-2025/1.3 zhejiang-2025/1.5'],
    ['item 3 of the memorandum', 'zhejiang-2025/1.3'],
    ['第五部分第21項', 'zhejiang-2025/5.21'],
    ['第五部分第2項', '✗浙港第五部分第2項'],
    ['前言講咩', 'zhejiang-2025/preamble'],
    ['#4', 'zhejiang-2025/1.4'],
    ['與上海有關的第5項', 'zhejiang-2025/1.5'],
    ['四川第七部分第4項', 'sichuan-2018/7.4'],
    ['四川備忘錄有冇第七部分第4項', 'sichuan-2018/7.4'],
    ['重慶青年發展方面，第八部分第2項係咩', 'chongqing-2023/8.2'],
  ])('%s → %s', (query, expected) => {
    expect(named(query, memorandumOf('zhejiang'))).toBe(expected)
  })

  test.each([
    '第一次會議',
    '第3屆',
    '3月',
    '21',
    'top 10 measures',
    '第一點，我想問',
    '第二條問題',
    '基本法第23條',
    'article 23 of the Basic Law',
    '廣東第3項',
    '深圳備忘錄第21項',
    'item 3 of the Guangdong memorandum',
    '四川2020第七部分第4項',
  ])('nothing in %s', (query) => {
    expect(named(query, memorandumOf('zhejiang'))).toBe('')
  })
})

describe('resolveReference()', () => {
  test.each([
    ['閩港第25項', '✗閩港第25項'],
    ['閩25', '✗閩港第25項'],
    ['浙七.3', '✗浙港第七部分第3項'],
    ['川九9', '✗川港第九部分第9項'],
    ['渝十五', '✗渝港第十五部分'],
    ['渝十五4', '✗渝港第十五部分第4項'],
    ['Hubei part 200', '✗鄂港第200部分'],
    ['川港第30項', '✗川港第30項'],
    ['川前言9', '✗川港前言第9項'],
    ['閩前言1', '✗閩港前言第1項'],
    ['四川第七部分第0項', '✗川港第七部分第0項'],
    ['福建第20至25項', 'fujian-2023/9.20 fujian-2023/10.21 ✗閩港第22至25項'],
    ['閩21、25、30', 'fujian-2023/10.21 ✗閩港第25項 ✗閩港第30項'],
  ])('clamps and guesses nothing: %s → %s', (query, expected) => {
    expect(named(query)).toBe(expected)
  })

  test('says what there is instead', () => {
    const missing = (query: string) =>
      findReferences(query, names).flatMap(({ reference }) => resolveReference(reference, library).missing)
    expect(missing('閩港第25項')).toEqual([
      {
        kind: 'item',
        asked: '閩港第25項',
        askedEn: 'Fujian item 25',
        exists: {
          memorandum: 'fujian-2023',
          shortName: '閩港',
          en: 'Fujian',
          year: '2023',
          numbering: 'annex',
          areas: 10,
          lastItem: 21,
        },
      },
    ])
    expect(missing('浙七.3')[0]?.exists.area).toEqual({ ordinal: 7, title: '教育', first: 26, last: 30 })
  })

  test('looks at no more than 200 numbers', () => {
    const [found] = findReferences('浙江第1-999999項', names)
    expect(found?.reference).toMatchObject({ numbers: expect.objectContaining({ length: 200 }) })
    expect(named('浙1-999999')).toMatch(/^zhejiang-2025\/1\.1 .* zhejiang-2025\/13\.51 ✗浙港第52至200項$/u)
  })
})

/** Every way to write a unit that this test knows. */
function notations(unit: Unit): string[] {
  const { memorandum } = unit
  const { char, zh, en } = memorandum.province
  const names = [
    char,
    `${char}港`,
    zh,
    `${zh}省`,
    `${zh}的`,
    `${char}港合作備忘錄`,
    `${zh}${yearOf(memorandum)}年備忘錄`,
    `${shortName(memorandum)}${yearOf(memorandum)} `,
  ]
  const common = [shortReference(unit), citationOf(unit), unit.id, unit.id.toUpperCase()]
  if (unit.kind === 'preamble')
    return [
      ...common,
      ...names.flatMap((name) => [`${name}前言`, `${name}序言`]),
      `${en} preamble`,
      `the preamble of the ${en} memorandum`,
    ]
  const n = unit.number
  const chinese = formatChineseNumeral(n)
  if (unit.kind === 'preamble-item')
    return [
      ...common,
      ...names.flatMap((name) => [`${name}前言第${n}項`, `${name}序言${chinese}`, `${name}序言第${chinese}條`]),
      `${en} preamble clause ${n}`,
      `clause ${n} of the ${en} preamble`,
    ]
  const a = unit.area.ordinal
  const area = formatChineseNumeral(a)
  const withArea = names.flatMap((name) => [
    `${name}${area}${n}`,
    `${name}${area}.${n}`,
    `${name}${area}之${n}`,
    `${name}${area}（${n}）`,
    `${name}第${area}部分第${n}項`,
    `${name}第${a}範疇第${chinese}條`,
    `${name}第${area}領域第${n}點`,
    `${name}第${area}章第${n}款`,
    `${name}第${financial(area)}部份第${financial(chinese)}項`,
    `${name} area ${a} item ${n}`,
  ])
  const english = [
    `${en} ${a}.${n}`,
    `${en} section ${a} item ${n}`,
    `${en}, part ${a}, clause ${n}`,
    `${en} ${yearOf(memorandum)} MoU area ${a} measure ${n}`,
    `item ${n} of area ${a} of the ${en} memorandum`,
  ]
  if (memorandum.numbering === 'area') return [...common, ...withArea, ...english]
  const alone = names.flatMap((name) => [
    `${name}${n}`,
    `${name}第${n}項`,
    `${name}第${chinese}條`,
    `${name}第${financial(chinese)}項`,
    `${name} item ${n}`,
    `${name} #${n}`,
    `${name} No. ${n}`,
  ])
  return [...common, ...withArea, ...english, ...alone, `${en} ${n}`, `${en} item ${n}`, `item ${n} of ${en}`]
}

const sentences =
  `X|X?|「X」|（X）|X。|X…|X 👍|唔該畀我睇下X|想睇X嘅原文|X講咩㗎？|X係咩嚟㗎|X即係點|X邊個負責|X落實咗未|X入面有冇提到獎學金|可唔可以俾X我睇|X點樣幫到我|X個內容|请问X讲什么|X是什么内容|我想看X|帮我查一下X，谢谢|X具体怎么说|X规定了什么|X适用于谁|請解釋X|根據X，香港青年可以做什麼？|could you show me X please?|What does X say?|show X in full|what's in X|quote X for me|X - what is it|tell me about X and thanks|explain X in simple words`.split(
    '|',
  )

describe('every unit of the library', () => {
  test.each(library.memoranda.map((memorandum) => [memorandum.id]))(
    'of %s is found in every notation, script and width',
    (id) => {
      for (const [at, unit] of library.units.filter(({ memorandum }) => memorandum.id === id).entries())
        for (const notation of everyNth(4, notations(unit), at))
          for (const typed of [notation, simplify(notation), widen(notation)])
            expect(`${typed} → ${named(typed)}`).toBe(`${typed} → ${unit.id}`)
    },
  )

  test('is found inside polite sentences, and where it stands', () => {
    for (const [at, unit] of library.units.entries())
      for (const sentence of everyNth(4, sentences, at)) {
        const reference = shortReference(unit)
        const query = sentence.replace('X', reference)
        expect(`${query} → ${named(query)}`).toBe(`${query} → ${unit.id}`)
        const [found] = findReferences(query, names)
        expect(query.slice(found?.start, found?.end)).toBe(reference)
      }
  })

  test('whole areas are found in every notation', () => {
    for (const memorandum of library.memoranda)
      for (const { ordinal, measures } of memorandum.areas) {
        const { char, zh, en } = memorandum.province
        const chinese = formatChineseNumeral(ordinal)
        const ids = measures.map(({ id }) => id).join(' ')
        for (const notation of [
          `${char}${chinese}`,
          `${char}港${chinese}`,
          `${zh}${chinese}`,
          `${char}港第${chinese}部分`,
          `${zh}第${ordinal}領域全部措施`,
          `${zh}第${financial(chinese)}範疇`,
          `${en} part ${ordinal}`,
          `${en} area ${ordinal}`,
          `section ${ordinal} of ${en}`,
        ])
          for (const typed of [notation, simplify(notation), widen(notation)])
            expect(`${typed} → ${named(typed)}`).toBe(`${typed} → ${ids}`)
      }
  })
})

describe('findReferences() withstands', () => {
  const fragments =
    '川|渝|閩|浙|鄂|四川|浙江|Sichuan|Zhejiang|港|合作|備忘錄|memorandum|MoU|的|之|2018|2025年|第|七|十|二十一|貳拾壹|4|21|999999|.|-|至|、|,|和| and |同|項|条|點|部分|範疇|area |section |item |items |#|No. |preamble|前言|(|)|/|名|年|%| |\n|參|零|〇|𠮶|👍|廣東|基本法'.split(
      '|',
    )
  const check = (query: string, fallback?: Memorandum) => {
    let last = 0
    for (const { reference, start, end } of findReferences(query, names, fallback)) {
      expect(start).toBeGreaterThanOrEqual(0)
      expect(end).toBeGreaterThan(start)
      expect(end).toBeLessThanOrEqual(query.length)
      expect(end).toBeGreaterThanOrEqual(last)
      last = end
      const { units, missing } = resolveReference(reference, library)
      expect(units.length + missing.length).toBeGreaterThan(0)
      expect(units.every((unit) => unit.memorandum === reference.memorandum)).toBe(true)
      if (reference.kind !== 'area') expect(reference.numbers?.length ?? 1).toBeLessThanOrEqual(200)
    }
  }

  test('its own grammar, shuffled', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom(...fragments), { maxLength: 14 }),
        fc.constantFrom(undefined, ...library.memoranda),
        (parts, fallback) => check(parts.join(''), fallback),
      ),
      { numRuns: times(1500, 5000) },
    )
  })

  test('any text', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 60 }),
        fc.constantFrom(undefined, ...library.memoranda),
        (text, fallback) => {
          check(text, fallback)
          check(`川${text}七4${text}`, fallback)
        },
      ),
      { numRuns: times(300, 1000) },
    )
  })

  test('text cut inside a surrogate pair', () => {
    check('\ud840川七4\udc00')
    check('川\udfff七4', memorandumOf('sichuan'))
  })

  // How the time grows with the length is held to a bar by "npm run bench -- --check".
  test.each(longReferences(10_000).map((query) => [query]))('10,000 letters of the same: %.8s', (query) => {
    check(query, memorandumOf('sichuan'))
  })
})
