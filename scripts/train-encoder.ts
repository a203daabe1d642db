import { existsSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { type BuildOptions, buildEncoder, measureEncoder } from './encoder-training/build.ts'
import { defaultOptions } from './encoder-training/train.ts'

const usage = `Trains the bundled encoder and writes index/encoder/. Some 15 minutes on two cores with the default settings.

  npm run train-encoder -- --data FOLDER [options]
  npm run train-encoder -- --measure FOLDER --texts FOLDER

  --data FOLDER        training data; only FOLDER/open/ is read (required)
  --out FOLDER         where the encoder goes (default index/encoder)
  --steps N            batches per seed (default ${defaultOptions.steps})
  --seed N             train one seed only
  --seeds A,B,C        train several, keep the one that finds most (default 1,2,3)
  --dimensions N       length of a vector, a multiple of 4 (default ${defaultOptions.dimensions})
  --texts FOLDER       published texts to choose between seeds on; never trained on
  --questions FILE     questions to choose between seeds on; never trained on (default test/evaluation/dev.jsonl)
  --measure FOLDER     train nothing; measure the encoder in FOLDER (needs --texts)
  --help               this page

Without --texts the seed with the lowest loss is kept.
Exit codes: 0 done, 1 training failed, 2 the command line is wrong.
`

function wholeNumber(name: string, value: string, least: number): number {
  const number = Number(value)
  if (!Number.isInteger(number) || number < least)
    throw new TypeError(`Cannot use --${name} ${value}: it must be a whole number, at least ${least}`)
  return number
}

type Command =
  | { readonly kind: 'help' }
  | { readonly kind: 'wrong'; readonly problem: string }
  | {
      readonly kind: 'measure'
      readonly folder: string
      readonly choice: { readonly texts: string; readonly questions: string }
    }
  | { readonly kind: 'train'; readonly options: BuildOptions }

function readCommandLine(): Command {
  try {
    const { values } = parseArgs({
      options: {
        data: { type: 'string' },
        out: { type: 'string', default: 'index/encoder' },
        steps: { type: 'string', default: String(defaultOptions.steps) },
        seed: { type: 'string' },
        seeds: { type: 'string', default: '1,2,3' },
        dimensions: { type: 'string', default: String(defaultOptions.dimensions) },
        texts: { type: 'string' },
        questions: { type: 'string', default: 'test/evaluation/dev.jsonl' },
        measure: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    })
    if (values.help) return { kind: 'help' }
    const choice = values.texts === undefined ? undefined : { texts: values.texts, questions: values.questions }
    if (values.measure !== undefined) {
      if (choice === undefined)
        throw new TypeError('Cannot measure without clauses: name the folder of published texts with --texts')
      for (const path of [values.measure, choice.texts, choice.questions])
        if (!existsSync(path)) throw new TypeError(`Cannot find ${path}`)
      return { kind: 'measure', folder: values.measure, choice }
    }
    if (values.data === undefined) throw new TypeError('Cannot train without data: name its folder with --data')
    for (const path of [values.data, ...(choice === undefined ? [] : [choice.texts, choice.questions])]) {
      if (!existsSync(path)) throw new TypeError(`Cannot find ${path}`)
    }
    const dimensions = wholeNumber('dimensions', values.dimensions, 4)
    if (dimensions % 4 !== 0)
      throw new TypeError(
        `Cannot use --dimensions ${dimensions}: it must be a multiple of 4, since a half and a quarter of a vector are trained too`,
      )
    return {
      kind: 'train',
      options: {
        data: values.data,
        out: values.out,
        seeds: (values.seed ?? values.seeds).split(',').map((seed) => wholeNumber('seeds', seed, 0)),
        training: {
          ...defaultOptions,
          steps: wholeNumber('steps', values.steps, 1),
          dimensions,
          widths: [dimensions / 4, dimensions / 2, dimensions],
        },
        ...(choice === undefined ? {} : { choice }),
      },
    }
  } catch (error) {
    return { kind: 'wrong', problem: (error as Error).message }
  }
}

const command = readCommandLine()
if (command.kind === 'help') {
  process.stdout.write(usage)
} else if (command.kind === 'wrong') {
  process.stderr.write(`${command.problem}\n\n${usage}`)
  process.exitCode = 2
} else {
  try {
    const say = (line: string): void => void process.stdout.write(`${line}\n`)
    if (command.kind === 'measure') await measureEncoder(command.folder, command.choice, say)
    else await buildEncoder(command.options, say)
  } catch (error) {
    process.stderr.write(`${(error as Error).stack ?? String(error)}\n`)
    process.exitCode = 1
  }
}
