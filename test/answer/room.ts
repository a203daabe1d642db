import { type OpenedAssistant, openAssistant } from '../../src/answer/open.ts'

let opened: Promise<OpenedAssistant> | undefined

/** The real assistant over the real corpus, index and encoder, opened once for all files of a process. */
export function openRoom(): Promise<OpenedAssistant> {
  opened ??= openAssistant(
    { corpus: 'corpus', index: 'index', encoder: 'index/encoder', models: 'data/models', downloadTimeout: 1000 },
    (line) => {
      throw new Error(`The index does not fit the corpus: ${line}`)
    },
  )
  return opened
}
