import { Converter } from 'opencc-js/t2cn'
import type { Range } from './sentences.ts'

let converter: ((text: string) => string) | undefined
// Built on first use: importing a module does nothing.
function convert(text: string): string {
  const converted = converter ?? Converter({ from: 'hk', to: 'cn' })
  converter = converted
  return converted(text)
}

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
    simplified += convert(text.slice(at, start))
    const from = simplified.length
    simplified += convert(text.slice(start, end))
    moved.push([from, simplified.length])
    at = end
  }
  return { text: simplified + convert(text.slice(at)), ranges: moved }
}
