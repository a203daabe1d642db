import { spawn, spawnSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface TestRedis {
  readonly url: string
  readonly folder: string
  /** Ends the server at once, as a power cut would. */
  kill(): Promise<void>
  /** Starts it again on the same port with the same data. */
  start(): Promise<void>
  /** Ends it and removes its data. */
  remove(): Promise<void>
}

const isInstalled = spawnSync('redis-server', ['--version']).status === 0

/**
 * Whether the tests of the shared state run: where Debian's `redis-server`, or another build of it, is installed, and
 * always with CI=true, so that nothing lands without them. Where they do not run, or cannot pass, that is said aloud.
 */
export const hasRedis: boolean = isInstalled || process.env.CI === 'true'
if (!isInstalled)
  console.warn(
    `\n${hasRedis ? 'FAILS' : 'SKIPPED'}: the tests of the shared state need redis-server, which is not installed here (Debian: apt-get install redis-server)\n`,
  )

const freePort = () =>
  new Promise<number>((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })

/** A Redis that answers every command but the first `answered` of each connection with the same line, such as `-LOADING …`. */
export async function startStubborn(line: string, answered = 0): Promise<{ readonly url: string; stop(): void }> {
  const server = createServer((socket) => {
    let count = 0
    socket.on('error', () => {})
    socket.on('data', (chunk) => {
      // Each command is an array of bulk strings; what is none gets an answer, too.
      for (const _ of chunk.toString('latin1').match(/^\*\d+\r$/gmu) ?? ['']) {
        socket.write(count < answered ? '+OK\r\n' : `${line}\r\n`)
        count += 1
      }
    })
  })
  const port = await new Promise<number>((resolve) =>
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : 0)
    }),
  )
  return { url: `redis://127.0.0.1:${port}/0`, stop: () => server.close() }
}

/** A Redis of its own on a free port, its data in a temporary folder, every write on disk before it is confirmed. */
export async function startRedis(more: Readonly<Record<string, string>> = {}): Promise<TestRedis> {
  const folder = await mkdtemp(join(tmpdir(), 'redis-'))
  const port = await freePort()
  let stop = async () => {}

  async function start(): Promise<void> {
    const options = {
      port,
      bind: '127.0.0.1',
      dir: folder,
      appendonly: 'yes',
      appendfsync: 'always',
      save: '',
      'maxmemory-policy': 'noeviction',
      daemonize: 'no',
      ...more,
    }
    const child = spawn(
      'redis-server',
      Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]),
      { stdio: ['ignore', 'pipe', 'ignore'] },
    )
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
    stop = async () => {
      child.kill('SIGKILL')
      await ended
    }
    await new Promise<void>((resolve, reject) => {
      let said = ''
      child.stdout.on('data', (chunk: Buffer) => {
        said += chunk.toString()
        if (said.includes('Ready to accept connections')) resolve()
      })
      child.once('error', reject)
      child.once('exit', () => reject(new Error(`redis-server ended: ${said.slice(-300)}`)))
    })
  }

  await start()
  return {
    url: `redis://127.0.0.1:${port}/0`,
    folder,
    start,
    kill: () => stop(),
    async remove() {
      await stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
