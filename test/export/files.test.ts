import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { writeCsv } from '../../src/export/csv.ts'
import type { ExportedClause, ExportedDocument } from '../../src/export/document.ts'
import { writeDocx } from '../../src/export/docx.ts'
import { phrasesOf } from '../../src/phrases/bot.ts'

const folder = mkdtempSync(join(tmpdir(), 'export-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const clause: ExportedClause = {
  citation: '川港 2018 · 五、青年發展 · 第 1 項',
  province: '四川',
  memorandum: '川港高層會晤暨川港合作會議第一次會議備忘錄',
  date: '2018-05-11',
  area: '五、青年發展',
  item: '1',
  text: '邀請不少於1000名香港青年分批赴川，"了解"中華傳統文化\n第二段 <b>&',
  link: 'https://t.me/memoranda_bot?start=c_sichuan-2018_5_1',
}
const documentWith = (sections: ExportedDocument['sections']): ExportedDocument => ({
  title: '摘錄 <x> & y',
  sections,
  columns: phrasesOf('hant').columns,
  foot: '引文逐字錄自備忘錄。',
})
const kinds: readonly (readonly [string, ExportedDocument])[] = [
  ['one clause', documentWith([{ clauses: [clause] }])],
  [
    'a comparison with an empty side',
    documentWith([
      { heading: '四川', clauses: [clause, clause] },
      { heading: '福建', clauses: [], empty: '未見相關項目' },
    ]),
  ],
  ['two hundred clauses', documentWith([{ clauses: Array.from({ length: 200 }, () => clause) }])],
]

/** The cells of a CSV text (RFC 4180). */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [[]]
  let cell = ''
  let isQuoted = false
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at] ?? ''
    if (isQuoted) {
      if (character !== '"') cell += character
      else if (text[at + 1] === '"') {
        cell += '"'
        at += 1
      } else isQuoted = false
    } else if (character === '"') isQuoted = true
    else if (character === ',' || (character === '\r' && text[at + 1] === '\n')) {
      rows.at(-1)?.push(cell)
      cell = ''
      if (character === '\r') {
        rows.push([])
        at += 1
      }
    } else cell += character
  }
  return rows.slice(0, -1)
}

describe('writeCsv()', () => {
  test.each(kinds)('gives every field of %s back unchanged', (_, document) => {
    const text = Buffer.from(writeCsv(document).bytes).toString('utf8')
    expect(text.charCodeAt(0)).toBe(0xfeff)
    const [head, ...rows] = parseCsv(text.slice(1))
    expect(head).toEqual(document.columns)
    expect(rows).toEqual(
      document.sections.flatMap(({ clauses }) =>
        clauses.map((one) => [
          one.citation,
          one.province,
          one.memorandum,
          one.date,
          one.area,
          one.item,
          one.text,
          one.link,
        ]),
      ),
    )
  })
})

const office = ['soffice', 'libreoffice'].find((name) => spawnSync(name, ['--version']).status === 0)

describe('writeDocx()', () => {
  test('holds citation, link, quotation and what is empty', async () => {
    const { bytes } = await writeDocx(kinds[1]?.[1] ?? documentWith([]))
    const file = join(folder, 'read.docx')
    writeFileSync(file, bytes)
    const part = (name: string) => execFileSync('unzip', ['-p', file, name], { encoding: 'utf8' })
    const text = part('word/document.xml')
    for (const words of [
      clause.citation,
      '邀請不少於1000名香港青年分批赴川',
      '第二段 &lt;b&gt;&amp;',
      '未見相關項目',
      '（2018-05-11）',
    ])
      expect(text).toContain(words)
    expect(part('word/_rels/document.xml.rels')).toContain('start=c_sichuan-2018_5_1')
  })

  test.skipIf(office === undefined).each(kinds)(
    'makes of %s a file that LibreOffice converts (skipped where LibreOffice is not installed)',
    async (name, document) => {
      const file = join(folder, `${name.replaceAll(' ', '-')}.docx`)
      writeFileSync(file, (await writeDocx(document)).bytes)
      execFileSync(
        office ?? '',
        [
          '--headless',
          `-env:UserInstallation=file://${folder}/profile`,
          '--convert-to',
          'pdf',
          '--outdir',
          folder,
          file,
        ],
        { timeout: 120_000 },
      )
      expect(readFileSync(file.replace(/docx$/u, 'pdf')).subarray(0, 5).toString()).toBe('%PDF-')
    },
    150_000,
  )
})
