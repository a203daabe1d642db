import type { LogEvent } from './log.ts'

export interface CalmOptions {
  /** Events of which one line in `everyMs` is enough, each with the fields that tell its kinds apart. */
  readonly repetitive: Readonly<Record<string, readonly string[]>>
  /** Milliseconds; a minute unless told. */
  readonly everyMs?: number
  /** Milliseconds that only go forward. */
  readonly now: () => number
}

/** Kinds that are remembered: a field with ever new values must not fill the memory. */
const mostKinds = 200

/**
 * The same log, except that of an event which may come thousands of times a minute (whoever finds the port of the
 * webhook can cause it) the first of each kind is written, and the next after `everyMs` says how many were left out.
 */
export function calmLog(
  log: (event: LogEvent) => void,
  { repetitive, everyMs = 60_000, now }: CalmOptions,
): (event: LogEvent) => void {
  const kinds = new Map<string, { saidAt: number; leftOut: number }>()
  return (event) => {
    const fields = Object.hasOwn(repetitive, event.event) ? repetitive[event.event] : undefined
    if (fields === undefined) {
      log(event)
      return
    }
    const values = event as LogEvent & Readonly<Record<string, unknown>>
    const kind = [event.event, ...fields.map((field) => String(values[field]))].join(' ')
    const known = kinds.get(kind)
    if (known !== undefined && now() - known.saidAt < everyMs) {
      known.leftOut += 1
      return
    }
    if (known === undefined && kinds.size >= mostKinds) kinds.clear()
    kinds.set(kind, { saidAt: now(), leftOut: 0 })
    log(known === undefined || known.leftOut === 0 ? event : { ...event, ...{ leftOut: known.leftOut } })
  }
}
