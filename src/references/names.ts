import { type Library, yearOf } from '../memorandum/library.ts'
import { abroad, places } from '../memorandum/places.ts'
import type { Memorandum } from '../model/corpus.ts'
import { fold } from '../text/fold.ts'
import { oneOf } from '../text/vocabulary.ts'
import type { Title } from './scanner.ts'
import { read, skip } from './sticky.ts'
import { closeFillers, documentWords, englishCloseFillers, letters, looseFillers } from './vocabulary.ts'
import { bareStart, lineOf } from './words.ts'

/** A name of a memorandum, or of a place that has none. */
export type Named = {
  /** `undefined` for a place, or a year, without a memorandum in the library. */
  readonly memorandum: Memorandum | undefined
  /** Where the name and its fillers (省, 2018年, 合作備忘錄, 的) end. */
  readonly end: number
  /** Where the name alone ends. */
  readonly nameEnd: number
  readonly short: boolean
  /** Two letters (ZJ): a name only where a reference follows. */
  readonly letters: boolean
  /** False where words stand between that leave room for a count: 四川與香港合作會議3個. */
  readonly close: boolean
  /** The memorandum as a document is meant: 川港, 浙江備忘錄. */
  readonly document: boolean
}

export type Names = {
  readonly library: Library
  /** A name at an offset. */
  readonly at: (text: string, at: number) => Named | undefined
  /** The titles of a memorandum's areas. */
  readonly titlesOf: (memorandum: Memorandum) => readonly Title[]
  /**
   * Finds where the next reference may begin: with a name, or with a word such as 第. Global: `lastIndex` tells where to
   * look from.
   */
  readonly starts: RegExp
}

/** Zhejiang, 浙江省; 浙; 浙港; ZJ. */
type Form = 'full' | 'short' | 'pair' | 'letters'

/** Characters that make a county, a river or another region with the short name after them: 汶川, 江浙, 成渝, 香港川菜. */
const leftBound =
  '汶北青金银铜合永南利汉宜洛潢淅伊陵遂临平武四百山冰河两东西神石品德荒立香旭吉市谷星早古细大小黑仁春深黄陇延江沪苏成巴八粤澳'

// Only these may stand before a number without a word for item or area.
const closeFiller = new RegExp(`(?:${oneOf(closeFillers)}|(?:${oneOf(englishCloseFillers)})(?![a-z])|[ ·<>"_:-])`, 'uy')
const conference = '第[〇零一二三四五六七八九十百0-9]{1,4}次会议'
const hongKong = '[与和同]?香港(?:特别行政区|特区)?(?:政府)?'
const looseFiller = new RegExp(
  `(?:${oneOf(looseFillers)}|${conference}|${hongKong}|措施(?=第)|[呢𠮶那这该]份|hk(?![a-z])|[,、:;()[\\]/])`,
  'uy',
)
const documentWord = new RegExp(oneOf(documentWords), 'u')
// 2018, 2018年, (2018), 二〇一八年; but no date: 2018/5/11, 2018.5.11
const yearFiller =
  /\(?(?:((?:19|20)\d{2})(?!\d)|([一二][〇○零九][〇○零一二三四五六七八九]{2}(?=年)))\)?年?(?:版|度)?(?![.\-/:]?\d[\d.\-/]*[年月日]|[.\-/]\d)/uy
const idYear = /-((?:19|20)\d{2})(?![\d-])\/?/uy
const yearBefore = /((?:19|20)\d{2})年?(?:的|嘅)? ?$/u
const mostFillers = 12

function yearInArabic(year: string): string {
  return [...year]
    .map((c) => ('○〇零'.includes(c) ? '0' : /\d/u.test(c) ? c : String('〇一二三四五六七八九'.indexOf(c))))
    .join('')
}

/**
 * Every way to name the library's memoranda, and the other places that people name. Takes milliseconds: made once by
 * whoever reads references.
 */
export function namesOf(library: Library): Names {
  const slugs = new Map<string, { slug: string; form: Form; own: string }>()
  const add = (name: string, slug: string, char = '', form: Form = 'full') =>
    slugs.set(fold(name), { slug, form, own: char && fold(`${char}港`) })
  const covered = new Set(library.memoranda.map((memorandum) => memorandum.province.slug))
  for (const other of abroad) for (const name of other.names) add(name, '')
  for (const other of places)
    if (!covered.has(other.slug)) for (const name of other.names) if (name.length > 1) add(name, '')
  for (const { province } of library.memoranda) {
    for (const name of [
      province.zh,
      `${province.zh}省`,
      `${province.zh}市`,
      province.en,
      province.slug,
      province.slug.replaceAll('-', ' '),
    ])
      add(name, province.slug, province.char)
    add(province.char, province.slug, province.char, 'short')
    for (const name of [`${province.char}港`, `港${province.char}`]) add(name, province.slug, province.char, 'pair')
    const code = letters[province.slug]
    if (code !== undefined) add(code, province.slug, province.char, 'letters')
  }
  const titles = new Map(
    library.memoranda.map((memorandum) => [
      memorandum,
      memorandum.areas.map(({ ordinal, title }): Title => ({ ordinal, text: lineOf(title).text })),
    ]),
  )
  const bySlug = new Map<string, Memorandum[]>()
  for (const memorandum of library.memoranda)
    bySlug.set(memorandum.province.slug, [...(bySlug.get(memorandum.province.slug) ?? []), memorandum])
  const source = [...slugs]
    .filter(([name]) => name !== '')
    .sort(([a], [b]) => b.length - a.length)
    .map(([name, { form }]) =>
      form === 'short' || form === 'pair'
        ? `(?<![${leftBound}])${oneOf([name])}`
        : /^[a-z]/u.test(name)
          ? `(?<![a-z0-9])${oneOf([name])}(?![a-z])`
          : oneOf([name]),
    )
    .join('|')
  const pattern = new RegExp(source, 'uy')

  return {
    library,
    titlesOf: (memorandum) => titles.get(memorandum) ?? [],
    starts: new RegExp(`(?:${source}|${bareStart})`, 'gu'),
    at(text, at) {
      const name = read(pattern, text, at)?.[0]
      const owner = name === undefined ? undefined : slugs.get(name)
      if (name === undefined || owner === undefined) return undefined
      const nameEnd = at + name.length
      const { own, form } = owner
      let year = /[\d年的嘅 ]/u.test(text[at - 1] ?? '')
        ? yearBefore.exec(text.slice(Math.max(0, at - 7), at))?.[1]
        : undefined
      let close = true
      let end = nameEnd
      for (let n = 0; n < mostFillers; n += 1) {
        const dated = read(idYear, text, end) ?? read(yearFiller, text, end)
        const found = dated?.[1] ?? dated?.[2]
        if (dated !== undefined && found !== undefined) {
          year = yearInArabic(found)
          end += dated[0].length
          continue
        }
        let next = skip(closeFiller, text, end)
        if (next === end) {
          next = own !== '' && text.startsWith(own, end) ? end + own.length : skip(looseFiller, text, end)
          if (next > end) close = false
        }
        if (next === end) break
        end = next
      }
      // Without a year the latest memorandum with the province is meant.
      const memorandum = bySlug
        .get(owner.slug)
        ?.findLast((candidate) => year === undefined || yearOf(candidate) === year)
      const document = form === 'pair' || documentWord.test(text.slice(nameEnd, end))
      const short = form === 'short' || form === 'pair'
      return { memorandum, end, nameEnd, short, letters: form === 'letters', close, document }
    },
  }
}
