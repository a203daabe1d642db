import { searchForm } from '../text/fold.ts'
import { numeralCharacters, parseNumeral } from '../text/numerals.ts'

// The vocabulary of references. Every pattern is sticky, bounded, and written for the search form: lower case,
// Simplified, half-width.

/** A question made ready for the scanner; `offsets` lead back as in `SearchForm`. */
export type Line = { readonly text: string; readonly offsets: readonly number[] }

const positional = /[一二三四五六七八九]/u

/**
 * The search form, with two things kept that tell numbers apart: 、 (川七、4) is not a comma, and a space between two
 * digits (川 七 四) stays.
 */
export function lineOf(query: string): Line {
  const form = searchForm(query)
  let text = ''
  const offsets: number[] = []
  for (let i = 0; i < form.text.length; i += 1) {
    const from = form.offsets[i] ?? 0
    const before = form.offsets[i - 1] ?? 0
    if (
      i > 0 &&
      positional.test(form.text[i - 1] ?? '') &&
      positional.test(form.text[i] ?? '') &&
      /^\S+\s/u.test(query.slice(before, Math.min(from, before + 3)))
    ) {
      text += ' '
      offsets.push(before + 1)
    }
    text += query[from] === '、' ? '、' : (form.text[i] ?? '')
    offsets.push(from)
  }
  offsets.push(query.length)
  return { text, offsets }
}

/** Matches a sticky pattern at an offset. */
export function read(pattern: RegExp, text: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at
  return pattern.exec(text) ?? undefined
}

/** Where a sticky pattern's match ends; `at` itself without a match. */
export function skip(pattern: RegExp, text: string, at: number): number {
  return read(pattern, text, at) === undefined ? at : pattern.lastIndex
}

// 兩 counts (兩地, 兩江新區) and never names a clause.
const chinese = [...numeralCharacters].filter((c) => !/[0-9０-９兩两-]/u.test(c)).join('')
const arabicNumeral = /(\d{1,9})(?!\d)/uy
const chineseNumeral = new RegExp(`([${chinese}]{1,9})(?![${chinese}])`, 'uy')
const cardinals =
  'one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty'.split(
    ' ',
  )
const ordinals =
  'first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth'.split(
    ' ',
  )
const romans = 'i ii iii iv v vi vii viii ix x xi xii xiii xiv xv'.split(' ')
const word = /([a-z]{1,11})(?![a-z0-9])/uy
const englishOrdinal = new RegExp(`(?:(\\d{1,3})(?:st|nd|rd|th)|(${ordinals.join('|')}))(?![a-z0-9])`, 'uy')

export type Numeral = { readonly value: number; readonly end: number; readonly script: 'arabic' | 'chinese' | 'latin' }

/** 4, 04, 四, 貳拾壹, 廿一. Longer than nine characters is no numeral of ours. */
export function readNumeral(text: string, at: number): Numeral | undefined {
  const digits = read(arabicNumeral, text, at)?.[1]
  if (digits !== undefined) return { value: Number(digits), end: at + digits.length, script: 'arabic' }
  const characters = read(chineseNumeral, text, at)?.[1]
  // Nearly every numeral is one character, and a long message of them is read often.
  const simple = characters?.length === 1 ? '一二三四五六七八九十'.indexOf(characters) + 1 : 0
  const value = characters === undefined ? undefined : simple || parseNumeral(characters)
  return characters === undefined || value === undefined
    ? undefined
    : { value, end: at + characters.length, script: 'chinese' }
}

/** four, iv: only after a word such as "item" or "area". */
export function readWordNumeral(text: string, at: number): Numeral | undefined {
  const found = read(word, text, at)?.[1]
  if (found === undefined) return undefined
  const value = Math.max(cardinals.indexOf(found), romans.indexOf(found)) + 1
  return value === 0 ? undefined : { value, end: at + found.length, script: 'latin' }
}

/** 4th, fourth: only before a word such as "item" or "area". */
export function readEnglishOrdinal(text: string, at: number): Numeral | undefined {
  const found = read(englishOrdinal, text, at)
  if (found === undefined) return undefined
  return {
    value: found[1] === undefined ? ordinals.indexOf(found[2] ?? '') + 1 : Number(found[1]),
    end: at + found[0].length,
    script: 'latin',
  }
}

// 第四項, 第4點; but 第一項目, 第三條高鐵線, 第二條問題, 第3點鐘
export const itemUnit =
  /(?:个?措施(?!内容)|项(?!目)(?:合作)?(?:措施(?!内容))?|条(?!建议|意见|[铁高地线路街河村航公隧问消信微短片友女心数评留])|点(?![钟半整])|款(?![产车手游式]))/uy
