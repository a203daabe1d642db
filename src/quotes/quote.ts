import { citationOf } from '../memorandum/citation.ts'
import type { Library } from '../memorandum/library.ts'
import type { Quotation, QuoteCheck } from '../model/answer.ts'
import type { Unit } from '../model/corpus.ts'
import { indexGrams } from '../text/grams.ts'
import { sentences } from '../text/sentences.ts'
import { type Alignment, align, tableLimit } from './alignment.ts'
import { differenceOf, foundIn, isInside, type Region, regionsOf, withWholeEnds } from './differences.ts'
import { kindOf, lettersOf } from './letters.ts'
import { framesOf, type Reading, readingsOf } from './readings.ts'

/*
 * A pasted line ─▶ readings (the line, then with ever more of its wrapping taken off)
 *   ─▶ does a reading stand in a unit, letter for letter?                              exact
 *   ─▶ else: units that share rare trigrams ─▶ alignment ─▶ near enough?            altered, with differences
 *   ─▶ else: is it put together from long verbatim pieces of several units?         altered
 *   ─▶ else                                                                         absent
 *
 * All matching is on letters and digits of the search form; all that is shown is cut out of the original texts.
 */

/** Fewer letters and digits than this are too few to call a change a change: the text stands there or it does not. */
const shortest = 6

/**
 * Least likeness of an altered quotation; 1 is equal. Every letter that differs counts as one, something left out as
 * one however long, and every difference but the first as `furtherCost` letters more, for few long changes are an edit
 * and many short ones another text. From the study in test/answer/quote.test.ts: 0.54 parts edits of real sentences
 * (0.5 % lie below) from paraphrases and other papers (none lies above).
 */
const leastLikeness = 0.54
const furtherCost = 1.5

/** Least likeness for showing a unit as the nearest one. */
const leastNear = 0.25

/**
 * Letters of a verbatim piece that cannot be chance, and the share of a text that such pieces must cover to call it
 * joined from them.
 */
const pieceLength = 8
const leastJoined = 0.75

/**
 * Units that share most with the text; how many of them are aligned at most; the share of the best one's score below
 * which none is.
 */
const candidateCount = 64
const alignedCount = 16
const leastShare = 0.4

/** Cells of alignment tables that one check may fill. 10^6 cells take about 8 ms. */
const cellBudget = 4_000_000

/** Entries of posting lists that one candidate search may read. */
const postingBudget = 100_000

const absent: QuoteCheck = { verdict: 'absent', ids: [], differences: [], shortened: false }

/** A reading at its best place in a unit: the better, the lower the cost. */
type Aligned = { readonly index: number; readonly reading: Reading; readonly alignment: Alignment }
/** The same with what differs. */
type Match = {
  readonly index: number
  readonly reading: Reading
  readonly alignment: Alignment
  readonly regions: readonly Region[]
  readonly likeness: number
}

/**
 * A function that tells whether a line stands in a memorandum, was altered from one, or stands in none.
 * Script, width, punctuation, spaces, line breaks and the wrapping of a quotation count for nothing; every letter and
 * digit counts. Numbers and Latin words are quoted whole or not at all. Never throws; a check takes milliseconds, of a
 * text of 10,000 characters tens of them.
 */
