import { parseArgs } from 'node:util'
import { loadLibrary } from '../src/memorandum/library.ts'

const help = `Usage: npm run --silent corpus:json [-- --corpus FOLDER]

Prints the corpus as one JSON array of memoranda.

Exit codes: 0 printed, 1 the corpus cannot be read, 2 wrong usage`

const { values } = parseArgs({
  options: { corpus: { type: 'string', default: 'corpus' }, help: { type: 'boolean', default: false } },
})
if (values.help) {
  console.log(help)
} else {
  try {
    const library = await loadLibrary(values.corpus)
    const out = library.memoranda.map(({ id, title, date, plenary, place, province, preamble, areas }) => ({
      id,
      title,
      date,
      plenary,
      place,
      province,
      preamble,
      areas,
    }))
    process.stdout.write(`${JSON.stringify(out, null, 2)}\n`)
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  }
}
