const minute = 60_000
const day = 24 * 60 * minute

interface Kept {
  /** Milliseconds after the last write; undefined where it stays until someone removes it. */
  readonly keptMs: number | undefined
  /** Written so that only this bot can read it: it may hold what people typed. */
  readonly sealed: boolean
  readonly what: string
  readonly why: string
  /** Who or what removes it before its time. */
  readonly removedBy: string
}

/**
 * Everything that the store keeps, and for how long. The store takes the times from here, so the table in README and the answer to
 * /privacy, which are made from it, cannot promise something else.
 */
export const retention = {
  inbox: {
    keptMs: day,
    sealed: true,
    what: 'Messages and button presses that are not answered yet',
    why: 'So that none is lost when the service stops or fails',
    removedBy: 'The answer, as a rule within a second',
  },
  sent: {
    keptMs: day,
    sealed: true,
    what: 'Numbers of the messages that answer a question still being worked on',
    why: 'So that no answer is sent twice',
    removedBy: 'The last message of the answer',
  },
  seen: {
    keptMs: undefined,
    sealed: false,
    what: "Numbers of Telegram's last 100,000 updates",
    why: 'So that an update delivered twice is answered once',
    removedBy: 'Newer updates',
  },
  settings: { keptMs: 400 * day, sealed: false, what: 'Language, script and length that a person or a group chose', why: 'To answer as chosen', removedBy: '/forget' },
  context: { keptMs: 60 * minute, sealed: true, what: 'What the last question of a chat was about', why: 'To understand follow-up questions', removedBy: '/forget' },
  buttons: { keptMs: 90 * day, sealed: true, what: 'What the buttons under an answer lead to', why: 'So that buttons work after a restart', removedBy: '/forget' },
  baskets: { keptMs: 30 * day, sealed: false, what: 'Clauses that members put into the basket of a chat', why: 'To make the common note', removedBy: '/basket clear, /forget' },
  watches: {
    keptMs: undefined,
    sealed: false,
    what: 'Topics and provinces that a chat watches',
    why: 'To tell of new memoranda once',
    removedBy: 'The command that ends the watch, /forget',
  },
  chats: {
    keptMs: 400 * day,
    sealed: false,
    what: 'Whether a chat can be written to, and whether a group is admitted',
    why: 'To stop writing where the bot was removed',
    removedBy: '/forget, the removal of the bot',
  },
  pressed: { keptMs: 10 * minute, sealed: false, what: 'That a button was pressed', why: 'So that a button acts once however often it is pressed', removedBy: 'Time' },
  service: { keptMs: undefined, sealed: false, what: 'Settings of the service itself, of no person', why: 'To go on after a restart', removedBy: 'The owner' },
} as const satisfies Readonly<Record<string, Kept>>

/** Where values live: everything in the table that is not part of the inbox. */
export type Namespace = Exclude<keyof typeof retention, 'inbox' | 'sent' | 'seen'>

export const namespaces = Object.keys(retention).filter((name): name is Namespace => !['inbox', 'sent', 'seen'].includes(name))

/** `1 hour`, `90 days`, `until removed`. */
export function keptFor(name: keyof typeof retention): string {
  const { keptMs } = retention[name] as Kept
  if (keptMs === undefined) return 'until removed'
  const [count, unit] = keptMs % day === 0 ? [keptMs / day, 'day'] : keptMs % (60 * minute) === 0 ? [keptMs / (60 * minute), 'hour'] : [keptMs / minute, 'minute']
  return `${count} ${unit}${count === 1 ? '' : 's'}`
}

/** The table as Markdown, for README. */
export function retentionTable(): string {
  const rows = Object.entries(retention).map(([name, { what, why, removedBy }]) => `| ${what} | ${why} | ${keptFor(name as keyof typeof retention)} | ${removedBy} |`)
  return ['| What is kept | Why | For how long at most | Removed before that by |', '|---|---|---|---|', ...rows].join('\n')
}
