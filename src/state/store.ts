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
  /** Updates dropped because another secret sealed them. */
  readonly unreadable: number
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
  /** The keys that begin with `prefix`, in no order. */
  keys(namespace: Namespace, prefix: string): Promise<readonly string[]>

  /**
   * Removes what is past its time. Reading never gives such a thing, so this is for the disk only; call it every minute
   * or so.
   */
  sweep(): Promise<void>
  /** Resolves when the home can be written to. */
  check(): Promise<void>
  close(): Promise<void>
}

/**
 * `away`: the home does not answer; it may come back. `full`: too many updates wait. `too new`: a newer version wrote
 * the state.
 * `too large`: the caller's value or key. `damaged`: the state cannot be read.
 */
export type StateErrorKind = 'away' | 'full' | 'too new' | 'too large' | 'damaged'

/** The message holds no address, no password and nothing that people typed. */
export class StateError extends Error {
  override readonly name = 'StateError'
  readonly kind: StateErrorKind

  constructor(kind: StateErrorKind, message: string) {
    super(message)
    this.kind = kind
  }
}

export const isAway = (error: unknown): boolean => error instanceof StateError && error.kind === 'away'

/** Version of what is stored. A home refuses a higher one and migrates a lower one. */
export const formatVersion = 1

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
