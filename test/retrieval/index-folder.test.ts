import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmod, cp, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, test } from 'vitest'
import { seeded } from '../../src/evaluation/random.ts'
import {
  buildIndex,
  loadIndex,
  type Manifest,
  openIndex,
  StaleIndexError,
  writeIndex,
} from '../../src/retrieval/index-folder.ts'
import { times } from '../cases.ts'
import { answersOf, loadSmall, type Small, temporaryFolder } from './small.ts'

const files = [
  'vectors.hnsw',
  'passages.bin',
  'tokens.bin',
  'text.postings',
  'gloss.postings',
  'manifest.json',
] as const

let small: Small
/** A sound index on disk, never touched: tests work on copies. */
let sound: string
let expected: string

beforeAll(async () => {
  small = await loadSmall()
  sound = await temporaryFolder('index')
  const index = await buildIndex(small.library, small.encoder)
  await writeIndex(index, sound)
  expected = await answersOf(small, index)
})

async function copyOfIndex(): Promise<string> {
  const folder = await temporaryFolder('index')
  await cp(sound, folder, { recursive: true })
  return folder
}

/**
 * Opens an index after something was done to it; checks that it answers like a fresh one and is sound afterwards. Gives
 * the reason for rebuilding.
 */
async function reasonAfter(damage: (folder: string) => Promise<unknown>): Promise<string | undefined> {
  const folder = await copyOfIndex()
  await damage(folder)
  const { index, rebuilt } = await openIndex(folder, small.library, small.encoder)
  expect(await answersOf(small, index)).toBe(expected)
  if (rebuilt?.saved === true)
    expect(await answersOf(small, await loadIndex(folder, small.library, small.encoder))).toBe(expected)
  await rm(folder, { recursive: true, force: true })
  return rebuilt?.reason
}

const change = (name: string, edit: (bytes: Buffer) => Buffer) => async (folder: string) =>
  writeFile(join(folder, name), edit(await readFile(join(folder, name))))

function flipped(bytes: Buffer, at: number, bit: number): Buffer {
  const copy = Buffer.from(bytes)
  copy[at] = (copy[at] as number) ^ (1 << bit)
  return copy
}

test('openIndex() loads what writeIndex() wrote, and it answers like the index in memory', async () => {
  expect(await reasonAfter(async () => {})).toBeUndefined()
})

test('building twice gives the same bytes', async () => {
  const again = await temporaryFolder('index')
  await writeIndex(await buildIndex(small.library, small.encoder), again)
  for (const name of files)
    expect((await readFile(join(again, name))).equals(await readFile(join(sound, name))), name).toBe(true)
})

test('openIndex() builds an index where there is none, and writes it', async () => {
  const folder = join(await temporaryFolder('index'), 'not', 'yet')
  const { rebuilt, index } = await openIndex(folder, small.library, small.encoder)
  expect(rebuilt).toEqual({ reason: 'there is none yet', saved: true })
  expect(await answersOf(small, index)).toBe(expected)
  expect((await readdir(folder)).sort()).toEqual([...files].sort())
})

describe.each(files)('%s', (name) => {
  const random = seeded(name.length * 31 + name.charCodeAt(0))
  // A flipped bit in the manifest may leave a manifest of the same meaning only where it changes the encoder's name,
  // which nothing hangs on.
  const reason = name === 'manifest.json' ? expect.any(String) : `${name} is damaged`

  test('with a flipped bit anywhere is rebuilt', async () => {
    for (let round = 0; round < times(3, 8); round += 1) {
      const why = await reasonAfter(
        change(name, (bytes) => flipped(bytes, Math.floor(random() * bytes.length), Math.floor(random() * 8))),
      )
      if (name !== 'manifest.json' || why !== undefined) expect(why).toEqual(reason)
    }
  })

  test('cut short or emptied is rebuilt', async () => {
    for (const keep of [0, 1, random(), random(), 'all but two'] as const)
      expect(
        await reasonAfter(
          change(name, (bytes) =>
            bytes.subarray(
              0,
              keep === 'all but two' ? bytes.length - 2 : keep < 1 ? Math.floor(bytes.length * keep) : keep,
            ),
          ),
        ),
      ).toEqual(name === 'manifest.json' ? 'its manifest is damaged' : reason)
  })

  test('with something after its end is rebuilt', async () => {
    expect(await reasonAfter(change(name, (bytes) => Buffer.concat([bytes, Buffer.from('}')])))).toBe(
      name === 'manifest.json' ? 'its manifest is damaged' : `${name} is damaged`,
    )
  })

  test('missing is rebuilt', async () => {
    expect(await reasonAfter((folder) => rm(join(folder, name)))).toBe(
      name === 'manifest.json' ? 'there is none yet' : `${name} is missing`,
    )
  })

  test('being a folder is rebuilt in memory', async () => {
    const folder = await copyOfIndex()
    await rm(join(folder, name))
    await mkdir(join(folder, name))
    const { index, rebuilt } = await openIndex(folder, small.library, small.encoder)
    expect(rebuilt).toMatchObject({ saved: false })
    expect(await answersOf(small, index)).toBe(expected)
  })
})

