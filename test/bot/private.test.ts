import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { RunningBot } from '../../src/bot/bot.ts'
import { openRoom } from '../answer/room.ts'
import { buttonTexts, type Person, type PrivateChat } from '../standin/actors.ts'
import type { Standin } from '../standin/standin.ts'
import type { Message, Received } from '../standin/types.ts'
import { closeClean, raise, type Stage } from './house.ts'

let stage: Stage
let telegram: Standin
let ada: Person
let chat: PrivateChat

beforeEach(async () => {
  stage = await raise({ standin: { features: { richMessages: false } } })
  telegram = stage.telegram
  ada = telegram.person({ id: 7, first_name: 'Ada', language_code: 'zh-hant' })
  chat = telegram.privateChat(ada)
})
afterEach(() => closeClean(stage))

const ask = async (text: string): Promise<Received> => {
  chat.says(text)
  return chat.nextMessage()
}
/** Presses a button and waits for the message to change. */
const press = async (message: Message, text: string | RegExp): Promise<Message> => {
  await ada.presses(message, text)
  return chat.nextEdit()
}
const linksOf = (message: Message): readonly string[] => (message.entities ?? []).flatMap(({ url }) => url ?? [])
const textOf = (message: Message, type: string): readonly string[] =>
  (message.entities ?? [])
    .filter((entity) => entity.type === type)
    .map(({ offset, length }) => (message.text ?? '').slice(offset, offset + length))
const quotationsOf = (message: Message): readonly string[] => [
  ...textOf(message, 'blockquote'),
  ...textOf(message, 'expandable_blockquote'),
]

describe('a question in private', () => {
  test('is answered with at most three passages, each a linked citation above a verbatim quotation', async () => {
    const { retrieval } = await openRoom()
    const answer = await ask('四川有甚麼青年實習？')
    expect([...textOf(answer, 'text_link')].sort()).toEqual([
      '川港 2018 · 五、青年發展 · 第 1 項',
      '川港 2018 · 五、青年發展 · 第 2 項',
      '川港 2018 · 五、青年發展 · 第 3 項',
    ])
    expect(linksOf(answer)).toContain('https://t.me/memoranda_bot?start=c_sichuan-2018_5_1')
    const verbatim = retrieval.library.units.map(({ text }) => text)
    expect(quotationsOf(answer)).toHaveLength(3)
    for (const quotation of quotationsOf(answer)) expect(verbatim).toContain(quotation)
    expect(textOf(answer, 'italic')).toEqual(['四川 · 青年實習'])
    expect(answer.call.params).toMatchObject({ link_preview_options: { is_disabled: true } })
  })

  test('makes the answering sentence stand out in bold inside the quotation', async () => {
    const answer = await ask('邀請不少於1000名香港青年赴川')
    const [standing] = textOf(answer, 'bold')
    expect(standing).toContain('不少於1000名香港青年')
    expect(
      quotationsOf(answer).some(
        (quotation) => quotation.includes(standing ?? '') && quotation.length > (standing ?? '').length,
      ),
    ).toBe(true)
  })

  test('says which terms were bridged', async () => {
    expect((await ask('創科')).text).toContain('已一併查找：')
  })

  test('has buttons for full text, context, more, other provinces and sharing', async () => {
    const answer = await ask('四川有甚麼青年實習？')
    expect(buttonTexts(answer)).toEqual([
      ['1 全文', '2 全文', '3 全文'],
      ['1 前後文', '2 前後文', '3 前後文'],
      ['1 ➕', '2 ➕', '3 ➕'],
      [expect.stringMatching(/^更多（\d+）$/u), '其他省市', '分享'],
      ['Word 文件', 'CSV 表格'],
    ])
    expect(answer.reply_markup?.inline_keyboard.flat().find(({ text }) => text === '分享')).toMatchObject({
      switch_inline_query: '四川有甚麼青年實習？',
    })
  })

  test('opens the full text in place and comes back', async () => {
    const answer = await ask('四川有甚麼青年實習？')
    const clause = await press(answer, '2 全文')
    expect(clause.message_id).toBe(answer.message_id)
    expect(textOf(clause, 'text_link')).toEqual(['川港 2018 · 五、青年發展 · 第 2 項'])
    const back = await press(clause, '‹ 返回')
    expect(back.text).toBe(answer.text)
    expect(back.reply_markup).toEqual(answer.reply_markup)
  })

  test('shows the clause before and after and the contents of the area', async () => {
    const answer = await ask('四川有甚麼青年實習？')
    const context = await press(answer, '2 前後文')
    expect(context.text).toContain('上文 · 川港 2018 · 五、青年發展 · 第 1 項')
    expect(context.text).toContain('下文 · 川港 2018 · 五、青年發展 · 第 3 項')
    expect(context.text).toContain('「五、青年發展」共 3 項')
    const next = await press(context, '下一 ›')
    expect(quotationsOf(next)).toHaveLength(1)
    expect(next.text).toContain('上文 · 川港 2018 · 五、青年發展 · 第 2 項')
  })

  test('turns to further results and back', async () => {
    const answer = await ask('四川的人才培訓')
    const more = await press(answer, /^更多（\d+）$/u)
    expect(more.text).toMatch(/^4\. 川港 2018/u)
    const last = await press(more, '下一 ›')
    expect(last.text).toMatch(/^7\. 川港 2018/u)
    expect((await press(last, '‹ 上一')).text).toBe(more.text)
  })

  test('speaks of further results only where they are related', async () => {
    const { assistant } = await openRoom()
    for (const question of ['四川有甚麼青年實習？', '四川的人才培訓', '創新科技合作']) {
      const found = await assistant.answer({ query: question })
      const related = found.kind === 'found' ? found.related : 0
      const left = related - found.passages.length
      expect(
        buttonTexts(await ask(question))
          .flat()
          .filter((text) => text.startsWith('更多')),
      ).toEqual(left > 0 ? [`更多（${left}）`] : [])
    }
  })

  test('asks the other provinces', async () => {
    const answer = await ask('四川有甚麼青年實習？')
    const others = await press(answer, '其他省市')
    expect(textOf(others, 'text_link').length).toBeGreaterThan(0)
    expect(textOf(others, 'text_link').join()).not.toContain('川港')
    expect((await press(others, '‹ 返回')).text).toBe(answer.text)
  })

  test('leans on the question before it when it is a follow-up', async () => {
    await ask('四川有甚麼青年實習？')
    const answer = await ask('咁湖北呢？')
    expect(textOf(answer, 'text_link')[0]).toContain('鄂港 2021')
  })
})

