import { fold } from '../text/fold.ts'
import { oneOf } from '../text/vocabulary.ts'
import {
  contactWords,
  countedDetails,
  countWords,
  dateWords,
  englishPeople,
  moneyWords,
  openings,
  particulars,
  personWords,
  shareWords,
} from './vocabulary.ts'

/**
 * Details that people ask of a clause and that can be told apart by their form: if no shown clause has anything of that
 * form, the memoranda speak of the matter and do not give the detail.
 */
type Detail = { readonly asks: RegExp; readonly has: RegExp }

/** An expression of several fragments, any of which may match. */
const any = (...fragments: readonly string[]) => new RegExp(fragments.join('|'), 'u')

const number = '[0-9〇一二三四五六七八九十百千万亿两]'
const opening = oneOf(openings)
const things = oneOf(countedDetails)

const details: readonly Detail[] = [
  // 預算、票價、學費、津貼幾多: an amount of money.
  {
    asks: any(
      oneOf(moneyWords),
      '费用(?:是|要|由|多少|几多|$)|津贴(?:几|多|是|$|金)|每[月日].{0,3}津贴|收入$',
      String.raw`\b(?:budget|salary|cost|price|fees?)\b`,
    ),
    has: /[0-9百千万亿]多?(?:元|港元|人民币|港币)|\d(?:万|亿|%)/u,
  },
  // 電話、地址、網址、報名: how to reach somebody.
  {
    asks: any(
      oneOf(contactWords),
      '联络(?:方法|人|电)|报名(?:方法|网|表|电|截止|日)|申请(?:截止|表|费|手续)',
      String.raw`\burl\b`,
    ),
    has: /(?:https?:|www\.|电话|电邮|\d{7,})/u,
  },
  // 截止日期: an end of time.
  { asks: /截止|deadline|closing date/u, has: /截止|年底前|月底前|日前/u },
  // 何時落成: a point in time.
  {
    asks: any(
      `何时(?:${opening}|开始)|几时(?:${opening})`,
      '哪一?[天日].{0,2}(?:开幕|签订|签|举办|开)',
      oneOf(dateWords),
    ),
    has: /\d{4}年|\d{1,2}月|季|暑假|寒假/u,
  },
  // 姓名、院長是誰: a person.
  {
    asks: any(oneOf(personWords), '叫(?:什么|咩)名', `who is the (?:${oneOf(englishPeople)})`),
    has: /书记\p{Script=Han}{2,3}|司长\p{Script=Han}{2,3}\(|省长\p{Script=Han}{2,3}\(|行政长官\p{Script=Han}{3,4}/u,
  },
  // 多少噸、每周班次、多少人參加: a count.
  {
    asks: any(
      oneOf(countWords),
      `多少(?:${things}|名学生)|几多(?:${things})|名额(?:是|有|$)`,
      'how many .{0,40}(?:so far|have been|admitted|participated)',
    ),
    has: new RegExp(`${number}+(?:多)?(?:名|人|个|间|家|架|吨|班|对)`, 'u'),
  },
  // 面積、股權比例、百分比.
  { asks: any(oneOf(shareWords)), has: /%|平方|公顷|比例/u },
  // 哪間酒店, 劇目, 入學試題: particulars that a memorandum leaves to those who carry it out.
  { asks: any(oneOf(particulars)), has: /(?!)/u },
]

/** Whether a question in search form asks a detail that none of the quotations gives. */
export function lacksDetail(folded: string, quotes: readonly string[]): boolean {
  const wanted = details.filter(({ asks }) => asks.test(folded))
  if (wanted.length === 0) return false
  const texts = quotes.map(fold)
  return wanted.some(({ has }) => !texts.some((text) => has.test(text)))
}
