import { rename, writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { openAssistant } from '../src/answer/open.ts'
import { environmentWith, readConfig } from '../src/config.ts'
import { askedOf, readQuestions } from '../src/evaluation/figures.ts'
import { areaUnderCurve, fitLogistic, oddsOf } from '../src/evaluation/logistic.ts'
import { curvePlot } from '../src/evaluation/plot.ts'
import { type Signals, signalNames } from '../src/refusal/refusal.ts'

const help = `Usage: npm run calibrate [-- --dry] [--false-refusals SHARE]

Fits the decision to refuse on the project's own questions, cross-validated in ten parts, and writes src/refusal/calibration.json
and the curve test/evaluation/refusal.svg.

  --dry                    write nothing
  --false-refusals SHARE   share of answerable questions that may be refused, in cross-validation (default 0.015)
  --help                   this page

Exit codes: 0 fitted, 1 cannot`

const parts = 10
/** Decided by rules, not by these signals. */
const ruled = new Set(['item', 'place', 'detail'])

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      dry: { type: 'boolean', default: false },
      'false-refusals': { type: 'string', default: '0.015' },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) {
    console.log(help)
    return
  }
  const config = readConfig(environmentWith(process.env, '.env'))
  const { assistant } = await openAssistant({ ...config, models: `${config.data}/models` }, console.error)
  const rows: { signals: Signals; label: 0 | 1; reason: string }[] = []
  for (const [file, label] of [
    ['test/evaluation/own-answerable.jsonl', 1],
    ['test/evaluation/own-unanswerable.jsonl', 0],
  ] as const) {
    for (const question of await readQuestions(file)) {
      const reason = question.reason ?? question.type
      if (ruled.has(reason)) continue
      const signals = await assistant.signals(askedOf(question))
      if (signals !== undefined) rows.push({ signals, label, reason })
    }
  }
  const matrix = rows.map(({ signals }) => signalNames.map((name) => signals[name]))
  const labels = rows.map(({ label }) => label)
  const odds = new Array<number>(rows.length).fill(0)
  for (let part = 0; part < parts; part += 1) {
    const inside = (at: number) => at % parts !== part
    const model = fitLogistic(
      matrix.filter((_, at) => inside(at)),
      labels.filter((_, at) => inside(at)),
    )
    matrix.forEach((row, at) => {
      if (!inside(at)) odds[at] = oddsOf(model, row)
    })
  }
  const answerable = odds.filter((_, at) => labels[at] === 1).sort((a, b) => a - b)
  const allowed = Number(values['false-refusals'])
  const threshold = answerable[Math.floor(answerable.length * allowed)] as number
  const refused = (reason?: string) => {
    const chosen = rows.flatMap((row, at) =>
      row.label === 0 && (reason === undefined || row.reason === reason) ? [odds[at] as number] : [],
    )
    return chosen.filter((value) => value < threshold).length / chosen.length
  }
  console.log(
    `${answerable.length} answerable and ${labels.length - answerable.length} unanswerable questions, ${parts}-fold cross-validation`,
  )
  console.log(`area under the curve ${areaUnderCurve(odds, labels).toFixed(4)}`)
  console.log(
    `at the threshold ${threshold.toFixed(3)}: ${(allowed * 100).toFixed(1)} % false refusals, ${(refused() * 100).toFixed(1)} % of the unanswerable refused`,
  )
  for (const reason of new Set(rows.filter(({ label }) => label === 0).map((row) => row.reason)))
    console.log(`  ${reason.padEnd(10)} ${(refused(reason) * 100).toFixed(1)} %`)
  if (values.dry) return
  const model = fitLogistic(matrix, labels)
  const round = (value: number) => Math.round(value * 1e6) / 1e6
  const signals = Object.fromEntries(
    signalNames.map((name, at) => [
      name,
      {
        mean: round(model.means[at] as number),
        scale: round(model.scales[at] as number),
        weight: round(model.weights[at] as number),
      },
    ]),
  )
  // Renamed into place: a half-written calibration would keep the assistant from starting.
  await writeFile(
    'src/refusal/calibration.json.tmp',
    `${JSON.stringify({ threshold: round(threshold), bias: round(model.bias), signals }, null, 2)}\n`,
  )
  await rename('src/refusal/calibration.json.tmp', 'src/refusal/calibration.json')
  await writeFile('test/evaluation/refusal.svg', curvePlot(odds, labels, threshold))
  console.log('wrote src/refusal/calibration.json and test/evaluation/refusal.svg')
}

try {
  await main()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
