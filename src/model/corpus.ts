import { z } from 'zod'

/** `sichuan-2018`: province slug and year of signing. */
export const memorandumId = z.string().regex(/^[a-z]+(?:-[a-z]+)*-\d{4}$/u)

/** `sichuan-2018/5.1` (area ordinal, printed number), `sichuan-2018/preamble`, `sichuan-2018/preamble.1`. */
export const unitId = z.string().regex(/^[a-z]+(?:-[a-z]+)*-\d{4}\/(?:\d{1,2}\.\d{1,3}|preamble(?:\.\d{1,2})?)$/u)

export const province = z.strictObject({
  slug: z.string().regex(/^[a-z]+(?:-[a-z]+)*$/u),
  zh: z.string().min(1),
  en: z.string().min(1),
  /** The one character that stands for the province in a memorandum's short name: 川 in 川港. */
  char: z.string().length(1),
})
export type Province = z.infer<typeof province>

export const signatory = z.strictObject({
  party: z.string().min(1),
  office: z.string().min(1),
  /** Absent where the published text gives the office alone. */
  name: z.string().min(1).optional(),
})
export type Signatory = z.infer<typeof signatory>

/** What stands above a memorandum's text in its corpus file. */
export const frontMatter = z.strictObject({
  id: memorandumId,
  title: z.string().min(1),
  /** Day of the meeting and of signing, ISO 8601. */
  date: z.iso.date(),
  /** Number of the conference session: 第N次會議. */
  plenary: z.int().min(1),
  place: z.string().min(1),
  province,
  leaders: z.array(z.string().min(1)).min(1),
  chair: z.string().min(1).optional(),
  signatories: z.array(signatory).length(2),
  /** Offices that keep the copies. */
  custodians: z.array(z.string().min(1)).min(1),
  /** Number of areas that the preamble declares. */
  areas: z.int().min(1),
  /** Whether printed numbers restart in each area or run through the whole annex. */
  numbering: z.enum(['area', 'annex']),
  source: z.string().min(1),
})
export type FrontMatter = z.infer<typeof frontMatter>

/** One numbered clause of an annex; `number` is its printed number. */
export type Measure = { readonly id: string; readonly number: number; readonly text: string }

export type Area = { readonly ordinal: number; readonly title: string; readonly measures: readonly Measure[] }

export type Preamble = { readonly id: string; readonly text: string; readonly items: readonly Measure[] }

export type Memorandum = Omit<Readonly<FrontMatter>, 'areas'> & {
  readonly preamble: Preamble
  readonly areas: readonly Area[]
}

/** Anything that can be cited, flat: a measure, a preamble, or a numbered clause of a preamble. */
export type Unit =
  | {
      readonly kind: 'measure'
      readonly id: string
      readonly memorandum: Memorandum
      readonly area: Area
      readonly number: number
      readonly text: string
    }
  | { readonly kind: 'preamble'; readonly id: string; readonly memorandum: Memorandum; readonly text: string }
  | {
      readonly kind: 'preamble-item'
      readonly id: string
      readonly memorandum: Memorandum
      readonly number: number
      readonly text: string
    }

export const gloss = z.strictObject({
  id: unitId,
  /** Unofficial English summary. */
  summary: z.string().min(1),
  words: z.strictObject({
    hant: z.array(z.string().min(1)),
    yue: z.array(z.string().min(1)),
    hans: z.array(z.string().min(1)),
    en: z.array(z.string().min(1)),
  }),
  /** What people would ask that this unit answers, in their own words. */
  asks: z.array(z.string().min(1)),
})
export type Gloss = z.infer<typeof gloss>

export const glossFile = z.strictObject({ memorandum: memorandumId, glosses: z.array(gloss) })

/**
 * Something people ask that no memorandum holds. Indexed beside the clauses: a question nearer to it than to any clause
 * is refused.
 * `foreign` ones are no questions for documents at all.
 */
export const outsideTopic = z.strictObject({
  slug: z.string().regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/u),
  kind: z.enum(['topic', 'foreign']),
  zh: z.string().min(1),
  en: z.string().min(1),
  /** What makes the topic what it is; a memorandum that holds one of these takes the topic in. */
  terms: z.array(z.string().min(1)),
  words: z.array(z.string().min(1)).min(1),
  asks: z.array(z.string().min(1)).min(1),
})
export type OutsideTopic = z.infer<typeof outsideTopic>