describe('kinds of answers', () => {
  test.each([
    ['浙21', /浙港 2025 · 五、.+ · 第 21 項/u],
    ['浙16-19', /第 16 項[\s\S]+第 17 項/u],
    ['浙99', /浙港 2025只有 51 項/u],
    ['誰簽署川港備忘錄', /副省長朱鶴新/u],
    ['哪些省提到綠色債券', /見於 \d 個省市：四川、湖北/u],
    ['四川有幾多項關於金融', /共 \d+ 項/u],
    ['比較四川和湖北的金融合作', /■ 四川（川港 2018）[\s\S]+■ 湖北（鄂港 2021）/u],
    ['廣東有甚麼青年計劃', /沒有與廣東的備忘錄/u],
    ['？？？', /未能理解/u],
  ])('%s', async (question, expected) => {
    expect((await ask(question)).text).toMatch(expected)
  })
})

describe('an answer for readers of English', () => {
  test('names topics and places in English and has the summary, marked as unofficial, above the verbatim Chinese', async () => {
    const { retrieval } = await openRoom()
    const bob = telegram.privateChat(telegram.person({ id: 8, first_name: 'Bob', language_code: 'en-GB' }))
    bob.says('youth internships in Sichuan')
    const answer = await bob.nextMessage()
    expect(answer.text).toContain('Sichuan · Youth internships')
    const [title = ''] = textOf(answer, 'text_link')
    expect(title).toMatch(/^Sichuan 2018 · 5\. 青年發展 · item \d$/u)
    const unit = retrieval.library.byId.get(`sichuan-2018/5.${title.at(-1)}`)
    const summary = answer.text?.indexOf('Unofficial English summary: ') ?? -1
    expect(summary).toBeGreaterThan(answer.text?.indexOf(title) ?? 0)
    expect(answer.text?.indexOf(unit?.text ?? '-')).toBeGreaterThan(summary)
  })
})

