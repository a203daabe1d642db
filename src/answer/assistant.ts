import { type Topic, topicsOf } from '../memorandum/topics.ts'
import type { Answer, Assistant, Question } from '../model/answer.ts'
import type { Unit } from '../model/corpus.ts'
import { readLinear } from '../model/linear.ts'
import { unreachable } from '../model/unreachable.ts'
import { createQuoteCheck } from '../quotes/quote.ts'
import { readStride } from '../references/alone.ts'
import { findAbsentEdition, findReferences } from '../references/references.ts'
import type { Judge } from '../refusal/refusal.ts'
import type { Retrieval } from '../retrieval/search.ts'
import { fold } from '../text/fold.ts'
import type { Followed } from '../understanding/follow.ts'
import { createMentionFinder } from '../understanding/mentions.ts'
import fitted from '../understanding/readings.json' with { type: 'json' }
import { evidenceOf, type Reading, type ReadingKind, readingsOf } from '../understanding/readings.ts'
import { type About, nothingSaid, type Talk } from '../understanding/talk.ts'
import { type Understanding, understand } from '../understanding/understand.ts'
import { answerComparison } from './answer-comparison.ts'
import { answerFacts } from './answer-facts.ts'
import { answerList } from './answer-list.ts'
import { answerReference, answerUnit, unitBeside } from './answer-reference.ts'
import { answerSearch } from './answer-search.ts'
import { answerMore, answerShown } from './answer-shown.ts'
import { createAnswering } from './answering.ts'

/** Hits that an answer names, unless told otherwise. */
const defaultLimit = 10
/** Characters of a question that are looked at. */
const longestQuestion = 600
/** Earlier questions that are looked at. */
const longestContext = 6
/** Chats whose standing is remembered, so that an answer need not go through the questions before it again. */
const mostTalks = 256

/** Readings that need something on the screen. */
const pointing: readonly ReadingKind[] = ['ordinal', 'same', 'next', 'previous', 'more', 'others']
/** By how much such a reading must be likelier than a question by itself before it is taken to point at nothing. */
const certainlyPointing = 1

/** A message with everything that decides how it is read. */
export type Heard = {
  readonly own: Understanding
  readonly readings: readonly Reading[]
  /** Hashed features of the message where the chat stands. */
  readonly evidence: Int32Array
}

/** Picks the reading of a message. */
export type Choose = (heard: Heard) => Reading | Promise<Reading>

/** A message answered, and where the chat stands after it. */
export type Turn = { readonly answer: Answer; readonly talk: Talk }

/** What calibration looks at. */
export type Workings = {
  /** Answers a message where a chat stands; `choose` picks the reading unless fitted weights shall. */
  reply(question: Question, talk: Talk, choose?: Choose): Promise<Turn>
  /** Where a chat stands after its earlier questions, oldest first. */
  talkAfter(context: readonly string[]): Promise<Talk>
  /** What speaks for each reading, best first: log-odds up to a constant. */
  weigh(heard: Heard): readonly { readonly reading: Reading; readonly odds: number }[]
  /** The answer that one reading gives. */
  perform(reading: Reading, talk: Talk, limit: number): Promise<Answer>
}

/** The interface's province counts where the question names none. */
function narrowed<T extends Understanding>(own: T, slug: string | undefined): T {
  return slug === undefined || own.provinces.length > 0 ? own : { ...own, provinces: [slug] }
}

/** A number, a letter or a sound: 12345, a, 嗯. */
const saysNothing = (folded: string): boolean =>
  /^(?:[\P{L}]*|[^\p{L}\p{N}]*[a-z][^\p{L}\p{N}]*|[嗯哦喔啊呀哈嘻喂诶唉咦\P{L}]+)$/u.test(folded)

