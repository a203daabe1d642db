import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { createAssistant } from '../src/answer/assistant.ts'
import { openAssistant } from '../src/answer/open.ts'
import { environmentWith, readConfig } from '../src/config.ts'
import type { Topic } from '../src/memorandum/topics.ts'
import type { Answer, Assistant } from '../src/model/answer.ts'
import calibration from '../src/refusal/calibration.json' with { type: 'json' }
import { createJudge, type Verdict } from '../src/refusal/refusal.ts'
import type { Retrieval } from '../src/retrieval/search.ts'
import { paginate } from '../src/screens/pages.ts'
import { nobody, type Sources } from '../src/screens/reader.ts'
import { answerBlocks } from '../src/screens/render-answer.ts'
import { terminalLines } from '../src/terminal/lines.ts'

const help = `Usage: npm run ask -- "question"
       npm run --silent ask -- --jsonl [--limit N] < questions

Answers one question for a person, or a stream of questions as JSON lines:
in   {"id"?, "query", "context"?: [earlier questions, oldest first], "filterProvince"?: slug}
out  {"id", "kind", "reason"?, "understood", "hits": [{"id", "score"}], "passages": [{"id", "citation", "quote", "highlights"}],
      "ambiguous"?: [{"written", "readings": [{"asked", "askedEn", "ids"}]}], "nearest"?, "milliseconds"}

  --jsonl     read JSON lines from standard input
  --limit N   longest list of hits, 1 to 100; lists, counts and comparisons are always complete (default 10)
  --json      with a question: print the answer as JSON
  --explain   with a question: print how it was read, what speaks for each reading, and why it was answered or refused;
              earlier questions of the chat may stand before it, each in its own argument
  --help      this page

Exit codes: 0 all lines were good, 1 a line was not or the assistant cannot start, 2 wrong usage`

const line = z.object({
  id: z.union([z.string(), z.number()]).optional(),
  query: z.string(),
  context: z.array(z.string()).optional(),
  filterProvince: z.string().optional(),
})

function toJson(answer: Answer): Record<string, unknown> {
  const { kind, understood, hits, passages, ...rest } = answer
  if (kind !== 'missing') return { kind, understood, hits, passages, ...rest }
  const { reason, nearest, searched } = answer
  return { kind, reason: reason.kind, missing: reason, understood, hits, passages, nearest, searched }
}

