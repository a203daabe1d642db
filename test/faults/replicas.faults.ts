import { createServer, request as httpRequest } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createServer as createTcp } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createGateway } from '../../src/telegram/gateway.ts'
import { type Standin, startStandin } from '../standin/standin.ts'
import { hasRedis, startRedis, type TestRedis } from '../state/redis.ts'
import { until } from './answering.ts'
import { type AnsweringProcess, Stream, startAnswering } from './kills.ts'
import { grepFolder } from './secrets.ts'

const freePort = () =>
  new Promise<number>((resolve) => {
    const server = createTcp().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })

/** What stands before the replicas: sends each request to the next one, and answers 502 when that one is dead. */
async function startBalancer(ports: readonly number[]) {
  let turn = 0
  const server = createServer((request, response) => {
    const port = ports[turn++ % ports.length]
    const onwards = httpRequest(
      { host: '127.0.0.1', port, path: request.url, method: request.method, headers: request.headers },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502)
        answer.pipe(response)
      },
    )
    onwards.on('error', () => response.headersSent || response.writeHead(502).end())
    request.pipe(onwards)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    stop() {
      server.closeAllConnections()
      server.close()
    },
  }
}

describe.skipIf(!hasRedis)('two replicas on one Redis', () => {
  let redis: TestRedis
  let standin: Standin
  let replicas: AnsweringProcess[] = []
  let balancer: Awaited<ReturnType<typeof startBalancer>>
  let stream: Stream
  beforeEach(async () => {
    redis = await startRedis()
    standin = await startStandin()
    stream = new Stream(standin, 30)
    const ports = [await freePort(), await freePort()]
    replicas = ports.map((port) =>
      startAnswering(standin, { url: redis.url, folder: redis.folder }, stream.records, port),
    )
    await Promise.all(replicas.map(({ ready }) => ready))
    balancer = await startBalancer(ports)
    const gateway = createGateway({ token: standin.token, apiRoot: standin.apiRoot })
    await gateway.call('setWebhook', { url: balancer.url, secret_token: 'hook-secret' })
  })
  afterEach(async () => {
    for (const { child, exited } of replicas) {
      child.kill('SIGKILL')
      await exited
    }
    balancer.stop()
    await standin.stop()
    await redis.remove()
  })

  async function askFor(ms: number): Promise<void> {
    for (const end = Date.now() + ms; Date.now() < end; ) {
      if (standin.world.updates.pending.length < 300) for (let count = 0; count < 3; count += 1) stream.ask()
      await pause(20)
    }
  }

  /** The longest time that a chat waited from a question of its own to the next answer. Milliseconds. */
  function longestGap(from: number): number {
    const answers = standin.callsOf('sendMessage').filter(({ at }) => at > from)
    const last = new Map<unknown, number>()
    let longest = 0
    for (const { params, at } of answers) {
      longest = Math.max(longest, at - (last.get(params.chat_id) ?? from))
      last.set(params.chat_id, at)
    }
    return longest
  }

  test('one killed under load: nothing lost, and the other takes its chats over within 10 s', async () => {
    const asking = askFor(20_000)
    await pause(3000)
    const both = replicas.map(({ output }) => output.includes('"finished"'))
    const killedAt = Date.now()
    replicas[0]?.child.kill('SIGKILL')
    await asking
    await until(() => stream.isAnswered, 60_000, 200)
    const { asked, lost, doubledAfterRecord, doubledBefore, outOfOrder } = stream.tally()
    console.log(
      `${asked} questions: lost ${lost.length}, sent again although recorded ${doubledAfterRecord.length}, before the record ${doubledBefore}, longest gap ${longestGap(killedAt)} ms`,
    )
    expect(both).toEqual([true, true])
    expect({ lost, doubledAfterRecord, outOfOrder }).toEqual({ lost: [], doubledAfterRecord: [], outOfOrder: [] })
    expect(longestGap(killedAt)).toBeLessThanOrEqual(10_000)
    for (const { output } of replicas) expect(output).not.toMatch(/四川|stand-in-token/u)
  })

  test('Redis killed under load and back after 5 s: nothing lost, nothing recorded is sent again', async () => {
    const asking = askFor(15_000)
    await pause(3000)
    await redis.kill()
    await pause(5000)
    await redis.start()
    await asking
    await until(() => stream.isAnswered, 60_000, 200)
    const { asked, lost, doubledAfterRecord, outOfOrder } = stream.tally()
    console.log(
      `${asked} questions, Redis away for 5 s: lost ${lost.length}, sent again although recorded ${doubledAfterRecord.length}`,
    )
    expect({ lost, doubledAfterRecord, outOfOrder }).toEqual({ lost: [], doubledAfterRecord: [], outOfOrder: [] })
    expect(replicas.every(({ output }) => output.includes('store away') && output.includes('store back'))).toBe(true)
    expect(await grepFolder(redis.folder, [standin.token, '四川'])).toEqual([])
  })
})
