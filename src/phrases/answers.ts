import { places } from '../memorandum/places.ts'
import type {
  Ambiguity,
  Answer,
  FactName,
  ItemsThatExist,
  MissingReason,
  Searched,
  Understood,
} from '../model/answer.ts'
import { unreachable } from '../model/unreachable.ts'
import { formatChineseNumeral } from '../text/numerals.ts'

/** Languages of the interface: Traditional Chinese, Simplified Chinese, English. */
export const languages = ['hant', 'hans', 'en'] as const
export type Language = (typeof languages)[number]

const slugs = new Map(places.map((place) => [place.slug, place]))

/**
 * What the interface calls a province. Simplified names differ in two characters, so they stand here and are not
 * converted.
 */
const simplifiedNames: Readonly<Record<string, string>> = { chongqing: '重庆', guangdong: '广东' }

export function provinceName(slug: string, language: Language): string {
  const place = slugs.get(slug)
  if (place === undefined) return slug
  if (language === 'en') return place.en
  return language === 'hans' ? (simplifiedNames[slug] ?? place.zh) : place.zh
}

const join = (names: readonly string[], language: Language) => names.join(language === 'en' ? ', ' : '、')
const provinceNames = (list: readonly string[], language: Language) =>
  join(
    list.map((slug) => provinceName(slug, language)),
    language,
  )

/** The one line that says what a question was narrowed to; `undefined` when it was not. */
export function understoodLine(understood: Understood, language: Language): string | undefined {
  const parts = [
    ...understood.provinces.map((slug) => provinceName(slug, language)),
    ...(understood.topic === undefined ? [] : [understood.topic]),
  ]
  if (understood.excluded.length > 0)
    parts.push(
      {
        hant: `不計${provinceNames(understood.excluded, language)}`,
        hans: `不计${provinceNames(understood.excluded, language)}`,
        en: `without ${provinceNames(understood.excluded, language)}`,
      }[language],
    )
  return parts.length === 0 ? undefined : parts.join(' · ')
}

/** The one line that says which words were bridged; `undefined` when none were. */
export function bridgedLine(understood: Understood, language: Language): string | undefined {
  const pairs = understood.bridged.slice(0, 3).map(({ asked, terms }) => [asked, ...terms.slice(0, 2)].join('＝'))
  if (pairs.length === 0) return undefined
  return {
    hant: `已一併查找：${pairs.join('；')}`,
    hans: `已一并查找：${pairs.join('；')}`,
    en: `Also searched: ${pairs.join('; ').replaceAll('＝', ' = ')}`,
  }[language]
}

function existsLine(exists: ItemsThatExist, language: Language): string {
  const name = `${language === 'en' ? exists.en : exists.shortName} ${exists.year}`
  if (exists.area !== undefined) {
    const { ordinal, title, first, last } = exists.area
    const range = first === last ? `${first}` : `${first}–${last}`
    return {
      hant: `${name}第${formatChineseNumeral(ordinal)}部分「${title}」只有第 ${range} 項。`,
      hans: `${name}第${formatChineseNumeral(ordinal)}部分「${title}」只有第 ${range} 项。`,
      en: `Area ${ordinal} (${title}) of ${name} has only item${first === last ? '' : 's'} ${range}.`,
    }[language]
  }
  if (exists.numbering === 'annex') {
    return {
      hant: `${name}只有 ${exists.lastItem} 項，分屬 ${exists.areas} 個領域。`,
      hans: `${name}只有 ${exists.lastItem} 项，分属 ${exists.areas} 个领域。`,
      en: `${name} has only ${exists.lastItem} items in ${exists.areas} areas.`,
    }[language]
  }
  return {
    hant: `${name}有 ${exists.areas} 個領域，各領域的項目由 1 起編號，例如「${exists.shortName[0]}一1」。`,
    hans: `${name}有 ${exists.areas} 个领域，各领域的项目由 1 起编号，例如「${exists.shortName[0]}一1」。`,
    en: `${name} has ${exists.areas} areas; items are numbered from 1 in each, for example “${exists.en} 1.1”.`,
  }[language]
}

/** Proof of search: what was looked through. */
export function searchedLine(searched: Searched, language: Language): string {
  return {
    hant: `已查 ${searched.memoranda} 份備忘錄、${searched.measures} 項措施。`,
    hans: `已查 ${searched.memoranda} 份备忘录、${searched.measures} 项措施。`,
    en: `Searched ${searched.memoranda} memoranda, ${searched.measures} measures.`,
  }[language]
}

