import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Registry } from 'prom-client'
import { answerHealth, type IsReady } from '../updates/health.ts'

export interface OperationsOptions {
  readonly host: string
  /** 0 lets the system choose. */
  readonly port: number
  readonly metrics: Pick<Registry, 'metrics' | 'contentType'>
  readonly isReady: IsReady
}

/**
 * `/metrics`, `/health` and `/ready` for the operator, on an address of its own that the world should not reach:
 * 127.0.0.1, or a network of containers. Rejects when the port is taken.
 */
export async function startOperations({
  host,
  port,
  metrics,
  isReady,
}: OperationsOptions): Promise<{ readonly port: number; stop(): Promise<void> }> {
  const server = createServer((request, response) => {
    if (answerHealth(request, response, isReady)) return
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
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
  return {
    port: (server.address() as AddressInfo).port,
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
}
