import { fold } from '../text/fold.ts'
import type { MentionFinder } from './mentions.ts'

/** How many weights a model has for each of its outcomes; features are hashed into them. */
export const buckets = 16_384

/** FNV-1a (Fowler, Noll, Vo) over UTF-16 units, into the buckets. */
function bucketOf(feature: string): number {
  let hash = 2_166_136_261
  for (let at = 0; at < feature.length; at += 1) hash = Math.imul(hash ^ feature.charCodeAt(at), 16_777_619)
  return (hash >>> 0) % buckets
}

/** Features by name as a sorted set of buckets. */
export const hashed = (features: Iterable<string>): Int32Array =>
  Int32Array.from(new Set(Array.from(features, bucketOf))).sort()

/** Lengths that make a difference: a word, a phrase, a sentence, a story. */
const lengths = [2, 4, 7, 11, 19, 39]
export const lengthClass = (length: number): number => lengths.findIndex((most) => length <= most)

/** A covered place and any other, as one sign each: which place it is says nothing of what is asked. */
const coveredSign = '\u0001'
const otherSign = '\u0002'

/**
 * How a message says what it says: runs of one to three characters, English words and pairs of them, with places and
 * digits made alike. Nothing is removed; whatever fits on this decides what matters.
 */
export function gramsOf(query: string, findMentions: MentionFinder): Set<string> {
  const folded = fold(query)
  let text = ''
  let at = 0
  let covered = 0
  for (const { start, end, slug } of findMentions(folded)) {
    text += `${folded.slice(at, start)}${slug === undefined ? otherSign : coveredSign}`
    at = end
    if (slug !== undefined) covered += 1
  }
  text = `^${text}${folded.slice(at)}$`.replace(/\d+/gu, '0').replace(/\s+/gu, ' ')
  const grams = new Set<string>()
  const words = text.match(/[a-z0-9']+/gu) ?? []
  words.forEach((word, index) => {
    grams.add(`w ${word}`)
    if (index === 0) grams.add(`first ${word}`)
    const after = words[index + 1]
    if (after !== undefined) grams.add(`w ${word} ${after}`)
  })
  const characters = [...text.replace(/[a-z0-9' ]+/gu, '~')]
  for (let length = 1; length <= 3; length += 1)
    for (let start = 0; start + length <= characters.length; start += 1)
      grams.add(`c ${characters.slice(start, start + length).join('')}`)
  const letters = [...folded.replace(/[^\p{L}\p{N}]/gu, '')].length
  grams.add(`length ${lengthClass(letters)}`)
  grams.add(`places ${Math.min(2, covered)}`)
  if (/\d/u.test(folded)) grams.add('digits')
  return grams
}
