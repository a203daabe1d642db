import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openState } from '../../src/homes/open.ts'
import { createInbox, type InboxEvent } from '../../src/inbox/inbox.ts'
import { sendOnce } from '../../src/inbox/once.ts'
import type { Gateway } from '../../src/telegram/gateway.ts'
import { createBot } from '../../src/telegram/telegraf.ts'
import { createWebhook } from '../../src/updates/webhook.ts'
import { until } from './answering.ts'
import { fuzzedUpdates } from './fuzz.ts'

export interface FuzzOutcome {
  readonly handled: number
  readonly dropped: number
  readonly givenUp: number
  readonly waiting: number
  /** Statuses of the webhook, with how many of each. */
  readonly statuses: Readonly<Record<string, number>>
}

/**
 * Sends `count` fuzzed updates through store, lanes and a Telegraf bot, every hundredth of them through the webhook
 * too.
 */
export async function fuzz(count: number, seed: number): Promise<FuzzOutcome> {
  const folder = await mkdtemp(join(tmpdir(), 'fuzz-'))
  const store = await openState({ url: undefined, folder, secret: 'secret' })
  const events = { 'update handled': 0, 'updates dropped': 0, 'update given up': 0 }
  const log = (event: InboxEvent) => {
    if (event.event === 'updates dropped') events[event.event] += event.count
    else if (event.event === 'update handled' || event.event === 'update given up') events[event.event] += 1
  }
  const answers = {
    call: async () => ({ message_id: 1, date: 1, chat: { id: 1, type: 'private' } }),
    download: async () => new Uint8Array(),
  } as unknown as Gateway
  const bot = createBot(sendOnce(answers), {
    botInfo: {
      id: 1,
      is_bot: true,
      first_name: 'B',
      username: 'memoranda_bot',
      can_join_groups: true,
      can_read_all_group_messages: false,
      supports_inline_queries: true,
    },
  })
  bot.catch((error) => {
    throw error
  })
  bot.command('ask', (context) => context.reply('answer'))
  bot.on('text', (context) => context.reply(context.message.text))
  bot.on('inline_query', (context) => context.answerInlineQuery([]))
  bot.on('callback_query', (context) => context.answerCbQuery())
  const inbox = createInbox({
    store,
    log,
    firstWaitMs: 1,
    longestWaitMs: 2,
    handle: (update) => bot.handleUpdate(update as never),
  })
  inbox.start()
  const webhook = createWebhook({
    port: 0,
    host: '127.0.0.1',
    path: '/hook',
    secret: 'secret',
    receive: inbox.receive,
    isReady: async () => true,
  })
  const port = await webhook.start()
  const statuses: Record<string, number> = {}
  let batch: unknown[] = []
  let number = 0
  for (const update of fuzzedUpdates(count, seed)) {
    number += 1
    if (number % 100 === 0) {
      const headers = { 'x-telegram-bot-api-secret-token': 'secret' }
      const { status } = await fetch(`http://127.0.0.1:${port}/hook`, {
        method: 'POST',
        body: JSON.stringify(update),
        headers,
      })
      statuses[status] = (statuses[status] ?? 0) + 1
    } else batch.push(update)
    if (batch.length < 200 && number < count) continue
    await inbox.receive(batch)
    batch = []
    await until(() => store.counts().then(({ waiting }) => waiting < 2000), 30_000, 5)
  }
  await until(() => store.counts().then(({ waiting }) => waiting === 0), 60_000, 10).catch(() => {})
  const { waiting } = await store.counts()
  await webhook.stop()
  await inbox.drain()
  await store.close()
  await rm(folder, { recursive: true })
  return {
    handled: events['update handled'],
    dropped: events['updates dropped'],
    givenUp: events['update given up'],
    waiting,
    statuses,
  }
}
