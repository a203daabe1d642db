import { AsyncLocalStorage } from 'node:async_hooks'
import { z } from 'zod'
import type { Gateway } from '../telegram/gateway.ts'
import { givesMessage, type MethodName } from '../telegram/methods.ts'

/** What the handling of one update knows of the messages it sent. */
export interface Handling {
  readonly updateId: number
  /** What was accepted before, by key. */
  readonly sent: ReadonlyMap<string, string>
  /** Rejects with LeaseLostError when another replica handles the update by now. */
  readonly check: () => Promise<void>
  /** Resolves when the result is recorded, or kept to be recorded as soon as the store is back. */
  readonly record: (key: string, result: string) => Promise<void>
  /** Aborted when nothing may be sent any more. */
  readonly signal: AbortSignal
  /** Aborted when no request shall be repeated any more. */
  readonly finishing: AbortSignal
  /** Keeps the messages of this handling apart from others for the same update. */
  readonly about?: string
}

/** Another replica took the update over: this one must not answer it. */
export class LeaseLostError extends Error {
  override readonly name = 'LeaseLostError'
  readonly kind = 'lease lost'

  constructor() {
    super('Cannot go on with the update: another replica handles it now')
  }
}

interface Running {
  readonly handling: Handling
  /** How many messages were sent per method and chat. */
  readonly counts: Map<string, number>
}

const current = new AsyncLocalStorage<Running>()

/** Runs `task`, and everything it calls, as the handling of one update. */
export function asHandling<T>(handling: Handling, task: () => Promise<T>): Promise<T> {
  return current.run({ handling, counts: new Map() }, task)
}

/** Number of the update that is being handled; undefined outside of `asHandling`. */
export const currentUpdate = (): number | undefined => current.getStore()?.handling.updateId

/**
 * Of an accepted message only what a handler may need again: no text, neither of the answer nor of the question it
 * replies to.
 */
const accepted = z.object({
  message_id: z.number().optional(),
  date: z.number().optional(),
  chat: z
    .looseObject({ id: z.number(), type: z.string() })
    .transform(({ id, type }) => ({ id, type }))
    .optional(),
  message_thread_id: z.number().optional(),
  inline_message_id: z.string().optional(),
})

/** The part of a result that is recorded; an album gives several messages. */
const recorded = z.union([z.array(accepted), accepted, z.boolean()])

/**
 * The same gateway, except that while an update is handled again, messages which were accepted and recorded the first
 * time are not sent: the call resolves with the recorded `message_id`, `date`, `chat` and `message_thread_id`. The n-th
 * call of a method for a chat is taken to be the same message as the n-th of the time before, whatever its text, so
 * that a clause is not sent twice although the corpus changed in between.
 */
export function sendOnce(gateway: Gateway): Gateway {
  return {
    ...gateway,
    async call(method, payload, options) {
      const running = current.getStore()
      if (running === undefined) return await gateway.call(method, payload, options)
      const { handling, counts } = running
      const { signal, finishing, check: beforeRequest } = handling
      // At every attempt: between two of them another replica may have taken over, or this one may have paused.
      const guarded = { signal, finishing, beforeRequest, ...options }
      if (!givesMessage(method)) return await gateway.call(method, payload, guarded)
      const addressee = addresseeOf(method, payload)
      const count = counts.get(addressee) ?? 0
      counts.set(addressee, count + 1)
      const key = `${handling.about ?? ''}${addressee} ${count}`
      const before = handling.sent.get(key)
      if (before !== undefined) return JSON.parse(before)
      const result = await gateway.call(method, payload, guarded)
      await handling.record(key, JSON.stringify(recorded.safeParse(result).data ?? true))
      return result
    },
  }
}

/** `sendMessage -1001234`. At most some 100 characters: keys of the store are short. */
function addresseeOf(method: MethodName, payload: unknown): string {
  const { chat_id: chat } = (payload ?? {}) as { readonly chat_id?: number | string }
  return `${method} ${String(chat ?? '').slice(0, 64)}`
}
