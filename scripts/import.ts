import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { basename, join, relative } from 'node:path'
import { parseArgs } from 'node:util'
import { firstDifference, publishedWords } from '../src/memorandum/checks.ts'
import { importMemorandum } from '../src/memorandum/import.ts'
import { CorpusError, formatMarkdown, parseMarkdown, wordsOf } from '../src/memorandum/markdown.ts'

const help = `Usage: npm run import -- FILE... [--corpus FOLDER] [--check]

Turns the published text of a memorandum into reviewed Markdown under corpus/ and keeps a copy of the text under corpus/sources/.
Doubts are printed as FILE:LINE; a text that cannot be read without guessing is refused the same way.

  --corpus FOLDER  where to write (default: corpus)
  --check          write nothing; only say whether the text can be read and whether the Markdown there is the same
  --help           this page

Exit codes: 0 read (doubts may be printed), 1 refused or different, 2 wrong usage`

function options() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        corpus: { type: 'string', default: 'corpus' },
        check: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    })
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    console.error(help)
    process.exit(2)
  }
}

const { values, positionals } = options()
if (values.help || positionals.length === 0) {
  console.log(help)
  process.exit(values.help ? 0 : 2)
}

let failed = false
for (const file of positionals) {
  try {
    const source = await readFile(file, 'utf8')
    const draft = importMemorandum(source, file, '')
    const name = `${draft.memorandum.id}.txt`
    const imported = { ...draft, memorandum: { ...draft.memorandum, source: `sources/${name}` } }
    const markdown = formatMarkdown(imported)
    const target = join(values.corpus, `${imported.memorandum.id}.md`)
    const lost = firstDifference(publishedWords(source), wordsOf(parseMarkdown(markdown, target)))
    if (lost !== undefined)
      throw new CorpusError(
        `${target}: text would be lost or changed at character ${lost.offset}: published 「${lost.expected}」, kept 「${lost.found}」`,
      )
    const { areas } = imported.memorandum
    console.log(
      `${file}: ${imported.memorandum.title}, ${areas.length} areas, ${areas.reduce((sum, area) => sum + area.measures.length, 0)} measures`,
    )
    for (const { line, message } of imported.doubts) console.log(`${file}:${line}: doubt: ${message}`)
    if (values.check) {
      const there = await readFile(target, 'utf8').catch(() => '')
      if (there !== markdown) {
        console.error(`${target}: differs from what the published text gives`)
        failed = true
      }
    } else {
      await mkdir(join(values.corpus, 'sources'), { recursive: true })
      await writeFile(target, markdown)
      if (relative(join(values.corpus, 'sources', name), file) !== '')
        await writeFile(join(values.corpus, 'sources', name), source)
      console.log(
        `wrote ${target}; review it before you commit it (${basename(file)} is kept as ${join(values.corpus, 'sources', name)})`,
      )
    }
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    failed = true
  }
}
process.exit(failed ? 1 : 0)
