import type { Kept } from '../conversation/kept.ts'
import { ForbiddenError } from '../telegram/errors.ts'
import type { Gateway } from '../telegram/gateway.ts'
import { kindOf, type MethodName } from '../telegram/methods.ts'

const isWrite = (method: MethodName): boolean => kindOf(method) === 'send' || kindOf(method) === 'sign'

/**
 * The same gateway, except that a chat which blocked or removed the bot (403) is marked, and nothing more is sent
 * there: such a call rejects with ForbiddenError at once. The chat opens again by `Kept.reopen`.
 */
export function respectClosed(gateway: Gateway, kept: Pick<Kept, 'close' | 'closedSince'>): Gateway {
  return {
    ...gateway,
    async call(method, payload, options) {
      const { chat_id: chat } = (payload ?? {}) as { readonly chat_id?: number | string }
      if (typeof chat !== 'number' || !isWrite(method)) return gateway.call(method, payload, options)
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
