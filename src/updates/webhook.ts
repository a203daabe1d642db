import { createHash, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { IncomingUpdate } from '../telegram/methods.ts'
import { answerHealth, type Reasons } from './health.ts'
import { listen } from './listen.ts'
import { reasonOf } from './polling.ts'

export type WebhookEvent =
  /** Somebody who is not Telegram, or Telegram with an old secret. */
  | { readonly event: 'webhook refused'; readonly status: number }
  /** Telegram, by its secret, at another address than the one that it was told. Only `query` is taken all the same. */
  | { readonly event: 'webhook misdirected'; readonly how: Misdirection; readonly todo: string }
  /** The update could not be stored; Telegram sends it again. */
  | { readonly event: 'update not taken'; readonly reason: string }

/** What something between Telegram and here did to the address. */
export const misdirections = ['query', 'prefix added', 'prefix removed', 'another path'] as const
export type Misdirection = (typeof misdirections)[number]

export interface WebhookOptions {
  /** 0 lets the system choose. */
  readonly port: number
  /** Address to listen at; all of the machine's unless told. */
  readonly host?: string | undefined
  /** Where Telegram sends to: the path of the public address, with its query where it has one. */
  readonly path: string
  /** What Telegram repeats in `X-Telegram-Bot-Api-Secret-Token`. 1 to 256 of `A-Za-z0-9_-`. */
  readonly secret: string
  /** Resolves when the updates are safe; Telegram forgets them then. */
  readonly receive: (updates: readonly IncomingUpdate[]) => Promise<void>
  readonly reasons: Reasons
  readonly log?: (event: WebhookEvent) => void
}

export interface Webhook {
  /** Listens; resolves with the port. Rejects with ListenError. */
  start(): Promise<number>
  /** Takes no new requests and answers those that came, for `graceMs` at most. Once more does nothing. */
  stop(graceMs?: number): Promise<void>
}

/** Telegram's updates stay well under this. */
const longestBodyBytes = 1_048_576

/**
 * The server that Telegram sends updates to; TLS is the business of what stands before it. It also answers `/health`
 * and `/ready`.
 *
 * 200: stored. 401: without the secret. 400: not an update. 413: longer than 1 MiB. 404, 405: nothing is here. 503: not
 * stored, come again.
 */
export function createWebhook({ port, host, path, secret, receive, reasons, log = () => {} }: WebhookOptions): Webhook {
  if (!/^[\w-]{1,256}$/u.test(secret))
    throw new TypeError('Cannot make a webhook: the secret must be 1 to 256 letters, digits, _ or -')
  const digest = (text: string) => createHash('sha256').update(text).digest()
  const expected = digest(secret)

  /** Of equal length, so that the time taken tells nothing. */
  function hasSecret(request: IncomingMessage): boolean {
    const given = request.headers['x-telegram-bot-api-secret-token']
    return typeof given === 'string' && timingSafeEqual(digest(given), expected)
  }

  function refuse(request: IncomingMessage, response: ServerResponse, status: number): void {
    log({ event: 'webhook refused', status })
    // What is still on its way is not read.
    if (!request.complete) response.setHeader('connection', 'close')
    response.writeHead(status).end(() => {
      if (!request.complete) request.destroy()
    })
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (answerHealth(request, response, reasons)) return
    const how = misdirectionOf(request.url ?? '', path)
    // Anybody may ask for any path; what bears the secret was sent by Telegram and led astray on its way.
    if (how !== undefined && hasSecret(request)) log({ event: 'webhook misdirected', how, todo: remedies[how] })
    if (how !== undefined && how !== 'query') return refuse(request, response, 404)
    if (request.method !== 'POST') return refuse(request, response, 405)
    if (!hasSecret(request)) return refuse(request, response, 401)
    const body = await readBody(request)
    if (body === 'broken off') return
    if (body === 'too long') return refuse(request, response, 413)
    const update = parseUpdate(body)
    if (update === undefined) return refuse(request, response, 400)
    try {
      await receive([update])
    } catch (error) {
      log({ event: 'update not taken', reason: reasonOf(error) })
      response.writeHead(503, { 'retry-after': '1' }).end()
      return
    }
    response.writeHead(200).end()
  }

  const server = createServer((request, response) => {
    response.on('error', () => {})
    answer(request, response).catch(() => response.destroy())
  })
  server.headersTimeout = 10_000
  server.requestTimeout = 20_000
  server.keepAliveTimeout = 75_000

  return {
    start: () => listen(server, { host, port, variable: 'PORT' }),
    async stop(graceMs = 5000) {
      const closed = new Promise((resolve) => server.close(resolve))
      // A connection is idle, and closed, only after its last answer.
      const idle = setInterval(() => server.closeIdleConnections(), 20)
      const late = setTimeout(() => server.closeAllConnections(), graceMs)
      await closed
      clearInterval(idle)
      clearTimeout(late)
    },
  }
}

async function readBody(request: IncomingMessage): Promise<Buffer | 'too long' | 'broken off'> {
  if (Number(request.headers['content-length'] ?? 0) > longestBodyBytes) return 'too long'
  const chunks: Buffer[] = []
  let length = 0
  try {
    // Leaving the loop early must not destroy the request: the refusal is still to be sent.
    for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      length += chunk.length
      if (length > longestBodyBytes) return 'too long'
      chunks.push(chunk)
    }
  } catch {
    return 'broken off'
  }
  return Buffer.concat(chunks)
}

/** An object with a number; anything else is not from Telegram. */
function parseUpdate(body: Buffer): IncomingUpdate | undefined {
  let parsed: unknown
  try {
    parsed = JSON.parse(body.toString('utf8'))
  } catch {
    return undefined
  }
  if (typeof parsed !== 'object' || parsed === null || !('update_id' in parsed)) return undefined
  const id = parsed.update_id
  return typeof id === 'number' && Number.isSafeInteger(id) && id >= 0 ? { ...parsed, update_id: id } : undefined
}

const remedies: Readonly<Record<Misdirection, string>> = {
  query: 'Something between Telegram and here adds to the address. The updates are taken all the same',
  'prefix added': 'Let the proxy hand on the path as WEBHOOK_URL has it, or name the longer path in WEBHOOK_URL',
  'prefix removed': 'Let the proxy keep the whole path that WEBHOOK_URL has',
  'another path': 'Let the proxy hand on the path as WEBHOOK_URL has it',
}

/** How the address of a request differs from the one that Telegram was told; undefined when it does not. */
function misdirectionOf(asked: string, path: string): Misdirection | undefined {
  if (asked === path) return undefined
  const [askedPath = '', wantedPath = ''] = [asked, path].map((address) => address.split('?', 1)[0])
  if (askedPath === wantedPath) return 'query'
  if (wantedPath !== '/' && askedPath.endsWith(wantedPath)) return 'prefix added'
  return askedPath === '/' || wantedPath.endsWith(askedPath) ? 'prefix removed' : 'another path'
}
