import { quietly } from '../model/quietly.ts'
import { type Body, encodeBody, textsIn } from './body.ts'
import {
  type CallError,
  ConflictError,
  FloodedError,
  ForbiddenError,
  isCallError,
  MigratedError,
  RefusedError,
  refusalReason,
  StoppedError,
  safeDescription,
  UnauthorizedError,
  UnreachableError,
} from './errors.ts'
import { kindOf, type MethodKind, type MethodName, type Payload, type Result } from './methods.ts'
import type { Dispatcher } from './proxy.ts'
import { backoff, monotonicNow, sleep as realSleep, type Sleep } from './time.ts'

/** `urgent`: a person looks at a spinner. `bulk`: nobody asked just now. */
export type Priority = 'urgent' | 'normal' | 'bulk'

/** One request that wants to go out. */
export interface Turn {
  readonly method: MethodName | 'download'
  readonly chatId: number | string | undefined
  readonly priority: Priority
  /** 1 for the first request of a call. */
  readonly attempt: number
  /** Aborted when the call has no time left or is not wanted any more: the schedule must then reject. */
  readonly signal: AbortSignal
}

/**
 * Decides when a request goes out. Every request passes here, repetitions too, and `send` rejects with FloodedError on
 * a 429, so a schedule sees all it needs to keep Telegram's limits. The default sends at once.
 */
export type Schedule = <T>(turn: Turn, send: () => Promise<T>) => Promise<T>

/** What the log is told: names, ids, kinds and milliseconds. */
export type GatewayEvent =
  | {
      readonly event: 'call answered'
      readonly method: string
      readonly chatId: number | string | undefined
      readonly attempts: number
      readonly ms: number
    }
  | {
      readonly event: 'call repeated'
      readonly method: string
      readonly chatId: number | string | undefined
      readonly attempts: number
      readonly kind: string
      readonly waitMs: number
    }
  | {
      readonly event: 'call failed'
      readonly method: string
      readonly chatId: number | string | undefined
      readonly attempts: number
      readonly kind: string
      readonly ms: number
    }

/** Limits of one call. */
export interface CallLimits {
  /** One request with its whole answer. Milliseconds. */
  readonly deadlineMs: number
  /** All requests and the waits between them. Milliseconds. */
  readonly totalMs: number
  /** Requests at most. */
  readonly attempts: number
}

export interface CallOptions extends Partial<CallLimits> {
  readonly priority?: Priority
  /** Ends the call at once, wherever it is. */
  readonly signal?: AbortSignal | undefined
  /** Once aborted, no request is made again: one that is on its way may come to its end. */
  readonly finishing?: AbortSignal | undefined
  /** Awaited before every request, repetitions too; what it throws ends the call. */
  readonly beforeRequest?: (() => Promise<void>) | undefined
  /**
   * What to do when no proper answer came and Telegram may have carried the call out. `repeat` (default) may send a
   * message twice,
   * `fail` may not send it at all. Only methods that are not idempotent ask the question.
   */
  readonly whenUncertain?: 'repeat' | 'fail'
}

export interface GatewayOptions {
  readonly token: string
  /** `https://api.telegram.org` by default. */
  readonly apiRoot?: string
  /** How requests leave this machine, such as `throughProxy()`; at once by default. */
  readonly dispatcher?: Dispatcher | undefined
  readonly limits?: Partial<CallLimits>
  readonly schedule?: Schedule
  readonly log?: (event: GatewayEvent) => void
  /** Milliseconds. */
  readonly now?: () => number
  readonly sleep?: Sleep
  /** In [0, 1). */
  readonly random?: () => number
}

/** Throws CallError only, and TypeError for a file that is not given by its bytes. */
export interface Gateway {
  call<Method extends MethodName>(
    method: Method,
    payload: Payload<Method>,
    options?: CallOptions,
  ): Promise<Result<Method>>
  /** The bytes of a file whose `file_path` getFile gave; rejects when it has more than `maxBytes`. */
  download(filePath: string, options: CallOptions & { readonly maxBytes: number }): Promise<Uint8Array>
}

const defaultLimits: CallLimits = { deadlineMs: 15_000, totalMs: 60_000, attempts: 5 }

// An upload takes as long as the line is slow.
const uploadLimits = { deadlineMs: 60_000, totalMs: 180_000 }

// Later than this nobody sees the answer any more: an inline query lives about 15 s, "typing…" 5 s.
const methodLimits: Readonly<Record<string, Partial<CallLimits> & { readonly priority?: Priority }>> = {
  answerInlineQuery: { deadlineMs: 5_000, totalMs: 12_000, priority: 'urgent' },
  answerCallbackQuery: { deadlineMs: 5_000, totalMs: 15_000, priority: 'urgent' },
  answerGuestQuery: { deadlineMs: 5_000, totalMs: 30_000, priority: 'urgent' },
  sendChatAction: { deadlineMs: 4_000, totalMs: 4_000, attempts: 1 },
  // The polling loop waits and repeats by itself.
  getUpdates: { attempts: 1 },
}

