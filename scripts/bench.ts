import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createAssistant } from '../src/answer/assistant.ts'
import { openAssistant } from '../src/answer/open.ts'
import { readConfig } from '../src/config.ts'
import { barTable, isKept } from '../src/evaluation/bars.ts'
import { benchStages, exhaustiveAgreement, stageNames } from '../src/evaluation/bench.ts'
import { readQuestions } from '../src/evaluation/figures.ts'
import { syntheticLibrary } from '../src/evaluation/synthetic.ts'
import { loadLibrary } from '../src/memorandum/library.ts'
import { loadTopics } from '../src/memorandum/topics.ts'
import { loadBridge } from '../src/retrieval/bridge.ts'
import { loadEncoder } from '../src/retrieval/encoder.ts'
import { buildIndex, loadIndex, writeIndex } from '../src/retrieval/index-folder.ts'
import { measureBars } from './bench/bars.ts'

const help = `Usage: npm run bench [-- --clauses N] [--exhaustive] [--json]
       npm run bench -- --check [--json]

Times every stage of a question on the development questions: on the memoranda, or on a synthetic corpus of N clauses
made from their phrases. Prints milliseconds by the clock and of processor time, memory, and the index's build time and size.

  --clauses N     size of the synthetic corpus, 100 to 1000000; without it the memoranda themselves
  --index FOLDER  keep the built index there, and use it again where it fits
  --exhaustive    also compare the first ten with an exhaustive run of the same scoring
  --questions N   ask the first N questions only
  --check         instead, hold what is promised about speed against its bars, a line each: the time from an update to
                  the call that answers it, the time of long texts, and how time grows with length, a ratio within
                  this run; on a machine that does nothing else
  --json          print the figures as JSON
  --help          this page

Exit codes: 0 measured and, with --check, every bar kept; 1 a bar is broken, or cannot; 2 wrong usage`

const megabytes = (bytes: number) => Math.round(bytes / 1e6)
const wholeOf = (text: string | undefined, low: number, high: number) =>
  text === undefined || (/^\d+$/u.test(text) && Number(text) >= low && Number(text) <= high)

const readArguments = () =>
  parseArgs({
    options: {
      clauses: { type: 'string' },
      index: { type: 'string' },
      questions: { type: 'string' },
      exhaustive: { type: 'boolean', default: false },
      check: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  }).values

async function main(): Promise<number> {
  let values: ReturnType<typeof readArguments>
  try {
    values = readArguments()
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n\n${help}`)
    return 2
  }
  if (values.help) {
    console.log(help)
    return 0
  }
  const { clauses, index: kept, questions: most, exhaustive } = values
  const isMixed = values.check && (exhaustive || [clauses, kept, most].some((value) => value !== undefined))
  if (isMixed || !wholeOf(clauses, 100, 1_000_000) || !wholeOf(most, 1, 1_000_000)) {
    console.error(help)
    return 2
  }
  return values.check ? await check(values.json) : await measure(values)
}

type Wanted = {
  readonly clauses?: string | undefined
  readonly index?: string | undefined
  readonly questions?: string | undefined
  readonly exhaustive: boolean
  readonly json: boolean
}

const say = (text: string) => {
  if (process.stderr.isTTY) process.stderr.write(`\r${text}\x1b[K`)
}

async function check(json: boolean): Promise<number> {
  const config = readConfig(process.env)
  const opened = await openAssistant({ ...config, models: `${config.data}/models` }, console.error)
  const questions = await readQuestions('test/evaluation/dev.jsonl')
  const bars = await measureBars(
    opened,
    questions.map(({ query }) => query),
    say,
  )
  say('')
  console.log(json ? JSON.stringify(bars, null, 2) : barTable(bars))
  return bars.every(isKept) ? 0 : 1
}

async function measure(values: Wanted): Promise<number> {
  const config = readConfig(process.env)
  const memory: Record<string, number> = {}
  const note = (stage: string) => {
    memory[stage] = megabytes(process.memoryUsage().rss)
  }
  note('at start')
  const original = await loadLibrary(config.corpus)
  const library = values.clauses === undefined ? original : syntheticLibrary(original, Number(values.clauses))
  note('corpus')
  const encoder = await loadEncoder({
    encoder: config.encoder,
    cache: `${config.data}/models`,
    downloadTimeout: config.downloadTimeout,
  })
  const [bridge, topics] = [await loadBridge(config.corpus, original), await loadTopics(config.corpus, original)]
  note('encoder and bridge')
  const folder = values.index ?? (await mkdtemp(join(tmpdir(), 'bench-')))
  let seconds = 0
  let index = await loadIndex(folder, library, encoder).catch(() => undefined)
  if (index === undefined) {
    const start = performance.now()
    index = await buildIndex(library, encoder, (done, total) => say(`${done}/${total} passages`))
    seconds = (performance.now() - start) / 1000
    index = { ...index, manifest: await writeIndex(index, folder) }
  }
  const sizes = await Promise.all(
    ['manifest.json', ...Object.keys(index.manifest.files)].map((name) => stat(join(folder, name))),
  )
  if (values.index === undefined) await rm(folder, { recursive: true, force: true })
  note('index')
  const retrieval = { library, index, encoder, bridge }
  const assistant = createAssistant(retrieval, topics)
  note('assistant')
  const questions = await readQuestions('test/evaluation/dev.jsonl')
  const queries = questions.map(({ query }) => query).slice(0, Number(values.questions ?? questions.length))
  say('asking questions\n')
  const stages = await benchStages(retrieval, assistant, queries)
  note('questions')
  const agreement = values.exhaustive ? await exhaustiveAgreement(retrieval, queries) : undefined
  const built = {
    units: library.units.length,
    passages: index.manifest.count,
    seconds: Math.round(seconds * 10) / 10,
    megabytes: megabytes(sizes.reduce((sum, { size }) => sum + size, 0)),
  }
  if (values.json) {
    console.log(
      JSON.stringify(
        { questions: queries.length, index: built, stages, memory, ...(agreement === undefined ? {} : { agreement }) },
        null,
        2,
      ),
    )
    return 0
  }
  console.log(
    `${built.units} units, ${built.passages} passages; index ${seconds === 0 ? 'found' : `built in ${built.seconds} s`}, ${built.megabytes} MB; ${queries.length} questions`,
  )
  console.log(
    `${'milliseconds'.padEnd(20)}${['p50', 'p95', 'cpu p50', 'cpu p95'].map((name) => name.padStart(9)).join('')}`,
  )
  for (const name of stageNames) {
    const { p50, p95, cpu } = stages[name]
    console.log(
      `${name.padEnd(20)}${[p50, p95, cpu.p50, cpu.p95].map((value) => value.toFixed(2).padStart(9)).join('')}`,
    )
  }
  console.log(
    `resident memory, MB: ${Object.entries(memory)
      .map(([stage, size]) => `${stage} ${size}`)
      .join(', ')}`,
  )
  if (agreement !== undefined)
    console.log(
      `first ten equal to an exhaustive run: ${agreement.mean.toFixed(4)} on average, ${agreement.least.toFixed(1)} at least, ${agreement.questions} questions`,
    )
  return 0
}

try {
  process.exitCode = await main()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
