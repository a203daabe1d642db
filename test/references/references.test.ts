import fc from 'fast-check'
import { Converter } from 'opencc-js/t2cn'
import { describe, expect, test } from 'vitest'
import { citationOf } from '../../src/memorandum/citation.ts'
import { shortName, yearOf } from '../../src/memorandum/library.ts'
import type { Memorandum, Unit } from '../../src/model/corpus.ts'
import { shortReference } from '../../src/phrases/citations.ts'
import { findReferences } from '../../src/references/references.ts'
import { resolveReference } from '../../src/references/resolve.ts'
import { fold } from '../../src/text/fold.ts'
import { formatChineseNumeral } from '../../src/text/numerals.ts'
import { everyNth, times } from '../cases.ts'
import { library, meant, memorandumOf, named, names } from './room.ts'

const simplify = Converter({ from: 'hk', to: 'cn' })
const widen = (text: string) =>
  text.replace(/[!-~]/gu, (c) => String.fromCodePoint(c.codePointAt(0)! + 0xfee0)).replaceAll(' ', '　')
const financial = (numeral: string) =>
  numeral.replace(/[一二三四五六七八九十]/gu, (c) => '壹貳叁肆伍陸柒捌玖拾'['一二三四五六七八九十'.indexOf(c)]!)

const areaUnits = (slug: string, ordinal: number) =>
  memorandumOf(slug)
    .areas.find((area) => area.ordinal === ordinal)!
    .measures.map(({ id }) => id)
    .join(' ')

