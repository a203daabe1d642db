import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { languages } from '../../src/phrases/answers.ts'
import { phrasesOf } from '../../src/phrases/bot.ts'
import { commandNames } from '../../src/phrases/bot-phrases.ts'
import { openRoom } from '../answer/room.ts'
import { closeClean, raise, type Stage } from '../bot/house.ts'
import { buttonTexts, type Person, type PrivateChat } from '../standin/actors.ts'
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
// Comparisons as ordinary messages; tables have tests of their own.
beforeEach(() => open({ standin: { features: { richMessages: false } } }))
afterEach(() => closeClean(stage))

const ask = async (text: string): Promise<Received> => {
  chat.says(text)
  return chat.nextMessage()
}
const press = async (message: Message, text: string | RegExp): Promise<Received> => {
  await ada.presses(message, text)
  return chat.nextEdit()
}

describe('browsing', () => {
  test('goes from the memoranda to an area and a clause in one message, with previous and next', async () => {
    const memoranda = await ask('/browse')
    expect(memoranda.text).toBe('5 份備忘錄，207 項措施。請選一份：')
    const memorandum = await press(memoranda, '閩港 2023')
    expect(memorandum.text).toContain('福建')
    const area = await press(memorandum, /^二、/u)
    expect(area.text).toMatch(/共 \d+ 項/u)
    const clause = await press(area, /^\d+$/u)
    expect(clause.message_id).toBe(memoranda.message_id)
    const next = await press(clause, '下一 ›')
    expect(next.text).not.toBe(clause.text)
    expect((await press(next, '‹ 上一')).text).toBe(clause.text)
    expect(telegram.callsOf('sendMessage')).toHaveLength(1)
  })

  test('opens the memorandum that is named', async () => {
    expect((await ask('/browse 浙江')).text).toContain('浙港')
    expect((await ask('/browse Sichuan')).text).toContain('川港')
  })
})

describe('/about', () => {
  test('tells date, place, leaders, signatories and areas with counts', async () => {
    const { text } = await ask('/about 川港')
    for (const part of ['日期：2018-05-11', '四川省成都市', '彭清華', '朱鶴新', '五、青年發展 · 3 項'])
      expect(text).toContain(part)
  })

  test('asks which memorandum where none is named', async () => {
    const choice = await ask('/about')
    expect((await press(choice, '鄂港 2021')).text).toContain('2021-11-29')
  })
})

describe('topics, institutions and commitments', () => {
  test('/topics leads to all clauses of a topic and to its comparison', async () => {
    const topics = await ask('/topics')
    const topic = await press(topics, /^金融/u)
    expect(topic.text).toContain('金融：共 20 項')
    const comparison = await press(topic, '比較')
    expect(comparison.text).toContain('■ 四川（川港 2018）')
  })

  test('/compare takes a topic by any of its names', async () => {
    const first = await ask('/compare 青年發展')
    expect(first.text).toContain('■ 四川（川港 2018）')
    expect((await ask('/compare Youth development')).text).toBe(first.text)
  })

  test('/compare without a topic offers them', async () => {
    const choice = await ask('/compare')
    expect((await press(await press(choice, '下一 ›'), /^旅遊/u)).text).toContain('比較：旅遊')
  })

  test('a comparison says aloud where a province has nothing', async () => {
    const { topics, retrieval } = await openRoom()
    const topic = topics.find(
      ({ measures }) => new Set(measures.map((id) => id.split('/')[0])).size < retrieval.library.memoranda.length,
    )
    const comparison = await ask(`/compare ${topic?.zh}`)
    const pages: string[] = [comparison.text ?? '']
    let page: Received = comparison
    while (buttonTexts(page).flat().includes('下一 ›')) {
      page = await press(page, '下一 ›')
      pages.push(page.text ?? '')
    }
    expect(pages.join('\n')).toContain('未見相關項目')
  })

  test('/institutions leads to every clause that names one', async () => {
    const { retrieval } = await openRoom()
    const list = await ask('/institutions')
    const one = await press(list, /^香港貿易發展局/u)
    const count = retrieval.library.units.filter(({ text }) => /貿易發展局|貿發局/u.test(text)).length
    expect(one.text).toContain(`提及「香港貿易發展局」的條文：${count} 項`)
  })

  test('/timeline gives dated and numbered commitments by year', async () => {
    const pages = [await ask('/timeline')]
    for (let page = pages[0]; page !== undefined && buttonTexts(page).flat().includes('下一 ›'); page = pages.at(-1))
      pages.push(await press(page, '下一 ›'))
    const text = pages.map((page) => page.text).join('\n')
    for (const mark of ['2018年6月28日\n', '不少於1000名\n', '5000名\n']) expect(text).toContain(mark)
    expect(text.indexOf('2018年6月28日\n')).toBeLessThan(text.indexOf('5000名\n'))
  })
})

