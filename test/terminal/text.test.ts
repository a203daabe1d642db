import { describe, expect, test } from 'vitest'
import type { Answer, CitedPassage } from '../../src/answer/answer.ts'
import { languages, moreLine, noClause } from '../../src/phrases/answers.ts'
import { renderText } from '../../src/terminal/text.ts'
import { openRoom } from '../answer/room.ts'

const { assistant } = await openRoom()
const plain = { width: 60, color: false }
const strong = '\u001b[1m'
const columns = (line: string) => [...line].reduce((sum, character) => sum + (/[\p{Script=Han}\u3000-\u303f\uff00-\uff60]/u.test(character) ? 2 : 1), 0)
const joined = (text: string) => text.replace(/\s/gu, '')

const questions = ['四川有甚麼青年實習', '川七4', '四川有幾多項關於金融', '比較各省的住房安居', '福建備忘錄幾時簽', '四川有冇郵輪合作', '川七99', '???']
const answers = new Map<string, Answer>()
for (const query of questions) answers.set(query, await assistant.answer({ query }))
const answerTo = (query: string) => answers.get(query) as Answer

describe('renderText()', () => {
  test.each(questions)('shows every quotation word for word with its citation: %s', (query) => {
    const answer = answerTo(query)
    for (const language of languages) {
      const text = renderText(answer, language, plain)
      expect(text).not.toMatch(/undefined|\[object/u)
      for (const { quote, citation } of answer.kind === 'missing' ? answer.nearest : answer.passages) {
        expect(text).toContain(citation)
        expect(joined(text)).toContain(joined(quote))
      }
    }
  })

  test('keeps quotations within the width', () => {
    for (const line of renderText(answerTo('川七4'), 'hant', plain).split('\n').slice(2)) expect(columns(line)).toBeLessThanOrEqual(60)
  })

  test('says aloud where a comparison is empty', () => {
    const text = renderText(answerTo('比較各省的住房安居'), 'hant', plain)
    expect(text.split(noClause.hant).length - 1).toBe(4)
    expect(text).toContain('■ 浙江（浙港 2025）')
  })

  test('labels what is only near', () => {
    expect(renderText(answerTo('四川有冇郵輪合作'), 'en', plain)).toContain('Nearest clauses (not an answer):')
  })

  test('gives the value of a fact', () => {
    expect(renderText(answerTo('福建備忘錄幾時簽'), 'hant', plain)).toContain('閩港 2023：2023年6月28日')
  })

  test('makes the sentences that answer stand out in colour only', () => {
    const quote = '甲句。乙句。丙句。'
    const passages: CitedPassage[] = [{ id: 'sichuan-2018/1.1', citation: 'C', quote, highlights: [[3, 6]] }]
    const answer: Answer = { kind: 'found', related: 1, understood: { provinces: [], excluded: [], bridged: [] }, hits: [{ id: 'sichuan-2018/1.1', score: 1 }], passages }
    expect(renderText(answer, 'hant', { width: 80, color: true })).toContain(`甲句。${strong}乙句。\u001b[22m丙句。`)
    expect(renderText(answer, 'hant', plain)).not.toContain('\u001b')
  })

  test('speaks of more only where more is related', () => {
    const found = { ...(answerTo('四川有甚麼青年實習') as Extract<Answer, { kind: 'found' }>) }
    expect(found.hits.length).toBeGreaterThan(found.passages.length)
    const shown = found.passages.length
    expect(renderText({ ...found, related: shown }, 'hant', plain)).not.toContain('項相關')
    expect(renderText({ ...found, related: 1 }, 'hant', plain)).not.toContain('項相關')
    expect(renderText({ ...found, related: shown + 2 }, 'hant', plain)).toContain(moreLine(2, 'hant'))
  })
})