const units = 'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen'.split(' ')
const teens = 'sixteen seventeen eighteen nineteen'.split(' ')
const tens = '- - twenty thirty forty fifty'.split(' ')
const irregular: Readonly<Record<string, string>> = {
  one: 'first',
  two: 'second',
  three: 'third',
  five: 'fifth',
  eight: 'eighth',
  nine: 'ninth',
  twelve: 'twelfth',
}
/** 21 as twenty-one, or as twenty-first. */
function english(value: number, ordinal = false): string {
  const small = [...units, ...teens]
  const word =
    small[value] ?? [tens[Math.floor(value / 10)], ...(value % 10 === 0 ? [] : [small[value % 10]])].join('-')
  return ordinal ? word.replace(/[a-z]+$/u, (last) => irregular[last] ?? `${last.replace(/y$/u, 'ie')}th`) : word
}
const roman = (value: number) =>
  'I II III IV V VI VII VIII IX X XI XII XIII XIV XV'.split(' ')[value - 1] ?? String(value)

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
    // numbers in English words, Roman letters, and two scripts at once
    ['Zhejiang item twenty-first', 'zhejiang-2025/5.21'],
    ['Fujian clause twenty first', 'fujian-2023/10.21'],
    ['the twenty-first item of the Zhejiang memorandum', 'zhejiang-2025/5.21'],
    ["Zhejiang's thirtieth measure", 'zhejiang-2025/7.30'],
    ['Zhejiang items twenty to twenty-two', 'zhejiang-2025/5.20 zhejiang-2025/5.21 zhejiang-2025/5.22'],
    ['Zhejiang twenty-one', 'zhejiang-2025/5.21'],
    ['Zhejiang 21 and twenty-two', 'zhejiang-2025/5.21 zhejiang-2025/5.22'],
    ['Hubei four (1)', 'hubei-2021/4.1'],
    ['Zhejiang item one hundred', '✗浙港第100項'],
    ['item one hundred and ninety-nine of Zhejiang', '✗浙港第199項'],
    ['Sichuan VII.4', 'sichuan-2018/7.4'],
    ['sichuan iii.2', 'sichuan-2018/3.2'],
    ['川Ⅶ4', 'sichuan-2018/7.4'],
    ['Sec. VI, point 4, Hubei', 'hubei-2021/6.4'],
    ['浙2〇', 'zhejiang-2025/5.20'],
    ['浙4○', 'zhejiang-2025/9.40'],
    ['閩1零', 'fujian-2023/5.10'],
    ['浙2十1', 'zhejiang-2025/5.21'],
    ['浙二十1', 'zhejiang-2025/5.21'],
    ['浙 2 1', 'zhejiang-2025/5.21'],
    ['浙第 2 1 項', 'zhejiang-2025/5.21'],
    ['浙2¹', 'zhejiang-2025/1.2'],
    ['浙⑯', 'zhejiang-2025/4.16'],
    ['浙21號', 'zhejiang-2025/5.21'],
    // the letters and signs of forms
    ['ZJ 38', 'zhejiang-2025/9.38'],
    ['zj廿三', 'zhejiang-2025/6.23'],
    ['FJ no 4 pls', 'fujian-2023/2.4'],
    ['CQ §9(2)', 'chongqing-2023/9.2'],
    ['hubei ch.6 no.4', 'hubei-2021/6.4'],
    ['no. 30 zhejiang', 'zhejiang-2025/7.30'],
    ['福建備忘錄措施編號4，請提供原文。', 'fujian-2023/2.4'],
    ['湖北：六、3.', 'hubei-2021/6.3'],
    ['渝港備忘 7（5）', 'chongqing-2023/7.5'],
    ['浙港附件三、第12點', 'zhejiang-2025/3.12'],
    ['請出示川港附件第十項之第三點', 'sichuan-2018/10.3'],
    ['重慶第七之四', 'chongqing-2023/7.4'],
    ['重慶，領域十一，第(2)項', 'chongqing-2023/11.2'],
    ['川 序 二', 'sichuan-2018/preamble.2'],
    ['重慶金融第2項', 'chongqing-2023/2.2'],
    // the last
    ['浙江最後一條', 'zhejiang-2025/13.51'],
    ['浙江教育最後一項', 'zhejiang-2025/7.30'],
    ['last clause of the Zhejiang memorandum', 'zhejiang-2025/13.51'],
    ['Hubei area 3, last item', 'hubei-2021/3.5'],
    ['浙江倒數第二項', 'zhejiang-2025/13.50'],
    ['the second last item of the Zhejiang memorandum', 'zhejiang-2025/13.50'],
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
    ['浙16―19', 'zhejiang-2025/4.16 zhejiang-2025/4.17 zhejiang-2025/4.18 zhejiang-2025/4.19'],
    ['浙16∼19', 'zhejiang-2025/4.16 zhejiang-2025/4.17 zhejiang-2025/4.18 zhejiang-2025/4.19'],
    ['浙16…19', 'zhejiang-2025/4.16 zhejiang-2025/4.17 zhejiang-2025/4.18 zhejiang-2025/4.19'],
    ['浙16一19', 'zhejiang-2025/4.16 zhejiang-2025/4.17 zhejiang-2025/4.18 zhejiang-2025/4.19'],
    ['浙45-8', 'zhejiang-2025/11.45 zhejiang-2025/11.46 zhejiang-2025/11.47 zhejiang-2025/12.48'],
    ['Zhejiang Nos. 16-19', 'zhejiang-2025/4.16 zhejiang-2025/4.17 zhejiang-2025/4.18 zhejiang-2025/4.19'],
    ['zj16到19', 'zhejiang-2025/4.16 zhejiang-2025/4.17 zhejiang-2025/4.18 zhejiang-2025/4.19'],
    ['浙16/19/21', 'zhejiang-2025/4.16 zhejiang-2025/4.19 zhejiang-2025/5.21'],
    ['浙16 19 21', 'zhejiang-2025/4.16 zhejiang-2025/4.19 zhejiang-2025/5.21'],
    ['鄂三1 3 5', 'hubei-2021/3.1 hubei-2021/3.3 hubei-2021/3.5'],
    ['浙第21項22項', 'zhejiang-2025/5.21 zhejiang-2025/5.22'],
    ['浙第16項和第19', 'zhejiang-2025/4.16 zhejiang-2025/4.19'],
    ['浙16或19', 'zhejiang-2025/4.16 zhejiang-2025/4.19'],
    ['浙16和19兩項講咩', 'zhejiang-2025/4.16 zhejiang-2025/4.19'],
    ['浙廿一、22', 'zhejiang-2025/5.21 zhejiang-2025/5.22'],
    ['渝6.1 & 6.4', 'chongqing-2023/6.1 chongqing-2023/6.4'],
    ['鄂一2，四', 'hubei-2021/1.2 hubei-2021/4.1 hubei-2021/4.2 hubei-2021/4.3 hubei-2021/4.4'],
    ['川七4至八2', 'sichuan-2018/7.4 sichuan-2018/8.1 sichuan-2018/8.2'],
    ['Sichuan 7.4 to 8.2', 'sichuan-2018/7.4 sichuan-2018/8.1 sichuan-2018/8.2'],
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
    ['parts III to V of Hubei', 'hubei', [3, 4, 5]],
    ['area 3 to area 5 of Hubei', 'hubei', [3, 4, 5]],
    ['湖北第三部分至第五部分', 'hubei', [3, 4, 5]],
    ['重庆 II', 'chongqing', [2]],
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
鄂港2021備忘錄的簽署日期|浙江十三個領域|浙江十三领域合作|重慶有11個領域|重慶11個領域|湖北的13個合作領域|Hubei 13 areas|浙江21項措施|浙江51項合作|浙江51個措施|浙江三十個項目|Zhejiang 10 measures|top 10 measures in Zhejiang|top 3 Zhejiang|浙江措施一覽|閩港青年發展措施一覽|the Zhejiang one|How many items in Zhejiang?|浙江措施|四川第一項目
5月12日四川地震|四川5.12地震|四川7級地震|四川7.0級地震|四川512地震|Sichuan 7.4 magnitude earthquake|Sichuan 7.9-magnitude|Zhejiang 2.5%|四川7.4%|福建23.5度|重慶3.5億|浙江8848.86米|Sichuan $5|Zhejiang 5km|Zhejiang 5 km|Chongqing area 82,000 sq km|Sichuan area 486,000 km2
重慶十八梯|四川三星堆|湖北十堰|四川九寨溝|四川四姑娘山|浙江千島湖|福建三明|福建五虎山|重慶兩江新區|四川三峽|湖北三國文化|四川五糧液|重慶九宮格火鍋|四川五一假期|重慶十一黃金週|福建七夕|浙江十四五|浙江八八戰略|四川十之八九|四川參與浙江項目|四川參加|浙江伍先生|四川陸軍|四川百貨|浙江零售
四川第三條高鐵|湖北第一條地鐵|重慶第一款車|重慶第3點鐘|福建五點|重慶3號線|浙江5號有活動|川4A景區|浙3D打印|浙江16°19分|浙江第三節課|重慶一家企業|重慶3小時直達|四川5日4夜|Hubei 24/7|浙江10:30|四川3:0重慶|四川1對1|四川一對一|浙江3系列|四川5同學|川A12345|浙江12345|浙江0571-1234567|Hubei 027|重慶023
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
    ['22呢', 'zhejiang-2025/5.22'],
    ['廿一', 'zhejiang-2025/5.21'],
    ['回去44', 'zhejiang-2025/11.44'],
    ['5.21', 'zhejiang-2025/5.21'],
    ['21', 'zhejiang-2025/5.21'],
    ['五十二', '✗浙港第52項'],
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
    '二',
    '2025',
    '21名學生',
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
    ['浙21A', '✗浙港第21A項'],
    ['item 21(b) of Zhejiang', '✗浙港第21(b)項'],
    ['浙港第21項第2點', '✗浙港第21（2）項'],
    ['Nos. 60 to 65 zj', '✗浙港第60至65項'],
  ])('clamps and guesses nothing: %s → %s', (query, expected) => {
    expect(named(query)).toBe(expected)
  })

  test('says what there is instead', () => {
    const missing = (query: string) =>
      findReferences(query, names)
        .flatMap(({ reference }) => resolveReference(reference, library).missing)
        .flatMap((unmet) => (unmet.kind === 'item' ? [unmet] : []))
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

describe('readingsOf() takes in two ways', () => {
  test.each([
    ['浙拾叁', 'zhejiang-2025/3.13 or zhejiang-2025/13.50 zhejiang-2025/13.51'],
    ['川11', 'sichuan-2018/11.1 sichuan-2018/11.2'],
    [
      '渝5',
      `${areaUnits('chongqing', 5)} or ${['1', '3', '5', '6', '7'].map((n) => `chongqing-2023/${n}.5`).join(' ')}`,
    ],
    ['浙港第三部分第2項', '✗浙港第三部分第2項 or zhejiang-2025/3.10'],
    ['浙江教育第二項', '✗浙港第七部分第2項 or zhejiang-2025/7.27'],
  ])('%s → %s', (query, expected) => {
    expect(meant(query)).toBe(expected)
  })

  test.each(['浙21', '浙廿一', '渝三', '浙第三部分', '浙拾叁項', '浙港第三部分第10項', '浙港第三部分第20項'])(
    'not %s',
    (query) => {
      expect(meant(query)).not.toContain(' or ')
    },
  )
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
    `${name} §${a}.${n}`,
    `${name}第${area}之${n}`,
    ...(a > 1 ? [`${name} ${roman(a)}.${n}`, `${name} part ${roman(a)}, clause ${n}`] : []),
  ])
  const inEnglish = [
    `${en} ${a}.${n}`,
    `${en} section ${a} item ${n}`,
    `${en}, part ${a}, clause ${n}`,
    `${en} area ${english(a)}, item ${english(n)}`,
    `the ${english(n, true)} item of area ${english(a)} of the ${en} memorandum`,
    `${en} sec. ${a}, no. ${n}`,
    `${en} ${yearOf(memorandum)} MoU area ${a} measure ${n}`,
    `item ${n} of area ${a} of the ${en} memorandum`,
  ]
  if (memorandum.numbering === 'area') return [...common, ...withArea, ...inEnglish]
  const alone = names.flatMap((name) => [
    `${name}${n}`,
    `${name}第${n}項`,
    `${name}第${chinese}條`,
    `${name}第${financial(chinese)}項`,
    `${name} item ${n}`,
    `${name} #${n}`,
    `${name} No. ${n}`,
    `${name}${n}號`,
    `${name}措施編號${n}`,
    `${name}第(${n})項`,
    ...(n % 10 === 0 ? [`${name}${n / 10}〇`] : []),
  ])
  return [
    ...common,
    ...withArea,
    ...inEnglish,
    ...alone,
    `${en} ${n}`,
    `${en} item ${n}`,
    `item ${n} of ${en}`,
    `${en} item ${english(n)}`,
    `the ${english(n, true)} clause of the ${en} memorandum`,
    `${en} item ${english(n, true).replace('-', ' ')}`,
    ...(n > 20 ? [`${en} ${english(n)}`] : []),
  ]
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

/** Numbers that references say, ends of ranges included; an unread one says all. */
function numbersSaid(query: string): ReadonlySet<number> | 'unread' {
  const said = new Set<number>()
  for (const { reference } of findReferences(query, names)) {
    if (reference.kind === 'unread') return 'unread'
    if (reference.kind === 'area') said.add(reference.area)
    if (reference.kind === 'stretch')
      for (const { area, number } of [reference.from, reference.to]) said.add(area).add(number)
    if (reference.kind !== 'measures') continue
    if (reference.area !== undefined) said.add(reference.area)
    for (const number of reference.numbers) said.add(number)
    for (const written of reference.lettered ?? [])
      for (const [digits] of written.matchAll(/\d+/gu)) said.add(Number(digits))
  }
  return said
}

describe('findReferences() never reads a part', () => {
  // What folds to letters is none.
  const signs = Array.from({ length: 0xffff }, (_, at) => String.fromCodePoint(at)).filter(
    (sign) => /[\p{P}\p{S}\p{Zs}]/u.test(sign) && !/[\p{L}\p{N}]/u.test(fold(sign)),
  )
  const joints = [
    ...signs,
    ...'至 到 和 及 或 同埋 以及 連 並 另外 再 、第 項 項和第'.split(' '),
    ' to ',
    ' and ',
    ' or ',
    ' plus ',
  ]

  test('of two numbers, whatever joins them', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('浙', '浙江', '閩港', '川', '四川', 'Zhejiang ', 'Sichuan ', 'zj', '浙第', 'Fujian item '),
        fc.integer({ min: 1, max: 60 }),
        fc.constantFrom(...joints),
        fc.integer({ min: 1, max: 60 }),
        fc.constantFrom('', '項', '講咩', '?', ' please'),
        (name, first, joint, second, rest) => {
          const query = `${name}${first}${joint}${second}${rest}`
          const said = numbersSaid(query)
          if (said === 'unread' || said.size === 0) return
          // 45-8 goes to 48; 1○2 is one number; 2 1 is 21.
          const last = [second, first - (first % 10) + second, first - (first % 100) + second].some((end) =>
            said.has(end),
          )
          const one = [...said].some((number) => String(number).startsWith(`${first}`) && number > 9 && said.size === 1)
          expect((said.has(first) && last) || one, `${query} → ${[...said].join(' ')}`).toBe(true)
        },
      ),
      { numRuns: 20_000 },
    )
  })

  test.each([
    ['浙21|22', '?浙21|22'],
    ['浙第21項22', '?浙第21項22'],
    ['川7 4 2', '?川7 4 2'],
    ['浙21？22', '?浙21？22'],
    ['川七4和浙21|22', 'sichuan-2018/7.4 ?浙21|22'],
  ])('%s → %s', (query, expected) => {
    expect(named(query)).toBe(expected)
  })
})

