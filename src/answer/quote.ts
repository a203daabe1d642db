import { type Library, shortName } from '../memorandum/library.ts'
import type { Unit } from '../model.ts'
import { bare, searchForm } from '../text/fold.ts'
import { type Range, sentences } from '../text/sentences.ts'
import type { CitedPassage, QuoteCheck } from './answer.ts'
import { citationOf } from './citation.ts'

/*
 * A pasted line ─▶ bodies (the line, then with ever more of its wrapping taken off)
 *   ─▶ does a body stand in a unit, letter for letter?                              exact
 *   ─▶ else: units that share rare trigrams ─▶ alignment ─▶ near enough?            altered, with differences
 *   ─▶ else: is it put together from long verbatim pieces of several units?         altered
 *   ─▶ else                                                                         absent
 *
 * All matching is on letters and digits of the search form; all that is shown is cut out of the original texts.
 */

/** Fewer letters and digits than this are too few to call a change a change: the text stands there or it does not. */
const shortest = 6

/**
 * Least likeness of an altered quotation; 1 is equal. Every letter that differs counts as one, something left out as one however long,
 * and every difference but the first as `furtherCost` letters more, for few long changes are an edit and many short ones another text.
 * From the study in test/answer/quote.test.ts: 0.54 parts edits of real sentences (0.5 % lie below) from paraphrases and other papers (none lies above).
 */
const leastLikeness = 0.54
const furtherCost = 1.5

/** Least likeness for showing a unit as the nearest one. */
const leastNear = 0.25

/** Letters of a verbatim piece that cannot be chance, and the share of a text that such pieces must cover to call it joined from them. */
const pieceLength = 8
const leastJoined = 0.75

/** Units that share most with the text; how many of them are aligned at most; the share of the best one's score below which none is. */
const candidateCount = 64
const alignedCount = 16
const leastShare = 0.4

/** Cells of alignment tables that one check may fill, and one table. 10^6 cells take about 8 ms. */
const cellBudget = 4_000_000
const tableLimit = 1_000_000
const gapLimit = 100_000

/** Entries of posting lists that one candidate search may read. */
const postingBudget = 100_000

/** Costs of the alignment, in hundredths of a changed letter. Leaving out much costs little more than leaving out one word. */
const cost = { change: 100, addOpen: 70, add: 100, dropOpen: 160, drop: 2 } as const

// ---------------------------------------------------------------------------------------------------------------- letters

/** The letters and digits of a text in search form, with the way back; `starts` and `ends` are UTF-16 offsets in the original. */
type Letters = { readonly text: string; readonly starts: readonly number[]; readonly ends: readonly number[] }

const counted = new Map<string, boolean>()

/** Whether a character of the search form is a letter, a digit or a per cent sign. */
function counts(character: string): boolean {
  const known = counted.get(character)
  if (known !== undefined) return known
  const found = /^[\p{L}\p{N}%]/u.test(character)
  counted.set(character, found)
  return found
}

function lettersOf(original: string): Letters {
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
  return /[.．]/u.test(original[at] ?? '') && /[0-9０-９]/u.test(original[at - 1] ?? '') && /[0-9０-９]/u.test(original[at + 1] ?? '')
}

/** Digits, Latin letters and Chinese numerals hold together: 10000 for 1000 is one change, and 「邀請不少於100」 is no quotation of 1000. */
function kindOf(character: string | undefined): 'digit' | 'latin' | 'numeral' | undefined {
  if (character === undefined || character === '') return undefined
  if (/[0-9.]/u.test(character)) return 'digit'
  if (/[a-z]/u.test(character)) return 'latin'
  return /[〇零一二三四五六七八九十百千万亿]/u.test(character) ? 'numeral' : undefined
}

// ---------------------------------------------------------------------------------------------------------------- bodies

/** What a person may have meant by the pasted text: its letters without some wrapping. */
type Body = Letters & {
  /** Where an ellipsis stands: offsets in `text`, ascending, never at its ends. */
  readonly breaks: readonly number[]
  /** An item number before the text that only the unit's own number can confirm: 「21 支持浙江…」. */
  readonly number?: number
}

