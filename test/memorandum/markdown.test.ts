import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { firstDifference } from '../../src/memorandum/checks.ts'
import {
  CorpusError,
  formatMarkdown,
  type MarkdownForm,
  parseMarkdown,
  wordsOf,
} from '../../src/memorandum/markdown.ts'
import { places } from '../../src/memorandum/places.ts'
import type { Area, Memorandum } from '../../src/model/corpus.ts'
import { formatChineseNumeral } from '../../src/text/numerals.ts'

const reviewed = `---
id: shaanxi-2026
title: 陝港合作會議第一次會議備忘錄
date: 2026-01-02
plenary: 1
place: 陝西省西安市
province:
  slug: shaanxi
  zh: 陝西
  en: Shaanxi
  char: 陝
leaders:
  - 陝西省委書記張三
  - 香港特別行政區行政長官李四
signatories:
  - party: 陝西省人民政府
    office: 副省長
    name: 王五
  - party: 香港特別行政區政府
    office: 政務司司長
custodians:
  - 陝西省人民政府外事辦公室
numbering: area
source: sources/shaanxi-2026.txt
areas: 2
---

> 附件二

# 陝港合作會議第一次會議備忘錄

雙方達成共識：

一、合作宗旨。發揮所長。

> 附件

## 陝港合作會議第一次會議同意的具體合作措施

### 一、金融

1. 雙方發行綠色債券。

2. 2026年6月，雙方舉辦論壇。

### 二、教育

1. 雙方推動姊妹學校交流。
`

/** The reviewed file with one passage changed; the passage must be there. */
function but(passage: string, replacement: string): string {
  expect(reviewed).toContain(passage)
  return reviewed.replace(passage, () => replacement)
}

