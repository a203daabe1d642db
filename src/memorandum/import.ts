import {
  type Area,
  type FrontMatter,
  frontMatter,
  type Measure,
  type Memorandum,
  type Signatory,
} from '../model/corpus.ts'
import { numeralCharacters, parseNumeral } from '../text/numerals.ts'
import { tidy, withoutSpace } from '../text/tidy.ts'
import { checkMemorandum, firstDifference, type PrintedLine, publishedLines, publishedWords } from './checks.ts'
import { annexTitleLine, areaLine, attachmentLine, measureLine, preambleClauseLine } from './lines.ts'
import { type MarkdownForm, wordsOf } from './markdown.ts'
import { placeOfChar } from './places.ts'

/** Something in a published text that a person must look at; `line` counts from 1. */
export type Doubt = { readonly line: number; readonly message: string }

export type Imported = MarkdownForm & { readonly declaredAreas: number; readonly doubts: readonly Doubt[] }

/** Thrown when a published text cannot be read without guessing. Names every place. */
export class ImportError extends Error {
  override readonly name = 'ImportError'
  readonly problems: readonly Doubt[]
  constructor(file: string, problems: readonly Doubt[]) {
    super(problems.map(({ line, message }) => `${file}:${line}: ${message}`).join('\n'))
    this.problems = problems
  }
}

/** Where the measures begin: the last annex title that an area heading follows; it may be broken over two lines. */
function findAnnex(lines: readonly PrintedLine[]): { start: number; end: number } | undefined {
  for (let i = lines.length - 1; i > 0; i -= 1) {
    if (areaLine(lines[i]?.text ?? '')?.ordinal !== 1) continue
    for (const length of [1, 2, 3]) {
      const start = i - length
      if (
        start >= 0 &&
        annexTitleLine(
          tidy(
            lines
              .slice(start, i)
              .map((line) => line.text)
              .join(''),
          ),
        )
      )
        return { start, end: i }
    }
  }
  return undefined
}

const plenaryNumber = new RegExp(`第(?<n>[${numeralCharacters}]+)次會議`, 'u') // 第四次會議
const areaCount = new RegExp(`[共等](?<n>[${numeralCharacters}]+)個領域`, 'u') // 共十一個領域

type Paragraph = { readonly line: number; readonly text: string }

/**
 * Joins printed lines to paragraphs: one ends with a sentence; after the custody clause every printed cell stands
 * alone.
 */
function paragraphs(lines: readonly PrintedLine[]): Paragraph[] {
  const result: Paragraph[] = []
  let open: { line: number; text: string } | undefined
  let signatures = false
  for (const line of lines) {
    if (signatures) {
      const note = result.at(-1)
      // 附件：…同意的 / 具體合作措施: the note on the annex may run over a line.
      if (note?.text.startsWith('附件：') && !annexTitleLine(note.text))
        result[result.length - 1] = { line: note.line, text: tidy(note.text + line.text) }
      else
        for (const cell of line.text.split(/\s{2,}|(?<=政府|日)\s+/u))
          result.push({ line: line.number, text: tidy(cell) })
      continue
    }
    open =
      open === undefined
        ? { line: line.number, text: line.text }
        : { line: open.line, text: `${open.text}\n${line.text}` }
    if (/[。：:]$/u.test(line.text)) {
      const text = tidy(open.text)
      result.push({ line: open.line, text })
      open = undefined
      signatures = text.startsWith('本備忘錄一式')
    }
  }
  if (open !== undefined) result.push({ line: open.line, text: tidy(open.text) })
  return result
}

const sentenceEnd = /[。.；;！!？?：:][”’」』）)"]*$/u

