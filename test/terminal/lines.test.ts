import { stripVTControlCharacters } from 'node:util'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { blockquote, bold, concat, plain } from '../../src/screens/styled.ts'
import { columnsOf, terminalLines } from '../../src/terminal/lines.ts'

const narrow = { width: 24, color: false }
const bare = (text: string) => text.replace(/\s/gu, '')

describe('columnsOf()', () => {
  test.each([
    ['abc', 3],
    ['川港', 4],
    ['，「', 4],
    ['a川\u2060', 3],
    // Beyond the first plane; a radical; in one letter and in parts.
    ['𠮷⻘', 4],
    ['e\u0301', 1],
    // The signs of buttons, and what several code points draw together.
    ['✅➕❌', 6],
    ['👨‍👩‍👧', 2],
    ['🇭🇰', 2],
    ['ﾊﾝ', 2],
    // Unicode leaves these open, and terminals show them narrow.
    ['“”…—', 4],
    ['', 0],
  ])('%j takes %i', (text, columns) => expect(columnsOf(text)).toBe(columns))
})

describe('terminalLines()', () => {
  test('keeps every line within the width and loses no letter', () => {
    const words = fc.array(
      fc.constantFrom(
        '川',
        '港，',
        '「青年」',
        'cooperation',
        ' ',
        '2018',
        '。',
        '\n',
        '（甲',
        '”',
        'a',
        '✅',
        '👨‍👩‍👧',
      ),
      { maxLength: 80 },
    )
    fc.assert(
      fc.property(words, fc.boolean(), (parts, isQuoted) => {
        const content = isQuoted ? blockquote(parts.join(''), false) : plain(parts.join(''))
        const text = terminalLines(content, narrow)
        // Signs that close hang together; a whole line of them may stand out.
        for (const line of text.split('\n'))
          if (!/[，。」”]{3}/u.test(line)) expect(columnsOf(line)).toBeLessThanOrEqual(narrow.width)
        expect(bare(text)).toBe(bare(content.text))
      }),
    )
  })

  test('breaks no English word that fits a line, and begins no line with a comma', () => {
    expect(terminalLines(plain('youth internships in the province of Sichuan'), narrow)).toBe(
      'youth internships in the\nprovince of Sichuan',
    )
    expect(terminalLines(plain('甲乙丙丁戊己庚辛壬癸子丑，寅'), narrow)).toBe('甲乙丙丁戊己庚辛壬癸子\n丑，寅')
  })

  test('divides no emoji of several parts, and counts each as two columns', () => {
    const family = '👨‍👩‍👧'
    expect(terminalLines(plain(family.repeat(13)), narrow)).toBe(`${family.repeat(12)}\n${family}`)
  })

  test('breaks no line that is piped: what is quoted stays in one piece', () => {
    const long = '甲'.repeat(500)
    expect(terminalLines(blockquote(long, true), { color: false })).toBe(`    ${long}`)
  })

  test('sets quotations in, each of their lines', () => {
    expect(terminalLines(concat('出處\n', blockquote('甲\n乙', false), '\n丙'), narrow)).toBe(
      '出處\n    甲\n    乙\n丙',
    )
  })

  test('shows formatting in colour only, closed on every line', () => {
    const content = concat('甲', bold('乙'.repeat(20)), '丙')
    expect(terminalLines(content, narrow)).not.toContain('\u001b')
    const lines = terminalLines(content, { ...narrow, color: true }).split('\n')
    expect(lines.length).toBeGreaterThan(1)
    for (const line of lines) expect(line.split('\u001b[1m').length).toBe(line.split('\u001b[22m').length)
    expect(bare(stripVTControlCharacters(lines.join('')))).toBe(content.text)
  })
})
