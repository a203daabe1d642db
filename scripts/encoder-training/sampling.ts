import type { Dictionary, Pair, Source } from './data.ts'
import type { Random } from './random.ts'
import { tokenize, type Vocabulary } from './tokenizer.ts'

/**
 * A source in token ids. `texts` holds every distinct text once; equal numbers in `queries` or `passages` are equal
 * texts.
 */
export type TokenSource = {
  readonly name: string
  readonly ordered: boolean
  readonly texts: readonly Int32Array[]
  readonly queries: Int32Array
  readonly passages: Int32Array
  /**
   * Pairs with equal numbers come from one paragraph, where the question of one may be answered, or quoted, by the
   * passage of the other.
   */
  readonly paragraphs: Int32Array
}

/** How many pairs ahead a piece of the same paragraph can stand. */
const reach = 8

/**
 * Whether two pairs come from one paragraph: one passage holds the other's query, or a stretch of the other passage.
 */
function sameParagraph([queryA, passageA]: Pair, [queryB, passageB]: Pair): boolean {
  const holds = (passage: string, query: string): boolean => query.length >= 6 && passage.includes(query.slice(0, 40))
  if (holds(passageB, queryA) || holds(passageA, queryB)) return true
  return [0.3, 0.5, 0.7].some((share) => {
    const start = Math.floor(passageA.length * share)
    const stretch = passageA.slice(start, start + 20)
    return stretch.length === 20 && passageB.includes(stretch)
  })
}

/** Longest text used, in tokens. A static vector of more is a blur. */
const longestText = 160

/** Texts to token ids; pairs with a side that has no token are left out. */
export function tokenizeSource({ name, ordered, pairs }: Source, vocabulary: Vocabulary): TokenSource {
  const texts: Int32Array[] = []
  const numbers = new Map<string, number>()
  const numberOf = (text: string): number => {
    let number = numbers.get(text)
    if (number === undefined) {
      number = texts.length
      numbers.set(text, number)
      texts.push(Int32Array.from(tokenize(text, vocabulary).slice(0, longestText)))
    }
    return number
  }
  const queries: number[] = []
  const passages: number[] = []
  const paragraphs: number[] = []
  const kept: Pair[] = []
  for (const pair of pairs) {
    const [query, passage] = pair
    const [q, p] = [numberOf(query), numberOf(passage)]
    if (texts[q]?.length === 0 || texts[p]?.length === 0 || q === p) continue
    queries.push(q)
    passages.push(p)
    const place = kept.length
    let paragraph = place
    // Words and short sentences have no paragraph.
    for (let back = 1; passage.length > 40 && back <= reach && back <= place && paragraph === place; back += 1) {
      if (sameParagraph(kept[place - back] as Pair, pair)) paragraph = paragraphs[place - back] as number
    }
    kept.push(pair)
    paragraphs.push(paragraph)
  }
  return {
    name,
    ordered,
    texts,
    queries: Int32Array.from(queries),
    passages: Int32Array.from(passages),
    paragraphs: Int32Array.from(paragraphs),
  }
}

/** For a token, token lists that say the same in other words: its English, its Cantonese and Mandarin synonyms. */
export type Rewordings = ReadonlyMap<number, readonly Int32Array[]>

export function rewordings({ english, synonyms }: Dictionary, vocabulary: Vocabulary): Rewordings {
  const out = new Map<number, Int32Array[]>()
  for (const meanings of [english, synonyms]) {
    for (const [word, others] of meanings) {
      const id = vocabulary.ids.get(word)
      // A single character means too much to be replaced out of context.
      if (id === undefined || word.length < 2) continue
      for (const other of others) {
        const tokens = Int32Array.from(tokenize(other, vocabulary))
        if (tokens.length > 0 && tokens.length <= 4) out.set(id, [...(out.get(id) ?? []), tokens])
      }
    }
  }
  return out
}

/**
 * What people put around a topic when they ask about it. Folded; the topic stands at the bar. Written for this purpose,
 * in the manners of the three languages.
 */
const shells = [
  '请问|',
  '|有哪些规定',
  '|有什么安排',
  '|有哪些措施',
  '|是什么',
  '|怎样',
  '|如何',
  '哪些地方有|',
  '有没有|',
  '哪里可以找到|',
  '关于|的内容',
  '我想知道|',
  '|有什么要求',
  '|可以吗',
  '|由谁负责',
  '|有多少',
  '什么是|',
  '|什么时候',
  '哪里提到|',
  '|有什么支持',
  '|的情况',
  '边度有|',
  '有冇|',
  '|点样',
  '|系咩嚟',
  '|有咩安排',
  '我想|',
  '|得唔得',
  '|可唔可以',
  '想问下|',
  '|有咩好处',
  '边个负责|',
  '|几时',
  '|有几多',
  '喺边度可以|',
  '点先可以|',
  'what is |',
  'how does | work',
  'who is responsible for |',
  'is there any |',
  'can i |',
  'tell me about |',
  'which measures cover |',
  'what about |',
  'how to |',
  'how many |',
  'does it mention |',
  'where can i find |',
  'support for |',
  'rules on |',
] as const