// …… ⋯⋯ ... 。。。 （略） （中略） […] [略]
const ellipsis = /…+|⋯+|‥+|\.(?:\s*\.){2,}|。{2,}|．{2,}|[·・]{3,}|[（([【〔［]\s*(?:[前中上下後后]?略|省略|节略|節略)\s*[）)\]】〕］]/gu
// https://t.me/…   <b>   &nbsp;   [1]   ](https://…)
const markup = /\]\([^()\s]*\)|https?:\/\/[\x21-\x7e]+|<\/?[a-zA-Z][^<>\n]*>|&(?:[a-zA-Z]+|#\d+);|\[\d{1,3}\]/gu
// 21.  （三）  1、  ①  5️⃣  - **2.**
const marker =
  /[^\S\n]*(?:[>＞*＊_#•·●○■□◆◇▪▫▶►‣◦–—+-][^\S\n]*)*(?:[（(【[]?[^\S\n]*(?:[0-9０-９]{1,3}|[一二三四五六七八九十]{1,3})[^\S\n]*(?:[）)】\]]|\\?[.．、:：](?![0-9０-９]))[.．、]?|[①-⑳⑴-⒇⒈-⒛❶-❿➀-➓㈠-㈩㊀-㊉]|[0-9]\uFE0F?\u20E3)/uy
// 「21 支持浙江…」: a number and a space
const looseNumber = /^[\s>*•·-]*([0-9０-９]{1,3})\s+(?=\D)/u

// ---------------------------------------------------------------------------------------------------------------- frames

/**
 * What words around a quotation can be: `weak` ones need others beside them, a `heading` names a memorandum or an area, a `citation` a clause,
 * and a `saying` tells that something is quoted. The clauses are made of such words too, so the weaker the words, the clearer must be the sign that sets them off.
 */
const strength = { none: 0, weak: 1, heading: 2, citation: 3, saying: 4 } as const
type Frames = { readonly words: ReadonlyMap<string, number>; readonly longest: number }

// In search form: 21, 二十一 — years, item and area numbers
const frameNumber = /[0-9]{1,4}|[一二三四五六七八九十]{1,3}/uy
// 第21项, 第五部分
const frameItem = /第?(?:[0-9]{1,3}|[一二三四五六七八九十]{1,3})(?:项|条|点|款|部分|部份|章|节|领域)/uy
const longestFrame = 80

/** Words with which people introduce and close a quotation. */
const weakWords =
  '根據 按照 依據 依照 據 依 如 在 於 中 內 裏 裡面 裏面 裡 的 之 第 關於 這 那 這個 那個 這一 以下 如下 下面 下列 上面 上述 此 該 段 文字 是 為 有 曾 已 也 就 請 幫 我 想 查 一下 呢 吧 呀 係 到底 哪 哪一 哪裡 哪裏 哪個 哪份 份 寫 寫着 寫的 講 講到 說 說到 載 載有 載明 稱 規定 省 市 香港 港 兩地 與 和 及 暨 合作 會議 高層會晤 會晤 附件 序言 前言 部分 部份 章 節 領域 範疇 年 月 日 項 條 點 款 號 一份 裡頭 入面 全文 內容 內文 文本 具體 簽署 簽訂 正確 準確 對 is this in the of a an from it at says say said states text no and hong kong part section area preamble real true correct cooperation'
const citationWords = '備忘錄 備忘 條文 memorandum memoranda item measure clause article'
const sayingWords =
  '請問 幫我 查查 查一查 查核 核對 核實 看看 原文 原話 原句 引文 引述 引用 引自 摘錄 摘自 節錄 節選 轉發 轉載 轉自 來源 出處 出自 來自 寫道 寫明 寫到 提到 提及 指出 指明 列明 訂明 這句 那句 這句話 這一句 這段 這段話 這一段 此句 句話 嗎 么 真的 真的嗎 是否 是不是 是真是假 有沒有 有冇 係咪 對嗎 準確嗎 啱唔啱 quote quotation original source exact verbatim'
// In search form; what stands after a comma or at the end of a sentence closes a quotation only when it asks about it.
const asking = /吗|么|原文|原话|原句|这句|那句|这段|真的|出自|是否|是不是|有没有|有冇|系咪|quote|original|verbatim/u

function framesOf(library: Library): Frames {
  const words = new Map<string, number>()
  const add = (word: string, value: number) => {
    const folded = bare(word)
    if (folded !== '' && folded.length <= longestFrame) words.set(folded, Math.max(value, words.get(folded) ?? 0))
  }
  for (const word of weakWords.split(' ')) add(word, strength.weak)
  for (const word of citationWords.split(' ')) add(word, strength.citation)
  for (const word of sayingWords.split(' ')) add(word, strength.saying)
  for (const memorandum of library.memoranda) {
    const { province } = memorandum
    for (const name of [province.zh, province.en, province.char, memorandum.place]) add(name, strength.weak)
    for (const name of [shortName(memorandum), `港${province.char}`, memorandum.title]) add(name, strength.heading)
    for (const area of memorandum.areas) add(area.title, strength.heading)
  }
  return { words, longest: Math.max(0, ...[...words.keys()].map((word) => word.length)) }
}

/** How strongly a stretch of text reads as words around a quotation (「四川備忘錄第五部分」, 「是原文嗎」); `none` when any of it does not. */
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
    if (item !== null) reach(i + item[0].length, item[0].startsWith('第') || here >= strength.heading ? Math.max(here, strength.citation) : here)
  }
  return reached[text.length] ?? strength.none
}

/** Where the quotation may begin after words that introduce it; the longest introduction counts. `undefined` where there is none. */
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
          ? found === strength.saying || (found === strength.citation && /^(?:根据|按照|依据|依照|据|如)/u.test(bare(stretch))) // 根據四川備忘錄，
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

/** The readings of a pasted text, least taken off first: only decoration goes, so whichever stands in a unit was quoted from it. `bare` are those without any wrapping. */
function bodiesOf(pasted: string, frames: Frames): { readonly all: readonly Body[]; readonly bare: readonly Body[] } {
  const letters = lettersOf(pasted)
  const cuts: Range[] = [...pasted.matchAll(ellipsis)].map((match) => [match.index, match.index + match[0].length])
  const left = cuts.map(([start]) => start)
  const marks: Range[] = [...pasted.matchAll(markup)].map((match) => [match.index, match.index + match[0].length])
  const bodies: Body[] = []
  const add = (from: number, to: number, removed: readonly Range[], number?: number): boolean => {
    const body = cut(letters, from, to, removed, left)
    if (body.text === '') return false
    if (number !== undefined || body.text !== bodies.at(-1)?.text) bodies.push(number === undefined ? body : { ...body, number })
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
    if (marked !== null && marked.index + marked[0].length < to && add(from + marked[0].length, to, removed)) from += marked[0].length
    const begin = afterIntroduction(pasted, from, to, frames)
    if (begin !== undefined && add(begin, to, removed)) from = begin
    const end = beforeClosing(pasted, from, to, frames)
    if (end !== undefined && add(from, end, removed)) to = end
    if ([from, to].join() === before) break
  }
  let unwrapped = bodies.slice(-1)
  const lines: Range[] = []
  for (const { index } of pasted.slice(from, to).matchAll(/\n/gu)) {
    marker.lastIndex = from + index + 1
    const marked = marker.exec(pasted)
    if (marked !== null) lines.push([marked.index, marked.index + marked[0].length])
  }
  const withLines = [...removed, ...lines].sort((a, b) => a[0] - b[0])
  if (lines.length > 0 && add(from, to, withLines)) unwrapped = bodies.slice(-2)
  if (loose !== null) add(Math.max(from, loose[0].length), to, removed, Number((loose[1] ?? '').normalize('NFKC')))
  return { all: bodies, bare: unwrapped }
}

/** The letters between two offsets, without the removed ranges (ascending). */
function cut(letters: Letters, from: number, to: number, removed: readonly Range[], left: readonly number[]): Body {
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

// ---------------------------------------------------------------------------------------------------------------- index

/** Which units hold a trigram; several trigrams may share a bucket, so a list may name units that do not. */
type Trigrams = { readonly count: (hash: number) => number; readonly units: (hash: number) => Uint32Array; readonly hash: (text: string, at: number) => number }

function indexTrigrams(texts: readonly string[]): Trigrams {
  const total = texts.reduce((sum, text) => sum + Math.max(0, text.length - 2), 0)
  const bits = Math.min(22, Math.max(10, Math.ceil(Math.log2(total + 1))))
  const hash = (text: string, at: number) => {
    const mixed = Math.imul(text.charCodeAt(at), 0x9e3779b1) ^ Math.imul(text.charCodeAt(at + 1), 0x85ebca6b) ^ Math.imul(text.charCodeAt(at + 2), 0xc2b2ae35)
    return Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d) >>> (32 - bits)
  }
  const starts = new Uint32Array(2 ** bits + 1)
  const seen = new Int32Array(2 ** bits).fill(-1)
  const each = (visit: (bucket: number, unit: number) => void) => {
    seen.fill(-1)
    texts.forEach((text, unit) => {
      for (let at = 0; at + 3 <= text.length; at += 1) {
        const bucket = hash(text, at)
        if (seen[bucket] === unit) continue
        seen[bucket] = unit
        visit(bucket, unit)
      }
    })
  }
  each((bucket) => {
    starts[bucket + 1] = (starts[bucket + 1] ?? 0) + 1
  })
  for (let bucket = 0; bucket < 2 ** bits; bucket += 1) starts[bucket + 1] = (starts[bucket + 1] ?? 0) + (starts[bucket] ?? 0)
  const entries = new Uint32Array(starts[2 ** bits] ?? 0)
  const next = starts.slice()
  each((bucket, unit) => {
    const at = next[bucket] ?? 0
    entries[at] = unit
    next[bucket] = at + 1
  })
  return {
    hash,
    count: (bucket) => (starts[bucket + 1] ?? 0) - (starts[bucket] ?? 0),
    units: (bucket) => entries.subarray(starts[bucket], starts[bucket + 1]),
  }
}

// ---------------------------------------------------------------------------------------------------------------- alignment

/** One column of an alignment: offsets in the quotation and in the unit, -1 where one of them has nothing. */
type Column = { readonly a: number; readonly b: number }
type Alignment = { readonly cost: number; readonly columns: readonly Column[] }
type Stretch = { readonly text: string; readonly from: number; readonly to: number }

/**
 * Best alignment of two stretches with affine gaps (Gotoh 1982). Where an ellipsis stands, letters of the unit are left out at no cost.
 * `free.start` and `free.end`: the unit may go on before and after.
 */
function alignStretches(a: Stretch, b: Stretch, breaks: ReadonlySet<number>, free: { readonly start: boolean; readonly end: boolean }): Alignment {
  const n = a.to - a.from
  const m = b.to - b.from
  const width = m + 1
  const trace = new Uint8Array((n + 1) * width)
  const unit = new Uint16Array(m)
  for (let j = 0; j < m; j += 1) unit[j] = b.text.charCodeAt(b.from + j)
  const never = 1e9
  let above = new Int32Array(width)
  let row = new Int32Array(width)
  const added = new Int32Array(width).fill(never)
  for (let i = 0; i <= n; i += 1) {
    const ellipsisHere = breaks.has(a.from + i)
    const open = ellipsisHere ? 0 : cost.dropOpen + cost.drop
    const extend = ellipsisHere ? 0 : cost.drop
    const letter = i === 0 ? -1 : a.text.charCodeAt(a.from + i - 1)
    let dropped = never
    for (let j = 0; j <= m; j += 1) {
      let best = never
      let from = 0
      if (i === 0) {
        if (j === 0 || free.start) best = 0
      } else if (j > 0) best = (above[j - 1] as number) + (letter === unit[j - 1] ? 0 : cost.change)
      if (j > 0 && !(i === 0 && free.start)) {
        const opened = (row[j - 1] as number) + open
        const extended = dropped + extend
        if (extended < opened) {
          dropped = extended
          from |= 4
        } else dropped = opened
        if (dropped < best) {
          best = dropped
          from = (from & ~3) | 1
        }
      }
      if (i > 0) {
        const opened = (above[j] as number) + cost.addOpen + cost.add
        const extended = (added[j] as number) + cost.add
        if (extended < opened) {
          added[j] = extended
          from |= 8
        } else added[j] = opened
        if ((added[j] as number) < best) {
          best = added[j] as number
          from = (from & ~3) | 2
        }
      }
      row[j] = best
      trace[i * width + j] = from
    }
    ;[above, row] = [row, above]
  }
  let j = m
  if (free.end) for (let k = 0; k <= m; k += 1) if ((above[k] as number) < (above[j] as number) || (k < j && above[k] === above[j])) j = k
  const total = above[j] as number
  const columns: Column[] = []
  let i = n
  let state: 0 | 1 | 2 = 0
  while (i > 0 || (j > 0 && !free.start)) {
    const cell = trace[i * width + j] as number
    if (state === 0) state = (cell & 3) as 0 | 1 | 2
    if (state === 0) {
      i -= 1
      j -= 1
      columns.push({ a: a.from + i, b: b.from + j })
    } else if (state === 1) {
      if ((cell & 4) === 0) state = 0
      j -= 1
      columns.push({ a: -1, b: b.from + j })
    } else {
      if ((cell & 8) === 0) state = 0
      i -= 1
      columns.push({ a: a.from + i, b: -1 })
    }
  }
  return { cost: total, columns: columns.reverse() }
}

/** Best place of a quotation within a unit. Long texts are first pinned together where 12 letters stand once in each. */
function align(body: Body, unit: string): Alignment {
  const a = body.text
  const breaks = new Set(body.breaks)
  if (a.length * unit.length <= tableLimit) return alignStretches({ text: a, from: 0, to: a.length }, { text: unit, from: 0, to: unit.length }, breaks, { start: true, end: true })
  const pins = pinsOf(a, unit)
  const columns: Column[] = []
  let sum = 0
  let atA = 0
  let atB = 0
  const gap = (toA: number, toB: number, free: { start: boolean; end: boolean }) => {
    if ((toA - atA + 1) * (toB - atB + 1) <= gapLimit) {
      const part = alignStretches({ text: a, from: atA, to: toA }, { text: unit, from: atB, to: toB }, breaks, free)
      sum += part.cost
      columns.push(...part.columns)
    } else {
      if (!free.start && !free.end) for (let j = atB; j < toB; j += 1) columns.push({ a: -1, b: j })
      for (let i = atA; i < toA; i += 1) columns.push({ a: i, b: -1 })
      sum += cost.addOpen + cost.add * (toA - atA) + cost.dropOpen
    }
  }
  for (const pin of pins) {
    if (pin.a < atA || pin.b < atB) continue
    gap(pin.a, pin.b, { start: columns.length === 0, end: false })
    for (let k = 0; k < pin.length; k += 1) columns.push({ a: pin.a + k, b: pin.b + k })
    atA = pin.a + pin.length
    atB = pin.b + pin.length
  }
  gap(a.length, unit.length, { start: columns.length === 0, end: true })
  return { cost: sum, columns }
}

type Pin = { readonly a: number; readonly b: number; readonly length: number }

/** Stretches that stand once in both texts, ascending in both (longest increasing subsequence, as in patience diff). */
function pinsOf(a: string, b: string): readonly Pin[] {
  const size = 12
  const once = (text: string) => {
    const at = new Map<string, number>()
    for (let i = 0; i + size <= text.length; i += 1) {
      const key = text.slice(i, i + size)
      at.set(key, at.has(key) ? -1 : i)
    }
    return at
  }
  const inB = once(b)
  const pins: Pin[] = []
  for (const [key, i] of once(a)) {
    const j = inB.get(key) ?? -1
    if (i < 0 || j < 0) continue
    const last = pins.at(-1)
    if (last !== undefined && last.b - last.a === j - i && i <= last.a + last.length) pins[pins.length - 1] = { ...last, length: i + size - last.a }
    else pins.push({ a: i, b: j, length: size })
  }
  const tails: number[] = []
  const previous: number[] = []
  pins.forEach((pin, index) => {
    let low = 0
    let high = tails.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((pins[tails[middle] ?? 0]?.b ?? 0) < pin.b) low = middle + 1
      else high = middle
    }
    previous.push(low === 0 ? -1 : (tails[low - 1] ?? -1))
    tails[low] = index
  })
  const chosen: Pin[] = []
  for (let at = tails.at(-1) ?? -1; at >= 0; at = previous[at] ?? -1) {
    const pin = pins[at]
    if (pin !== undefined) chosen.push(pin)
  }
  return chosen.reverse()
}

