import { writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { openAssistant } from '../src/answer/open.ts'
import { environmentWith, readConfig } from '../src/config.ts'
import { ablate } from '../src/evaluation/ablation.ts'
import {
  type EvaluationQuestion,
  evaluate,
  type Figures,
  figureNames,
  figuresOf,
  quantile,
  readQuestions,
} from '../src/evaluation/figures.ts'
import { barPlot } from '../src/evaluation/plot.ts'
import type { Retrieval } from '../src/retrieval/search.ts'

const help = `Usage: npm run evaluate [-- --set FILE]... [--ablate] [--plot FILE] [--json] [--failures]

Asks every question of a set as a person would and prints the figures by type: recall at 1 and 5, hit at 3, nDCG at 10,
reciprocal rank, exact lists, answer span shown, refusals of unanswerable and false refusals of answerable questions.

  --set FILE   questions as JSON lines; may be repeated (default test/evaluation/dev.jsonl)
  --ablate     instead: the ranking alone with legs, glosses and terms switched off, over the questions that are searched
  --plot FILE  also write the figures as bars (SVG)
  --json       print the figures as JSON
  --failures   also print the questions that missed
  --help       this page

Exit codes: 0 measured, 1 cannot, 2 a quotation was not verbatim`

const plotted = ['recall1', 'hit3', 'ndcg10'] as const

const columns: Readonly<Record<(typeof figureNames)[number], string>> = {
  recall1: 'R@1',
  hit3: 'hit@3',
  recall5: 'R@5',
  ndcg10: 'nDCG@10',
  reciprocalRank: 'MRR',
  exactSet: 'exact',
  span: 'span',
  refused: 'refused',
  falselyRefused: 'falseRef',
}

/** Figures as bars, one group a name. */
function barsOf(title: string, figures: ReadonlyMap<string, Figures | undefined>): string {
  return barPlot(
    title,
    plotted.map((name) => columns[name]),
    [...figures].map(([name, own]) => ({ name, values: plotted.map((figure) => own?.[figure]?.mean) })),
  )
}

/** Prints one table a figure's type and over all: what is switched on, and what comes of it. */
async function printAblation(
  retrieval: Retrieval,
  questions: readonly EvaluationQuestion[],
  json: boolean,
  plot: string | undefined,
): Promise<void> {
  const figures = await ablate(retrieval, questions)
  const all = new Map([...figures].map(([name, byType]) => [name, byType.get('all')]))
  if (plot !== undefined) await writeFile(plot, barsOf('What each part adds', all))
  if (json) {
    console.log(
      JSON.stringify(
        Object.fromEntries([...figures].map(([name, byType]) => [name, Object.fromEntries(byType)])),
        null,
        2,
      ),
    )
    return
  }
  const types = ['all', 'paraphrase', 'english'].filter((type) => figures.get('all')?.has(type) === true)
  for (const type of types) {
    console.log(`${type.padEnd(28)}${'n'.padStart(5)}${plotted.map((name) => columns[name].padStart(8)).join('')}`)
    for (const [name, byType] of figures) {
      const own = byType.get(type)
      console.log(
        `  ${name.padEnd(26)}${String(own?.questions ?? 0).padStart(5)}${plotted.map((figure) => (own?.[figure]?.mean.toFixed(3) ?? '·').padStart(8)).join('')}`,
      )
    }
  }
}

function row(type: string, figures: Figures): string {
  const cells = figureNames.map((name) =>
    (figures[name] === undefined ? '·' : figures[name].mean.toFixed(3)).padStart(8),
  )
  return `${type.padEnd(18)}${String(figures.questions).padStart(5)}${cells.join('')}`
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      set: { type: 'string', multiple: true, default: ['test/evaluation/dev.jsonl'] },
      ablate: { type: 'boolean', default: false },
      plot: { type: 'string' },
      json: { type: 'boolean', default: false },
      failures: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) {
    console.log(help)
    return 0
  }
  const config = readConfig(environmentWith(process.env, '.env'))
  const { assistant, retrieval } = await openAssistant({ ...config, models: `${config.data}/models` }, console.error)
  const questions = (await Promise.all(values.set.map(readQuestions))).flat()
  if (values.ablate) {
    await printAblation(retrieval, questions, values.json, values.plot)
    return 0
  }
  const outcomes = await evaluate(assistant, retrieval.library, questions, (done, total) => {
    if (process.stderr.isTTY && done % 20 === 0) process.stderr.write(`\r${done}/${total}`)
  })
  if (process.stderr.isTTY) process.stderr.write('\r')
  const figures = figuresOf(outcomes)
  if (values.plot !== undefined)
    await writeFile(
      values.plot,
      barsOf(
        'Clauses found, by type of question',
        new Map([...figures].filter(([, own]) => own.recall1 !== undefined)),
      ),
    )
  const notVerbatim = outcomes.reduce((sum, outcome) => sum + outcome.notVerbatim, 0)
  const times = outcomes.map(({ milliseconds }) => milliseconds)
  const milliseconds = { p50: quantile(times, 0.5), p95: quantile(times, 0.95) }
  if (values.json)
    console.log(JSON.stringify({ figures: Object.fromEntries(figures), notVerbatim, milliseconds }, null, 2))
  else {
    console.log(
      `${'type'.padEnd(18)}${'n'.padStart(5)}${figureNames.map((name) => columns[name].padStart(8)).join('')}`,
    )
    for (const [type, line] of figures) if (type !== 'all') console.log(row(type, line))
    const all = figures.get('all')
    if (all !== undefined) {
      console.log(row('all', all))
      console.log(
        `${'95 % interval'.padEnd(23)}${figureNames.map((name) => (all[name] === undefined ? '·' : `±${((all[name].high - all[name].low) / 2).toFixed(3)}`).padStart(8)).join('')}`,
      )
    }
    console.log(
      `quotations not verbatim: ${notVerbatim}; one question p50 ${milliseconds.p50.toFixed(1)} ms, p95 ${milliseconds.p95.toFixed(1)} ms`,
    )
  }
  if (values.failures) {
    for (const { question, kind, ids, hit3, recall1, refused, falselyRefused, span, exactSet } of outcomes) {
      const faults = [
        hit3 === 0 ? 'hit@3' : recall1 === 0 ? 'R@1' : '',
        refused === 0 ? 'not refused' : '',
        falselyRefused === 1 ? 'falsely refused' : '',
        span === 0 ? 'span' : '',
        exactSet === 0 ? 'set' : '',
      ].filter((fault) => fault !== '')
      if (faults.length > 0)
        console.log(
          `${question.id} ${question.type} [${faults.join(', ')}] ${question.query} → ${kind} ${ids.slice(0, 5).join(' ')} | ${question.relevant
            .filter(({ grade }) => grade === 2)
            .map(({ id }) => id)
            .join(' ')}`,
        )
    }
  }
  return notVerbatim > 0 ? 2 : 0
}

try {
  process.exitCode = await main()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