describe('parseMarkdown()', () => {
  test('reads the reviewed form', () => {
    const { memorandum, labels, annexTitle } = parseMarkdown(reviewed, 'shaanxi-2026.md')
    expect(labels).toEqual({ top: ['附件二'], annex: ['附件'] })
    expect(annexTitle).toBe('陝港合作會議第一次會議同意的具體合作措施')
    expect(memorandum.preamble).toEqual({
      id: 'shaanxi-2026/preamble',
      text: '雙方達成共識：\n一、合作宗旨。發揮所長。',
      items: [{ id: 'shaanxi-2026/preamble.1', number: 1, text: '合作宗旨。發揮所長。' }],
    })
    expect(memorandum.areas).toEqual([
      {
        ordinal: 1,
        title: '金融',
        measures: [
          { id: 'shaanxi-2026/1.1', number: 1, text: '雙方發行綠色債券。' },
          { id: 'shaanxi-2026/1.2', number: 2, text: '2026年6月，雙方舉辦論壇。' },
        ],
      },
      { ordinal: 2, title: '教育', measures: [{ id: 'shaanxi-2026/2.1', number: 1, text: '雙方推動姊妹學校交流。' }] },
    ])
    expect(memorandum.signatories).toEqual([
      { party: '陝西省人民政府', office: '副省長', name: '王五' },
      { party: '香港特別行政區政府', office: '政務司司長' },
    ])
  })

  describe('refuses, naming file and line of', () => {
    test.each([
      ['a missing number', '2. 2026年', '3. 2026年', '44: area 1: item 3 follows item 1'],
      ['a repeated number', '2. 2026年', '1. 2026年', '44: area 1: item 1 follows item 1'],
      ['a missing area', '### 二、教育\n\n', '', '46: area 1: item 1 follows item 2'],
      ['an area out of order', '### 二、教育', '### 三、教育', '46: area 3 「教育」 stands where area 2 was expected'],
      ['an area without a measure', '1. 雙方推動姊妹學校交流。\n', '', '46: area 2 「教育」 holds no measure'],
      ['areas other than declared', 'areas: 2', 'areas: 3', '1: the preamble declares 3 areas, 2 were found'],
      [
        'a preamble clause out of order',
        '一、合作宗旨',
        '二、合作宗旨',
        '34: preamble: clause 2 stands where clause 1 was expected',
      ],
      ['an unknown line', '### 二、教育', '### 二、教育\n教育篇', '47: no recogniser knows this line: 「教育篇」'],
      ['a heading that is none', '### 二、教育', '### 教育', '46: 「### 教育」 is no area heading: expected ### 一、…'],
      [
        'an area before the annex title',
        '# 陝港',
        '### 一、金融\n# 陝港',
        '30: an area stands before the annex title (##)',
      ],
      ['a second title', '## 陝港', '# 另一份備忘錄\n## 陝港', '38: a second title'],
      [
        'a second annex title',
        '### 二、教育',
        '## 會議同意的具體合作措施',
        '46: 「## 會議同意的具體合作措施」 is no annex title',
      ],
      ['text before the title', '> 附件二', '前言', '28: text before the title'],
      ['a quotation that is no label', '> 附件二', '> 說明', '28: 「> 說明」 is no label: expected > 附件…'],
      [
        'a label among the measures',
        '### 二、教育',
        '> 附件',
        '46: 「> 附件」 is a label; below the annex title stand areas and measures only',
      ],
      [
        'text below the label of the annex',
        '> 附件\n',
        '> 附件\n\n雙方同意。\n',
        '38: text between the label of the annex and its title (##)',
      ],
      [
        "a title other than the front matter's",
        '# 陝港',
        '# 秦港',
        "30: the title differs from the front matter's: 陝港合作會議第一次會議備忘錄",
      ],
      ['a missing title', '# 陝港合作會議第一次會議備忘錄\n\n', '', '30: text before the title'],
      [
        'a missing annex title',
        '## 陝港合作會議第一次會議同意的具體合作措施\n\n',
        '',
        '38: an area stands before the annex title (##)',
      ],
      [
        'missing front matter',
        '---\nid',
        'id',
        '1: no front matter: the file must begin with --- and close it with ---',
      ],
      ['a date that is none', '2026-01-02', '2026-02-30', '1: front matter: date: Invalid ISO date'],
      ['an unknown field', 'plenary: 1', 'plenary: 1\nmood: good', '1: front matter: : Unrecognized key: "mood"'],
    ])('%s', (_what, passage, replacement, problem) => {
      const read = () => parseMarkdown(but(passage, replacement), 'shaanxi-2026.md')
      expect(read).toThrow(CorpusError)
      expect(read).toThrow(`shaanxi-2026.md:${problem}`)
    })

    test('front matter that is not YAML', () => {
      expect(() => parseMarkdown(but('place: ', 'place: ['), 'a.md')).toThrow(
        /^a\.md:1: the front matter is not YAML: /u,
      )
    })

    test('every failed check at once', () => {
      const broken = but('2. 2026年', '3. 2026年').replace('### 二、', '### 四、')
      expect(() => parseMarkdown(broken, 'a.md')).toThrow(
        'a.md:44: area 1: item 3 follows item 1\na.md:46: area 4 「教育」 stands where area 2 was expected',
      )
    })
  })
})

