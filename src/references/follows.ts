import { oneOf } from '../text/vocabulary.ts'
import { read } from './sticky.ts'
import {
  afterArea,
  afterClause,
  afterClauseContinuations,
  clauseCounterContinuations,
  clauseCounters,
  counterContinuations,
  counters,
  englishAfterArea,
  englishAfterClause,
  englishAfterClauseUnlessNumber,
  englishCounted,
  itemContinuations,
  itemCounters,
  otherCounterContinuations,
  otherCounters,
  ownedThings,
  possessives,
  saidThings,
  sayingVerbs,
} from './vocabulary.ts'

// What follows a number decides whether it names a clause (浙21講咩) or counts something (福建 200 名學生, Sichuan 5 pandas).

/** A fragment of a pattern: one of several fragments. */
const any = (...fragments: readonly string[]) => `(?:${fragments.join('|')})`

const englishAfter = any(oneOf(englishAfterClause), `${any(oneOf(englishAfterClauseUnlessNumber))}(?! \\d)`)
/** No sign that may go on with the number. */
const endingSign = `[^\\p{L}\\p{N}\\s%‰$€£¥°.,+*=/:~\\-'"&#@^]`
const thousands = '\\d{3}(?!\\d)'

const safe = new RegExp(
  any(
    '$',
    endingSign,
    `[.:\\-~/'"&]+(?![\\p{L}\\p{N}$])`,
    '\\.(?= ?[a-z])',
    `[:'"-](?=\\p{Script=Han})`,
    `-{1,2}(?=${englishAfter}(?![a-z0-9]))`,
    "'s ",
    `,(?!${thousands})`,
    oneOf(afterClause, afterClauseContinuations),
    // 浙16和19兩項
    `[两二三四五六七八九十]{1,2}(?:${oneOf(['项', ...itemCounters], itemContinuations)})`,
    ` ?${englishAfter}(?![a-z0-9])`,
  ),
  'uy',
)

const counted = new RegExp(
  any(
    '\\d',
    `[.,]${thousands}`,
    '[.:/=*+-]\\d',
    '[%‰$€£¥°℃]',
    `${any(oneOf(counters))}(?!${oneOf(counterContinuations)})`,
    oneOf(otherCounters, otherCounterContinuations),
    `${any(oneOf(clauseCounters))}(?=\\p{Script=Han})(?!${oneOf(clauseCounterContinuations)})`,
    ` ?${any(oneOf(englishCounted))}(?![a-z0-9])`,
    `(?! ?${englishAfter}(?![a-z0-9]))[a-z]`,
  ),
  'uy',
)

// 渝三 and 浙三 end a phrase; 四川一程多站, 重慶一同參與, 浙江三大機場 do not.
const strict = new RegExp(
  any(
    '$',
    endingSign,
    `[.:'"](?!\\d)`,
    `,(?!${thousands})`,
    oneOf(afterArea),
    `${any(oneOf(sayingVerbs))}${any(oneOf(saidThings))}`,
    `${any(oneOf(possessives))}${any(oneOf(ownedThings), '(?=[?!.,;]|$)')}`,
    '有(?:$|[?!])',
    '呢(?=[?!.,]|$)',
    ` ?${any(oneOf(englishAfterArea))}(?![a-z0-9])`,
  ),
  'uy',
)

/** Whether what stands at an offset may follow a number. How much is asked of it, from least to most: */
export type Follow = (text: string, at: number) => boolean
export const notCounted: Follow = (text, at) => read(counted, text, at) === undefined
export const safelyEnded: Follow = (text, at) => read(safe, text, at) !== undefined
export const strictlyEnded: Follow = (text, at) => read(strict, text, at) !== undefined
export const anything: Follow = () => true
