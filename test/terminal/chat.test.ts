import { Readable, Writable } from 'node:stream'
import { describe, expect, test } from 'vitest'
import type { Assistant, Question } from '../../src/answer/answer.ts'
import { chat } from '../../src/terminal/chat.ts'
import { openRoom } from '../answer/room.ts'

const { assistant } = await openRoom()

/** What a chat of these lines writes, and the questions it asked. */
async function chatted(lines: readonly string[], interactive = false): Promise<{ text: string; asked: readonly Question[] }> {
  let text = ''
  const asked: Question[] = []
  const output = new Writable({
    write(chunk, _, done) {
      text += String(chunk)
      done()
    },
  })
  const watched: Assistant = {
    ...assistant,
    answer(question) {
      asked.push({ ...question, context: [...(question.context ?? [])] })
      return assistant.answer(question)
    },
  }
  await chat({ assistant: watched, input: Readable.from(lines.map((line) => `${line}\n`)), output, interactive, language: 'hant' })
  return { text, asked }
}

describe('chat()', () => {
  test('answers each line in order and ends with the input', async () => {
    const { text } = await chatted(['川七4', '浙21'])
    expect(text.indexOf('川港 2018 · 七')).toBeGreaterThanOrEqual(0)
    expect(text.indexOf('浙港 2025')).toBeGreaterThan(text.indexOf('川港 2018 · 七'))
  })

  test('lets a question lean on those before it', async () => {
    const { text, asked } = await chatted(['川七1', '下一項呢'])
    expect(asked.at(-1)).toEqual({ query: '下一項呢', context: ['川七1'] })
    expect(text).toContain('七、教育 · 第 2 項')
  })

  test('remembers no more than six questions', async () => {
    const { asked } = await chatted(Array.from({ length: 9 }, (_, at) => `川七${(at % 4) + 1}`))
    expect(asked.map(({ context }) => context?.length)).toEqual([0, 1, 2, 3, 4, 5, 6, 6, 6])
  })

  test('shows the whole clause of a number, without asking again', async () => {
    const { text, asked } = await chatted(['四川有甚麼青年實習', '1'])
    expect(asked.length).toBe(1)
    const first = (await assistant.answer({ query: '四川有甚麼青年實習' })).hits[0]?.id ?? ''
    expect(text.trimEnd().endsWith(assistant.passage(first)?.quote ?? '?')).toBe(true)
  })

  test('takes a number without a choice before it for a question', async () => {
    expect((await chatted(['7'])).asked).toEqual([{ query: '7', context: [] }])
  })

  test('asks nothing of empty lines and stops at /quit', async () => {
    expect((await chatted(['', '   ', '/quit', '川七4'])).asked).toEqual([])
    expect((await chatted(['/exit', '川七4'])).asked).toEqual([])
  })

  test('changes the language', async () => {
    const { text } = await chatted(['/lang en', '四川有冇郵輪合作', '/lang hans', '四川有冇郵輪合作'])
    expect(text).toContain('does not mention this')
    expect(text).toContain('备忘录没有提及')
  })

  test('explains itself when a person types, and on /help', async () => {
    expect((await chatted([], true)).text).toContain('/quit 結束')
    expect((await chatted([])).text).toBe('')
    expect((await chatted(['/help'])).text).toContain('/quit 結束')
  })
})
