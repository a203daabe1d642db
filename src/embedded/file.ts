import { closeSync, fstatSync, openSync, readSync } from 'node:fs'

/**
 * What a look at every page of an LMDB file found.
 *
 * - `none`: there is no file, or one in which nothing was ever stored.
 * - `whole`: everything that its newest transaction stored can be read.
 * - `changed`: another process wrote to it meanwhile, so nothing can be said.
 * - `unreadable`: the system refuses to read it; `code` as `EACCES`.
 * - `other version`: LMDB wrote it in a layout that is not known here.
 * - `damaged`: `what` says what is wrong and where.
 */
export type FileFinding =
  | { readonly kind: 'none' | 'whole' | 'changed' }
  | { readonly kind: 'unreadable'; readonly code: string }
  | { readonly kind: 'other version'; readonly version: number; readonly known: number }
  | { readonly kind: 'damaged'; readonly what: string }

class OtherVersion extends Error {
  override readonly name = 'OtherVersion'
  readonly version: number

  constructor(version: number) {
    super(`The data version is ${version}`)
    this.version = version
  }
}

class Damage extends Error {
  override readonly name = 'Damage'
}

/*
 * From mdb.c and lmdb.h of the package `lmdb`, data version 2; little-endian, as on every machine that Node 20 runs on.
 *
 *     page     0 number (8), 8 transaction (8), 16 padding (2), 18 flags (2), 20 lower (2), 22 upper (2); from 24 on a
 *              list of offsets (2 each, counted from 24 on), free space, then the nodes
 *     head     24 magic (4), 28 version (4), 48 free tree (48), 96 main tree (48), 144 last page (8), 152 transaction (8)
 *     tree     0 page size (4, of the free tree only), 4 flags (2), 6 depth (2), then 8 each: pages of branches, of
 *              leaves, of long values, entries, page of the root
 *     node     0 length of the value (4) or number of the page below (6), 4 flags (2), 6 length of the key (2), 8 key,
 *              then the value, or for a long one its page (8), transaction (8), number of pages (8)
 */
const magic = 0xbeefc0de
const dataVersion = 2
const pageHeader = 24
const nodeHeader = 8
const headBytes = 160
const flags = { branch: 1, leaf: 2, long: 4, head: 8 } as const
const isLong = 1
const noRoot = 0xffff_ffff_ffff_ffffn
/** LMDB writes at most this many pages in one transaction, so that many may be counted beyond the end of the file. */
const longestTail = 131_072

interface Tree {
  readonly flags: number
  readonly depth: number
  /** Pages of branches, of leaves, of long values; entries. */
  readonly counts: readonly [number, number, number, number]
  /** Undefined when it is empty. */
  readonly root: number | undefined
}

interface Head {
  readonly pageBytes: number
  readonly free: Tree
  readonly main: Tree
  /** Number of the last page that was ever used. */
  readonly last: number
  readonly transaction: number
}

const number = (bytes: Buffer, at: number): number => Number(bytes.readBigUInt64LE(at))

function readTree(page: Buffer, at: number): Tree {
  const root = page.readBigUInt64LE(at + 40)
  return {
    flags: page.readUInt16LE(at + 4),
    depth: page.readUInt16LE(at + 6),
    counts: [number(page, at + 8), number(page, at + 16), number(page, at + 24), number(page, at + 32)],
    root: root === noRoot ? undefined : Number(root),
  }
}

/** `expected`: 0 for the first head, 1 for the second. */
function readHead(page: Buffer, expected: 0 | 1): Head {
  const name = expected === 0 ? 'its first head' : 'its second head'
  if (page.length < headBytes) throw new Damage(`${name} is missing`)
  // Before data version 2 the header of a page had 16 bytes.
  if (page.readUInt32LE(16) === magic) throw new OtherVersion(page.readUInt32LE(20))
  if (page.readUInt32LE(24) !== magic)
    throw new Damage(expected === 0 ? 'it is no LMDB file, or its beginning is overwritten' : `${name} is overwritten`)
  const version = page.readUInt32LE(28)
  if (version !== dataVersion) throw expected === 0 ? new OtherVersion(version) : new Damage(`${name} is overwritten`)
  const head = {
    pageBytes: page.readUInt32LE(48),
    free: readTree(page, 48),
    main: readTree(page, 96),
    last: number(page, 144),
    transaction: number(page, 152),
  }
  const { pageBytes, transaction } = head
  const isPageSize = pageBytes >= 512 && pageBytes <= 65_536 && (pageBytes & (pageBytes - 1)) === 0
  // Transaction n writes head n mod 2; both begin with transaction 0.
  const isInPlace = transaction % 2 === expected || transaction === 0
  const isHead = number(page, 0) === expected && page.readUInt16LE(18) === flags.head
  if (!isPageSize || !isInPlace || !isHead || head.last < 1 || !Number.isSafeInteger(head.last))
    throw new Damage(`${name} is overwritten`)
  return head
}

