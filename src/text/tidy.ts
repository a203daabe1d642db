const wordLike = /[\p{Script=Latin}\p{N}]/u

/**
 * Takes the white space out of printed Chinese: line ends and gaps beside a Chinese character or a punctuation mark go,
 * one space stays between two Latin words. No other character is touched.
 */
export function tidy(text: string): string {
  return text.trim().replace(/\s+/gu, (gap, offset: number, whole: string) => {
    const before = whole[offset - 1] ?? ''
    const after = whole[offset + gap.length] ?? ''
    return wordLike.test(before) && wordLike.test(after) ? ' ' : ''
  })
}

/** The text without any white space, for comparing what was printed with what was kept. */
export function withoutSpace(text: string): string {
  return text.replace(/[\s\u200b\ufeff]+/gu, '')
}
