import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { open } from 'lmdb'
import { examineFile } from '../../src/embedded/file.ts'
import { embeddedFile, openEmbedded } from '../../src/embedded/home.ts'
import { StateError, type Store } from '../../src/state/store.ts'
import { startProcess } from './processes.ts'

/** Everything that was confirmed. */
interface Model {
  /** Value by key. */
  readonly settings: Map<string, string>
  /** Ids of the updates that wait, by lane, in order. */
  readonly lanes: Map<string, number[]>
  /** Results by update, then by key. */
  readonly sent: Map<number, Map<string, string>>
}

const pageBytes = 4096
const lifetimeMs = 86_400_000
const openAt = (folder: string): Store => openEmbedded({ folder, now: () => 1_800_000_000_000 })

const newModel = (): Model => ({ settings: new Map(), lanes: new Map(), sent: new Map() })
const copyOf = (model: Model): Model => structuredClone(model)

/** What a store holds, as a model; everything waiting is done afterwards. */
export async function drain(store: Store, keys: Iterable<string>): Promise<Model> {
  const model = newModel()
  for (const key of keys) {
    const value = await store.get('settings', key)
    if (value !== undefined) model.settings.set(key, value)
  }
  for (;;) {
    const { leases } = await store.claim('drain', 1000, 60_000)
    if (leases.length === 0) return model
    for (const { lane, update, sent } of leases) {
      model.lanes.set(lane, [...(model.lanes.get(lane) ?? []), update.id])
      if (sent.size > 0) model.sent.set(update.id, new Map(sent))
    }
    await Promise.all(leases.map((lease) => store.finish(lease)))
  }
}

/** Says where two models differ; undefined where they do not. */
export function differenceOf(found: Model, wanted: Model): string | undefined {
  const plain = ({ settings, lanes, sent }: Model) =>
    JSON.stringify([
      [...settings].toSorted(),
      [...lanes].filter(([, ids]) => ids.length > 0).toSorted(),
      [...sent].map(([id, results]) => [id, [...results].toSorted()]).toSorted(),
    ])
  const [a, b] = [plain(found), plain(wanted)]
  return a === b ? undefined : `found ${a.slice(0, 300)}, stored ${b.slice(0, 300)}`
}

const keyCount = 60
export const allKeys = Array.from({ length: keyCount }, (_, index) => `user:${index}`)

/** A state that lives in one folder, with what it must hold. */
class Life {
  readonly folder: string
  readonly random: () => number
  model = newModel()
  store: Store
  #nextId = 1

  constructor(folder: string, random: () => number) {
    this.folder = folder
    this.random = random
    this.store = openAt(folder)
  }