function readAnnex(
  lines: readonly PrintedLine[],
  problems: Doubt[],
  doubts: Doubt[],
  lineOf: Map<object, number>,
  id: string,
): Area[] {
  type OpenMeasure = { number: number; line: number; parts: string[] }
  type OpenArea = { ordinal: number; title: string; line: number; measures: OpenMeasure[] }
  const areas: OpenArea[] = []
  let lastNumber = 0
  for (const { number: line, text } of lines) {
    const area = areas.at(-1)
    const last = area?.measures.at(-1)
    const heading = areaLine(text)
    const measure = measureLine(text)
    const midSentence = last !== undefined && !sentenceEnd.test(last.parts.at(-1) ?? '')
    if (midSentence && (heading !== undefined || measure !== undefined)) {
      const what = heading === undefined ? 'item' : 'area'
      doubts.push({
        line,
        message:
          `「${text.slice(0, 12)}」 looks like the beginning of an ${what}, ` +
          'but the line before it ends no sentence',
      })
    }
    // After a gap, reading goes on from the number found: one gap is one problem.
    const lastOrdinal = area?.ordinal ?? 0
    if (heading !== undefined && (heading.ordinal === lastOrdinal + 1 || !midSentence)) {
      if (heading.ordinal !== lastOrdinal + 1)
        problems.push({
          line,
          message:
            `area ${heading.ordinal} 「${heading.title}」 follows area ${lastOrdinal}: ` +
            'a heading is missing or repeated',
        })
      areas.push({ ...heading, title: tidy(heading.title), line, measures: [] })
    } else if (measure !== undefined && area !== undefined) {
      const next = measure.number === lastNumber + 1 || (measure.number === 1 && last === undefined)
      if (!next)
        problems.push({
          line,
          message: `item ${measure.number} follows item ${lastNumber}: a number is missing or repeated`,
        })
      area.measures.push({ number: measure.number, line, parts: [measure.text] })
      lastNumber = measure.number
    } else if (attachmentLine(text)) {
      problems.push({ line, message: `「${text}」 is a label and stands among the measures` })
    } else if (last !== undefined) {
      if (/^\d{1,3}[.．]\d/u.test(text) && !midSentence)
        doubts.push({
          line,
          message:
            `「${text.slice(0, 12)}」 is read as the continuation of item ${last.number}; ` +
            'an item needs a space after its number when it begins with a digit',
        })
      if (/^[-–—\s]*\d{1,3}[-–—\s]*$/u.test(text))
        doubts.push({ line, message: `「${text}」 may be a page number; it is kept in item ${last.number}` })
      last.parts.push(text)
    } else {
      problems.push({ line, message: `no recogniser knows this line: 「${text.slice(0, 30)}」` })
    }
  }
  return areas.map((area) => {
    const measures = area.measures.map(({ number, line, parts }) => {
      const measure: Measure = { id: `${id}/${area.ordinal}.${number}`, number, text: tidy(parts.join('\n')) }
      lineOf.set(measure, line)
      return measure
    })
    const found: Area = { ordinal: area.ordinal, title: area.title, measures }
    lineOf.set(found, area.line)
    return found
  })
}

function signatoryOf(cells: readonly string[], party: RegExp, office: RegExp): Signatory | undefined {
  const printedParty = cells.map((cell) => party.exec(cell)?.[0]).find((match) => match !== undefined)
  const match = cells.map((cell) => office.exec(cell)).find((found) => found !== null)
  if (printedParty === undefined || match?.groups?.office === undefined) return undefined
  return {
    party: printedParty,
    office: match.groups.office,
    ...(match.groups.name === undefined ? {} : { name: match.groups.name }),
  }
}

/**
 * Reads a published memorandum. Anything that would need a guess is a problem; what a person should check is a doubt.
 * @throws {ImportError} naming every line that cannot be understood.
 */