describe('a quotation', () => {
  test.each(['/quote ', ''])('given with "%s" is found word for word', async (command) => {
    const { retrieval } = await openRoom()
    const text = retrieval.library.byId.get('zhejiang-2025/5.21')?.text ?? ''
    expect((await ask(`${command}${text}`)).text).toContain('✅ 與原文一致')
  })

  test('that was altered shows the differences', async () => {
    const { text } = await ask('/quote 擬於2019年底前在“香港青年巴蜀文化之旅”框架下，邀請不少於5000名香港青年分批赴川')
    expect(text).toContain('⚠️ 與原文不同')
    expect(text).toContain('5000')
  })

  test('that was forwarded and stands nowhere is said to stand nowhere', async () => {
    chat.says('兩地將在月球興建聯合太空站並於火星設立辦事處以促進銀河系貿易', {
      forwardOrigin: { type: 'hidden_user', sender_user_name: 'x', date: 1 },
    })
    expect((await chat.nextMessage()).text).toContain('❌ 未見於任何備忘錄')
  })

  test('is asked for where /quote has none', async () => {
    expect((await ask('/quote')).text).toContain('請在指令後貼上要核對的句子')
  })
})

describe('settings', () => {
  test('change the language of everything, the menu too, and go back to that of Telegram', async () => {
    const settings = await ask('/settings')
    const changed = await press(settings, 'English')
    expect(changed.text).toContain('Settings (press to change)')
    expect((await ask('浙21')).text).toContain('Unofficial English summary')
    expect(
      telegram.callsOf('setMyCommands').find(({ params }) => (params.scope as { type: string }).type === 'chat')
        ?.params,
    ).toMatchObject({
      scope: { type: 'chat', chat_id: 7 },
      commands: expect.arrayContaining([{ command: 'browse', description: 'Browse the memoranda' }]),
    })
    expect((await press(changed, 'as in Telegram')).text).toContain('設定（按一下更改）')
    expect(telegram.callsOf('deleteMyCommands')).toHaveLength(1)
  })

  test('show quotations in Simplified characters, marked as converted', async () => {
    const { text = '' } = (await openRoom()).retrieval.library.byId.get('zhejiang-2025/5.21') ?? {}
    expect((await ask('浙21')).text).toContain(text)
    await press(await ask('/settings'), /^簡體$/u)
    const converted = await ask('浙21')
    expect(converted.text).toContain('（字體轉換，以原文為準）')
    expect(converted.text).not.toContain(text)
  })

  test('change the length of answers', async () => {
    await press(await ask('/settings'), '短')
    const answer = await ask('四川有甚麼青年實習？')
    expect(answer.text).toContain('另見：')
    expect(buttonTexts(answer)[0]).toEqual(['全文', '前後文', '➕ 收集'])
  })

  test('do not change by a forged choice', async () => {
    const settings = await ask('/settings')
    expect((await ada.sendsCallback(settings, 's:language:xx')).params).toMatchObject({ show_alert: true })
    expect((await ask('/settings')).text).toBe(settings.text)
  })
})

describe('what is kept', () => {
  test('is told by /privacy and deleted by /forget', async () => {
    expect((await ask('/privacy')).text).toContain('保存的資料')
    await press(await ask('/settings'), 'English')
    const answer = await ask('四川有甚麼青年實習？')
    const done = await press(await ask('/forget'), 'Delete everything')
    expect(done.text).toContain('are deleted')
    expect((await ada.presses(answer, /^More/u)).params).toMatchObject({ text: '這個按鈕已經過時。請再問一次。' })
    expect((await ask('咁湖北呢？')).text).not.toContain('青年實習')
  })

  test('stays when the person keeps it', async () => {
    const answer = await ask('四川有甚麼青年實習？')
    await press(await ask('/forget'), '保留')
    expect((await press(answer, /^更多/u)).text).toMatch(/^4\. /u)
  })
})

