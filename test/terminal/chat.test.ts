import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable, Writable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Assistant, Question } from '../../src/model/answer.ts'
import { type Language, languages } from '../../src/phrases/answers.ts'
import { phrasesOf } from '../../src/phrases/bot.ts'
import { commandNames } from '../../src/phrases/bot-phrases.ts'
import { shortReference } from '../../src/phrases/citations.ts'
import { chat } from '../../src/terminal/chat.ts'
import { openRoom } from '../answer/room.ts'

const house = await openRoom()
const { assistant, topics } = house
const { library } = house.retrieval
let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'terminal-'))
})
afterAll(() => rm(folder, { recursive: true }))

/** What a chat of these lines writes, and the questions it asked. */
async function chatted(
  lines: readonly string[],
  {
    interactive = false,
    language = 'hant',
    wrap = (own) => own,
  }: { interactive?: boolean; language?: Language; wrap?: (own: Assistant) => Assistant } = {},
): Promise<{ text: string; asked: readonly Question[] }> {
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
  const input = Readable.from(lines.map((line) => `${line}\n`))
  await chat({
    assistant: wrap(watched),
    library,
    topics,
    input,
    output,
    interactive,
    language,
    folder,
    fingerprints: { version: '9', index: 'i', encoder: 'e' },
  })
  return { text, asked }
}

