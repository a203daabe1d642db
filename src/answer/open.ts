import { loadLibrary } from '../memorandum/library.ts'
import { loadTopics, type Topic } from '../memorandum/topics.ts'
import type { Assistant } from '../model/answer.ts'
import { loadBridge } from '../retrieval/bridge.ts'
import { type Encoder, loadEncoder } from '../retrieval/encoder.ts'
import { openIndex, type Progress } from '../retrieval/index-folder.ts'
import type { Retrieval } from '../retrieval/search.ts'
import { createAssistant, type Workings } from './assistant.ts'

/** Where everything is, as the configuration has it. */
export type AssistantFiles = {
  readonly corpus: string
  readonly index: string
  readonly encoder: string
  /** Where downloaded models are kept. */
  readonly models: string
  /** Milliseconds. */
  readonly downloadTimeout: number
}

export type OpenedAssistant = {
  readonly assistant: Assistant & Workings
  readonly retrieval: Retrieval
  readonly topics: readonly Topic[]
}

const unsaved =
  ' It could not be written there and is kept in memory; run "npm run index" where the folder is writable.'

/**
 * Loads corpus, encoder and index; builds the index anew on any doubt about it. `say` gets one line for each thing that
 * a person should know.
 * @throws {CorpusError | EncoderError} with what to do.
 */
export async function openAssistant(
  files: AssistantFiles,
  say: (line: string) => void,
  progress?: Progress,
): Promise<OpenedAssistant> {
  const [library, encoder]: [Awaited<ReturnType<typeof loadLibrary>>, Encoder] = await Promise.all([
    loadLibrary(files.corpus),
    loadEncoder({ encoder: files.encoder, cache: files.models, downloadTimeout: files.downloadTimeout }),
  ])
  const [bridge, topics] = await Promise.all([loadBridge(files.corpus, library), loadTopics(files.corpus, library)])
  const { index, rebuilt } = await openIndex(files.index, library, encoder, progress)
  if (rebuilt !== undefined)
    say(`Rebuilt the index in ${files.index}/: ${rebuilt.reason}.${rebuilt.saved ? '' : unsaved}`)
  const retrieval = { library, index, encoder, bridge }
  return { assistant: createAssistant(retrieval, topics), retrieval, topics }
}
