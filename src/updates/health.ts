import type { IncomingMessage, ServerResponse } from 'node:http'

/** Whether the service can do its work now. Rejecting counts as no. */
export type IsReady = () => Promise<boolean>

/** A store that does not answer must not hold up the question whether it does. Milliseconds. */
const readyMs = 2000

/**
 * Answers `GET /health` (200 while the process turns) and `GET /ready` (200 when it can do its work, else 503).
 * False when the request asks for something else.
 */
export function answerHealth(request: IncomingMessage, response: ServerResponse, isReady: IsReady): boolean {
  if (request.method !== 'GET' && request.method !== 'HEAD') return false
  if (request.url === '/health') {
    say(response, 200, 'alive')
    return true
  }
  if (request.url !== '/ready') return false
  void ready(isReady).then((is) => say(response, is ? 200 : 503, is ? 'ready' : 'not ready'))
  return true
}

async function ready(isReady: IsReady): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(resolve, readyMs, false)
  })
  try {
    return await Promise.race([isReady(), late])
  } catch {
    return false
  } finally {
    clearTimeout(timer)
  }
}

function say(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain', 'cache-control': 'no-store' }).end(`${text}\n`)
}
