import { fold } from '../text/fold.ts'

/**
 * Details that people ask of a clause and that can be told apart by their form: if no shown clause has anything of that
 * form, the memoranda speak of the matter and do not give the detail.
 */
type Detail = { readonly asks: RegExp; readonly has: RegExp }

const number = '[0-9〇一二三四五六七八九十百千万亿两]'

const details: readonly Detail[] = [
  // 預算、票價、學費、津貼幾多: an amount of money.
  {
    asks: /预算|造价|票价|学费|收费|费用(?:是|要|由|多少|几多|$)|入场费|额度|金额|投资额|几多钱|几钱|多少钱|多少资金|几多人工|薪金|薪酬|工资|月薪|津贴(?:几|多|是|$|金)|奖金|利率|几多亿|多少亿|how much|\bbudget\b|\bsalary\b|\bcost\b|\bprice\b|\bfees?\b|每[月日].{0,3}津贴|收入$|营业额/u,
    has: /[0-9百千万亿]多?(?:元|港元|人民币|港币)|\d(?:万|亿|%)/u,
  },
  // 電話、地址、網址、報名: how to reach somebody.
  {
    asks: /电话|网址|地址|电邮|邮箱|联络(?:方法|人|电)|联系方式|热线|报名(?:方法|网|表|电|截止|日)|点报名|如何报名|申请(?:截止|表|费|手续)|phone number|address|website|\burl\b|e-?mail|hotline|how to (?:apply|register|enrol)/u,
    has: /(?:https?:|www\.|电话|电邮|\d{7,})/u,
  },
  // 截止日期: an end of time.
  { asks: /截止|deadline|closing date/u, has: /截止|年底前|月底前|日前/u },
  // 何時落成: a point in time.
  {
    asks: /何时(?:落成|完工|开幕|竣工|启用|开放|开始)|几时(?:落成|完工|开幕|竣工|启用|开放)|哪一?[天日].{0,2}(?:开幕|签订|签|举办|开)|(?:举办|开幕|考察|航班)?.{0,2}(?:的)?日期|when will|航班编号|flight number|at what times/u,
    has: /\d{4}年|\d{1,2}月|季|暑假|寒假/u,
  },
  // 姓名、院長是誰: a person.
  {
    asks: /姓名|名单|姓甚名谁|叫(?:什么|咩)名|院长|校长|负责人|主任是|总监|行政总裁|who is the (?:director|head|dean|president|manager)|names? of the/u,
    has: /书记\p{Script=Han}{2,3}|司长\p{Script=Han}{2,3}\(|省长\p{Script=Han}{2,3}\(|行政长官\p{Script=Han}{3,4}/u,
  },
  // 多少噸、每周班次、多少人參加: a count.
  {
    asks: /吨数|班次|人数|入场人|多少(?:架|吨|家|间|对|个牌照|企业|名学生|人参加|名额)|几多(?:架|吨|家|间|对|个牌照|人参加|名额|企业)|(?:确实|实际)?(?:数目|人数)|名额(?:是|有|$)|how many (?:.{0,40})(?:so far|have been|admitted|participated)/u,
    has: new RegExp(`${number}+(?:多)?(?:名|人|个|间|家|架|吨|班|对)`, 'u'),
  },
  // 面積、股權比例、百分比.
  { asks: /面积|占地|股权|比例|百分比|浓度|percentage|floor area|shareholding/u, has: /%|平方|公顷|比例/u },
  // 哪間酒店, 劇目, 入學試題: particulars that a memorandum leaves to those who carry it out.
  {
    asks: /哪间酒店|边间酒店|剧目|票房|成绩如何|成效如何|进展如何|最新进展|等几多日|几多日先|which hotel|what results/u,
    has: /(?!)/u,
  },
]

/** Whether a question in search form asks a detail that none of the quotations gives. */
export function lacksDetail(folded: string, quotes: readonly string[]): boolean {
  const asked = details.filter(({ asks }) => asks.test(folded))
  if (asked.length === 0) return false
  const texts = quotes.map(fold)
  return asked.some(({ has }) => !texts.some((text) => has.test(text)))
}
