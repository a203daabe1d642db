import { crc32 } from 'node:zlib'
import * as lmdb from 'lmdb'
import { StateError } from '../state/store.ts'

export type Key = readonly (string | number)[]

/** The database as LMDB sees it: every value is bytes. */
export type Database = lmdb.RootDatabase<Buffer, lmdb.Key>

interface Range {
  readonly start: Key
  /** Not included. */
  readonly end: Key
  readonly limit?: number
}

/**
 * Records in a database: JSON behind four bytes of checksum (CRC-32, big-endian) of key and JSON, so that a record that
 * was changed by anything but this program is noticed wherever it is read. Writing is for the inside of a transaction.
 *
 * Reading throws StateError `damaged`.
 */
export interface Records {
  get(key: Key): unknown
  put(key: Key, value: unknown): void
  remove(key: Key): void
  /** All at once, so that what is found may be removed at once. */
  range(range: Range): readonly { readonly key: Key; readonly value: unknown }[]
  keys(range: Range): readonly Key[]
  count(range: Range): number
  /** Every key and its bytes, for a change of the format. */
  raw(): readonly { readonly key: Key; readonly bytes: Buffer }[]
  /** What was changed since the last call. */
  takeChanged(): Changed
}

/** What a transaction changes, for the room that it takes. */
export interface Changed {
  readonly records: number
  /** Of new values, as many as they may take: pages are at least half full, and long values have pages of their own. */
  readonly bytes: number
}

const longValue = 2000
const pageBytes = 4096

const checksumBytes = 4

// The package exports it, and forgets it in its types.
const { keyValueToBuffer } = lmdb as unknown as { readonly keyValueToBuffer: (key: Key) => Buffer }

/** The bytes of a key in the file. */
export const keyBytes = (key: Key): Buffer => keyValueToBuffer(key)

/** The package gives a key of one part as that part. */
const asKey = (key: unknown): Key => (Array.isArray(key) ? key : [key]) as Key

function encode(key: Key, value: unknown): Buffer {
  const json = Buffer.from(JSON.stringify(value))
  const bytes = Buffer.allocUnsafe(checksumBytes + json.length)
  bytes.writeUInt32BE(crc32(json, crc32(keyBytes(key))), 0)
  json.copy(bytes, checksumBytes)
  return bytes
}

/** Whether the bytes under a key are what was stored under it. */
export const isIntact = (key: Buffer, bytes: Buffer): boolean =>
  bytes.length > checksumBytes && bytes.readUInt32BE(0) === crc32(bytes.subarray(checksumBytes), crc32(key))

/** The value of a record that is intact. */
export const decode = (bytes: Buffer): unknown => JSON.parse(bytes.toString('utf8', checksumBytes))

/** `database`: asked for with every call, for it may be opened anew. */
export function recordsIn(database: () => Database): Records {
  let changed: Changed = { records: 0, bytes: 0 }

  function checked(key: Key, bytes: Buffer): unknown {
    if (isIntact(keyBytes(key), bytes)) return decode(bytes)
    throw new StateError('damaged', `Cannot read the state: the record ${key[0]} was changed. Restore a back-up`)
  }

  return {
    get(key) {
      const bytes = database().get(key as lmdb.Key)
      return bytes === undefined ? undefined : checked(key, bytes)
    },
    put(key, value) {
      const bytes = encode(key, value)
      const taken = bytes.length > longValue ? bytes.length + pageBytes : 2 * bytes.length
      changed = { records: changed.records + 1, bytes: changed.bytes + taken }
      database().putSync(key as lmdb.Key, bytes)
    },
    remove(key) {
      changed = { ...changed, records: changed.records + 1 }
      database().removeSync(key as lmdb.Key)
    },
    range: (range) =>
      [...database().getRange(range as never)].map(({ key, value }) => ({
        key: asKey(key),
        value: checked(asKey(key), value),
      })),
    keys: (range) => [...database().getKeys(range as never)].map(asKey),
    count: (range) => database().getKeysCount(range as never),
    raw: () => [...database().getRange({})].map(({ key, value }) => ({ key: asKey(key), bytes: value })),
    takeChanged() {
      const taken = changed
      changed = { records: 0, bytes: 0 }
      return taken
    },
  }
}
