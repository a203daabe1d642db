import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkMemorandum, firstDifference, publishedWords } from '../../src/memorandum/checks.ts'
import { ImportError, importMemorandum } from '../../src/memorandum/import.ts'
import { formatMarkdown, parseMarkdown, wordsOf } from '../../src/memorandum/markdown.ts'

/**
 * A memorandum as a PDF gives it: lines cut anywhere, spaces beside numbers, a page break in a sentence. Line 1 is 附件二.
 */
const published = `附件二
陝港高層會晤暨陝港合作會議第一次會議
備忘錄

陝西省人民政府與香港特區政府於 2026 年 1 月 2 日在陝西省西安市舉行陝港合作會議第
一次會議。會議在陝西省委書記張三和香港特別行政區行政長官李四率領下舉行，就以下事項達成共識：

一、合作宗旨。發揮所長。

二、合作領域。雙方同意在金融、教育共兩個領域加強合作（詳見附件）。
 本備忘錄一式四份，分別由陝西省人民政府外事辦公室和香港特別行政區政府政制及內地事務局保存。

陝西省人民政府     香港特別行政區政府
副省長王五（簽字）     政務司司長（簽字）
2026 年 1 月 2 日     2026 年 1 月 2 日
 附件

陝港高層會晤暨陝港合作會議第一次會議同意的
具體合作措施

一、 金融

1. 雙方鼓勵企業利用香港的 “資本市場 ” 發行綠
\f
色債券。
 2. 2026 年 6 月，雙方舉辦 RCEP 論壇。

二、 教育

1. 雙方推動姊妹學校交流。
`

const read = (source: string) => importMemorandum(source, 'draft.txt', 'sources/shaanxi-2026.txt')

/** What is wrong with a source, as `line: message`; the line counts from 1. */
function problems(source: string): string[] {
  try {
    read(source)
  } catch (error) {
    if (error instanceof ImportError) return error.problems.map(({ line, message }) => `${line}: ${message}`)
    throw error
  }
  return []
}

/** The published text with one passage changed; the passage must be there. */
function but(passage: string, replacement: string): string {
  expect(published).toContain(passage)
  return published.replace(passage, replacement)
}

