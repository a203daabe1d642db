import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { startStandin } from '../telegram/standin.ts'
import { quantile, until } from './answering.ts'
import { startAnswering } from './kills.ts'
import { grepFolder } from './secrets.ts'

/** How long it lasts; 30 minutes unless the environment says otherwise. */
const minutes = Number(process.env.SOAK_MINUTES ?? 30)
const chats = 40

async function bytesIn(folder: string): Promise<number> {
  const sizes = await Promise.all((await readdir(folder)).map(async (name) => (await stat(join(folder, name))).size))
  return sizes.reduce((sum, size) => sum + size, 0)
}

test(`${minutes} minutes under 20 % faults: memory grows by less than 10 %, the disk stays bounded, nothing is lost`, { timeout: (minutes + 5) * 60_000 }, async () => {
  const standin = await startStandin()
  const folder = await mkdtemp(join(tmpdir(), 'soak-'))
  const faults = [{ kind: 'server error', code: 502 }, { kind: 'reset' }, { kind: 'half json' }, { kind: 'page', status: 200 }, { kind: 'empty' }] as const
  for (const fault of faults) standin.fault(fault, { method: ['sendMessage', 'getUpdates'], probability: 0.044 })
  // Samples of memory are kept, the rest of the output is searched and let go.
  const bot = startAnswering(standin, { url: undefined, folder }, new Map(), undefined, ['--expose-gc'])
  await bot.ready
  const memory: number[] = []
  const disk: number[] = []
  const answered = new Set<string>()
  let asked = 0
  let leaks = 0
  const end = Date.now() + minutes * 60_000
  const collect = async () => {
    for (const { outcome, params } of standin.calls.splice(0)) if (outcome.kind !== 'refused') answered.add(String(params.text))
    standin.polls.length = 0
    for (const room of standin.world.rooms.values()) {
      room.messages.clear()
    }
    for (const line of bot.output.split('\n')) if (line.startsWith('["memory"')) memory.push((JSON.parse(line) as [string, number, number])[2])
    if (bot.output.includes(standin.token) || bot.output.includes('四川')) leaks += 1
    bot.output = ''
    disk.push(await bytesIn(folder))
    // Every question has two messages; what was answered whole need not be remembered.
    for (const text of answered) if (text.endsWith('#2')) answered.delete(text.replace(/#2$/u, '#1'))
  }
  while (Date.now() < end) {
    for (let second = 0; second < 10 && Date.now() < end; second += 1) {
      for (let count = 0; count < 30 && standin.world.updates.pending.length < 300; count += 1) {
        const chat = (asked % chats) + 1
        standin.privateChat(standin.person({ id: chat, first_name: `P${chat}` })).says(`四川金融第${asked}問`)
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
      return Array.from({ length: asked }, (_, index) => `四川金融第${index}問#2`).every((text) => answered.has(text))
    },
    120_000,
    1000,
  )
  expect(bot.child.exitCode).toBeNull()
  bot.child.kill('SIGKILL')
  await bot.exited
  const quarter = Math.floor(memory.length / 4)
  const early = quantile(memory.slice(quarter, 2 * quarter), 0.5)
  const late = quantile(memory.slice(-quarter), 0.5)
  const growth = (late - early) / early
  console.log(
    `${asked} questions in ${minutes} minutes: memory ${(early / 1e6).toFixed(1)} MB in the second quarter, ${(late / 1e6).toFixed(1)} MB in the last (${(growth * 100).toFixed(1)} %); disk at most ${(Math.max(...disk) / 1e6).toFixed(1)} MB`,
  )
  expect(growth).toBeLessThan(0.1)
  expect(Math.max(...disk)).toBeLessThan(50_000_000)
  expect(leaks).toBe(0)
  expect(await grepFolder(folder, [standin.token, '四川'])).toEqual([])
  await standin.stop()
  await rm(folder, { recursive: true })
})
