const digits: Readonly<Record<string, number>> = {
  〇: 0,
  '○': 0,
  零: 0,
  一: 1,
  二: 2,
  三: 3,
  四: 4,
  五: 5,
  六: 6,
  七: 7,
  八: 8,
  九: 9,
  壹: 1,
  弌: 1,
  貳: 2,
  贰: 2,
  貮: 2,
  叁: 3,
  參: 3,
  叄: 3,
  参: 3,
  肆: 4,
  伍: 5,
  陸: 6,
  陆: 6,
  柒: 7,
  捌: 8,
  玖: 9,
  兩: 2,
  两: 2,
  廿: 20,
  卅: 30,
  卌: 40,
}
const units: Readonly<Record<string, number>> = { 十: 10, 拾: 10, 百: 100, 佰: 100, 千: 1000, 仟: 1000 }

/** What a numeral is made of, for use inside a regular expression's character class. */
export const numeralCharacters = '0-9０-９〇○零一二三四五六七八九壹貳贰貮叁參叄参肆伍陸陆柒捌玖兩两廿卅卌十拾百佰千仟'

/**
 * The whole number that a Chinese, financial (大寫), full-width or Arabic numeral names: 二十一, 廿一, 貳拾壹, ２１, 21, 二一.
 * Range 0 to 9999. Anything else is `undefined`.
 */
export function parseNumeral(text: string): number | undefined {
  const numeral = text.normalize('NFKC').trim()
  if (/^\d{1,4}$/u.test(numeral)) return Number(numeral)
  if (numeral === '' || numeral.length > 9) return undefined
  const characters = [...numeral]
  if (characters.length > 1 && characters.every((c) => (digits[c] ?? 10) < 10)) {
    // Positional: 二〇二三, 二一.
    const value = Number(characters.map((c) => digits[c]).join(''))
    return value <= 9999 ? value : undefined
  }
  let total = 0
  let pending: number | undefined
  let smallestUnit = 10_000
  let placeholder = false
  for (const character of characters) {
    const unit = units[character]
    const digit = digits[character]
    if (unit !== undefined) {
      if (unit >= smallestUnit) return undefined
      total += (pending ?? 1) * unit
      pending = undefined
      smallestUnit = unit
    } else if (digit !== undefined && digit >= 20) {
      // 廿一, 一百廿一
      if (pending !== undefined || smallestUnit <= 10) return undefined
      total += digit
      smallestUnit = 10
    } else if (digit === 0) {
      // 一百零五: one placeholder between a unit and a digit; a number only when alone.
      if (characters.length === 1) return 0
      if (pending !== undefined || total === 0 || placeholder) return undefined
      placeholder = true
      continue
    } else if (digit !== undefined) {
      if (pending !== undefined) return undefined
      pending = digit
    } else return undefined
    placeholder = false
  }
  if (placeholder) return undefined
  return total + (pending ?? 0)
}

const plain = ['', '一', '二', '三', '四', '五', '六', '七', '八', '九']

/** 1 to 99 as the memoranda print area ordinals: 一, 十, 十一, 二十一. */
export function formatChineseNumeral(value: number): string {
  if (!Number.isInteger(value) || value < 1 || value > 99)
    throw new RangeError(`Cannot write ${value} as an ordinal: it must be a whole number from 1 to 99`)
  const tens = Math.floor(value / 10)
  return `${tens === 0 ? '' : tens === 1 ? '十' : `${plain[tens]}十`}${plain[value % 10]}`
}