// ---------------------------------------------------------------------------------------------------------------- differences

/** Whether the letters of a unit on both sides of `at` belong to one number or one Latin word. */
function isInside(unit: Letters, at: number): boolean {
  const kind = kindOf(unit.text[at])
  return kind !== undefined && kind === kindOf(unit.text[at - 1]) && unit.ends[at - 1] === unit.starts[at]
}

/** The columns with the rest of a number or Latin word that the quotation cuts at its beginning or end. */
function withWholeEnds(columns: readonly Column[], unit: Letters): readonly Column[] {
  const before: Column[] = []
  const after: Column[] = []
  const first = columns[0]
  const last = columns.at(-1)
  if (first !== undefined && first.b >= 0) for (let b = first.b; isInside(unit, b); b -= 1) before.unshift({ a: -1, b: b - 1 })
  if (last !== undefined && last.b >= 0) for (let b = last.b + 1; isInside(unit, b); b += 1) after.push({ a: -1, b })
  return before.length + after.length === 0 ? columns : [...before, ...columns, ...after]
}

/** A run of columns that differ: half-open, in columns. */
type Region = { from: number; to: number }

/** The runs of an alignment that differ, joined where only one or two equal letters part them, and grown to whole numbers and Latin words. */
function regionsOf(columns: readonly Column[], body: Body, letters: Letters): readonly Region[] {
  const unit = letters.text
  const breaks = new Set(body.breaks)
  let consumed = 0
  // An ellipsis lets letters of the unit go without a difference.
  const free = columns.map(({ a }) => {
    if (a >= 0) consumed = a + 1
    return a < 0 && breaks.has(consumed)
  })
  // …but not a part of a number.
  columns.forEach(({ b }, at) => {
    if (free[at] && !free[at - 1]) for (let k = at, j = b; free[k] && isInside(letters, j); k += 1, j += 1) free[k] = false
  })
  for (let at = columns.length - 1; at >= 0; at -= 1) {
    const next = columns[at + 1]
    if (free[at] && !free[at + 1] && next !== undefined && next.b >= 0 && isInside(letters, next.b)) free[at] = false
  }
  const equal = (at: number) => {
    const column = columns[at]
    return column !== undefined && column.a >= 0 && column.b >= 0 && body.text[column.a] === unit[column.b]
  }
  const regions: Region[] = []
  for (let at = 0; at < columns.length; at += 1) {
    if (free[at] || equal(at)) continue
    const last = regions.at(-1)
    if (last?.to === at) last.to = at + 1
    else regions.push({ from: at, to: at + 1 })
  }
  const edge = (region: Region, side: 'first' | 'last') => {
    const own = columns.slice(region.from, region.to)
    const found = own.filter(({ a }) => a >= 0).map(({ a }) => body.text[a])
    const expected = own.filter(({ b }) => b >= 0).map(({ b }) => unit[b])
    return side === 'first' ? [found[0], expected[0]] : [found.at(-1), expected.at(-1)]
  }
  const whole = (region: Region, neighbour: number, side: 'first' | 'last') => {
    const kind = equal(neighbour) ? kindOf(unit[columns[neighbour]?.b ?? -1]) : undefined
    return kind !== undefined && edge(region, side).some((letter) => kindOf(letter) === kind)
  }
  for (const region of regions) {
    while (whole(region, region.from - 1, 'first')) region.from -= 1
    while (whole(region, region.to, 'last')) region.to += 1
  }
  const merged: Region[] = []
  for (const region of regions) {
    const last = merged.at(-1)
    if (last !== undefined && region.from - last.to <= 2 && !free.slice(last.to, region.from).some(Boolean)) last.to = Math.max(last.to, region.to)
    else merged.push({ ...region })
  }
  return merged
}

