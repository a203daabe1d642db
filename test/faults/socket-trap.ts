import { appendFileSync } from 'node:fs'
import { Socket } from 'node:net'

/**
 * Loaded before a process under test: writes `host:port` of every connection that it opens into the file SOCKET_TRAP,
 * one a line.
 */
const file = process.env.SOCKET_TRAP ?? ''

interface Target {
  readonly host?: string
  readonly port?: number | string
  readonly path?: string
}

// Every client of TCP, TLS and HTTP in Node ends here; `net.connect` hands over its arguments as one array.
const connect = Socket.prototype.connect
Socket.prototype.connect = function trapped(this: Socket, ...args: unknown[]): Socket {
  const [first, second] = Array.isArray(args[0]) ? (args[0] as unknown[]) : args
  const target: Target =
    typeof first === 'object' && first !== null
      ? first
      : { port: first as number, ...(typeof second === 'string' ? { host: second } : {}) }
  if (target.path === undefined || target.port !== undefined)
    appendFileSync(file, `${target.host ?? 'localhost'}:${target.port}\n`)
  return Reflect.apply(connect, this, args)
} as typeof connect
