import { createServer } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'

/** An http proxy on this machine that leads every connection to one port, whatever host was asked for. */
export interface TestProxy {
  readonly address: string
  /** `CONNECT` requests: host and port, and who asked. */
  readonly asked: readonly { readonly target: string; readonly authorization: string | undefined }[]
  stop(): Promise<void>
}

/** `status` 407 refuses everybody. */
export async function startProxy(port: number, status: 200 | 407 = 200): Promise<TestProxy> {
  const asked: { readonly target: string; readonly authorization: string | undefined }[] = []
  const sockets = new Set<Socket>()
  const server = createServer()
  server.on('connection', (socket) => sockets.add(socket))
  server.on('connect', ({ url = '', headers }, socket: Socket) => {
    asked.push({ target: url, authorization: headers['proxy-authorization'] })
    if (status !== 200) {
      socket.end(`HTTP/1.1 ${status} Proxy Authentication Required\r\n\r\n`)
      return
    }
    const onward = connect(port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n')
      onward.pipe(socket)
      socket.pipe(onward)
    })
    sockets.add(onward)
    for (const [one, other] of [
      [socket, onward],
      [onward, socket],
    ] as const) {
      one.on('error', () => other.destroy())
      one.on('close', () => other.destroy())
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve))
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}