/** Says what happened and what to try next. */
export function missingText(reason: MissingReason, searched: Searched, language: Language): string {
  const proof = searchedLine(searched, language)
  const covered = provinceNames(searched.provinces, language)
  switch (reason.kind) {
    case 'place':
      return {
        hant: `這裏沒有與${reason.place}的備忘錄。可查的是${covered}。`,
        hans: `这里没有与该地（${reason.place}）的备忘录。可查的是${covered}。`,
        en: `There is no memorandum with ${reason.placeEn} here. You can ask about ${covered}.`,
      }[language]
    case 'item':
      return {
        hant: `沒有「${reason.asked}」。${existsLine(reason.exists, language)}`,
        hans: `没有「${reason.asked}」。${existsLine(reason.exists, language)}`,
        en: `There is no “${reason.askedEn}”. ${existsLine(reason.exists, language)}`,
      }[language]
    case 'notation':
      return {
        hant: `未能讀懂「${reason.asked}」。條文編號請這樣寫：浙21、浙16-19、川七4。`,
        hans: `未能读懂「${reason.asked}」。条文编号请这样写：浙21、浙16-19、川七4。`,
        en: `I could not read “${reason.asked}”. Write a reference like this: 浙21, 浙16-19, 川七4, Sichuan 7.4.`,
      }[language]
    case 'topic':
      return {
        hant: `備忘錄沒有提及。${proof}可換一個說法，或用 /browse 逐項看。`,
        hans: `备忘录没有提及。${proof}可换一个说法，或用 /browse 逐项看。`,
        en: `The memoranda do not mention this. ${proof} Try other words, or /browse the measures.`,
      }[language]
    case 'province': {
      const named = provinceNames(reason.provinces, language)
      const there = reason.elsewhere.filter((slug) => !reason.provinces.includes(slug))
      const others = provinceNames(there, language)
      const tail =
        there.length === 0
          ? ''
          : {
              hant: `其他備忘錄有：${others}（見下）。`,
              hans: `其他备忘录有：${others}（见下）。`,
              en: ` Others do: ${others} (below).`,
            }[language]
      return {
        hant: `${named}的備忘錄沒有提及。${proof}${tail}`,
        hans: `${named}的备忘录没有提及。${proof}${tail}`,
        en: `The memorandum of ${named} does not mention this. ${proof}${tail}`,
      }[language]
    }
    case 'detail':
      return {
        hant: `備忘錄談到這件事，但沒有寫明所問的細節。${proof}相關條文如下。`,
        hans: `备忘录谈到这件事，但没有写明所问的细节。${proof}相关条文如下。`,
        en: `The memoranda speak of this but do not give the detail asked for. ${proof} The related clauses are below.`,
      }[language]
    case 'foreign':
      return {
        hant: '這不是備忘錄可以回答的問題。可以問例如「四川有甚麼青年實習」或輸入「浙21」。',
        hans: '这不是备忘录可以回答的问题。可以问例如「四川有什么青年实习」或输入「浙21」。',
        en: 'This is not a question that the memoranda can answer. Ask, for example, “youth internships in Sichuan” or type “浙21”.',
      }[language]
    case 'unclear':
      return {
        hant: '未能理解。請寫出想找的事項，例如「福建 金融」，或條文編號，例如「川七4」。',
        hans: '未能理解。请写出想找的事项，例如「福建 金融」，或条文编号，例如「川七4」。',
        en: 'I could not make out a question. Write what you look for, such as “Fujian finance”, or a reference such as “川七4”.',
      }[language]
    default:
      return unreachable(reason)
  }
}

/** Says that a reference can be taken in two ways, and that both are given. */
export function ambiguityLine({ written, readings }: Ambiguity, language: Language): string {
  const [first, second] = readings.map(({ asked, askedEn }) => (language === 'en' ? askedEn : asked))
  // What the first reading lacks is said beside it.
  if (readings[0]?.ids.length === 0)
    return {
      hant: `如果指的是${second}，見下。`,
      hans: `如果指的是${second}，见下。`,
      en: `If you mean ${second}, it is below.`,
    }[language]
  return {
    hant: `「${written}」可以指${first}，也可以指${second}；兩者都在下面。`,
    hans: `「${written}」可以指${first}，也可以指${second}；两者都在下面。`,
    en: `“${written}” may mean ${first} or ${second}; both are below.`,
  }[language]
}

/** Names of the facts that are kept of a memorandum. */
export const factNames: Readonly<Record<FactName, Readonly<Record<Language, string>>>> = {
  leaders: { hant: '率領', hans: '率领', en: 'Led by' },
  chair: { hant: '主持', hans: '主持', en: 'Chaired by' },
  signatories: { hant: '簽署', hans: '签署', en: 'Signed by' },
  custodians: { hant: '保存', hans: '保存', en: 'Kept by' },
  date: { hant: '日期', hans: '日期', en: 'Date' },
  place: { hant: '地點', hans: '地点', en: 'Place' },
  plenary: { hant: '會議次數', hans: '会议次数', en: 'Session' },
  areas: { hant: '合作領域數目', hans: '合作领域数目', en: 'Number of areas' },
  measures: { hant: '措施數目', hans: '措施数目', en: 'Number of measures' },
  principles: { hant: '合作原則', hans: '合作原则', en: 'Principles' },
}

