import type { Pending, Updates } from './updates.ts'

export interface WebhookSettings {
  readonly url: string
  readonly secretToken: string | undefined
  readonly maxConnections: number
}

export interface WebhookTimes {
  /** Delay before the first repetition, doubled each time up to 20 times as much. Milliseconds. */
  readonly retryMs: number
  /** How long the bot may take to answer. Milliseconds. */
  readonly answerMs: number
}

/** Sends updates to the bot's webhook: one at a time and in order per chat, repeated until it answers 2xx. */
export class WebhookSender {
  readonly settings: WebhookSettings
  readonly #updates: Updates
  readonly #times: WebhookTimes
  readonly #now: () => number
  /** Carries out a method that the bot wrote into its answer. */
  readonly #reply: (body: unknown) => Promise<void>
  readonly #busy = new Set<string>()
  readonly #stopped = new AbortController()
  lastError: { readonly date: number; readonly message: string } | undefined

  constructor(
    settings: WebhookSettings,
    updates: Updates,
    times: WebhookTimes,
    now: () => number,
    reply: (body: unknown) => Promise<void>,
  ) {
    this.settings = settings
    this.#updates = updates
    this.#times = times
    this.#now = now
    this.#reply = reply
  }

  /** To be called whenever updates arrived. */
  changed(): void {
    for (const pending of this.#updates.pending) {
      if (this.#busy.size >= this.settings.maxConnections) return
      if (!this.#busy.has(pending.key)) void this.#deliver(pending)
    }
  }

  stop(): void {
    this.#stopped.abort()
  }

  async #deliver(pending: Pending): Promise<void> {
    this.#busy.add(pending.key)
    let delay = this.#times.retryMs
    while (!this.#stopped.signal.aborted && this.#updates.pending.includes(pending)) {
      const failure = await this.#send(pending)
      if (failure === undefined) {
        this.#updates.remove(pending)
        break
      }
      if (this.#stopped.signal.aborted) break
      this.lastError = { date: Math.floor(this.#now() / 1000), message: failure }
      await new Promise((resolve) => setTimeout(resolve, delay))
      delay = Math.min(delay * 2, this.#times.retryMs * 20)
    }
    this.#busy.delete(pending.key)
    if (!this.#stopped.signal.aborted) this.changed()
  }

  /** Why the update was not taken; undefined when it was. */
  async #send(pending: Pending): Promise<string | undefined> {
    const headers: Record<string, string> = { 'content-type': 'application/json' }
    if (this.settings.secretToken !== undefined) headers['X-Telegram-Bot-Api-Secret-Token'] = this.settings.secretToken
    try {
      const response = await fetch(this.settings.url, {
        method: 'POST',
        headers,
        body: JSON.stringify(pending.update),
        signal: AbortSignal.any([this.#stopped.signal, AbortSignal.timeout(this.#times.answerMs)]),
      })
      const body = await response.text()
      if (!response.ok) return `Wrong response from the webhook: ${response.status} ${response.statusText}`
      if (body.startsWith('{')) await this.#reply(JSON.parse(body))
      return undefined
    } catch (error) {
      return error instanceof Error && error.name === 'TimeoutError' ? 'Read timeout expired' : 'Connection refused'
    }
  }
}
