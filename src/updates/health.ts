import type { IncomingMessage, ServerResponse } from 'node:http'

/**
 * Why the service cannot do its work now, in words for the operator; empty when it can. No secrets, no addresses:
 * whoever reaches the port reads them. Rejecting counts as a reason.
 */
export type Reasons = () => Promise<readonly string[]>

/** Whatever it waits for must not hold up the answer. Milliseconds. */
const longestMs = 2500

/**
 * Answers `GET /health` (200 while the process turns) and `GET /ready` (200 when it can do its work, else 503 with the
 * reasons, one a line). False when the request asks for something else.
 */
export function answerHealth(request: IncomingMessage, response: ServerResponse, reasons: Reasons): boolean {
  if (request.method !== 'GET' && request.method !== 'HEAD') return false
  if (request.url === '/health') {
    say(response, 200, 'alive')
    return true
  }
  if (request.url !== '/ready') return false
  void inTime(reasons).then((found) =>
    found.length === 0 ? say(response, 200, 'ready') : say(response, 503, ['not ready', ...found].join('\n')),
  )
  return true
}

async function inTime(reasons: Reasons): Promise<readonly string[]> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<readonly string[]>((resolve) => {
    timer = setTimeout(resolve, longestMs, ['it cannot be told in time'])
  })
  try {
    return await Promise.race([reasons(), late])
  } catch {
    return ['it cannot be told']
  } finally {
    clearTimeout(timer)
  }
}

function say(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain', 'cache-control': 'no-store' }).end(`${text}\n`)
}
