import type { CallbackQuery, Message } from 'telegraf/types'
import type { Library } from '../memorandum/library.ts'
import type { Topic } from '../memorandum/topics.ts'
import type { Assistant } from '../model/answer.ts'
import type { Language } from '../phrases/answers.ts'
import { nobody } from '../screens/reader.ts'
import { type Press, writeButton } from '../screens/views.ts'
import { RefusedError } from '../telegram/errors.ts'
import type { Gateway } from '../telegram/gateway.ts'
import { createRichMessages } from '../telegram/rich-messages.ts'
import type { Desk, Fingerprints, SelfTest } from './desk.ts'
import { createKept } from './kept.ts'
import { createMemory } from './memory.ts'
import { onMessage } from './messages.ts'
import type { Outbox } from './outbox.ts'
import { onPress } from './presses.ts'

export type LocalOptions = {
  readonly assistant: Assistant
  readonly library: Library
  readonly topics: readonly Topic[]
  /** Takes what Telegram would show; `send` resolves with the number of the message. */
  readonly outbox: Outbox
  /** Until the person chooses another. */
  readonly language: Language
  readonly fingerprints?: Fingerprints | undefined
  readonly selfTest?: SelfTest | undefined
}

/** A private chat of one person with the bot, without Telegram. */
export type LocalChat = {
  /** Hands over what the person typed. */
  say(text: string): Promise<void>
  /** Presses a button of a message. */
  press(press: Press, message: number): Promise<void>
  language(): Promise<Language>
  choose(language: Language): Promise<void>
}

/** The one person, and the chat with them. */
const person = 1
/** Telegram's name for each language. */
const codes: Readonly<Record<Language, string>> = { hant: 'zh-hant', hans: 'zh-hans', en: 'en' }

/** What only Telegram can do. */
const absent: Gateway = {
  async call(method) {
    throw new RefusedError(method, 0, 404, 'unknown method', 'there is no Telegram here')
  },
  async download() {
    throw new RefusedError('getFile', 0, 404, 'unknown method', 'there is no Telegram here')
  },
}

/** The abilities of a private chat where there is no Telegram. What it remembers ends with the process. */
export function openLocalChat({
  assistant,
  library,
  topics,
  outbox,
  language,
  fingerprints,
  selfTest,
}: LocalOptions): LocalChat {
  const kept = createKept(createMemory())
  const me = { id: 0, is_bot: true, first_name: nobody, username: nobody } as Desk['me']
  const desk: Desk = {
    sources: { assistant, library, topics, username: nobody },
    kept,
    outbox,
    gateway: absent,
    me,
    now: Date.now,
    log: () => {},
    hash: String,
    // Whoever sits at the machine owns it.
    owners: [person],
    groups: { kind: 'open' },
    fingerprints: { version: '0', index: '', encoder: '', ...fingerprints },
    selfTest,
    rich: createRichMessages(false, Date.now),
    pace: () => 'good',
    surface: 'terminal',
  }
  const from = { id: person, is_bot: false, first_name: nobody, language_code: codes[language] }
  const chat = { id: person, type: 'private' as const, first_name: nobody }
  let messages = 0
  return {
    async say(text) {
      messages += 1
      await onMessage(desk, { message_id: messages, date: 0, chat, from, text } as Message, false)
    },
    async press(press, message) {
      const shown = { message_id: message, date: 0, chat, from: me, text: '' } as Message
      await onPress(desk, {
        id: '0',
        from,
        chat_instance: '0',
        data: writeButton({ press }),
        message: shown,
      } as CallbackQuery)
    },
    language: async () => (await kept.personSettings(person)).language ?? language,
    choose: async (chosen) => void (await kept.changePersonSettings(person, { language: chosen })),
  }
}