export function importMemorandum(source: string, file: string, sourceName: string): Imported {
  const problems: Doubt[] = []
  const doubts: Doubt[] = []
  const fail = (line: number, message: string): never => {
    throw new ImportError(file, [...problems, { line, message }])
  }
  const lines = publishedLines(source).filter(({ text }) => withoutSpace(text) !== '')
  // Such marks mean something in the corpus file, and nothing in a published text.
  for (const { number: line, text } of lines)
    if (/^(?:#{1,6}|>)\s/u.test(text))
      problems.push({ line, message: `「${text.slice(0, 12)}」 begins with a Markdown mark; take the mark out` })
  const annex =
    findAnnex(lines) ??
    fail(lines.at(-1)?.number ?? 1, 'no annex found: expected a line 「…會議同意的具體合作措施」 followed by 「一、…」')

  let head = lines.slice(0, annex.start)
  const firstWords = head.findIndex(({ text }) => !attachmentLine(text))
  const lastWords = head.findLastIndex(({ text }) => !attachmentLine(text))
  const texts = (some: readonly PrintedLine[]) => some.map(({ text }) => text)
  const labels = { top: texts(head.slice(0, firstWords)), annex: texts(head.slice(lastWords + 1)) }
  head = head.slice(firstWords, lastWords + 1)
  const titleEnd = head.findIndex(({ text }) => /備忘錄$/u.test(text))
  if (titleEnd < 0 || titleEnd > 3)
    fail(head[0]?.number ?? 1, 'no title found: expected a line ending in 備忘錄 at the top')
  const title = tidy(
    head
      .slice(0, titleEnd + 1)
      .map(({ text }) => text)
      .join('\n'),
  )
  const body = paragraphs(head.slice(titleEnd + 1))
  const preambleText = body.map(({ text }) => text).join('\n')
  const top = head[titleEnd]?.number ?? 1

  const char =
    /(?<char>\p{Script=Han})港(?:合作會議|高層會晤)/u.exec(title)?.groups?.char ??
    fail(top, 'the title names no conference 「X港合作會議」')
  const place = placeOfChar(char) ?? fail(top, `no province has the short name ${char}`)
  const plenary =
    parseNumeral(plenaryNumber.exec(title)?.groups?.n ?? '') ?? fail(top, 'the title has no 「第…次會議」')
  const held = /於(?<y>\d{4})年(?<m>\d{1,2})月(?<d>\d{1,2})日[，,]?在(?<place>[^，。,]{2,10}?)(?:舉行|召開)/u.exec(
    preambleText,
  )
  if (held?.groups === undefined) fail(top, 'the preamble does not say when and where the meeting was held')
  const { y = '', m = '', d = '', place: heldAt = '' } = held?.groups ?? {}
  const leaders =
    /在(?<leaders>[^，。,]{6,60})率領下/u.exec(preambleText)?.groups?.leaders?.split('和') ??
    fail(top, 'the preamble does not say who led the meeting')
  const chair = /率領下舉行[，,](?<chair>\p{Script=Han}{3,12})主持/u.exec(preambleText)?.groups?.chair
  const custodians =
    /分別由(?<offices>[^，。,]+?)保存/u.exec(preambleText)?.groups?.offices?.split('和') ??
    fail(top, 'the preamble does not say who keeps the copies')
  const declaredAreas =
    parseNumeral(areaCount.exec(preambleText)?.groups?.n ?? '') ??
    fail(top, 'the preamble does not declare a number of areas')
  const custody = body.findIndex(({ text }) => text.startsWith('本備忘錄一式'))
  const signedAt = body[custody + 1]?.line ?? top
  const cells = body.slice(custody + 1).map(({ text }) => text)
  const mainland = signatoryOf(
    cells,
    /\p{Script=Han}{2,8}(?:省|市|自治區)人民政府/u,
    /^(?<office>(?:常務)?副?(?:省長|市長|主席))(?<name>\p{Script=Han}{2,4})?(?:（簽字）|\(簽字\))?$/u,
  )
  const hongKong = signatoryOf(
    cells,
    /香港特別行政區政府/u,
    /^(?<office>政務司司長|行政長官)(?<name>\p{Script=Han}{2,4})?(?:（簽字）|\(簽字\))?$/u,
  )
  if (mainland === undefined || hongKong === undefined)
    fail(signedAt, 'no signature block found: expected both governments and the offices of those who signed')
  const signatories = [mainland, hongKong].filter((signer) => signer !== undefined)
  for (const signer of signatories)
    if (signer.name === undefined)
      doubts.push({
        line: signedAt,
        message: `the signature block names no person for ${signer.party}${signer.office}`,
      })

  const id = `${place.slug}-${y}`
  const lineOf = new Map<object, number>()
  const items = body.flatMap(({ line, text }) => {
    const clause = preambleClauseLine(text)
    if (clause === undefined) return []
    const item: Measure = { id: `${id}/preamble.${clause.number}`, number: clause.number, text: clause.text }
    lineOf.set(item, line)
    return [item]
  })
  const areas = readAnnex(lines.slice(annex.end), problems, doubts, lineOf, id)
  const running = areas
    .slice(1)
    .every((area, index) => area.measures[0]?.number === (areas[index]?.measures.at(-1)?.number ?? 0) + 1)
  const numbering: FrontMatter['numbering'] = areas.length > 1 && running ? 'annex' : 'area'
  if (problems.length > 0) throw new ImportError(file, problems)

  const memorandum: Memorandum = {
    id,
    title,
    date: `${y}-${m.padStart(2, '0')}-${d.padStart(2, '0')}`,
    plenary,
    place: heldAt,
    province: { slug: place.slug, zh: place.zh, en: place.en, char: place.char },
    leaders,
    ...(chair === undefined ? {} : { chair }),
    signatories,
    custodians,
    numbering,
    source: sourceName,
    preamble: { id: `${id}/preamble`, text: preambleText, items },
    areas,
  }
  const declaredAt = body.find(({ text }) => areaCount.test(text))?.line ?? top
  const found = checkMemorandum(memorandum, declaredAreas).map(({ at, message }) => ({
    line: (at && lineOf.get(at)) ?? declaredAt,
    message,
  }))
  const { preamble: _, areas: __, ...meta } = memorandum
  const front = frontMatter.safeParse({ ...meta, areas: areas.length })
  // The name of the source is the caller's.
  for (const issue of front.error?.issues ?? [])
    if (issue.path[0] !== 'source') found.push({ line: top, message: `${issue.path.join('.')}: ${issue.message}` })
  if (found.length > 0) throw new ImportError(file, found)

  const form: MarkdownForm = {
    memorandum,
    labels,
    annexTitle: tidy(texts(lines.slice(annex.start, annex.end)).join('\n')),
  }
  const lost = firstDifference(publishedWords(source), wordsOf(form))
  if (lost !== undefined)
    throw new ImportError(file, [
      {
        line: lineOfWord(source, lost.offset),
        message: `text would be lost or changed: published 「${lost.expected}」, kept 「${lost.found}」`,
      },
    ])

  for (const [what, list] of [
    ['leaders', leaders],
    ['keepers of the copies', custodians],
  ] as const) {
    if (list.length !== 2)
      doubts.push({ line: top, message: `${list.length} ${what} were read where two are usual: ${list.join('、')}` })
  }
  doubts.push(...areaDoubts(lines.slice(annex.end), areas, preambleText), ...characterDoubts(lines))
  return { ...form, declaredAreas, doubts: doubts.sort((a, b) => a.line - b.line) }
}

/** The line, counted from 1, that holds the word at an offset of `publishedWords(source)`. */
function lineOfWord(source: string, offset: number): number {
  let seen = 0
  const lines = publishedLines(source)
  const found = lines.find(({ text }) => {
    seen += publishedWords(text).length
    return seen > offset
  })
  return (found ?? lines.at(-1))?.number ?? 1
}

/** Area titles that the preamble's own list words differently. */
function areaDoubts(lines: readonly PrintedLine[], areas: readonly Area[], preamble: string): Doubt[] {
  const plain = (text: string) => text.replace(/[“”"\s]/gu, '')
  const list = plain(preamble)
  return areas
    .filter((area) => !list.includes(plain(area.title)))
    .map((area) => ({
      line: lines.find(({ text }) => areaLine(text)?.ordinal === area.ordinal)?.number ?? 1,
      message: `the preamble's list of areas does not have 「${area.title}」 in these words`,
    }))
}

/**
 * Characters that should not stand in a printed Traditional text, and numbers that look like an item inside a sentence.
 */
function characterDoubts(lines: readonly PrintedLine[]): Doubt[] {
  return lines.flatMap(({ number: line, text }) => {
    const odd = [...new Set(text.match(/[带产业国务发会经济两个为时应门体]|[\uFFFD\uE000-\uF8FF]/gu) ?? [])]
    return odd.length === 0
      ? []
      : [{ line, message: `unexpected character ${odd.join(' ')}: Simplified, private or damaged; kept as published` }]
  })
}
