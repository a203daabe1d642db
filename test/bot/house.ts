import { expect } from 'vitest'
import { type BotOptions, inLanes, type RunningBot, startBot } from '../../src/bot/bot.ts'
import type { Assistant } from '../../src/model/answer.ts'
import { openRoom } from '../answer/room.ts'
import { type Standin, type StandinOptions, startStandin } from '../standin/standin.ts'

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
  const { assistant, retrieval, topics } = await openRoom()
  const telegram = options.telegram ?? (await startStandin(standin))
  const events: object[] = []
  let handling = 0
  telegram.isBusy = () => handling > 0
  const bot = await startBot({
    token: telegram.token,
    apiRoot: telegram.apiRoot,
    assistant: wrap(assistant),
    library: retrieval.library,
    topics,
    log: (event) => events.push(event),
    intake: ({ handle }) =>
      inLanes({
        async handle(update) {
          handling += 1
          await handle(update).finally(() => {
            handling -= 1
          })
        },
      }),
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
