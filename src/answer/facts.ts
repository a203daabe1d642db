import { type Library, shortName, yearOf } from '../memorandum/library.ts'
import type { FactName, FactValue } from '../model/answer.ts'
import type { Memorandum, Unit } from '../model/corpus.ts'
import { unreachable } from '../model/unreachable.ts'
import { type Range, sentences, withoutTrailingSpace } from '../text/sentences.ts'

/** The value of a fact as the front matter has it, in the memorandum's own words. */
export function factOf(memorandum: Memorandum, fact: FactName): string {
  switch (fact) {
    case 'leaders':
      return memorandum.leaders.join('、')
    case 'chair':
      return memorandum.chair ?? memorandum.leaders.join('、')
    case 'signatories':
      return memorandum.signatories.map(({ party, office, name }) => `${party}${office}${name ?? ''}`).join('、')
    case 'custodians':
      return memorandum.custodians.join('、')
    case 'date':
      return memorandum.date.replace(/^(\d+)-0?(\d+)-0?(\d+)$/u, '$1年$2月$3日')
    case 'place':
      return memorandum.place
    case 'plenary':
      return String(memorandum.plenary)
    case 'areas':
      return String(memorandum.areas.length)
    case 'measures':
      return String(memorandum.areas.reduce((sum, area) => sum + area.measures.length, 0))
    case 'principles':
      return principleSentence(memorandum)
    default:
      return unreachable(fact)
  }
}

/** Words that stand where the preamble proves a fact. */
const proof: Readonly<Record<FactName, RegExp>> = {
  leaders: /率領/u,
  chair: /主持|率領/u,
  signatories: /（簽字）|\(簽字\)/u,
  custodians: /保存/u,
  date: /\d{4}年\d{1,2}月\d{1,2}日/u,
  place: /舉行|召開/u,
  plenary: /第[一二三四五六七八九十]+次會議/u,
  areas: /個領域/u,
  measures: /詳見附件/u,
  principles: /原則|宗旨/u,
}

function principleSentence(memorandum: Memorandum): string {
  const item = memorandum.preamble.items.find(({ text }) => text.startsWith('合作原則'))
  if (item !== undefined) return item.text
  const { text } = memorandum.preamble
  const range = sentences(text).find(([start, end]) => /原則/u.test(text.slice(start, end)))
  return range === undefined ? '' : text.slice(range[0], range[1])
}

/** The preamble unit that proves a fact, and where in it. */
export function proofOf(
  library: Library,
  memorandum: Memorandum,
  fact: FactName,
): { unit: Unit; highlights: readonly Range[] } {
  const { preamble } = memorandum
  const own = [preamble, ...preamble.items].flatMap(({ id }) => library.byId.get(id) ?? [])
  const preferred =
    fact === 'areas' || fact === 'measures' ? /合作領域/u : fact === 'principles' ? /合作原則/u : undefined
  const unit =
    own.find((candidate) => candidate.kind === 'preamble-item' && preferred?.test(candidate.text) === true) ??
    (own[0] as Unit)
  const holding = sentences(unit.text)
    .filter(([start, end]) => proof[fact].test(unit.text.slice(start, end)))
    .map((sentence) => withoutTrailingSpace(unit.text, sentence))
  // The signatures are the last such place, everything else the first.
  const range = fact === 'signatories' ? holding : holding.slice(0, 1)
  return { unit, highlights: range }
}

export function factValues(memoranda: readonly Memorandum[], fact: FactName): FactValue[] {
  return memoranda.map((memorandum) => ({
    memorandum: `${shortName(memorandum)} ${yearOf(memorandum)}`,
    province: memorandum.province.slug,
    value: factOf(memorandum, fact),
  }))
}
