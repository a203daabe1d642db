import { toSimplified } from './conversion.ts'
import type { Range } from './sentences.ts'

/**
 * A text in Simplified characters for reading, with ranges of it moved along. Never a quotation: whoever shows it says
 * that it was converted.
 */
export function simplify(
  text: string,
  ranges: readonly Range[] = [],
): { readonly text: string; readonly ranges: readonly Range[] } {
  let simplified = ''
  let at = 0
  const moved: Range[] = []
  for (const [start, end] of ranges) {
    // Conversion can change the length, so every stretch is converted by itself.
    simplified += toSimplified(text.slice(at, start))
    const from = simplified.length
    simplified += toSimplified(text.slice(start, end))
    moved.push([from, simplified.length])
    at = end
  }
  return { text: simplified + toSimplified(text.slice(at)), ranges: moved }
}
