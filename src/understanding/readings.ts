import { parseNumeral } from '../text/numerals.ts'
import { gramsOf, hashed, lengthClass } from './grams.ts'
import type { MentionFinder } from './mentions.ts'
import { withoutDocumentWords } from './phrasing.ts'
import type { About, Talk } from './talk.ts'
import type { Understanding } from './understand.ts'

/** Every way in which a message can be meant. */
export const readingKinds = [
  /** By itself. */
  'alone',
  /** A place, and the topic that the chat is about. */
  'place',
  /** A topic, in the place that the chat is about. */
  'topic',
  /** More about what the chat is about. */
  'within',
  /** A detail of the clauses shown. */
  'shown',
  /** What other provinces have on what the chat is about. */
  'others',
  /** One of the clauses shown, by its position. */
  'ordinal',
  /** An item by its printed number, in the memorandum that the chat is at. */
  'item',
  /** The clause that the chat is at, once more. */
  'same',
  'next',
  'previous',
  /** The rest of the last answer. */
  'more',
  /** No question: thanks, a greeting, an emoji, a statement. */
  'courtesy',
  'complaint',
  'about',
] as const
export type ReadingKind = (typeof readingKinds)[number]

/** A message read in one way: a whole request, whatever it leans on. */
export type Reading = {
  readonly kind: ReadingKind
  readonly request: Understanding
  /** Position of the clause meant, for `ordinal`. From 0. */
  readonly position?: number
}

const bareLength = (text: string): number => [...withoutDocumentWords(text).replace(/[^\p{L}\p{N}]/gu, '')].length

const englishOrdinals = ['first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth', 'ninth', 'tenth']
// 第二條, 第3個, #2, no. 2, the 2nd one, the second
const position = new RegExp(
  [
    '第 ?(?<chinese>[一二三四五六七八九十两0-9]{1,3}) ?(?:条|项|个|款|份|点|段|則|则|笔|只|样|$|[^\\p{L}])',
    '(?:#|no\\.? ?|number )(?<number>\\d{1,2})',
    '\\b(?<digits>\\d{1,2})(?:st|nd|rd|th)\\b',
    `\\b(?<word>${englishOrdinals.join('|')})\\b`,
    '(?<last>最后(?:那|嗰)?一?(?:条|项|个|款|点)|\\blast one\\b|尾(?:嗰)?(?:条|项|个))',
  ].join('|'),
  'u',
)

/** The position that a message names; -1 for the last, `undefined` for none. From 0. */
export function positionIn(folded: string): number | undefined {
  const groups = position.exec(folded)?.groups
  if (groups === undefined) return undefined
  if (groups.last !== undefined) return -1
  if (groups.word !== undefined) return englishOrdinals.indexOf(groups.word)
  const written = groups.chinese ?? groups.number ?? groups.digits ?? ''
  const number = /^\d+$/u.test(written) ? Number(written) : parseNumeral(written === '两' ? '二' : written)
  return number === undefined || number < 1 ? undefined : number - 1
}

const joined = (one: string, other: string): string => `${one} ${other}`.trim()

