import { toSimplified } from './conversion.ts'
import { ideographOfRadical } from './radicals.ts'

/** Text folded for matching, with the way back to the text as printed. */
export type SearchForm = {
  readonly text: string
  /**
   * For each UTF-16 unit of `text`, the offset in the original of the code point it came from; one more entry holds the
   * original's length.
   */
  readonly offsets: readonly number[]
}

/** Variants that script conversion keeps apart but people type for one another. Folded form on the right. */
const variants: Readonly<Record<string, string>> = {
  著: '着',
  搆: '构',
  祇: '只',
  塲: '场',
  荘: '庄',
  発: '发',
  妳: '你',
  牠: '它',
  噉: '咁',
  甚: '什',
  '“': '"',
  '”': '"',
  '„': '"',
  '「': '"',
  '」': '"',
  '『': '"',
  '』': '"',
  '‘': "'",
  '’': "'",
  '〈': '<',
  '〉': '>',
  '《': '<',
  '》': '>',
  '—': '-',
  '–': '-',
  '‐': '-',
  '−': '-',
  '－': '-',
  '─': '-',
  '‧': '·',
  '•': '·',
  '・': '·',
  '．': '.',
  '。': '.',
  '、': ',',
}

/** What each code point folds to, once it has been met: the same for ever, and nearly all of the time of folding. */
const foldedCodePoints = new Map<string, string>()

/**
 * Folds one code point: ideograph of a radical, compatibility form, lower case, Simplified character, common variant.
 * One code point at a time and without phrase rules, so that a clause and a question always fold alike whatever stands
 * beside the character.
 */
function foldCodePoint(codePoint: string): string {
  const known = foldedCodePoints.get(codePoint)
  if (known !== undefined) return known
  let folded = ''
  for (const part of (ideographOfRadical.get(codePoint) ?? codePoint).normalize('NFKC').toLowerCase()) {
    const variant = variants[codePoint] ?? variants[part]
    // Twice: 薴 gives 苧, which is 苎 by itself, and folding what is folded must change nothing.
    const simplified = variant ?? toSimplified(toSimplified(part))
    folded += variants[simplified] ?? simplified
  }
  // Invisible and control characters take no part in matching.
  folded = folded.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Mn}]/gu, (c) => (/\s/u.test(c) ? ' ' : ''))
  // A ligature such as ﷺ is several words; the rule for white space holds inside it too.
  if (folded.trim() !== '') folded = folded.replace(/\s+(?![a-z0-9])|(?<![a-z0-9])\s+/gu, '')
  foldedCodePoints.set(codePoint, folded)
  return folded
}

const spacious = /[a-z0-9]/u
const blank = /^\s+$/u

/**
 * The search form of a text: NFKC, lower case, Simplified, one form per variant; white space only where it parts two
 * Latin words or numbers. For matching only, never for reading.
 */
export function searchForm(text: string): SearchForm {
  let out = ''
  const offsets: number[] = []
  let offset = 0
  let spaceAt = -1
  // The last character is kept beside the text: reading it from a growing string copies the whole string each time.
  let last = ''
  for (const codePoint of text) {
    const folded = foldCodePoint(codePoint)
    if (blank.test(folded)) {
      if (spaceAt < 0) spaceAt = offset
    } else if (folded !== '') {
      if (spaceAt >= 0 && spacious.test(last) && spacious.test(folded[0] ?? '')) {
        out += ' '
        offsets.push(spaceAt)
      }
      spaceAt = -1
      out += folded
      last = folded[folded.length - 1] ?? ''
      for (let i = 0; i < folded.length; i += 1) offsets.push(offset)
    }
    offset += codePoint.length
  }
  offsets.push(text.length)
  return { text: out, offsets }
}

/** `searchForm(text).text`. */
export function fold(text: string): string {
  return searchForm(text).text
}

/**
 * The folded text with letters and digits only: equal for quotations that differ in script, width, punctuation or
 * spacing alone.
 */
export function bare(text: string): string {
  return fold(text).replace(/[^\p{L}\p{N}%]/gu, '')
}

/** The piece of a text, as printed, whose search form is given; `undefined` when the text does not hold it. */
export function printedForm(text: string, folded: string): string | undefined {
  const form = searchForm(text)
  const at = folded === '' ? -1 : form.text.indexOf(folded)
  return at < 0 ? undefined : text.slice(form.offsets[at], form.offsets[at + folded.length]).trim()
}
