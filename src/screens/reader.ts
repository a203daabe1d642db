import type { Library } from '../memorandum/library.ts'
import type { Topic } from '../memorandum/topics.ts'
import type { Assistant, Quotation } from '../model/answer.ts'
import type { Unit } from '../model/corpus.ts'
import type { Language } from '../phrases/answers.ts'
import { deepLink } from './payloads.ts'

export type Surface = 'private' | 'group' | 'inline' | 'guest' | 'terminal'

/** For whom something is written, and where. */
export type Reader = {
  readonly language: Language
  /** `simplified`: quotations are shown converted, and marked so. */
  readonly script: 'printed' | 'simplified'
  readonly length: 'short' | 'normal' | 'long'
  readonly surface: Surface
  /** The only person who may press the buttons; anybody when missing. */
  readonly asker?: number
}

/** What a person or a group chose; what is missing follows Telegram or the surface. */
export type Settings = {
  readonly language?: Language | undefined
  readonly script?: Reader['script'] | undefined
  readonly length?: Reader['length'] | undefined
  /** Of a forum: the one topic that is answered in; all when missing. */
  readonly thread?: number | undefined
}

/** What every surface works with. */
export type Sources = {
  readonly assistant: Assistant
  readonly library: Library
  readonly topics: readonly Topic[]
  /** Username of the bot, without @. */
  readonly username: string
}

/** Stands where Telegram has the bot's name; no bot can have it. */
export const nobody = '-'

/** Opens the clause in its context. */
export const clauseLink = ({ username }: Sources, id: string): string =>
  deepLink(username, { kind: 'context', id, page: 0 })

export type Shown = { readonly unit: Unit; readonly quotation: Quotation }

/**
 * A clause by its id with the sentences to be made to stand out; `undefined` for an id that the corpus does not hold.
 */
export function shownOf(
  { assistant, library }: Sources,
  id: string,
  quotation = assistant.quotation(id),
): Shown | undefined {
  const unit = library.byId.get(id)
  return unit === undefined || quotation === undefined ? undefined : { unit, quotation }
}
