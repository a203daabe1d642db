import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createMemory } from '../../src/conversation/memory.ts'
import { createGate } from '../gate.ts'
import type { Group, Person, PrivateChat } from '../standin/actors.ts'
import type { Standin } from '../standin/standin.ts'
import type { Message, Received } from '../standin/types.ts'
import { until } from '../until.ts'
import { closeClean, raise, type Stage } from './house.ts'

let stage: Stage
let telegram: Standin
let ada: Person
let bob: Person
let chat: PrivateChat
let group: Group

const open = async (options: Parameters<typeof raise>[0] = {}) => {
  stage = await raise(options)
  telegram = stage.telegram
  ada = telegram.person({ id: 7, first_name: 'Ada', language_code: 'zh-hant' })
  bob = telegram.person({ id: 8, first_name: 'Bob', language_code: 'en' })
  chat = telegram.privateChat(ada)
  group = telegram.group({ title: '聯絡組', members: [ada, bob] })
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
/** Opens the bot anew with an assistant that begins no answer before the gate opens; says when it was asked. */
const holdingAnswers = async () => {
  const [asked, answered] = [createGate(), createGate()]
  await reopen({
    wrap: (assistant) => ({
      ...assistant,
      async answer(question) {
        asked.open()
        await answered.opened
        return assistant.answer(question)
      },
    }),
  })
  return { asked: asked.opened, answer: answered.open }
}

describe('an edited question', () => {
  test('has its answer edited', async () => {
    const question = chat.says('浙21')
    const answer = await chat.nextMessage()
    ada.edits(question, '浙22')
    const edited = await chat.nextEdit()
    expect(edited.message_id).toBe(answer.message_id)
    expect(edited.text).toContain('第 22 項')
    expect(telegram.callsOf('sendMessage')).toHaveLength(1)
  })

  test('is answered anew when the answer was deleted', async () => {
    const question = chat.says('浙21')
    const answer = await chat.nextMessage()
    chat.room.messages.delete(answer.message_id)
    ada.edits(question, '浙22')
    expect((await chat.nextMessage()).text).toContain('第 22 項')
  })

  test('in a group has its answer edited, and is answered when it speaks to the bot only now', async () => {
    const question = group.hears(ada, '/ask@memoranda_bot 浙21')
    await group.nextMessage()
    ada.edits(question, '/ask@memoranda_bot 浙22')
    expect((await group.nextEdit()).text).toContain('第 22 項')
    const late = group.hears(ada, '浙23')
    ada.edits(late, '/ask@memoranda_bot 浙23')
    expect((await group.nextMessage()).text).toContain('第 23 項')
  })

  test('can be followed up in its new form', async () => {
    const question = chat.says('四川有甚麼青年實習？')
    await chat.nextMessage()
    ada.edits(question, '四川有甚麼金融合作？')
    await chat.nextEdit()
    expect((await ask('咁湖北呢？')).text).toMatch(/鄂港 2021 · [^\n]*金融/u)
  })
})

describe('an update that Telegram delivers twice', () => {
  test('is answered once', async () => {
    const memory = createMemory()
    await reopen({ memory })
    const question = chat.says('浙21')
    await chat.nextMessage()
    telegram.world.updates.push('message', question, `chat:${chat.id}`)
    await telegram.quiet()
    expect(telegram.callsOf('sendMessage')).toHaveLength(1)
  })
})

describe('typing', () => {
  test('is shown in the chat of a question that takes long', async () => {
    const { answer } = await holdingAnswers()
    chat.says('浙21')
    await until(() => chat.room.actions.length > 0)
    answer()
    await chat.nextMessage()
    expect(chat.room.actions[0]).toMatchObject({ action: 'typing' })
  })

  test('is shown in the topic', async () => {
    const { answer } = await holdingAnswers()
    const forum = telegram.group({ title: '論壇', forum: true, members: [ada] })
    const thread = forum.opensTopic(ada, '青年')
    forum.hears(ada, '/ask@memoranda_bot 浙21', { threadId: thread })
    await until(() => forum.room.actions.length > 0)
    answer()
    await forum.nextMessage()
    expect(forum.room.actions[0]).toMatchObject({ action: 'typing', threadId: thread })
  })
})

describe('what goes wrong', () => {
  const failing = () =>
    reopen({
      wrap: (assistant) => ({ ...assistant, answer: () => Promise.reject(new Error('secret text of a person')) }),
    })

  test('is told in the language of the person, with what to do, and the log has no text', async () => {
    await failing()
    expect((await ask('浙21')).text).toContain('處理時出了問題')
    group.hears(bob, '/ask@memoranda_bot 浙21')
    expect((await group.nextMessage()).text).toContain('Something went wrong')
    expect(JSON.stringify(stage.events)).not.toContain('secret')
    const frames = expect.arrayContaining([expect.objectContaining({ file: 'test/bot/habits.test.ts' })])
    expect(stage.events).toContainEqual(
      expect.objectContaining({ event: 'handling failed', update: 'message', frames }),
    )
  })

  test('is told by a toast where a button was pressed', async () => {
    let fails = false
    await reopen({
      wrap: (assistant) => ({
        ...assistant,
        answer: (question) => (fails ? Promise.reject(new Error('x')) : assistant.answer(question)),
      }),
    })
    const answer = await ask('四川有甚麼青年實習？')
    fails = true
    expect((await ada.presses(answer, /^更多/u)).params).toMatchObject({ text: '出了問題，請稍後再按一次。' })
  })

  test('leaves the bot working', async () => {
    let fails = true
    await reopen({
      wrap: (assistant) => ({
        ...assistant,
        answer: (question) => (fails ? Promise.reject(new Error('x')) : assistant.answer(question)),
      }),
    })
    await ask('浙21')
    fails = false
    expect((await ask('浙21')).text).toContain('第 21 項')
  })

  test('on the way to Telegram is overcome: the answer comes once', async () => {
    telegram.fault({ kind: 'server error', code: 502 }, { method: 'sendMessage', times: 1 })
    telegram.fault({ kind: 'flood', retryAfter: 1 }, { method: 'sendMessage', times: 1 })
    chat.says('浙21')
    expect((await chat.nextMessage()).text).toContain('第 21 項')
    await telegram.quiet()
    expect(chat.unread).toEqual([])
  })
})

describe('an update that could not be answered because Telegram was away', () => {
  test('is given back to whoever brought it, and one that was refused for good is not', async () => {
    const failures: unknown[] = []
    await reopen({
      intake: ({ handle }) => ({
        receive: async (updates) => {
          for (const update of updates) await handle(update).catch((error: unknown) => failures.push(error))
        },
        drain: async () => {},
      }),
    })
    telegram.fault({ kind: 'flood', retryAfter: 3600 }, { method: 'sendMessage', times: 1 })
    chat.says('浙21')
    await telegram.quiet()
    expect(failures).toMatchObject([{ kind: 'flooded' }])
    telegram.fault(
      { kind: 'forbidden', description: 'bot was blocked by the user' },
      { method: 'sendMessage', times: 1 },
    )
    chat.says('浙22')
    await telegram.quiet()
    expect(failures).toHaveLength(1)
  })
})

describe('people and groups that go away', () => {
  test('who blocked the bot are let go', async () => {
    const { asked, answer } = await holdingAnswers()
    chat.says('浙21')
    await asked
    chat.blocks()
    answer()
    await telegram.quiet()
    expect(stage.events).toContainEqual(expect.objectContaining({ event: 'unwanted', reason: 'blocked' }))
    chat.unblocks()
    expect((await ask('浙22')).text).toContain('第 22 項')
  })

  test('are marked at the first refusal: of all that waits nothing more is tried', async () => {
    for (const item of [21, 22, 23, 24, 25]) chat.says(`浙${item}`)
    telegram.fault({ kind: 'forbidden', description: 'bot was blocked by the user' }, { method: 'sendMessage' })
    await telegram.quiet()
    expect(telegram.callsOf('sendMessage')).toHaveLength(1)
  })

  test('are written to again as soon as they write', async () => {
    telegram.fault(
      { kind: 'forbidden', description: 'bot was blocked by the user' },
      { method: 'sendMessage', times: 1 },
    )
    chat.says('浙21')
    await telegram.quiet()
    // Telegram's dates are whole seconds.
    telegram.passes(1100)
    expect((await ask('浙22')).text).toContain('第 22 項')
  })

  test('groups that removed the bot are let go, and greeted when they bring it back', async () => {
    group.setsBot('kicked', ada)
    await telegram.quiet()
    group.setsBot('member', ada)
    expect((await group.nextMessage()).text).toContain('大家好')
  })

  test('a group that became a supergroup meanwhile gets its answer there', async () => {
    const { asked, answer } = await holdingAnswers()
    group.hears(ada, '/ask@memoranda_bot 浙21')
    await asked
    const { to } = group.migrates(ada)
    answer()
    expect(await group.nextMessage()).toMatchObject({ chat: { id: to }, text: expect.stringContaining('第 21 項') })
  })
})

describe('an anonymous administrator', () => {
  const anonymous = { id: 1087968824, is_bot: true, first_name: 'Group', username: 'GroupAnonymousBot' }
  /** Writes as the group itself. */
  const says = (text: string): Message => {
    const message = group.room.add({
      date: 1_700_000_000,
      from: anonymous,
      sender_chat: group.room.chat,
      text,
    } as never)
    telegram.world.updates.push('message', message, `chat:${group.id}`)
    return message
  }

  test('is answered, and may change settings', async () => {
    says('/ask@memoranda_bot 四川青年實習')
    const answer = await group.nextMessage()
    expect(answer.text).toContain('川港 2018')
    says('/settings@memoranda_bot')
    expect((await group.nextMessage()).text).toContain('這個羣組的設定')
  })

  test("has buttons that the group's administrators press, and nobody else", async () => {
    group.sets(ada, 'administrator')
    says('/ask@memoranda_bot 四川青年實習')
    const answer = await group.nextMessage()
    expect((await bob.presses(answer, /^更多/u)).params).toMatchObject({
      show_alert: true,
      text: expect.stringContaining('Another member'),
    })
    await ada.presses(answer, /^更多/u)
    expect((await group.nextEdit()).text).toMatch(/^2\. /u)
  })

  test('may not change settings when Telegram does not say who is an administrator', async () => {
    group.hears(ada, '/settings@memoranda_bot')
    await group.nextMessage()
    telegram.fault({ kind: 'forbidden', description: 'bot was kicked' }, { method: 'getChatMember' })
    group.hears(ada, '/settings@memoranda_bot')
    expect((await group.nextMessage()).text).toContain('無法向 Telegram 查核')
  })
})

describe('a stop', () => {
  test('waits for the answers under way and takes nothing more', async () => {
    const { asked, answer } = await holdingAnswers()
    chat.says('浙21')
    await asked
    let stopped = false
    const stop = stage.bot.stop().then(() => {
      stopped = true
    })
    chat.says('浙22')
    await until(() => !telegram.world.updates.isPolled)
    expect(stopped).toBe(false)
    answer()
    await stop
    expect(chat.unread.map(({ text }) => text)).toEqual([expect.stringContaining('第 21 項')])
  })
})

describe('the log', () => {
  test('holds no id, name or text of a person, and no token', async () => {
    await reopen({})
    const person = telegram.person({ id: 987654321, first_name: 'Zephyrine', language_code: 'zh-hant' })
    const own = telegram.privateChat(person)
    own.says('四川有甚麼青年實習？')
    const answer = await own.nextMessage()
    await person.presses(answer, /^更多/u)
    await telegram.quiet()
    const log = JSON.stringify(stage.events)
    for (const secret of ['987654321', 'Zephyrine', '實習', telegram.token]) expect(log).not.toContain(secret)
    expect(stage.events).toContainEqual(
      expect.objectContaining({ event: 'handled', what: 'found', ms: expect.any(Number) }),
    )
  })
})
