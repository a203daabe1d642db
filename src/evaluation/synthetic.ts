import { type Library, unitsOf } from '../memorandum/library.ts'
import { places } from '../memorandum/places.ts'
import type { Area, Memorandum } from '../model/corpus.ts'
import { seeded } from './random.ts'

/** Areas of a synthetic memorandum, and measures of each: about as many as the real ones have. */
const areasEach = 13
const measuresEach = 4
const firstYear = 1900

/**
 * A library of `clauses` measures made from the phrases of another: each clause joins three to six phrases taken at
 * random, under area titles of the original, spread over all provinces. For measuring how the design holds among many
 * clauses; it says nothing. Seeded.
 */
export function syntheticLibrary(original: Library, clauses: number, seed = 1): Library {
  const random = seeded(seed)
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T
  const measures = original.memoranda.flatMap((memorandum) => memorandum.areas.flatMap((area) => area.measures))
  const phrases = [
    ...new Set(measures.flatMap(({ text }) => text.split(/[，、；。：:\n]+/u)).filter((phrase) => phrase.length >= 4)),
  ]
  const titles = [...new Set(original.memoranda.flatMap((memorandum) => memorandum.areas.map(({ title }) => title)))]
  const [model] = original.memoranda
  if (model === undefined || phrases.length === 0)
    throw new RangeError('Cannot make a synthetic corpus: the original has no clause')
  const memoranda: Memorandum[] = []
  for (let left = clauses, number = 0; left > 0; number += 1) {
    const { slug, zh, en, char } = places[number % places.length] as (typeof places)[number]
    const year = firstYear + Math.floor(number / places.length)
    const id = `${slug}-${year}`
    const areas: Area[] = []
    for (let ordinal = 1; ordinal <= areasEach && left > 0; ordinal += 1) {
      const size = Math.min(left, measuresEach)
      left -= size
      areas.push({
        ordinal,
        title: pick(titles),
        measures: Array.from({ length: size }, (_, at) => ({
          id: `${id}/${ordinal}.${at + 1}`,
          number: at + 1,
          text: `${Array.from({ length: 3 + Math.floor(random() * 4) }, () => pick(phrases)).join('，')}。`,
        })),
      })
    }
    memoranda.push({
      ...model,
      id,
      date: `${year}-01-01`,
      province: { slug, zh, en, char },
      numbering: 'area',
      preamble: { id: `${id}/preamble`, text: `${zh}與香港於${year}年召開合作會議。`, items: [] },
      areas,
    })
  }
  const units = memoranda.flatMap(unitsOf)
  return {
    memoranda,
    units,
    byId: new Map(units.map((unit) => [unit.id, unit])),
    glosses: new Map(),
    outside: original.outside,
    hash: `synthetic ${clauses} ${seed} ${original.hash}`,
  }
}
