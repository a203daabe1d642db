import { createHash } from 'node:crypto'
import { copyFile, mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Library, loadLibrary } from '../../src/memorandum/library.ts'
import { type Bridge, loadBridge } from '../../src/retrieval/bridge.ts'
import { type Encoder, loadEncoder } from '../../src/retrieval/encoder.ts'
import type { RetrievalIndex } from '../../src/retrieval/index-folder.ts'
import { fittedWeights, prepare, rank } from '../../src/retrieval/search.ts'
import { fold } from '../../src/text/fold.ts'

/** One memorandum without glosses, and the bundled encoder: enough to search, built in a moment. */
export type Small = { readonly library: Library; readonly encoder: Encoder; readonly bridge: Bridge }

export const bundledEncoder = { encoder: 'index/encoder', cache: 'data/models', downloadTimeout: 1000 }

export async function temporaryFolder(name: string): Promise<string> {
  return mkdtemp(join(tmpdir(), `${name}-`))
}

export async function loadSmall(...memoranda: readonly string[]): Promise<Small> {
  const corpus = await temporaryFolder('corpus')
  for (const id of memoranda.length === 0 ? ['sichuan-2018'] : memoranda)
    await copyFile(`corpus/${id}.md`, join(corpus, `${id}.md`))
  const [library, encoder] = await Promise.all([loadLibrary(corpus), loadEncoder(bundledEncoder)])
  return { library, encoder, bridge: await loadBridge(corpus, library) }
}

const questions = [
  '青年實習',
  '中醫藥檢測中心',
  'giant panda conservation',
  '金融業人才',
  '災後重建 大學',
  '港珠澳大橋',
]

/** Digest of what an index answers to some questions, to the last digit of every score. */
export async function answersOf({ library, encoder, bridge }: Small, index: RetrievalIndex): Promise<string> {
  const retrieval = { library, encoder, bridge, index }
  const answers: unknown[] = []
  for (const question of questions) {
    const hits = rank(retrieval, await prepare(retrieval, { subject: fold(question), inFull: fold(question) }), {
      limit: 10,
      weights: fittedWeights,
    })
    answers.push([question, hits.map(({ unit, score }) => [library.units[unit]?.id, score])])
  }
  return createHash('sha256').update(JSON.stringify(answers)).digest('hex')
}
