import { statSync } from 'node:fs'
import { describeReason, reasonOfSystem } from '../state/reasons.ts'
import { formatVersion, StateError } from '../state/store.ts'
import { examineFile, type FileFinding } from './file.ts'
import { decode, isIntact, keyBytes } from './records.ts'

/** What a file of the state holds. */
export interface Inspected {
  /** 0: nothing yet. */
  readonly format: number
  /** Updates that are not done. */
  readonly waiting: number
  /** The bot whose state it is, as its token begins; undefined before format 2. */
  readonly bot: string | undefined
}

const advice = 'Restore a back-up (npm run state -- restore FILE --replace)'

/** Only for a file that is not whole: to begin anew is to lose what is in it. */
const damaged = (path: string, what: string): StateError =>
  new StateError(
    'damaged',
    `Cannot use ${path}: it is damaged, ${what}. ${advice}, or move the file away to begin with nothing`,
  )

const refused = (path: string, what: string): StateError => new StateError('refused', `Cannot use ${path}: ${what}`)

const attempts = 5

/** The finding about a file that others may write to meanwhile: they are outrun in a few attempts, or it is `changed`. */
function examineUntilQuiet(path: string, onEntry: () => (key: Buffer, value: Buffer) => void): FileFinding {
  for (let attempt = 1; ; attempt += 1) {
    const finding = examineFile(path, onEntry())
    if (finding.kind !== 'changed' || attempt === attempts) return finding
  }
}

const formatKey = keyBytes(['format'])
const ownerKey = keyBytes(['owner'])
const waitingKey = keyBytes(['waiting'])

/**
 * Reads all of a file of the state, each page and each record, without LMDB and without a trace. Undefined when there
 * is none, or nothing in it. Throws StateError: `damaged` with what is wrong; `in use` when another process writes to it
 * without pause; `too new`; `refused` when it cannot be read, or holds something else.
 */
export function inspectFile(path: string, version = formatVersion): Inspected | undefined {
  let kept = new Map<string, Buffer>()
  let entries = 0
  let changed: string | undefined
  const finding = examineUntilQuiet(path, () => {
    kept = new Map()
    entries = 0
    changed = undefined
    return (key, bytes) => {
      entries += 1
      const isKept = [formatKey, ownerKey, waitingKey].some((wanted) => wanted.equals(key))
      if (isKept) kept.set(key.toString('latin1'), Buffer.from(bytes))
      if (changed === undefined && !isIntact(key, bytes)) changed = nameOf(key)
    }
  })
  switch (finding.kind) {
    case 'none':
      return undefined
    case 'changed':
      throw new StateError('in use', `Cannot read ${path}: another process writes to it`)
    case 'unreadable':
      throw refused(path, describeReason(reasonOfSystem(finding)))
    case 'other version':
      throw refused(
        path,
        `LMDB of version ${finding.version} wrote it, this program has version ${finding.known}. Start the program that wrote it, or restore a back-up`,
      )
    case 'damaged':
      throw damaged(path, finding.what)
    case 'whole':
      break
  }
  if (entries === 0) return { format: 0, waiting: 0, bot: undefined }
  const record = (key: Buffer) => kept.get(key.toString('latin1'))
  const format = formatOf(record(formatKey))
  if (format === undefined)
    throw record(formatKey) === undefined
      ? refused(path, 'it holds no state of this service. Set DATA to another folder, or restore a back-up')
      : damaged(path, 'its record format was changed')
  if (format > version) throw tooNewIn(path, format, version)
  if (format < 2) return { format, waiting: numberIn(record(waitingKey), 0), bot: undefined }
  if (changed !== undefined) throw damaged(path, `its record ${changed} was changed`)
  const owner = record(ownerKey)
  return {
    format,
    waiting: numberIn(record(waitingKey), 4),
    bot: owner === undefined ? undefined : (decode(owner) as { readonly bot: string }).bot,
  }
}

/** The first word of a key, as far as it can be read. */
const nameOf = (key: Buffer): string => /^[a-z]+/u.exec(key.toString('latin1'))?.[0] ?? 'without a name'

/** Up to format 1 records had no checksum. Undefined when it is no number. */
function formatOf(bytes: Buffer | undefined): number | undefined {
  if (bytes === undefined) return undefined
  const value = isIntact(formatKey, bytes) ? decode(bytes) : bytes.toString() === '1' ? 1 : undefined
  return typeof value === 'number' ? value : undefined
}

const numberIn = (bytes: Buffer | undefined, at: number): number =>
  bytes === undefined ? 0 : Number(bytes.toString('utf8', at))

const tooNewIn = (path: string, format: number, version: number): StateError =>
  new StateError(
    'too new',
    `Cannot use ${path}: its format is ${format}, this version knows ${version}. Start the newer version, or restore an older back-up`,
  )

export const exists = (path: string): boolean => statSync(path, { throwIfNoEntry: false }) !== undefined
