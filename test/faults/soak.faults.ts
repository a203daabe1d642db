import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { startStandin } from '../standin/standin.ts'
import { quantile, until } from './answering.ts'
import { grepFolder } from './secrets.ts'

/** How long it lasts; 30 minutes unless the environment says otherwise. */
const minutes = Number(process.env.SOAK_MINUTES ?? 30)
const chats = 60
/** Below Telegram's 30 messages a second, with room for repetitions. */
const perSecond = 18

async function bytesIn(folder: string): Promise<number> {
  let bytes = 0
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true }))
    if (entry.isFile()) bytes += (await stat(join(entry.parentPath, entry.name))).size
  return bytes
}

test(`the service for ${minutes} minutes under 20 % faults: memory grows by less than 10 %, the disk stays bounded, nothing is lost`, {
  timeout: (minutes + 5) * 60_000,
}, async () => {
  const standin = await startStandin()
  const folder = await mkdtemp(join(tmpdir(), 'soak-'))
  const lines = (await readFile('test/evaluation/own-answerable.jsonl', 'utf8')).trim().split('\n')
  const queries = lines.map((line) => String((JSON.parse(line) as { readonly query: string }).query))
  const faults = [
    { kind: 'server error', code: 502 },
    { kind: 'reset' },
    { kind: 'half json' },
    { kind: 'page', status: 200 },
    { kind: 'empty' },
  ] as const
  for (const fault of faults)
    standin.fault(fault, { method: ['sendMessage', 'sendRichMessage', 'getUpdates'], probability: 0.044 })
  const service = spawn(
    process.execPath,
    ['--expose-gc', '--import', 'tsx', '--import', './test/faults/report-memory.ts', 'src/main.ts'],
    {
      env: { ...process.env, BOT_TOKEN: standin.token, TELEGRAM_API_ROOT: standin.apiRoot, DATA: folder },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  let output = ''
  for (const stream of [service.stdout, service.stderr])
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const memory: number[] = []
  const disk: number[] = []
  const askedIn = new Map<number, number>()
  const answeredIn = new Map<number, number>()
  let asked = 0
  const leaks: string[] = []
  const given: string[] = []
  const collect = async () => {
    for (const { method, outcome, params } of standin.calls.splice(0)) {
      const isAccepted =
        outcome.kind === 'answered' || outcome.kind === 'abandoned' || (outcome.kind === 'fault' && outcome.effect)
      if (isAccepted && /^send(?:Rich)?Message$/u.test(method))
        answeredIn.set(Number(params.chat_id), (answeredIn.get(Number(params.chat_id)) ?? 0) + 1)
    }
    standin.polls.length = 0
    for (const room of standin.world.rooms.values()) room.messages.clear()
    const complete = output.slice(0, output.lastIndexOf('\n') + 1)
    output = output.slice(complete.length)
    for (const line of complete.split('\n')) {
      if (line.startsWith('["memory"')) memory.push((JSON.parse(line) as [string, number, number])[2])
      else if (line.includes(standin.token) || queries.some((query) => line.includes(query))) leaks.push(line)
      else if (/given up|updates dropped/u.test(line)) given.push(line)
    }
    disk.push(await bytesIn(folder))
  }
  const end = Date.now() + minutes * 60_000
  while (Date.now() < end) {
    for (let second = 0; second < 10 && Date.now() < end; second += 1) {
      for (let count = 0; count < perSecond && standin.world.updates.pending.length < 300; count += 1) {
        const chat = (asked % chats) + 1
        standin
          .privateChat(standin.person({ id: chat, first_name: `P${chat}` }))
          .says(queries[asked % queries.length] ?? '')
        askedIn.set(chat, (askedIn.get(chat) ?? 0) + 1)
        asked += 1
      }
      await pause(1000)
    }
    await collect()
  }
  standin.heal()
  await until(
    async () => {
      await collect()
      return [...askedIn].every(([chat, count]) => (answeredIn.get(chat) ?? 0) >= count)
    },
    180_000,
    1000,
  )
  expect(service.exitCode).toBeNull()
  const gone = once(service, 'exit')
  service.kill('SIGTERM')
  await gone
  expect(service.exitCode).toBe(0)
  const quarter = Math.floor(memory.length / 4)
  const early = quantile(memory.slice(quarter, 2 * quarter), 0.5)
  const late = quantile(memory.slice(-quarter), 0.5)
  const growth = (late - early) / early
  const answers = [...answeredIn.values()].reduce((sum, count) => sum + count, 0)
  console.log(
    `${asked} questions in ${minutes} minutes, ${answers} messages: memory ${(early / 1e6).toFixed(1)} MB in the second quarter, ${(late / 1e6).toFixed(1)} MB in the last (${(growth * 100).toFixed(1)} %); disk at most ${(Math.max(...disk) / 1e6).toFixed(1)} MB`,
  )
  expect(growth).toBeLessThan(0.1)
  expect(Math.max(...disk)).toBeLessThan(50_000_000)
  expect(given).toEqual([])
  expect(leaks).toEqual([])
  expect(await grepFolder(folder, [standin.token, ...queries.slice(0, 40)])).toEqual([])
  await standin.stop()
  await rm(folder, { recursive: true })
})
