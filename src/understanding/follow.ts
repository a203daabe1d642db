import { oneOf } from '../text/vocabulary.ts'
import type { MentionFinder } from './mentions.ts'
import { factWanted, listWanted, withoutDocumentWords } from './phrasing.ts'
import { type Understanding, understand } from './understand.ts'
import {
  clauseOnceMore,
  englishLeaningOpenings,
  englishPointers,
  leaningEndings,
  leaningOpenings,
  lightCharacters,
  otherPlaces,
  particles,
  pointers,
  requests,
} from './vocabulary.ts'

/** Where a question leads from the clause that the chat is at; `same`: to that clause itself. */
export type Step = 'next' | 'previous' | 'same'

/** How a question leans on the ones before it. */
export type Followed = Understanding & {
  /** The question made complete, when it leaned on earlier ones. */
  readonly followed?: string
  /** A step from the clause that the chat was at. */
  readonly step?: Step
  /** True when the question brings no subject of its own. */
  readonly leans?: true
}

const next =
  /^(?:咁|那|那么|then)?,?(?:下一?[项条点]|后一?[项条]|再下一?[项条]|(?:the )?next (?:one|item|clause|measure)|next$)/u
const previous =
  /^(?:咁|那|那么|then)?,?(?:上一?[项条点]|前一?[项条]|再上一?[项条]|(?:the )?previous (?:one|item|clause|measure)|previous$)/u

const englishOnceMore =
  'full text|the (?:full|whole) (?:text|clause)|in english|again|show (?:me )?(?:it|the (?:full )?(?:text|clause))'
const same = new RegExp(
  `^(?:${oneOf(requests)})*(?:${oneOf(clauseOnceMore)}|${englishOnceMore})(?:${oneOf(particles)}|[?!. ])*$`,
  'u',
)

/** Characters of a question that is a step and nothing else. */
const longestStep = 16

/** Words that point back. */
const leaning = new RegExp(
  [
    String.raw`^(?:${oneOf(leaningOpenings)}|(?:${oneOf(englishLeaningOpenings)})\b)`,
    oneOf(pointers),
    String.raw`\b(?:${oneOf(englishPointers)})\b`,
    `(?:${oneOf(leaningEndings)})[?!.]*$`,
  ].join('|'),
  'u',
)
const others = new RegExp(`${oneOf(otherPlaces)}|另外.{0,3}省`, 'u')
const light = new Set(lightCharacters)

const bareLength = (text: string) => [...withoutDocumentWords(text).replace(/[^\p{L}\p{N}]/gu, '')].length

/**
 * Takes a question apart in the light of the earlier ones of its chat, oldest first. What it leaves out comes from
 * them; a complete new question inherits nothing.
 */
export function follow(query: string, context: readonly string[], findMentions: MentionFinder): Followed {
  let state: Followed | undefined
  for (const earlier of context) state = continued(understand(earlier, findMentions), state, earlier)
  return continued(understand(query, findMentions), state, query)
}

