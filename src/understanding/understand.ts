import type { FactName, ListKind } from '../model/answer.ts'
import { fold } from '../text/fold.ts'
import { oneOf } from '../text/vocabulary.ts'
import { type Mention, type MentionFinder, withoutMentions } from './mentions.ts'
import { factWanted, isComparison, listWanted, withoutAsking, withoutDocumentWords } from './phrasing.ts'
import { corrections, courtesies } from './vocabulary.ts'

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

// What is left of 不是四川，是湖北 and “not Sichuan, but Hubei” when the places are taken out.
const takenBack = /不是|唔系|不系|并非|而非|(?<=^|[\s,])(?:而?是|系|but|not)(?=[\s,]|$)/gu

const gaps = '[\\s,.!?:;~…、。·-]*'
// A particle may hang on a word of courtesy: 唔該呀, 多謝你喎.
const particle = '(?:呀|啊|啦|喇|喎|嘞|吖|哦|噢|了|晒|~)?'
const latinEnd = '(?![a-z])'
const courtesy = `(?:${oneOf(courtesies)})${latinEnd}${particle}`
const opening = new RegExp(`^${gaps}(?:${courtesy}|(?:${oneOf(corrections)})${latinEnd}${particle})${gaps}`, 'u')
const ending = new RegExp(`${gaps}(?<![a-z])${courtesy}${gaps}$`, 'u')

/**
 * A message in search form without the words that weigh nothing at its ends; as it is where nothing else was said, or
 * where what was taken back is a place.
 */
export function withoutCourtesy(folded: string): string {
  let text = folded
  for (const end of [opening, ending]) {
    for (let rest = text.replace(end, ''); rest !== text; rest = text.replace(end, '')) {
      if (!/[\p{L}\p{N}]/u.test(rest)) return folded
      text = rest
    }
  }
  return text
}

/** Takes one question apart, leaving earlier ones aside. */
export function understand(query: string, findMentions: MentionFinder): Understanding {
  const whole = fold(query)
  const bare = withoutCourtesy(whole)
  // 不是四川，是湖北 takes back a place: the mention needs the words before it.
  const folded = findMentions(whole).some(({ excluded }) => excluded) ? whole : bare
  const mentions = findMentions(folded)
  const inFull = withoutMentions(folded, mentions).trim()
  const subject = withoutAsking(inFull.replace(takenBack, ' '))
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
