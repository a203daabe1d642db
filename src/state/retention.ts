/** Milliseconds. */
const day = 86_400_000

interface Kept {
  /** Milliseconds after the last write; undefined where it stays until someone removes it. */
  readonly keptMs: number | undefined
  readonly what: string
  readonly why: string
  /** Who or what removes it before its time. */
  readonly removedBy: string
}

/**
 * Everything that the store keeps, and for how long. The store takes the times from here, so the table in README and
 * the answer to /privacy, which are made from it, cannot promise something else.
 */
export const retention = {
  inbox: {
    keptMs: 8 * day,
    what: 'Messages and button presses that are not answered yet; after a day only who asked where and when',
    why: 'So that none is lost when the service stops or fails, and nobody waits for an answer that will not come',
    removedBy: 'The answer, as a rule within a second',
  },
  sent: {
    keptMs: day,
    what: 'Numbers of the messages that answer a question still being worked on',
    why: 'So that no answer is sent twice',
    removedBy: 'The last message of the answer',
  },
  seen: {
    keptMs: undefined,
    what: "Numbers of Telegram's last 100,000 updates",
    why: 'So that an update delivered twice is answered once',
    removedBy: 'Newer updates',
  },
  settings: {
    keptMs: 400 * day,
    what: 'Language, script and length that a person or a group chose',
    why: 'To answer as chosen',
    removedBy: '/forget',
  },
  questions: {
    keptMs: 30 * day,
    what: 'The last 40 questions of a person, with the place of their answers',
    why: 'For follow-up questions, corrections and the buttons under answers, also after a restart',
    removedBy: 'Newer questions, /forget',
  },
  baskets: {
    keptMs: 90 * day,
    what: 'Clauses that members put into the basket of a chat',
    why: 'To make the common note',
    removedBy: '/basket clear, /forget',
  },
  permissions: {
    keptMs: undefined,
    what: 'Groups that the owner let in or shut out',
    why: 'To serve the right groups',
    removedBy: 'The owner',
  },
  closed: {
    keptMs: 30 * day,
    what: 'Chats that blocked or removed the bot',
    why: 'To send nothing there',
    removedBy: 'Being added or unblocked',
  },
  once: {
    keptMs: day,
    what: 'That a button was pressed',
    why: 'So that it acts once however often it is pressed',
    removedBy: 'Time',
  },
} as const satisfies Readonly<Record<string, Kept>>

/** Where values live: everything in the table that is not part of the inbox. */
export type Namespace = Exclude<keyof typeof retention, 'inbox' | 'sent' | 'seen'>

/** `1 day`, `90 days`, `until removed`. */
export function keptFor(name: keyof typeof retention): string {
  const { keptMs } = retention[name] as Kept
  if (keptMs === undefined) return 'until removed'
  return keptMs === day ? '1 day' : `${keptMs / day} days`
}

/** The table as Markdown, for README. */
export function retentionTable(): string {
  const rows = Object.entries(retention).map(
    ([name, { what, why, removedBy }]) =>
      `| ${what} | ${why} | ${keptFor(name as keyof typeof retention)} | ${removedBy} |`,
  )
  return ['| What is kept | Why | For how long at most | Removed before that by |', '|---|---|---|---|', ...rows].join(
    '\n',
  )
}