/** Above provinces side by side. */
export const comparisonTitle = (topic: string, language: Language): string =>
  ({ hant: `比較：${topic}`, hans: `比较：${topic}`, en: `Comparison: ${topic}` })[language]

/** Of numbers that can be added up, beside those of several memoranda. */
function totalOf({ fact, values }: Extract<Answer, { kind: 'facts' }>, language: Language): string {
  if ((fact !== 'measures' && fact !== 'areas') || values.length < 2) return ''
  const total = values.reduce((sum, { value }) => sum + Number(value), 0)
  return { hant: `（共 ${total}）`, hans: `（共 ${total}）`, en: ` (${total} in all)` }[language]
}

/** A word in return for what is no question. */
const remarks: Readonly<Record<Extract<Answer, { kind: 'remark' }>['remark'], Readonly<Record<Language, string>>>> = {
  courtesy: {
    hant: '不客氣。想查甚麼，直接輸入問題或條文編號即可。',
    hans: '不客气。想查什么，直接输入问题或条文编号即可。',
    en: 'You are welcome. Type a question or the number of a clause whenever you like.',
  },
  complaint: {
    hant: '抱歉答得不好。請換一個說法，或加上省市名稱；也可用 /browse 逐項看，用 /help 看有甚麼問法。',
    hans: '抱歉答得不好。请换一个说法，或加上省市名称；也可用 /browse 逐项看，用 /help 看有什么问法。',
    en: 'Sorry, that was not what you wanted. Try other words or name the province, look through /browse, or see /help.',
  },
  about: {
    hant: '我只從香港與內地省市的合作備忘錄找條文，逐字引述並註明出處，不會自行作答。用 /help 看怎樣問，用 /privacy 看保存甚麼。',
    hans: '我只从香港与内地省市的合作备忘录找条文，逐字引述并注明出处，不会自行作答。用 /help 看怎样问，用 /privacy 看保存什么。',
    en: 'I find clauses in the cooperation memoranda between Hong Kong and mainland provinces and quote them word for word with their source; I write no answers of my own. See /help for how to ask and /privacy for what is kept.',
  },
}

/** The sentence above the clauses of an answer; `undefined` where they speak for themselves. */
export function headline(answer: Answer, language: Language): string | undefined {
  switch (answer.kind) {
    case 'found':
    case 'reference':
      return undefined
    case 'list': {
      const count = answer.hits.length
      const where = answer.provinces.length === 0 ? '' : provinceNames(answer.provinces, language)
      if (answer.asked === 'provinces') {
        const lacking = answer.absent.length === 0 ? undefined : provinceNames(answer.absent, language)
        return {
          hant: `「${answer.criterion}」見於 ${answer.provinces.length} 個省市：${where}（共 ${count} 處）${lacking === undefined ? '' : `；未見於${lacking}`}`,
          hans: `「${answer.criterion}」见于 ${answer.provinces.length} 个省市：${where}（共 ${count} 处）${lacking === undefined ? '' : `；未见于${lacking}`}`,
          en: `“${answer.criterion}” is found in ${answer.provinces.length}: ${where} (${count} clause${count === 1 ? '' : 's'})${lacking === undefined ? '' : `; not in ${lacking}`}`,
        }[language]
      }
      return {
        hant: `「${answer.criterion}」共 ${count} 項（${where}）`,
        hans: `「${answer.criterion}」共 ${count} 项（${where}）`,
        en: `“${answer.criterion}”: ${count} clause${count === 1 ? '' : 's'} (${where})`,
      }[language]
    }
    case 'comparison':
      return comparisonTitle(answer.topic, language)
    case 'facts':
      return `${factNames[answer.fact][language]}${totalOf(answer, language)}`
    case 'remark':
      return remarks[answer.remark][language]
    case 'missing':
      return missingText(answer.reason, answer.searched, language)
    default:
      return unreachable(answer)
  }
}

/** What stands in a comparison where a province has nothing. */
export const noClause: Readonly<Record<Language, string>> = {
  hant: '未見相關項目',
  hans: '未见相关项目',
  en: 'no related item',
}

/** Label of the clauses that are near but do not answer. */
export const nearestLabel: Readonly<Record<Language, string>> = {
  hant: '最接近的條文（並非答案）：',
  hans: '最接近的条文（并非答案）：',
  en: 'Nearest clauses (not an answer):',
}
