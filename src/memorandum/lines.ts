import { numeralCharacters, parseNumeral } from '../text/numerals.ts'

/** One recogniser per line shape; each gets a trimmed line and answers what it is, or `undefined`. */

export type AreaLine = { readonly ordinal: number; readonly title: string }
export type MeasureLine = { readonly number: number; readonly text: string }

const ordinalHeading = /^(?<ordinal>[一二三四五六七八九十]{1,3})、\s*(?<rest>\S.*)$/u

/** `三、 創新及科技`: a heading, so short and without a sentence's end. */
export function areaLine(line: string): AreaLine | undefined {
  const match = ordinalHeading.exec(line)
  const ordinal = parseNumeral(match?.groups?.ordinal ?? '')
  const title = match?.groups?.rest?.trim() ?? ''
  if (ordinal === undefined || title.length > 40 || /[。；;]/u.test(title)) return undefined
  return { ordinal, title }
}

/** `一、合作宗旨。全面準確貫徹…`: a numbered clause of a preamble, so a sentence. */
export function preambleClauseLine(line: string): MeasureLine | undefined {
  const match = ordinalHeading.exec(line)
  const number = parseNumeral(match?.groups?.ordinal ?? '')
  const text = match?.groups?.rest?.trim() ?? ''
  if (number === undefined || !text.includes('。')) return undefined
  return { number, text }
}

/**
 * `1. 文本`, `- 12. 文本`, `1.全面`, `3、文本`, `2. 2018年…`: a measure; the number is Arabic. A decimal such as `5.21` is none.
 */
export function measureLine(line: string): MeasureLine | undefined {
  const match = /^(?:[-*•]\s+)?(?<number>\d{1,3})[.．、](?:\s+|(?!\d))(?<text>\S.*)$/u.exec(line)
  if (match?.groups === undefined) return undefined
  return { number: Number(match.groups.number), text: match.groups.text ?? '' }
}

/** `附件`, `附件二` alone on a line. */
export function attachmentLine(line: string): boolean {
  return new RegExp(`^附件[${numeralCharacters}]*$`, 'u').test(line)
}

/** `川港高層會晤暨川港合作會議第一次會議同意的具體合作措施`: what stands above the measures. */
export function annexTitleLine(line: string): boolean {
  return /會議同意的具體合作措施(?:與任務)?$/u.test(line)
}
