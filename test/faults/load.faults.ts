import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openState } from '../../src/homes/open.ts'
import type { Store } from '../../src/state/store.ts'
import { createSchedule } from '../../src/telegram/schedule.ts'
import { type Standin, startStandin } from '../standin/standin.ts'
import { answerHere, arrivalsAt, quantile, until } from './answering.ts'
import { startAnswering } from './kills.ts'

let standin: Standin
let folder = ''
let store: Store | undefined
beforeEach(async () => {
  standin = await startStandin()
  folder = await mkdtemp(join(tmpdir(), 'load-'))
})
afterEach(async () => {
  await store?.close()
  store = undefined
  await standin.stop()
  await rm(folder, { recursive: true })
})

const says = (chat: number, text: string) =>
  standin.privateChat(standin.person({ id: chat, first_name: `P${chat}` })).says(text)

test('10,000 questions from 2,000 chats, 10 % of the sends failing: none lost, none answered twice', async () => {
  store = await openState({ url: undefined, folder, secret: standin.token })
  const method = 'sendMessage'
  standin.fault({ kind: 'server error', code: 502 }, { method, probability: 0.04 })
  standin.fault({ kind: 'reset' }, { method, probability: 0.03 })
  standin.fault({ kind: 'page', status: 503 }, { method, probability: 0.02 })
  standin.fault({ kind: 'flood', retryAfter: 1 }, { method, probability: 0.01 })
  // Telegram's limits would make this take an hour; its 429s are among the faults.
  const unlimited = { chatPerSecond: 1e6, chatBurst: 1e6, overallPerSecond: 1e6, groupPerMinute: 1e6 }
  const bot = answerHere(standin, store, { concurrency: 200, schedule: createSchedule({ limits: unlimited }).schedule })
  const asked: string[] = []
  for (let number = 0; number < 10_000; number += 1) {
    asked.push(`question ${number}`)
    says((number % 2000) + 1, `question ${number}`)
    if (number % 100 === 99) await until(() => standin.world.updates.pending.length < 500, 60_000, 5)
  }
  await until(async () => (await store?.counts())?.waiting === 0 && standin.world.updates.pending.length === 0, 600_000)
  await bot.stop()
  const arrivals = arrivalsAt(standin)
  const failures = standin.callsOf('sendMessage').filter(({ outcome }) => outcome.kind === 'fault').length
  const lost = asked.filter((text) => !arrivals.has(`${text}#1`))
  const doubled = asked.filter((text) => (arrivals.get(`${text}#1`) ?? []).length > 1)
  console.log(`${asked.length} questions, ${failures} failed sends: lost ${lost.length}, double ${doubled.length}`)
  expect(failures).toBeGreaterThan(900)
  expect({ lost, doubled }).toEqual({ lost: [], doubled: [] })
})

test('one process answers questions from the corpus, sustained', async () => {
  const lines = (await readFile('test/evaluation/own-answerable.jsonl', 'utf8')).trim().split('\n')
  const asked = lines.map((line) => String((JSON.parse(line) as { readonly query: string }).query))
  const settings = {
    BOT_TOKEN: standin.token,
    TELEGRAM_API_ROOT: standin.apiRoot,
    DATA: folder,
    MESSAGES_PER_SECOND: '1000',
    CONCURRENCY: '64',
    LOG_LEVEL: 'warn',
  }
  const service = spawn(process.execPath, ['--max-semi-space-size=64', '--import', 'tsx', 'src/main.ts'], {
    env: { ...process.env, ...settings },
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  const answers = () => standin.callsOf('sendMessage').length + standin.callsOf('sendRichMessage').length
  const questions = 6000
  const ask = (number: number) => says((number % 2000) + 1, `${asked[number % asked.length]}`)
  for (let number = 0; number < 300; number += 1) ask(number)
  await until(() => answers() >= 300, 60_000)
  const began = Date.now()
  for (let number = 300; number < 300 + questions; number += 1) {
    ask(number)
    if (number % 100 === 99) await until(() => standin.world.updates.pending.length < 1000, 60_000, 5)
  }
  await until(() => answers() >= 300 + questions, 120_000)
  const perSecond = Math.round((questions * 1000) / (Date.now() - began))
  const gone = once(service, 'exit')
  service.kill('SIGTERM')
  await gone
  console.log(`${perSecond} answers from the corpus a second`)
  // The figure is what counts; this only notices that something is badly wrong.
  expect(perSecond).toBeGreaterThan(100)
})

test('what is around the assistant gives at least 300 answers a second, sustained', async () => {
  const bot = startAnswering(standin, { url: undefined, folder, parts: 1 }, new Map())
  await bot.ready
  const questions = 6000
  for (let number = 0; number < 300; number += 1) says((number % 300) + 1, `warm ${number}`)
  await until(() => standin.callsOf('sendMessage').length >= 300, 60_000)
  const began = Date.now()
  for (let number = 0; number < questions; number += 1) {
    says((number % 500) + 1, `question ${number}`)
    if (number % 100 === 99) await until(() => standin.world.updates.pending.length < 1000, 60_000, 5)
  }
  await until(() => standin.calls.length >= 300 + questions, 120_000)
  const perSecond = Math.round((questions * 1000) / (Date.now() - began))
  bot.child.kill('SIGKILL')
  await bot.exited
  console.log(`${perSecond} answers a second`)
  expect(perSecond).toBeGreaterThanOrEqual(300)
})

test("a flooder of 1,000 messages keeps others waiting less than 2 s (p95), within Telegram's limits", async () => {
  store = await openState({ url: undefined, folder, secret: standin.token })
  const bot = answerHere(standin, store, { schedule: createSchedule().schedule })
  for (let number = 0; number < 1000; number += 1) says(666, `flood ${number}`)
  const askedAt = new Map<string, number>()
  for (let number = 0; number < 200; number += 1) {
    askedAt.set(`other ${number}`, Date.now())
    says((number % 100) + 1, `other ${number}`)
    await pause(80)
  }
  await until(() => [...askedAt.keys()].every((text) => arrivalsAt(standin).has(`${text}#1`)), 60_000, 500)
  const arrivals = arrivalsAt(standin)
  const waits = [...askedAt].map(([text, at]) => (arrivals.get(`${text}#1`)?.[0] ?? Number.POSITIVE_INFINITY) - at)
  console.log(
    `others waited ${Math.round(quantile(waits, 0.5))} ms (p50), ${Math.round(quantile(waits, 0.95))} ms (p95), ${Math.round(Math.max(...waits))} ms at most`,
  )
  expect(quantile(waits, 0.95)).toBeLessThan(2000)
  await bot.stop()
})