// If the first request did take effect, the repetition is refused in these words: the call has succeeded. The result of
// a reply is wanted, so its success must not be guessed.
const doneBefore: Readonly<Partial<Record<MethodKind, RefusedError['reason']>>> = {
  edit: 'not modified',
  answer: 'query too old',
  delete: 'message gone',
}
const wasDoneBefore = (method: Turn['method'], error: CallError): boolean =>
  error.kind === 'refused' && doneBefore[kindOf(method)] === error.reason

const firstBackoffMs = 500
const longestBackoffMs = 10_000
/** Answers are small: the largest, 100 updates, stays well under a megabyte or two. */
const maxAnswerBytes = 20_000_000

/**
 * The one place through which the bot talks to Telegram.
 *
 * Repeated, with growing and jittered waits: 429 after the time it names, 5xx, network errors, answers that break off,
 * are empty or are not Telegram's, and answers that miss their deadline. Not repeated: every other refusal. The last
 * error is thrown when attempts or time run out; also at once when the wait would outlast the time.
 *
 * An answer that got lost leaves it open whether Telegram did the call. A message is then sent again, because an answer
 * that comes twice is a nuisance and one that never comes is a failure; `whenUncertain: 'fail'` turns that round for
 * what must come once at most. An edit, an answer to a query or a deletion that is refused on repetition as done
 * already counts as done: its result is `true`. Throws TypeError when `apiRoot` is no address.
 */
export function createGateway(options: GatewayOptions): Gateway {
  const apiRoot = checkedRoot(options.apiRoot ?? 'https://api.telegram.org')
  const {
    token,
    dispatcher,
    schedule = (_, send) => send(),
    now = monotonicNow,
    sleep = realSleep,
    random = Math.random,
  } = options
  const log = quietly(options.log)

  /** Makes requests until one is answered or no further one makes sense. */
  async function persist<T>(
    turn: Omit<Turn, 'attempt' | 'signal'>,
    limits: CallLimits,
    callOptions: CallOptions,
    request: (attempt: number, deadlineMs: number) => Promise<T>,
  ): Promise<T | true> {
    const { method, chatId } = turn
    const started = now()
    const { signal, finishing, beforeRequest } = callOptions
    let uncertain = false
    for (let attempt = 1; ; attempt += 1) {
      const left = () => limits.totalMs - (now() - started)
      const time = limitTime(left(), signal)
      let error: CallError
      try {
        signal?.throwIfAborted()
        const result = await schedule({ ...turn, attempt, signal: time.signal }, async () => {
          await beforeRequest?.()
          return request(attempt, Math.min(limits.deadlineMs, left()))
        })
        log({ event: 'call answered', method, chatId, attempts: attempt, ms: Math.round(now() - started) })
        return result
      } catch (thrown) {
        if (isCallError(thrown)) error = thrown
        else if (signal?.aborted) error = new StoppedError(method, attempt)
        else if (time.signal.aborted) error = new UnreachableError(method, attempt, 'deadline', 'none')
        else throw thrown
      } finally {
        time.release()
      }
      if (uncertain && wasDoneBefore(method, error)) {
        log({ event: 'call answered', method, chatId, attempts: attempt, ms: Math.round(now() - started) })
        return true
      }
      const waitMs = repetitionWait(error, attempt)
      const inTime = waitMs !== undefined && waitMs < left()
      uncertain ||= error.kind === 'unreachable' && error.effect === 'uncertain'
      const maySendTwice = uncertain && callOptions.whenUncertain === 'fail' && kindOf(method) === 'send'
      if (waitMs === undefined || !inTime || attempt >= limits.attempts || maySendTwice || finishing?.aborted) {
        log({
          event: 'call failed',
          method,
          chatId,
          attempts: attempt,
          kind: error.kind,
          ms: Math.round(now() - started),
        })
        throw error
      }
      log({ event: 'call repeated', method, chatId, attempts: attempt, kind: error.kind, waitMs })
      const pause = joined(signal, finishing)
      await sleep(waitMs, pause.signal)
        .catch(() => {
          throw signal?.aborted ? new StoppedError(method, attempt) : error
        })
        .finally(pause.release)
    }
  }

  /** Milliseconds to wait before a repetition; undefined when a repetition cannot help. */
  function repetitionWait(error: CallError, attempt: number): number | undefined {
    if (error.kind === 'flooded') return error.retryAfter * 1000 + 250 * random()
    return error.kind === 'unreachable' && error.failure !== 'answer too large'
      ? backoff(attempt, firstBackoffMs, longestBackoffMs, random)
      : undefined
  }

  return {
    async call<Method extends MethodName>(method: Method, payload: Payload<Method>, callOptions: CallOptions = {}) {
      const fields: Readonly<Record<string, unknown>> = payload
      const body = encodeBody(method, fields)
      const { priority = 'normal', ...limits }: CallLimits & { priority?: Priority } = {
        ...defaultLimits,
        ...options.limits,
        ...(body.kind === 'form' ? uploadLimits : {}),
        ...methodLimits[method],
        ...given(callOptions),
      }
      // A long poll is silent for its timeout before the deadline begins to count.
      const pollMs = method === 'getUpdates' ? Number(fields.timeout ?? 0) * 1000 : 0
      const withPoll = { ...limits, deadlineMs: limits.deadlineMs + pollMs, totalMs: limits.totalMs + pollMs }
      const chatId = fields.chat_id as number | string | undefined
      const url = `${apiRoot}/bot${token}/${method}`
      const result = await persist({ method, chatId, priority }, withPoll, callOptions, async (attempt, deadlineMs) => {
        const ways = { deadlineMs, maxBytes: maxAnswerBytes, signal: callOptions.signal, dispatcher }
        const { status, bytes } = await exchange(method, attempt, url, body, ways)
        return resultOf(method, attempt, status, bytes, token, fields)
      })
      return result as Result<Method>
    },

    async download(filePath, callOptions) {
      const limits = { ...defaultLimits, ...uploadLimits, ...options.limits, ...given(callOptions) }
      const url = `${apiRoot}/file/bot${token}/${filePath}`
      const bytes = await persist(
        { method: 'download', chatId: undefined, priority: callOptions.priority ?? 'normal' },
        limits,
        callOptions,
        async (attempt, deadlineMs) => {
          const ways = { deadlineMs, maxBytes: callOptions.maxBytes, signal: callOptions.signal, dispatcher }
          const { status, bytes } = await exchange('download', attempt, url, undefined, ways)
          if (status !== 200) resultOf('download', attempt, status, bytes, token, {})
          return bytes
        },
      )
      return bytes as Uint8Array
    },
  }
}

