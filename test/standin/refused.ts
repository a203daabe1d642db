/**
 * Why a call is refused.
 * - `shape`: unknown method or parameter, wrong type, missing parameter: always a mistake in the bot.
 * - `limit`: too long, too many, ill-formed markup: always a mistake in the bot.
 * - `state`: depends on what happened before (message deleted, query too old, bot blocked): may happen to a bot without
 * mistakes.
 */
export type RefusalKind = 'shape' | 'limit' | 'state'

/** Thrown by checks and methods; the server turns it into Telegram's `{"ok":false}` answer. */
export class Refused extends Error {
  readonly kind: RefusalKind
  readonly code: number
  readonly parameters: Readonly<Record<string, number>> | undefined

  constructor(kind: RefusalKind, code: number, description: string, parameters?: Readonly<Record<string, number>>) {
    super(description)
    this.kind = kind
    this.code = code
    this.parameters = parameters
  }
}

export const wrongShape = (what: string): Refused => new Refused('shape', 400, `Bad Request: ${what}`)
export const overLimit = (what: string): Refused => new Refused('limit', 400, `Bad Request: ${what}`)
export const wrongState = (what: string): Refused => new Refused('state', 400, `Bad Request: ${what}`)
export const forbidden = (what: string): Refused => new Refused('state', 403, `Forbidden: ${what}`)
