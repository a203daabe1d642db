import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Group, Person } from '../standin/actors.ts'
import { buttonTexts } from '../standin/actors.ts'
import type { Standin } from '../standin/standin.ts'
import type { Message } from '../standin/types.ts'
import { closeClean, raise, type Stage } from './house.ts'

let stage: Stage
let telegram: Standin
let ada: Person
let bob: Person
let group: Group

const open = async (options: Parameters<typeof raise>[0] = {}) => {
  stage = await raise(options)
  telegram = stage.telegram
  ada = telegram.person({ id: 7, first_name: 'Ada', language_code: 'zh-hant' })
  bob = telegram.person({ id: 8, first_name: 'Bob', language_code: 'en' })
  group = telegram.group({ title: '聯絡組', members: [ada, bob] })
}
beforeEach(() => open())
afterEach(() => closeClean(stage))
const reopen = async (options: Parameters<typeof raise>[0]) => {
  await stage.close()
  await open(options)
}

const quotationsOf = (message: Message) => (message.entities ?? []).filter(({ type }) => /blockquote$/u.test(type))

describe('one who asks too fast in a group', () => {
  const questions = (from: number, count: number) =>
    Array.from({ length: count }, (_, at) => `/ask@memoranda_bot 浙${from + at}`)

  test('is told once and then left alone, and keeps nobody waiting', async () => {
    await reopen({ pace: { burst: 3, perMinute: 1 } })
    for (const text of questions(1, 30)) group.hears(ada, text)
    group.hears(bob, '/ask@memoranda_bot 川七4')
    await telegram.quiet()
    const texts = telegram.callsOf('sendMessage').map(({ params }) => String(params.text))
    expect(texts.filter((text) => text.includes('問得太快'))).toHaveLength(1)
    expect(texts).toHaveLength(3 + 1 + 1)
    expect(texts.at(-1)).toContain('Sichuan 2018')
  })

  test('is answered again after a while, and always in private', async () => {
    let passed = 0
    await reopen({ pace: { burst: 1, perMinute: 6 }, now: () => Date.now() + passed })
    for (const text of questions(1, 3)) group.hears(ada, text)
    await telegram.quiet()
    expect(telegram.callsOf('sendMessage')).toHaveLength(2)
    passed = 11_000
    telegram.passes(passed)
    group.hears(ada, '/ask@memoranda_bot 浙30')
    await telegram.quiet()
    expect(String(telegram.callsOf('sendMessage').at(-1)?.params.text)).toContain('第 30 項')
    for (const item of [1, 2, 3, 4]) telegram.privateChat(ada).says(`浙${item}`)
    await telegram.quiet()
    expect(telegram.callsOf('sendMessage')).toHaveLength(3 + 4)
  })
})