describe('importMemorandum()', () => {
  test('reads title, date, place, leaders and signatures from the text itself', () => {
    const { memorandum, declaredAreas, labels, annexTitle } = read(published)
    expect({ ...memorandum, preamble: undefined, areas: undefined }).toEqual({
      id: 'shaanxi-2026',
      title: '陝港高層會晤暨陝港合作會議第一次會議備忘錄',
      date: '2026-01-02',
      plenary: 1,
      place: '陝西省西安市',
      province: { slug: 'shaanxi', zh: '陝西', en: 'Shaanxi', char: '陝' },
      leaders: ['陝西省委書記張三', '香港特別行政區行政長官李四'],
      signatories: [
        { party: '陝西省人民政府', office: '副省長', name: '王五' },
        { party: '香港特別行政區政府', office: '政務司司長' },
      ],
      custodians: ['陝西省人民政府外事辦公室', '香港特別行政區政府政制及內地事務局'],
      numbering: 'area',
      source: 'sources/shaanxi-2026.txt',
    })
    expect({ declaredAreas, labels, annexTitle }).toEqual({
      declaredAreas: 2,
      labels: { top: ['附件二'], annex: ['附件'] },
      annexTitle: '陝港高層會晤暨陝港合作會議第一次會議同意的具體合作措施',
    })
  })

  test('gives the preamble one paragraph a line, and its numbered clauses', () => {
    const { preamble } = read(published).memorandum
    expect(preamble.text.split('\n').slice(0, 4)).toEqual([
      '陝西省人民政府與香港特區政府於2026年1月2日在陝西省西安市舉行陝港合作會議第一次會議。會議在陝西省委書記張三和香港特別行政區行政長官李四率領下舉行，就以下事項達成共識：',
      '一、合作宗旨。發揮所長。',
      '二、合作領域。雙方同意在金融、教育共兩個領域加強合作（詳見附件）。',
      '本備忘錄一式四份，分別由陝西省人民政府外事辦公室和香港特別行政區政府政制及內地事務局保存。',
    ])
    expect(preamble.items).toEqual([
      { id: 'shaanxi-2026/preamble.1', number: 1, text: '合作宗旨。發揮所長。' },
      {
        id: 'shaanxi-2026/preamble.2',
        number: 2,
        text: '合作領域。雙方同意在金融、教育共兩個領域加強合作（詳見附件）。',
      },
    ])
  })

  test('keeps a sentence that a page break cut in two in one measure, and takes a measure that begins with a year for a measure', () => {
    expect(read(published).memorandum.areas).toEqual([
      {
        ordinal: 1,
        title: '金融',
        measures: [
          { id: 'shaanxi-2026/1.1', number: 1, text: '雙方鼓勵企業利用香港的“資本市場”發行綠色債券。' },
          { id: 'shaanxi-2026/1.2', number: 2, text: '2026年6月，雙方舉辦RCEP論壇。' },
        ],
      },
      { ordinal: 2, title: '教育', measures: [{ id: 'shaanxi-2026/2.1', number: 1, text: '雙方推動姊妹學校交流。' }] },
    ])
  })

  test('sees that numbers run through the annex', () => {
    const { memorandum } = read(but('1. 雙方推動', '3. 雙方推動'))
    expect(memorandum.numbering).toBe('annex')
    expect(memorandum.areas[1]?.measures[0]?.id).toBe('shaanxi-2026/2.3')
  })

  test.each([
    ['items printed 1、', '1. 雙方推動', '1、雙方推動'],
    ['items printed 01.', '1. 雙方推動', '01. 雙方推動'],
    ['items in the preamble', '一、合作宗旨。', '一、合作宗旨。\n1、互利。\n2、務實。'],
    ['items as a list', '1. 雙方推動', '- 1. 雙方推動'],
    ['emphasis', '1. 雙方推動', '1. **雙方推動**'],
    ['counts in Arabic numerals', '共兩個領域', '共2個領域'],
    ['no label at the top', '附件二\n', ''],
    ['no label above the annex', ' 附件\n', ''],
    ['Windows line ends', '\n二、 教育\n', '\r\n二、 教育\r\n'],
  ])('reads %s', (_what, passage, replacement) => {
    const imported = read(but(passage, replacement))
    expect(imported.memorandum.areas.map(({ measures }) => measures.length)).toEqual([2, 1])
    expect(wordsOf(parseMarkdown(formatMarkdown(imported), 'shaanxi-2026.md'))).toBe(
      publishedWords(but(passage, replacement)),
    )
  })

  describe('refuses, naming the line of', () => {
    test.each([
      ['a missing number', ' 2. 2026', ' 3. 2026', '26: item 3 follows item 1: a number is missing or repeated'],
      ['a repeated number', ' 2. 2026', ' 1. 2026', '26: item 1 follows item 1: a number is missing or repeated'],
      [
        'a missing first number',
        '1. 雙方推動',
        '2. 雙方推動',
        '30: item 2 follows item 2: a number is missing or repeated',
      ],
      [
        'a missing area',
        '二、 教育',
        '三、 教育',
        '28: area 3 「教育」 follows area 1: a heading is missing or repeated',
      ],
      [
        'a repeated area',
        '二、 教育',
        '一、 教育',
        '28: area 1 「教育」 follows area 1: a heading is missing or repeated',
      ],
      ['areas other than declared', '共兩個領域', '共三個領域', '10: the preamble declares 3 areas, 2 were found'],
      ['an unknown line', '二、 教育\n', '二、 教育\n教育篇\n', '29: no recogniser knows this line: 「教育篇」'],
      [
        'a label among the measures',
        '二、 教育\n',
        '附件三\n二、 教育\n',
        '28: 「附件三」 is a label and stands among the measures',
      ],
      ['an area without a measure', '1. 雙方推動姊妹學校交流。\n', '', '28: area 2 「教育」 holds no measure'],
      [
        'a Markdown mark',
        '二、 教育',
        '## 二、 教育',
        '28: 「## 二、 教育」 begins with a Markdown mark; take the mark out',
      ],
      [
        'a preamble clause out of order',
        '二、合作領域',
        '三、合作領域',
        '10: preamble: clause 3 stands where clause 2 was expected',
      ],
      [
        'text that would be changed',
        '一、合作宗旨。發揮所長。',
        '一、合作宗旨。發揮\n1、所長。',
        '9: text would be lost or changed: published 「一、合作宗旨。發揮1.所長。二、合作領域。雙方同意在金融、教」, kept 「一、合作宗旨。發揮1、所長。二、合作領域。雙方同意在金融、教」',
      ],
      ['an impossible date', '於 2026 年 1 月', '於 2026 年 13 月', '3: date: Invalid ISO date'],
      [
        'an unknown province',
        '陝港高層會晤暨陝港合作會議第一次會議\n備忘錄',
        '某港高層會晤暨某港合作會議第一次會議\n備忘錄',
        '3: no province has the short name 某',
      ],
      [
        'a title without a number',
        '暨陝港合作會議第一次會議\n備',
        '暨陝港合作會議\n備',
        '3: the title has no 「第…次會議」',
      ],
      [
        'a missing signature',
        '副省長王五（簽字）',
        '（簽字）',
        '13: no signature block found: expected both governments and the offices of those who signed',
      ],
      [
        'a missing annex',
        '具體合作措施\n\n一、',
        '\n\n一、',
        '30: no annex found: expected a line 「…會議同意的具體合作措施」 followed by 「一、…」',
      ],
    ])('%s', (_what, passage, replacement, problem) => {
      expect(problems(but(passage, replacement))).toContain(problem)
    })

    test('one gap once, however many items follow it', () => {
      expect(problems(but(' 2. 2026 年 6 月，雙方舉辦 RCEP 論壇。', '3. 甲。\n4. 乙。\n5. 丙。'))).toEqual([
        '26: item 3 follows item 1: a number is missing or repeated',
      ])
    })

    test('every place at once, as FILE:LINE', () => {
      const source = but(' 2. 2026', ' 4. 2026').replace('二、 教育', '四、 教育')
      expect(() => read(source)).toThrow(
        new ImportError('draft.txt', [
          { line: 26, message: 'item 4 follows item 1: a number is missing or repeated' },
          { line: 28, message: 'area 4 「教育」 follows area 1: a heading is missing or repeated' },
        ]),
      )
      expect(() => read(source)).toThrow(/^draft\.txt:26: .*\ndraft\.txt:28: /u)
    })

    test('nothing but the file, when it is empty', () => {
      expect(problems('')).toEqual([
        '1: no annex found: expected a line 「…會議同意的具體合作措施」 followed by 「一、…」',
      ])
    })
  })

  describe('doubts, naming the line of', () => {
    test.each([
      [
        'a signatory without a name',
        '',
        '',
        '13: the signature block names no person for 香港特別行政區政府政務司司長',
      ],
      [
        'an area title that the preamble words differently',
        '二、 教育',
        '二、 教育合作',
        `28: the preamble's list of areas does not have 「教育合作」 in these words`,
      ],
      [
        'a Simplified character',
        '姊妹學校',
        '姊妹学校经',
        '30: unexpected character 经: Simplified, private or damaged; kept as published',
      ],
      [
        'a damaged character',
        '姊妹學校',
        '姊妹\uFFFD校',
        '30: unexpected character \uFFFD: Simplified, private or damaged; kept as published',
      ],
      [
        'what may be a page number',
        '二、 教育',
        '- 7 -\n二、 教育',
        '28: 「- 7 -」 may be a page number; it is kept in item 2',
      ],
      [
        'an item in the middle of a sentence',
        '發行綠\n\f\n色',
        '發行綠\n2. 色',
        '24: 「2. 色債券。」 looks like the beginning of an item, but the line before it ends no sentence',
      ],
      [
        'an area in the middle of a sentence',
        '發行綠\n\f\n色',
        '發行綠\n三、四線城市\n色',
        '24: 「三、四線城市」 looks like the beginning of an area, but the line before it ends no sentence',
      ],
      [
        'an item that begins with a digit and no space',
        ' 2. 2026',
        ' 2.2026',
        '26: 「2.2026 年 6 月」 is read as the continuation of item 1; an item needs a space after its number when it begins with a digit',
      ],
      [
        'a leader whose name holds 和',
        '張三和',
        '張和三和',
        '3: 3 leaders were read where two are usual: 陝西省委書記張、三、香港特別行政區行政長官李四',
      ],
    ])('%s', (_what, passage, replacement, doubt) => {
      let source = but(passage, replacement)
      // A second 2. is refused; the doubt is about where it stands.
      if (replacement.includes('\n2. 色')) source = source.replace(' 2. 2026', ' 3. 2026')
      expect(read(source).doubts.map(({ line, message }) => `${line}: ${message}`)).toContain(doubt)
    })
  })
})

