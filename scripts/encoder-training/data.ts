import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { fold } from '../../src/text/fold.ts'

/** Texts that mean the same: `[query side, passage side]`, both folded. */
export type Pair = readonly [query: string, passage: string]

export type Source = {
  readonly name: string
  readonly pairs: readonly Pair[]
  /** Neighbours in the list are neighbouring articles of one law, and so each other's hard negatives. */
  readonly ordered: boolean
}

const files = [
  'cedict',
  'cc_canto',
  'tatoeba_en_zh',
  'drcd',
  'cmrc2018',
  'yue_rewrite_own',
  'cn_law_title_article',
  'cn_law_ict',
  'tw_law_en_zh',
  'tw_law_title_article',
  'tw_law_ict',
  'tw_law_titles_en_zh',
  'gov_report_ict',
] as const

const orderedFiles: ReadonlySet<string> = new Set([
  'cn_law_title_article',
  'cn_law_ict',
  'tw_law_en_zh',
  'tw_law_title_article',
  'tw_law_ict',
  'tw_law_titles_en_zh',
  'gov_report_ict',
])

/**
 * Nobody asks a question of more characters than this, and a clause rarely has more; longer texts are cut before they
 * are folded.
 */
const longestText = 700

/**
 * All sources of a data folder (the one that holds `open/`), in a fixed order, folded. Only `open/` is read: nothing
 * that ships may come from elsewhere. Throws when a file is missing or a line is no pair of strings.
 */
export function readSources(folder: string): readonly Source[] {
  const sources = files.map((name): Source => {
    const path = join(folder, 'open', `${name}.jsonl.gz`)
    const pairs: Pair[] = []
    for (const [index, line] of gunzipSync(readFileSync(path)).toString('utf8').split('\n').entries()) {
      if (line === '') continue
      const pair: unknown = JSON.parse(line)
      if (!Array.isArray(pair) || typeof pair[0] !== 'string' || typeof pair[1] !== 'string')
        throw new Error(`Cannot read ${path}:${index + 1}: a line must be ["query", "passage"]`)
      pairs.push([fold(pair[0].slice(0, longestText)), fold(pair[1].slice(0, longestText))])
    }
    return { name, pairs, ordered: orderedFiles.has(name) }
  })
  return [...sources, readGlossary(join(folder, 'open', 'domain_glossary.tsv'))]
}

/** One line is `alias|alias<TAB>term term`: every alias means every term, and the aliases mean one another. */
function readGlossary(path: string): Source {
  const pairs: Pair[] = []
  for (const [index, line] of readFileSync(path, 'utf8').split('\n').entries()) {
    if (line.trim() === '') continue
    const [left, right] = line.split('\t')
    if (left === undefined || right === undefined)
      throw new Error(`Cannot read ${path}:${index + 1}: a line must be aliases, a tab, terms`)
    const aliases = left.split('|').map(fold)
    const terms = right.split(' ').map(fold)
    for (const alias of aliases) {
      for (const term of terms) pairs.push([alias, term])
      for (const other of aliases) if (other !== alias) pairs.push([alias, other])
    }
  }
  return { name: 'domain_glossary', pairs, ordered: false }
}

const han = /^[\u4e00-\u9fff]+$/u

/**
 * An English gloss without its brackets, "to" and "a": "to carry (on the back)" → "carry". Empty when nothing is left.
 */
export function plainGloss(gloss: string): string {
  return gloss
    .replace(/\([^)]*\)?|\[[^\]]*\]?/gu, ' ')
    .replace(/^\s*(?:to|a|an|the)\s+/u, '')
    .replace(/[^a-z0-9 ]+/gu, ' ')
    .replace(/\s+/gu, ' ')
    .trim()
}

export type Dictionary = {
  /** Chinese headwords (folded) in dictionary order, each once, Mandarin first. */
  readonly headwords: readonly string[]
  /** Cantonese headwords (folded): those of CC-Canto that CC-CEDICT lacks. */
  readonly cantonese: readonly string[]
  /**
   * Place names without 省, 市 and the like, which the dictionary lists only with them (寧波市), or only inside a gloss
   * (浙江省).
   */
  readonly places: readonly string[]
  /** English for a Chinese word: short glosses only. */
  readonly english: ReadonlyMap<string, readonly string[]>
  /** Other Chinese words, Cantonese among them, that share a short gloss with a word. */
  readonly synonyms: ReadonlyMap<string, readonly string[]>
}

/** A gloss shared by more words than this ("surname", "place in Taiwan") says nothing about them. */
const mostSharers = 8

/** What CC-CEDICT and CC-Canto say about words, turned round: which words share a meaning. */
export function readDictionary(sources: readonly Source[]): Dictionary {
  const pairsOf = (name: string): readonly Pair[] => sources.find((source) => source.name === name)?.pairs ?? []
  const english = new Map<string, Set<string>>()
  const sharers = new Map<string, Set<string>>()
  const mandarin = new Set<string>()
  const all = new Set<string>()
  const places = new Set<string>()
  for (const name of ['cedict', 'cc_canto']) {
    for (const [gloss, word] of pairsOf(name)) {
      for (const text of [gloss, word])
        for (const [place] of text.matchAll(
          /(?<![\u4e00-\u9fff])[\u4e00-\u9fff]{2,3}(?=[省市县州](?![\u4e00-\u9fff]))/gu,
        ))
          places.add(place)
      if (!han.test(word)) continue
      all.add(word)
      if (name === 'cedict') mandarin.add(word)
      for (const part of gloss.split(/[;,]/u)) {
        const plain = plainGloss(part)
        if (plain.length < 2 || plain.split(' ').length > 4) continue
        english.set(word, (english.get(word) ?? new Set()).add(plain))
        sharers.set(plain, (sharers.get(plain) ?? new Set()).add(word))
      }
    }
  }
  const synonyms = new Map<string, Set<string>>()
  for (const words of sharers.values()) {
    if (words.size < 2 || words.size > mostSharers) continue
    for (const word of words)
      for (const other of words) if (other !== word) synonyms.set(word, (synonyms.get(word) ?? new Set()).add(other))
  }
  return {
    headwords: [...mandarin],
    cantonese: [...all].filter((word) => !mandarin.has(word)),
    places: [...places].filter((place) => !all.has(place)),
    english: new Map([...english].map(([word, glosses]) => [word, [...glosses]])),
    synonyms: new Map([...synonyms].map(([word, others]) => [word, [...others]])),
  }
}

/**
 * Pairs of Chinese words that share a gloss, as one more source: what ties Cantonese and everyday words to written
 * ones.
 */
export function synonymSource({ synonyms }: Dictionary): Source {
  const pairs: Pair[] = []
  for (const [word, others] of synonyms) for (const other of others) pairs.push([word, other])
  return { name: 'synonyms', pairs, ordered: false }
}