describe('a group', () => {
  test.each([
    ['/ask@memoranda_bot 四川青年實習'],
    ['/ask@memoranda_bot四川青年實習'],
    ['/ASK@Memoranda_Bot 四川青年實習'],
  ])('is answered when it says %s', async (text) => {
    const question = group.hears(ada, text, { entities: [{ type: 'bot_command', offset: 0, length: 18 }] })
    const answer = await group.nextMessage()
    expect(answer.reply_to_message?.message_id).toBe(question.message_id)
    expect(quotationsOf(answer)).toHaveLength(1)
    expect(answer.text).toContain('另見：')
  })

  test.each([
    ['/ask 四川青年實習'],
    ['/ask四川青年實習'],
    ['@memoranda_bot 四川青年實習'],
    ['請問@memoranda_bot四川青年實習'],
    ['四川青年實習 @Memoranda_bot'],
    ['@memoranda_bot四川有甚麼青年實習？'],
  ])('that lets bots read everything is answered when it says %s', async (text) => {
    telegram.setBot({ can_read_all_group_messages: true })
    group.hears(ada, text)
    expect((await group.nextMessage()).text).toContain('川港 2018')
  })

  test('is answered when it replies to the bot, also about the question before', async () => {
    group.hears(ada, '/ask@memoranda_bot 四川青年實習')
    const answer = await group.nextMessage()
    group.hears(ada, '咁湖北呢？', { replyTo: answer })
    expect((await group.nextMessage()).text).toContain('鄂港 2021')
  })

  test('asks on from the answer that it replies to, whoever replies', async () => {
    group.hears(ada, '/ask@memoranda_bot 四川青年實習')
    const answer = await group.nextMessage()
    group.hears(bob, 'what about Hubei?', { replyTo: answer })
    expect((await group.nextMessage()).text).toContain('Hubei 2021')
  })

  test('hears nothing when it does not speak to the bot, privacy mode on or off', async () => {
    for (const canReadAll of [false, true]) {
      telegram.setBot({ can_read_all_group_messages: canReadAll })
      const first = group.hears(bob, '四川有甚麼青年實習？')
      for (const text of [
        '浙21',
        '/start@other_bot',
        '/ask@other_bot 四川',
        '/unknown 四川',
        'mail x@memoranda_bot.com',
        '@memoranda_bots 四川',
        'https://t.me/@memoranda_bot',
        '@other_bot 四川青年',
        'memoranda_bot 四川',
        '/etc/ask',
      ])
        group.hears(ada, text)
      group.hears(ada, '咁湖北呢？', { replyTo: first })
      group.hearsOtherBot('/ask 四川')
    }
    await telegram.quiet()
    expect(telegram.calls.filter(({ method }) => method.startsWith('send'))).toEqual([])
  })

  test('is answered in its topic', async () => {
    const forum = telegram.group({ title: '論壇', forum: true, members: [ada] })
    const thread = forum.opensTopic(ada, '青年')
    forum.hears(ada, '/ask@memoranda_bot 四川青年實習', { threadId: thread })
    expect(await forum.nextMessage()).toMatchObject({ message_thread_id: thread, is_topic_message: true })
  })

  test('lets only the asker turn pages and tells others why', async () => {
    group.hears(ada, '/ask@memoranda_bot 四川青年實習')
    const answer = await group.nextMessage()
    expect(buttonTexts(answer)[0]).toEqual(['全文', '前後文', '➕ 收集'])
    const refused = await bob.presses(answer, /^更多/u)
    expect(refused.params).toMatchObject({
      show_alert: true,
      text: expect.stringContaining('only they can turn its pages'),
    })
    await ada.presses(answer, /^更多/u)
    expect((await group.nextEdit()).text).toMatch(/^2\. /u)
  })

  test('turns pages although the question was forgotten, since the answer replies to it', async () => {
    group.hears(ada, '/ask@memoranda_bot 四川青年實習')
    const answer = await group.nextMessage()
    await stage.bot.stop()
    const { bot } = await raise({ telegram })
    await ada.presses(answer, /^更多/u)
    expect((await group.nextEdit()).text).toMatch(/^2\. /u)
    await bot.stop()
  })

  test('lets everybody press the buttons of one who writes as a channel', async () => {
    const channel = { id: -1_001_234_567_890, type: 'channel', title: 'C' }
    const from = { id: 136817688, is_bot: true, first_name: 'Channel', username: 'Channel_Bot' }
    const message = group.room.add({
      date: 1_700_000_000,
      from,
      sender_chat: channel,
      text: '/ask@memoranda_bot 四川青年實習',
    } as never)
    telegram.world.updates.push('message', message, `chat:${group.id}`)
    const answer = await group.nextMessage()
    await bob.presses(answer, /^More|^更多/u)
    expect((await group.nextEdit()).text).toMatch(/^2\. /u)
  })

  test('lets every member collect', async () => {
    group.hears(ada, '/ask@memoranda_bot 浙21')
    const answer = await group.nextMessage()
    expect((await bob.presses(answer, '➕ 收集')).params).toMatchObject({ text: 'Collected. See /basket.' })
    expect((await ada.presses(answer, '➕ 收集')).params).toMatchObject({ text: '這一項已經收集了，用 /basket 查看。' })
  })

  test('has the group help in the group', async () => {
    group.hears(bob, '/help@memoranda_bot')
    expect((await group.nextMessage()).text).toContain('In groups I answer only when spoken to')
  })

  test('is greeted once when the bot comes, in the language of whoever brought it', async () => {
    const fresh = telegram.group({ title: 'New', bot: 'left', members: [bob] })
    fresh.setsBot('member', bob)
    expect((await fresh.nextMessage()).text).toContain('I stay silent otherwise')
    fresh.setsBot('administrator', bob)
    await telegram.quiet()
    expect(fresh.unread).toEqual([])
  })
})

describe('settings of a group', () => {
  test('can be changed by administrators only, asked of Telegram each time', async () => {
    group.hears(ada, '/settings@memoranda_bot')
    expect((await group.nextMessage()).text).toContain('只有羣組管理員可以更改設定')
    group.sets(ada, 'administrator')
    group.hears(ada, '/settings@memoranda_bot')
    const settings = await group.nextMessage()
    await ada.presses(settings, 'English')
    expect((await group.nextEdit()).text).toContain('Settings of this group')
    group.hears(ada, '/ask@memoranda_bot 浙21')
    expect((await group.nextMessage()).text).toContain('Zhejiang 2025')
    group.sets(ada, 'member')
    expect((await ada.presses(settings, '繁體')).params).toMatchObject({
      show_alert: true,
      text: 'Only administrators of this group can change its settings.',
    })
  })

  test('go along when the group becomes a supergroup', async () => {
    group.sets(ada, 'administrator')
    group.hears(ada, '/settings@memoranda_bot')
    await ada.presses(await group.nextMessage(), 'English')
    await group.nextEdit()
    group.migrates(ada)
    await telegram.quiet()
    group.hears(ada, '/ask@memoranda_bot 浙21')
    expect((await group.nextMessage()).text).toContain('Zhejiang 2025')
  })

  test('make answers longer', async () => {
    group.sets(ada, 'administrator')
    group.hears(ada, '/settings@memoranda_bot')
    await ada.presses(await group.nextMessage(), '標準')
    group.hears(ada, '/ask@memoranda_bot 四川青年實習')
    expect(quotationsOf(await group.nextMessage())).toHaveLength(3)
  })
})

