import { mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { open } from 'lmdb'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { examineFile } from '../../src/embedded/file.ts'

const pageBytes = 4096

let folder = ''
let path = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'file-'))
  path = join(folder, 'file.lmdb')
})
afterEach(() => rmSync(folder, { recursive: true }))

/** Each set is one transaction: text, or nothing for what is removed. */
async function write(...transactions: readonly Readonly<Record<string, string | undefined>>[]): Promise<void> {
  const database = open<string, string>({ path, noSubdir: true, encoding: 'string', overlappingSync: false })
  for (const changes of transactions)
    database.transactionSync(() => {
      for (const [key, value] of Object.entries(changes))
        if (value === undefined) database.removeSync(key)
        else database.putSync(key, value)
    })
  await database.close()
}

function entriesOf(): { readonly kind: string; readonly entries: Readonly<Record<string, string>> } {
  const entries: Record<string, string> = {}
  const { kind } = examineFile(path, (key, value) => {
    entries[key.toString()] = value.toString()
  })
  return { kind, entries }
}

const many = (from: number, to: number, letter: string, length: number) =>
  Object.fromEntries(Array.from({ length: to - from }, (_, index) => [`key ${from + index}`, letter.repeat(length)]))

/** Number of the last page that the newest head counts. */
const lastPage = (): number => {
  const file = readFileSync(path)
  const [first = 0, second = 0] = [0, pageBytes].map((at) => Number(file.readBigUInt64LE(at + 152)))
  return Number(file.readBigUInt64LE((second > first ? pageBytes : 0) + 144))
}

describe('examineFile() takes a file that is whole', () => {
  test('with all its entries in the order of their keys', async () => {
    const all = { ...many(0, 500, 'a', 200), long: 'l'.repeat(50_000), empty: '' }
    await write(all)
    expect(entriesOf()).toEqual({ kind: 'whole', entries: all })
    const keys: string[] = []
    examineFile(path, (key) => keys.push(key.toString()))
    expect(keys).toEqual(keys.toSorted())
  })

  test('although it is shorter than its head says, where the missing pages were taken and given back at once', async () => {
    const single = Array.from({ length: 10 }, (_, index) => ({ [`key ${index}`]: 'b' }))
    await write(many(0, 20, 'a', 100), ...single)
    const database = open<string, string>({ path, noSubdir: true, encoding: 'string', overlappingSync: false })
    database.transactionSync(() => {
      database.putSync('long', 'l'.repeat(9000))
      database.removeSync('long')
    })
    await database.close()
    expect(statSync(path).size / pageBytes).toBeLessThan(lastPage() + 1)
    expect(entriesOf()).toEqual({ kind: 'whole', entries: { ...many(0, 20, 'a', 100), ...many(0, 10, 'b', 1) } })
  })

  test('although it is longer than its head says', async () => {
    await write({ a: '1' })
    truncateSync(path, 40 * pageBytes)
    expect(entriesOf()).toEqual({ kind: 'whole', entries: { a: '1' } })
  })

  test('after a long value was replaced by a shorter one within a transaction, which keeps the pages', async () => {
    const database = open<string, string>({ path, noSubdir: true, encoding: 'string', overlappingSync: false })
    database.transactionSync(() => {
      database.putSync('long', 'l'.repeat(30_000))
      database.putSync('long', 's'.repeat(5000))
    })
    await database.close()
    expect(entriesOf()).toEqual({ kind: 'whole', entries: { long: 's'.repeat(5000) } })
  })

  test('a copy without free pages, whose first head is one of nothing', async () => {
    await write(many(0, 200, 'a', 300), many(0, 100, 'b', 300))
    const database = open<string, string>({ path, noSubdir: true, encoding: 'string', overlappingSync: false })
    const copy = join(folder, 'copy.lmdb')
    await database.backup(copy, true)
    await database.close()
    expect(examineFile(copy)).toEqual({ kind: 'whole' })
  })
})

describe('examineFile() finds nothing', () => {
  test('where there is no file, an empty one, or one whose making was cut off after the first head', async () => {
    expect(examineFile(path)).toEqual({ kind: 'none' })
    writeFileSync(path, '')
    expect(examineFile(path)).toEqual({ kind: 'none' })
    rmSync(path)
    await open({ path, noSubdir: true }).close()
    truncateSync(path, pageBytes)
    expect(examineFile(path)).toEqual({ kind: 'none' })
  })

  test('but says that a path cannot be read', () => {
    expect(examineFile(folder)).toEqual({ kind: 'unreadable', code: 'EISDIR' })
  })
})

