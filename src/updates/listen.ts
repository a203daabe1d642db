import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Where to listen, and which variable says so. */
export interface ListenAt {
  /** Every address of the machine when undefined. */
  readonly host: string | undefined
  /** 0 lets the system choose. */
  readonly port: number
  /** `PORT`, for who must change it. */
  readonly variable: string
}

/** An address cannot be listened at. The message says where, why and what to do. */
export class ListenError extends Error {
  override readonly name = 'ListenError'
}

const unknownHost = 'no such host is known here. Name an address of this machine, such as 127.0.0.1'
const reasons: Readonly<Record<string, string>> = {
  EADDRINUSE: 'it is taken. End the process that listens there, or name another port',
  EACCES: 'it is not allowed. Ports below 1024 need special rights: name a higher one',
  EPERM: 'it is not allowed. Name another port',
  EADDRNOTAVAIL: 'it is no address of this machine. Name one that is, such as 127.0.0.1',
  EAFNOSUPPORT: 'this machine has no addresses of that kind. Name another, such as 127.0.0.1',
  ENOTFOUND: unknownHost,
  EAI_AGAIN: unknownHost,
}

/** Begins to listen; resolves with the port. @throws {ListenError} with what to do. */
export async function listen(server: Server, { host, port, variable }: ListenAt): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    const fail = (error: NodeJS.ErrnoException) => {
      const where = host === undefined ? `port ${port}` : `${host.includes(':') ? `[${host}]` : host}:${port}`
      const code = error.code ?? 'unknown'
      reject(new ListenError(`Cannot listen at ${where} (${variable}): ${reasons[code] ?? `${code}. Name another`}`))
    }
    server.once('error', fail)
    server.listen(port, host, () => {
      server.off('error', fail)
      resolve()
    })
  })
  return (server.address() as AddressInfo).port
}
