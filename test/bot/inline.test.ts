import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openRoom } from '../answer/room.ts'
import type { Person } from '../standin/actors.ts'
import type { Standin } from '../standin/standin.ts'
import { closeClean, raise, type Stage } from './house.ts'

let stage: Stage
let telegram: Standin
let ada: Person

beforeEach(async () => {
  stage = await raise()
  telegram = stage.telegram
  ada = telegram.person({ id: 7, first_name: 'Ada', language_code: 'zh-hant' })
})
afterEach(() => closeClean(stage))

type Content = {
  readonly message_text: string
  readonly entities: readonly {
    readonly type: string
    readonly offset: number
    readonly length: number
    readonly url?: string
  }[]
}
const contentOf = (result: { readonly [key: string]: unknown } | undefined) => result?.input_message_content as Content

describe('an inline query', () => {
  test('gives clauses: id of the clause, citation as title, matching sentence as description, whole quotation as message', async () => {
    const { retrieval } = await openRoom()
    const { results } = await ada.inline('邀請不少於1000名香港青年赴川')
    const [first] = results
    const unit = retrieval.library.byId.get(first?.id ?? '')
    expect(first).toMatchObject({
      type: 'article',
      id: 'sichuan-2018/5.1',
      title: '川港 2018 · 五、青年發展 · 第 1 項',
    })
    expect(first?.description).toContain('不少於1000名香港青年')
    expect(contentOf(first).message_text).toContain(unit?.text)
    expect(contentOf(first).message_text).toContain(unit?.memorandum.title)
    expect(contentOf(first).entities).toContainEqual(
      expect.objectContaining({ type: 'text_link', url: 'https://t.me/memoranda_bot?start=c_sichuan-2018_5_1' }),
    )
  })

  test('takes references and ids', async () => {
    expect((await ada.inline('浙21')).results.map(({ id }) => id)).toEqual(['zhejiang-2025/5.21'])
    expect((await ada.inline('sichuan-2018/preamble')).results.map(({ id }) => id)).toEqual(['sichuan-2018/preamble'])
  })

  test('goes on by its offset without repeating a clause', async () => {
    const seen: string[] = []
    let offset: string | undefined = ''
    for (let page = 0; page < 10 && offset !== undefined; page += 1) {
      const answer = await ada.inline('青年', { offset })
      seen.push(...answer.results.map(({ id }) => id))
      offset = answer.next_offset === '' ? undefined : answer.next_offset
    }
    expect(offset).toBeUndefined()
    expect(seen.length).toBeGreaterThan(15)
    expect(new Set(seen).size).toBe(seen.length)
  })

  test('that is empty offers the memoranda', async () => {
    const { results, button } = await ada.inline('')
    expect(results.map(({ id }) => id)).toEqual([
      'sichuan-2018/preamble',
      'hubei-2021/preamble',
      'chongqing-2023/preamble',
      'fujian-2023/preamble',
      'zhejiang-2025/preamble',
    ])
    expect(button).toMatchObject({ start_parameter: 'settings' })
  })

  test('without a result shows a button and nothing that could be sent', async () => {
    const { results, button } = await ada.inline('？？？')
    expect(results).toEqual([])
    expect(button).toEqual({ text: '沒有結果，按此看說明', start_parameter: 'help' })
  })

  test('is cached for its person only', async () => {
    expect(await ada.inline('浙21')).toMatchObject({ is_personal: true, cache_time: 60 })
  })

  test('puts citations into a sentence, with half and full width plus signs, and quotations as notes', async () => {
    const { results } = await ada.inline('與 +浙21+ 一致，參見 ＋川七4＋。')
    expect(results).toHaveLength(1)
    const { message_text: text } = contentOf(results[0])
    expect(text).toMatch(
      /^與 浙港 2025 · .+ · 第 21 項\[1\] 一致，參見 川港 2018 · .+ · 第 4 項\[2\]。\n註：\n\[1\] 浙港 2025/u,
    )
    expect(contentOf(results[0]).entities.filter(({ type }) => /blockquote$/u.test(type))).toHaveLength(2)
  })

  test('for a comparison offers the whole of it first, as a table', async () => {
    const { results } = await ada.inline('比較四川和湖北的金融合作')
    expect(results[0]).toMatchObject({
      id: 'comparison',
      title: '比較：金融',
      description: expect.stringMatching(/^四川 \d+ · 湖北 \d+$/u),
    })
    expect(JSON.stringify(results[0])).toContain('<table')
    expect(results[1]?.id).toMatch(/^(?:sichuan-2018\/4|hubei-2021\/1)\.\d$/u)
  })

  test('for a comparison offers it as an ordinary message on an older server', async () => {
    telegram.world.features.richMessages = false
    for (let i = 0; i < 2; i += 1) {
      await ada.inline('比較四川和湖北的金融合作').catch(() => {})
      await telegram.quiet()
    }
    const { results } = await ada.inline('比較四川和湖北的金融合作')
    expect(contentOf(results[0]).message_text).toContain('比較：金融\n\n四川\n• 川港 2018')
    // Refused once, then not tried again.
    expect(telegram.callsOf('answerInlineQuery').filter(({ outcome }) => outcome.kind === 'refused')).toHaveLength(1)
  })

  test('typed letter by letter gets its last state answered', async () => {
    const query = '四川有甚麼青年實習？'
    const answers = [...query].map((_, at) => ada.inline(query.slice(0, at + 1)).catch(() => undefined))
    const last = await answers.at(-1)
    expect(last?.results[0]?.id).toBe('sichuan-2018/5.1')
    expect(telegram.callsOf('answerInlineQuery').length).toBeLessThanOrEqual(query.length)
  })

  test('chosen in the chat with the bot itself stays without an answer', async () => {
    const chat = telegram.privateChat(ada, 'open')
    const message = ada.picks(await ada.inline('浙21'), 'zhejiang-2025/5.21', chat)
    telegram.world.updates.push('message', message, `chat:${chat.id}`)
    await telegram.quiet()
    expect(telegram.callsOf('sendMessage')).toEqual([])
  })

  test('chosen in a group stays without an answer there', async () => {
    const group = telegram.group({ title: 'G', members: [ada] })
    ada.picks(await ada.inline('浙21'), 'zhejiang-2025/5.21', group)
    await telegram.quiet()
    expect(telegram.callsOf('sendMessage')).toEqual([])
  })
})

describe('a guest question', () => {
  test('gets one short cited answer with a link into the bot', async () => {
    const group = telegram.group({ title: 'Elsewhere', bot: 'left', members: [ada] })
    group.hears(ada, '@memoranda_bot 四川青年實習')
    const answer = await group.nextMessage()
    expect(answer.text).toContain('川港 2018 · 五、青年發展 · 第 1 項')
    expect(answer.reply_markup?.inline_keyboard[0]?.[0]).toMatchObject({
      url: 'https://t.me/memoranda_bot?start=c_sichuan-2018_5_1',
    })
    await telegram.quiet()
    expect(telegram.callsOf('answerGuestQuery')).toHaveLength(1)
  })

  test.each(['@memoranda_bot', '@memoranda_bot ？？', '@memoranda_bot 浙99'])(
    '%s gets its answer too',
    async (text) => {
      const group = telegram.group({ title: 'Elsewhere', bot: 'left', members: [ada] })
      group.hears(ada, text)
      expect((await group.nextMessage()).text?.length).toBeGreaterThan(10)
    },
  )
})
