import { openState } from '../../src/homes/open.ts'
import { createInbox } from '../../src/inbox/inbox.ts'
import { sendOnce } from '../../src/inbox/once.ts'
import { createGateway } from '../../src/telegram/gateway.ts'
import { startPolling } from '../../src/updates/polling.ts'
import { createWebhook } from '../../src/updates/webhook.ts'

/**
 * A bot that answers every text with some messages, as a process of its own, to be killed. It says on stdout, one JSON
 * array a line, what is on record: `["recorded", "text of the message"]`. By then that message must never be sent
 * again.
 */
interface Settings {
  readonly token: string
  readonly apiRoot: string
  readonly url: string | undefined
  readonly folder: string
  /** Port of the webhook; polls when undefined. */
  readonly port: number | undefined
  readonly secret: string
  /** Messages of one answer; 2 unless told. */
  readonly parts?: number
}

interface Asked {
  readonly update_id: number
  readonly message?: { readonly text?: string; readonly chat: { readonly id: number } }
}

const settings = JSON.parse(process.env.ANSWERING ?? '') as Settings
const say = (...words: readonly unknown[]) => process.stdout.write(`${JSON.stringify(words)}\n`)
const log = (event: object) => say('log', event)

const store = await openState({ url: settings.url, folder: settings.folder, secret: settings.token, log })
const gateway = createGateway({ token: settings.token, apiRoot: settings.apiRoot, limits: { deadlineMs: 2000 }, log })
const bot = sendOnce(gateway)
const inbox = createInbox<Asked>({
  store: {
    ...store,
    async record(id, key, result) {
      await store.record(id, key, result)
      say('recorded', id, key)
    },
    async finish(lease) {
      await store.finish(lease)
      say('finished', lease.update.id)
    },
  },
  log,
  handle: async ({ message }) => {
    if (message?.text === undefined) return
    for (let part = 1; part <= (settings.parts ?? 2); part += 1) {
      const text = `${message.text}#${part}`
      await bot.call('sendMessage', { chat_id: message.chat.id, text })
    }
  },
})
inbox.start()
if (settings.port === undefined)
  startPolling({ gateway, onUpdates: inbox.receive, timeoutSeconds: 1, firstWaitMs: 50, conflictWaitMs: 50, log })
else
  await createWebhook({
    port: settings.port,
    host: '127.0.0.1',
    path: '/hook',
    secret: settings.secret,
    receive: inbox.receive,
    isReady: async () => true,
    log,
  }).start()
say('ready')
setInterval(() => {
  // Only with --expose-gc: what is left then is what is held.
  globalThis.gc?.()
  const { rss, heapUsed, external } = process.memoryUsage()
  say('memory', rss, heapUsed + external)
}, 2000).unref()
