import type { FactName, ListKind } from '../model/answer.ts'
import { oneOf } from '../text/vocabulary.ts'
import {
  askingWords,
  comparing,
  countedThings,
  documentWords,
  englishAskingWords,
  englishDocumentWords,
  idleCharacters,
  listing,
  occasions,
  ofDocuments,
  provinceWords,
  signers,
  signersNamed,
  whenWords,
  whereWords,
  whichOnes,
  whoIsIt,
  wordsOfSaying,
} from './vocabulary.ts'

/** One of several fragments of a pattern. */
const any = (...fragments: readonly string[]) => `(?:${fragments.join('|')})`

const asking = new RegExp(oneOf(askingWords), 'gu')
const askingEnglish = new RegExp(String.raw`\b(?:${oneOf(englishAskingWords)})\b`, 'gu')
/** 講 and 提 as verbs; 講座 and 提升 are topics. */
const saying = /讲(?![座者师学堂])|提(?=[^\p{Script=Han}]|$)/gu

/**
 * A question in search form without the words of asking; they become gaps, so that no pair of characters spans them.
 */
export function withoutAsking(folded: string): string {
  return folded
    .replace(asking, ' ')
    .replace(saying, ' ')
    .replace(askingEnglish, ' ')
    .replace(/[?!,.:;"'<>()]/gu, ' ')
    .split(/\s+/u)
    .map(withoutParticles)
    .filter((chunk) => chunk !== '')
    .join(' ')
}

/** A chunk without the particles that taking out words of asking leaves at its ends; 有機 and 和平 keep theirs. */
function withoutParticles(chunk: string): string {
  return chunk
    .replace(/^[的了同与和及]+(?=\p{Script=Han}{2})/u, '')
    .replace(/(?<=\p{Script=Han}{2})[的了有在和与同由]+$/u, '')
}

const documents = new RegExp(String.raw`${oneOf(documentWords)}|\b(?:${oneOf(englishDocumentWords)})\b`, 'gu')
const idle = new Set(idleCharacters)

/** What remains of a subject when the words for the documents themselves are taken out. */
export function withoutDocumentWords(subject: string): string {
  return subject
    .replace(documents, ' ')
    .split(/\s+/u)
    .filter((run) => [...run].some((character) => !idle.has(character)))
    .join(' ')
}

/** A question on who holds an office: 省委書記是誰, 邊位副省長, who is the governor. */
function office(chinese: string, english: string): RegExp {
  const who = any(oneOf(whoIsIt), '叫(?:什么|咩)')
  return new RegExp(
    String.raw`(?:${chinese}).{0,4}${who}|${who}.{0,3}(?:${chinese})|(?:who|name).{0,12}\b(?:${english})\b`,
    'u',
  )
}

/**
 * Offices, as people ask for them and as the documents print them, with the fact that is most likely to name who holds
 * them.
 */
const offices: readonly { readonly fact: FactName; readonly question: RegExp; readonly printed: string }[] = [
  { fact: 'leaders', question: office('[省市]?委?书记', 'party secretary'), printed: '書記' },
  { fact: 'leaders', question: office('行政长官|特首', 'chief executive'), printed: '行政長官' },
  { fact: 'signatories', question: office('副省长', '(?:vice|deputy)[ -]?governor'), printed: '副省長' },
  { fact: 'signatories', question: office('副市长', '(?:vice|deputy)[ -]?mayor'), printed: '副市長' },
  { fact: 'signatories', question: office('政务司司长', 'chief secretary'), printed: '政務司司長' },
  { fact: 'chair', question: office('(?<!副)省长', '(?<!vice |deputy )governor'), printed: '(?<!副)省長' },
  { fact: 'chair', question: office('(?<!副)市长', '(?<!vice |deputy )mayor'), printed: '(?<!副)市長' },
]

/**
 * What the documents print before the name of whoever holds the office that a question in search form asks for;
 * `undefined` when it asks for none.
 */
export function officeWanted(folded: string): RegExp | undefined {
  const wanted = offices.find(({ question }) => question.test(folded))
  return wanted === undefined ? undefined : new RegExp(`${wanted.printed}\\p{Script=Han}{2,4}$`, 'u')
}

const occasion = oneOf(occasions)
const when = [oneOf(whenWords), '哪一?[天日年]', '边[日年]', String.raw`\bwhen\b|\bdate\b`]
const dated = [occasion, oneOf(ofDocuments)]
const where = any(oneOf(whereWords), String.raw`\bwhere\b`)

/** What a question on the documents themselves asks for; first match counts. */
const facts: readonly { readonly fact: FactName; readonly pattern: RegExp }[] = [
  { fact: 'custodians', pattern: /保存|存放|一式[多几]|custod|who keeps|kept by|keeps the cop/u },
  { fact: 'chair', pattern: /主持|chair/u },
  { fact: 'leaders', pattern: /率领|率团|带队|带领|领导是|\bled\b|\blead(?:s|er|ers)?\b|headed/u },
  {
    fact: 'date',
    pattern: new RegExp(
      `${any(...dated, 'took place')}.*${any(...when, '日子', '最近')}|${any(...when)}.*${any(...dated, 'take place')}`,
      'u',
    ),
  },
  { fact: 'place', pattern: new RegExp(`(?:${occasion}).*${where}|${where}.*(?:${occasion})`, 'u') },
  {
    fact: 'signatories',
    pattern: new RegExp(
      [
        `签[署字名订]?.*${any(oneOf(signers), oneOf(signersNamed))}`,
        `(?:${oneOf(signers)}).*签`,
        'who signed|signator|signed by',
      ].join('|'),
      'u',
    ),
  },
  // The offices say which line of the document holds the name: who led, who was in the chair, who signed.
  ...offices.map(({ fact, question }) => ({ fact, pattern: question })),
  { fact: 'plenary', pattern: /第几[次届]|which plenary|what session/u },
  {
    fact: 'areas',
    pattern: new RegExp(
      [
        '(?:几多|多少|几|哪|边|什么|最多|最少|十[一二三]?).{0,6}(?:领域|范畴)',
        '(?:领域|范畴).{0,6}(?:几多|多少|几个|哪些|边啲|什么|最多|最少|数目)',
        '(?:how many|which|what|most|fewest).{0,12}areas|areas of co-?operation',
      ].join('|'),
      'u',
    ),
  },
  {
    fact: 'measures',
    pattern: new RegExp(
      [
        '(?:一共|总共|共有|共).{0,4}(?:几多|多少|几)(?:项|条)',
        '(?:最多|最少)(?:项|条|措施)|(?:项|条|措施).{0,3}(?:最多|最少)',
        '(?:几多|多少)(?:项|条)(?:措施)?',
        '(?:most|fewest|how many) (?:measures|items|clauses)',
      ].join('|'),
      'u',
    ),
  },
  { fact: 'principles', pattern: /原则|principle/u },
]

/** What a question in search form asks of the documents themselves, if it does. */
export function factWanted(folded: string): FactName | undefined {
  return facts.find(({ pattern }) => pattern.test(folded))?.fact
}

const comparison = new RegExp(
  [
    oneOf(comparing),
    '分别(?!由|从|在)|不同(?!学科|类型|途径|的)',
    String.raw`边个.{0,6}多|哪个.{0,6}多|谁.{0,4}更|\bvs\b`,
  ].join('|'),
  'u',
)

/** True when a question in search form wants provinces set side by side. */
export function isComparison(folded: string): boolean {
  return comparison.test(folded)
}

const things = oneOf(countedThings)
const counting = new RegExp(
  [
    '(?:几多|多少|几)(?:项|条|款)',
    `how many (?:${things})`,
    '(?:number of |count (?:of )?(?:the )?)(?:measures|items|clauses)',
  ].join('|'),
  'u',
)
const whichProvinces = new RegExp(
  [
    `(?:${oneOf(whichOnes)})(?:些|啲|几)?个?(?:份|个)?(?:${oneOf(provinceWords)})`,
    '(?:which|what|how many) (?:provinces?|memorand|municipalit|of the (?:five|memorand))',
    '见于|(?:备忘录|省|市|地).{0,6}都(?:有|提)|哪里提到|边度有',
  ].join('|'),
  'u',
)
const listed = new RegExp(
  [
    '(?:条文|条款)有?(?:哪些|边啲|咩|什么)|(?:哪些|边啲)(?:条文|条款)',
    oneOf(listing),
    '(?<!负面)清单',
    String.raw`\blist\b|\ball (?:the )?(?:${things})|every (?:measure|clause|item)`,
  ].join('|'),
  'u',
)
const nameWanted = new RegExp(
  [
    String.raw`姓名|名字|叫(?:什么|咩)|\bname\b`,
    '(?:省长|市长|司长).{0,3}(?:是|系)?(?:谁|边个|边位|哪位)|(?:哪位|边位|哪一位)副?(?:省长|市长)',
  ].join('|'),
  'u',
)
const inSoManyWords = new RegExp(String.raw`${oneOf(wordsOfSaying)}|\bmention|\brefer to\b`, 'u')

/** Whether somebody's name is asked for, the office being known. */
export function asksForName(folded: string): boolean {
  return nameWanted.test(folded)
}

/** Whether a question in search form is about what the documents say in so many words. */
export function asksForWords(folded: string): boolean {
  return inSoManyWords.test(folded)
}

/** Whether a question in search form wants everything that meets a criterion, and as what. */
export function listWanted(folded: string): ListKind | undefined {
  if (counting.test(folded)) return 'count'
  if (whichProvinces.test(folded)) return 'provinces'
  if (listed.test(folded)) return 'measures'
  return undefined
}