/** The root without a slash at its end. Throws TypeError; the root holds no secret. */
function checkedRoot(apiRoot: string): string {
  if (!URL.canParse(apiRoot) || !/^https?:/u.test(apiRoot))
    throw new TypeError(`Cannot use the API root "${apiRoot}": it must be an http or https address`)
  return apiRoot.replace(/\/+$/u, '')
}

/** Without what is undefined, which would hide a default. */
function given({
  deadlineMs,
  totalMs,
  attempts,
  priority,
}: CallOptions): Partial<CallLimits> & { priority?: Priority } {
  return Object.fromEntries(
    Object.entries({ deadlineMs, totalMs, attempts, priority }).filter(([, value]) => value !== undefined),
  )
}

/**
 * A signal that is aborted after `ms` or with `outer`. `release()` must follow: a call that leaves its listener on the
 * signal of the polling loop would leak for as long as the process lives (so does AbortSignal.any in some releases of
 * Node 20).
 */
function limitTime(ms: number, outer: AbortSignal | undefined): { readonly signal: AbortSignal; release(): void } {
  const controller = new AbortController()
  const abort = () => controller.abort()
  const timer = setTimeout(abort, Math.max(0, ms))
  if (outer?.aborted) abort()
  outer?.addEventListener('abort', abort)
  return {
    signal: controller.signal,
    release() {
      clearTimeout(timer)
      outer?.removeEventListener('abort', abort)
    },
  }
}

/** Aborted with the first of two signals; `release()` must follow, as above. */
function joined(
  one: AbortSignal | undefined,
  other: AbortSignal | undefined,
): { readonly signal: AbortSignal | undefined; release(): void } {
  if (one === undefined || other === undefined) return { signal: one ?? other, release: () => {} }
  const controller = new AbortController()
  const abort = () => controller.abort()
  if (one.aborted || other.aborted) abort()
  for (const signal of [one, other]) signal.addEventListener('abort', abort)
  return {
    signal: controller.signal,
    release() {
      for (const signal of [one, other]) signal.removeEventListener('abort', abort)
    },
  }
}

// The request never reached Telegram.
const neverSent =
  /^(?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ENETUNREACH|EHOSTUNREACH|ERR_INVALID_URL|UND_ERR_CONNECT_TIMEOUT|CERT_\w+|DEPTH_ZERO\w+|SELF_SIGNED\w+|UNABLE_TO_\w+|ERR_TLS_\w+)$/u