describe('findReferences() withstands', () => {
  const fragments =
    '川|渝|閩|浙|鄂|四川|浙江|Sichuan|Zhejiang|港|合作|備忘錄|memorandum|MoU|的|之|2018|2025年|第|七|十|二十一|貳拾壹|4|21|999999|.|-|至|、|,|和| and |同|項|条|點|部分|範疇|area |section |item |items |#|No. |preamble|前言|(|)|/|名|年|%| |\n|參|零|〇|𠮶|👍|廣東|基本法|zj|twenty|-one| hundred|first |IV|iv.|最後|一項|last |號|A|(b)|/|｜|…|金融|再'.split(
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
      if (reference.kind === 'measures') expect(reference.numbers.length).toBeLessThanOrEqual(200)
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

  const long = [
    '川',
    '四川',
    '浙1',
    '浙16、',
    '川七',
    '川港合作',
    '四川的備忘錄2018',
    'sichuan-2018/',
    'Sichuan area ',
    'item ',
    'items 1 to 2, ',
    'area 3 and ',
    '第',
    '第七部分',
    '第七、',
    '第1、',
    '第1項',
    '1',
    '一',
    '十',
    '1、',
    '1.',
    '1-',
    '(',
    ' ',
    '川前言2同',
    'Sichuan of ',
    '4 of Sichuan ',
    '2018年',
    'twenty ',
    'one hundred and ',
    'iv.',
    '浙1/',
    '浙1 2 ',
    '浙21|',
    '(1)',
    '最後',
    'second last ',
    '1〇',
  ]
  // How the time grows with the length is held to a bar by "npm run bench -- --check".
  test.each(long.map((part) => [part]))('10,000 characters of %j', (part) => {
    const query = `浙${part.repeat(Math.ceil(10_000 / part.length))}`.slice(0, 10_000)
    const found = findReferences(query, names, memorandumOf('sichuan'))
    expect(found.length).toBeLessThanOrEqual(query.length)
  })
})