describe('formatMarkdown()', () => {
  test('writes what parseMarkdown() read, byte for byte; `areas` stands last in the front matter', () => {
    expect(formatMarkdown(parseMarkdown(reviewed, 'a.md'))).toBe(reviewed)
    expect(reviewed).toContain('source: sources/shaanxi-2026.txt\nareas: 2\n---')
  })

  test.each(['sichuan-2018', 'hubei-2021', 'chongqing-2023', 'fujian-2023', 'zhejiang-2025'])(
    'writes corpus/%s.md as it stands',
    (id) => {
      const file = readFileSync(`corpus/${id}.md`, 'utf8')
      expect(formatMarkdown(parseMarkdown(file, `${id}.md`))).toBe(file)
    },
  )

  // What YAML and Markdown would love to misread.
  const words = fc
    .string({
      unit: fc.constantFrom(...'港川青年金融發展，、；：“”（）／‧—Ab1 #>-*`|&!%@{}[]:,\'"\\?~𠮷'),
      minLength: 1,
      maxLength: 24,
    })
    .map((text) => text.trim())
    .filter((text) => text !== '')
  const sentence = words.map((text) => `雙方${text}。`)
  const form: fc.Arbitrary<MarkdownForm> = fc
    .record({
      place: fc.constantFrom(...places),
      day: fc.date({ min: new Date('1997-07-01'), max: new Date('2099-12-31'), noInvalidDate: true }),
      title: words,
      leaders: fc.array(words, { minLength: 1, maxLength: 3 }),
      names: fc.tuple(words, fc.option(words)),
      yaml: fc.constantFrom(
        'no',
        '1e3',
        'null',
        '2026-01-02',
        '- 甲',
        '甲: 乙',
        '# 甲',
        ' 甲 '.trim(),
        '"甲"',
        '*甲',
        '1.0',
      ),
      chair: fc.option(words),
      numbering: fc.constantFrom('area', 'annex'),
      paragraphs: fc.array(sentence, { maxLength: 3 }),
      clauses: fc.array(sentence, { maxLength: 12 }),
      areas: fc.array(
        fc.record({
          title: words.map((text) => `合作${text.replaceAll('；', '')}`.trim()),
          texts: fc.array(words, { minLength: 1, maxLength: 5 }),
        }),
        {
          minLength: 2,
          maxLength: 12,
        },
      ),
      labels: fc.record({ top: fc.subarray(['附件二']), annex: fc.subarray(['附件', '附件一']) }),
    })
    .map(
      ({ place, day, title, leaders, names, yaml, chair, numbering, paragraphs, clauses, areas: drafts, labels }) => {
        const date = day.toISOString().slice(0, 10)
        const id = `${place.slug}-${date.slice(0, 4)}`
        let number = 0
        const areas = drafts.map((draft, index): Area => {
          if (numbering === 'area') number = 0
          const measures = draft.texts.map((text) => {
            number += 1
            return { id: `${id}/${index + 1}.${number}`, number, text }
          })
          return { ordinal: index + 1, title: draft.title, measures }
        })
        const memorandum: Memorandum = {
          id,
          title: `${title}備忘錄`,
          date,
          plenary: 1,
          place: yaml,
          province: { slug: place.slug, zh: place.zh, en: place.en, char: place.char },
          leaders,
          ...(chair === null ? {} : { chair }),
          signatories: [
            { party: '省人民政府', office: names[0] },
            { party: yaml, office: '政務司司長', ...(names[1] === null ? {} : { name: names[1] }) },
          ],
          custodians: [yaml],
          numbering: numbering === 'annex' ? 'annex' : 'area',
          source: `sources/${id}.txt`,
          preamble: {
            id: `${id}/preamble`,
            text: [
              '雙方同意：',
              ...paragraphs,
              ...clauses.map((text, index) => `${formatChineseNumeral(index + 1)}、${text}`),
            ].join('\n'),
            items: clauses.map((text, index) => ({ id: `${id}/preamble.${index + 1}`, number: index + 1, text })),
          },
          areas,
        }
        return { memorandum, labels, annexTitle: '會議同意的具體合作措施' }
      },
    )

  test('writes any memorandum so that parseMarkdown() gives it back, and loses no word', () => {
    fc.assert(
      fc.property(form, (original) => {
        const back = parseMarkdown(formatMarkdown(original), 'a.md')
        expect(back).toEqual(original)
        expect(firstDifference(wordsOf(original), wordsOf(back))).toBeUndefined()
      }),
      { numRuns: 200 },
    )
  })
})

test('wordsOf() gives the words in the order of the published text, labels and headings included', () => {
  expect(wordsOf(parseMarkdown(reviewed, 'a.md'))).toBe(
    '附件二陝港合作會議第一次會議備忘錄雙方達成共識：一、合作宗旨。發揮所長。附件陝港合作會議第一次會議同意的具體合作措施一、金融1.雙方發行綠色債券。2.2026年6月，雙方舉辦論壇。二、教育1.雙方推動姊妹學校交流。',
  )
})