  #below(limit: number): number {
    return Math.floor(this.random() * limit)
  }

  /** One confirmed change, or several at once. */
  async change(): Promise<void> {
    const longest = this.random() < 0.1 ? 30_000 : 700
    const changes = Array.from({ length: 1 + this.#below(4) }, () => this.#changeOnce(longest))
    await Promise.all(changes)
  }

  async #changeOnce(longest: number): Promise<void> {
    const { store, model } = this
    const kind = this.random()
    if (kind < 0.35) {
      const key = `user:${this.#below(keyCount)}`
      const value = String.fromCharCode(97 + this.#below(26)).repeat(this.#below(longest))
      model.settings.set(key, value)
      await store.set('settings', key, value)
    } else if (kind < 0.55) {
      const key = `user:${this.#below(keyCount)}`
      model.settings.delete(key)
      await store.remove('settings', key)
    } else if (kind < 0.8) {
      const updates = Array.from({ length: 1 + this.#below(5) }, () => {
        const lane = `chat:${this.#below(6)}`
        const id = this.#nextId++
        model.lanes.set(lane, [...(model.lanes.get(lane) ?? []), id])
        return { id, lane, body: 'b'.repeat(this.#below(longest)), lifetimeMs }
      })
      await store.add(updates)
    } else await this.#answer()
  }

  async #answer(): Promise<void> {
    const { leases } = await this.store.claim('life', 1 + this.#below(3), 60_000)
    for (const lease of leases) {
      const { id } = lease.update
      await this.store.record(id, 'sendMessage 1 0', `result ${id}`)
      if (this.random() < 0.3) {
        this.model.sent.set(id, new Map([['sendMessage 1 0', `result ${id}`]]))
        await this.store.putBack(lease, 0, 'stopped')
        continue
      }
      await this.store.finish(lease)
      this.model.sent.delete(id)
      const ids = this.model.lanes.get(lease.lane) ?? []
      this.model.lanes.set(
        lease.lane,
        ids.filter((waiting) => waiting !== id),
      )
    }
  }

  async restart(): Promise<void> {
    await this.store.close()
    this.store = openAt(this.folder)
  }
}

/** Opens a copy of a file as a start after a kill would, and says what is wrong. */
async function startFrom(bytes: Buffer, folder: string, wanted: Model): Promise<string | undefined> {
  mkdirSync(folder, { recursive: true })
  writeFileSync(embeddedFile(folder), bytes)
  try {
    const store = openAt(folder)
    const difference = differenceOf(await drain(store, allKeys), wanted)
    await store.close()
    return difference
  } catch (error) {
    return String(error)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/**
 * The file as a kill or a power cut in the middle of a commit leaves it: the heads of before, of the other pages some
 * written and some not, and an end anywhere between.
 */
function torn(before: Buffer, after: Buffer, random: () => number): Buffer {
  const end = before.length + Math.floor(random() * Math.max(0, after.length - before.length))
  const file = Buffer.alloc(Math.max(before.length, end))
  before.copy(file)
  for (let at = 2 * pageBytes; at < file.length; at += pageBytes)
    if (at >= before.length || random() < 0.5) after.copy(file, at, at, Math.min(at + pageBytes, file.length))
  return file
}

/** Number of the newest transaction of a file. */
const transactionOf = (file: Buffer): bigint =>
  [152, pageBytes + 152].map((at) => file.readBigUInt64LE(at)).reduce((a, b) => (a > b ? a : b))

/** Bytes up to the last page that was ever used; behind it lies space that is kept free. */
function usedBytes(file: Buffer): number {
  const newest = file.readBigUInt64LE(pageBytes + 152) > file.readBigUInt64LE(152) ? pageBytes : 0
  return (Number(file.readBigUInt64LE(newest + 144)) + 1) * pageBytes
}

/** Where thousands of commits are synced in no time, if there is such a place. */
export const fastFolder = (): string => (existsSync('/dev/shm') ? '/dev/shm' : tmpdir())

/**
 * One random history: changes, stops and starts, and kills at any moment, after each of which a start must find all that
 * was confirmed. What is wrong, or undefined.
 */
export async function runHistory(folder: string, random: () => number): Promise<string | undefined> {
  const life = new Life(join(folder, 'life'), random)
  const aside = join(folder, 'aside')
  const file = embeddedFile(life.folder)
  const steps = 2 + Math.floor(random() * 16)
  try {
    for (let step = 0; step < steps; step += 1) {
      const then = random()
      const isTorn = then < 0.2
      const before = isTorn ? { file: readFileSync(file), model: copyOf(life.model) } : undefined
      await life.change()
      let wrong: string | undefined
      if (before !== undefined) {
        const after = readFileSync(file)
        const isOneCommit = transactionOf(after) === transactionOf(before.file) + 1n
        if (isOneCommit) wrong = await startFrom(torn(before.file, after, random), aside, before.model)
      } else if (then < 0.3) wrong = await startFrom(readFileSync(file), aside, life.model)
      if (wrong !== undefined) return wrong
      if (then > 0.9) await life.restart()
    }
    await life.restart()
    return differenceOf(await drain(life.store, allKeys), life.model)
  } catch (error) {
    return String(error)
  } finally {
    await life.store.close()
    rmSync(folder, { recursive: true })
  }
}

/**
 * One random history of a file as format 1 wrote it, whose end may be missing: it must be found whole, with all that was
 * stored, at every moment. What is wrong, or undefined.
 */
export async function runOldHistory(folder: string, random: () => number): Promise<string | undefined> {
  mkdirSync(folder, { recursive: true })
  const stored = new Map<string, string>()
  const below = (limit: number) => Math.floor(random() * limit)
  const longest = random() < 0.3 ? 20_000 : 600
  let path = join(folder, 'file-0.lmdb')

  function check(): string | undefined {
    const found = new Map<string, string>()
    const finding = examineFile(path, (key, value) => found.set(key.toString(), JSON.parse(value.toString())))
    if (finding.kind !== 'whole') return JSON.stringify(finding)
    const isSame = found.size === stored.size && [...stored].every(([key, value]) => found.get(key) === value)
    return isSame ? undefined : 'it does not hold what was stored'
  }

  try {
    for (let session = 1; session <= 1 + below(4); session += 1) {
      const database = open<string, string>({ path, noSubdir: true, encoding: 'json', maxReaders: 64 })
      for (let step = below(30); step > 0; step -= 1) {
        database.transactionSync(() => {
          for (let count = 1 + below(random() < 0.1 ? 100 : 8); count > 0; count -= 1) {
            const key = `key ${below(300)}`
            if (random() < 0.4) {
              stored.delete(key)
              database.removeSync(key)
            } else {
              const value = 'x'.repeat(below(longest))
              stored.set(key, value)
              database.putSync(key, value)
            }
          }
        })
        const wrong = random() < 0.1 ? check() : undefined
        if (wrong !== undefined) return wrong
      }
      // As a kill leaves it.
      const copy = join(folder, `file-${session}.lmdb`)
      if (random() < 0.3) copyFileSync(path, copy)
      await database.close()
      const wrong = check()
      if (wrong !== undefined) return wrong
      if (random() < 0.3) copyFileSync(path, copy)
      else continue
      path = copy
    }
    return undefined
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Does one kind of damage to a file: cut short, a page zeroed, a bit or some bytes changed, a page in another's place. */
function damage(whole: Buffer, random: () => number): Buffer {
  const bytes = Buffer.from(whole)
  const below = (limit: number) => Math.floor(random() * limit)
  const used = usedBytes(whole)
  const pageAt = () => below(used / pageBytes) * pageBytes
  const at = below(random() < 0.7 ? used : 3 * pageBytes)
  switch (below(5)) {
    case 0:
      return bytes.subarray(0, at)
    case 1: {
      const from = pageAt()
      return bytes.fill(0, from, from + pageBytes)
    }
    case 2:
      bytes.writeUInt8((bytes[at] ?? 0) ^ (1 << below(8)), at)
      return bytes
    case 3:
      for (let end = Math.min(bytes.length, at + below(200)), each = at; each < end; each += 1)
        bytes.writeUInt8(below(256), each)
      return bytes
    default: {
      const from = pageAt()
      whole.copy(bytes, pageAt(), from, from + pageBytes)
      return bytes
    }
  }
}

/** A file with a bit of everything in it, and what it holds. */
export async function ordinaryFile(folder: string, random: () => number): Promise<{ bytes: Buffer; model: Model }> {
  const life = new Life(folder, random)
  for (let step = 0; step < 40; step += 1) await life.change()
  await life.store.close()
  const bytes = readFileSync(embeddedFile(folder))
  rmSync(folder, { recursive: true })
  return { bytes, model: life.model }
}

/**
 * Damages a file and starts from it: the start must either say what is wrong and what to do, and leave the file as it
 * is, or find all that was stored. `named`, `unharmed`, or what is wrong.
 */
export async function startDamaged(
  { bytes, model }: { readonly bytes: Buffer; readonly model: Model },
  folder: string,
  random: () => number,
): Promise<string> {
  const damaged = damage(bytes, random)
  mkdirSync(folder, { recursive: true })
  const path = embeddedFile(folder)
  writeFileSync(path, damaged)
  let store: Store | undefined
  try {
    store = openAt(folder)
    return differenceOf(await drain(store, allKeys), model) ?? 'unharmed'
  } catch (error) {
    if (!(error instanceof StateError) || error.kind === 'away') return `unforeseen: ${error}`
    if (!/[Rr]estore|[Ss]tart the/u.test(error.message)) return `no advice: ${error.message}`
    return readFileSync(path).equals(damaged) ? 'named' : `changed: ${error.message}`
  } finally {
    await store?.close()
    rmSync(folder, { recursive: true })
  }
}

/** Kills a process that writes without pause, again and again: how many numbers it confirmed, and what is wrong. */
export async function killWriters(
  folder: string,
  kills: number,
  random: () => number,
): Promise<{ readonly confirmed: number; readonly wrong: readonly string[] }> {
  const wrong: string[] = []
  let confirmed = 0
  for (let kill = 0; kill < kills; kill += 1) {
    const writer = startProcess('write', folder)
    const begun = await writer.begun
    if (begun !== 'ready') wrong.push(begun)
    await new Promise((resolve) => setTimeout(resolve, random() * 200))
    writer.child.kill('SIGKILL')
    await writer.exited
    confirmed = Math.max(confirmed, ...writer.lines.map(Number).filter(Number.isFinite))
    const store = openEmbedded({ folder })
    const stored = Number((await store.get('settings', 'number')) ?? 0)
    // The last one may be stored and not confirmed.
    if (stored !== confirmed && stored !== confirmed + 1) wrong.push(`confirmed ${confirmed}, stored ${stored}`)
    const { seen } = await store.counts()
    if (seen !== stored) wrong.push(`stored ${stored}, seen ${seen}`)
    confirmed = stored
    await store.close()
  }
  return { confirmed, wrong }
}
