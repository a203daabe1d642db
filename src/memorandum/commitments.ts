import { type Range, sentences, withoutTrailingSpace } from '../text/sentences.ts'
import type { Library } from './library.ts'

/** A sentence of a measure that names a date or a number. */
export type Commitment = {
  readonly id: string
  /** Where the sentence stands in the measure's text; UTF-16 units. */
  readonly range: Range
  /** The year named first, or that of the signing where only a number is named. */
  readonly year: number
  /** What makes it a commitment, as printed: 2019年底, 1000名. */
  readonly marks: readonly string[]
}

// 2018年6月28日  2019年底  2022年第四季  2018年暑假  — a range of school years counts with its first
const date =
  /(?<year>20\d{2})(?:年(?:\d{1,2}月(?:\d{1,2}日)?(?:中|底|初)?|底前?|初|第[一二三四]季度?|[上下]半年|暑假|度)?|[／/-]\d{2,4}學年)/gu
// 5000名  不少於1000名  60名  200個  8次  第三屆 is none
const amount =
  /(?:不少於|最少|最多|約|逾|超過)?\d[\d,，]*(?:多|餘)?(?:名|人次|人|個|家|所|次|項|對|億|萬|小時|天|日|周|星期|場)(?!\d)/gu

/** Sentences of measures with a date or a number, by year and then in library order. */
export function commitmentsIn(library: Library): readonly Commitment[] {
  const found = library.units.flatMap((unit): Commitment[] => {
    if (unit.kind !== 'measure') return []
    return sentences(unit.text).flatMap((sentence): Commitment[] => {
      const text = unit.text.slice(...sentence)
      const dates = [...text.matchAll(date)]
      const amounts = [...text.replace(date, (match) => ' '.repeat(match.length)).matchAll(amount)]
      if (dates.length === 0 && amounts.length === 0) return []
      const year = Number(dates[0]?.groups?.year ?? unit.memorandum.date.slice(0, 4))
      return [
        {
          id: unit.id,
          range: withoutTrailingSpace(unit.text, sentence),
          year,
          marks: [...dates, ...amounts].map(([mark]) => mark),
        },
      ]
    })
  })
  return found
    .map((one, at) => ({ one, at }))
    .sort((a, b) => a.one.year - b.one.year || a.at - b.at)
    .map(({ one }) => one)
}
