import { type Topic, topicsOf } from '../memorandum/topics.ts'
import type { Answer, Assistant, Question } from '../model/answer.ts'
import { unreachable } from '../model/unreachable.ts'
import { createQuoteCheck } from '../quotes/quote.ts'
import { readStride } from '../references/alone.ts'
import { findAbsentEdition, findReferences } from '../references/references.ts'
import { resolveReference } from '../references/resolve.ts'
import { type Signals, signalsOf } from '../refusal/refusal.ts'
import type { Retrieval } from '../retrieval/search.ts'
import { fold } from '../text/fold.ts'
import { type Followed, follow } from '../understanding/follow.ts'
import { createMentionFinder } from '../understanding/mentions.ts'
import { answerComparison } from './answer-comparison.ts'
import { answerFacts } from './answer-facts.ts'
import { answerList } from './answer-list.ts'
import { answerReference, answerStep, positionOf } from './answer-reference.ts'
import { answerSearch } from './answer-search.ts'
import { createAnswering, subjectOf } from './answering.ts'

/** Hits that an answer names, unless told otherwise. */
const defaultLimit = 10
/** Characters of a question that are looked at. */
const longestQuestion = 600
/** Earlier questions that are looked at. */
const longestContext = 6

/** What calibration looks at. */
export type Workings = {
  /**
   * The signals that decide whether a question is refused; `undefined` where something else decides: a reference, a
   * fact, a place, a reviewed topic.
   */
  signals(question: Question): Promise<Signals | undefined>
}

/** The interface's province counts where the question names none. */
function narrowed(followed: Followed, slug: string | undefined): Followed {
  return slug === undefined || followed.provinces.length > 0 ? followed : { ...followed, provinces: [slug] }
}

/** A number, a letter or a sound: 12345, a, 嗯. */
const saysNothing = (folded: string): boolean =>
  /^(?:[\P{L}]*|[^\p{L}\p{N}]*[a-z][^\p{L}\p{N}]*|[嗯哦喔啊呀哈嘻喂诶唉咦\P{L}]+)$/u.test(folded)

/** The assistant over a library: everything but Telegram. Same question, corpus and index, same answer. */
export function createAssistant(retrieval: Retrieval, topics: readonly Topic[]): Assistant & Workings {
  const { library } = retrieval
  const answering = createAnswering(retrieval, topics)
  const { sets, names, accepting } = answering
  const findMentions = createMentionFinder(library.memoranda)

  /** An earlier question that named clauses, as words for what those are about: 川七4 is 四川 and its topic. */
  function inWords(earlier: string): string {
    const words = new Set<string>()
    for (const { reference } of findReferences(earlier, names)) {
      const [unit] = resolveReference(reference, library).units
      if (unit?.kind !== 'measure') return earlier
      const [narrowest] = topicsOf(topics, unit.id).sort((a, b) => a.measures.length - b.measures.length)
      words.add(unit.memorandum.province.zh).add(narrowest?.zh ?? unit.area.title)
    }
    return words.size === 0 ? earlier : [...words].join(' ')
  }

  async function answer(question: Question): Promise<Answer> {
    const query = question.query.slice(0, longestQuestion)
    const context = (question.context ?? []).map((earlier) => earlier.slice(0, longestQuestion)).slice(-longestContext)
    const limit = question.limit ?? defaultLimit
    const plain = follow(query, context.map(inWords), findMentions)
    const followed = narrowed(plain, question.filterProvince)
    if (!/[\p{L}\p{N}]/u.test(fold(query))) return answering.missing(followed, { kind: 'unclear' })

    // Only steps, and references that leave out their province, ask where the chat is.
    const asksPosition =
      followed.step !== undefined ||
      readStride(query) !== undefined ||
      library.memoranda.some((memorandum) => findReferences(query, names, memorandum).length > 0)
    const position = asksPosition && context.length > 0 ? await positionOf(answering, context, findMentions) : {}
    if (followed.step !== undefined) return answerStep(answering, followed, followed.step, position)
    const filtered =
      question.filterProvince === undefined
        ? undefined
        : library.memoranda.find(({ province }) => province.slug === question.filterProvince)
    const reference = answerReference(
      answering,
      query,
      followed,
      filtered === undefined || filtered === position.memorandum ? position : { memorandum: filtered },
    )
    if (reference !== undefined) return reference
    const edition = findAbsentEdition(query, names)
    if (edition !== undefined) return answering.missing(followed, edition)
    if (saysNothing(followed.folded)) return answering.missing(followed, { kind: 'unclear' })
    const [outside] = followed.uncovered
    if (outside !== undefined && followed.provinces.length === 0)
      return answering.missing(followed, { kind: 'place', place: outside.zh, placeEn: outside.en })
    if (followed.intent.kind === 'facts') return answerFacts(answering, followed, followed.intent.fact)
    const prepared = await answering.compare(followed)
    switch (followed.intent.kind) {
      case 'comparison':
        return answerComparison(answering, followed, prepared)
      case 'list':
        return (
          (await answerList(answering, followed, followed.intent.wanted, prepared)) ??
          answerSearch(answering, followed, limit, prepared)
        )
      case 'search':
        return answerSearch(answering, followed, limit, prepared)
      default:
        return unreachable(followed.intent)
    }
  }

  async function signals(question: Question): Promise<Signals | undefined> {
    const plain = follow(question.query, question.context ?? [], findMentions)
    const followed = narrowed(plain, question.filterProvince)
    if (
      followed.leans === true ||
      followed.step !== undefined ||
      followed.intent.kind === 'facts' ||
      findReferences(question.query, names).length > 0
    )
      return undefined
    if (followed.uncovered.length > 0 && followed.provinces.length === 0) return undefined
    const reviewed = sets.topicOf(followed.subject)
    if (reviewed !== undefined && sets.unitsAbout(reviewed).some((unit) => accepting(followed)?.(unit) !== false))
      return undefined
    const prepared = await answering.compare(followed)
    const accept = accepting(followed)
    const own = answering.hitsFor(prepared, 20, accept)
    return signalsOf(
      retrieval,
      prepared,
      subjectOf(followed),
      own,
      accept === undefined ? own : answering.hitsFor(prepared, 20),
    )?.signals
  }

  return {
    answer,
    signals,
    checkQuote: createQuoteCheck(library),
    quotation(id) {
      const unit = library.byId.get(id)
      return unit === undefined ? undefined : answering.cite(unit)
    },
  }
}
