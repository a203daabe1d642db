import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import {
  type Area,
  type Gloss,
  glossFile,
  type Memorandum,
  type OutsideTopic,
  outsideTopic,
  type Unit,
} from '../model/corpus.ts'
import { fold } from '../text/fold.ts'
import { CorpusError, parseMarkdown } from './markdown.ts'

/** All memoranda in memory, oldest first, with every way to reach a unit. Immutable. */
export type Library = {
  readonly memoranda: readonly Memorandum[]
  /** Every unit in the order of the documents: preamble, its clauses, measures. */
  readonly units: readonly Unit[]
  readonly byId: ReadonlyMap<string, Unit>
  readonly glosses: ReadonlyMap<string, Gloss>
  /** What people ask that none of these memoranda holds. */
  readonly outside: readonly OutsideTopic[]
  /** SHA-256 (hex) over every corpus file that shapes the index. */
  readonly hash: string
}

/** The units of one memorandum in the order of the document. */
export function unitsOf(memorandum: Memorandum): Unit[] {
  return [
    { kind: 'preamble', id: memorandum.preamble.id, memorandum, text: memorandum.preamble.text },
    ...memorandum.preamble.items.map((item): Unit => ({ kind: 'preamble-item', memorandum, ...item })),
    ...memorandum.areas.flatMap((area: Area) =>
      area.measures.map((measure): Unit => ({ kind: 'measure', memorandum, area, ...measure })),
    ),
  ]
}

/** Puts memoranda and glosses together. @throws {CorpusError} when an id stands twice or a gloss names no unit. */
export function buildLibrary(
  memoranda: readonly Memorandum[],
  glosses: readonly Gloss[],
  hash: string,
  outside: readonly OutsideTopic[] = [],
): Library {
  const ordered = [...memoranda].sort((a, b) => a.date.localeCompare(b.date) || a.id.localeCompare(b.id))
  const units = ordered.flatMap(unitsOf)
  const byId = new Map(units.map((unit) => [unit.id, unit]))
  if (byId.size !== units.length) throw new CorpusError('Cannot build the library: two units have the same id')
  const glossById = new Map(glosses.map((gloss) => [gloss.id, gloss]))
  if (glossById.size !== glosses.length) throw new CorpusError('Cannot build the library: two glosses have the same id')
  for (const id of glossById.keys())
    if (!byId.has(id)) throw new CorpusError(`Cannot build the library: the gloss of ${id} belongs to no unit`)
  // A new memorandum may take in what was outside before.
  const text = fold(units.map((unit) => unit.text).join('\n'))
  const still = outside.filter(({ terms }) => !terms.some((term) => text.includes(fold(term))))
  return { memoranda: ordered, units, byId, glosses: glossById, outside: still, hash }
}

/**
 * Reads every memorandum (`*.md`), gloss (`glosses/*.json`) and word list (`*.tsv`, `outside.json`) of a corpus folder.
 * @throws {CorpusError} naming file and line of what cannot be read.
 */
export async function loadLibrary(folder: string): Promise<Library> {
  const hash = createHash('sha256')
  const read = async (name: string) => {
    const text = await readFile(join(folder, name), 'utf8')
    hash.update(`${name}\0${text}\0`)
    return text
  }
  const names = await readdir(folder).catch(() => {
    throw new CorpusError(`Cannot read the corpus: there is no folder ${folder}`)
  })
  const memoranda: Memorandum[] = []
  for (const name of names.filter((file) => file.endsWith('.md')).sort()) {
    const { memorandum } = parseMarkdown(await read(name), join(folder, name))
    if (name !== `${memorandum.id}.md`)
      throw new CorpusError(`${join(folder, name)}:2: the id is ${memorandum.id}; the file must bear its name`)
    memoranda.push(memorandum)
  }
  if (memoranda.length === 0) throw new CorpusError(`Cannot read the corpus: ${folder} holds no memorandum (*.md)`)
  const glosses: Gloss[] = []
  const glossNames = (await readdir(join(folder, 'glosses')).catch(() => []))
    .filter((file) => file.endsWith('.json'))
    .sort()
  for (const name of glossNames) {
    let data: unknown
    try {
      data = JSON.parse(await read(join('glosses', name)))
    } catch (error) {
      throw new CorpusError(
        `${join(folder, 'glosses', name)}: ${error instanceof Error ? error.message : String(error)}`,
      )
    }
    const checked = glossFile.safeParse(data)
    if (!checked.success) {
      const [issue] = checked.error.issues
      throw new CorpusError(`${join(folder, 'glosses', name)}: ${issue?.path.join('.')}: ${issue?.message}`)
    }
    glosses.push(...checked.data.glosses)
  }
  for (const name of names.filter((file) => file.endsWith('.tsv')).sort()) await read(name)
  const outside = names.includes('outside.json')
    ? readOutside(await read('outside.json'), join(folder, 'outside.json'))
    : []
  return buildLibrary(memoranda, glosses, hash.digest('hex'), outside)
}

function readOutside(text: string, file: string): readonly OutsideTopic[] {
  try {
    return z.strictObject({ topics: z.array(outsideTopic) }).parse(JSON.parse(text)).topics
  } catch (error) {
    const issue = error instanceof z.ZodError ? error.issues[0] : undefined
    throw new CorpusError(
      `${file}: ${issue === undefined ? String(error) : `${issue.path.join('.')}: ${issue.message}`}`,
    )
  }
}

/** `川港`: what a memorandum is called for short. */
export function shortName(memorandum: Memorandum): string {
  return `${memorandum.province.char}港`
}

/** Year of signing. */
export function yearOf(memorandum: Memorandum): string {
  return memorandum.date.slice(0, 4)
}

/** The units before and after one in its document; `undefined` at the ends. */
export function neighbours(library: Library, unit: Unit): { previous: Unit | undefined; next: Unit | undefined } {
  const own = library.units.filter((other) => other.memorandum.id === unit.memorandum.id)
  const at = own.findIndex((other) => other.id === unit.id)
  return { previous: own[at - 1], next: own[at + 1] }
}
