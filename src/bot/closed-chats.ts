import type { Kept } from '../conversation/kept.ts'
import { ForbiddenError } from '../telegram/errors.ts'
import type { Gateway } from '../telegram/gateway.ts'

const writes = /^(?:send|copy|forward)/u

/**
 * The same gateway, except that a chat which blocked or removed the bot (403) is marked, and nothing more is sent
 * there: such a call rejects with ForbiddenError at once. The chat opens again by `Kept.reopen`.
 */
export function respectClosed(gateway: Gateway, kept: Pick<Kept, 'close' | 'closedSince'>): Gateway {
  return {
    ...gateway,
    async call(method, payload, options) {
      const { chat_id: chat } = (payload ?? {}) as { readonly chat_id?: number | string }
      if (typeof chat !== 'number' || !writes.test(method)) return gateway.call(method, payload, options)
      // While the store is away nobody knows, and trying is right.
      if ((await kept.closedSince(chat).catch(() => undefined)) !== undefined)
        throw new ForbiddenError(method, 0, 'this chat blocked or removed the bot before')
      try {
        return await gateway.call(method, payload, options)
      } catch (error) {
        if (error instanceof ForbiddenError) await kept.close(chat).catch(() => {})
        throw error
      }
    },
  }
}
