import type { CallError } from './errors.ts'

/** Whether this server takes rich messages: an older one answers 404, and is not asked again for a while. */
export type RichMessages = { isWorthTrying(): boolean; lacks(): void }

export function createRichMessages(isWanted: boolean, now: () => number, againAfterMs = 3_600_000): RichMessages {
  let lackingUntil = 0
  return {
    isWorthTrying: () => isWanted && now() >= lackingUntil,
    lacks() {
      lackingUntil = now() + againAfterMs
    },
  }
}

/** What a server says that knows no rich messages: no such method, or no text in a message that has none. */
export const lacksRich = (error: CallError): boolean =>
  error.kind === 'refused' && (error.reason === 'unknown method' || /text is empty/iu.test(error.description))