/** The assistant over a library: everything but Telegram. Same question, corpus and index, same answer. */
export function createAssistant(retrieval: Retrieval, topics: readonly Topic[], judge?: Judge): Assistant & Workings {
  const { library } = retrieval
  const findMentions = createMentionFinder(library.memoranda)
  const answering = createAnswering(retrieval, topics, findMentions, judge)
  const { names, accepting } = answering
  const model = readLinear(fitted)
  const talks = new Map<string, Promise<Talk>>()

  /** What a clause is about, for questions that follow it. */
  function aboutUnit(unit: Unit, query: string): About {
    const [narrowest] =
      unit.kind === 'measure' ? topicsOf(topics, unit.id).sort((a, b) => a.measures.length - b.measures.length) : []
    const subject = fold(narrowest?.zh ?? (unit.kind === 'measure' ? unit.area.title : unit.memorandum.title))
    const { slug } = unit.memorandum.province
    return { query, intent: { kind: 'search' }, provinces: [slug], excluded: [], subject, inFull: subject }
  }

  const provincesOf = (units: readonly Unit[]): readonly string[] => [
    ...new Set(units.map(({ memorandum }) => memorandum.province.slug)),
  ]

  const best = async (request: Understanding): Promise<number> =>
    answering.hitsFor(await answering.compare(request), 1, accepting(request))[0]?.score ?? 0

  async function hear(own: Understanding, talk: Talk, hasItem: boolean): Promise<Heard> {
    const readings = readingsOf(own, talk)
    const all = hasItem ? [...readings, { kind: 'item', request: own } satisfies Reading] : readings
    const alone = await best(own)
    const read = (kind: ReadingKind) => readings.find((reading) => reading.kind === kind)
    const scoreOf = async (kind: ReadingKind) => {
      const reading = read(kind)
      return reading === undefined ? alone : await best(reading.request)
    }
    const scores = { alone, topic: await scoreOf('topic'), within: await scoreOf('within') }
    return { own, readings: all, evidence: evidenceOf(own, talk, scores, findMentions) }
  }

  function weigh({ readings, evidence }: Heard): readonly { readonly reading: Reading; readonly odds: number }[] {
    const odds = model.scoresOf(evidence)
    return readings
      .map((reading) => ({ reading, odds: odds[model.classes.indexOf(reading.kind)] ?? Number.NEGATIVE_INFINITY }))
      .sort((one, other) => other.odds - one.odds)
  }

  /** A message that points at a clause, or at more of them, where none is on the screen: 下一項 as the first word. */
  function pointsNowhere({ readings, evidence }: Heard, chosen: Reading): boolean {
    const odds = model.scoresOf(evidence)
    const oddsFor = (kind: ReadingKind) => odds[model.classes.indexOf(kind)] ?? Number.NEGATIVE_INFINITY
    return pointing.some(
      (kind) =>
        readings.every((reading) => reading.kind !== kind) && oddsFor(kind) > oddsFor(chosen.kind) + certainlyPointing,
    )
  }

  /** The reading that the evidence speaks for most. */
  const likeliest = (heard: Heard): Reading => weigh(heard)[0]?.reading ?? { kind: 'alone', request: heard.own }

  /** A complete request, as if nothing had been said before. */
  async function run(request: Followed, limit: number): Promise<Answer> {
    if (saysNothing(request.folded)) return answering.missing(request, { kind: 'unclear' })
    const [outside] = request.uncovered
    if (outside !== undefined && request.provinces.length === 0)
      return answering.missing(request, { kind: 'place', place: outside.zh, placeEn: outside.en })
    if (request.intent.kind === 'facts') return answerFacts(answering, request, request.intent.fact)
    const prepared = await answering.compare(request)
    switch (request.intent.kind) {
      case 'comparison':
        return answerComparison(answering, request, prepared)
      case 'list':
        return (
          (await answerList(answering, request, request.intent.wanted, prepared)) ??
          answerSearch(answering, request, limit, prepared)
        )
      case 'search':
        return answerSearch(answering, request, limit, prepared)
      default:
        return unreachable(request.intent)
    }
  }

  async function perform({ kind, request, position }: Reading, talk: Talk, limit: number): Promise<Answer> {
    const chain = talk.about === undefined ? {} : { followed: `${talk.about.query} → ${request.query.trim()}` }
    const leaning: Followed = { ...request, ...chain }
    const unclear = () => answering.missing(request, { kind: 'unclear' })
    switch (kind) {
      case 'alone':
        return run(request, limit)
      case 'place':
      case 'topic':
      case 'others':
        return run(leaning, limit)
      case 'within':
        return run({ ...leaning, leans: true }, limit)
      case 'shown':
        return answerShown(answering, leaning, talk.shown.slice(0, Math.max(1, talk.visible)))
      case 'more':
        return answerMore(
          answering,
          { ...leaning, ...talk.about, query: request.query },
          talk.shown.slice(talk.visible),
        )
      case 'ordinal': {
        const unit = talk.shown[position ?? 0]
        return unit === undefined ? unclear() : answerUnit(answering, leaning, unit)
      }
      case 'item':
        return (
          answerReference(answering, request.query, leaning, {
            ...(talk.memorandum === undefined ? {} : { memorandum: talk.memorandum }),
            ...(talk.unit === undefined ? {} : { unit: talk.unit }),
          }) ?? unclear()
        )
      case 'same':
        return talk.unit === undefined ? unclear() : answerUnit(answering, leaning, talk.unit)
      case 'next':
      case 'previous': {
        const unit = talk.unit === undefined ? undefined : unitBeside(answering, talk.unit, kind)
        return unit === undefined ? unclear() : answerUnit(answering, leaning, unit)
      }
      case 'courtesy':
      case 'complaint':
      case 'about':
        return { kind: 'remark', remark: kind, understood: answering.understoodOf(request), hits: [], passages: [] }
      default:
        return unreachable(kind)
    }
  }

  function aboutOf({ query, intent, provinces, excluded, subject, inFull }: Understanding, answer: Answer): About {
    return { query: answer.understood.followed ?? query.trim(), intent, provinces, excluded, subject, inFull }
  }

  /** Where the chat stands after a turn: what was not answered leaves no trace. */
  function after(talk: Talk, { kind, request }: Reading, answer: Answer): Talk {
    if (answer.kind === 'remark') return talk
    if (answer.kind === 'missing') {
      // 四川的環境保護, which Sichuan lacks and others have, can be asked of the next province.
      if (answer.reason.kind !== 'province') return talk
      return { about: aboutOf(request, answer), shown: [], visible: 0 }
    }
    const units = answer.hits.flatMap(({ id }) => library.byId.get(id) ?? [])
    const [first] = units
    if (first === undefined) return talk
    // Pointing at a clause leaves the list and the topic where they were.
    if (kind === 'ordinal' || kind === 'same' || kind === 'shown')
      return { ...talk, unit: first, memorandum: first.memorandum }
    const query = answer.understood.followed ?? request.query.trim()
    if (answer.kind === 'reference') {
      const unit = units.at(-1) ?? first
      const before = kind === 'next' || kind === 'previous' ? talk.about : undefined
      return {
        about: before ?? { ...aboutUnit(unit, query), provinces: provincesOf(units) },
        shown: units,
        visible: units.length,
        unit,
        memorandum: unit.memorandum,
      }
    }
    if (kind === 'more') return { ...talk, visible: talk.visible + answer.passages.length, unit: first }
    const { provinces } = request
    const [memorandum] = provinces.length === 1 ? answering.memorandaOf(provinces) : []
    return {
      // A detail of what the chat is about does not change what it is about.
      about: kind === 'within' ? (talk.about ?? aboutOf(request, answer)) : aboutOf(request, answer),
      shown: units,
      visible: answer.passages.length,
      unit: first,
      ...(memorandum === undefined ? {} : { memorandum }),
    }
  }

  async function reply(question: Question, talk: Talk, choose: Choose = likeliest): Promise<Turn> {
    const query = question.query.slice(0, longestQuestion)
    const limit = question.limit ?? defaultLimit
    const own = narrowed(understand(query, findMentions), question.filterProvince)
    if (!/[\p{L}\p{N}]/u.test(fold(query))) return { answer: answering.missing(own, { kind: 'unclear' }), talk }
    const filtered =
      question.filterProvince === undefined
        ? undefined
        : library.memoranda.find(({ province }) => province.slug === question.filterProvince)
    // 下兩項 counts from the clause that the chat is at.
    if (talk.unit !== undefined && readStride(query) !== undefined) {
      const strode = answerReference(answering, query, own, { unit: talk.unit })
      if (strode !== undefined) return { answer: strode, talk: after(talk, { kind: 'next', request: own }, strode) }
    }
    const isNamed = findReferences(query, names).length > 0
    const hasItem =
      !isNamed && talk.memorandum !== undefined && findReferences(query, names, talk.memorandum).length > 0
    // A clause that is named with its province leans on nothing; a bare number may be one of those shown.
    const read = hasItem
      ? undefined
      : answerReference(answering, query, own, filtered === undefined ? {} : { memorandum: filtered })
    const isUnread = read?.kind === 'missing' && read.reason.kind === 'notation'
    const named = isNamed || isUnread || talk.shown.length === 0 ? read : undefined
    const edition = named === undefined ? findAbsentEdition(query, names) : undefined
    if (edition !== undefined) return { answer: answering.missing(own, edition), talk }
    if (named !== undefined) return { answer: named, talk: after(talk, { kind: 'alone', request: own }, named) }
    // Letters of a script that no clause is written in, a sound, a single letter.
    if (saysNothing(own.folded) || !/[\p{Script=Han}a-z0-9]/u.test(own.folded))
      return { answer: answering.missing(own, { kind: 'unclear' }), talk }
    const heard = await hear(own, talk, hasItem)
    const reading = await choose(heard)
    if (talk.shown.length === 0 && pointsNowhere(heard, reading))
      return { answer: answering.missing(own, { kind: 'unclear' }), talk }
    const answer = await perform(reading, talk, limit)
    return { answer, talk: after(talk, reading, answer) }
  }

  /** Where a chat stands after its earlier questions, oldest first. */
  function talkAfter(context: readonly string[]): Promise<Talk> {
    if (context.length === 0) return Promise.resolve(nothingSaid)
    const key = JSON.stringify(context)
    const known = talks.get(key)
    if (known !== undefined) return known
    const talk = (async () => {
      const before = await talkAfter(context.slice(0, -1))
      return (await reply({ query: context.at(-1) ?? '' }, before)).talk
    })()
    talks.set(key, talk)
    const [oldest] = talks.keys()
    if (talks.size > mostTalks && oldest !== undefined) talks.delete(oldest)
    return talk
  }

  async function answer(question: Question): Promise<Answer> {
    const context = (question.context ?? []).map((earlier) => earlier.slice(0, longestQuestion)).slice(-longestContext)
    return (await reply(question, await talkAfter(context))).answer
  }

  return {
    answer,
    reply,
    talkAfter,
    weigh,
    perform,
    checkQuote: createQuoteCheck(library),
    quotation(id) {
      const unit = library.byId.get(id)
      return unit === undefined ? undefined : answering.cite(unit)
    },
  }
}