/** The same after a number without 第: 川七4項; but 川七4點講, 川七4點樣. */
export const plainItemUnit =
  /(?:个?措施(?!内容)|项(?!目)|条(?!建议|意见|[铁高地线路街河村航公隧问消信微短片友女心数评留])|点(?![钟半整样解讲写睇理系])|款(?![产车手游式]))/uy
export const itemWord =
  /(?:items?|measures?|clauses?|points?|articles?|paragraphs?|paras?|initiatives?|措施|条款|项)(?![a-z]) ?(?:numbers? |no\.? ?|#)?/uy
export const numberSign = /(?:#|no\.? ?|numbers? |§)/uy
const areaNouns = '(?:部分|部份|范畴|领域|板块|章|节)'
// 第三部分, 第三個合作領域; but 第一節課, 第七節日
export const areaUnit = /(?:个|大)?(?:合作)?(?:部分|部份|范畴|领域|板块|章(?!鱼)|节(?![课日目]))/uy
export const plainAreaUnit = new RegExp(areaNouns, 'uy')
export const areaWord = new RegExp(
  `(?:(?:areas?|sections?|parts?|chapters?|sectors?|fields?|domains?)(?![a-z]) ?(?:numbers? |no\\.? ?|#)?|(?:合作)?${areaNouns})`,
  'uy',
)
export const englishAreaUnit =
  / ?(?:areas?|sections?|parts?|chapters?|sectors?|fields?|domains?)(?![a-z])(?: of cooperation)?/uy
export const englishItemUnit = / ?(?:items?|measures?|clauses?|points?|articles?|paragraphs?|initiatives?)(?![a-z])/uy
/** What a tail can begin with: most names are followed by something else, and this says so at once. */
export const tailStart = new RegExp(`[a-z0-9#§第${chinese}前序引弁部范领板章节合个措条项]`, 'uy')
/** What a reference without a name can begin with; a fragment of a pattern. */
export const bareStart =
  '第|(?<![a-z0-9])(?:items?|measures?|clauses?|points?|articles?|paragraphs?|paras?|areas?|sections?|parts?|chapters?|no\\.|\\d{1,3}(?:st|nd|rd|th) |[a-z]{2,8}(?:st|nd|rd|th) |preamble|foreword|preface)|#|§|前言|序言|引言'
export const preambleWord = /(?:前言|序言|序文|引言|弁言|preamble|foreword|preface)/uy

export const listSeparator = /(?: ?(?:以及|同埋|还有|仲有|和|同|及|与|跟|或|and|or|&|[,、;]) ?){1,2}/uy
export const rangeSign = / ?(?:-{1,2}|[~〜]|至|到|(?:to|through|thru|till|until)(?![a-z])) ?/uy
/** What joins two references to one memorandum: 川七4、八2; Sichuan 7.4 and area 8 item 2. */
export const continuation = /(?: ?(?:以及|同埋|还有|仲有|和|同|及|与|跟|或|and|or|&|[,、;]) ?){1,2}(?:the )?/uy
/** What may stand between a named area and its item: 第七部分（教育）的第4項, area 3, item 2. */
export const areaToItem = /(?:[ ,、·:;"<>()[\]-]|的|嘅|之|当中|中|里面|里边|入面|里|内|底下|下面|下|'s|the ){0,6}/uy
/** Area and item written together: 七4, 七.4, 七之4, 七（4）, 7.4. */
export const tightSign = /[.·之(_ /-]/uy
/** A pair of area and item, to tell it from the next number in a list. */
export const pair = new RegExp(
  `(?:[${chinese}]{1,3}(?:[.·之(-])?\\d|\\d{1,2}[.·]\\d|[${chinese}]{1,3}[.·之][${chinese}])`,
  'uy',
)

// ——— What follows a number decides whether it names a clause (浙21講咩) or counts something (福建 200 名學生, Sichuan 5
// pandas).

const englishAfter =
  'please|pls|plz|thanks|thank|thx|and|or|to|about|says?|said|means?|is|are|was|were|do|does|did|states?|stated|covers?|contains?|mentions?|text|wording|content|contents|in(?! \\d)|full|for|me|again|of(?! \\d)|with|vs|versus|from|on|regarding|quote|verbatim|now|too|also|then|next|as|but|if|which|that|who|what|how|when|where|why|has|have|had|should|must|can|could|would|will|talks?|refers?|promises?|requires?|involves?|exactly|only|here|there|summary|details?|title|hi|the|this|compare|compared|explained|explain|word|original|meaning|aloud|apply|applies|benefits?|translate[ds]?|translation|summari[sz]e[ds]?|by|into|i|we|my|you|using|without|briefly|memorandum|mou|annex'
const hanAfter =
  '的|嘅|讲|说|话|系(?!列|统)|是|为何|为什|有|冇|没|写|提|关于|入面|里面|里边|内容|原文|全文|条文|文本|正文|原句|点样|点解|点讲|点写|点睇|怎|如何|呢|吗|嘛|吧|啊|呀|啦|喇|喎|噃|㗎|喔|哦|吓|哈|可以|可否|能否|能不能|会不会|要求|想|请|唔该|谢|多谢|麻烦|帮|畀|俾|给|睇|看|查|读|翻译|译|解释|说明|包括|包含|涉及|牵涉|究竟|到底|其实|同(?!学|事)|和|与|及|以及|跟|或|还有|仲有|再|又|并|分别|差别|比较|对比|全部|所有|逐字|之后|后面|前面|下一|上一|那|嗰|𠮶|呢|这|在|喺|由|未|已|即|啱|具体|规定|主要|需|适用|适合|中文|英文|唔|好唔|听落|所说|所指|所提|所述|当中|后来|会带|对我|对学生|对青年|对香港|对企业|对市民|个内容|措施内容|我|落实|边|哪|乜|咩|什|几时|何时|谁|第|逐'
const punctuationAfter = `[^\\p{L}\\p{N}\\s%‰$€£¥.,+*=/:~\\-'"&#@^]|[.:\\-~/'"&]+(?![\\p{L}\\p{N}$])|\\.(?= ?[a-z])|[:'"-](?=\\p{Script=Han})|-{1,2}(?=(?:${englishAfter})(?![a-z0-9]))|'s |,(?!\\d{3}(?!\\d))`
const safe = new RegExp(`$|${punctuationAfter}|${hanAfter}| ?(?:${englishAfter})(?![a-z0-9])`, 'uy')
const counters =
  '[年月日号名间所人万亿千百岁家元位次届程站帯带米秒钟天周级倍吨层楼辆台艘架册张集季折杯枚套队批股场亩幅分成支期度路线类种](?!持|析|别|效|候|有|说|指|提|述|讲)|大(?!概|致|约)|里(?!面|边)|点(?!样|解|讲|写|睇|理|系)|个(?!内容)|小时|公里|平方|[条项款](?=\\p{Script=Han})(?!系|是|讲|说|有|的|嘅)'
const units =
  'thousand|million|billion|trillion|percent|per|years?|months?|weeks?|days?|hours?|minutes?|km|kilomet|miles?|square|sq|hectares?|times?|people|persons?|students?|rmb|yuan|usd|hkd|am|pm|degrees?|code'
const counted = new RegExp(
  `\\d|[.,]\\d{3}(?!\\d)|[.:/=*+-]\\d|[%‰$€£¥°℃]|${counters}| ?(?:${units})(?![a-z0-9])|(?! ?(?:${englishAfter})(?![a-z0-9]))[a-z]`,
  'uy',
)
// 渝三 and 浙三 end a phrase; 四川一程多站, 重慶一同參與, 浙江三大機場 do not.
const strictHan =
  '全部|所有|入面|里面|里边|(?:讲|说|写|有|系|是)(?:乜|咩|什|啲咩|了什|边|哪|关于|几)|(?:的|嘅)(?:全部|所有|每|具体|措施|内容|(?=[?!.,;]|$))|内容|原文|全文|有(?:$|[?!])|呢(?=[?!.,]|$)|吗|唔该|谢谢|多谢'
const strict = new RegExp(
  `$|[^\\p{L}\\p{N}\\s%‰$€£¥.,+*=/:~\\-'"&#@^]|[.:'"](?!\\d)|,(?!\\d{3}(?!\\d))|${strictHan}| ?(?:please|pls|and|or|in full|thanks)(?![a-z0-9])`,
  'uy',
)

/** How much is asked of what follows a number, from least to most. */
export type Follow = (text: string, at: number) => boolean
export const notCounted: Follow = (text, at) => read(counted, text, at) === undefined
export const safelyEnded: Follow = (text, at) => read(safe, text, at) !== undefined
export const strictlyEnded: Follow = (text, at) => read(strict, text, at) !== undefined
export const anything: Follow = () => true