/** Letters of the quotation in a region. */
function foundIn(region: Region, columns: readonly Column[]): number {
  return columns.slice(region.from, region.to).filter(({ a }) => a >= 0).length
}

const sentenceEnd = /[。！？；!?;\n]/u

/** What a region says, in the characters of both originals. At the ends of a quotation nothing of a neighbouring sentence was expected. */
function differenceOf(region: Region, columns: readonly Column[], pasted: string, body: Body, original: string, unit: Letters): { expected: string; found: string } {
  const own = columns.slice(region.from, region.to)
  const inA = own.filter(({ a }) => a >= 0).map(({ a }) => a)
  const inB = own.filter(({ b }) => b >= 0).map(({ b }) => b)
  const [firstA, lastA] = [inA[0], inA.at(-1)]
  const found = firstA === undefined || lastA === undefined ? '' : pasted.slice(body.starts[firstA], body.ends[lastA])
  const [firstB, lastB] = [inB[0], inB.at(-1)]
  if (firstB === undefined || lastB === undefined) return { expected: '', found }
  const from = unit.starts[firstB] ?? 0
  const to = unit.ends[lastB] ?? 0
  const after = columns[region.to]
  if (region.from === 0 && after !== undefined && after.b >= 0) {
    const upTo = unit.starts[after.b] ?? to
    let start = from
    for (let at = from; at < upTo; at += 1) if (sentenceEnd.test(original[at] ?? '')) start = at + 1
    return { expected: start >= to ? '' : original.slice(start, to), found }
  }
  const before = columns[region.from - 1]
  if (region.to === columns.length && before !== undefined && before.b >= 0) {
    for (let at = unit.ends[before.b] ?? from; at < to; at += 1) if (sentenceEnd.test(original[at] ?? '')) return { expected: at <= from ? '' : original.slice(from, at), found }
  }
  return { expected: original.slice(from, to), found }
}

