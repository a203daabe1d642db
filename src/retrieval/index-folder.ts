import { createHash } from 'node:crypto'
import { readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import type { Library } from '../memorandum/library.ts'
import { makeFolders } from '../model/folders.ts'
import type { Encoder, Encoding } from './encoder.ts'
import { type Coverage, createCoverage } from './lexical.ts'
import { lexicalTexts, passagesOf } from './passages.ts'
import { buildPostings, decodePostings, encodePostings, type Postings } from './postings.ts'
import { evenRarity, type Rarity, rarityOf, weighted } from './rarity.ts'
import { replaceFile } from './replace-file.ts'
import { compileVectorFunctions, Matrix } from './simd.ts'
import { createLateInteraction, type MaxSim, type TokenTable, TokenTableBuilder } from './tokens.ts'
import { graph, VectorIndex } from './vectors.ts'

/** Raised whenever the meaning of a file under index/ changes. */
export const indexFormat = 11

const files = ['vectors.hnsw', 'passages.bin', 'tokens.bin', 'text.postings', 'gloss.postings'] as const
type FileName = (typeof files)[number]

const manifestSchema = z.strictObject({
  format: z.literal(indexFormat),
  encoder: z.strictObject({ name: z.string(), fingerprint: z.string(), dimensions: z.int().min(1) }),
  space: z.literal('ip'),
  graph: z.strictObject({ m: z.int(), efConstruction: z.int(), seed: z.int() }),
  /** Number of passages, which is the number of vectors. */
  count: z.int().min(1),
  units: z.int().min(1),
  corpus: z.string(),
  files: z.record(z.enum(files), z.string().regex(/^[0-9a-f]{64}$/u)),
})
/** What built an index; checked before anything else of it is read. */
export type Manifest = z.infer<typeof manifestSchema>

/** What stands on disk. Numbers are signed: V8 keeps those small, and makes an object of each unsigned one. */
type Parts = {
  readonly vectors: VectorIndex
  /** Unit of each passage, as numbered in the library. Passages of one unit stand together, in order. */
  readonly passageUnit: Int32Array
  /** 1 where a passage comes from a gloss. */
  readonly passageIsGloss: Uint8Array
  /** First passage of each unit; one more entry closes the last. */
  readonly unitStart: Int32Array
  /** Pooled unit vectors, by passage. Shape: passages × dimensions. */
  readonly pooled: Float32Array
  readonly tokens: TokenTable
  readonly rarity: Rarity
  readonly text: Postings
  readonly gloss: Postings
}

/** What retrieval loads, with what compares questions with it. */
export type RetrievalIndex = Omit<Parts, 'pooled'> & {
  readonly manifest: Manifest
  readonly pooled: Matrix
  readonly maxSimOf: (question: Encoding) => MaxSim
  readonly textCoverage: Coverage
  readonly glossCoverage: Coverage
}

function indexOf(manifest: Manifest, parts: Parts): RetrievalIndex {
  const functions = compileVectorFunctions()
  return {
    ...parts,
    manifest,
    pooled: new Matrix(functions, parts.pooled, manifest.encoder.dimensions, parts.passageUnit.length),
    maxSimOf: createLateInteraction(parts.tokens, functions),
    textCoverage: createCoverage(parts.text),
    glossCoverage: createCoverage(parts.gloss),
  }
}

/** Why an index on disk cannot be used. */
export class StaleIndexError extends Error {
  override readonly name = 'StaleIndexError'
}

const digest = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex')
const bytesOf = (array: Int32Array | Float32Array | Uint8Array) =>
  Buffer.from(array.buffer, array.byteOffset, array.byteLength)

/** Shows work that takes long: done so far, all there is. */
export type Progress = (done: number, total: number) => void

async function buildParts(library: Library, encoder: Encoder, progress?: Progress): Promise<Parts> {
  const passages = passagesOf(library)
  const { dimensions, isStatic } = encoder
  const table = new TokenTableBuilder(dimensions, isStatic)
  const pooled = new Float32Array(passages.length * dimensions)
  // Of a static encoder one vector a token is kept: all vectors of all passages would not fit into memory for many
  // clauses.
  const tokens: (readonly number[])[] = []
  const vectorOf = new Map<number, Float32Array>()
  for (const [at, { text }] of passages.entries()) {
    const encoding = await encoder.encode(text, 'passage')
    table.add(encoding)
    pooled.set(encoding.pooled, at * dimensions)
    if (isStatic) {
      tokens.push(encoding.tokens)
      for (const [i, token] of encoding.tokens.entries())
        if (!vectorOf.has(token)) vectorOf.set(token, encoding.vectors.slice(i * dimensions, (i + 1) * dimensions))
    }
    if (at % 100 !== 99) continue
    progress?.(at + 1, passages.length)
    // Encoding alone would keep the process from hearing a signal or a question about its health until all is done.
    await new Promise((resolve) => setImmediate(resolve))
  }
  progress?.(passages.length, passages.length)
  const rarity = isStatic ? rarityOf(tokens) : evenRarity
  for (const [at, own] of tokens.entries()) {
    const vectors = new Float32Array(own.length * dimensions)
    own.forEach((token, i) => {
      vectors.set(vectorOf.get(token) ?? [], i * dimensions)
    })
    if (own.length > 0)
      pooled.set(
        weighted({ tokens: own, vectors, pooled: new Float32Array(dimensions) }, rarity).pooled,
        at * dimensions,
      )
  }
  const passageUnit = Int32Array.from(passages, ({ unit }) => unit)
  const texts = lexicalTexts(library)
  return {
    vectors: VectorIndex.build(
      passages.map((_, at) => pooled.subarray(at * dimensions, (at + 1) * dimensions)),
      dimensions,
    ),
    passageUnit,
    passageIsGloss: Uint8Array.from(passages, ({ from }) => (from === 'gloss' ? 1 : 0)),
    unitStart: startsOf(passageUnit, library.units.length + library.outside.length),
    pooled,
    tokens: table.finish(),
    rarity,
    text: buildPostings(texts.text),
    gloss: buildPostings(texts.gloss),
  }
}

function startsOf(passageUnit: Int32Array, units: number): Int32Array {
  const starts = new Int32Array(units + 1)
  for (const unit of passageUnit) starts[unit + 1] = (starts[unit + 1] as number) + 1
  for (let unit = 0; unit < units; unit += 1) starts[unit + 1] = (starts[unit + 1] as number) + (starts[unit] as number)
  return starts
}

function manifestOf(library: Library, encoder: Encoder, parts: Parts, sums: Record<FileName, string>): Manifest {
  return {
    format: indexFormat,
    encoder: { name: encoder.name, fingerprint: encoder.fingerprint, dimensions: encoder.dimensions },
    space: 'ip',
    graph: { ...graph },
    count: parts.passageUnit.length,
    units: library.units.length,
    corpus: library.hash,
    files: sums,
  }
}

/** Builds the index in memory. */
export async function buildIndex(library: Library, encoder: Encoder, progress?: Progress): Promise<RetrievalIndex> {
  const parts = await buildParts(library, encoder, progress)
  const sums = Object.fromEntries(files.map((file) => [file, '0'.repeat(64)])) as Record<FileName, string>
  return indexOf(manifestOf(library, encoder, parts, sums), parts)
}

/**
 * Writes an index. Every file is written beside its target and renamed, the manifest last:
 * whoever reads in between finds digests that do not fit and serves nothing of it.
 */
export async function writeIndex(index: RetrievalIndex, folder: string): Promise<Manifest> {
  makeFolders(folder)
  const { tokens } = index
  const head = Buffer.from(
    Int32Array.of(
      index.passageUnit.length,
      index.unitStart.length,
      tokens.rows.length,
      tokens.passageRows.length,
      tokens.dimensions,
      index.rarity.tokens.length,
    ).buffer,
  )
  const contents: Record<Exclude<FileName, 'vectors.hnsw'>, Buffer> = {
    'passages.bin': Buffer.concat([
      head.subarray(0, 8),
      bytesOf(index.passageUnit),
      bytesOf(index.unitStart),
      bytesOf(index.pooled.data),
      bytesOf(index.passageIsGloss),
    ]),
    'tokens.bin': Buffer.concat([
      head.subarray(8, 24),
      bytesOf(tokens.starts),
      bytesOf(tokens.passageRows),
      bytesOf(tokens.rows),
      bytesOf(index.rarity.tokens),
      bytesOf(index.rarity.factors),
      bytesOf(Float32Array.of(index.rarity.unseen)),
    ]),
    'text.postings': encodePostings(index.text),
    'gloss.postings': encodePostings(index.gloss),
  }
  await index.vectors.write(join(folder, 'vectors.hnsw'))
  const sums = { ...index.manifest.files, 'vectors.hnsw': digest(await readFile(join(folder, 'vectors.hnsw'))) }
  for (const [name, bytes] of Object.entries(contents)) {
    await replaceFile(join(folder, name), bytes)
    sums[name as FileName] = digest(bytes)
  }
  const manifest = { ...index.manifest, files: sums }
  await replaceFile(join(folder, 'manifest.json'), Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`))
  return manifest
}

/**
 * Loads an index whose manifest fits this library and encoder, and whose every file has the digest that the manifest
 * names.
 * @throws {StaleIndexError} saying what does not fit; nothing of the index has been used then.
 */
export async function loadIndex(folder: string, library: Library, encoder: Encoder): Promise<RetrievalIndex> {
  const stale = (why: string): never => {
    throw new StaleIndexError(why)
  }
  const json = await readFile(join(folder, 'manifest.json'), 'utf8').catch(() => stale('there is none yet'))
  let data: unknown
  try {
    data = JSON.parse(json)
  } catch {
    stale('its manifest is damaged')
  }
  const checked = manifestSchema.safeParse(data)
  if (!checked.success) return stale('its manifest is damaged or of another format')
  const manifest = checked.data
  if (manifest.encoder.fingerprint !== encoder.fingerprint || manifest.encoder.dimensions !== encoder.dimensions)
    stale(`it was built with encoder ${manifest.encoder.name}, not ${encoder.name}`)
  if (manifest.corpus !== library.hash || manifest.units !== library.units.length) stale('the corpus has changed')
  if (
    manifest.graph.m !== graph.m ||
    manifest.graph.efConstruction !== graph.efConstruction ||
    manifest.graph.seed !== graph.seed
  )
    stale('the settings of the vector index have changed')
  const contents = new Map<FileName, Buffer>()
  for (const name of files) {
    const bytes = await readFile(join(folder, name)).catch(() => stale(`${name} is missing`))
    if (digest(bytes) !== manifest.files[name]) stale(`${name} is damaged`)
    contents.set(name, bytes)
  }
  const { dimensions } = manifest.encoder
  const passages = reader(contents.get('passages.bin') as Buffer)
  const [count = 0, unitEntries = 0] = passages.words(2)
  const passageUnit = passages.words(count)
  const unitStart = passages.words(unitEntries)
  const pooled = passages.floats(count * dimensions)
  const passageIsGloss = passages.bytes(count)
  const tokenFile = reader(contents.get('tokens.bin') as Buffer)
  const [rowSize = 0, runs = 0, tokenDimensions = 0, rarityCount = 0] = tokenFile.words(4)
  const tokens: TokenTable = {
    dimensions: tokenDimensions,
    starts: tokenFile.words(count + 1),
    passageRows: tokenFile.words(runs),
    rows: tokenFile.floats(rowSize),
  }
  const rarity: Rarity = {
    tokens: tokenFile.words(rarityCount),
    factors: tokenFile.floats(rarityCount),
    unseen: tokenFile.floats(1)[0] ?? 1,
  }
  // hnswlib reads a path, not bytes: it gets a private copy of the bytes that were checked, so nobody can change the
  // file in between.
  const copy = join(tmpdir(), `vectors-${process.pid}-${Date.now()}-${manifest.files['vectors.hnsw'].slice(0, 8)}.hnsw`)
  try {
    await writeFile(copy, contents.get('vectors.hnsw') as Buffer, { flag: 'wx', mode: 0o600 })
    const vectors = VectorIndex.read(copy, dimensions, manifest.count)
    return indexOf(manifest, {
      vectors,
      passageUnit,
      passageIsGloss,
      unitStart,
      pooled,
      tokens,
      rarity,
      text: decodePostings(contents.get('text.postings') as Buffer),
      gloss: decodePostings(contents.get('gloss.postings') as Buffer),
    })
  } finally {
    await rm(copy, { force: true })
  }
}

function reader(buffer: Buffer) {
  let at = 0
  const take = (length: number) => {
    if (at + length > buffer.length) throw new StaleIndexError('a file is cut short')
    const copy = buffer.buffer.slice(buffer.byteOffset + at, buffer.byteOffset + at + length)
    at += length
    return copy
  }
  return {
    words: (count: number) => new Int32Array(take(count * 4)),
    floats: (count: number) => new Float32Array(take(count * 4)),
    bytes: (count: number) => new Uint8Array(take(count)),
  }
}

/**
 * What was done to get a usable index; `saved` is false when the folder cannot be written and the index lives in memory
 * alone.
 */
export type Opened = {
  readonly index: RetrievalIndex
  readonly rebuilt?: { readonly reason: string; readonly saved: boolean }
}

/** Loads the index, or builds it anew on any doubt. */
export async function openIndex(
  folder: string,
  library: Library,
  encoder: Encoder,
  progress?: Progress,
): Promise<Opened> {
  try {
    return { index: await loadIndex(folder, library, encoder) }
  } catch (error) {
    const reason = error instanceof StaleIndexError ? error.message : 'it cannot be read'
    const built = await buildIndex(library, encoder, progress)
    try {
      return { index: { ...built, manifest: await writeIndex(built, folder) }, rebuilt: { reason, saved: true } }
    } catch {
      return { index: built, rebuilt: { reason, saved: false } }
    }
  }
}