function continued(own: Understanding, before: Followed | undefined, query: string): Followed {
  const step = next.test(own.folded)
    ? 'next'
    : previous.test(own.folded)
      ? 'previous'
      : before !== undefined && same.test(own.folded)
        ? 'same'
        : undefined
  // Without a chat before it, a step leads from nowhere; a longer question may only begin alike.
  if (before === undefined) return step === undefined || [...own.folded].length > longestStep ? own : { ...own, step }
  if (step !== undefined) return { ...before, step, followed: before.followed ?? before.query.trim() }
  const fact = factWanted(own.folded)
  const subjectLength = bareLength(own.subject)
  const namesPlace = own.provinces.length > 0 || own.excluded.length > 0 || own.uncovered.length > 0
  const points = leaning.test(own.folded)

  // 有幾多項？ counts what the chat was about.
  if (own.intent.kind === 'facts' && own.intent.fact === 'measures' && !namesPlace && before.subject !== '')
    return join(
      {
        ...own,
        intent: { kind: 'list', wanted: 'count' },
        provinces: before.provinces,
        excluded: before.excluded,
        subject: before.subject,
        inFull: before.inFull,
      },
      query,
      before,
    )
  // 是什么时候签的？ after a question on one memorandum's signing.
  if (
    own.intent.kind === 'facts' &&
    !namesPlace &&
    before.provinces.length > 0 &&
    !/五份|全部|所有|各|all|most|最/u.test(own.folded)
  )
    return join({ ...own, provinces: before.provinces }, query, before)
  // 誰簽署川港備忘錄 is complete.
  if (namesPlace && (own.intent.kind === 'facts' || (own.intent.kind !== 'search' && subjectLength >= 2))) return own
  // 由邊個簽署？ where the earlier question was such a fact and this one adds hardly a word of its own.
  if (fact !== undefined && subjectLength <= 1 && !namesPlace && before.intent.kind === 'facts')
    return join({ ...own, intent: { kind: 'facts', fact }, provinces: before.provinces }, query, before)
  if (points && others.test(own.folded) && !namesPlace) {
    return join(
      {
        ...own,
        provinces: [],
        excluded: before.provinces,
        subject: before.subject,
        inFull: before.inFull,
        intent:
          before.intent.kind === 'list' || listWanted(own.folded) !== undefined
            ? { kind: 'list', wanted: 'provinces' }
            : own.intent,
      },
      query,
      before,
    )
  }
  // 咁湖北呢？ brings a place and nothing else.
  if (
    namesPlace &&
    subjectLength <= (points ? 3 : 2) &&
    (points || subjectLength === 0 || [...own.folded].length <= 8)
  ) {
    return join(
      {
        ...own,
        subject: before.subject,
        inFull: before.inFull,
        intent:
          before.intent.kind === 'comparison' || before.intent.kind === 'list' ? { kind: 'search' } : before.intent,
      },
      query,
      before,
    )
  }
  // 咁浙江嗰邊有冇學前教育？ brings a place and a subject: complete.
  if (namesPlace) {
    // …那一條說的裁決相互執行在哪: a place, its subject, and a pointer to the earlier one: the earlier subject only helps.
    if (points && subjectLength <= 4)
      return join(
        { ...own, subject: `${own.subject} ${before.subject}`, inFull: `${own.inFull} ${before.inFull}` },
        query,
        before,
      )
    return own
  }
  // 甚麼時候去？要做些甚麼？ brings hardly a subject: the earlier one stays.
  // 大熊貓 and 天氣怎樣 are as short and bring a matter of their own.
  const brings = [...withoutDocumentWords(own.subject)].some(
    (character) => /\p{L}|\p{N}/u.test(character) && !light.has(character),
  )
  if (own.intent.kind === 'search' && (points ? subjectLength <= 4 : !brings)) {
    return {
      ...join(
        {
          ...own,
          provinces: before.provinces,
          excluded: before.excluded,
          subject: `${before.subject} ${own.subject}`,
          inFull: `${before.inFull} ${own.inFull}`,
        },
        query,
        before,
      ),
      leans: true,
    }
  }
  // 當中的三跑是甚麼？, 姊妹學校方面呢: a subject of its own within what the chat was about.
  if (points || /^(?:具体|详细|specifically)/u.test(own.folded)) {
    const within = /当中|其中|佢|它|他们|具体|详细|\b(?:it|they|them|its|their)\b/u.test(own.folded)
    return join(
      {
        ...own,
        provinces: before.provinces,
        excluded: before.excluded,
        subject: within ? `${own.subject} ${before.subject}` : own.subject,
        inFull: within ? `${own.inFull} ${before.inFull}` : own.inFull,
      },
      query,
      before,
    )
  }
  return own
}

function join(own: Followed, query: string, before: Followed): Followed {
  return { ...own, followed: `${before.followed ?? before.query.trim()} → ${query.trim()}` }
}
