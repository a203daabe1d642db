import type { ServerResponse } from 'node:http'
import type { Fault } from './faults.ts'

const page =
  '<html><head><title>502 Bad Gateway</title></head><body><center><h1>502 Bad Gateway</h1></center></body></html>\n'

interface Refusal {
  readonly code: number
  readonly description: string
  readonly parameters?: Readonly<Record<string, number>>
}

/** The faults that are proper answers of Telegram's. */
function refusalOf(fault: Fault): Refusal | undefined {
  switch (fault.kind) {
    case 'flood':
      return {
        code: 429,
        description: `Too Many Requests: retry after ${fault.retryAfter}`,
        parameters: { retry_after: fault.retryAfter },
      }
    case 'server error':
      return { code: fault.code, description: fault.code === 500 ? 'Internal Server Error' : 'Bad Gateway' }
    case 'unauthorized':
      return { code: 401, description: 'Unauthorized' }
    case 'forbidden':
      return { code: 403, description: `Forbidden: ${fault.description}` }
    case 'conflict':
      return {
        code: 409,
        description:
          'Conflict: terminated by other getUpdates request; make sure that only one bot instance is running',
      }
    case 'migrated':
      return {
        code: 400,
        description: 'Bad Request: group chat was upgraded to a supergroup chat',
        parameters: { migrate_to_chat_id: fault.to },
      }
    case 'bad request':
      return { code: 400, description: `Bad Request: ${fault.description}` }
    default:
      return undefined
  }
}

/** Answers a call wrongly. `answer` is the proper answer where the method was carried out. */
export function answerBroken(response: ServerResponse, fault: Fault, answer: unknown): void {
  const json = JSON.stringify(answer ?? { ok: true, result: true })
  const half = json.slice(0, Math.ceil(json.length / 2))
  const contentType = { 'content-type': 'application/json' }
  const refusal = refusalOf(fault)
  if (refusal !== undefined) {
    const { code, description, parameters } = refusal
    response.writeHead(code, contentType).end(
      JSON.stringify({
        ok: false,
        error_code: code,
        description,
        ...(parameters === undefined ? {} : { parameters }),
      }),
    )
    return
  }
  switch (fault.kind) {
    case 'reset':
      response.socket?.resetAndDestroy()
      break
    case 'broken body':
      response.writeHead(200, { ...contentType, 'content-length': Buffer.byteLength(json) + 100 })
      response.write(half, () => response.socket?.destroy())
      break
    case 'half json':
      response.writeHead(200, contentType).end(half)
      break
    case 'page':
      response.writeHead(fault.status, { 'content-type': 'text/html' }).end(page)
      break
    case 'empty':
      response.writeHead(200, contentType).end()
      break
    case 'stall':
      response.writeHead(200, { ...contentType, 'content-length': Buffer.byteLength(json) })
      response.write(half)
      break
    case 'slow':
      setTimeout(() => response.writeHead(200, contentType).end(json), fault.ms)
      break
    case 'hang':
      // The connection stays open and silent until the server stops.
      break
  }
}
