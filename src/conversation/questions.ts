import type { Answer } from '../model/answer.ts'
import { answerScreen } from '../screens/answer-screens.ts'
import { quoteScreen } from '../screens/other-screens.ts'
import type { Reader } from '../screens/reader.ts'
import type { Screen } from '../screens/screen.ts'
import { bare } from '../text/fold.ts'
import { type Desk, questionKey } from './desk.ts'
import type { KeptQuestion } from './kept.ts'
import type { Destination } from './outbox.ts'
import { answerAgain } from './show.ts'

/** A question of a person, with everything that its answer needs. */
export type Ask = {
  readonly destination: Destination
  /** The message that asks. */
  readonly message: number
  readonly person: number
  readonly query: string
  readonly reader: Reader
  /** True when the message was forwarded: then it is more likely a line to check than a question. */
  readonly isForwarded: boolean
  /** The question was asked before and its text changed: its answer is changed, not repeated. */
  readonly isEdit: boolean
  /** Earlier questions that it answers to, oldest first; the person's own latest ones when missing. */
  readonly leansOn?: readonly string[]
}

/** Fewest letters of a pasted line that is checked as a quotation before it is taken for a question. */
const quotedLetters = 20
const asksSomething =
  /[?？]|[嗎吗呢]\s*$|^(?:what|which|who|where|when|how|does|is|are|compare|list)\b|^(?:比較|比较|哪|邊|边|有沒有|有没有|有冇|幾多|几多|多少)/iu

/** The result of a quote check where a message is a quotation rather than a question. */
function checkedQuotation({ sources }: Desk, { query, isForwarded }: Ask) {
  if (
    bare(query).length < (isForwarded ? quotedLetters / 2 : quotedLetters) ||
    (!isForwarded && asksSomething.test(query))
  )
    return undefined
  const check = sources.assistant.checkQuote(query)
  return check.verdict === 'absent' && !isForwarded ? undefined : check
}

/** Kinds of answers that the next question cannot lean on. */
const isDeadEnd = (answer: Answer): boolean =>
  answer.kind === 'missing' && (answer.reason.kind === 'unclear' || answer.reason.kind === 'foreign')

/**
 * Where nothing durable tells a repeated update from a new one, a message that comes again within this time is the
 * same. Milliseconds.
 */
const repeatedWithin = 10_000

/**
 * Answers a question where it was asked, once however often Telegram delivers it, and remembers it for buttons and
 * follow-ups. Resolves with the kind of the answer, for the log.
 */
export async function answerQuestion(desk: Desk, ask: Ask): Promise<string> {
  const { kept, outbox, sources } = desk
  const { destination, message, person, query, reader } = ask
  const before = await kept.questionOf(person, destination.chat, message)
  // Only soon after, and in the same words: numbers of messages begin anew on another server.
  if (before?.answer !== undefined && !ask.isEdit && before.query === query && desk.now() - before.at < repeatedWithin)
    return 'answered before'
  if (before !== undefined && ask.isEdit && before.query === query) return 'unchanged'

  const context =
    ask.leansOn ??
    (await kept.contextOf(person, {
      chat: destination.chat,
      ...(destination.thread === undefined ? {} : { thread: destination.thread }),
      before: message,
    }))
  const question: KeptQuestion = {
    key: questionKey(destination.chat, message),
    chat: destination.chat,
    ...(destination.thread === undefined ? {} : { thread: destination.thread }),
    message,
    query,
    context: [...context],
    at: desk.now(),
  }
  const { screen, kind, isFollowable } = await outbox.whileTyping(
    destination,
    async (): Promise<{ screen: Screen; kind: string; isFollowable: boolean }> => {
      const check = checkedQuotation(desk, ask)
      if (check !== undefined)
        return { screen: quoteScreen(check, sources, reader), kind: `quote ${check.verdict}`, isFollowable: false }
      const answer = await answerAgain(desk, question)
      return {
        screen: answerScreen(answer, question, 0, sources, reader),
        kind: answer.kind,
        isFollowable: !isDeadEnd(answer),
      }
    },
  )
  const sent = await deliver(desk, ask, before?.answer, screen)
  // Kept even where no question can lean on it: an edit must find its answer.
  await kept.remember(person, { ...question, answer: sent, ...(isFollowable ? {} : { at: 0 }) })
  return kind
}

/** Changes the earlier answer, or sends a new one where there is none any more. */
async function deliver(
  desk: Desk,
  { destination, reader }: Ask,
  earlier: number | undefined,
  screen: Screen,
): Promise<number> {
  if (
    earlier !== undefined &&
    (await desk.outbox.edit({ chat: destination.chat, message: earlier }, screen, reader.asker)) !== 'gone'
  )
    return earlier
  return desk.outbox.send(destination, screen, reader.asker)
}