export function createQuoteCheck(library: Library): (text: string) => QuoteCheck {
  const { units } = library
  const texts = units.map((unit) => lettersOf(unit.text).text)
  const trigrams = indexGrams(texts, 3)
  const frames = framesOf(library)
  const unitAt = (index: number): Unit => units[index] as Unit
  const textAt = (index: number): string => texts[index] as string

  /** The first place at or after `from` where a piece stands without cutting a number or a Latin word; -1 for none. */
  function standsAt(piece: string, index: number, from: number): number {
    const text = textAt(index)
    const cuts = (at: number) =>
      kindOf(text[at]) !== undefined &&
      kindOf(text[at]) === kindOf(text[at - 1]) &&
      isInside(lettersOf(unitAt(index).text), at)
    for (let at = text.indexOf(piece, from); at >= 0; at = text.indexOf(piece, at + 1))
      if (!cuts(at) && !cuts(at + piece.length)) return at
    return -1
  }

  /** Units that hold all pieces of a reading in order, in library order. */
  function holding(reading: Reading): readonly number[] {
    const bounds = [0, ...reading.breaks, reading.text.length]
    const pieces = bounds.slice(1).map((end, i) => reading.text.slice(bounds[i], end))
    if (pieces.length > 1 && (reading.text.length < shortest || pieces.some((piece) => piece.length < 2))) return []
    const buckets = pieces.flatMap((piece) => trigrams.rarestBucket(piece) ?? [])
    const rarest = buckets.sort((a, b) => trigrams.count(a) - trigrams.count(b)).at(0)
    const indices: number[] = []
    for (const index of rarest === undefined ? units.keys() : trigrams.texts(rarest)) {
      if (textAt(index).length < reading.text.length) continue
      const unit = unitAt(index)
      let from = 0
      const all = pieces.every((piece, i) => {
        const at = standsAt(piece, index, from)
        if (reading.number !== undefined && i === 0 && at !== 0) return false
        from = at + piece.length
        return at >= 0
      })
      if (!all || (reading.number !== undefined && (unit.kind === 'preamble' || unit.number !== reading.number)))
        continue
      indices.push(index)
    }
    return indices
  }

  /** Units that share the most telling trigrams with a text, best first. */
  function candidates(text: string): readonly { readonly index: number; readonly score: number }[] {
    const buckets = new Set<number>()
    for (let at = 0; at + 3 <= text.length; at += 1) buckets.add(trigrams.bucketAt(text, at))
    const rarestFirst = [...buckets]
      .map((bucket) => ({ bucket, count: trigrams.count(bucket) }))
      .filter(({ count }) => count > 0)
    rarestFirst.sort((a, b) => a.count - b.count)
    const scores = new Map<number, number>()
    let read = 0
    for (const { bucket, count } of rarestFirst) {
      read += count
      if (read > postingBudget && scores.size > 0) break
      const weight = Math.log(1 + units.length / count)
      for (const index of trigrams.texts(bucket)) scores.set(index, (scores.get(index) ?? 0) + weight)
    }
    return [...scores]
      .sort((a, b) => b[1] - a[1] || a[0] - b[0])
      .slice(0, candidateCount)
      .map(([index, score]) => ({ index, score }))
  }

  function matchOf({ reading, index, alignment: placed }: Aligned): Match {
    const unit = lettersOf(unitAt(index).text)
    const alignment = { cost: placed.cost, columns: withWholeEnds(placed.columns, unit) }
    const regions = regionsOf(alignment.columns, reading, unit)
    const changed =
      regions.reduce((sum, region) => sum + Math.max(1, foundIn(region, alignment.columns)), 0) +
      furtherCost * Math.max(0, regions.length - 1)
    return { index, reading, alignment, regions, likeness: 1 - changed / reading.text.length }
  }

  function differencesOf(match: Match, pasted: string): QuoteCheck['differences'] {
    const unit = unitAt(match.index)
    const letters = lettersOf(unit.text)
    const all = match.regions.map((region) =>
      differenceOf(region, match.alignment.columns, pasted, match.reading, unit.text, letters),
    )
    // 「21 支持浙江…」: the item's own number is no addition.
    const [first] = all
    if (
      unit.kind !== 'preamble' &&
      first?.expected === '' &&
      first.found.normalize('NFKC') === String(unit.number) &&
      match.regions[0]?.from === 0 &&
      all.length > 1
    )
      all.shift()
    return all
  }

  /** Verbatim pieces of the candidates that a text is put together from, in its order. */
  function piecesOf(
    text: string,
    indices: readonly number[],
  ): readonly { readonly index: number; readonly length: number }[] {
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
        const near =
          last === undefined
            ? 0
            : last.index === place.index
              ? 2
              : unitAt(last.index).memorandum === unitAt(place.index).memorandum
                ? 1
                : 0
        if (length > best.length || (length === best.length && near > best.near))
          best = { index: place.index, length, near }
      }
      if (best.length > 0) pieces.push({ index: best.index, length: best.length })
      at += Math.max(1, best.length)
    }
    return pieces
  }

  function asQuotation(match: Match): Quotation {
    const unit = unitAt(match.index)
    const letters = lettersOf(unit.text)
    const differs = new Set(
      match.regions.flatMap(({ from, to }) => Array.from({ length: to - from }, (_, i) => from + i)),
    )
    const kept = match.alignment.columns
      .filter(({ a, b }, at) => a >= 0 && b >= 0 && !differs.has(at))
      .map(({ b }) => letters.starts[b] ?? 0)
    const ranges = sentences(unit.text)
    const shares = ranges.map(([from, to]) => kept.filter((at) => at >= from && at < to).length)
    const most = Math.max(0, ...shares)
    return {
      id: unit.id,
      citation: citationOf(unit),
      quote: unit.text,
      highlights: ranges.filter((_, i) => most > 0 && (shares[i] ?? 0) * 2 >= most),
    }
  }

  return (pasted) => {
    const readings = readingsOf(pasted, frames)
    for (const reading of readings.all) {
      const indices = holding(reading)
      if (indices.length > 0)
        return {
          verdict: 'exact',
          ids: indices.map((index) => unitAt(index).id),
          differences: [],
          shortened: reading.breaks.length > 0,
        }
    }
    const reading = readings.bare.at(-1)
    if (reading === undefined || reading.text.length < shortest) return absent

    const near = candidates(reading.text)
    const found = near.map(({ index }) => index)
    const least = leastShare * (near[0]?.score ?? 0)
    const all: Aligned[] = []
    let cells = 0
    for (const { index, score } of near.slice(0, alignedCount)) {
      // No more letters than the unit has can be alike.
      if (all.length > 0 && textAt(index).length < leastNear * reading.text.length) continue
      const size = Math.min(tableLimit, reading.text.length * textAt(index).length)
      if (all.length > 0 && (score < least || cells + size > cellBudget)) break
      cells += size
      const aligned = readings.bare.map((each) => ({ index, reading: each, alignment: align(each, textAt(index)) }))
      all.push(...aligned.sort((a, b) => a.alignment.cost - b.alignment.cost).slice(0, 1))
    }
    all.sort((a, b) => a.alignment.cost - b.alignment.cost || a.index - b.index)
    const [first] = all
    if (first === undefined) return absent
    const best = matchOf(first)
    const shortened = reading.breaks.length > 0
    const pieces = piecesOf(reading.text, found)
    const parts = new Map<number, number>()
    for (const { index, length } of pieces) parts.set(index, length + (parts.get(index) ?? 0))
    const covered = pieces.reduce((sum, { length }) => sum + length, 0) / reading.text.length
    const partIds = [...parts.keys()].map((index) => unitAt(index).id)
    if (best.likeness >= leastLikeness) {
      const joined =
        parts.size > 1 &&
        covered >= leastJoined &&
        parts.has(best.index) &&
        best.regions.some((region) => foundIn(region, best.alignment.columns) >= pieceLength)
      const ties = all
        .filter(({ alignment }) => alignment.cost === first.alignment.cost)
        .map(({ index }) => unitAt(index).id)
      return { verdict: 'altered', ids: joined ? partIds : ties, differences: differencesOf(best, pasted), shortened }
    }
    if (covered >= leastJoined) {
      const [main] = [...parts].sort((a, b) => b[1] - a[1])[0] ?? [best.index]
      return {
        verdict: 'altered',
        ids: partIds,
        differences: differencesOf(
          main === best.index ? best : matchOf({ index: main, reading, alignment: align(reading, textAt(main)) }),
          pasted,
        ),
        shortened,
      }
    }
    return best.likeness >= leastNear ? { ...absent, nearest: asQuotation(best) } : absent
  }
}
