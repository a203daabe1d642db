import type { Range } from '../text/sentences.ts'

/**
 * A clause as a person gets to read it. Answers have them as `passages`: that name is published, in the JSON of the ask
 * script, and older than the type's.
 */
export type Quotation = {
  readonly id: string
  readonly citation: string
  /** Verbatim, character for character. */
  readonly quote: string
  /** The sentences of the quotation that answer, in order, without overlap; UTF-16 units. */
  readonly highlights: readonly Range[]
}

/** A unit and how well it answers; scores compare within one answer only. */
export type AnswerHit = { readonly id: string; readonly score: number }

/** What was made of the question, for the one line that tells the reader. */
export type Understood = {
  /** Slugs of the provinces that the answer is limited to; empty: all. */
  readonly provinces: readonly string[]
  /** Slugs of provinces left out on request. */
  readonly excluded: readonly string[]
  /** Topic or area that the answer is limited to, as the memoranda call it. */
  readonly topic?: string
  /** The complete question when this one leaned on an earlier one. */
  readonly followed?: string
  /** Words of the question (`asked`, as this form is published) and the memoranda's words for them. */
  readonly bridged: readonly { readonly asked: string; readonly terms: readonly string[] }[]
}

/** What a search covered, for the proof that nothing was found. */
export type Searched = {
  readonly memoranda: number
  readonly measures: number /** Slugs of the provinces that have a memorandum. */
  readonly provinces: readonly string[]
}

/** Why nothing answers. */
export type MissingReason =
  /** The place has no memorandum here. `place` is its Chinese name. */
  | { readonly kind: 'place'; readonly place: string; readonly placeEn: string }
  /** The item named does not exist; `asked` is the reference as understood, `exists` what there is instead. */
  | { readonly kind: 'item'; readonly asked: string; readonly askedEn: string; readonly exists: ItemsThatExist }
  /** Meant to name clauses, and not to be read: `asked` as typed. */
  | { readonly kind: 'notation'; readonly asked: string }
  /** No memorandum says anything on it. */
  | { readonly kind: 'topic' }
  /** The named provinces say nothing on it; `elsewhere` do (slugs, may be empty). */
  | { readonly kind: 'province'; readonly provinces: readonly string[]; readonly elsewhere: readonly string[] }
  /** The topic is there, the detail asked for is not. */
  | { readonly kind: 'detail' }
  /** Not a question that documents of this kind answer. */
  | { readonly kind: 'foreign' }
  /** Nothing to work with: empty, too short, only signs. */
  | { readonly kind: 'unclear' }

/** What exists where an item does not: for a memorandum its areas, for an area its items. */
export type ItemsThatExist = {
  readonly memorandum: string
  readonly shortName: string
  /** Of the province, in English. */
  readonly en: string
  readonly year: string
  readonly numbering: 'area' | 'annex'
  /** Number of areas, and of the last item for numbering through the annex. */
  readonly areas: number
  readonly lastItem: number
  /** The area that the reference named, if it exists. */
  readonly area?: { readonly ordinal: number; readonly title: string; readonly first: number; readonly last: number }
}

/** A reference that can be taken in two ways, `written` as typed; the likelier reading first. */
export type Ambiguity = {
  readonly written: string
  /** What each reading is called in full, and its clauses: none where it names what does not exist. */
  readonly readings: readonly { readonly asked: string; readonly askedEn: string; readonly ids: readonly string[] }[]
}

/** One province's part of a comparison; `units` may be empty, and that is said aloud. */
export type ComparisonRow = {
  readonly province: string
  readonly memorandum: string
  readonly passages: readonly Quotation[]
}

/** A question on the documents themselves, answered from the front matter and proved by the preamble. */
export type FactName =
  | 'leaders'
  | 'chair'
  | 'signatories'
  | 'custodians'
  | 'date'
  | 'place'
  | 'plenary'
  | 'areas'
  | 'measures'
  | 'principles'
export type FactValue = { readonly memorandum: string; readonly province: string; readonly value: string }

type Common = {
  readonly understood: Understood
  /** Best first. For lists, counts and comparisons the complete set. */
  readonly hits: readonly AnswerHit[]
  readonly passages: readonly Quotation[]
}

/** What is wanted of clauses that meet a criterion: their number, a list of them, or the provinces that have one. */
export type ListKind = 'count' | 'measures' | 'provinces'

/** The result of a question, as data. Surfaces switch over `kind` and must handle every one. */
export type Answer =
  /**
   * Clauses that match. `related` is how many hits score at least 60 % of the best one, quoted ones included: what is
   * worth speaking of as more.
   */
  | (Common & { readonly kind: 'found'; readonly related: number })
  /**
   * Clauses that the question named. `missing` are named ones that do not exist, or what could not be read, beside
   * others; `ambiguous` are references whose clauses are given for both of their readings.
   */
  | (Common & {
      readonly kind: 'reference'
      readonly missing: readonly Extract<MissingReason, { kind: 'item' | 'notation' }>[]
      readonly ambiguous?: readonly Ambiguity[]
    })
  /**
   * Every clause that meets a criterion. `asked` is what was wanted of them.
   */
  | (Common & {
      readonly kind: 'list'
      readonly asked: ListKind
      readonly criterion: string
      readonly provinces: readonly string[]
      /** Where provinces were asked for, those of them without such a clause. */
      readonly absent: readonly string[]
    })
  | (Common & { readonly kind: 'comparison'; readonly topic: string; readonly rows: readonly ComparisonRow[] })
  | (Common & { readonly kind: 'facts'; readonly fact: FactName; readonly values: readonly FactValue[] })
  /** No question: what was said gets a word in return. */
  | (Common & { readonly kind: 'remark'; readonly remark: 'courtesy' | 'complaint' | 'about' })
  /** Nothing answers. `hits` and `passages` are empty; `nearest` are the closest clauses, if any are near. */
  | (Common & {
      readonly kind: 'missing'
      readonly reason: MissingReason
      readonly searched: Searched
      readonly nearest: readonly Quotation[]
    })

/** A question as any surface hands it over. */
export type Question = {
  readonly query: string
  /** Earlier questions of the same chat, oldest first. */
  readonly context?: readonly string[]
  /** Slug of the province that the interface is narrowed to. */
  readonly filterProvince?: string
  /** Longest list of hits for kinds that are not complete sets. Default 10. */
  readonly limit?: number
}

/** The result of a quote check. */
export type QuoteCheck = {
  readonly verdict: 'exact' | 'altered' | 'absent'
  /** Units that hold the quotation, or the one it was altered from. */
  readonly ids: readonly string[]
  readonly differences: readonly { readonly expected: string; readonly found: string }[]
  /** True when a middle was left out. */
  readonly shortened: boolean
  readonly nearest?: Quotation
}

/** What surfaces use: everything but Telegram. */
export type Assistant = {
  answer(question: Question): Promise<Answer>
  checkQuote(text: string): QuoteCheck
  /** The clause of an id, whole, without highlights; `undefined` for an unknown id. */
  quotation(id: string): Quotation | undefined
}
