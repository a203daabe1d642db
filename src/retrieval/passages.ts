import type { Library } from '../memorandum/library.ts'
import type { Unit } from '../model/corpus.ts'
import { fold } from '../text/fold.ts'
import { sentences } from '../text/sentences.ts'

/** A piece of a unit, or of its gloss, that is embedded. `text` is in search form. */
export type Passage = { readonly unit: number; readonly from: 'text' | 'gloss'; readonly text: string }

/** Clauses longer than this many characters also give their sentences as passages. */
const longClause = 60
/** Sentences shorter than this many characters say nothing by themselves. */
const shortSentence = 8
/**
 * Beyond this many units a clause is one passage: the vectors of its sentences would take most of the memory, and late
 * interaction sees every token of it anyway.
 */
const sentencesUpTo = 20_000

/** Whether a sentence (in search form) of a unit's text is a passage of its own; `parts` are all its sentences. */
export function standsAlone(sentence: string, body: string, parts: readonly string[]): boolean {
  return body.length > longClause && parts.length > 1 && sentence.length >= shortSentence
}

/**
 * What a unit says in search form: its area's title (people ask by it) and its text; a preamble without the clauses
 * that are units of their own.
 */
export function unitSearchText(unit: Unit): string {
  switch (unit.kind) {
    case 'measure':
      return `${fold(unit.area.title)} ${fold(unit.text)}`
    case 'preamble':
      return fold(
        unit.memorandum.preamble.items.reduce(
          (text, item) => text.replace(item.text, ''),
          `${unit.memorandum.title}\n${unit.text}`,
        ),
      )
    case 'preamble-item':
      return fold(unit.text)
  }
}

/** The words of a unit's gloss in search form, one text. */
function glossSearchText(library: Library, unit: Unit): string {
  const gloss = library.glosses.get(unit.id)
  if (gloss === undefined) return ''
  const { hant, yue, hans, en } = gloss.words
  return fold([gloss.summary, ...hant, ...yue, ...hans, ...en, ...gloss.asks].join(' ; '))
}

/**
 * Every passage of the library, unit by unit. Units are numbered as in `library.units`; outside topics follow, as
 * glosses without a text.
 */
export function passagesOf(library: Library): Passage[] {
  const inside = library.units.flatMap((unit, number) => {
    const text = unitSearchText(unit)
    const passages: Passage[] = [{ unit: number, from: 'text', text }]
    const body = unit.text
    if (library.units.length <= sentencesUpTo) {
      const parts = sentences(body).map(([start, end]) => fold(body.slice(start, end)))
      passages.push(
        ...parts
          .filter((part) => standsAlone(part, body, parts))
          .map((part): Passage => ({ unit: number, from: 'text', text: part })),
      )
    }
    const gloss = library.glosses.get(unit.id)
    if (gloss !== undefined) {
      const { hant, yue, hans, en } = gloss.words
      const texts = [gloss.summary, [...hant, ...hans].join(' '), yue.join(' '), en.join(' '), ...gloss.asks]
      passages.push(
        ...texts
          .map((part): Passage => ({ unit: number, from: 'gloss', text: fold(part) }))
          .filter((passage) => passage.text !== ''),
      )
    }
    return passages
  })
  const outside = library.outside.flatMap((topic, at) =>
    [`${topic.zh} ${topic.en} ${topic.words.join(' ')}`, ...grouped(topic.asks)].map(
      (text): Passage => ({ unit: library.units.length + at, from: 'gloss', text: fold(text) }),
    ),
  )
  return [...inside, ...outside]
}

/** Texts of the lexical legs, by unit; outside topics have a gloss alone. */
export function lexicalTexts(library: Library): { text: string[]; gloss: string[] } {
  return {
    text: library.units.map(unitSearchText),
    gloss: [
      ...library.units.map((unit) => glossSearchText(library, unit)),
      ...library.outside.map(({ zh, en, words, asks }) => fold([zh, en, ...words, ...asks].join(' ; '))),
    ],
  }
}

/**
 * Questions of an outside topic that share a passage: outside topics need less detail than clauses, and every passage
 * costs time at start.
 */
const asksTogether = 2

function grouped(asks: readonly string[]): string[] {
  return Array.from({ length: Math.ceil(asks.length / asksTogether) }, (_, group) =>
    asks.slice(group * asksTogether, (group + 1) * asksTogether).join(' '),
  )
}
