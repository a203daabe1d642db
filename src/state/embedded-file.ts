import { closeSync, fstatSync, openSync, readSync } from 'node:fs'

const magic = 0xbeefc0de
const dataVersion = 2

/** What the head of an LMDB file says about it, one for each of its two head pages. */
interface Head {
  readonly pageBytes: number
  readonly pages: bigint
  readonly transaction: bigint
}

/**
 * From lmdb.h: a page header of 24 bytes, then the fields of `MDB_meta`; little-endian, as on every machine that Node
 * 20 runs on.
 */
function readHead(page: Buffer): Head | undefined {
  if (page.length < 160 || page.readUInt32LE(24) !== magic || page.readUInt32LE(28) !== dataVersion) return undefined
  return {
    pageBytes: page.readUInt32LE(48),
    pages: page.readBigUInt64LE(144) + 1n,
    transaction: page.readBigUInt64LE(152),
  }
}

/**
 * Why a file cannot be an LMDB file that is whole; undefined when it may be one, or when there is none yet.
 *
 * LMDB maps the file into memory and trusts it: opening something else, or a file cut short, ends the process without
 * an exception.
 */
export function damageOf(path: string): string | undefined {
  let file: number
  try {
    file = openSync(path, 'r')
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT'
      ? undefined
      : ((error as NodeJS.ErrnoException).code ?? 'it cannot be read')
  }
  try {
    const { size } = fstatSync(file)
    if (size === 0) return undefined
    const pageAt = (offset: number) => {
      const page = Buffer.alloc(160)
      return page.subarray(0, readSync(file, page, 0, page.length, offset))
    }
    const first = readHead(pageAt(0))
    if (first === undefined || first.pageBytes < 512 || first.pageBytes > 65_536) return 'it is no LMDB file'
    const second = readHead(pageAt(first.pageBytes))
    if (second === undefined) return 'its second head is missing'
    const { pages } = second.transaction > first.transaction ? second : first
    return pages * BigInt(first.pageBytes) > BigInt(size) ? 'it is cut short' : undefined
  } finally {
    closeSync(file)
  }
}