/** Page `number` of a file: its header is that of a page of the tree. */
interface Page {
  readonly bytes: Buffer
  readonly flags: number
  /** Where each node begins. */
  readonly nodes: readonly number[]
}

/**
 * Reads every page that the newest transaction can reach, and the list of free ones, without LMDB: it maps the file into
 * memory and trusts it, so a damaged one ends the process without an exception.
 *
 * A file may be shorter than its head says: pages that one transaction took and gave back are counted and never
 * written. What must hold is that every page of a tree lies within the file, belongs to it once and is in order, that
 * the trees hold as much as their heads count, and that no free page is in use.
 *
 * `onEntry` gets every entry in the order of its keys, before the finding is known.
 */
export function examineFile(path: string, onEntry: (key: Buffer, value: Buffer) => void = () => {}): FileFinding {
  let file: number
  try {
    file = openSync(path, 'r')
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown'
    return code === 'ENOENT' ? { kind: 'none' } : { kind: 'unreadable', code }
  }
  try {
    return examine(file, onEntry)
  } catch (error) {
    if (error instanceof Damage) return { kind: 'damaged', what: error.message }
    if (error instanceof OtherVersion) return { kind: 'other version', version: error.version, known: dataVersion }
    const { code, syscall } = error as NodeJS.ErrnoException
    if (code === undefined || syscall === undefined) throw error
    return { kind: 'unreadable', code }
  } finally {
    closeSync(file)
  }
}

function examine(file: number, onEntry: (key: Buffer, value: Buffer) => void): FileFinding {
  const { size } = fstatSync(file)
  if (size === 0) return { kind: 'none' }
  const heads = readHeads(file, size)
  if (heads === undefined) return { kind: 'none' }
  const head = newest(heads)
  try {
    walkAll(file, size, head, onEntry)
    checkOlder(file, size, heads[0] === head ? heads[1] : heads[0])
  } catch (error) {
    if (!(error instanceof Damage)) throw error
    // Pages that were freed since may hold anything.
    if (isSame(readHeads(file, fstatSync(file).size), heads)) throw error
    return { kind: 'changed' }
  }
  return isSame(readHeads(file, fstatSync(file).size), heads) ? { kind: 'whole' } : { kind: 'changed' }
}

type Heads = readonly [Head, Head]

/**
 * A transaction leaves what the one before it could reach. A head whose tree is younger than itself is the newest one,
 * changed so that the one before it looks like the newest.
 */
function checkOlder(file: number, size: number, { pageBytes, free, main, transaction }: Head): void {
  for (const root of [free.root, main.root]) {
    if (root === undefined || (root + 1) * pageBytes > size) continue
    const header = Buffer.alloc(pageHeader)
    readSync(file, header, 0, pageHeader, root * pageBytes)
    if (number(header, 0) === root && number(header, 8) > transaction)
      throw new Damage('its heads contradict each other')
  }
}

const newest = ([first, second]: Heads): Head => (second.transaction > first.transaction ? second : first)

const isSame = (now: Heads | undefined, before: Heads): boolean =>
  now !== undefined && now[0].transaction === before[0].transaction && now[1].transaction === before[1].transaction

