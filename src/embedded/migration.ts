import { StateError } from '../state/store.ts'
import type { TakingOver } from '../state/taking-over.ts'
import { lastText, place, type StoredResult, type StoredUpdate, type StoredValue } from './inbox.ts'
import type { Key, Records } from './records.ts'

/** What a change of the format works on, inside one write transaction. */
export interface Migrated {
  readonly records: Records
  /** Undefined for a store that is not sealed. */
  readonly takingOver: TakingOver | undefined
}

/** Turns format n into n + 1. `migrations[0]` turns 0 into 1. */
export type EmbeddedMigration = (state: Migrated) => void

/** Format 0 was a file without anything in it. */
export const migrations: readonly EmbeddedMigration[] = [() => {}, addChecksums]

/** Format 1 had records without checksums, ids in keys, and sealed only what people typed. */
function addChecksums({ records, takingOver }: Migrated): void {
  for (const { key, bytes } of records.raw()) records.put(key, parseFormat1(key, bytes))
  if (takingOver !== undefined) takeOver(records, takingOver)
}

/** The value of a record of format 1. Throws StateError `damaged`. */
export function parseFormat1(key: Key, bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString())
  } catch {
    throw new StateError('damaged', `Cannot use the state: its record ${key[0]} was changed. Restore a back-up`)
  }
}

/** Puts everything that can be opened under its new name, and leaves the rest. To be called in a write transaction. */
export function takeOver(
  records: Records,
  takingOver: TakingOver,
): { readonly updates: number; readonly values: number } {
  const at = place(records)
  let updates = 0
  let values = 0

  function move(from: Key, to: Key, value: StoredResult | StoredValue): void {
    const { until } = value
    records.remove(from)
    if (until !== undefined) records.remove(['expires', until, ...from])
    records.put(to, value)
    if (until !== undefined) records.put(['expires', until, ...to], true)
  }

  for (const [, id] of all(records, 'update')) {
    const stored = at.update(Number(id)) as StoredUpdate
    const { lane: before, number } = stored
    const taken = takingOver.update(Number(id), before, stored.body)
    if (taken === undefined) continue
    records.put(['update', Number(id)], { ...stored, ...taken })
    records.remove(['queue', before, number])
    records.put(['queue', taken.lane, number], Number(id))
    moveLane(before, taken.lane)
    updates += 1
  }

  /** Its holder is gone: it is free at once. */
  function moveLane(from: string, to: string): void {
    if (at.lane(to) === undefined) {
      records.put(['lane', to], { at: 0, token: 0, begun: 0, failed: 0 })
      records.put(['lanes', 0, to], true)
    }
    const old = at.lane(from)
    const isEmpty = records.count({ start: ['queue', from, 0], end: ['queue', from, Number.MAX_SAFE_INTEGER] }) === 0
    if (old === undefined || !isEmpty || from === to) return
    records.remove(['lane', from])
    records.remove(['lanes', old.at, from])
  }

  for (const key of all(records, 'sent')) {
    const [, id, name] = key as readonly [string, number, string]
    const stored = at.sent(id, name) as StoredResult
    const taken = takingOver.sent(id, name, stored.result)
    if (taken !== undefined) move(key, ['sent', id, taken.key], { ...stored, result: taken.result })
  }

  for (const key of all(records, 'value')) {
    const [, namespace, name] = key as readonly [string, string, string]
    const stored = at.value(namespace, name) as StoredValue
    const taken = takingOver.value(namespace, name, stored.value)
    if (taken === undefined) continue
    values += 1
    // What was stored since is newer.
    if (at.value(namespace, taken.key) === undefined)
      move(key, ['value', namespace, taken.key], { ...stored, value: taken.value })
    else {
      records.remove(key)
      if (stored.until !== undefined) records.remove(['expires', stored.until, ...key])
    }
  }
  return { updates, values }
}

const all = (records: Records, word: string): readonly Key[] =>
  // Numbers stand before texts.
  records.keys({ start: [word], end: [word, lastText] })
