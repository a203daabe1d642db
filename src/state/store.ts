import { type AwayReason, describeReason } from './reasons.ts'
import { type Namespace, retention } from './retention.ts'

/** An update on its way into the store. */
export interface NewUpdate {
  /**
   * Tells the update from all others, and is the same when it comes again; at most once is each accepted. A whole
   * number below 2⁵³.
   */
  readonly id: number
  /** Updates of one lane are handled one after the other, in the order of their arrival. 1 to 200 characters. */
  readonly lane: string
  readonly body: string
  /** After this many milliseconds nobody wants the answer any more: it is dropped. */
  readonly lifetimeMs: number
}

/** The right to handle the first update of a lane. It ends by itself unless renewed. */
export interface Lease {
  readonly lane: string
  /** Rises with every lease that is given: a later holder has a higher one. */
  readonly token: number
  readonly update: { readonly id: number; readonly body: string }
  /** What was recorded while this update was handled before, by key. */
  readonly sent: ReadonlyMap<string, string>
  /** How often handling began, this time included, without an end being reported. */
  readonly begun: number
  /** How often it was put back as `unreachable`. */
  readonly failed: number
}

export interface Claimed {
  readonly leases: readonly Lease[]
  /** Updates dropped because nobody wants their answer any more. */
  readonly expired: number
}

/**
 * `stopped`: handling did not begin or was given up in good order. `unreachable`: Telegram's fault. `broken`: counted
 * against the update.
 */
export type PutBackReason = 'stopped' | 'unreachable' | 'broken'

export interface Counts {
  readonly waiting: number
  readonly lanes: number
  readonly seen: number
}

/**
 * What must outlive the process. Every promise that resolves to a change does so after the change is durable in its
 * home.
 *
 * All methods throw StateError and nothing else.
 */
export interface Store {
  readonly home: 'embedded' | 'shared'
  /** Stores the updates that were never stored before and returns how many those are. All or none. */
  add(updates: readonly NewUpdate[]): Promise<number>
  /**
   * Takes the first update of up to `limit` lanes that nobody holds, longest waiting lane first. Lanes whose holder did
   * not renew for
   * `leaseMs` milliseconds are among them.
   */
  claim(owner: string, limit: number, leaseMs: number): Promise<Claimed>
  /** Holds the lanes for `leaseMs` more. Returns the tokens of those that were still held. */
  renew(leases: readonly Pick<Lease, 'lane' | 'token'>[], leaseMs: number): Promise<ReadonlySet<number>>
  /** Notes what was accepted while an update was handled, for whoever handles it again. */
  record(updateId: number, key: string, result: string): Promise<void>
  /**
   * The update is done: it leaves, its records too, and the lane is free for the next. Also after the lease was lost.
   */
  finish(lease: Lease): Promise<void>
  /** The lane may be claimed again after `delayMs`. Does nothing when the lease was lost. */
  putBack(lease: Lease, delayMs: number, reason: PutBackReason): Promise<void>
  counts(): Promise<Counts>

  get(namespace: Namespace, key: string): Promise<string | undefined>
  /** The value is kept for as long as the namespace says. At most 4 Mi characters; key 1 to 200 characters. */
  set(namespace: Namespace, key: string, value: string): Promise<void>
  /**
   * Replaces the value by what `change` makes of it, with nobody in between; `undefined` removes it. `change` may be
   * called again.
   */
  change(
    namespace: Namespace,
    key: string,
    change: (old: string | undefined) => string | undefined,
  ): Promise<string | undefined>
  remove(namespace: Namespace, key: string): Promise<void>

  /**
   * Removes what is past its time. Reading never gives such a thing, so this is for the disk only; call it every minute
   * or so.
   */
  sweep(): Promise<void>
  /** Resolves when the home can be written to: it takes an update, and what was refused last. */
  check(): Promise<void>
  close(): Promise<void>
}

/** What the homes tell the log. `seconds`: since the home was first away, whole ones. */
export type StoreEvent =
  | { readonly event: 'store away'; readonly reason: AwayReason }
  /** Once a minute as long as it lasts, and at once when the reason is a new one. */
  | { readonly event: 'store still away'; readonly reason: AwayReason; readonly seconds: number }
  | { readonly event: 'store back'; readonly seconds: number }
  /** Waiting updates and values of an older layout, or sealed with the token before, are this bot's now. */
  | { readonly event: 'state taken over'; readonly from: string; readonly updates: number; readonly values: number }
  /** Something is there that this token does not open: it is neither used nor removed. */
  | { readonly event: 'state left alone'; readonly where: string; readonly what: string }
  /** Updates that another token sealed: each waits for whoever has that token, or for its end. */
  | { readonly event: 'updates of another token'; readonly count: number }

/**
 * `away`: the home does not take what it is given, for a `reason`; it may come back. `full`: too many updates wait.
 * `too new`: a newer version wrote the state. `too large`: the caller's value or key. `damaged`: the state cannot be
 * read. `in use`: another process uses it. `foreign`: it is another bot's. `refused`: what was asked for cannot be done.
 */
export type StateErrorKind = 'away' | 'full' | 'too new' | 'too large' | 'damaged' | 'in use' | 'foreign' | 'refused'

/** The message holds no address, no password and nothing that people typed. */
export class StateError extends Error {
  override readonly name = 'StateError'
  readonly kind: StateErrorKind
  /** Why the home is away; undefined for all other kinds. */
  readonly reason: AwayReason | undefined

  constructor(kind: StateErrorKind, message: string, reason?: AwayReason) {
    super(message)
    this.kind = kind
    this.reason = reason
  }
}

export const isAway = (error: unknown): boolean => error instanceof StateError && error.kind === 'away'

/** `what`: as in "write the state". */
export const away = (what: string, reason: AwayReason): StateError =>
  new StateError('away', `Cannot ${what}: ${describeReason(reason)}`, reason)

/** What a home says of things that were sealed with another token of the same bot. */
export const sealedBefore =
  'what another token of this bot sealed. To take it over, start once with that one in BOT_TOKEN_BEFORE'

/**
 * Version of what is stored. A home refuses a higher one and migrates a lower one. 2: everything of people is sealed,
 * and their ids in keys are hashed; in a file every record has a checksum.
 */
export const formatVersion = 2

/** Limits that both homes keep; smaller in tests. */
export interface Bounds {
  /** Updates that may wait; 100,000 unless told. */
  readonly maxWaiting: number
  /** Update ids that are remembered; 100,000 unless told. */
  readonly seenWindow: number
}
export const defaultBounds: Bounds = { maxWaiting: 100_000, seenWindow: 100_000 }

export const longestValue = 4_194_304
const longestKey = 200

export function checkKey(key: string): void {
  if (key.length === 0 || key.length > longestKey)
    throw new StateError('too large', `Cannot use a key of ${key.length} characters: 1 to ${longestKey} are allowed`)
}

export function checkValue(key: string, value: string): void {
  checkKey(key)
  if (value.length > longestValue)
    throw new StateError(
      'too large',
      `Cannot store a value of ${value.length} characters: at most ${longestValue} are allowed`,
    )
}

export const tooNew = (found: number): StateError =>
  new StateError(
    'too new',
    `Cannot use the stored state: its format is ${found}, this version knows ${formatVersion}. Start the newer version, or restore an older back-up`,
  )

export const full = (waiting: number): StateError =>
  new StateError('full', `Cannot take more updates: ${waiting} wait already`)

export const lifetimeOf = (namespace: Namespace): number | undefined => retention[namespace].keptMs