test('any two files swapped are rebuilt', async () => {
  for (const [at, one] of files.entries())
    for (const other of files.slice(at + 1)) {
      const why = await reasonAfter(async (folder) => {
        await rename(join(folder, one), join(folder, 'aside'))
        await rename(join(folder, other), join(folder, one))
        await rename(join(folder, 'aside'), join(folder, other))
      })
      expect(why, `${one} and ${other}`).toMatch(/is damaged/u)
    }
})

describe('manifest.json, edited', () => {
  const edits: readonly (readonly [string, (manifest: Manifest) => unknown, string])[] = [
    ['format', (m) => ({ ...m, format: m.format - 1 }), 'its manifest is damaged or of another format'],
    [
      'encoder fingerprint',
      (m) => ({ ...m, encoder: { ...m.encoder, fingerprint: '0'.repeat(64) } }),
      'it was built with encoder index/encoder, not index/encoder',
    ],
    [
      'dimensions',
      (m) => ({ ...m, encoder: { ...m.encoder, dimensions: m.encoder.dimensions / 2 } }),
      'it was built with encoder index/encoder, not index/encoder',
    ],
    ['space', (m) => ({ ...m, space: 'l2' }), 'its manifest is damaged or of another format'],
    ['graph', (m) => ({ ...m, graph: { ...m.graph, m: 8 } }), 'the settings of the vector index have changed'],
    ['seed', (m) => ({ ...m, graph: { ...m.graph, seed: 1 } }), 'the settings of the vector index have changed'],
    ['count, less', (m) => ({ ...m, count: m.count - 1 }), 'it cannot be read'],
    ['count, more', (m) => ({ ...m, count: m.count + 1 }), 'it cannot be read'],
    ['units', (m) => ({ ...m, units: m.units + 1 }), 'the corpus has changed'],
    ['corpus', (m) => ({ ...m, corpus: 'f'.repeat(64) }), 'the corpus has changed'],
    [
      'a digest',
      (m) => ({ ...m, files: { ...m.files, 'tokens.bin': createHash('sha256').digest('hex') } }),
      'tokens.bin is damaged',
    ],
    [
      'a digest missing',
      (m) => ({ ...m, files: { 'tokens.bin': m.files['tokens.bin'] } }),
      'its manifest is damaged or of another format',
    ],
    ['a field more', (m) => ({ ...m, extra: 1 }), 'its manifest is damaged or of another format'],
    ['null', () => null, 'its manifest is damaged or of another format'],
  ]
  test.each(edits)('%s: rebuilt', async (_, edit, reason) => {
    expect(
      await reasonAfter(
        change('manifest.json', (bytes) => Buffer.from(JSON.stringify(edit(JSON.parse(bytes.toString()))))),
      ),
    ).toBe(reason)
  })

  test('in its layout alone: still served', async () => {
    expect(
      await reasonAfter(change('manifest.json', (bytes) => Buffer.from(JSON.stringify(JSON.parse(bytes.toString()))))),
    ).toBeUndefined()
  })
})

