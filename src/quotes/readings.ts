import { type Library, shortName } from '../memorandum/library.ts'
import { bare } from '../text/fold.ts'
import type { Range } from '../text/sentences.ts'
import { wordsIn } from '../text/vocabulary.ts'
import { type Letters, lettersOf } from './letters.ts'

/** What a person may have meant by the pasted text: its letters without some wrapping. */
export type Reading = Letters & {
  /** Where an ellipsis stands: offsets in `text`, ascending, never at its ends. */
  readonly breaks: readonly number[]
  /** An item number before the text that only the unit's own number can confirm: 「21 支持浙江…」. */
  readonly number?: number
}

// …… ⋯⋯ ... 。。。 （略） （中略） […] [略]
const ellipsis =
  /…+|⋯+|‥+|\.(?:\s*\.){2,}|。{2,}|．{2,}|[·・]{3,}|[（([【〔［]\s*(?:[前中上下後后]?略|省略|节略|節略)\s*[）)\]】〕］]/gu
// https://t.me/…   <b>   &nbsp;   [1]   ](https://…)
const markup = /\]\([^()\s]*\)|https?:\/\/[\x21-\x7e]+|<\/?[a-zA-Z][^<>\n]*>|&(?:[a-zA-Z]+|#\d+);|\[\d{1,3}\]/gu
const gap = '[^\\S\\n]*'
const decoration = `(?:[>＞*＊_#•·●○■□◆◇▪▫▶►‣◦–—+-]${gap})*`
const markerNumber = '(?:[0-9０-９]{1,3}|[一二三四五六七八九十]{1,3})'
const markerSign = '(?:[）)】\\]]|\\\\?[.．、:：](?![0-9０-９]))[.．、]?'
const enclosedNumber = '[①-⑳⑴-⒇⒈-⒛❶-❿➀-➓㈠-㈩㊀-㊉]|[0-9]\\uFE0F?\\u20E3'
// 21.  （三）  1、  ①  5️⃣  - **2.**
const marker = new RegExp(
  `${gap}${decoration}(?:[（(【[]?${gap}${markerNumber}${gap}${markerSign}|${enclosedNumber})`,
  'uy',
)
// 「21 支持浙江…」: a number and a space
const looseNumber = /^[\s>*•·-]*([0-9０-９]{1,3})\s+(?=\D)/u

// ----------------------------------------------------------------------------------------------------------------
// frames

/**
 * What words around a quotation can be: `weak` ones need others beside them, a `heading` names a memorandum or an area,
 * a `citation` a clause, and a `saying` tells that something is quoted. The clauses are made of such words too, so the
 * weaker the words, the clearer must be the sign that sets them off.
 */
const strength = { none: 0, weak: 1, heading: 2, citation: 3, saying: 4 } as const
type Frames = { readonly words: ReadonlyMap<string, number>; readonly longest: number }

// In search form: 21, 二十一 — years, item and area numbers
const frameNumber = /[0-9]{1,4}|[一二三四五六七八九十]{1,3}/uy
// 第21项, 第五部分
const frameItem = /第?(?:[0-9]{1,3}|[一二三四五六七八九十]{1,3})(?:项|条|点|款|部分|部份|章|节|领域)/uy
const longestFrame = 80

/** Words with which people introduce and close a quotation. */
const weakWords = wordsIn(
  '根據 按照 依據 依照 據 依 如 在 於 中 內 裏 裡面 裏面 裡 裡頭 入面 的 之 第 關於',
  '這 那 這個 那個 這一 以下 如下 下面 下列 上面 上述 此 該 段 文字 一份 份',
  '哪 哪一 哪裡 哪裏 哪個 哪份 到底 呢 吧 呀',
  '是 為 有 曾 已 也 就 係 請 幫 我 想 查 一下',
  '寫 寫着 寫的 講 講到 說 說到 稱 載 載有 載明 規定 簽署 簽訂 正確 準確 對 具體',
  '省 市 香港 港 兩地 與 和 及 暨 合作 會議 高層會晤 會晤',
  '附件 序言 前言 部分 部份 章 節 領域 範疇 年 月 日 項 條 點 款 號 全文 內容 內文 文本',
  'is this in the of a an from it at no and says say said states text real true correct',
  'hong kong cooperation part section area preamble',
)
const citationWords = wordsIn('備忘錄 備忘 條文', 'memorandum memoranda item measure clause article')
const sayingWords = wordsIn(
  '請問 幫我 查查 查一查 查核 核對 核實 看看',
  '原文 原話 原句 引文 引述 引用 引自 摘錄 摘自 節錄 節選 轉發 轉載 轉自 來源 出處 出自 來自',
  '寫道 寫明 寫到 提到 提及 指出 指明 列明 訂明',
  '這句 那句 這句話 這一句 這段 這段話 這一段 此句 句話',
  '嗎 么 真的 真的嗎 是否 是不是 是真是假 有沒有 有冇 係咪 對嗎 準確嗎 啱唔啱',
  'quote quotation original source exact verbatim',
)
// In search form; what stands after a comma or at the end of a sentence closes a quotation only when it asks about it.
const asking = /吗|么|原文|原话|原句|这句|那句|这段|真的|出自|是否|是不是|有没有|有冇|系咪|quote|original|verbatim/u

export function framesOf(library: Library): Frames {
  const strengths = new Map<string, number>()
  const add = (word: string, value: number) => {
    const folded = bare(word)
    if (folded !== '' && folded.length <= longestFrame)
      strengths.set(folded, Math.max(value, strengths.get(folded) ?? 0))
  }
  for (const word of weakWords) add(word, strength.weak)
  for (const word of citationWords) add(word, strength.citation)
  for (const word of sayingWords) add(word, strength.saying)
  for (const memorandum of library.memoranda) {
    const { province } = memorandum
    for (const name of [province.zh, province.en, province.char, memorandum.place]) add(name, strength.weak)
    for (const name of [shortName(memorandum), `港${province.char}`, memorandum.title]) add(name, strength.heading)
    for (const area of memorandum.areas) add(area.title, strength.heading)
  }
  return { words: strengths, longest: Math.max(0, ...[...strengths.keys()].map((word) => word.length)) }
}

/**
 * How strongly a stretch of text reads as words around a quotation (「四川備忘錄第五部分」, 「是原文嗎」); `none` when any of it does
 * not.
 */
function frameStrength(stretch: string, frames: Frames): number {
  const text = bare(stretch)
  if (text === '' || text.length > longestFrame) return strength.none
  // reached[i]: the strongest reading of the first i letters.
  const reached = new Uint8Array(text.length + 1)
  reached[0] = strength.weak
  const reach = (to: number, value: number) => {
    reached[to] = Math.max(value, reached[to] ?? 0)
  }
  for (let i = 0; i < text.length; i += 1) {
    const here = reached[i] ?? 0
    if (here === strength.none) continue
    for (let length = 1; length <= frames.longest && i + length <= text.length; length += 1) {
      const value = frames.words.get(text.slice(i, i + length))
      if (value !== undefined) reach(i + length, Math.max(here, value))
    }
    frameNumber.lastIndex = i
    const number = frameNumber.exec(text)
    if (number !== null) reach(i + number[0].length, here)
    frameItem.lastIndex = i
    const item = frameItem.exec(text)
    // 第五點 and 浙港5點 cite; 的五點 alone may end a sentence.
    if (item !== null)
      reach(
        i + item[0].length,
        item[0].startsWith('第') || here >= strength.heading ? Math.max(here, strength.citation) : here,
      )
  }
  return reached[text.length] ?? strength.none
}

/**
 * Where the quotation may begin after words that introduce it; the longest introduction counts. `undefined` where there
 * is none.
 */
function afterIntroduction(text: string, from: number, to: number, frames: Frames): number | undefined {
  for (let at = Math.min(to, from + 2 * longestFrame) - 1; at > from; at -= 1) {
    const sign = text[at] ?? ''
    if (!/[\n：:】\]）)「『“"，,。？?\s]/u.test(sign)) continue
    const stretch = text.slice(from, at)
    const found = frameStrength(stretch, frames)
    const begins = /[\n：:】\]]/u.test(sign)
      ? found >= strength.heading // 五、青年發展⏎  【浙港 2025】
      : /[）)「『“"]/u.test(sign)
        ? found >= strength.citation // 四川備忘錄寫明「
        : /[，,。？?]/u.test(sign)
          ? found === strength.saying ||
            (found === strength.citation && /^(?:根据|按照|依据|依照|据|如)/u.test(bare(stretch))) // 根據四川備忘錄，
          : found >= strength.citation && /[項项條条點点款0-9]$/u.test(stretch) // 浙港第21項 支持
    if (begins) return at + (/[「『“"]/u.test(sign) ? 0 : 1)
  }
  return undefined
}

/** Where the quotation may end before words that close it: a citation, a question on it. */
function beforeClosing(text: string, from: number, to: number, frames: Frames): number | undefined {
  for (let at = Math.max(from + 1, to - 2 * longestFrame); at < to - 1; at += 1) {
    const sign = text[at] ?? ''
    if (!/[\n（(【[—─–」』”"）)。！？!?；;，,\s]/u.test(sign)) continue
    const stretch = text.slice(at + 1, to)
    const found = frameStrength(stretch, frames)
    if (found < strength.heading) continue
    const ends =
      sign === '\n' ||
      (/[（(【[]/u.test(sign) && /[）)】\]]\s*[。.]?\s*$/u.test(stretch) && !/[）)】\]].*[）)】\]]/su.test(stretch)) ||
      (/[—─–]/u.test(sign) && /[—─–\s]/u.test(text[at - 1] ?? '')) || // （川港第五部分）  ——四川備忘錄
      (/[」』”"]/u.test(sign) && found >= strength.citation) || // 」（…第1項
      (found === strength.saying && asking.test(bare(stretch))) // 。是原文嗎？
    if (ends) return at
  }
  return undefined
}

/**
 * The readings of a pasted text, least taken off first: only decoration goes, so whichever stands in a unit was quoted
 * from it. `bare` are those without any wrapping.
 */
export function readingsOf(
  pasted: string,
  frames: Frames,
): { readonly all: readonly Reading[]; readonly bare: readonly Reading[] } {
  const letters = lettersOf(pasted)
  const cuts: Range[] = [...pasted.matchAll(ellipsis)].map((match) => [match.index, match.index + match[0].length])
  const left = cuts.map(([start]) => start)
  const marks: Range[] = [...pasted.matchAll(markup)].map((match) => [match.index, match.index + match[0].length])
  const readings: Reading[] = []
  const add = (from: number, to: number, removed: readonly Range[], number?: number): boolean => {
    const reading = cut(letters, from, to, removed, left)
    if (reading.text === '') return false
    if (number !== undefined || reading.text !== readings.at(-1)?.text)
      readings.push(number === undefined ? reading : { ...reading, number })
    return true
  }
  let from = 0
  let to = pasted.length
  add(from, to, cuts)
  const removed = [...cuts, ...marks].sort((a, b) => a[0] - b[0])
  if (marks.length > 0) add(from, to, removed)
  const loose = looseNumber.exec(pasted)
  for (let round = 0; round < 8; round += 1) {
    const before = [from, to].join()
    while (from < to && /[\s「『“"]/u.test(pasted[from] ?? '')) from += 1
    marker.lastIndex = from
    const marked = marker.exec(pasted)
    if (marked !== null && marked.index + marked[0].length < to && add(from + marked[0].length, to, removed))
      from += marked[0].length
    const begin = afterIntroduction(pasted, from, to, frames)
    if (begin !== undefined && add(begin, to, removed)) from = begin
    const end = beforeClosing(pasted, from, to, frames)
    if (end !== undefined && add(from, end, removed)) to = end
    if ([from, to].join() === before) break
  }
  let unwrapped = readings.slice(-1)
  const lines: Range[] = []
  for (const { index } of pasted.slice(from, to).matchAll(/\n/gu)) {
    marker.lastIndex = from + index + 1
    const marked = marker.exec(pasted)
    if (marked !== null) lines.push([marked.index, marked.index + marked[0].length])
  }
  const withLines = [...removed, ...lines].sort((a, b) => a[0] - b[0])
  if (lines.length > 0 && add(from, to, withLines)) unwrapped = readings.slice(-2)
  if (loose !== null) add(Math.max(from, loose[0].length), to, removed, Number((loose[1] ?? '').normalize('NFKC')))
  return { all: readings, bare: unwrapped }
}

/** The letters between two offsets, without the removed ranges (ascending). */
function cut(letters: Letters, from: number, to: number, removed: readonly Range[], left: readonly number[]): Reading {
  let text = ''
  const starts: number[] = []
  const ends: number[] = []
  const breaks: number[] = []
  let r = 0
  let l = 0
  for (let i = 0; i < letters.text.length; i += 1) {
    const start = letters.starts[i] ?? 0
    const end = letters.ends[i] ?? 0
    if (start < from) continue
    if (end > to) break
    while (r < removed.length && (removed[r]?.[1] ?? 0) <= start) r += 1
    const range = removed[r]
    if (range !== undefined && range[0] <= start) continue
    let passed = false
    while (l < left.length && (left[l] ?? 0) < start) {
      passed ||= (left[l] ?? 0) >= from
      l += 1
    }
    if (passed && text !== '') breaks.push(text.length)
    text += letters.text[i]
    starts.push(start)
    ends.push(end)
  }
  return { text, starts, ends, breaks }
}
