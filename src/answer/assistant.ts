import { shortName, yearOf } from '../memorandum/library.ts'
import type { Topic } from '../memorandum/topics.ts'
import { type Memorandum, type Unit, unreachable } from '../model.ts'
import { fittedWeights, type Hit, type Prepared, prepare, type Retrieval, rank } from '../retrieval/search.ts'
import { fold } from '../text/fold.ts'
import type { Answer, AnswerHit, Assistant, CitedPassage, ComparisonRow, MissingReason, Question, Searched, Understood } from './answer.ts'
import { citationOf } from './citation.ts'
import { lacksDetail } from './details.ts'
import { factValues, proofOf } from './facts.ts'
import { type Followed, follow } from './follow.ts'
import { highlightsOf } from './highlight.ts'
import { createMentionFinder } from './mentions.ts'
import { asksForName } from './phrasing.ts'
import { createQuoteCheck } from './quote.ts'
import { findReferences, resolveReference } from './references.ts'
import { judge, type Signals, signalsOf, type Wording } from './refusal.ts'
import { type CompleteSet, createSetFinder } from './sets.ts'

/** Passages that an answer quotes, and hits that it names, unless told otherwise. */
const shownPassages = 3
const defaultLimit = 10
/** Characters of a question that are looked at. */
const longestQuestion = 600
/** Clauses that a comparison shows of a province where no reviewed topic or wording decides. */
const comparedClauses = 4

/** What calibration looks at. */
export type Workings = {
  /** The signals that decide whether a question is refused; `undefined` where something else decides: a reference, a fact, a place, a reviewed topic. */
  signals(question: Question): Promise<Signals | undefined>
}

/** A detail may stand in a clause that is nearly as good as the best. */
const detailShare = 0.85