test('a changed corpus is rebuilt', async () => {
  const changed = { ...small.library, hash: 'another' }
  const folder = await copyOfIndex()
  const { rebuilt } = await openIndex(folder, changed, small.encoder)
  expect(rebuilt).toEqual({ reason: 'the corpus has changed', saved: true })
})

test('an index of another memorandum is rebuilt', async () => {
  const folder = await temporaryFolder('index')
  const other = await loadSmall('fujian-2023')
  await writeIndex(await buildIndex(other.library, other.encoder), folder)
  const { index, rebuilt } = await openIndex(folder, small.library, small.encoder)
  expect(rebuilt).toEqual({ reason: 'the corpus has changed', saved: true })
  expect(await answersOf(small, index)).toBe(expected)
})

test('another encoder is rebuilt for, and the first one after it again', async () => {
  const folder = await copyOfIndex()
  const other = { ...small.encoder, name: 'another', fingerprint: '1'.repeat(64) }
  expect((await openIndex(folder, small.library, other)).rebuilt?.reason).toBe(
    'it was built with encoder index/encoder, not another',
  )
  expect((await openIndex(folder, small.library, small.encoder)).rebuilt?.reason).toBe(
    'it was built with encoder another, not index/encoder',
  )
})

test('half-written files of a build that was killed change nothing', async () => {
  expect(
    await reasonAfter(async (folder) => {
      for (const name of files)
        await writeFile(join(folder, `${name}.4711.tmp`), (await readFile(join(folder, name))).subarray(0, 100))
    }),
  ).toBeUndefined()
})

test('files of a newer build whose manifest was not yet written are rebuilt', async () => {
  const other = await loadSmall('fujian-2023')
  const newer = await temporaryFolder('index')
  await writeIndex(await buildIndex(other.library, other.encoder), newer)
  for (const name of files.filter((file) => file !== 'manifest.json'))
    expect(await reasonAfter((folder) => cp(join(newer, name), join(folder, name)))).toBe(`${name} is damaged`)
})

test('a folder that cannot be written leaves the index in memory and says so', async () => {
  const folder = await temporaryFolder('index')
  // A file stands where the folder should: nobody can write below it, an administrator neither.
  await writeFile(join(folder, 'file'), '')
  const { index, rebuilt } = await openIndex(join(folder, 'file'), small.library, small.encoder)
  expect(rebuilt).toEqual({ reason: expect.any(String), saved: false })
  expect(await answersOf(small, index)).toBe(expected)
})

test('a sound index in a folder without write permission is served', async () => {
  const folder = await copyOfIndex()
  await chmod(folder, 0o555)
  expect((await openIndex(folder, small.library, small.encoder)).rebuilt).toBeUndefined()
  await chmod(folder, 0o755)
})

test('loadIndex() refuses with a StaleIndexError that gives the reason', async () => {
  await expect(loadIndex(join(sound, 'nowhere'), small.library, small.encoder)).rejects.toThrow(StaleIndexError)
})

test('no damage to the vector file ends the process', async () => {
  const random = seeded(5)
  const bytes = await readFile(join(sound, 'vectors.hnsw'))
  const damaged = [
    ...Array.from({ length: times(1, 4) }, () => flipped(bytes, Math.floor(random() * bytes.length), 7)),
    // The first hundred bytes say how large everything is.
    ...Array.from({ length: times(2, 4) }, () => flipped(bytes, Math.floor(random() * 96), Math.floor(random() * 8))),
    bytes.subarray(0, 50),
    bytes.subarray(0, bytes.length >> 1),
    Buffer.alloc(0),
    Buffer.alloc(bytes.length, 0xff),
  ]
  const folders: string[] = []
  for (const content of damaged) {
    const folder = await copyOfIndex()
    await writeFile(join(folder, 'vectors.hnsw'), content)
    folders.push(folder)
  }
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--import', 'tsx', 'test/retrieval/open-process.ts', ...folders],
    { maxBuffer: 10_000_000 },
  )
  const lines = stdout.trim().split('\n')
  expect(lines).toHaveLength(damaged.length)
  for (const line of lines) expect(JSON.parse(line)).toEqual({ reason: 'vectors.hnsw is damaged', answers: expected })
})
