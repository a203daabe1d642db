import type { Library } from '../memorandum/library.ts'
import { namesOf } from '../references/names.ts'
import { findReferences } from '../references/references.ts'
import type { Bridge } from '../retrieval/bridge.ts'
import type { Encoder } from '../retrieval/encoder.ts'
import { buildIndex } from '../retrieval/index-folder.ts'
import { fittedWeights, prepare, type Retrieval, rank, type Weights } from '../retrieval/search.ts'
import { createMentionFinder } from '../understanding/mentions.ts'
import { understand } from '../understanding/understand.ts'
import { type EvaluationQuestion, type Figures, figuresOf, outcomeOf } from './figures.ts'

const none: Weights = { text: 0, gloss: 0, textCosine: 0, glossCosine: 0, textMaxSim: 0, glossMaxSim: 0 }
const { text, textCosine, textMaxSim } = fittedWeights

/** What is switched on, from little to everything. Weights of glosses count only where there are glosses. */
export const variants: readonly {
  readonly name: string
  readonly weights: Weights
  readonly glosses: boolean
  readonly terms: boolean
}[] = [
  { name: 'lexical only', weights: { ...none, text }, glosses: false, terms: false },
  { name: 'pooled only', weights: { ...none, textCosine }, glosses: false, terms: false },
  { name: 'pooled + MaxSim', weights: { ...none, textCosine, textMaxSim }, glosses: false, terms: false },
  {
    name: 'lexical + pooled + MaxSim',
    weights: { ...none, text, textCosine, textMaxSim },
    glosses: false,
    terms: false,
  },
  { name: '… + glosses', weights: fittedWeights, glosses: true, terms: false },
  { name: '… + terms', weights: { ...none, text, textCosine, textMaxSim }, glosses: false, terms: true },
  { name: 'all', weights: fittedWeights, glosses: true, terms: true },
]

const noBridge: Bridge = { chinese: new Map(), english: new Map(), longestChinese: 0 }

/**
 * Figures of the ranking alone for each variant, over the answerable questions that are searched: references, facts,
 * lists and comparisons do not hang on the ranking, and refusal would hide it. By variant, then by type of question.
 */
export async function ablate(
  full: Retrieval,
  questions: readonly EvaluationQuestion[],
): Promise<ReadonlyMap<string, ReadonlyMap<string, Figures>>> {
  const { library, encoder } = full
  const findMentions = createMentionFinder(library.memoranda)
  const names = namesOf(library)
  const searched = questions
    .filter(({ expectAbstain, context = [] }) => expectAbstain !== true && context.length === 0)
    .map((question) => ({ question, followed: understand(question.query, findMentions) }))
    .filter(
      ({ question, followed }) =>
        followed.intent.kind === 'search' && findReferences(question.query, names).length === 0,
    )
  const bare = await withoutGlosses(library, encoder, full)
  const figures = new Map<string, ReadonlyMap<string, Figures>>()
  for (const { name, weights, glosses, terms } of variants) {
    const retrieval = { ...(glosses ? full : bare), bridge: terms ? full.bridge : noBridge }
    const outcomes = []
    for (const { question, followed } of searched) {
      const { subject, inFull, folded, excluded } = followed
      const provinces =
        followed.provinces.length > 0 || question.filterProvince === undefined
          ? followed.provinces
          : [question.filterProvince]
      const accept = (unit: number) => {
        const slug = library.units[unit]?.memorandum.province.slug ?? ''
        return (provinces.length === 0 || provinces.includes(slug)) && !excluded.includes(slug)
      }
      const hits = rank(
        retrieval,
        await prepare(retrieval, {
          subject: subject === '' ? folded : subject,
          inFull: inFull === '' ? folded : inFull,
        }),
        { limit: 10, weights, accept },
      )
      const named = hits.map(({ unit, score }) => ({ id: library.units[unit]?.id ?? '', score }))
      outcomes.push(
        outcomeOf(
          question,
          { kind: 'found', related: 0, understood: { provinces, excluded, bridged: [] }, hits: named, passages: [] },
          library,
          0,
        ),
      )
    }
    figures.set(name, figuresOf(outcomes))
  }
  return figures
}

async function withoutGlosses(library: Library, encoder: Encoder, full: Retrieval): Promise<Retrieval> {
  const bare = { ...library, glosses: new Map() }
  return { ...full, library: bare, index: await buildIndex(bare, encoder) }
}
