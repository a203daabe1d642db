/** A half-open range of UTF-16 units. */
export type Range = readonly [start: number, end: number]

const closers = /[”’」』）)】〕》〉*]/u

/**
 * Whether the character after a sentence belongs to it. A straight quotation mark does when one of its kind is still
 * open: 浙 opens and closes with the same mark.
 */
function closes(sentence: string, character: string): boolean {
  if (character === '"' || character === "'") return (sentence.split(character).length - 1) % 2 === 1
  return closers.test(character)
}

/**
 * The sentences of a text in order, covering all of it but white space that stands alone: each ends after 。！？；! ? ; or
 * a line break, closing quotation marks included. A full stop between Latin letters or digits (5.21, e.g.) ends
 * nothing.
 */
export function sentences(text: string): readonly Range[] {
  const ranges: Range[] = []
  let start = 0
  for (let i = 0; i < text.length; i += 1) {
    const character = text[i] as string
    const ends =
      /[。！？；!?;\n]/u.test(character) || (character === '.' && /^(?:\s|$)/u.test(text.slice(i + 1, i + 2)))
    if (!ends) continue
    let end = i + 1
    while (end < text.length && closes(text.slice(start, end), text[end] as string)) end += 1
    ranges.push([start, end])
    start = end
    i = end - 1
  }
  if (start < text.length) ranges.push([start, text.length])
  return ranges.filter(([from, to]) => text.slice(from, to).trim() !== '')
}

/** A range without the white space at its end. */
export function withoutTrailingSpace(text: string, [start, end]: Range): Range {
  return [start, start + text.slice(start, end).trimEnd().length]
}
