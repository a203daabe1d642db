import { createServer } from 'node:http'
import type { Registry } from 'prom-client'
import { answerHealth, type Reasons } from '../updates/health.ts'
import { listen } from '../updates/listen.ts'

export interface OperationsOptions {
  readonly host: string
  /** 0 lets the system choose. */
  readonly port: number
  readonly metrics: Pick<Registry, 'metrics' | 'contentType'>
  readonly reasons: Reasons
}

/**
 * `/metrics`, `/health` and `/ready` for the operator, on an address of its own that the world should not reach:
 * 127.0.0.1, or a network of containers.
 * @throws {ListenError} with what to do.
 */
export async function startOperations({
  host,
  port,
  metrics,
  reasons,
}: OperationsOptions): Promise<{ readonly port: number; stop(): Promise<void> }> {
  const server = createServer((request, response) => {
    if (answerHealth(request, response, reasons)) return
    if (request.method !== 'GET' || request.url !== '/metrics') {
      response.writeHead(404).end()
      return
    }
    metrics.metrics().then(
      (text) => response.writeHead(200, { 'content-type': metrics.contentType }).end(text),
      () => response.writeHead(500).end(),
    )
  })
  server.headersTimeout = 5000
  server.requestTimeout = 5000
  const listening = await listen(server, { host, port, variable: 'METRICS_ADDRESS' })
  return {
    port: listening,
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
}