const corpus = [
  // id, areas and measures counted by hand in the published text, numbered clauses of the preamble
  ['sichuan-2018', 11, 36, 4],
  ['hubei-2021', 13, 52, 0],
  ['chongqing-2023', 11, 47, 0],
  ['fujian-2023', 10, 21, 0],
  ['zhejiang-2025', 13, 51, 0],
] as const
const sourceOf = (id: string) => readFileSync(`corpus/sources/${id}.txt`, 'utf8')

describe('the published memoranda', () => {
  test.each(corpus)('%s: %i areas, %i measures, %i preamble clauses', (id, areas, measures, clauses) => {
    const { memorandum } = importMemorandum(sourceOf(id), `${id}.txt`, `sources/${id}.txt`)
    expect(memorandum.id).toBe(id)
    expect(memorandum.areas).toHaveLength(areas)
    expect(memorandum.areas.flatMap((area) => area.measures)).toHaveLength(measures)
    expect(memorandum.preamble.items).toHaveLength(clauses)
  })

  test.each(corpus)('%s: the reviewed Markdown is what the published text gives, character by character', (id) => {
    const markdown = readFileSync(`corpus/${id}.md`, 'utf8')
    expect(formatMarkdown(importMemorandum(sourceOf(id), `${id}.txt`, `sources/${id}.txt`))).toBe(markdown)
    // The same by another way: everything printed, less emphasis, list bullets and white space.
    const printed = sourceOf(id)
      .replaceAll('**', '')
      .replace(/^\s*- (?=\d+\.)/gmu, '')
      .replace(/\s/gu, '')
    expect(wordsOf(parseMarkdown(markdown, `${id}.md`))).toBe(printed)
  })

  test('鄂一6: the page break after 推動綠 leaves the sentence whole', () => {
    const { memorandum } = importMemorandum(sourceOf('hubei-2021'), 'hubei-2021.txt', '')
    expect(sourceOf('hubei-2021')).toMatch(/推動綠\s+色低碳產業投資/u)
    expect(memorandum.areas[0]?.measures[5]?.text).toMatch(
      /以降低減排成本、推動綠色低碳產業投資、有效引導資金流動，共同助力國家實現碳中和目標。$/u,
    )
  })

  test('any lines dropped, swapped or repeated and any characters changed give a memorandum that passes every check, or an ImportError with lines of the file', () => {
    const lineNumber = fc.nat(600)
    const change = fc.oneof(
      fc.record({ kind: fc.constant('drop' as const), at: lineNumber }),
      fc.record({ kind: fc.constant('repeat' as const), at: lineNumber }),
      fc.record({ kind: fc.constant('swap' as const), at: lineNumber, with: lineNumber }),
      fc.record({
        kind: fc.constant('character' as const),
        at: lineNumber,
        column: fc.nat(60),
        by: fc.constantFrom('', ...'一三十、。，：“"1230 -*#>附件備忘錄會議年月日和（）\t\f\u200b\ufeff\uFFFD\ud800'),
      }),
    )
    fc.assert(
      fc.property(
        fc.constantFrom(...corpus.map(([id]) => id)),
        fc.array(change, { minLength: 1, maxLength: 4 }),
        (id, changes) => {
          const lines = sourceOf(id).split('\n')
          for (const { at, ...rest } of changes) {
            const i = at % lines.length
            const line = lines[i] ?? ''
            if (rest.kind === 'drop') lines.splice(i, 1)
            else if (rest.kind === 'repeat') lines.splice(i, 0, line)
            else if (rest.kind === 'swap') {
              const j = rest.with % lines.length
              lines[i] = lines[j] ?? ''
              lines[j] = line
            } else lines[i] = line.slice(0, rest.column) + rest.by + line.slice(rest.column + 1)
          }
          const source = lines.join('\n')
          let imported: ReturnType<typeof importMemorandum>
          try {
            imported = importMemorandum(source, 'draft.txt', `sources/${id}.txt`)
          } catch (error) {
            expect(error).toBeInstanceOf(ImportError)
            const { problems: named } = error as ImportError
            expect(named.length).toBeGreaterThan(0)
            for (const { line, message } of named) {
              expect(line).toBeGreaterThanOrEqual(1)
              expect(line).toBeLessThanOrEqual(lines.length)
              expect(message).not.toBe('')
            }
            return
          }
          expect(checkMemorandum(imported.memorandum, imported.declaredAreas)).toEqual([])
          expect(firstDifference(publishedWords(source), wordsOf(imported))).toBeUndefined()
          expect(parseMarkdown(formatMarkdown(imported), 'draft.md').memorandum).toEqual(imported.memorandum)
        },
      ),
      { numRuns: 400 },
    )
  })
})