/** Undefined when the file ends after a first head that no transaction followed: its making was cut off. */
function readHeads(file: number, size: number): Heads | undefined {
  const pageAt = (offset: number) => {
    const page = Buffer.alloc(headBytes)
    return page.subarray(0, readSync(file, page, 0, page.length, offset))
  }
  const first = readHead(pageAt(0), 0)
  if (first.transaction === 0 && size <= first.pageBytes) return undefined
  const second = readHead(pageAt(first.pageBytes), 1)
  const distance = Math.abs(first.transaction - second.transaction)
  // A compact copy begins with a head of nothing.
  const isCopy = first.transaction === 0 && first.free.root === undefined && first.main.root === undefined
  // Every transaction writes the older head.
  if (second.pageBytes !== first.pageBytes || (distance !== 1 && !isCopy))
    throw new Damage('its heads contradict each other')
  return [first, second]
}

/** `pages`: up to the last that was ever used; `depth`: pages from the root to an entry. `file` must be whole. */
export function sizesOf(file: number): { readonly pageBytes: number; readonly pages: number; readonly depth: number } {
  const heads = readHeads(file, fstatSync(file).size)
  if (heads === undefined) return { pageBytes: 4096, pages: 2, depth: 1 }
  const { pageBytes, last, main } = newest(heads)
  return { pageBytes, pages: last + 1, depth: main.depth }
}

const unused = 0
const inUse = 1