describe('the basket', () => {
  test('gives one ordered note without repetition, and is cleared', async () => {
    expect((await ask('/basket')).text).toContain('還沒有收集條文')
    for (const question of ['浙21', '川五1', '浙21']) await ada.presses(await ask(question), '➕ 收集')
    const { text } = await ask('/basket')
    expect(text).toMatch(/^已收集 2 項條文\n\n1\. 川港 2018 · [\s\S]+2\. 浙港 2025/u)
    const asking = await ask('/basket clear')
    expect(asking.text).toBe('清空已收集的 2 項條文？清空後不能還原。')
    expect((await press(asking, '保留')).text).toContain('已收集 2 項條文')
    expect((await press(await ask('/basket clear'), '清空')).text).toBe('已清空收集的條文。')
    expect((await ask('/basket')).text).toContain('還沒有收集條文')
  })
})

describe('other commands', () => {
  test('/version tells the fingerprints', async () => {
    const { retrieval } = await openRoom()
    expect((await ask('/version')).text).toContain(`資料指紋 ${retrieval.library.hash.slice(0, 12)}`)
  })

  test('/selftest is for owners', async () => {
    expect((await ask('/selftest')).text).toBe('這個指令只供擁有者使用。')
    await stage.close()
    await open({ owners: [7], selfTest: async () => ({ questions: 10, first: 8, found: 9, milliseconds: 3 }) })
    expect((await ask('/selftest')).text).toContain('10 條問題，首位答對 8，前三位答對 9')
  })

  test('/id tells the id of the chat', async () => {
    expect((await ask('/id')).text).toContain('7')
  })

  test('an unknown command is answered with what to do', async () => {
    expect((await ask('/frobnicate now')).text).toMatch(/^沒有「\S+」這個指令。用 \/help/u)
  })

  test('a picture without words is asked for words', async () => {
    chat.sendsFile({ name: 'a.bin', bytes: new Uint8Array([1]) })
    expect((await chat.nextMessage()).text).toContain('我只能讀文字')
  })

  test('an album or a moving location without words is answered once', async () => {
    for (let i = 0; i < 3; i += 1) {
      const message = chat.room.add({
        date: 1_700_000_000,
        from: ada.user,
        document: { file_id: 'x', file_unique_id: 'x' },
        media_group_id: 'album-1',
      } as never)
      telegram.world.updates.push('message', message, `chat:${chat.id}`)
      telegram.world.updates.push('edited_message', { ...message, edit_date: 1_700_000_001 }, `chat:${chat.id}`)
    }
    chat.room.reach = 'open'
    await telegram.quiet()
    expect(chat.unread).toHaveLength(1)
  })

  test.each(languages)('every command answers in %s', async (language) => {
    const person = telegram.person({
      id: 30,
      first_name: 'P',
      language_code: { hant: 'zh-hant', hans: 'zh-hans', en: 'en' }[language],
    })
    const own = telegram.privateChat(person)
    for (const name of commandNames) {
      own.says(`/${name}`)
      expect((await own.nextMessage()).text?.trim()).not.toBe('')
    }
  })
})

describe('menus', () => {
  test('are registered per scope and language, with descriptions', async () => {
    await telegram.quiet()
    const scopes = telegram
      .callsOf('setMyCommands')
      .map(({ params }) => `${(params.scope as { type: string }).type} ${params.language_code ?? ''}`)
    for (const scope of ['default', 'all_private_chats', 'all_group_chats', 'all_chat_administrators'])
      for (const code of ['', 'zh']) expect(scopes).toContain(`${scope} ${code}`)
    expect(telegram.callsOf('setMyDescription').map(({ params }) => params.description)).toEqual([
      phrasesOf('en').description,
      phrasesOf('hant').description,
    ])
    expect(telegram.callsOf('setMyShortDescription')).toHaveLength(2)
  })
})