/** All ways in which a message can be meant where the chat stands; `alone` is always among them. */
export function readingsOf(own: Understanding, talk: Talk): readonly Reading[] {
  const readings: Reading[] = [{ kind: 'alone', request: own }]
  const add = (kind: ReadingKind, request: Understanding = own, extra: Pick<Reading, 'position'> = {}) =>
    readings.push({ kind, request, ...extra })
  for (const kind of ['courtesy', 'complaint', 'about'] as const) add(kind)
  const { about } = talk
  const namesPlace = own.provinces.length > 0 || own.excluded.length > 0
  const namesOther = own.uncovered.length > 0
  if (about !== undefined) {
    if (namesPlace) {
      const intent = about.intent.kind === 'facts' || own.intent.kind === 'search' ? about.intent : own.intent
      add('place', {
        ...own,
        intent: intent.kind === 'comparison' || intent.kind === 'list' ? own.intent : intent,
        subject: about.subject,
        inFull: about.inFull,
      })
    }
    if (!namesPlace && !namesOther && (about.provinces.length > 0 || about.excluded.length > 0))
      add('topic', { ...own, provinces: about.provinces, excluded: about.excluded })
    if (!namesOther) add('within', within(own, about))
    if (about.provinces.length > 0 && !namesPlace)
      add('others', {
        ...own,
        intent: own.intent.kind === 'list' ? { kind: 'list', wanted: 'provinces' } : { kind: 'search' },
        provinces: [],
        excluded: about.provinces,
        subject: about.subject,
        inFull: about.inFull,
      })
  }
  if (talk.shown.length > 0) {
    if (!namesPlace && !namesOther && about !== undefined) add('shown', within(own, about))
    const at = positionIn(own.folded)
    const last = Math.max(1, talk.visible) - 1
    const meant = at === -1 ? last : at
    if (meant !== undefined && meant < talk.shown.length && !namesPlace) add('ordinal', own, { position: meant })
    if (talk.shown.length > talk.visible) add('more')
  }
  if (talk.unit !== undefined && !namesPlace) for (const kind of ['same', 'next', 'previous'] as const) add(kind)
  return readings
}

function within(own: Understanding, about: About): Understanding {
  const namesPlace = own.provinces.length > 0 || own.excluded.length > 0
  return {
    ...own,
    ...(namesPlace ? {} : { provinces: about.provinces, excluded: about.excluded }),
    subject: joined(own.subject, about.subject),
    inFull: joined(own.inFull, about.inFull),
  }
}

/** How good the best clause is when the message is read alone, in the chat's place, and joined with the chat's topic. */
export type Scores = { readonly alone: number; readonly topic: number; readonly within: number }

const scoreClass = (score: number): number => Math.max(-2, Math.min(9, Math.floor(score / 0.25)))

/** What speaks for the readings of a message: how it says it, and what the corpus holds of it. */
export function evidenceOf(own: Understanding, talk: Talk, scores: Scores, findMentions: MentionFinder): Int32Array {
  const evidence = gramsOf(own.query, findMentions)
  const hasChat = talk.about !== undefined
  const bare = lengthClass(bareLength(own.subject))
  evidence
    .add(`chat ${hasChat}`)
    .add(`topic ${bare}`)
    .add(`alone ${scoreClass(scores.alone)}`)
  evidence.add(`topic ${bare} intent ${own.intent.kind}`)
  if (hasChat) {
    const namesPlace = own.provinces.length > 0 || own.excluded.length > 0
    const more = namesPlace ? 'place' : own.uncovered.length > 0 ? 'other' : 'none'
    // How a message begins and ends tells most of whether it leans, and only where there is something to lean on.
    const { folded } = own
    const [first = '', second = ''] = folded
    const end = folded.replace(/[?!. ]+$/u, '')
    evidence
      .add(`chat begins ${first}`)
      .add(`chat begins ${first}${second}`)
      .add(`chat ends ${end.slice(-1)}`)
    evidence.add(`chat ends ${end.slice(-2)}`)
    evidence.add(`chat topic ${bare}`).add(`chat place ${more}`).add(`chat place ${more} topic ${bare}`)
    evidence.add(`chat length ${lengthClass([...folded].length)}`)
    evidence.add(`chat alone ${scoreClass(scores.alone)}`).add(`chat topic score ${scoreClass(scores.topic)}`)
    evidence.add(`chat within ${scoreClass(scores.within)}`)
    evidence.add(`chat gain ${scoreClass(scores.within - scores.alone)}`)
    evidence.add(`chat loss ${scoreClass(scores.alone - scores.topic)} topic ${bare}`)
    evidence.add(`chat was ${talk.about?.intent.kind}`)
    if (positionIn(own.folded) !== undefined) evidence.add('chat position')
    if (talk.shown.length > talk.visible) evidence.add('chat more')
    if (talk.visible === 1) evidence.add('chat one shown')
  }
  return hashed(evidence)
}