describe('a forum', () => {
  test('is answered only in the topic that its administrators chose', async () => {
    const forum = telegram.group({ title: '論壇', forum: true, members: [ada] })
    forum.sets(ada, 'administrator')
    const allowed = forum.opensTopic(ada, '備忘錄')
    const other = forum.opensTopic(ada, '閒聊')
    forum.hears(ada, '/settings@memoranda_bot', { threadId: allowed })
    await ada.presses(await forum.nextMessage(), '只在這個話題')
    expect((await forum.nextEdit()).text).toContain('話題：只在這個話題')
    forum.hears(ada, '/ask@memoranda_bot 浙21', { threadId: other })
    forum.hears(ada, '/ask@memoranda_bot 浙22', { threadId: allowed })
    expect(await forum.nextMessage()).toMatchObject({
      message_thread_id: allowed,
      text: expect.stringContaining('第 22 項'),
    })
    forum.hears(ada, '/settings@memoranda_bot', { threadId: other })
    await ada.presses(await forum.nextMessage(), '所有話題')
    forum.hears(ada, '/ask@memoranda_bot 浙21', { threadId: other })
    expect(await forum.nextMessage()).toMatchObject({
      message_thread_id: other,
      text: expect.stringContaining('第 21 項'),
    })
  })
})

describe('the allow-list of the owner', () => {
  test('keeps other groups out, tells them their id and lets them ask; the owner decides', async () => {
    await reopen({ groups: { kind: 'listed', ids: [], leave: false }, owners: [9] })
    const owner = telegram.person({ id: 9, first_name: 'Owner', language_code: 'zh-hant' })
    const home = telegram.privateChat(owner, 'open')
    group.hears(ada, '/ask@memoranda_bot 浙21')
    const refusal = await group.nextMessage()
    expect(refusal.text).toContain(String(group.id))
    expect((await ada.presses(refusal, '申請使用')).params).toMatchObject({ text: '已把申請交給擁有者。' })
    const request = await home.nextMessage()
    expect(request.text).toContain('聯絡組')
    await owner.presses(request, '准許')
    expect((await group.nextMessage()).text).toContain('已獲准使用')
    group.hears(ada, '/ask@memoranda_bot 浙21')
    expect((await group.nextMessage()).text).toContain('浙港 2025')
  })

  test('still tells a group its id', async () => {
    await reopen({ groups: { kind: 'listed', ids: [], leave: false } })
    group.hears(ada, '/id@memoranda_bot')
    expect((await group.nextMessage()).text).toBe(`這個對話的編號：${group.id}`)
  })

  test('is changed by the owner with /allow and /deny, in the group or by its id', async () => {
    await reopen({ groups: { kind: 'listed', ids: [], leave: false }, owners: [7] })
    group.hears(ada, '/allow@memoranda_bot')
    await group.nextMessage()
    group.hears(bob, '/ask@memoranda_bot Zhejiang 21')
    expect((await group.nextMessage()).text).toContain('Zhejiang 2025')
    const home = telegram.privateChat(ada)
    home.says(`/deny ${group.id}`)
    await home.nextMessage()
    group.hears(bob, '/ask@memoranda_bot Zhejiang 21')
    expect((await group.nextMessage()).text).toContain('may not use the bot yet')
    group.hears(bob, '/allow@memoranda_bot')
    expect((await group.nextMessage()).text).toBe('The owner has been asked.')
    expect((await home.nextMessage()).text).toContain('申請使用')
  })

  test('is not for others to decide', async () => {
    await reopen({ groups: { kind: 'listed', ids: [], leave: false }, owners: [9] })
    group.hears(ada, '/ask@memoranda_bot 浙21')
    const refusal = await group.nextMessage()
    expect((await ada.sendsCallback(refusal, `g:${group.id}:y`)).params).toMatchObject({ show_alert: true })
    group.hears(ada, '/ask@memoranda_bot 浙21')
    expect((await group.nextMessage()).text).toContain(String(group.id))
  })

  test('makes the bot leave a group that it does not serve, if so configured', async () => {
    await reopen({ groups: { kind: 'listed', ids: [], leave: true }, owners: [9] })
    const fresh = telegram.group({ title: 'New', bot: 'left', members: [ada] })
    fresh.setsBot('member', ada)
    expect((await fresh.nextMessage()).text).toContain(String(fresh.id))
    await telegram.quiet()
    expect(telegram.callsOf('leaveChat')).toHaveLength(1)
  })
})
