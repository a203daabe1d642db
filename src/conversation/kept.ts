import { z } from 'zod'
import { unitId } from '../model/corpus.ts'
import { languages } from '../phrases/answers.ts'
import type { Settings } from '../screens/reader.ts'
import type { Memory } from './memory.ts'

const settings: z.ZodType<Settings> = z.object({
  language: z.enum(languages).optional(),
  script: z.enum(['printed', 'simplified']).optional(),
  length: z.enum(['short', 'normal', 'long']).optional(),
  /** Of a forum: the one topic that is answered in; all when missing. */
  thread: z.int().optional(),
})

/** A question that a person asked, for its buttons, follow-ups and corrections. */
const keptQuestion = z.object({
  key: z.string(),
  chat: z.number(),
  thread: z.number().optional(),
  /** The question's message. */
  message: z.number(),
  /** The bot's message that answers it. */
  answer: z.number().optional(),
  query: z.string(),
  /** Earlier questions that it may lean on, oldest first. */
  context: z.array(z.string()),
  /** Unix time, milliseconds. */
  at: z.number(),
})
export type KeptQuestion = z.infer<typeof keptQuestion>

/** A clause in a basket. Baskets of before hold ids alone. */
const collected: z.ZodType<{ readonly id: string; readonly by?: number | undefined }> = z.union([
  z.object({ id: unitId, by: z.number().optional() }),
  unitId.transform((id) => ({ id })),
])

const day = 86_400_000
export const keptFor = { questions: 30 * day, basket: 90 * day, closed: 30 * day } as const
/** Questions of one person. */
export const mostQuestions = 40
/** Clauses of one basket. */
export const mostCollected = 200
/** How long a question can be followed up. Milliseconds. */
const followedFor = { private: 6 * 3_600_000, group: 1_800_000 } as const
const followedQuestions = 3

const keys = {
  personSettings: (person: number) => `settings:${person}`,
  chatSettings: (chat: number) => `chat-settings:${chat}`,
  questions: (person: number) => `questions:${person}`,
  basket: (chat: number) => `basket:${chat}`,
  permission: (chat: number) => `permission:${chat}`,
  closed: (chat: number) => `closed:${chat}`,
}

const list = <T>(schema: z.ZodType<T>, value: unknown): readonly T[] => {
  const read = z.array(z.unknown()).safeParse(value)
  return read.success ? read.data.flatMap((item) => schema.safeParse(item).data ?? []) : []
}

/** What the bot keeps, by its meaning. What cannot be read any more counts as absent. */
export type Kept = ReturnType<typeof createKept>