/** Shells in token ids: what stands before the topic, and after it. */
export type Shells = readonly (readonly [before: readonly number[], after: readonly number[]])[]

export function questionShells(vocabulary: Vocabulary): Shells {
  return shells.map((shell) => {
    const [before = '', after = ''] = shell.split('|')
    return [tokenize(before, vocabulary), tokenize(after, vocabulary)]
  })
}

/** A batch side: the token ids of text `i` are `ids[starts[i]]` to `ids[starts[i + 1] - 1]`. */
export type Side = { readonly starts: Int32Array; readonly ids: Int32Array }

export type Batch = {
  readonly queries: Side
  readonly passages: Side
  /** [n, n]; see `lossGraph()`. */
  readonly mask: Float32Array
}

export type SamplingOptions = {
  /** Share of tokens left out, so that no single word decides a pair. */
  readonly dropout: number
  /** Share of batches from ordered sources that are made of blocks of neighbours. */
  readonly neighbours: number
  /** Neighbouring pairs in a block. */
  readonly block: number
  /** Share of long questions cut to a short run of words, as people type them. */
  readonly crop: number
  /** Share of texts in which some Chinese words become English, Cantonese or a synonym. */
  readonly reword: number
  /** Share of query sides that are put as a question, so that question words learn to weigh little. */
  readonly ask: number
}

/** Other ways of putting a query. */
export type Variations = { readonly rewordings: Rewordings; readonly shells: Shells }

/** 0 to the right answer and to real wrong answers; this to an answer that only looks wrong. e^−1e4 is 0. */
const hidden = -1e4

/**
 * Draws `n` pairs of one source, without an equal pair twice where the source has enough, and hides texts that are
 * equal to the right answer.
 */
export function sampleBatch(
  source: TokenSource,
  n: number,
  random: Random,
  variations: Variations,
  options: SamplingOptions,
): Batch {
  const size = source.queries.length
  const picks = new Int32Array(n)
  if (source.ordered && random.next() < options.neighbours) {
    for (let i = 0; i < n; i += options.block) {
      const first = random.below(Math.max(1, size - options.block))
      for (let j = 0; j < options.block && i + j < n; j += 1) picks[i + j] = (first + j) % size
    }
  } else {
    const taken = new Set<number>()
    for (let i = 0; i < n; i += 1) {
      let pick = random.below(size)
      for (let attempt = 0; attempt < 8 && taken.has(pick); attempt += 1) pick = random.below(size)
      taken.add(pick)
      picks[i] = pick
    }
  }
  const queries = [...picks].map((pick) => source.queries[pick] as number)
  const passages = [...picks].map((pick) => source.passages[pick] as number)
  return {
    queries: side(queries, true),
    passages: side(passages, false),
    mask: maskOf(
      queries,
      passages,
      [...picks].map((pick) => source.paragraphs[pick] as number),
    ),
  }

  function side(numbers: readonly number[], isQuery: boolean): Side {
    const starts = new Int32Array(n + 1)
    const ids: number[] = []
    for (const [i, number] of numbers.entries()) {
      let text = source.texts[number] as Int32Array
      if (isQuery && text.length > 12 && random.next() < options.crop) {
        const length = 4 + random.below(12)
        const start = random.below(Math.max(1, text.length - length))
        text = text.subarray(start, start + length)
      }
      const rewording = isQuery && text.length > 1 && random.next() < options.reword
      const shell =
        isQuery && random.next() < options.ask ? variations.shells[random.below(variations.shells.length)] : undefined
      if (shell !== undefined) ids.push(...shell[0])
      const before = ids.length
      for (const id of text) {
        if (text.length > 2 && random.next() < options.dropout) continue
        const choices = rewording && random.next() < 0.5 ? variations.rewordings.get(id) : undefined
        if (choices === undefined) ids.push(id)
        else for (const other of choices[random.below(choices.length)] as Int32Array) ids.push(other)
      }
      if (ids.length === before) ids.push(text[0] as number)
      if (shell !== undefined) ids.push(...shell[1])
      starts[i + 1] = ids.length
    }
    return { starts, ids: Int32Array.from(ids) }
  }
}

/** Pairs i and j that share a text or a paragraph are each other's right answers too, so neither may count as wrong. */
function maskOf(queries: readonly number[], passages: readonly number[], paragraphs: readonly number[]): Float32Array {
  const n = queries.length
  const mask = new Float32Array(n * n)
  // A text may be a query here and a passage there (dictionary synonyms), so both sides share one numbering; paragraphs
  // have their own.
  for (const sides of [[queries, passages], [paragraphs]]) {
    const holders = new Map<number, Set<number>>()
    for (const numbers of sides)
      for (const [i, number] of numbers.entries()) holders.set(number, (holders.get(number) ?? new Set()).add(i))
    for (const group of holders.values()) {
      if (group.size < 2) continue
      for (const i of group) for (const j of group) if (i !== j) mask[i * n + j] = hidden
    }
  }
  return mask
}
