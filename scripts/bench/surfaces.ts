import type { OpenedAssistant } from '../../src/answer/open.ts'
import { startBot } from '../../src/bot/bot.ts'
import { processorTime } from '../../src/evaluation/processor-time.ts'
import { startStandin } from '../../test/standin/standin.ts'

/** Runs before the clock counts, so that what is measured has been compiled. */
const warmUp = 20
/** Questions that are typed letter by letter. */
const typedQuestions = 20

/** Each run in milliseconds, by the clock and of processor time. */
export type Timed = { readonly clock: readonly number[]; readonly processor: readonly number[] }

async function timed(runs: number, run: (at: number) => Promise<unknown>): Promise<Timed> {
  const [clock, processor]: [number[], number[]] = [[], []]
  for (let at = -warmUp; at < runs; at += 1) {
    const began = performance.now()
    const taken = await processorTime(() => run(Math.abs(at) % runs))
    if (at < 0) continue
    clock.push(performance.now() - began)
    processor.push(taken)
  }
  return { clock, processor }
}

/**
 * From an update to the call that answers it, over HTTP on this machine, the server included: of a message in private,
 * and of an inline query at every letter typed.
 */
export async function timeSurfaces(
  { assistant, retrieval, topics }: OpenedAssistant,
  questions: readonly string[],
): Promise<{ readonly messages: Timed; readonly inline: Timed }> {
  const telegram = await startStandin()
  const bot = await startBot({
    token: telegram.token,
    apiRoot: telegram.apiRoot,
    assistant,
    library: retrieval.library,
    topics,
  })
  const person = telegram.person({ id: 7, first_name: 'Ada', language_code: 'zh-hant' })
  const chat = telegram.privateChat(person)
  const typed = questions
    .slice(0, typedQuestions)
    .flatMap((question) => [...question].map((_, at) => question.slice(0, at + 1)))
  try {
    const messages = await timed(questions.length, (at) => {
      chat.says(questions[at] ?? '')
      return chat.nextMessage()
    })
    return { messages, inline: await timed(typed.length, (at) => person.inline(typed[at] ?? '')) }
  } finally {
    await bot.stop()
    await telegram.stop()
  }
}
