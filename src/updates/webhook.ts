import { createHash, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Gateway } from '../telegram/gateway.ts'
import type { IncomingUpdate } from '../telegram/methods.ts'
import { answerHealth, type IsReady } from './health.ts'
import { allowedUpdates } from './polling.ts'

export type WebhookEvent =
  /** Somebody who is not Telegram, or Telegram with an old secret. */
  | { readonly event: 'webhook refused'; readonly status: number }
  /** The update could not be stored; Telegram sends it again. */
  | { readonly event: 'update not taken' }

export interface WebhookOptions {
  /** 0 lets the system choose. */
  readonly port: number
  /** Address to listen at; all of the machine's unless told. */
  readonly host?: string
  /** Where Telegram sends to: the path of the public address. */
  readonly path: string
  /** What Telegram repeats in `X-Telegram-Bot-Api-Secret-Token`. 1 to 256 of `A-Za-z0-9_-`. */
  readonly secret: string
  /** Resolves when the updates are safe; Telegram forgets them then. */
  readonly receive: (updates: readonly IncomingUpdate[]) => Promise<void>
  readonly isReady: IsReady
  readonly log?: (event: WebhookEvent) => void
}

export interface Webhook {
  /** Listens; resolves with the port. Rejects when the port is taken. */
  start(): Promise<number>
  /** Takes no new requests and answers those that came, for `graceMs` at most. */
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
export function createWebhook({ port, host, path, secret, receive, isReady, log = () => {} }: WebhookOptions): Webhook {
  if (!/^[\w-]{1,256}$/u.test(secret))
    throw new TypeError('Cannot make a webhook: the secret must be 1 to 256 letters, digits, _ or -')
  const digest = (text: string) => createHash('sha256').update(text).digest()
  const expected = digest(secret)

  function refuse(request: IncomingMessage, response: ServerResponse, status: number): void {
    if (status !== 404) log({ event: 'webhook refused', status })
    // What is still on its way is not read.
    if (!request.complete) response.setHeader('connection', 'close')
    response.writeHead(status).end(() => {
      if (!request.complete) request.destroy()
    })
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (answerHealth(request, response, isReady)) return
    if (request.url !== path) return refuse(request, response, 404)
    if (request.method !== 'POST') return refuse(request, response, 405)
    const given = request.headers['x-telegram-bot-api-secret-token']
    // Of equal length, so that the time taken tells nothing.
    if (typeof given !== 'string' || !timingSafeEqual(digest(given), expected)) return refuse(request, response, 401)
    const body = await readBody(request)
    if (body === 'broken off') return
    if (body === 'too long') return refuse(request, response, 413)
    const update = parseUpdate(body)
    if (update === undefined) return refuse(request, response, 400)
    try {
      await receive([update])
    } catch {
      log({ event: 'update not taken' })
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
    start: () =>
      new Promise((resolve, reject) => {
        server.once('error', reject)
        server.listen(port, host, () => {
          server.off('error', reject)
          resolve((server.address() as AddressInfo).port)
        })
      }),
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

/** Tells Telegram where to send updates. Throws CallError. */
export async function registerWebhook(
  gateway: Pick<Gateway, 'call'>,
  { url, secret }: { readonly url: string; readonly secret: string },
): Promise<void> {
  await gateway.call('setWebhook', {
    url,
    secret_token: secret,
    max_connections: 40,
    allowed_updates: allowedUpdates,
  })
}
