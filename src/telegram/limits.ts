/** How fast Telegram lets a bot send. */
export interface SendLimits {
  /** Messages per second to one chat, in the long run. */
  readonly chatPerSecond: number
  /** Messages that one chat may get at once after a rest. */
  readonly chatBurst: number
  /** Messages in any 60 s to one group. */
  readonly groupPerMinute: number
  /** Messages and edits in any second, over all chats. */
  readonly overallPerSecond: number
}

/**
 * "Avoid sending more than one message per second [to a chat] … short bursts …; 20 messages per minute to the same
 * group; about 30 messages per second" (core.telegram.org/bots/faq).
 */
export const telegramLimits: SendLimits = { chatPerSecond: 1, chatBurst: 3, groupPerMinute: 20, overallPerSecond: 30 }

/** Requests that were spaced here may arrive closer together. Milliseconds. */
const jitterMs = 50

/** At most `count` events in any `spanMs`. Times in milliseconds. */
export class Window {
  readonly #count: number
  readonly #spanMs: number
  #times: number[] = []

  constructor(count: number, spanMs: number) {
    this.#count = count
    this.#spanMs = spanMs + jitterMs
  }

  /** From when on the next event is allowed. */
  freeAt(): number {
    return this.#times.length < this.#count ? 0 : (this.#times[this.#times.length - this.#count] ?? 0) + this.#spanMs
  }

  note(now: number): void {
    this.#times.push(now)
    if (this.#times.length > this.#count * 2) this.#times = this.#times.slice(-this.#count)
  }

  isIdle(now: number): boolean {
    return now >= (this.#times.at(-1) ?? 0) + this.#spanMs
  }
}