function walkAll(file: number, size: number, head: Head, onEntry: (key: Buffer, value: Buffer) => void): void {
  const { pageBytes, last } = head
  const pagesInFile = Math.floor(size / pageBytes)
  if (last >= pagesInFile + longestTail) throw new Damage('it is cut short')
  const pages = new Uint8Array(last + 1)

  function take(first: number, count: number): void {
    if (first < 2 || first + count - 1 > last) throw new Damage(`page ${first} is out of range`)
    if (first + count > pagesInFile) throw new Damage('it is cut short')
    for (let page = first; page < first + count; page += 1) {
      if (pages[page] !== unused) throw new Damage(`page ${page} is in use twice`)
      pages[page] = inUse
    }
  }

  function read(first: number, bytes: number): Buffer {
    const buffer = Buffer.allocUnsafe(bytes)
    if (readSync(file, buffer, 0, bytes, first * pageBytes) !== bytes) throw new Damage('it is cut short')
    return buffer
  }

  function readPage(page: number): Page {
    take(page, 1)
    const bytes = read(page, pageBytes)
    const [lower, upper] = [bytes.readUInt16LE(20), bytes.readUInt16LE(22)]
    const isHere = number(bytes, 0) === page && number(bytes, 8) <= head.transaction
    if (!isHere || lower % 2 !== 0 || lower > upper || upper > pageBytes - pageHeader)
      throw new Damage(`page ${page} is overwritten`)
    const nodes = Array.from(
      { length: lower / 2 },
      (_, index) => pageHeader + bytes.readUInt16LE(pageHeader + 2 * index),
    )
    if (nodes.some((at) => at < pageHeader + upper || at + nodeHeader > pageBytes))
      throw new Damage(`page ${page} is overwritten`)
    return { bytes, flags: bytes.readUInt16LE(18), nodes }
  }

  /** The value of a node whose key ends at `at`, and the number of pages that are its own. */
  function readLong(bytes: Buffer, at: number, length: number): { readonly value: Buffer; readonly pages: number } {
    const [first, transaction, count] = [number(bytes, at), number(bytes, at + 8), number(bytes, at + 16)]
    // More pages than needed are left where a longer value was replaced within a transaction.
    if (!(count * pageBytes >= pageHeader + length)) throw new Damage(`the value on page ${first} is too long`)
    take(first, count)
    const all = read(first, pageHeader + length)
    const isHere = number(all, 0) === first && number(all, 8) === transaction && transaction <= head.transaction
    if (!isHere || all.readUInt16LE(18) !== flags.long || all.readUInt32LE(20) !== count)
      throw new Damage(`page ${first} is overwritten`)
    return { value: all.subarray(pageHeader), pages: count }
  }

  function walk(tree: Tree, compare: (a: Buffer, b: Buffer) => number, onEach: (key: Buffer, value: Buffer) => void) {
    const counts: [number, number, number, number] = [0, 0, 0, 0]
    let before: Buffer | undefined

    function onLeaf(page: number, { bytes, nodes }: Page, lowest: Buffer | undefined): void {
      let taken = 0
      for (const at of nodes) {
        const [length, kind, keyLength] = [
          bytes.readUInt32LE(at),
          bytes.readUInt16LE(at + 4),
          bytes.readUInt16LE(at + 6),
        ]
        const valueAt = at + nodeHeader + keyLength
        const own = kind === isLong ? 24 : length
        if (kind > isLong || valueAt + own > pageBytes) throw new Damage(`page ${page} is overwritten`)
        taken += even(nodeHeader + keyLength + own)
        const key = bytes.subarray(at + nodeHeader, valueAt)
        const isInOrder = before === undefined ? true : compare(before, key) < 0
        if (!isInOrder || (lowest !== undefined && compare(lowest, key) > 0))
          throw new Damage(`the keys of page ${page} are out of order`)
        before = key
        counts[3] += 1
        if (kind === isLong) {
          const { value, pages: count } = readLong(bytes, valueAt, length)
          counts[2] += count
          onEach(key, value)
        } else onEach(key, bytes.subarray(valueAt, valueAt + length))
      }
      if (taken !== pageBytes - pageHeader - bytes.readUInt16LE(22)) throw new Damage(`page ${page} is overwritten`)
    }

    function visit(number: number, depth: number, lowest: Buffer | undefined): void {
      const page = readPage(number)
      const { bytes, nodes } = page
      if (nodes.length === 0 || page.flags !== (depth === 1 ? flags.leaf : flags.branch))
        throw new Damage(`page ${number} is overwritten`)
      if (depth === 1) {
        counts[1] += 1
        onLeaf(number, page, lowest)
        return
      }
      counts[0] += 1
      for (const [index, at] of nodes.entries()) {
        const keyLength = bytes.readUInt16LE(at + 6)
        if (at + nodeHeader + keyLength > pageBytes) throw new Damage(`page ${number} is overwritten`)
        // The key of the first node stands for everything before the second.
        const separator = index === 0 ? undefined : bytes.subarray(at + nodeHeader, at + nodeHeader + keyLength)
        if (separator !== undefined && before !== undefined && compare(before, separator) >= 0)
          throw new Damage(`the keys of page ${number} are out of order`)
        visit(bytes.readUIntLE(at, 6), depth - 1, separator ?? lowest)
      }
    }

    if (tree.root === undefined ? tree.depth !== 0 : tree.depth < 1 || tree.depth > 32)
      throw new Damage('its head is overwritten')
    if (tree.root !== undefined) visit(tree.root, tree.depth, undefined)
    if (tree.counts.some((count, index) => count !== counts[index]))
      throw new Damage('it holds more or less than its head says')
  }

  const lists: Buffer[] = []
  walk(head.free, compareNumbers, (key, value) => {
    if (key.length !== 8 || number(key, 0) > head.transaction) throw new Damage('its list of free pages is overwritten')
    lists.push(value)
  })
  walk(head.main, Buffer.compare, onEntry)
  for (const list of lists)
    for (const [first, count] of freeBlocks(list)) {
      if (first < 2 || first + count - 1 > last) throw new Damage('its list of free pages is overwritten')
      const taken = pages.subarray(first, first + count).indexOf(inUse)
      if (taken !== -1) throw new Damage(`page ${first + taken} is in use and free`)
    }
}

const even = (length: number): number => length + (length % 2)

/** Keys of the free tree are numbers of transactions; `walk` asks before their length is known. */
const compareNumbers = (a: Buffer, b: Buffer): number =>
  a.length === 8 && b.length === 8 ? Number(a.readBigUInt64LE() - b.readBigUInt64LE()) : Buffer.compare(a, b)

/** A list: how many words follow; then pages, or minus a number of pages and the first of them; 0 stands for nothing. */
function* freeBlocks(list: Buffer): Generator<readonly [first: number, count: number]> {
  const words = list.length >= 8 ? number(list, 0) : Number.POSITIVE_INFINITY
  if ((words + 1) * 8 > list.length) throw new Damage('its list of free pages is overwritten')
  const word = (index: number) => {
    if ((index + 1) * 8 > list.length) throw new Damage('its list of free pages is overwritten')
    return Number(list.readBigInt64LE(index * 8))
  }
  for (let index = 1; index <= words; index += 1) {
    const entry = word(index)
    if (entry > 0) yield [entry, 1]
    else if (entry < 0) {
      index += 1
      yield [word(index), -entry]
    }
  }
}
