import { abroad, places } from '../memorandum/places.ts'
import type { Memorandum } from '../model/corpus.ts'
import { fold } from '../text/fold.ts'
import { oneOf } from '../text/vocabulary.ts'
import { exampleEndings, leavingOut } from './vocabulary.ts'

/** A place that a question names; offsets are in the question's search form. */
export type Mention = {
  readonly start: number
  readonly end: number
  /** Slug of a covered province, or `undefined` for a place without a memorandum. */
  readonly slug: string | undefined
  readonly zh: string
  readonly en: string
  readonly excluded: boolean
}

type Name = { readonly slug: string | undefined; readonly zh: string; readonly en: string }

/** Finds the places that a question in search form names, in order, without overlap. */
export type MentionFinder = (folded: string) => readonly Mention[]

const latin = /[a-z]/u
const han = /\p{Script=Han}/u

/** Names that hold a place's name and mean something else. */
const masks = ['安吉游戏', '粤港澳大湾区', '粤港澳', '大湾区', '南京东路', '台港澳']

/**
 * What may stand before or after a province's one-character name, so that 川剧 and 川菜 do not name Sichuan's memorandum.
 */
const beforeChar = /[在到赴去来对同和与跟及或喺返离由从,、及比较]$/u
const afterChar = /^(?:方|省|市|企|府|地|籍|内|港|,|$|[?!.:;·\s]|同|和|与|跟|及|有|嘅|的|呢|\d)/u

// 是不是四川, 係唔係四川 ask; 不是四川 takes back.
const excludingBefore = new RegExp(`(?<![是系咪])(?:${oneOf(leavingOut)}) ?$`, 'u')
/** 湖北有冇福建嗰種郵輪 asks about 湖北; 福建 is only an example. */
const exampleAfter = new RegExp(`^(?:省|市)?(?:${oneOf(exampleEndings)})`, 'u')
const possessive = /^'s\b/u
const exampleBefore = /(?:好似|像|类似|\blike|similar to) ?$/u
const joining = /^(?:[,和与跟及同、或]|and|or|,| )+$/u

/**
 * Builds the finder for the provinces of a library: names in every form, popular names, cities, English with one slip
 * of the pen. Longest names first, so 浙江 is never read out of 折江西.
 */
export function createMentionFinder(memoranda: readonly Memorandum[]): MentionFinder {
  const covered = new Set(memoranda.map((memorandum) => memorandum.province.slug))
  const chinese = new Map<string, Name>()
  const english = new Map<string, Name>()
  const characters = new Map<string, Name>()
  const add = (text: string, name: Name) => {
    const folded = fold(text)
    if (latin.test(folded)) english.set(folded, name)
    else if ([...folded].length === 1) characters.set(folded, name)
    else chinese.set(folded, name)
  }
  for (const place of places) {
    const name = { slug: covered.has(place.slug) ? place.slug : undefined, zh: place.zh, en: place.en }
    for (const text of place.names) if ([...text].length > 1 || name.slug !== undefined) add(text, name)
  }
  for (const memorandum of memoranda) {
    const { slug, zh, en, char } = memorandum.province
    for (const text of [zh, en, char, `${char}港`, `港${char}`]) add(text, { slug, zh, en })
  }
  for (const { zh, en, names } of abroad) for (const text of names) add(text, { slug: undefined, zh, en })
  const longest = Math.max(...[...chinese.keys()].map((key) => key.length))
  const longestEnglish = Math.max(...[...english.keys()].map((key) => key.split(' ').length))
  const provinces = [...english].filter(([key]) => key.length >= 5 && !key.includes(' '))

  function chineseAt(folded: string, start: number): { end: number; name: Name } | undefined {
    for (let length = Math.min(longest, folded.length - start); length >= 2; length -= 1) {
      const name = chinese.get(folded.slice(start, start + length))
      // 浙江省長 is 浙江's 省長.
      if (
        name !== undefined &&
        !(
          length > 2 &&
          /[省市]$/u.test(folded.slice(start, start + length)) &&
          /^[长委]/u.test(folded.slice(start + length))
        )
      )
        return { end: start + length, name }
    }
    const name = characters.get(folded[start] as string)
    if (name === undefined) return undefined
    const before = folded.slice(0, start)
    const after = folded.slice(start + 1)
    if ((before === '' || !han.test(before.at(-1) as string) || beforeChar.test(before)) && afterChar.test(after))
      return { end: start + 1, name }
    return undefined
  }

  return (folded) => {
    const found: { start: number; end: number; name: Name }[] = []
    for (let start = 0; start < folded.length; start += 1) {
      const mask = masks.find((text) => folded.startsWith(text, start))
      if (mask !== undefined) {
        start += mask.length - 1
        continue
      }
      if (!han.test(folded[start] as string)) continue
      const match = chineseAt(folded, start)
      if (match === undefined) continue
      found.push({ start, ...match })
      start = match.end - 1
    }
    const words = [...folded.matchAll(/[a-z]+/gu)]
    for (let at = 0; at < words.length; at += 1) {
      for (let length = Math.min(longestEnglish, words.length - at); length >= 1; length -= 1) {
        const first = words[at] as RegExpExecArray
        const last = words[at + length - 1] as RegExpExecArray
        // Xi'an, Hong-Kong: what joins two words of a name does not matter.
        const text = folded.slice(first.index, last.index + last[0].length).replaceAll(/['-]/gu, ' ')
        const name =
          english.get(text) ??
          (length === 1 && text.length >= 6
            ? provinces.find(([key]) => Math.abs(key.length - text.length) < 2 && oneSlip(key, text))?.[1]
            : undefined)
        if (name === undefined) continue
        found.push({ start: first.index, end: last.index + last[0].length, name })
        at += length - 1
        break
      }
    }
    found.sort((a, b) => a.start - b.start)
    let excluding = false
    const squarely = found.filter(({ start, end }, at) => {
      const after = folded.slice(end)
      // Sichuan and Hubei's measures are those of both.
      const owns = possessive.test(after) && !joining.test(folded.slice(found[at - 1]?.end ?? 0, start))
      return !(exampleAfter.test(after) || owns || exampleBefore.test(folded.slice(0, start)))
    })
    // An example is one beside another place; alone it is what is asked about.
    const meant = squarely.length > 0 ? squarely : found
    return meant.map(({ start, end, name }, at): Mention => {
      const before = folded.slice(meant[at - 1]?.end ?? 0, start)
      excluding =
        excludingBefore.test(before) ||
        /^(?:省|市)?(?:以外|之外|除外)/u.test(folded.slice(end)) ||
        (excluding && joining.test(before))
      return { start, end, ...name, excluded: excluding }
    })
  }
}

/** True when two words differ by one inserted, dropped, changed or swapped letter. */
function oneSlip(a: string, b: string): boolean {
  if (a === b) return true
  let start = 0
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1
  let endA = a.length
  let endB = b.length
  while (endA > start && endB > start && a[endA - 1] === b[endB - 1]) {
    endA -= 1
    endB -= 1
  }
  const restA = a.slice(start, endA)
  const restB = b.slice(start, endB)
  return (
    (restA.length <= 1 && restB.length <= 1) || (restA.length === 2 && restA[0] === restB[1] && restA[1] === restB[0])
  )
}

/** A question without the places it names. */
export function withoutMentions(folded: string, mentions: readonly Mention[]): string {
  let out = ''
  let at = 0
  for (const { start, end } of mentions) {
    out += `${folded.slice(at, start)} `
    at = end
  }
  return out + folded.slice(at)
}