// ---------------------------------------------------------------------------------------------------------------- check

const absent: QuoteCheck = { verdict: 'absent', ids: [], differences: [], shortened: false }

/** A body at its best place in a unit: the better, the lower the cost. */
type Placed = { readonly index: number; readonly body: Body; readonly placed: Alignment }
/** The same with what differs. */
type Match = { readonly index: number; readonly body: Body; readonly alignment: Alignment; readonly regions: readonly Region[]; readonly likeness: number }

/**
 * A function that tells whether a line stands in a memorandum, was altered from one, or stands in none.
 * Script, width, punctuation, spaces, line breaks and the wrapping of a quotation count for nothing; every letter and digit counts.
 * Numbers and Latin words are quoted whole or not at all. Never throws; a check takes milliseconds, of a text of 10,000 characters tens of them.
 */
export function createQuoteCheck(library: Library): (text: string) => QuoteCheck {
  const { units } = library
  const texts = units.map((unit) => lettersOf(unit.text).text)
  const trigrams = indexTrigrams(texts)
  const frames = framesOf(library)
  const unitAt = (index: number): Unit => units[index] as Unit
  const textAt = (index: number): string => texts[index] as string

  /** The first place at or after `from` where a piece stands without cutting a number or a Latin word; -1 for none. */
  function placeOf(piece: string, index: number, from: number): number {
    const text = textAt(index)
    const cuts = (at: number) => kindOf(text[at]) !== undefined && kindOf(text[at]) === kindOf(text[at - 1]) && isInside(lettersOf(unitAt(index).text), at)
    for (let at = text.indexOf(piece, from); at >= 0; at = text.indexOf(piece, at + 1)) if (!cuts(at) && !cuts(at + piece.length)) return at
    return -1
  }

  /** Units that hold all pieces of a body in order, in library order. */
  function holding(body: Body): readonly number[] {
    const bounds = [0, ...body.breaks, body.text.length]
    const pieces = bounds.slice(1).map((end, i) => body.text.slice(bounds[i], end))
    if (pieces.length > 1 && (body.text.length < shortest || pieces.some((piece) => piece.length < 2))) return []
    let rarest: number | undefined
    for (const piece of pieces)
      for (let at = 0; at + 3 <= piece.length; at += 1) {
        const bucket = trigrams.hash(piece, at)
        if (rarest === undefined || trigrams.count(bucket) < trigrams.count(rarest)) rarest = bucket
      }
    const indices: number[] = []
    for (const index of rarest === undefined ? units.keys() : trigrams.units(rarest)) {
      if (textAt(index).length < body.text.length) continue
      const unit = unitAt(index)
      let from = 0
      const all = pieces.every((piece, i) => {
        const at = placeOf(piece, index, from)
        if (body.number !== undefined && i === 0 && at !== 0) return false
        from = at + piece.length
        return at >= 0
      })
      if (!all || (body.number !== undefined && (unit.kind === 'preamble' || unit.number !== body.number))) continue
      indices.push(index)
    }
    return indices
  }

  /** Units that share the most telling trigrams with a text, best first. */
  function candidates(text: string): readonly { readonly index: number; readonly score: number }[] {
    const buckets = new Set<number>()
    for (let at = 0; at + 3 <= text.length; at += 1) buckets.add(trigrams.hash(text, at))
    const rarestFirst = [...buckets].map((bucket) => ({ bucket, count: trigrams.count(bucket) })).filter(({ count }) => count > 0)
    rarestFirst.sort((a, b) => a.count - b.count)
    const scores = new Map<number, number>()
    let read = 0
    for (const { bucket, count } of rarestFirst) {
      read += count
      if (read > postingBudget && scores.size > 0) break
      const weight = Math.log(1 + units.length / count)
      for (const index of trigrams.units(bucket)) scores.set(index, (scores.get(index) ?? 0) + weight)
    }
    return [...scores]
      .sort((a, b) => b[1] - a[1] || a[0] - b[0])
      .slice(0, candidateCount)
      .map(([index, score]) => ({ index, score }))
  }

  function matchOf({ body, index, placed }: Placed): Match {
    const unit = lettersOf(unitAt(index).text)
    const alignment = { cost: placed.cost, columns: withWholeEnds(placed.columns, unit) }
    const regions = regionsOf(alignment.columns, body, unit)
    const changed = regions.reduce((sum, region) => sum + Math.max(1, foundIn(region, alignment.columns)), 0) + furtherCost * Math.max(0, regions.length - 1)
    return { index, body, alignment, regions, likeness: 1 - changed / body.text.length }
  }

  function differencesOf(match: Match, pasted: string): QuoteCheck['differences'] {
    const unit = unitAt(match.index)
    const letters = lettersOf(unit.text)
    const all = match.regions.map((region) => differenceOf(region, match.alignment.columns, pasted, match.body, unit.text, letters))
    // 「21 支持浙江…」: the item's own number is no addition.
    const [first] = all
    if (unit.kind !== 'preamble' && first?.expected === '' && first.found.normalize('NFKC') === String(unit.number) && match.regions[0]?.from === 0 && all.length > 1) all.shift()
    return all
  }

  /** Verbatim pieces of the candidates that a text is put together from, in its order. */
  function piecesOf(text: string, indices: readonly number[]): readonly { readonly index: number; readonly length: number }[] {
    const places = new Map<string, { index: number; at: number }[]>()
    for (const index of indices) {
      const unit = textAt(index)
      for (let at = 0; at + pieceLength <= unit.length; at += 1) {
        const key = unit.slice(at, at + pieceLength)
        const there = places.get(key)
        if (there === undefined) places.set(key, [{ index, at }])
        else if (there.length < 32) there.push({ index, at })
      }
    }
    const pieces: { index: number; length: number }[] = []
    for (let at = 0; at + pieceLength <= text.length; ) {
      let best = { index: -1, length: 0, near: 0 }
      const last = pieces.at(-1)
      for (const place of places.get(text.slice(at, at + pieceLength)) ?? []) {
        const unit = textAt(place.index)
        let length = pieceLength
        while (at + length < text.length && text[at + length] === unit[place.at + length]) length += 1
        const near = last === undefined ? 0 : last.index === place.index ? 2 : unitAt(last.index).memorandum === unitAt(place.index).memorandum ? 1 : 0
        if (length > best.length || (length === best.length && near > best.near)) best = { index: place.index, length, near }
      }
      if (best.length > 0) pieces.push({ index: best.index, length: best.length })
      at += Math.max(1, best.length)
    }
    return pieces
  }

  function passageOf(match: Match): CitedPassage {
    const unit = unitAt(match.index)
    const letters = lettersOf(unit.text)
    const differs = new Set(match.regions.flatMap(({ from, to }) => Array.from({ length: to - from }, (_, i) => from + i)))
    const kept = match.alignment.columns.filter(({ a, b }, at) => a >= 0 && b >= 0 && !differs.has(at)).map(({ b }) => letters.starts[b] ?? 0)
    const ranges = sentences(unit.text)
    const shares = ranges.map(([from, to]) => kept.filter((at) => at >= from && at < to).length)
    const most = Math.max(0, ...shares)
    return { id: unit.id, citation: citationOf(unit), quote: unit.text, highlights: ranges.filter((_, i) => most > 0 && (shares[i] ?? 0) * 2 >= most) }
  }

  return (pasted) => {
    const bodies = bodiesOf(pasted, frames)
    for (const body of bodies.all) {
      const indices = holding(body)
      if (indices.length > 0) return { verdict: 'exact', ids: indices.map((index) => unitAt(index).id), differences: [], shortened: body.breaks.length > 0 }
    }
    const body = bodies.bare.at(-1)
    if (body === undefined || body.text.length < shortest) return absent

    const near = candidates(body.text)
    const found = near.map(({ index }) => index)
    const least = leastShare * (near[0]?.score ?? 0)
    const all: Placed[] = []
    let cells = 0
    for (const { index, score } of near.slice(0, alignedCount)) {
      // No more letters than the unit has can be alike.
      if (all.length > 0 && textAt(index).length < leastNear * body.text.length) continue
      const size = Math.min(tableLimit, body.text.length * textAt(index).length)
      if (all.length > 0 && (score < least || cells + size > cellBudget)) break
      cells += size
      const readings = bodies.bare.map((reading) => ({ index, body: reading, placed: align(reading, textAt(index)) }))
      all.push(...readings.sort((a, b) => a.placed.cost - b.placed.cost).slice(0, 1))
    }
    all.sort((a, b) => a.placed.cost - b.placed.cost || a.index - b.index)
    const [first] = all
    if (first === undefined) return absent
    const best = matchOf(first)
    const shortened = body.breaks.length > 0
    const pieces = piecesOf(body.text, found)
    const parts = new Map<number, number>()
    for (const { index, length } of pieces) parts.set(index, length + (parts.get(index) ?? 0))
    const covered = pieces.reduce((sum, { length }) => sum + length, 0) / body.text.length
    const partIds = [...parts.keys()].map((index) => unitAt(index).id)
    if (best.likeness >= leastLikeness) {
      const joined = parts.size > 1 && covered >= leastJoined && parts.has(best.index) && best.regions.some((region) => foundIn(region, best.alignment.columns) >= pieceLength)
      const ties = all.filter(({ placed }) => placed.cost === first.placed.cost).map(({ index }) => unitAt(index).id)
      return { verdict: 'altered', ids: joined ? partIds : ties, differences: differencesOf(best, pasted), shortened }
    }
    if (covered >= leastJoined) {
      const [main] = [...parts].sort((a, b) => b[1] - a[1])[0] ?? [best.index]
      return {
        verdict: 'altered',
        ids: partIds,
        differences: differencesOf(main === best.index ? best : matchOf({ index: main, body, placed: align(body, textAt(main)) }), pasted),
        shortened,
      }
    }
    return best.likeness >= leastNear ? { ...absent, nearest: passageOf(best) } : absent
  }
}
