import { parseArgs } from 'node:util'
import { environmentWith, readConfig } from '../src/config.ts'
import { loadLibrary } from '../src/memorandum/library.ts'
import { loadEncoder, sealEncoder } from '../src/retrieval/encoder.ts'
import { buildIndex, openIndex, writeIndex } from '../src/retrieval/index-folder.ts'

const help = `Usage: npm run index [-- --force]

Builds the search index from the corpus and the encoder, where the one on disk does not fit them.
CORPUS, INDEX and ENCODER name the folders; "npm start -- --help" describes them.

  --force         build it anew even where it fits
  --seal-encoder  only write SHA256SUMS for the encoder's folder, so that a damaged model is refused
  --help          this page

Exit codes: 0 the index on disk fits, 1 it cannot be built or written, 2 wrong usage`

async function main(): Promise<number> {
  let values: { force: boolean; 'seal-encoder': boolean; help: boolean }
  try {
    ;({ values } = parseArgs({
      options: {
        force: { type: 'boolean', default: false },
        'seal-encoder': { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    }))
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n\n${help}`)
    return 2
  }
  if (values.help) {
    console.log(help)
    return 0
  }
  const config = readConfig(environmentWith(process.env, '.env'))
  if (values['seal-encoder']) {
    console.log(`Sealed ${config.encoder}: ${(await sealEncoder(config.encoder)).join(', ')}`)
    return 0
  }
  const start = performance.now()
  const [library, encoder] = await Promise.all([
    loadLibrary(config.corpus),
    loadEncoder({ encoder: config.encoder, cache: `${config.data}/models`, downloadTimeout: config.downloadTimeout }),
  ])
  const progress = (done: number, total: number) => {
    if (process.stderr.isTTY) process.stderr.write(`\r${done}/${total} passages${done === total ? '\n' : ''}`)
  }
  const seconds = () => ((performance.now() - start) / 1000).toFixed(1)
  if (values.force) {
    const { count, units } = await writeIndex(await buildIndex(library, encoder, progress), config.index)
    console.log(`Built ${config.index}/ in ${seconds()} s: ${units} units, ${count} passages`)
    return 0
  }
  const { index, rebuilt } = await openIndex(config.index, library, encoder, progress)
  const { units, count } = index.manifest
  if (rebuilt === undefined)
    console.log(`${config.index}/ fits the corpus and the encoder: ${units} units, ${count} passages`)
  else if (rebuilt.saved)
    console.log(`Built ${config.index}/ in ${seconds()} s (${rebuilt.reason}): ${units} units, ${count} passages`)
  else {
    console.error(`Cannot write ${config.index}/: make the folder writable, or name another with INDEX`)
    return 1
  }
  return 0
}

try {
  process.exitCode = await main()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
