import { specialTokens, type Vocabulary } from './tokenizer.ts'

/** Buckets for the letter n-grams of English words. */
const buckets = 12_000

/**
 * Which trained rows make up each token's vector: token `t` is the sum of rows `parts[starts[t]]` to `parts[starts[t +
 * 1] - 1]`.
 */
export type Composition = { readonly rows: number; readonly starts: Int32Array; readonly parts: Int32Array }

/** FNV-1a, 32 bits. */
function hash(text: string): number {
  let value = 0x811c9dc5
  for (let i = 0; i < text.length; i += 1) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193)
  return value >>> 0
}

/**
 * A token's vector is its own row, plus the rows of the tokens within a Chinese word (its characters and shorter
 * words), plus hashed 4- and 5-grams of an English word. So a rare word starts from what its parts mean. At export the
 * sum is folded into one row a token.
 */
export function compose({ tokens, ids }: Vocabulary): Composition {
  const starts = new Int32Array(tokens.length + 1)
  const parts: number[] = []
  for (const [id, token] of tokens.entries()) {
    if (id >= specialTokens.length) {
      parts.push(id)
      if (/^[\u4e00-\u9fff]{2}/u.test(token)) {
        for (let start = 0; start < token.length; start += 1) {
          for (let end = start + 1; end <= token.length; end += 1) {
            const part = ids.get(token.slice(start, end))
            if (part !== undefined && part !== id) parts.push(part)
          }
        }
      } else if (/^[a-z]{3}/u.test(token)) {
        const marked = `<${token}>`
        for (const length of [4, 5]) {
          for (let start = 0; start + length <= marked.length; start += 1)
            parts.push(tokens.length + (hash(marked.slice(start, start + length)) % buckets))
        }
      }
    }
    starts[id + 1] = parts.length
  }
  return { rows: tokens.length + buckets, starts, parts: Int32Array.from(parts) }
}
