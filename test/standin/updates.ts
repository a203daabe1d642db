import { Refused } from './refused.ts'
import { updateProblems } from './schema.ts'
import type { Params, Update } from './types.ts'

// "Specify an empty list to receive all update types except chat_member, message_reaction, and message_reaction_count
// (default)."
const notByDefault = ['chat_member', 'message_reaction', 'message_reaction_count']

export interface Pending {
  readonly update: Update
  /** Updates of one key are delivered to a webhook one after the other. */
  readonly key: string
  readonly expires: number
}

const conflict = (what: string) => new Refused('state', 409, `Conflict: ${what}`)

/** The updates that wait for the bot: kept until confirmed, at most for their lifetime. */
export class Updates {
  readonly #now: () => number
  #pending: Pending[] = []
  #allowed: readonly string[] = []
  #nextId = 1000
  #wake: (() => void) | undefined
  #terminate: (() => void) | undefined
  #webhook: { readonly changed: () => void } | undefined
  /** Updates that do not fit the specification: a mistake of the stand-in. */
  readonly malformed: string[] = []

  constructor(now: () => number) {
    this.#now = now
  }

  get pending(): readonly Pending[] {
    this.#pending = this.#pending.filter(({ expires }) => expires > this.#now())
    return this.#pending
  }

  get allowed(): readonly string[] {
    return this.#allowed
  }

  /**
   * As `allowed_updates` of getUpdates and setWebhook: not retroactive; the previous setting stays when it is missing.
   */
  allow(kinds: unknown): void {
    if (Array.isArray(kinds)) this.#allowed = kinds as string[]
  }

  /** `lifetimeMs`: 24 h for most, less for queries. Returns undefined when the bot did not ask for this kind. */
  push(kind: string, object: unknown, key: string, lifetimeMs = 86_400_000): Update | undefined {
    const wanted = this.#allowed.length > 0 ? this.#allowed.includes(kind) : !notByDefault.includes(kind)
    if (!wanted) return undefined
    // A copy: what happens to the message later must not show in an update of before.
    const update = structuredClone({ update_id: this.#nextId, [kind]: object }) as Update
    this.#nextId += 1
    this.malformed.push(...updateProblems(update))
    this.#pending.push({ update, key, expires: this.#now() + lifetimeMs })
    this.#wake?.()
    this.#webhook?.changed()
    return update
  }

  remove(pending: Pending): void {
    this.#pending = this.#pending.filter((other) => other !== pending)
  }

  drop(): void {
    this.#pending = []
  }

  setWebhook(webhook: { readonly changed: () => void } | undefined): void {
    this.#webhook = webhook
    if (webhook !== undefined) this.#terminate?.()
  }

  get isPolled(): boolean {
    return this.#terminate !== undefined
  }

  /**
   * getUpdates. Waits up to `timeout` seconds for the first update; `gone` ends the wait when the caller hangs up.
   * Throws Refused.
   */
  async poll(params: Params, gone: AbortSignal): Promise<readonly Update[]> {
    if (this.#webhook !== undefined)
      throw conflict(
        "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
      )
    this.#terminate?.()
    this.allow(params.allowed_updates)
    const offset = (params.offset as number | undefined) ?? 0
    const limit = Math.min(100, Math.max(1, (params.limit as number | undefined) ?? 100))
    const timeoutMs = Math.min(50, Math.max(0, (params.timeout as number | undefined) ?? 0)) * 1000
    this.#pending =
      offset >= 0 ? this.pending.filter(({ update }) => update.update_id >= offset) : this.pending.slice(offset)
    if (this.pending.length === 0 && timeoutMs > 0) await this.#arrival(timeoutMs, gone)
    return this.pending.slice(0, limit).map(({ update }) => update)
  }

  #arrival(timeoutMs: number, gone: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const clear = () => {
        clearTimeout(timer)
        gone.removeEventListener('abort', finish)
        if (this.#wake === finish) this.#wake = undefined
        if (this.#terminate === terminate) this.#terminate = undefined
      }
      const finish = () => {
        clear()
        resolve()
      }
      const terminate = () => {
        clear()
        reject(conflict('terminated by other getUpdates request; make sure that only one bot instance is running'))
      }
      const timer = setTimeout(finish, timeoutMs)
      gone.addEventListener('abort', finish)
      this.#wake = finish
      this.#terminate = terminate
    })
  }
}
