import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { matchingSentence, startingNear } from '../../src/text/matching.ts'

describe('matchingSentence()', () => {
  const clause = '推動青年交流。支持金融機構互設分支。共建實驗室。'
  const sentenceOf = (query: string) => clause.slice(...matchingSentence(clause, query))

  test('is the sentence that shares most with the question, in any script', () => {
    expect(sentenceOf('金融機構')).toBe('支持金融機構互設分支。')
    expect(sentenceOf('实验室')).toBe('共建實驗室。')
  })

  test('is the first where none shares anything, and the same when asked again', () => {
    expect(sentenceOf('旅遊')).toBe('推動青年交流。')
    expect(sentenceOf('旅遊')).toBe('推動青年交流。')
  })
})

describe('startingNear()', () => {
  const long = `${'甲乙丙丁'.repeat(12)}，並在各地推動金融科技合作，${'子丑寅卯'.repeat(10)}。`

  test('begins a long sentence at the part that holds what was asked', () => {
    expect(startingNear(long, '金融科技', 40)).toMatch(/^…並在各地推動金融科技合作，/u)
    expect(startingNear(long, '金融科技', 400)).toBe(long)
    expect(startingNear(long, '旅遊', 40)).toBe(long)
  })

  test('shows an end of the sentence, word for word, in which the match stands', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('甲', '乙，', '丙', '青年', '𠮷', ' ', 'a'), { maxLength: 60 }), (parts) => {
        const sentence = parts.join('')
        const shown = startingNear(sentence, '青年', 10)
        expect(sentence.endsWith(shown.replace(/^…/u, ''))).toBe(true)
        expect(shown.includes('青年')).toBe(sentence.includes('青年'))
        if (sentence.includes('青年')) expect([...shown.slice(0, shown.indexOf('青年'))].length).toBeLessThanOrEqual(26)
      }),
    )
  })
})
