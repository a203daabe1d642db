import type { Column } from './alignment.ts'
import { kindOf, type Letters } from './letters.ts'
import type { Reading } from './readings.ts'

/** Whether the letters of a unit on both sides of `at` belong to one number or one Latin word. */
export function isInside(unit: Letters, at: number): boolean {
  const kind = kindOf(unit.text[at])
  return kind !== undefined && kind === kindOf(unit.text[at - 1]) && unit.ends[at - 1] === unit.starts[at]
}

/** The columns with the rest of a number or Latin word that the quotation cuts at its beginning or end. */
export function withWholeEnds(columns: readonly Column[], unit: Letters): readonly Column[] {
  const before: Column[] = []
  const after: Column[] = []
  const first = columns[0]
  const last = columns.at(-1)
  if (first !== undefined && first.b >= 0)
    for (let b = first.b; isInside(unit, b); b -= 1) before.unshift({ a: -1, b: b - 1 })
  if (last !== undefined && last.b >= 0) for (let b = last.b + 1; isInside(unit, b); b += 1) after.push({ a: -1, b })
  return before.length + after.length === 0 ? columns : [...before, ...columns, ...after]
}

/** A run of columns that differ: half-open, in columns. */
export type Region = { from: number; to: number }

/**
 * The runs of an alignment that differ, joined where only one or two equal letters part them, and grown to whole
 * numbers and Latin words.
 */
export function regionsOf(columns: readonly Column[], reading: Reading, letters: Letters): readonly Region[] {
  const unit = letters.text
  const breaks = new Set(reading.breaks)
  let consumed = 0
  // An ellipsis lets letters of the unit go without a difference.
  const free = columns.map(({ a }) => {
    if (a >= 0) consumed = a + 1
    return a < 0 && breaks.has(consumed)
  })
  // …but not a part of a number.
  columns.forEach(({ b }, at) => {
    if (free[at] && !free[at - 1])
      for (let k = at, j = b; free[k] && isInside(letters, j); k += 1, j += 1) free[k] = false
  })
  for (let at = columns.length - 1; at >= 0; at -= 1) {
    const next = columns[at + 1]
    if (free[at] && !free[at + 1] && next !== undefined && next.b >= 0 && isInside(letters, next.b)) free[at] = false
  }
  const equal = (at: number) => {
    const column = columns[at]
    return column !== undefined && column.a >= 0 && column.b >= 0 && reading.text[column.a] === unit[column.b]
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
    const found = own.filter(({ a }) => a >= 0).map(({ a }) => reading.text[a])
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
    if (last !== undefined && region.from - last.to <= 2 && !free.slice(last.to, region.from).some(Boolean))
      last.to = Math.max(last.to, region.to)
    else merged.push({ ...region })
  }
  return merged
}

/** Letters of the quotation in a region. */
export function foundIn(region: Region, columns: readonly Column[]): number {
  return columns.slice(region.from, region.to).filter(({ a }) => a >= 0).length
}

const sentenceEnd = /[。！？；!?;\n]/u

/**
 * What a region says, in the characters of both originals. At the ends of a quotation nothing of a neighbouring
 * sentence was expected.
 */
export function differenceOf(
  region: Region,
  columns: readonly Column[],
  pasted: string,
  reading: Reading,
  original: string,
  unit: Letters,
): { expected: string; found: string } {
  const own = columns.slice(region.from, region.to)
  const inA = own.filter(({ a }) => a >= 0).map(({ a }) => a)
  const inB = own.filter(({ b }) => b >= 0).map(({ b }) => b)
  const [firstA, lastA] = [inA[0], inA.at(-1)]
  const found =
    firstA === undefined || lastA === undefined ? '' : pasted.slice(reading.starts[firstA], reading.ends[lastA])
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
    for (let at = unit.ends[before.b] ?? from; at < to; at += 1)
      if (sentenceEnd.test(original[at] ?? '')) return { expected: at <= from ? '' : original.slice(from, at), found }
  }
  return { expected: original.slice(from, to), found }
}