describe('/start', () => {
  test('greets in the language of the person', async () => {
    expect((await ask('/start')).text).toContain('這裏可以查')
    const bob = telegram.privateChat(telegram.person({ id: 8, first_name: 'Bob', language_code: 'de' }))
    bob.says('/start')
    expect((await bob.nextMessage()).text).toContain('Ask about the cooperation memoranda')
    const li = telegram.privateChat(telegram.person({ id: 9, first_name: '李', language_code: 'zh-hans' }))
    li.says('/start')
    expect((await li.nextMessage()).text).toContain('这里可以查')
  })

  test('opens the clause of a deep link in its context', async () => {
    const answer = await ask('浙21')
    chat.follows(linksOf(answer)[0] ?? '')
    const opened = await chat.nextMessage()
    expect(opened.text).toContain('下文 · 浙港 2025')
    expect(textOf(opened, 'text_link')).toContain(textOf(answer, 'text_link')[0])
  })

  test.each([
    ['a_sichuan-2018_5', /青年發展」共 3 項/u],
    ['m_hubei-2021', /鄂港高層會晤/u],
    ['k_finance', /比較：金融/u],
    ['t_finance', /金融：共 20 項/u],
    ['f_zhejiang-2025_5_21', /第 21 項/u],
    ['settings', /設定/u],
    ['help', /\/browse/u],
  ])('opens %s', async (payload, expected) => {
    chat.starts(payload)
    expect((await chat.nextMessage()).text).toMatch(expected)
  })

  test('gives readers of Simplified their menu', async () => {
    const li = telegram.privateChat(telegram.person({ id: 9, first_name: '李', language_code: 'zh-hans' }))
    li.says('/start')
    await li.nextMessage()
    expect(telegram.callsOf('setMyCommands').map(({ params }) => params)).toContainEqual(
      expect.objectContaining({
        scope: { type: 'chat', chat_id: 9 },
        commands: expect.arrayContaining([{ command: 'browse', description: '逐份逐项浏览备忘录' }]),
      }),
    )
  })

  test.each(['c_sichuan-2018_99_1', 'c_guangdong-2030_1_1', 'xyz', 'c_', '-', 'k_nothing', 'm_hubei-1999'])(
    'answers the forged payload %s with what to do',
    async (payload) => {
      chat.starts(payload)
      expect((await chat.nextMessage()).text).toContain('這個連結沒有指向任何條文')
    },
  )
})

describe('buttons', () => {
  test('do the same once however often they are pressed', async () => {
    const answer = await ask('四川有甚麼青年實習？')
    for (let i = 0; i < 3; i += 1) await ada.presses(answer, '1 全文')
    await telegram.quiet()
    expect(telegram.callsOf('sendMessage')).toHaveLength(1)
    expect(chat.now(answer)?.text).toContain('川港 2018 · 五、青年發展 · 第 1 項')
  })

  test('that are stale or forged are answered politely', async () => {
    const answer = await ask('浙21')
    for (const data of [
      'm:aaaaaaaa:0',
      'c:sichuan-2018/99.9:0',
      'nonsense',
      'c:../../etc/passwd:0',
      '',
      'k:no-such-topic:0',
    ]) {
      const call = await ada.sendsCallback(answer, data)
      expect(call.params).toMatchObject({ text: '這個按鈕已經過時。請再問一次。', show_alert: true })
    }
  })
})

describe('a restart', () => {
  test('leaves buttons working', async () => {
    const { createMemory } = await import('../../src/conversation/memory.ts')
    const memory = createMemory()
    await stage.bot.stop()
    const restart = (): Promise<{ readonly bot: RunningBot }> => raise({ telegram, memory })
    let { bot } = await restart()
    const answer = await ask('四川有甚麼青年實習？')
    await bot.stop()
    ;({ bot } = await restart())
    expect((await press(answer, /^更多（\d+）$/u)).text).toMatch(/^4\. /u)
    await bot.stop()
  })

  test('that forgot everything leaves the buttons working that name what they show', async () => {
    await stage.bot.stop()
    let { bot } = await raise({ telegram })
    const answer = await ask('四川有甚麼青年實習？')
    const browse = await ask('/browse 川港')
    await bot.stop()
    ;({ bot } = await raise({ telegram }))
    expect((await press(answer, '1 全文')).text).toContain('川港 2018 · 五、青年發展 · 第 1 項')
    expect((await press(browse, /^五、/u)).text).toContain('青年發展')
    await bot.stop()
  })
})
