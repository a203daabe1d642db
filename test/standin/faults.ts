/** What goes wrong. `effect` below tells whether the method is carried out all the same, unseen by the bot. */
export type Fault =
  /** 429. `retryAfter` in seconds. */
  | { readonly kind: 'flood'; readonly retryAfter: number }
  /** 5xx as Telegram answers it, in JSON. */
  | { readonly kind: 'server error'; readonly code: 500 | 502 | 503 | 504 }
  /** The connection is reset. */
  | { readonly kind: 'reset' }
  /** The headers promise more than the body brings, then the connection breaks off. */
  | { readonly kind: 'broken body' }
  /** The body ends in the middle of the JSON, in good HTTP. */
  | { readonly kind: 'half json' }
  /** An HTML page, such as a proxy's. */
  | { readonly kind: 'page'; readonly status: 200 | 404 | 502 | 503 }
  /** 200 with nothing in it. */
  | { readonly kind: 'empty' }
  /** Never answers. */
  | { readonly kind: 'hang' }
  /** Sends the headers and the first bytes, then nothing more, the connection staying open. */
  | { readonly kind: 'stall' }
  /** Answers properly, after `ms`. */
  | { readonly kind: 'slow'; readonly ms: number }
  | { readonly kind: 'unauthorized' }
  /** 403: "bot was blocked by the user", "bot was kicked from the group chat". */
  | { readonly kind: 'forbidden'; readonly description: string }
  | { readonly kind: 'conflict' }
  /** 400 with `migrate_to_chat_id`. */
  | { readonly kind: 'migrated'; readonly to: number }
  /** Any other 400. */
  | { readonly kind: 'bad request'; readonly description: string }

/** Where and how often a fault strikes. */
export interface FaultRule {
  /** One method or several; any when missing. */
  readonly method?: string | readonly string[]
  /** Only calls whose `chat_id` is this. */
  readonly chat?: number
  /** How many calls it strikes; without end when missing. */
  readonly times?: number
  /**
   * Of the calls that fit, which part it strikes, 0 to 1; all when missing. Drawn from the stand-in's seeded generator.
   */
  readonly probability?: number
  /**
   * Whether the method is carried out before the answer goes wrong. Default: only for `broken body`, `half json`,
   * `stall` and `slow`.
   */
  readonly effect?: boolean
}

const carriedOut: readonly Fault['kind'][] = ['broken body', 'half json', 'stall', 'slow']

export interface Strike {
  readonly fault: Fault
  readonly effect: boolean
}

/** The faults that a test asked for. */
export class Faults {
  readonly #random: () => number
  #rules: { readonly fault: Fault; readonly rule: FaultRule; left: number }[] = []

  constructor(random: () => number) {
    this.#random = random
  }

  /** Returns a function that ends the fault. The first rule that fits a call strikes. */
  add(fault: Fault, rule: FaultRule): () => void {
    const added = { fault, rule, left: rule.times ?? Number.POSITIVE_INFINITY }
    this.#rules.push(added)
    return () => {
      this.#rules = this.#rules.filter((other) => other !== added)
    }
  }

  clear(): void {
    this.#rules = []
  }

  strike(method: string, chat: unknown): Strike | undefined {
    for (const entry of this.#rules) {
      const { fault, rule } = entry
      const fits =
        (rule.method === undefined || [rule.method].flat().includes(method)) &&
        (rule.chat === undefined || Number(chat) === rule.chat)
      if (!fits || entry.left === 0) continue
      if (rule.probability !== undefined && this.#random() >= rule.probability) continue
      entry.left -= 1
      return { fault, effect: rule.effect ?? carriedOut.includes(fault.kind) }
    }
    return undefined
  }
}
