import type { Understanding } from './understand.ts'

/** A request that is complete, whatever it took from the chat. */
export type Followed = Understanding & {
  /** The earlier request and the message, where the message leaned on it. */
  readonly followed?: string
  /** True when the message brings no topic of its own. */
  readonly leans?: true
}
