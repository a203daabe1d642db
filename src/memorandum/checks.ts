import type { Area, Measure, Memorandum } from '../model/corpus.ts'
import { withoutSpace } from '../text/tidy.ts'
import { measureLine } from './lines.ts'

/** What is wrong and, where one is to blame, the area, measure or preamble clause that it is wrong with. */
export type Problem = { readonly message: string; readonly at?: Area | Measure }

/** What is wrong with a memorandum, in the order of the document; empty when all holds. */
export function checkMemorandum(memorandum: Memorandum, declaredAreas: number): Problem[] {
  const problems: Problem[] = []
  if (memorandum.areas.length !== declaredAreas)
    problems.push({ message: `the preamble declares ${declaredAreas} areas, ${memorandum.areas.length} were found` })
  let previous = 0
  memorandum.areas.forEach((area, index) => {
    if (area.ordinal !== index + 1)
      problems.push({
        at: area,
        message: `area ${area.ordinal} 「${area.title}」 stands where area ${index + 1} was expected`,
      })
    if (area.measures.length === 0)
      problems.push({ at: area, message: `area ${area.ordinal} 「${area.title}」 holds no measure` })
    if (memorandum.numbering === 'area') previous = 0
    for (const measure of area.measures) {
      if (measure.number !== previous + 1)
        problems.push({ at: measure, message: `area ${area.ordinal}: item ${measure.number} follows item ${previous}` })
      if (measure.text.trim() === '')
        problems.push({ at: measure, message: `area ${area.ordinal}: item ${measure.number} is empty` })
      previous = measure.number
    }
  })
  memorandum.preamble.items.forEach((item, index) => {
    if (item.number !== index + 1)
      problems.push({
        at: item,
        message: `preamble: clause ${item.number} stands where clause ${index + 1} was expected`,
      })
  })
  return problems
}

/**
 * Where two texts first differ when white space is left aside; `undefined` when they are the same. Offsets count
 * characters without space.
 */
export function firstDifference(
  expected: string,
  found: string,
): { offset: number; expected: string; found: string } | undefined {
  const a = withoutSpace(expected)
  const b = withoutSpace(found)
  if (a === b) return undefined
  let offset = 0
  while (offset < a.length && a[offset] === b[offset]) offset += 1
  const from = Math.max(0, offset - 10)
  return { offset, expected: a.slice(from, offset + 20), found: b.slice(from, offset + 20) }
}

/** A printed line; `number` counts from 1 as editors count. */
export type PrintedLine = { readonly number: number; readonly text: string }

/**
 * A published text line by line, without the emphasis marks that conversions from PDF leave. A page break ends a line
 * too, but no editor counts it.
 */
export function publishedLines(source: string): PrintedLine[] {
  return source
    .replaceAll('**', '')
    .split(/\r\n|\n|\r/u)
    .flatMap((line, index) => line.split('\f').map((text) => ({ number: index + 1, text: text.trim() })))
}

/** `1.文本` for an item printed 1、文本 or - 1. 文本; any other line as it is. */
export function itemAsWords(line: string): string {
  const item = measureLine(line)
  return item === undefined ? line : `${item.number}.${item.text}`
}

/** A published text as its words alone: items begin `1.` whether they were printed 1、 or as a list with bullets. */
export function publishedWords(source: string): string {
  return withoutSpace(
    publishedLines(source)
      .map(({ text }) => itemAsWords(text))
      .join('\n'),
  )
}
