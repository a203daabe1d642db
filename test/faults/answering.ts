import { createInbox, type Inbox, type InboxEvent } from '../../src/inbox/inbox.ts'
import { sendOnce } from '../../src/inbox/once.ts'
import type { Store } from '../../src/state/store.ts'
import { createGateway, type Schedule } from '../../src/telegram/gateway.ts'
import { type Polling, startPolling } from '../../src/updates/polling.ts'
import type { Standin } from '../standin/standin.ts'

export interface Asked {
  readonly update_id: number
  readonly message?: { readonly text?: string; readonly chat: { readonly id: number } }
}

/** A bot in this process that answers every text with `<text>#1`. */
export function answerHere(
  standin: Standin,
  store: Store,
  options: {
    readonly schedule?: Schedule
    readonly log?: (event: InboxEvent) => void
    readonly concurrency?: number
  } = {},
) {
  const gateway = createGateway({
    token: standin.token,
    apiRoot: standin.apiRoot,
    ...(options.schedule === undefined ? {} : { schedule: options.schedule }),
  })
  const bot = sendOnce(gateway)
  const inbox: Inbox = createInbox<Asked>({
    store,
    ...(options.log === undefined ? {} : { log: options.log }),
    ...(options.concurrency === undefined ? {} : { concurrency: options.concurrency }),
    handle: async ({ message }) => {
      if (typeof message?.text === 'string')
        await bot.call('sendMessage', { chat_id: message.chat.id, text: `${message.text}#1` })
    },
  })
  inbox.start()
  const polling: Polling = startPolling({ gateway, onUpdates: inbox.receive, timeoutSeconds: 1, firstWaitMs: 50 })
  return {
    inbox,
    async stop() {
      await polling.stop()
      await inbox.drain()
    },
  }
}

/**
 * When each text arrived in its chat, in milliseconds of the stand-in's clock; several moments when it arrived several
 * times.
 */
export function arrivalsAt(standin: Standin): ReadonlyMap<string, readonly number[]> {
  const arrivals = new Map<string, number[]>()
  for (const { params, outcome, at } of standin.callsOf('sendMessage')) {
    if (outcome.kind !== 'answered' && outcome.kind !== 'abandoned' && !(outcome.kind === 'fault' && outcome.effect))
      continue
    const text = String(params.text)
    arrivals.set(text, [...(arrivals.get(text) ?? []), at])
  }
  return arrivals
}

export async function until(condition: () => boolean | Promise<boolean>, ms: number, everyMs = 50): Promise<void> {
  for (const end = Date.now() + ms; !(await condition()); ) {
    if (Date.now() > end) throw new Error(`It did not come true within ${ms} ms`)
    await new Promise((resolve) => setTimeout(resolve, everyMs))
  }
}

/** The value below which the given part (0 to 1) of all values lies. */
export const quantile = (values: readonly number[], part: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * part))] ?? 0
