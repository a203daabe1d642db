import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { ListenError, listen } from '../../src/updates/listen.ts'

const servers = [createServer(), createServer()] as const
afterEach(async () => {
  for (const server of servers) if (server.listening) await new Promise((resolve) => server.close(resolve))
})
const at = (host: string | undefined, port: number) => ({ host, port, variable: 'PORT' })
const failure = (host: string, port: number) =>
  listen(servers[1], at(host, port)).then(
    () => 'it listens',
    (error: unknown) => (error instanceof ListenError ? error.message : String(error)),
  )

describe('listen()', () => {
  test('gives the port that the system chose, and leaves no listener of its own', async () => {
    const port = await listen(servers[0], at('127.0.0.1', 0))
    expect(port).toBe((servers[0].address() as AddressInfo).port)
    expect(servers[0].listenerCount('error')).toBe(0)
  })

  test('says that a port is taken, with the variable that names it', async () => {
    const port = await listen(servers[0], at('127.0.0.1', 0))
    expect(await failure('127.0.0.1', port)).toBe(
      `Cannot listen at 127.0.0.1:${port} (PORT): it is taken. End the process that listens there, or name another port`,
    )
  })

  test.each([
    ['a host that nobody knows', 'nohost.invalid', 'no such host is known here'],
    ['an address of another machine', '192.0.2.1', 'it is no address of this machine'],
  ])('says what is wrong with %s', async (_, host, words) => {
    expect(await failure(host, 0)).toContain(`Cannot listen at ${host}:0 (PORT): ${words}`)
  })

  test.each([
    ['EACCES', 'Ports below 1024 need special rights'],
    ['ENFILE', 'ENFILE'],
  ])('says what to do about %s', async (code, words) => {
    const server = createServer()
    const told = listen(server, at('::1', 80))
    server.emit('error', Object.assign(new Error('listen'), { code }))
    await expect(told).rejects.toThrow(words)
    await expect(told).rejects.toThrow('[::1]:80')
    await new Promise((resolve) => server.close(resolve))
  })
})
