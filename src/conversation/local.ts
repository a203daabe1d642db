import type { Library } from '../memorandum/library.ts'
import type { Topic } from '../memorandum/topics.ts'
import type { Assistant } from '../model/answer.ts'
import type { Language } from '../phrases/answers.ts'
import { nobody } from '../screens/reader.ts'
import { type Press, writeButton } from '../screens/views.ts'
import { addressedInPrivate } from './addressed.ts'
import type { Desk, Fingerprints, SelfTest } from './desk.ts'
import { createKept } from './kept.ts'
import { createMemory } from './memory.ts'
import { onSaid } from './messages.ts'
import type { Outbox } from './outbox.ts'
import { onPress } from './presses.ts'
import type { Chat, Person } from './said.ts'

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
  const desk: Desk = {
    sources: { assistant, library, topics, username: nobody },
    kept,
    outbox,
    now: Date.now,
    // Whoever sits at the machine owns it.
    owners: [person],
    groups: { kind: 'open' },
    fingerprints: { version: '0', index: '', encoder: '', ...fingerprints },
    selfTest,
    pace: () => 'good',
    surface: 'terminal',
  }
  const from: Person = { id: person, languageCode: codes[language] }
  const chat: Chat = { id: person, kind: 'private' }
  let messages = 0
  return {
    async say(text) {
      messages += 1
      await onSaid(desk, {
        chat,
        message: messages,
        from,
        asker: person,
        addressed: addressedInPrivate(text, nobody),
        isWordless: text === '',
        isEdit: false,
        isForwarded: false,
        at: 0,
        edition: '0',
      })
    },
    async press(press, message) {
      await onPress(desk, {
        id: '0',
        chat,
        from,
        target: { chat: chat.id, message },
        message,
        data: writeButton({ press }),
      })
    },
    language: async () => (await kept.personSettings(person)).language ?? language,
    choose: async (chosen) => void (await kept.changePersonSettings(person, { language: chosen })),
  }
}
