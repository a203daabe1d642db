import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Library } from '../memorandum/library.ts'
import { CorpusError } from '../memorandum/markdown.ts'
import { fold } from '../text/fold.ts'
import { isStopWord, stem } from '../text/terms.ts'

/** A word of the question and the memoranda's own terms for it; offsets are in the question's search form. */
export type Bridged = {
  readonly word: string
  readonly start: number
  readonly end: number
  /** As printed in the terms list, most specific first. */
  readonly terms: readonly string[]
  readonly source: 'terms' | 'dictionary'
  /**
   * What sort of bridge it is: english, cantonese, everyday, mainland, abbreviation, institution, place, dictionary.
   */
  readonly kind: string
}

type Counterpart = Pick<Bridged, 'terms' | 'source' | 'kind'>

/** Bridges from what people type to what the memoranda say. */
export type Bridge = {
  readonly chinese: ReadonlyMap<string, Counterpart>
  readonly english: ReadonlyMap<string, Counterpart>
  readonly longestChinese: number
}

const kinds = new Set(['english', 'cantonese', 'everyday', 'mainland', 'abbreviation', 'institution', 'place'])
const han = /\p{Script=Han}/u
const longestPhrase = 5

/** Words of a phrase as the bridge compares them. */
function latinWords(folded: string): { word: string; start: number; end: number }[] {
  return [...folded.matchAll(/[a-z0-9]+(?:[&'.][a-z0-9]+)*/gu)].map((match) => ({
    word: stem(match[0]),
    start: match.index,
    end: match.index + match[0].length,
  }))
}

/**
 * Reads `terms.tsv` (ask, terms, kind) and `cedict.tsv` (English, Chinese) of a corpus folder, the dictionary cut down
 * to words that the library holds.
 * @throws {CorpusError} naming file and line of a term that no memorandum has.
 */
export async function loadBridge(folder: string, library: Library): Promise<Bridge> {
  const chinese = new Map<string, Counterpart>()
  const english = new Map<string, Counterpart>()
  const text = fold(
    library.units.map((unit) => (unit.kind === 'measure' ? `${unit.area.title}\n${unit.text}` : unit.text)).join('\n'),
  ).replaceAll(/\s/gu, '')
  const termsFile = join(folder, 'terms.tsv')
  const lines = (await readFile(termsFile, 'utf8').catch(() => '')).split('\n')
  lines.forEach((line, index) => {
    if (index === 0 || line === '') return
    const [ask = '', list = '', kind = ''] = line.split('\t')
    const terms = list.split('|').filter((term) => term !== '')
    if (ask === '' || terms.length === 0 || !kinds.has(kind))
      throw new CorpusError(
        `${termsFile}:${index + 1}: expected ask, terms and a kind (${[...kinds].join(', ')}) parted by tabs`,
      )
    for (const term of terms)
      if (!text.includes(fold(term).replaceAll(/\s/gu, '')))
        throw new CorpusError(`${termsFile}:${index + 1}: no memorandum has the term 「${term}」`)
    const folded = fold(ask)
    if (han.test(folded)) chinese.set(folded, { terms, source: 'terms', kind })
    else
      english.set(
        latinWords(folded)
          .map(({ word }) => word)
          .join(' '),
        { terms, source: 'terms', kind },
      )
  })
  const known = new Set<string>()
  for (const [run] of text.matchAll(/\p{Script=Han}+/gu))
    for (let length = 2; length <= 6; length += 1)
      for (let i = 0; i + length <= run.length; i += 1) known.add(run.slice(i, i + length))
  for (const line of (await readFile(join(folder, 'cedict.tsv'), 'utf8').catch(() => '')).split('\n')) {
    const [ask = '', list = ''] = line.split('\t')
    if (ask === '' || english.has(ask) || isStopWord(ask)) continue
    const terms = list.split('|').filter((term) => known.has(term))
    if (terms.length > 0) english.set(ask, { terms: terms.slice(0, 6), source: 'dictionary', kind: 'dictionary' })
  }
  return { chinese, english, longestChinese: Math.max(0, ...[...chinese.keys()].map((key) => key.length)) }
}

/** What of a question (in search form) the bridge knows, longest match first, left to right, without overlap. */
export function bridgeQuestion(bridge: Bridge, folded: string): Bridged[] {
  const found: Bridged[] = []
  for (let start = 0; start < folded.length; start += 1) {
    // By code point: 餸 folds to a character outside the basic plane.
    if (!han.test(String.fromCodePoint(folded.codePointAt(start) as number))) continue
    for (let length = Math.min(bridge.longestChinese, folded.length - start); length >= 2; length -= 1) {
      const entry = bridge.chinese.get(folded.slice(start, start + length))
      if (entry === undefined) continue
      found.push({ word: folded.slice(start, start + length), start, end: start + length, ...entry })
      start += length - 1
      break
    }
  }
  const list = latinWords(folded)
  for (let at = 0; at < list.length; at += 1) {
    for (let length = Math.min(longestPhrase, list.length - at); length >= 1; length -= 1) {
      const slice = list.slice(at, at + length)
      const entry = bridge.english.get(slice.map(({ word }) => word).join(' '))
      if (entry === undefined || (length === 1 && isStopWord(slice[0]?.word ?? ''))) continue
      const start = slice[0]?.start ?? 0
      const end = slice.at(-1)?.end ?? start
      found.push({ word: folded.slice(start, end), start, end, ...entry })
      at += length - 1
      break
    }
  }
  return found.sort((a, b) => a.start - b.start)
}
