import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { type OpenedAssistant, openAssistant } from '../../src/answer/open.ts'
import { assembleBot } from '../../src/bot/bot.ts'
import { embeddedFile } from '../../src/embedded/home.ts'
import { botOf, folderOf, openState } from '../../src/homes/open.ts'
import { createInbox } from '../../src/inbox/inbox.ts'
import { sendOnce } from '../../src/inbox/once.ts'
import { memoryIn } from '../../src/inbox/stored-memory.ts'
import { createSchedule } from '../../src/telegram/schedule.ts'
import { startDelivery, watchToken } from '../../src/updates/delivery.ts'
import { type Standin, startStandin } from '../standin/standin.ts'

let opened: OpenedAssistant
let standin: Standin
let folder = ''
beforeAll(async () => {
  opened = await openAssistant(
    { corpus: 'corpus', index: 'index', encoder: 'index/encoder', models: 'data/models', downloadTimeout: 1000 },
    () => {},
  )
})
beforeEach(async () => {
  standin = await startStandin({ patienceMs: 10_000 })
  folder = await mkdtemp(join(tmpdir(), 'service-'))
})
afterEach(async () => {
  await standin.stop()
  await rm(folder, { recursive: true })
})

/** The whole service, as it is put together at a start, on this test's Telegram. */
async function start(log: (event: object) => void) {
  const store = await openState({ url: undefined, folder, secret: standin.token })
  const token = watchToken()
  const bot = await assembleBot({
    token: standin.token,
    apiRoot: standin.apiRoot,
    assistant: opened.assistant,
    library: opened.retrieval.library,
    topics: opened.topics,
    memory: memoryIn(store),
    schedule: createSchedule().schedule,
    throughGateway: sendOnce,
    intake(handlers) {
      const inbox = createInbox({ store, ...handlers, log })
      inbox.start()
      return { receive: inbox.receive, drain: () => inbox.drain(4000) }
    },
    log(event) {
      token.note(event)
      log(event)
    },
  })
  const isReady = () => store.check().then(() => true)
  const delivery = await startDelivery({
    gateway: bot.gateway,
    source: { kind: 'polling' },
    receive: bot.receive,
    drain: bot.drain,
    isReady,
    log,
  })
  return async () => {
    await delivery.stop()
    await store.close()
  }
}

test('questions are answered through the store, buttons work after a restart, and neither log nor file shows a question', {
  timeout: 60_000,
}, async () => {
  let logged = ''
  const log = (event: object) => (logged += `${JSON.stringify(event)}\n`)
  const person = standin.person({ id: 4711, first_name: '陳大文', language_code: 'zh-hant' })
  const chat = standin.privateChat(person)
  const stop = await start(log)
  chat.says('四川有甚麼青年實習的合作')
  const answer = await chat.nextMessage()
  expect(answer.text).toContain('川港')
  await stop()
  const buttons =
    answer.reply_markup?.inline_keyboard.flat().filter(({ callback_data: data }) => data !== undefined) ?? []
  expect(buttons.length).toBeGreaterThan(0)
  const stopAgain = await start(log)
  const toast = await person.presses(answer, buttons[0]?.text ?? '')
  expect(toast.outcome.kind).toBe('answered')
  await standin.quiet(100, 10_000)
  expect(
    standin.callsOf('sendMessage').length +
      standin.callsOf('editMessageText').length +
      standin.callsOf('sendRichMessage').length,
  ).toBeGreaterThan(1)
  await stopAgain()
  expect(standin.refusals).toEqual([])
  const file = (await readFile(embeddedFile(folderOf(folder, botOf(standin.token))))).toString('utf8')
  for (const secret of [standin.token, '青年實習的合作', '陳大文']) {
    expect(logged).not.toContain(secret)
    expect(file).not.toContain(secret)
  }
  expect(logged).not.toContain('4711')
})