async function answerLines(assistant: Assistant, limit: number, slugs: ReadonlySet<string>): Promise<boolean> {
  let good = true
  const fail = (error: string, id?: unknown) => {
    good = false
    process.stdout.write(`${JSON.stringify({ ...(id === undefined ? {} : { id }), error })}\n`)
  }
  for await (const text of createInterface({ input: process.stdin })) {
    if (text.trim() === '') continue
    let data: unknown
    try {
      data = JSON.parse(text)
    } catch {
      fail('this line is not JSON')
      continue
    }
    const checked = line.safeParse(data)
    if (!checked.success) {
      fail(
        `this line has not the shape of a question: ${checked.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`).join('; ')}`,
        typeof data === 'object' && data !== null && 'id' in data ? data.id : undefined,
      )
      continue
    }
    const { id, query, context, filterProvince } = checked.data
    if (filterProvince !== undefined && !slugs.has(filterProvince)) {
      fail(`filterProvince must be one of ${[...slugs].join(', ')}`, id)
      continue
    }
    const start = performance.now()
    const answer = await assistant.answer({
      query,
      limit,
      ...(context === undefined ? {} : { context }),
      ...(filterProvince === undefined ? {} : { filterProvince }),
    })
    const milliseconds = Math.round((performance.now() - start) * 1000) / 1000
    process.stdout.write(
      `${JSON.stringify({ ...(id === undefined ? {} : { id }), ...toJson(answer), milliseconds })}\n`,
    )
  }
  return good
}

/** An answer for a person: the best clauses of a search, all of a list or comparison. */
function readable(answer: Answer, query: string, sources: Sources): string {
  const { blocks, clauses } = answerBlocks(answer, query, sources, {
    language: 'hant',
    script: 'printed',
    length: 'normal',
    surface: 'terminal',
  })
  const pages = paginate(blocks, { clauses })
  const isTTY = process.stdout.isTTY === true
  const style = { ...(isTTY ? { width: process.stdout.columns ?? 80 } : {}), color: isTTY }
  return (answer.kind === 'found' ? pages.slice(0, 1) : pages)
    .map(({ message }) => terminalLines(message, style))
    .join('\n\n')
}

/** How the last of several messages of a chat is read and judged, line by line. */
async function explained(retrieval: Retrieval, topics: readonly Topic[], messages: readonly string[]): Promise<string> {
  const fitted = createJudge(calibration)
  const verdicts: Verdict[] = []
  const assistant = createAssistant(retrieval, topics, (evidence) => {
    const verdict = fitted(evidence)
    verdicts.push(verdict)
    return verdict
  })
  const talk = await assistant.talkAfter(messages.slice(0, -1))
  verdicts.length = 0
  const lines: string[] = []
  const names = (slugs: readonly string[]) => (slugs.length === 0 ? '–' : slugs.join(', '))
  if (talk.about !== undefined)
    lines.push(
      `chat      about: ${talk.about.subject || '–'} · in: ${names(talk.about.provinces)} · shown: ${talk.visible} of ${talk.shown.length}`,
    )
  const { answer } = await assistant.reply({ query: messages.at(-1) ?? '' }, talk, (heard) => {
    const { own } = heard
    lines.push(
      `message   topic: ${own.subject || '–'} · places: ${names(own.provinces)} · without: ${names(own.excluded)} · elsewhere: ${names(own.uncovered.map(({ zh }) => zh))} · wants: ${own.intent.kind}`,
    )
    const weighed = assistant.weigh(heard)
    for (const { reading, odds } of weighed)
      lines.push(
        `reading   ${odds.toFixed(2).padStart(7)}  ${reading.kind.padEnd(10)} topic: ${reading.request.subject}`,
      )
    const [first, second] = weighed
    if (first !== undefined && second !== undefined)
      lines.push(`margin    ${(first.odds - second.odds).toFixed(2).padStart(7)}  over ${second.reading.kind}`)
    return first?.reading ?? { kind: 'alone', request: own }
  })
  const [verdict] = verdicts
  if (verdict !== undefined)
    lines.push(
      `evidence  ${verdict.margin.toFixed(2).padStart(7)}  ${verdict.answered ? 'answers' : 'does not answer'}`,
    )
  const reason = answer.kind === 'missing' ? ` (${answer.reason.kind})` : ''
  lines.push(
    `answer    ${answer.kind}${reason}: ${
      answer.hits
        .slice(0, 3)
        .map(({ id }) => id)
        .join(', ') || '–'
    }`,
  )
  return lines.join('\n')
}

async function main(): Promise<number> {
  const read = () =>
    parseArgs({
      allowPositionals: true,
      options: {
        jsonl: { type: 'boolean', default: false },
        json: { type: 'boolean', default: false },
        explain: { type: 'boolean', default: false },
        limit: { type: 'string', default: '10' },
        help: { type: 'boolean', default: false },
      },
    })
  let parsed: ReturnType<typeof read>
  try {
    parsed = read()
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n\n${help}`)
    return 2
  }
  const { values, positionals } = parsed
  const limit = Number(values.limit)
  if (
    values.help ||
    (!values.jsonl && positionals.length === 0) ||
    !Number.isInteger(limit) ||
    limit < 1 ||
    limit > 100
  ) {
    console.error(help)
    return values.help ? 0 : 2
  }
  const config = readConfig(environmentWith(process.env, '.env'))
  const { assistant, retrieval, topics } = await openAssistant(
    { ...config, models: `${config.data}/models` },
    console.error,
  )
  if (values.jsonl)
    return (await answerLines(
      assistant,
      limit,
      new Set(retrieval.library.memoranda.map(({ province }) => province.slug)),
    ))
      ? 0
      : 1
  if (values.explain) {
    console.log(await explained(retrieval, topics, positionals))
    return 0
  }
  const query = positionals.join(' ')
  const answer = await assistant.answer({ query, limit })
  console.log(
    values.json
      ? JSON.stringify(toJson(answer), null, 2)
      : readable(answer, query, { assistant, library: retrieval.library, topics, username: nobody }),
  )
  return 0
}

try {
  process.exitCode = await main()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
