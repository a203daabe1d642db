import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { citationOf } from '../src/memorandum/citation.ts'
import { type Library, loadLibrary } from '../src/memorandum/library.ts'
import type { QuoteCheck } from '../src/model/answer.ts'
import { unreachable } from '../src/model/unreachable.ts'
import { createQuoteCheck } from '../src/quotes/quote.ts'

const help = `Usage: npm run quote -- "TEXT" [--corpus FOLDER]
       npm run --silent quote -- --jsonl [--corpus FOLDER] < FILE

Tells whether a text stands in a memorandum word for word, was altered from one, or stands in none.
Script, width, punctuation, spaces, item numbers and quotation marks count for nothing; an ellipsis may stand for words left out.

  --jsonl          read lines {"id"?, "text"} and print for each, in order and at once,
                   {"id"?, "verdict": "exact"|"altered"|"absent", "ids", "differences", "shortened", "nearest"?}, or {"id"?, "error"}
  --corpus FOLDER  the memoranda (default: corpus)
  --help           this page

Exit codes: 0 checked, whatever the verdict; 1 a line or the corpus cannot be read; 2 wrong usage`

async function main(): Promise<number> {
  let parsed: ReturnType<typeof readArguments>
  try {
    parsed = readArguments()
  } catch (error) {
    console.error(`${messageOf(error)}\n\n${help}`)
    return 2
  }
  const { values, positionals } = parsed
  if (values.help) {
    console.log(help)
    return 0
  }
  if (values.jsonl ? positionals.length > 0 : positionals.length === 0) {
    console.error(help)
    return 2
  }
  let library: Library
  try {
    library = await loadLibrary(values.corpus)
  } catch (error) {
    console.error(messageOf(error))
    return 1
  }
  const check = createQuoteCheck(library)
  if (!values.jsonl) {
    console.log(forPerson(check(positionals.join(' ')), library))
    return 0
  }
  let failed = false
  for await (const line of createInterface({ input: process.stdin, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line.trim() === '') continue
    const answer = answerLine(line, check)
    failed ||= 'error' in answer
    process.stdout.write(`${JSON.stringify(answer)}\n`)
  }
  return failed ? 1 : 0
}

function readArguments() {
  return parseArgs({
    allowPositionals: true,
    options: {
      jsonl: { type: 'boolean', default: false },
      corpus: { type: 'string', default: 'corpus' },
      help: { type: 'boolean', default: false },
    },
  })
}

function answerLine(line: string, check: (text: string) => QuoteCheck) {
  let asked: unknown
  try {
    asked = JSON.parse(line)
  } catch (error) {
    return { error: `Cannot read the line: ${messageOf(error)}` }
  }
  if (typeof asked !== 'object' || asked === null || Array.isArray(asked))
    return { error: 'Cannot read the line: it must be an object {"id"?, "text"}' }
  const id = 'id' in asked ? { id: asked.id } : {}
  if (!('text' in asked) || typeof asked.text !== 'string')
    return { ...id, error: 'Cannot check the line: "text" must be a string' }
  const { verdict, ids, differences, shortened, nearest } = check(asked.text)
  const near =
    nearest === undefined ? {} : { nearest: { id: nearest.id, citation: nearest.citation, quote: nearest.quote } }
  return { ...id, verdict, ids, differences, shortened, ...near }
}

function forPerson({ verdict, ids, differences, shortened, nearest }: QuoteCheck, library: Library): string {
  const places = ids.flatMap((id) => {
    const unit = library.byId.get(id)
    return unit === undefined ? [] : [`  ${citationOf(unit)}（${id}）`]
  })
  const left = shortened ? '（中間有省略）' : ''
  switch (verdict) {
    case 'exact':
      return [`原文一致${left}`, ...places].join('\n')
    case 'altered':
      return [
        `有改動${left}`,
        ...places,
        ...differences.map(({ expected, found }) => `  ${differenceLine(expected, found)}`),
      ].join('\n')
    case 'absent':
      return [
        '未見於任何備忘錄',
        ...(nearest === undefined ? [] : [`  最接近：${nearest.citation}（${nearest.id}）`, `  ${nearest.quote}`]),
      ].join('\n')
    default:
      return unreachable(verdict)
  }
}

function differenceLine(expected: string, found: string): string {
  if (expected === '') return `多了「${found}」`
  if (found === '') return `少了「${expected}」`
  return `原文「${expected}」，此處「${found}」`
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

process.exitCode = await main()
