/** Matches a sticky pattern at an offset. */
export function read(pattern: RegExp, text: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at
  return pattern.exec(text) ?? undefined
}

/** Where a sticky pattern's match ends; `at` itself without a match. */
export function skip(pattern: RegExp, text: string, at: number): number {
  return read(pattern, text, at) === undefined ? at : pattern.lastIndex
}
