import { StateError } from '../state/store.ts'
import type { Reasons } from '../updates/health.ts'

export type ReadinessEvent =
  | { readonly event: 'ready' }
  /** `reasons` as /ready shows them. */
  | { readonly event: 'not ready'; readonly reasons: readonly string[] }

/** Why one part cannot do its work, in words for the operator; undefined when it can. */
export type Concern = () => string | undefined | Promise<string | undefined>

export interface ReadinessOptions {
  readonly concerns: readonly Concern[]
  /** Told of every change, and of the first answer. */
  readonly log: (event: ReadinessEvent) => void
  /** How often to ask without being asked. Milliseconds; 5,000 unless told. */
  readonly everyMs?: number
}

export interface Readiness {
  /** Asks the concerns, which are at it already when somebody asked just before. */
  readonly reasons: Reasons
  stop(): void
}

/** Whether the service can do its work: asked by whoever looks, and every few seconds for the log. */
export function watchReadiness({ concerns, log, everyMs = 5000 }: ReadinessOptions): Readiness {
  let asking: Promise<readonly string[]> | undefined
  let said: string | undefined

  async function ask(): Promise<readonly string[]> {
    const found = await Promise.all(
      concerns.map(async (concern) => {
        try {
          return await concern()
        } catch {
          return 'a part of the service does not tell how it is'
        }
      }),
    )
    const reasons = found.filter((reason) => reason !== undefined)
    // Numbers in a reason may change from one time to the next without anything to say.
    const gist = reasons.join('\n').replaceAll(/\d+/gu, '0')
    if (gist !== said) log(reasons.length === 0 ? { event: 'ready' } : { event: 'not ready', reasons })
    said = gist
    return reasons
  }

  const reasons = () => {
    asking ??= ask().finally(() => {
      asking = undefined
    })
    return asking
  }
  const timer = setInterval(() => void reasons().catch(() => {}), everyMs)
  timer.unref()
  return { reasons, stop: () => clearInterval(timer) }
}

/** What the store told whoever wrote, and what it answers when asked. */
export interface StoreWatch {
  /** An update could not be stored. */
  failed(error: unknown): void
  /** A write succeeded. */
  succeeded(): void
  readonly concern: Concern
}

/** Longer ago than this a failed write says nothing: what asks the store is then believed alone. Milliseconds. */
const rememberedMs = 60_000
/** How long the store may take to answer. Milliseconds. */
const storeMs = 2000

/**
 * Whether the store can be written to. A small write may pass where an update does not (a full disk has some bytes
 * left), so updates that could not be stored count until one was.
 */
export function watchStore(check: () => Promise<void>, now: () => number): StoreWatch {
  let failed: { readonly at: number; readonly why: string } | undefined

  async function isInTime(): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<false>((resolve) => {
      timer = setTimeout(resolve, storeMs, false)
    })
    try {
      return await Promise.race([check().then(() => true), late])
    } finally {
      clearTimeout(timer)
    }
  }

  return {
    failed(error) {
      failed = { at: now(), why: whyOf(error) }
    },
    succeeded() {
      failed = undefined
    },
    async concern() {
      try {
        if (!(await isInTime())) return 'the store does not answer'
      } catch (error) {
        return `the store cannot be written to${whyOf(error)}`
      }
      if (failed === undefined || now() - failed.at > rememberedMs) return undefined
      return `updates cannot be stored${failed.why}`
    },
  }
}

/** ` (no space)`: why the home is away or does not take it; nothing where that is not known. */
const whyOf = (error: unknown): string =>
  error instanceof StateError ? ` (${error.kind === 'away' ? (error.reason ?? 'away') : error.kind})` : ''

/** Events after which one update less is waiting. */
const ends: ReadonlySet<string> = new Set(['update handled', 'answer refused', 'update given up', 'updates dropped'])

export interface InboxWatch {
  /** Takes every event; those of the inbox tell that it moves. */
  note(event: { readonly event: string }): void
  /** Reads how many wait; to be asked every few seconds. */
  readonly concern: Concern
}

/** How long nothing may be done while updates wait. Milliseconds. */
const stuckMs = 60_000

/** Whether the inbox moves: updates wait and none has been done, here or by another replica, for a minute. */
export function watchInbox(waiting: () => Promise<number>, now: () => number): InboxWatch {
  let movedAt = now()
  let seen = 0
  return {
    note({ event }) {
      if (ends.has(event)) movedAt = now()
    },
    async concern() {
      // While the store does not answer, its own concern is told.
      const count = await waiting().catch(() => 0)
      if (count === 0 || count < seen) movedAt = now()
      seen = count
      const stillMs = now() - movedAt
      if (stillMs < stuckMs) return undefined
      return `the inbox does not move: ${count} updates wait, and none was done for ${Math.floor(stillMs / 1000)} s`
    },
  }
}