/** The number of the choice with this label in what was written last. */
const numberOf = (text: string, label: string): string =>
  [...text.matchAll(/\[(?<number>\d+)\] (?<label>[^[\n]+?)(?= {3}\[|\n|$)/gu)].findLast(
    ({ groups }) => groups?.label === label,
  )?.groups?.number ?? '?'

/** Chooses by label, one after the other, each from what the choice before it showed. */
async function choosing(first: string, ...labels: readonly string[]): Promise<string> {
  const lines = [first]
  let { text } = await chatted(lines)
  for (const label of labels) {
    const number = numberOf(text, label)
    expect(number, `${label} in ${text}`).not.toBe('?')
    lines.push(number)
    text = (await chatted(lines)).text
  }
  return text
}

describe('chat()', () => {
  test('answers each line in order and ends with the input', async () => {
    const { text } = await chatted(['川七4', '浙21'])
    expect(text.indexOf('川港 2018 · 七')).toBeGreaterThanOrEqual(0)
    expect(text.indexOf('浙港 2025')).toBeGreaterThan(text.indexOf('川港 2018 · 七'))
  })

  test('quotes every clause word for word', async () => {
    const { text } = await chatted(library.units.map((unit) => shortReference(unit)))
    for (const unit of library.units) for (const line of unit.text.split('\n')) expect(text).toContain(line.trimEnd())
  })

  test('lets a question lean on those before it', async () => {
    const { text, asked } = await chatted(['川七1', '下一項呢'])
    expect(asked.at(-1)).toMatchObject({ query: '下一項呢', context: ['川七1'] })
    expect(text).toContain('七、教育 · 第 2 項')
  })

  test('shows the whole clause of a number', async () => {
    const { text } = await chatted(['四川有甚麼青年實習', '1'])
    const first = (await assistant.answer({ query: '四川有甚麼青年實習' })).hits[0]?.id ?? ''
    expect(text.slice(text.lastIndexOf('川港 2018 · 五、青年發展 · 第'))).toContain(assistant.quotation(first)?.quote)
    expect(text.trimEnd()).toMatch(/‹ 返回$/u)
  })

  test('takes a number that is no choice for a question', async () => {
    expect((await chatted(['7'])).asked).toMatchObject([{ query: '7', context: [] }])
  })

  test('asks nothing of empty lines and stops at /quit', async () => {
    expect((await chatted(['', '   ', '/quit', '川七4'])).asked).toEqual([])
    expect((await chatted(['/exit', '川七4'])).asked).toEqual([])
  })

  test('changes the language by command and in the settings', async () => {
    const { text } = await chatted(['/lang en', '四川有冇郵輪合作', '/lang hans', '四川有冇郵輪合作'])
    expect(text).toContain('does not mention this')
    expect(text).toContain('备忘录没有提及')
    expect(await choosing('/settings', 'English')).toContain('Language: English')
  })

  test('explains itself when a person types, and on /help, in every language', async () => {
    expect((await chatted([], { interactive: true })).text).toContain('/quit 結束')
    expect((await chatted([])).text).toBe('')
    for (const language of languages)
      expect((await chatted(['/help'], { language })).text).toContain(phrasesOf(language).terminal.help)
  })

  test('browses from the memoranda to a clause, to its neighbours and back', async () => {
    const area = await choosing('/browse', '渝港 2023', '二、金融（3）')
    expect(area).toContain('「渝港 2023 · 二、金融」共 3 項')
    expect(await choosing('川七4', '前後文')).toContain('上文 · 川港 2018 · 七、教育 · 第 3 項')
    expect(await choosing('川七4', '前後文', '目錄')).toContain('「川港 2018 · 七、教育」共')
  })

  test('compares provinces, each cell a choice that opens its clause', async () => {
    const { text } = await chatted(['比較四川和湖北的金融合作'])
    expect(text).toContain('■ 四川（川港 2018）')
    const number = /• 一、金融 · 第 2 項 \[(?<number>\d+)\]/u.exec(text)?.groups?.number ?? '?'
    const opened = await chatted(['比較四川和湖北的金融合作', number])
    expect(opened.text.slice(text.length)).toContain('鄂港 2021 · 一、金融 · 第 2 項')
    expect((await chatted(['/compare 住房安居'])).text).toContain('未見相關項目')
  })

  test('pages on to further clauses', async () => {
    const { text } = await chatted(['/topics 青年發展'])
    expect(await choosing('/topics 青年發展', '下一 ›')).toContain('\n6. ')
    expect(text).not.toContain('\n6. ')
  })

  test('tells who signed, what is dated, which institutions are named, and what it is', async () => {
    expect((await chatted(['/about 浙江'])).text).toContain('2025-04-24')
    expect(await choosing('/about', '川港 2018')).toContain('2018-05-11')
    expect((await chatted(['/timeline'])).text).toContain('2018')
    const { text } = await chatted(['/institutions'])
    expect(text).toMatch(/\[1\] .+（\d+）/u)
    expect((await chatted(['/version'])).text).toContain('版本 9')
    expect((await chatted(['/privacy'])).text).toContain('不保存任何資料')
    expect((await chatted(['/selftest'])).text).toContain(phrasesOf('hant').selfTestNone)
  })

  test('checks a quotation', async () => {
    const sentence = library.byId.get('sichuan-2018/5.2')?.text ?? '?'
    expect((await chatted([`/quote ${sentence}`])).text).toContain('與原文一致')
    expect((await chatted([`/quote ${sentence.replace('2018', '2019')}`])).text).toContain('與原文不同')
    expect((await chatted([sentence])).text).toContain('與原文一致')
  })

  test('collects clauses once each and writes them beside other files, never over one', async () => {
    const { text } = await chatted(['川七4', '3', '3', '/basket'])
    expect(text).toContain('→ 已收集')
    expect(text).toContain('→ 這一項已經收集了')
    expect(text).toContain('已收集 1 項條文')
    const table = numberOf(text, 'CSV 表格')
    const word = numberOf(text, 'Word 文件')
    const lines = ['川七4', '3', '/basket', table, word]
    const first = await chatted(lines)
    await chatted(lines)
    const files = await readdir(folder)
    expect(files.length).toBe(4)
    const path = /已寫入 (?<path>\S+\.csv)（/u.exec(first.text)?.groups?.path ?? '?'
    const csv = await readFile(path, 'utf8')
    expect(csv).toContain(library.byId.get('sichuan-2018/7.4')?.text)
    expect(csv).not.toContain('t.me')
    expect((await chatted(['/basket'])).text).toContain(phrasesOf('hant').terminal.basketEmpty)
  })

  test('says what went wrong and goes on', async () => {
    let isFirst = true
    const failing = (own: Assistant): Assistant => ({
      ...own,
      answer(question) {
        if (!isFirst) return own.answer(question)
        isFirst = false
        throw new Error('a fault')
      },
    })
    const { text } = await chatted(['青年', '川七4'], { wrap: failing })
    expect(text).toContain(`→ ${phrasesOf('hant').failed}`)
    expect(text).not.toContain('a fault')
    expect(text).toContain('川港 2018 · 七、教育 · 第 4 項')
  })

  test('knows every command, or says that there is none', async () => {
    for (const name of commandNames) {
      const { text } = await chatted([`/${name}`])
      expect(text.trim(), name).not.toBe('')
      expect(text, name).not.toMatch(/undefined|\[object|t\.me|@-/u)
      if (['id', 'allow', 'deny'].includes(name)) expect(text).toContain('沒有「')
    }
    expect((await chatted(['/nonsense'])).text).toContain('沒有「')
  })
})
