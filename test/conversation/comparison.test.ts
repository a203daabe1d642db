import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { languages } from '../../src/phrases/answers.ts'
import { answerScreen } from '../../src/screens/answer-screens.ts'
import { escapeHtml } from '../../src/screens/comparison-html.ts'
import { topicComparisonScreen } from '../../src/screens/topic-screens.ts'
import { openRoom } from '../answer/room.ts'
import { closeClean, raise, type Stage } from '../bot/house.ts'
import { buttonTexts, type Person, type PrivateChat } from '../standin/actors.ts'
import { entityProblem } from '../standin/entities.ts'
import { parseRichHtml } from '../standin/rich.ts'
import type { Standin } from '../standin/standin.ts'
import type { Message, Received } from '../standin/types.ts'

let stage: Stage
let telegram: Standin
let ada: Person
let chat: PrivateChat

const open = async (options: Parameters<typeof raise>[0] = {}) => {
  stage = await raise(options)
  telegram = stage.telegram
  ada = telegram.person({ id: 7, first_name: 'Ada', language_code: 'zh-hant' })
  chat = telegram.privateChat(ada)
}
beforeEach(() => open())
afterEach(() => closeClean(stage))
const reopen = async (options: Parameters<typeof raise>[0]) => {
  await stage.close()
  await open(options)
}
const ask = async (text: string): Promise<Received> => {
  chat.says(text)
  return chat.nextMessage()
}
const tableOf = (message: Message) =>
  message.rich_message?.blocks.find((block) => (block as { type: string }).type === 'table') as
    | { cells: { text: unknown }[][] }
    | undefined

describe('a comparison', () => {
  test('is a native table of two columns with a link in every cell', async () => {
    const answer = await ask('比較四川和湖北的金融合作')
    const table = tableOf(answer)
    expect(Math.max(...(table?.cells.map((row) => row.length) ?? []))).toBe(2)
    const json = JSON.stringify(table)
    expect(json).toContain('https://t.me/memoranda_bot?start=c_sichuan-2018_4_2')
    expect(json).toContain('湖北')
  })

  test('says aloud in the table where a province has nothing', async () => {
    expect(JSON.stringify(tableOf(await ask('/compare 醫療衞生')))).toContain('未見相關項目')
  })

  test('comes by a button in place, too, and leads back', async () => {
    const topic = await ask('/topics 金融')
    await ada.presses(topic, '比較')
    const table = await chat.nextEdit()
    expect(tableOf(table)).toBeDefined()
    await ada.presses(table, '條文')
    expect((await chat.nextEdit()).text).toBe(topic.text)
  })

  test('is an ordinary message on an older server, which is asked for tables once and then not for a while', async () => {
    await reopen({ standin: { features: { richMessages: false } } })
    expect((await ask('/compare 金融')).text).toContain('■ 四川（川港 2018）')
    expect((await ask('/compare 旅遊')).text).toContain('■ 四川（川港 2018）')
    expect(telegram.callsOf('sendRichMessage')).toHaveLength(1)
  })

  test('as an ordinary message names every clause with its link and the beginning of the answering sentence', async () => {
    await reopen({ richMessages: false })
    const answer = await ask('比較四川和湖北的金融合作')
    const { assistant } = await openRoom()
    const { hits } = await assistant.answer({ query: '比較四川和湖北的金融合作' })
    expect(answer.entities?.filter(({ type }) => type === 'text_link')).toHaveLength(hits.length)
    expect(answer.text).toContain('• 四、金融 · 第 2 項\n   雙方鼓勵符合條件的四川企業')
    expect(buttonTexts(answer)).toEqual([['分享'], ['Word 文件', 'CSV 表格']])
  })

  test('is asked for as a table again after a while', async () => {
    let passed = 0
    await reopen({ standin: { features: { richMessages: false } }, now: () => Date.now() + passed })
    await ask('/compare 金融')
    passed = 3_600_001
    await ask('/compare 金融')
    expect(telegram.callsOf('sendRichMessage')).toHaveLength(2)
  })

  test('is an ordinary message where the owner wants no tables', async () => {
    await reopen({ richMessages: false })
    expect((await ask('/compare 金融')).text).toContain('■ 四川（川港 2018）')
    expect(telegram.callsOf('sendRichMessage')).toEqual([])
  })

  test('on an older server is an ordinary message when a button asks for it', async () => {
    await reopen({ standin: { features: { richMessages: false } } })
    await ada.presses(await ask('/topics 金融'), '比較')
    expect((await chat.nextEdit()).text).toContain('■ 四川（川港 2018）')
  })
})

describe('every comparison', () => {
  test('of a topic is a valid table and valid ordinary messages, in every language and script', async () => {
    const { assistant, retrieval, topics } = await openRoom()
    const sources = { assistant, library: retrieval.library, topics, username: 'memoranda_bot' }
    for (const language of languages) {
      for (const { slug, measures } of topics) {
        const reader = { language, script: 'simplified', length: 'normal', surface: 'private' } as const
        const screen = topicComparisonScreen({ kind: 'comparison', slug, page: 0 }, sources, reader)
        const { text } = parseRichHtml(screen?.rich?.html ?? '')
        expect(text.length).toBeGreaterThan(measures.length)
        for (let page = 0; page < 12; page += 1) {
          const { message } = topicComparisonScreen({ kind: 'comparison', slug, page }, sources, reader) ?? {
            message: undefined,
          }
          expect(message?.text.length).toBeLessThanOrEqual(4096)
          expect(entityProblem(message?.text ?? '', message?.entities ?? [])).toBeUndefined()
        }
      }
    }
  })

  test('of two provinces on a topic is a valid table and a valid ordinary message', async () => {
    const { assistant, retrieval, topics } = await openRoom()
    const sources = { assistant, library: retrieval.library, topics, username: 'memoranda_bot' }
    const { memoranda } = retrieval.library
    const pairs = memoranda.flatMap((a, at) =>
      memoranda.slice(at + 1).map((b) => [a.province.zh, b.province.zh] as const),
    )
    const reader = { language: 'hant', script: 'printed', length: 'normal', surface: 'private' } as const
    let compared = 0
    for (const [a, b] of pairs) {
      for (const { zh } of topics) {
        const query = `比較${a}和${b}的${zh}`
        const answer = await assistant.answer({ query })
        const screen = answerScreen(answer, { key: 'aaaaaaaa', query }, 0, sources, reader)
        expect(entityProblem(screen.message.text, screen.message.entities)).toBeUndefined()
        expect(screen.message.text.length).toBeLessThanOrEqual(4096)
        if (answer.kind !== 'comparison') continue
        compared += 1
        expect(() => parseRichHtml(screen.rich?.html ?? '')).not.toThrow()
      }
    }
    expect(compared).toBeGreaterThan(pairs.length * topics.length * 0.8)
  }, 120_000)
})

describe('escapeHtml()', () => {
  test('makes every text mean itself', () => {
    for (const text of ['<b>', '&lt;', '"', 'a & b', '</td>', "<a href='x'>", '\ud800'])
      expect(parseRichHtml(`<p title="${escapeHtml(text)}">x${escapeHtml(text)}</p>`).text).toBe(
        `x${text.replace('\ud800', '\ufffd')}`,
      )
  })
})
