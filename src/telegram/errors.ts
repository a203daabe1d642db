/**
 * What can go wrong with a call to Telegram. Every class says whose fault it is and carries data to act on.
 *
 * Nothing here holds the token, a URL or a person's text: not the message, not the stack, not JSON, not `util.inspect`.
 * Therefore no error keeps a `cause`: undici's errors quote the URL, and Telegram's descriptions quote what was sent.
 */
abstract class GatewayError extends Error {
  readonly method: string
  /** How many requests were made, this one included. */
  readonly attempts: number

  constructor(method: string, attempts: number, what: string) {
    super(`Cannot ${method}: ${what}`)
    this.method = method
    this.attempts = attempts
  }

  override get name(): string {
    return this.constructor.name
  }
}

/** Why Telegram refused, as far as the bot does something about it. */
export type RefusalReason =
  | 'not modified'
  | 'query too old'
  | 'message gone'
  | 'reply gone'
  | 'chat not found'
  /** The bot may not write there. */
  | 'no right'
  | 'topic closed'
  | 'too long'
  | 'bad markup'
  | 'unknown method'
  | 'other'

/** Telegram understood and said no (400, 404, 413 and the like): repeating the call cannot help. */
export class RefusedError extends GatewayError {
  readonly kind = 'refused'
  readonly code: number
  readonly reason: RefusalReason
  /** Telegram's words without what they quote. */
  readonly description: string

  constructor(method: string, attempts: number, code: number, reason: RefusalReason, description: string) {
    super(method, attempts, `Telegram answered ${code}: ${description}`)
    this.code = code
    this.reason = reason
    this.description = description
  }
}

/** 401: the token is wrong or was withdrawn. Nothing works until the owner changes it. */
export class UnauthorizedError extends GatewayError {
  readonly kind = 'unauthorized'

  constructor(method: string, attempts: number) {
    super(method, attempts, 'Telegram does not accept the token (401): get a new one from @BotFather')
  }
}

/** 403: a person blocked the bot or a group removed it. */
export class ForbiddenError extends GatewayError {
  readonly kind = 'forbidden'
  readonly description: string

  constructor(method: string, attempts: number, description: string) {
    super(method, attempts, `Telegram answered 403: ${description}`)
    this.description = description
  }
}

/** 409: another process polls with the same token, or a webhook is set. */
export class ConflictError extends GatewayError {
  readonly kind = 'conflict'

  constructor(method: string, attempts: number) {
    super(method, attempts, 'another process receives the updates of this bot, or a webhook is set (409)')
  }
}

/** The group became a supergroup: its id is `migrateToChatId` from now on. */
export class MigratedError extends GatewayError {
  readonly kind = 'migrated'
  readonly migrateToChatId: number

  constructor(method: string, attempts: number, migrateToChatId: number) {
    super(method, attempts, `the group became the supergroup ${migrateToChatId}`)
    this.migrateToChatId = migrateToChatId
  }
}

/** 429: too fast. */
export class FloodedError extends GatewayError {
  readonly kind = 'flooded'
  /** Seconds until Telegram listens again. */
  readonly retryAfter: number

  constructor(method: string, attempts: number, retryAfter: number) {
    super(method, attempts, `Telegram asks to wait ${retryAfter} s (429)`)
    this.retryAfter = retryAfter
  }
}

/** How an answer failed to come. `foreign answer`: a body that is not Telegram's, such as a proxy's page. */
export type Failure =
  | 'network'
  | 'deadline'
  | 'server error'
  | 'foreign answer'
  | 'empty answer'
  | 'broken answer'
  | 'answer too large'

/** No proper answer came. */
export class UnreachableError extends GatewayError {
  readonly kind = 'unreachable'
  readonly failure: Failure
  /** `none`: the call certainly did nothing. `uncertain`: Telegram may have carried it out. */
  readonly effect: 'none' | 'uncertain'
  /** `ECONNREFUSED`, `502`; undefined where there is none. */
  readonly code: string | undefined

  constructor(method: string, attempts: number, failure: Failure, effect: 'none' | 'uncertain', code?: string) {
    super(
      method,
      attempts,
      `${failure}${code === undefined ? '' : ` (${code})`} after ${attempts} ${attempts === 1 ? 'attempt' : 'attempts'}`,
    )
    this.failure = failure
    this.effect = effect
    this.code = code
  }
}

/** The caller's signal was aborted. */
export class StoppedError extends GatewayError {
  readonly kind = 'stopped'

  constructor(method: string, attempts: number) {
    super(method, attempts, 'stopped')
  }
}

/** Everything that a call throws; tell them apart by `kind`. */
export type CallError =
  | RefusedError
  | UnauthorizedError
  | ForbiddenError
  | ConflictError
  | MigratedError
  | FloodedError
  | UnreachableError
  | StoppedError

export const isCallError = (error: unknown): error is CallError => error instanceof GatewayError

// Bad Request: message is not modified: specified new message content and reply markup are exactly the same …
const reasons: readonly (readonly [RegExp, RefusalReason])[] = [
  [/message is not modified/iu, 'not modified'],
  [/query is too old|query ID is invalid/iu, 'query too old'],
  [/message to be replied not found|QUOTE_TEXT_INVALID/iu, 'reply gone'],
  [/message to (?:edit|delete) not found|message can't be (?:edited|deleted)|MESSAGE_ID_INVALID/iu, 'message gone'],
  [/chat not found|CHAT_ID_INVALID|PEER_ID_INVALID/iu, 'chat not found'],
  [
    /not enough rights|have no rights|CHAT_(?:WRITE_FORBIDDEN|RESTRICTED|ADMIN_REQUIRED|SEND_\w+_FORBIDDEN)/iu,
    'no right',
  ],
  [/TOPIC_(?:CLOSED|DELETED)|message thread not found/iu, 'topic closed'],
  [/too long|Request Entity Too Large/iu, 'too long'],
  [/can't parse|entity|entities|BUTTON_|RESULT|START_PARAM/iu, 'bad markup'],
]

export function refusalReason(code: number, description: string): RefusalReason {
  if (code === 404) return 'unknown method'
  return reasons.find(([pattern]) => pattern.test(description))?.[1] ?? 'other'
}

/** Longest piece of a payload that may stand in a description by chance ("message", "chat"). */
const innocentLength = 8

/**
 * Telegram's description without what it quotes: texts in quotation marks, links, anything not ASCII, and the texts of
 * the payload. At most 200 characters.
 */
export function safeDescription(description: string, token: string, payloadTexts: Iterable<string>): string {
  let safe = description.replaceAll(token, '…')
  for (const text of payloadTexts) if (text.length > innocentLength) safe = safe.replaceAll(text, '…')
  return safe
    .replace(/"[\s\S]*"/u, '…')
    .replace(/(?<=^|[\s(:])'[\s\S]*'(?=$|[\s,.:)])/u, '…')
    .replace(/(?:https?|tg):\S+/giu, '…')
    .replace(/[^\x20-\x7e…]+/gu, '…')
    .slice(0, 200)
}
