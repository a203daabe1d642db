import { expect } from 'vitest'
import { type OpenedAssistant, openAssistant } from '../../src/answer/open.ts'
import { type BotOptions, type RunningBot, startBot } from '../../src/bot/bot.ts'
import { loadTopics } from '../../src/memorandum/topics.ts'
import type { Assistant } from '../../src/model/answer.ts'
import { type Standin, type StandinOptions, startStandin } from '../standin/standin.ts'

type House = OpenedAssistant & { readonly topics: Awaited<ReturnType<typeof loadTopics>> }
let opened: Promise<House> | undefined

/** The real assistant over the real corpus, opened once for a test file. */
export function openHouse(): Promise<House> {
  opened ??= (async () => {
    const house = await openAssistant(
      { corpus: 'corpus', index: 'index', encoder: 'index/encoder', models: 'data/models', downloadTimeout: 1000 },
      () => {},
    )
    return { ...house, topics: await loadTopics('corpus', house.retrieval.library) }
  })()
  return opened
}

export type Stage = {
  readonly telegram: Standin
  readonly bot: RunningBot
  readonly events: readonly object[]
  close(): Promise<void>
}

/**
 * The real bot on the stand-in, over HTTP. `wrap` may watch or disturb the assistant; what it does not touch stays
 * real.
 */
export async function raise(
  options: Partial<BotOptions> & {
    readonly standin?: StandinOptions
    readonly telegram?: Standin
    readonly wrap?: (assistant: Assistant) => Assistant
  } = {},
): Promise<Stage> {
  const { standin, wrap = (assistant) => assistant, ...rest } = options
  const house = await openHouse()
  const telegram = options.telegram ?? (await startStandin({ patienceMs: 8000, ...standin }))
  const events: object[] = []
  const bot = await startBot({
    token: telegram.token,
    apiRoot: telegram.apiRoot,
    assistant: wrap(house.assistant),
    library: house.retrieval.library,
    topics: house.topics,
    log: (event) => events.push(event),
    ...rest,
  })
  return {
    telegram,
    bot,
    events,
    async close() {
      await bot.stop()
      await telegram.stop()
    },
  }
}

/** Closes a stage on which no call may have been refused. */
export async function closeClean({ telegram, close }: Stage): Promise<void> {
  await close()
  expect(telegram.refusals.map(({ description }) => description)).toEqual([])
  expect(telegram.ownMistakes).toEqual([])
}
