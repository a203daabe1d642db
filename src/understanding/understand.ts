import type { FactName, ListKind } from '../model/answer.ts'
import { fold } from '../text/fold.ts'
import { type Mention, type MentionFinder, withoutMentions } from './mentions.ts'
import { factWanted, isComparison, listWanted, withoutAsking, withoutDocumentWords } from './phrasing.ts'

/** What kind of answer a question wants. */
export type Intent =
  | { readonly kind: 'search' }
  | { readonly kind: 'list'; readonly wanted: ListKind }
  | { readonly kind: 'comparison' }
  | { readonly kind: 'facts'; readonly fact: FactName }

/** A question taken apart; everything after this works on data. Texts are in search form. */
export type Understanding = {
  /** As typed. */
  readonly query: string
  readonly folded: string
  readonly intent: Intent
  /** Covered provinces that the question is about, in the order named; empty: all. */
  readonly provinces: readonly string[]
  readonly excluded: readonly string[]
  /** Places named that no memorandum covers. */
  readonly uncovered: readonly Pick<Mention, 'zh' | 'en'>[]
  /** What the question is about, without places and words of asking. */
  readonly subject: string
  /** The question without places, words of asking included. */
  readonly inFull: string
}

const unique = <T>(values: readonly T[]) => [...new Set(values)]

/** Takes one question apart, leaving earlier ones aside. */
export function understand(query: string, findMentions: MentionFinder): Understanding {
  const folded = fold(query)
  const mentions = findMentions(folded)
  const inFull = withoutMentions(folded, mentions).trim()
  const subject = withoutAsking(inFull)
  const provinces = unique(
    mentions
      .filter((mention) => !mention.excluded)
      .flatMap((mention) => (mention.slug === undefined ? [] : [mention.slug])),
  )
  const excluded = unique(
    mentions
      .filter((mention) => mention.excluded)
      .flatMap((mention) => (mention.slug === undefined ? [] : [mention.slug])),
  )
  return {
    query,
    folded,
    intent: intentOf(folded, subject, provinces),
    provinces,
    excluded,
    uncovered: mentions
      .filter((mention) => mention.slug === undefined && !mention.excluded)
      .map(({ zh, en }) => ({ zh, en })),
    subject,
    inFull,
  }
}

function intentOf(folded: string, subject: string, provinces: readonly string[]): Intent {
  const fact = factWanted(folded)
  // 《…協議》是哪一年簽的 asks for a date too, but of something else: a question on the document itself has hardly any subject
  // left.
  if (fact !== undefined && [...withoutDocumentWords(subject).replaceAll(' ', '')].length <= 1)
    return { kind: 'facts', fact }
  if (
    isComparison(folded) &&
    (provinces.length !== 1 || /五[份地省]|各[省地]|所有|全部|all (?:five|provinces)/u.test(folded))
  )
    return { kind: 'comparison' }
  const wanted = listWanted(folded)
  return wanted === undefined ? { kind: 'search' } : { kind: 'list', wanted }
}
