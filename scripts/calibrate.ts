import { readFile, rename, writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { createAssistant } from '../src/answer/assistant.ts'
import { openAssistant } from '../src/answer/open.ts'
import { environmentWith, readConfig } from '../src/config.ts'
import { type BankQuestion, choicesOf, choicesOfExamples, readBank } from '../src/evaluation/bank.ts'
import { areaUnderCurve } from '../src/evaluation/curve.ts'
import { readQuestions } from '../src/evaluation/figures.ts'
import { chosen, type Decision, decisionOdds, fitChoice, fitDecision, packed } from '../src/evaluation/fitting.ts'
import { curvePlot } from '../src/evaluation/plot.ts'
import { type Evidence, everythingAnswered, signalNames } from '../src/refusal/refusal.ts'
import { readingKinds } from '../src/understanding/readings.ts'

const help = `Usage: npm run calibrate [-- --dry] [--readings] [--refusal] [--false-refusals SHARE]

Fits how messages are read and when questions are refused, on the bank and on the examples, and reports both leaving
out each hand in turn: fitted on the others, measured on it. Writes src/understanding/readings.json,
src/refusal/calibration.json and the curve test/evaluation/refusal.svg.

  --dry                    write nothing
  --readings               only how messages are read
  --refusal                only when questions are refused, with the readings as they are
  --false-refusals SHARE   share of answerable questions that may be refused, on left-out hands (default 0.03)
  --help                   this page

Exit codes: 0 fitted, 1 cannot`

const bankFolder = 'test/evaluation/bank'
const examplesFile = 'src/understanding/examples.json'

const share = (part: number, whole: number) => (whole === 0 ? '–' : (part / whole).toFixed(3))

async function write(file: string, text: string): Promise<void> {
  await writeFile(`${file}.tmp`, text)
  await rename(`${file}.tmp`, file)
}

function progress(what: string): (done: number, total: number) => void {
  return (done, total) => {
    if (process.stderr.isTTY && (done % 50 === 0 || done === total))
      process.stderr.write(`\r${what}: ${done}/${total}${done === total ? '\n' : ''}`)
  }
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      dry: { type: 'boolean', default: false },
      readings: { type: 'boolean', default: false },
      refusal: { type: 'boolean', default: false },
      'false-refusals': { type: 'string', default: '0.03' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) {
    console.log(help)
    return
  }
  const config = readConfig(environmentWith(process.env, '.env'))
  const { retrieval, topics } = await openAssistant({ ...config, models: `${config.data}/models` }, console.error)
  const bank = await readBank(bankFolder)
  const hands = [...new Set(bank.map(({ hand }) => hand))]
  console.log(`${bank.length} messages of ${hands.length} hands`)

  if (!values.refusal) {
    // Whether something answers is decided later: here every reading may show what it finds.
    const open = createAssistant(retrieval, topics, everythingAnswered)
    const examples = JSON.parse(await readFile(examplesFile, 'utf8')) as Record<string, string[]>
    const known = await choicesOfExamples(open, examples)
    const rows = await choicesOf(open, bank, progress('readings'))
    const tally = new Map<string, [number, number]>()
    for (const hand of hands) {
      const weights = fitChoice([...known, ...rows.filter((row) => row.hand !== hand)], readingKinds.length)
      for (const row of rows.filter((one) => one.hand === hand)) {
        const good = row.right[chosen(weights, readingKinds.length, row)] === true
        const kinds = readingKinds.filter((_, k) => row.right[k])
        for (const key of [row.source, `${row.source}, ${kinds.length === 1 ? kinds[0] : 'several'}`, `hand ${hand}`]) {
          const [right, all] = tally.get(key) ?? [0, 0]
          tally.set(key, [right + Number(good), all + 1])
        }
      }
    }
    console.log('read rightly, on left-out hands:')
    for (const [key, [right, all]] of [...tally].sort(([a], [b]) => a.localeCompare(b)))
      console.log(`  ${key.padEnd(26)} ${share(right, all)}  of ${all}`)
    if (!values.dry) {
      const weights = fitChoice([...known, ...rows], readingKinds.length)
      await write('src/understanding/readings.json', `${JSON.stringify(packed(readingKinds, weights))}\n`)
      console.log('wrote src/understanding/readings.json')
    }
  }
  if (values.readings) return

  let last: Evidence | undefined
  const assistant = createAssistant(retrieval, topics, (evidence) => {
    last = evidence
    return everythingAnswered(evidence)
  })
  const own = (
    await Promise.all(
      ['own-answerable', 'own-unanswerable'].map((name) => readQuestions(`test/evaluation/${name}.jsonl`)),
    )
  ).flat()
  const asked: readonly BankQuestion[] = [...bank, ...own.map((question) => ({ ...question, hand: 'own' }))]
  const rows: (Decision & { readonly hand: string; readonly reason: string })[] = []
  const note = progress('refusal')
  for (const [at, question] of asked.entries()) {
    note(at + 1, asked.length)
    const isAnswered = question.relevant.some(({ grade }) => grade === 2)
    if (!isAnswered && question.expectAbstain !== true) continue
    last = undefined
    const answer = await assistant.answer({ query: question.query, context: question.context ?? [] })
    const evidence = last as Evidence | undefined
    // A comparison judges each of its columns.
    if (evidence === undefined || answer.kind === 'remark' || answer.kind === 'comparison') continue
    rows.push({
      features: evidence.grams,
      signals: signalNames.map((name) => evidence.signals[name]),
      label: isAnswered ? 1 : 0,
      hand: question.hand,
      reason: question.reason ?? question.type,
    })
  }
  const odds = new Map<(typeof rows)[number], number>()
  for (const hand of hands) {
    const fitted = fitDecision(rows.filter((row) => row.hand !== hand))
    for (const row of rows) if (row.hand === hand) odds.set(row, decisionOdds(fitted, row))
  }
  const judged = [...odds]
  const answerable = judged.flatMap(([{ label }, value]) => (label === 1 ? [value] : [])).sort((a, b) => a - b)
  const allowed = Number(values['false-refusals'])
  const threshold = answerable[Math.floor(answerable.length * allowed)] as number
  console.log(`refused on left-out hands, at ${(allowed * 100).toFixed(1)} % false refusals:`)
  const report = (name: string, wanted: (row: (typeof rows)[number]) => boolean) => {
    const chosenRows = judged.filter(([row]) => row.label === 0 && wanted(row))
    const refused = chosenRows.filter(([, value]) => value < threshold).length
    console.log(`  ${name.padEnd(26)} ${share(refused, chosenRows.length)}  of ${chosenRows.length}`)
  }
  report('all', () => true)
  for (const reason of new Set(judged.filter(([{ label }]) => label === 0).map(([row]) => row.reason)))
    report(reason, (row) => row.reason === reason)
  for (const hand of hands) report(`hand ${hand}`, (row) => row.hand === hand)
  const values_ = judged.map(([, value]) => value)
  const labels = judged.map(([{ label }]) => label)
  console.log(`area under the curve ${areaUnderCurve(values_, labels).toFixed(4)}`)
  if (values.dry) return
  const fitted = fitDecision(rows)
  const round = (value: number) => Math.round(value * 1e6) / 1e6
  const signals = Object.fromEntries(
    signalNames.map((name, k) => [
      name,
      {
        mean: round(fitted.means[k] as number),
        scale: round(fitted.scales[k] as number),
        weight: round(fitted.weights[k] as number),
        square: round(fitted.squares[k] as number),
      },
    ]),
  )
  const grams = packed(['answered'], fitted.features)
  const calibration = { threshold: round(threshold), bias: round(fitted.bias), signals, grams }
  await write('src/refusal/calibration.json', `${JSON.stringify(calibration)}\n`)
  await writeFile('test/evaluation/refusal.svg', curvePlot(values_, labels, threshold))
  console.log('wrote src/refusal/calibration.json and test/evaluation/refusal.svg')
}

await main()
