import { searchForm } from '../text/fold.ts'

/**
 * The letters and digits of a text in search form, with the way back; `starts` and `ends` are UTF-16 offsets in the
 * original.
 */
export type Letters = { readonly text: string; readonly starts: readonly number[]; readonly ends: readonly number[] }

/** Whether a character of the search form is a letter, a digit or a per cent sign. */
const counts = (character: string) => /^[\p{L}\p{N}%]/u.test(character)

export function lettersOf(original: string): Letters {
  const form = searchForm(original)
  let text = ''
  const starts: number[] = []
  const ends: number[] = []
  for (let i = 0; i < form.text.length; ) {
    const start = form.offsets[i] ?? 0
    const character = String.fromCodePoint(form.text.codePointAt(i) ?? 0)
    i += character.length
    // 1.5 is not 15: a full stop between digits counts.
    if (character === '.' ? !isDecimalPoint(original, start) : !counts(character)) continue
    text += character
    const end = start + ((original.codePointAt(start) ?? 0) > 0xffff ? 2 : 1)
    for (let half = 0; half < character.length; half += 1) {
      starts.push(start)
      ends.push(end)
    }
  }
  return { text, starts, ends }
}

function isDecimalPoint(original: string, at: number): boolean {
  return (
    /[.．]/u.test(original[at] ?? '') &&
    /[0-9０-９]/u.test(original[at - 1] ?? '') &&
    /[0-9０-９]/u.test(original[at + 1] ?? '')
  )
}

/**
 * Digits, Latin letters and Chinese numerals hold together: 10000 for 1000 is one change, and 「邀請不少於100」 is no
 * quotation of 1000.
 */
export function kindOf(character: string | undefined): 'digit' | 'latin' | 'numeral' | undefined {
  if (character === undefined || character === '') return undefined
  if (/[0-9.]/u.test(character)) return 'digit'
  if (/[a-z]/u.test(character)) return 'latin'
  return /[〇零一二三四五六七八九十百千万亿]/u.test(character) ? 'numeral' : undefined
}
