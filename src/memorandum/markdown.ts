import { parse, stringify } from 'yaml'
import { type Area, frontMatter, type Measure, type Memorandum } from '../model/corpus.ts'
import { formatChineseNumeral } from '../text/numerals.ts'
import { withoutSpace } from '../text/tidy.ts'
import { checkMemorandum, itemAsWords } from './checks.ts'
import { annexTitleLine, areaLine, attachmentLine, measureLine, preambleClauseLine } from './lines.ts'

/**
 * A corpus file that does not have the Markdown form, or holds a memorandum that fails a check. Names file and line.
 */
export class CorpusError extends Error {
  override readonly name = 'CorpusError'
}

/** Lines that are labels and no part of the text, such as 附件二: above the title and above the annex title. */
export type Labels = { readonly top: readonly string[]; readonly annex: readonly string[] }

/** What stands in a corpus file beside the memorandum itself. */
export type MarkdownForm = { readonly memorandum: Memorandum; readonly labels: Labels; readonly annexTitle: string }

/**
 * The reviewed form of a memorandum:
 * ```
 * ---  front matter  ---
 * # title
 * preamble, one paragraph a line; numbered clauses as 一、…
 * ## annex title
 * ### 一、area title
 * 1. measure
 * ```
 * Labels such as 附件二 stand as `> 附件二` above the title or above the annex title.
 */
export function formatMarkdown({ memorandum, labels, annexTitle }: MarkdownForm): string {
  const { preamble, areas, ...meta } = memorandum
  const front = stringify({ ...meta, areas: areas.length }, { lineWidth: 0 })
  const blocks = [
    ...labels.top.map((label) => `> ${label}`),
    `# ${memorandum.title}`,
    ...preamble.text.split('\n'),
    ...labels.annex.map((label) => `> ${label}`),
    `## ${annexTitle}`,
    ...areas.flatMap((area) => [
      `### ${formatChineseNumeral(area.ordinal)}、${area.title}`,
      ...area.measures.map((measure) => `${measure.number}. ${measure.text}`),
    ]),
  ]
  return `---\n${front}---\n\n${blocks.join('\n\n')}\n`
}

/**
 * Reads the reviewed form back. Refuses what it does not understand instead of guessing.
 * @throws {CorpusError} naming file and line.
 */
export function parseMarkdown(markdown: string, file: string): MarkdownForm {
  const fail = (line: number, message: string): never => {
    throw new CorpusError(`${file}:${line}: ${message}`)
  }
  const split = /^---\n(?<front>[\s\S]*?\n)---\n/u.exec(markdown)
  if (split?.groups?.front === undefined)
    return fail(1, 'no front matter: the file must begin with --- and close it with ---')
  let data: unknown
  try {
    data = parse(split.groups.front)
  } catch (error) {
    return fail(1, `the front matter is not YAML: ${error instanceof Error ? error.message : String(error)}`)
  }
  const checked = frontMatter.safeParse(data)
  if (!checked.success)
    return fail(
      1,
      `front matter: ${checked.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ')}`,
    )
  const { areas: declaredAreas, ...meta } = checked.data

  const headLines = split[0].split('\n').length - 1
  const paragraphs: string[] = []
  const items: Measure[] = []
  const areas: { ordinal: number; title: string; measures: Measure[] }[] = []
  const labels = { top: [] as string[], annex: [] as string[] }
  const lineOf = new Map<object, number>()
  let title: string | undefined
  let titleLine = headLines + 1
  let annexTitle: string | undefined
  for (const [index, raw] of markdown.slice(split[0].length).split('\n').entries()) {
    const line = headLines + index + 1
    const text = raw.trim()
    const area = areas.at(-1)
    if (text === '') continue
    if (text.startsWith('> ')) {
      if (!attachmentLine(text.slice(2))) fail(line, `「${text}」 is no label: expected > 附件…`)
      if (annexTitle !== undefined)
        fail(line, `「${text}」 is a label; below the annex title stand areas and measures only`)
      labels[title === undefined ? 'top' : 'annex'].push(text.slice(2))
    } else if (text.startsWith('### ')) {
      const heading = areaLine(text.slice(4))
      if (annexTitle === undefined) fail(line, 'an area stands before the annex title (##)')
      if (heading === undefined) return fail(line, `「${text}」 is no area heading: expected ### 一、…`)
      const found = { ...heading, measures: [] }
      areas.push(found)
      lineOf.set(found, line)
    } else if (text.startsWith('## ')) {
      if (title === undefined || annexTitle !== undefined || !annexTitleLine(text.slice(3)))
        fail(line, `「${text}」 is no annex title`)
      annexTitle = text.slice(3)
    } else if (text.startsWith('# ')) {
      if (title !== undefined) fail(line, 'a second title')
      title = text.slice(2)
      titleLine = line
    } else if (title === undefined) {
      fail(line, 'text before the title')
    } else if (annexTitle === undefined) {
      if (labels.annex.length > 0) fail(line, 'text between the label of the annex and its title (##)')
      paragraphs.push(text)
      const clause = preambleClauseLine(text)
      if (clause === undefined) continue
      const item = { id: `${meta.id}/preamble.${clause.number}`, ...clause }
      items.push(item)
      lineOf.set(item, line)
    } else {
      const measure = measureLine(text)
      if (area === undefined || measure === undefined)
        return fail(line, `no recogniser knows this line: 「${text.slice(0, 30)}」`)
      const found = { id: `${meta.id}/${area.ordinal}.${measure.number}`, ...measure }
      area.measures.push(found)
      lineOf.set(found, line)
    }
  }
  if (title === undefined || annexTitle === undefined)
    return fail(headLines + 1, 'the file needs a title (#) and an annex title (##)')
  if (withoutSpace(title) !== withoutSpace(meta.title))
    fail(titleLine, `the title differs from the front matter's: ${meta.title}`)
  const memorandum: Memorandum = {
    ...meta,
    preamble: { id: `${meta.id}/preamble`, text: paragraphs.join('\n'), items },
    areas: areas satisfies Area[],
  }
  const problems = checkMemorandum(memorandum, declaredAreas).map(
    ({ at, message }) => `${file}:${lineOf.get(at ?? memorandum) ?? 1}: ${message}`,
  )
  if (problems.length > 0) throw new CorpusError(problems.join('\n'))
  return { memorandum, labels, annexTitle }
}

/** The words of the form in the order of the published text, for comparing the two. */
export function wordsOf({ memorandum, labels, annexTitle }: MarkdownForm): string {
  return withoutSpace(
    [
      ...labels.top,
      memorandum.title,
      ...memorandum.preamble.text.split('\n').map(itemAsWords),
      ...labels.annex,
      annexTitle,
      ...memorandum.areas.flatMap((area) => [
        `${formatChineseNumeral(area.ordinal)}、${area.title}`,
        ...area.measures.map((measure) => `${measure.number}.${measure.text}`),
      ]),
    ].join('\n'),
  )
}