describe('examineFile() names damage', () => {
  beforeEach(() => write(many(0, 300, 'a', 200), { long: 'l'.repeat(20_000) }, many(0, 300, 'c', 150)))

  const change = (at: number, bytes: Uint8Array) => {
    const file = readFileSync(path)
    file.set(bytes, at)
    writeFileSync(path, file)
  }

  test('of something else, and of a file that an older or a newer LMDB wrote', () => {
    change(8192, Buffer.alloc(100, 7))
    const older = Buffer.alloc(8192)
    older.writeUInt32LE(0xbeefc0de, 16)
    older.writeUInt32LE(1, 20)
    writeFileSync(path, older)
    expect(examineFile(path)).toEqual({ kind: 'other version', version: 1, known: 2 })
    older.writeUInt32LE(0, 16)
    older.writeUInt32LE(0xbeefc0de, 24)
    older.writeUInt32LE(3, 28)
    writeFileSync(path, older)
    expect(examineFile(path)).toEqual({ kind: 'other version', version: 3, known: 2 })
    writeFileSync(path, 'nonsense'.repeat(2000))
    expect(examineFile(path)).toEqual({
      kind: 'damaged',
      what: 'it is no LMDB file, or its beginning is overwritten',
    })
  })

  test('of a file that is cut short anywhere before its last page in use', () => {
    const whole = readFileSync(path)
    for (let size = whole.length - pageBytes; size >= 2 * pageBytes; size -= 3000) {
      writeFileSync(path, whole.subarray(0, size))
      expect(examineFile(path)).toEqual({ kind: 'damaged', what: 'it is cut short' })
    }
    writeFileSync(path, whole.subarray(0, pageBytes + 10))
    expect(examineFile(path)).toEqual({ kind: 'damaged', what: 'its second head is missing' })
  })

  test('of heads that contradict each other, so that no older state is taken for the newest', () => {
    const file = readFileSync(path)
    const [first, second] = [152, pageBytes + 152].map((at) => file.readBigUInt64LE(at)) as [bigint, bigint]
    const newer = second > first ? pageBytes + 152 : 152
    for (const transaction of [0n, 1n, 2n, first + 8n, second + 8n, 2n ** 40n]) {
      const bytes = Buffer.alloc(8)
      bytes.writeBigUInt64LE(transaction)
      const before = Buffer.from(file)
      change(newer, bytes)
      expect(examineFile(path)).toMatchObject({ kind: 'damaged', what: expect.stringMatching(/head/u) })
      writeFileSync(path, before)
    }
  })

  test('of a page in use that is zeroed, is another page, or is of a later time', () => {
    const whole = readFileSync(path)
    const inUse: number[] = []
    for (let page = 2; page < whole.length / pageBytes; page += 1) {
      const zeroed = Buffer.from(whole)
      zeroed.fill(0, page * pageBytes, page * pageBytes + 24)
      writeFileSync(path, zeroed)
      const finding = examineFile(path)
      if (finding.kind === 'whole') continue
      inUse.push(page)
      expect(finding).toEqual({ kind: 'damaged', what: `page ${page} is overwritten` })
    }
    expect(inUse.length).toBeGreaterThan(10)
    const [one = 0, other = 0] = inUse
    const swapped = Buffer.from(whole)
    whole.copy(swapped, one * pageBytes, other * pageBytes, (other + 1) * pageBytes)
    writeFileSync(path, swapped)
    expect(examineFile(path).kind).toBe('damaged')
    const later = Buffer.from(whole)
    later.writeBigUInt64LE(10_000n, one * pageBytes + 8)
    writeFileSync(path, later)
    expect(examineFile(path)).toEqual({ kind: 'damaged', what: `page ${one} is overwritten` })
  })

  test('of a page in use that the list of free pages names', async () => {
    const file = readFileSync(path)
    const newer = file.readBigUInt64LE(pageBytes + 152) > file.readBigUInt64LE(152) ? pageBytes : 0
    const [freeRoot, mainRoot] = [88, 136].map((at) => Number(file.readBigUInt64LE(newer + at))) as [number, number]
    const at = freeRoot * pageBytes
    // The value of the first node: how many words, then the words.
    const node = at + 24 + file.readUInt16LE(at + 24)
    const list = node + 8 + file.readUInt16LE(node + 6)
    const page = Buffer.alloc(8)
    page.writeBigUInt64LE(BigInt(mainRoot))
    change(list + 8, page)
    expect(examineFile(path)).toEqual({ kind: 'damaged', what: `page ${mainRoot} is in use and free` })
    page.writeBigUInt64LE(1_000_000n)
    change(list + 8, page)
    expect(examineFile(path)).toEqual({ kind: 'damaged', what: 'its list of free pages is overwritten' })
  })
})