export function createKept(memory: Memory, now: () => number = Date.now) {
  const readSettings = async (key: string): Promise<Settings> => settings.safeParse(await memory.get(key)).data ?? {}
  const changeSettings = (key: string, change: Settings) =>
    memory.update(key, (value) => ({ ...(settings.safeParse(value).data ?? {}), ...change }))
  const questions = async (person: number): Promise<readonly KeptQuestion[]> =>
    list(keptQuestion, await memory.get(keys.questions(person)))

  const collectedIn = async (chat: number) => list(collected, await memory.get(keys.basket(chat)))

  return {
    personSettings: (person: number) => readSettings(keys.personSettings(person)),
    chatSettings: (chat: number) => readSettings(keys.chatSettings(chat)),
    /** A value that is `undefined` goes back to the default. */
    changePersonSettings: (person: number, change: Settings) => changeSettings(keys.personSettings(person), change),
    changeChatSettings: (chat: number, change: Settings) => changeSettings(keys.chatSettings(chat), change),

    async question(person: number, key: string): Promise<KeptQuestion | undefined> {
      return (await questions(person)).find((one) => one.key === key)
    },
    async questionOf(person: number, chat: number, message: number): Promise<KeptQuestion | undefined> {
      return (await questions(person)).find((one) => one.chat === chat && one.message === message)
    },
    /** Remembers a question in the place of an earlier one with its key. */
    async remember(person: number, question: KeptQuestion): Promise<void> {
      await memory.update(
        keys.questions(person),
        (value) =>
          [...list(keptQuestion, value).filter(({ key }) => key !== question.key), question].slice(-mostQuestions),
        keptFor.questions,
      )
    },
    /** The questions that one asked there may lean on, oldest first. */
    async contextOf(
      person: number,
      where: { readonly chat: number; readonly thread?: number; readonly before?: number },
    ): Promise<readonly string[]> {
      const since = now() - (where.chat > 0 ? followedFor.private : followedFor.group)
      const here = (await questions(person)).filter(
        ({ chat, thread, at, message }) =>
          chat === where.chat &&
          thread === where.thread &&
          at >= since &&
          (where.before === undefined || message < where.before),
      )
      return here.slice(-followedQuestions).map(({ query }) => query)
    },

    async basket(chat: number): Promise<readonly string[]> {
      return (await collectedIn(chat)).map(({ id }) => id)
    },
    /** `by`: who put it there. */
    async collect(chat: number, id: string, by: number): Promise<'added' | 'there' | 'full'> {
      let outcome: 'added' | 'there' | 'full' = 'added'
      await memory.update(
        keys.basket(chat),
        (value) => {
          const clauses = list(collected, value)
          const isThere = clauses.some((clause) => clause.id === id)
          outcome = isThere ? 'there' : clauses.length >= mostCollected ? 'full' : 'added'
          return outcome === 'added' ? [...clauses, { id, by }] : clauses
        },
        keptFor.basket,
      )
      return outcome
    },
    /** Whether a person put everything there that a basket holds. */
    async isOwnBasket(chat: number, person: number): Promise<boolean> {
      return (await collectedIn(chat)).every(({ by }) => by === person)
    },
    clearBasket: (chat: number) => memory.delete(keys.basket(chat)),

    /** Whether the owner let a group in or shut it out; `undefined` when neither. */
    async permission(chat: number): Promise<boolean | undefined> {
      return z.boolean().safeParse(await memory.get(keys.permission(chat))).data
    },
    permit: (chat: number, allowed: boolean) => memory.update(keys.permission(chat), () => allowed),

    /**
     * Since when a chat has the bot blocked or removed, in milliseconds of Unix time; `undefined` where it can be
     * written to.
     */
    async closedSince(chat: number): Promise<number | undefined> {
      return z.number().safeParse(await memory.get(keys.closed(chat))).data
    },
    close: (chat: number) => memory.update(keys.closed(chat), (since) => since ?? now(), keptFor.closed),
    reopen: (chat: number) => memory.delete(keys.closed(chat)),

    /** True for the first who asks for this key, false for all others within the time. */
    async isFirst(key: string, keepMs: number): Promise<boolean> {
      let isFirst = false
      await memory.update(
        `once:${key}`,
        (value) => {
          isFirst = value === undefined
          return true
        },
        keepMs,
      )
      return isFirst
    },

    /** What was begun as the first came to nothing: the next who asks is the first. */
    notFirst: (key: string) => memory.delete(`once:${key}`),

    /** Everything that is kept of a person. */
    async forget(person: number): Promise<void> {
      await Promise.all(
        [keys.personSettings(person), keys.questions(person), keys.basket(person)].map((key) => memory.delete(key)),
      )
    },
    /** What is kept under a chat that somebody writes as: its settings and basket are the group's. */
    forgetAsChat: (chat: number) => memory.delete(keys.questions(chat)),
    /** A group became a supergroup: what was kept for it goes along. */
    async migrate(from: number, to: number): Promise<void> {
      for (const key of [keys.chatSettings, keys.basket, keys.permission]) {
        const value = await memory.get(key(from))
        if (value === undefined) continue
        await memory.update(key(to), (there) => there ?? value, key === keys.basket ? keptFor.basket : undefined)
        await memory.delete(key(from))
      }
    },
  }
}