/** How one request is made, and when it is given up. */
interface Ways {
  readonly deadlineMs: number
  readonly maxBytes: number
  readonly signal: AbortSignal | undefined
  readonly dispatcher: Dispatcher | undefined
}

/** One request and its whole answer, within `deadlineMs`. Throws UnreachableError and StoppedError. */
async function exchange(
  method: string,
  attempt: number,
  url: string,
  body: Body | undefined,
  { deadlineMs, maxBytes, signal, dispatcher }: Ways,
): Promise<{ readonly status: number; readonly bytes: Uint8Array }> {
  const time = limitTime(deadlineMs, signal)
  let answering = false
  try {
    const init =
      body === undefined
        ? {}
        : {
            method: 'POST',
            ...(body.kind === 'json'
              ? { body: body.text, headers: { 'content-type': 'application/json' } }
              : { body: body.form }),
          }
    // Redirects are not followed: they would carry the token to another server.
    const response = await fetch(url, {
      ...init,
      redirect: 'manual',
      signal: time.signal,
      ...(dispatcher === undefined ? {} : { dispatcher }),
    })
    answering = true
    const chunks: Uint8Array[] = []
    let length = 0
    for await (const chunk of response.body ?? []) {
      length += chunk.length
      if (length > maxBytes) throw new UnreachableError(method, attempt, 'answer too large', 'uncertain')
      chunks.push(chunk)
    }
    return { status: response.status, bytes: Buffer.concat(chunks) }
  } catch (error) {
    if (isCallError(error)) throw error
    if (signal?.aborted) throw new StoppedError(method, attempt)
    if (time.signal.aborted) throw new UnreachableError(method, attempt, 'deadline', 'uncertain')
    const code = errorCode(error)
    if (answering) throw new UnreachableError(method, attempt, 'broken answer', 'uncertain', code)
    throw new UnreachableError(
      method,
      attempt,
      'network',
      code !== undefined && neverSent.test(code) ? 'none' : 'uncertain',
      code,
    )
  } finally {
    time.release()
  }
}

/** `ECONNRESET` and the like. The error itself goes no further: its text may hold the URL. */
function errorCode(error: unknown): string | undefined {
  const cause = error instanceof Error ? (error.cause ?? error) : error
  const code = typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : undefined
  return typeof code === 'string' && /^[A-Z][A-Z0-9_]*$/u.test(code) ? code : undefined
}

interface Answer {
  readonly ok: boolean
  readonly result?: unknown
  readonly error_code?: number
  readonly description?: string
  readonly parameters?: { readonly retry_after?: number; readonly migrate_to_chat_id?: number }
}

/** The result in Telegram's answer. Throws CallError when there is none. */
function resultOf(
  method: string,
  attempt: number,
  status: number,
  bytes: Uint8Array,
  token: string,
  payload: Readonly<Record<string, unknown>>,
): unknown {
  const answer = readAnswer(method, attempt, status, bytes)
  if (answer.ok) return answer.result
  const code = answer.error_code ?? status
  const { retry_after: retryAfter, migrate_to_chat_id: migrateToChatId } = answer.parameters ?? {}
  const raw = typeof answer.description === 'string' ? answer.description : ''
  const description = safeDescription(raw, token, textsIn(payload))
  if (code === 429 || retryAfter !== undefined) throw new FloodedError(method, attempt, retryAfter ?? 5)
  if (code >= 500) throw new UnreachableError(method, attempt, 'server error', 'uncertain', String(code))
  if (migrateToChatId !== undefined) throw new MigratedError(method, attempt, migrateToChatId)
  if (code === 401) throw new UnauthorizedError(method, attempt)
  if (code === 403) throw new ForbiddenError(method, attempt, description)
  if (code === 409) throw new ConflictError(method, attempt)
  throw new RefusedError(method, attempt, code, refusalReason(code, raw), description)
}

function readAnswer(method: string, attempt: number, status: number, bytes: Uint8Array): Answer {
  const text = Buffer.from(bytes).toString('utf8').trim()
  if (text === '') throw new UnreachableError(method, attempt, 'empty answer', 'uncertain', String(status))
  let answer: unknown
  try {
    answer = JSON.parse(text)
  } catch {
    // The web server before Telegram refuses what is too large with a page.
    if (status === 413) throw new RefusedError(method, attempt, status, 'too long', 'Request Entity Too Large')
    throw new UnreachableError(
      method,
      attempt,
      text.startsWith('{') ? 'broken answer' : 'foreign answer',
      'uncertain',
      String(status),
    )
  }
  if (typeof answer !== 'object' || answer === null || !('ok' in answer) || typeof answer.ok !== 'boolean') {
    throw new UnreachableError(method, attempt, 'foreign answer', 'uncertain', String(status))
  }
  return answer as Answer
}
