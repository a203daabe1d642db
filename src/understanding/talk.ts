import type { Memorandum, Unit } from '../model/corpus.ts'
import type { Intent } from './understand.ts'

/** What a chat was about last. Texts are in search form. */
export type About = {
  /** As it was asked, made complete. */
  readonly query: string
  readonly intent: Intent
  readonly provinces: readonly string[]
  readonly excluded: readonly string[]
  readonly subject: string
  readonly inFull: string
}

/** Where a chat stands. Only turns that were answered leave a trace here. */
export type Talk = {
  readonly about?: About
  /** Clauses of the last answer, in its order. */
  readonly shown: readonly Unit[]
  /** How many of them stood on the screen. */
  readonly visible: number
  /** The clause and the memorandum that the chat is at. */
  readonly unit?: Unit
  readonly memorandum?: Memorandum
}

export const nothingSaid: Talk = { shown: [], visible: 0 }