/** The assistant over a library: everything but Telegram. Same question, corpus and index, same answer. */
export function createAssistant(retrieval: Retrieval, topics: readonly Topic[]): Assistant & Workings {
  const { library, index, encoder } = retrieval
  const findMentions = createMentionFinder(library.memoranda)
  const sets = createSetFinder(library, topics, retrieval.bridge)
  const checkQuote = createQuoteCheck(library)
  const numberOf = new Map(library.units.map((unit, number) => [unit.id, number]))
  const slugs = [...new Set(library.memoranda.map(({ province }) => province.slug))]
  const slugNumber = new Map(slugs.map((slug, number) => [slug, number]))
  // A filter is asked of every unit: by number, not by name.
  const provinceOf = Uint16Array.from(library.units, (unit) => slugNumber.get(unit.memorandum.province.slug) ?? 0)
  const searched: Searched = { memoranda: library.memoranda.length, measures: library.units.filter((unit) => unit.kind === 'measure').length }
  const memorandaOf = (slugs: readonly string[]) => library.memoranda.filter(({ province }) => slugs.length === 0 || slugs.includes(province.slug))
  const topicOf = ({ topic, folded }: Followed) => (topic === '' ? folded : topic)
  const unitAt = (number: number) => library.units[number] as Unit
  const cite = (unit: Unit, highlights: CitedPassage['highlights'] = []): CitedPassage => ({ id: unit.id, citation: citationOf(unit), quote: unit.text, highlights })

  /** The interface's province counts where the question names none. */
  function narrowed(followed: Followed, slug: string | undefined): Followed {
    return slug === undefined || followed.provinces.length > 0 ? followed : { ...followed, provinces: [slug] }
  }

  function accepting(followed: Followed): ((unit: number) => boolean) | undefined {
    const { provinces, excluded } = followed
    if (provinces.length === 0 && excluded.length === 0) return undefined
    const wanted = Uint8Array.from(slugs, (slug) => Number((provinces.length === 0 || provinces.includes(slug)) && !excluded.includes(slug)))
    return (number) => wanted[provinceOf[number] as number] === 1
  }

  /** A question compared with the corpus once. */
  function compare(followed: Followed): Promise<Prepared> {
    return prepare(retrieval, { topic: topicOf(followed), asked: followed.asked === '' ? followed.folded : followed.asked })
  }

  const hitsFor = (prepared: Prepared, limit: number, accept?: (unit: number) => boolean) =>
    rank(retrieval, prepared, { limit, weights: fittedWeights, ...(accept === undefined ? {} : { accept }) })

  /** Quotes units with the sentences that answer made to stand out. */
  async function quote(units: readonly Unit[], followed: Followed, prepared: Prepared): Promise<CitedPassage[]> {
    const asked = { topic: topicOf(followed), bridged: prepared.bridged, encodings: prepared.encodings }
    const passages: CitedPassage[] = []
    for (const unit of units) passages.push(cite(unit, await highlightsOf(numberOf.get(unit.id) as number, unit.text, asked, encoder, index)))
    return passages
  }

  const hitsOf = (hits: readonly Hit[]): AnswerHit[] => hits.map(({ unit, score }) => ({ id: unitAt(unit).id, score: Math.round(score * 10_000) / 10_000 }))

  function understoodOf(followed: Followed, prepared?: Prepared, topic?: string): Understood {
    return {
      provinces: followed.provinces,
      excluded: followed.excluded,
      ...(topic === undefined ? {} : { topic }),
      ...(followed.followed === undefined ? {} : { followed: followed.followed }),
      bridged: (prepared?.bridged ?? []).filter(({ source }) => source === 'terms').map(({ asked, terms }) => ({ asked, terms: terms.slice(0, 3) })),
    }
  }

  function missing(followed: Followed, reason: MissingReason, prepared?: Prepared, nearest: readonly CitedPassage[] = []): Answer {
    return { kind: 'missing', reason, searched, nearest, understood: understoodOf(followed, prepared), hits: [], passages: [] }
  }

  function answerReference(query: string, followed: Followed, fallback: Memorandum | undefined): Answer | undefined {
    const references = findReferences(query, library, fallback)
    if (references.length === 0) return undefined
    const resolved = references.map(({ reference }) => resolveReference(reference, library))
    const units = [...new Map(resolved.flatMap((part) => part.units).map((unit) => [unit.id, unit])).values()]
    const absent = resolved.flatMap((part) => part.missing)
    const [first] = absent
    const named = { ...followed, provinces: [...new Set(references.map(({ reference }) => reference.memorandum.province.slug))] }
    if (units.length === 0) return first === undefined ? undefined : missing(named, first)
    const passages = units.map((unit) => cite(unit))
    return { kind: 'reference', missing: absent, understood: understoodOf(named), hits: units.map((unit) => ({ id: unit.id, score: 1 })), passages }
  }

  /** The memorandum and clause that a chat is at after its earlier questions. */
  async function placeOf(context: readonly string[]): Promise<{ memorandum?: Memorandum; unit?: Unit }> {
    let place: { memorandum?: Memorandum; unit?: Unit } = {}
    for (const [at, query] of context.entries()) {
      const answer = answerReference(query, follow(query, [], findMentions), place.memorandum)
      if (answer?.kind === 'reference') {
        const unit = library.byId.get(answer.hits.at(-1)?.id ?? '')
        if (unit !== undefined) place = { memorandum: unit.memorandum, unit }
        continue
      }
      const followed = follow(query, context.slice(0, at), findMentions)
      if (followed.step !== undefined && place.unit !== undefined) {
        const neighbour = stepFrom(place.unit, followed.step)
        if (neighbour !== undefined) place = { memorandum: neighbour.memorandum, unit: neighbour }
        continue
      }
      const [memorandum] = followed.provinces.length === 1 ? memorandaOf(followed.provinces) : []
      const top = at === context.length - 1 ? hitsFor(await compare(followed), 1, accepting(followed))[0] : undefined
      const unit = top === undefined ? undefined : unitAt(top.unit)
      place = { ...(memorandum === undefined ? {} : { memorandum }), ...(unit === undefined ? {} : { unit }) }
    }
    return place
  }

  function stepFrom(unit: Unit, step: 'next' | 'previous'): Unit | undefined {
    const own = library.units.filter((other) => other.memorandum.id === unit.memorandum.id)
    return own[own.findIndex((other) => other.id === unit.id) + (step === 'next' ? 1 : -1)]
  }

  function answerFacts(followed: Followed, fact: Extract<Answer, { kind: 'facts' }>['fact']): Answer {
    const memoranda = memorandaOf(followed.provinces).filter(({ province }) => !followed.excluded.includes(province.slug))
    const proofs = memoranda.map((memorandum) => proofOf(library, memorandum, fact))
    const named = memoranda.some(({ signatories: [mainland] }) => mainland?.name !== undefined)
    if (fact === 'signatories' && !named && asksForName(followed.folded))
      return missing(
        followed,
        { kind: 'detail' },
        undefined,
        proofs.map(({ unit, highlights }) => cite(unit, highlights)),
      )
    return {
      kind: 'facts',
      fact,
      values: factValues(memoranda, fact),
      understood: understoodOf(followed),
      hits: proofs.map(({ unit }) => ({ id: unit.id, score: 1 })),
      passages: proofs.map(({ unit, highlights }) => cite(unit, highlights)),
    }
  }

  async function answerList(followed: Followed, asked: 'count' | 'measures' | 'provinces', prepared: Prepared): Promise<Answer | undefined> {
    const set = sets.find(followed.topic, prepared.bridged)
    if (set === undefined) return undefined
    const accept = accepting(followed) ?? (() => true)
    const scores = new Map(hitsFor(prepared, library.units.length, (unit) => set.units.includes(unit)).map((hit) => [hit.unit, hit.score]))
    const units = set.units.filter(accept).filter((unit) => unitAt(unit).kind === 'measure' || set.by === 'words')
    // A preamble lists every area's name; it counts only where nothing else holds the words.
    const measures = units.filter((unit) => unitAt(unit).kind === 'measure')
    const kept = set.by === 'words' && asked !== 'provinces' && measures.length > 0 ? measures : units
    if (kept.length === 0) {
      const elsewhere = [...new Set(set.units.map((unit) => unitAt(unit).memorandum.province.slug))]
      return missing(
        followed,
        followed.provinces.length === 0 ? { kind: 'topic' } : { kind: 'province', provinces: followed.provinces, elsewhere },
        prepared,
        await quote(set.units.slice(0, 2).map(unitAt), followed, prepared),
      )
    }
    const ordered = [...kept].sort((a, b) => (scores.get(b) ?? 0) - (scores.get(a) ?? 0) || a - b)
    return {
      kind: 'list',
      asked,
      criterion: set.criterion,
      provinces: [...new Set([...kept].sort((a, b) => a - b).map((unit) => unitAt(unit).memorandum.province.slug))],
      understood: understoodOf(followed, prepared, set.by === 'topic' ? set.criterion : undefined),
      hits: ordered.map((unit) => ({ id: unitAt(unit).id, score: Math.round((scores.get(unit) ?? 0) * 10_000) / 10_000 })),
      passages: await quote(ordered.map(unitAt), followed, prepared),
    }
  }

  async function answerComparison(followed: Followed, prepared: Prepared): Promise<Answer> {
    const memoranda = memorandaOf(followed.provinces).filter(({ province }) => !followed.excluded.includes(province.slug))
    const whole = hitsFor(prepared, library.units.length)
    const set = sets.find(followed.topic, prepared.bridged)
    const columns: Hit[][] = []
    for (const memorandum of memoranda) {
      const own = whole.filter(({ unit }) => unitAt(unit).memorandum.id === memorandum.id)
      const inSet = set === undefined ? [] : own.filter(({ unit }) => set.units.includes(unit) && unitAt(unit).kind === 'measure')
      if (inSet.length > 0) columns.push(inSet)
      else {
        const local = hitsFor(prepared, library.units.length, (unit) => unitAt(unit).memorandum.id === memorandum.id)
        const best = local[0]?.score ?? 0
        const near = set?.by === 'topic' ? [] : local.filter(({ score, unit }) => score >= best * 0.8 && unitAt(unit).kind === 'measure').slice(0, comparedClauses)
        columns.push(
          near.length > 0 &&
            judge(
              signalsOf(retrieval, prepared, topicOf(followed), local, whole),
              wording(followed, set, (unit) => unitAt(unit).memorandum.id === memorandum.id),
            ).answered
            ? near
            : [],
        )
      }
    }
    const rows: ComparisonRow[] = []
    for (const [at, memorandum] of memoranda.entries()) {
      const units = (columns[at] ?? []).map(({ unit }) => unitAt(unit))
      rows.push({ province: memorandum.province.slug, memorandum: `${shortName(memorandum)} ${yearOf(memorandum)}`, passages: await quote(units, followed, prepared) })
    }
    // One of each in turn, so that the first clauses show every side.
    const longest = Math.max(0, ...columns.map((column) => column.length))
    const hits = Array.from({ length: longest }, (_, rank) => columns.flatMap((column) => column[rank] ?? [])).flat()
    if (hits.length === 0) return missing(followed, { kind: 'topic' }, prepared)
    const passages = new Map(rows.flatMap((row) => row.passages).map((passage) => [passage.id, passage]))
    const ids = hitsOf(hits)
    return {
      kind: 'comparison',
      topic: set?.criterion ?? followed.topic,
      rows,
      understood: understoodOf(followed, prepared, set?.by === 'topic' ? set.criterion : undefined),
      hits: ids,
      passages: ids.flatMap(({ id }) => passages.get(id) ?? []),
    }
  }

  /** Whether clauses where the question asks hold its very words, or only clauses elsewhere do. */
  function wording(followed: Followed, set: CompleteSet | undefined, accept: ((unit: number) => boolean) | undefined): Wording {
    if (set === undefined) return sets.telling(followed.topic).some((unit) => accept?.(unit) !== false) ? 'partly' : 'unknown'
    return set.units.some((unit) => accept?.(unit) !== false) ? 'here' : 'elsewhere'
  }

  async function answerSearch(followed: Followed, limit: number, prepared: Prepared): Promise<Answer> {
    const accept = accepting(followed)
    const own = hitsFor(prepared, Math.max(limit, 40), accept)
    const everywhere = accept === undefined ? own : hitsFor(prepared, 20)
    const reviewed = sets.topicOf(followed.topic)
    const evidence = signalsOf(retrieval, prepared, topicOf(followed), own, everywhere)
    const words = sets.find(followed.topic, prepared.bridged)
    const verdict = judge(evidence, wording(followed, words, accept))
    const quoteHits = (hits: readonly Hit[]) =>
      quote(
        hits.map(({ unit }) => unitAt(unit)),
        followed,
        prepared,
      )
    // A reviewed topic is in the documents whatever the signals say; a question that only continues an answered one is about what that was about.
    const certain = followed.leans === true || (reviewed !== undefined && sets.unitsOf(reviewed).some((unit) => accept?.(unit) !== false))
    if (!verdict.answered && !certain) {
      const elsewhere = accept !== undefined && judge(signalsOf(retrieval, prepared, topicOf(followed), everywhere, everywhere), wording(followed, words, undefined)).answered
      const nearest = await quoteHits((elsewhere ? everywhere : own).slice(0, verdict.near || elsewhere ? 2 : 0))
      if (followed.provinces.length === 0) return missing(followed, { kind: verdict.foreign ? 'foreign' : 'topic' }, prepared, nearest)
      const slugs = elsewhere ? [...new Set(nearest.map(({ id }) => library.byId.get(id)?.memorandum.province.slug ?? ''))] : []
      return missing(followed, { kind: 'province', provinces: followed.provinces, elsewhere: slugs.filter((slug) => !followed.provinces.includes(slug)) }, prepared, nearest)
    }
    // Clauses that were reviewed as being squarely about the topic go before those that share its words.
    const about = reviewed === undefined ? new Set<number>() : new Set(sets.unitsOf(reviewed))
    const hits = [...own.filter(({ unit }) => about.has(unit)), ...own.filter(({ unit }) => !about.has(unit))].slice(0, limit)
    const passages = await quoteHits(hits.slice(0, shownPassages))
    const best = hits[0]?.score ?? 0
    const answering = passages.filter((_, at) => at === 0 || (hits[at]?.score ?? 0) >= best * detailShare)
    if (
      lacksDetail(
        followed.folded,
        answering.map(({ quote: text }) => text),
      )
    )
      return missing(followed, { kind: 'detail' }, prepared, passages.slice(0, 2))
    return {
      kind: 'found',
      understood: understoodOf(followed, prepared, reviewed?.zh),
      hits: hitsOf(hits),
      passages,
    }
  }

  /** 當中的三跑是甚麼: where clauses hold the very words that a follow-up brings, they are what it is about. */
  function focused(followed: Followed): Followed {
    if (followed.focus === undefined) return followed
    const accept = accepting(followed)
    return sets.find(followed.focus, [])?.units.some((unit) => accept?.(unit) !== false) === true ? { ...followed, topic: followed.focus, asked: followed.focus } : followed
  }

  async function answer(question: Question): Promise<Answer> {
    const query = question.query.slice(0, longestQuestion)
    const context = (question.context ?? []).map((earlier) => earlier.slice(0, longestQuestion)).slice(-6)
    const limit = question.limit ?? defaultLimit
    const plain = follow(query, context, findMentions)
    const followed = focused(narrowed(plain, question.filterProvince))
    if (!/[\p{L}\p{N}]/u.test(fold(query))) return missing(followed, { kind: 'unclear' })

    const place = context.length > 0 ? await placeOf(context) : {}
    const filtered = question.filterProvince === undefined ? undefined : library.memoranda.find(({ province }) => province.slug === question.filterProvince)
    if (followed.step !== undefined) {
      const unit = place.unit === undefined ? undefined : stepFrom(place.unit, followed.step)
      if (unit !== undefined) return { kind: 'reference', missing: [], understood: understoodOf(followed), hits: [{ id: unit.id, score: 1 }], passages: [cite(unit)] }
      return missing(followed, { kind: 'unclear' })
    }
    const reference = answerReference(query, followed, filtered ?? place.memorandum)
    if (reference !== undefined) return reference
    const [outside] = followed.uncovered
    if (outside !== undefined && followed.provinces.length === 0) return missing(followed, { kind: 'place', place: outside.zh, placeEn: outside.en })
    if (followed.intent.kind === 'facts') return answerFacts(followed, followed.intent.fact)
    const prepared = await compare(followed)
    switch (followed.intent.kind) {
      case 'comparison':
        return answerComparison(followed, prepared)
      case 'list':
        return (await answerList(followed, followed.intent.asked, prepared)) ?? answerSearch(followed, limit, prepared)
      case 'search':
        return answerSearch(followed, limit, prepared)
      default:
        return unreachable(followed.intent)
    }
  }

  async function signals(question: Question): Promise<Signals | undefined> {
    const plain = follow(question.query, question.context ?? [], findMentions)
    const followed = narrowed(plain, question.filterProvince)
    if (followed.leans === true || followed.step !== undefined || followed.intent.kind === 'facts' || findReferences(question.query, library).length > 0) return undefined
    if (followed.uncovered.length > 0 && followed.provinces.length === 0) return undefined
    const reviewed = sets.topicOf(followed.topic)
    if (reviewed !== undefined && sets.unitsOf(reviewed).some((unit) => accepting(followed)?.(unit) !== false)) return undefined
    const prepared = await compare(followed)
    const accept = accepting(followed)
    const own = hitsFor(prepared, 20, accept)
    return signalsOf(retrieval, prepared, topicOf(followed), own, accept === undefined ? own : hitsFor(prepared, 20))?.signals
  }

  return {
    answer,
    signals,
    checkQuote,
    passage(id) {
      const number = numberOf.get(id)
      return number === undefined ? undefined : cite(unitAt(number))
    },
  }
}
