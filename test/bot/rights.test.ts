import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Group, Person } from '../standin/actors.ts'
import type { Standin } from '../standin/standin.ts'
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
  bob = telegram.person({ id: 8, first_name: 'Bob', language_code: 'zh-hant' })
  group = telegram.group({ title: '聯絡組', members: [ada, bob] })
}
beforeEach(() => open())
afterEach(() => closeClean(stage))
const reopen = async (options: Parameters<typeof raise>[0]) => {
  await stage.close()
  await open(options)
}

const collect = async (person: Person, reference: string) => {
  group.hears(person, `/ask@memoranda_bot ${reference}`)
  await person.presses(await group.nextMessage(), '➕ 收集')
}

describe('the basket of a group', () => {
  test('is emptied by whoever put everything there, after being asked', async () => {
    await collect(ada, '浙21')
    group.hears(ada, '/basket@memoranda_bot clear')
    const asking = await group.nextMessage()
    expect(asking.text).toBe('清空已收集的 1 項條文？清空後不能還原。')
    await ada.presses(asking, '清空')
    expect((await group.nextEdit()).text).toBe('已清空收集的條文。')
  })

  test('with what others put there is emptied by nobody but administrators, forged presses included', async () => {
    await collect(ada, '浙21')
    await collect(bob, '川七4')
    group.hears(bob, '/basket@memoranda_bot clear')
    const asking = await group.nextMessage()
    const refusal = { text: '這裏有其他成員收集的條文，只有羣組管理員可以清空。', show_alert: true }
    expect((await bob.presses(asking, '清空')).params).toMatchObject(refusal)
    expect((await bob.sendsCallback(asking, '-')).params).toMatchObject(refusal)
    group.hears(ada, '/basket@memoranda_bot')
    expect((await group.nextMessage()).text).toContain('已收集 2 項條文')
  })
})

describe('a flood of commands that cost the group its turns', () => {
  test('is paced like questions', async () => {
    await reopen({ pace: { burst: 2, perMinute: 1 } })
    for (let i = 0; i < 12; i += 1) group.hears(ada, '/id@memoranda_bot')
    group.hears(bob, '/ask@memoranda_bot 川七4')
    const texts = [1, 2, 3, 4].map(async () => (await group.nextMessage()).text)
    expect((await Promise.all(texts)).at(-1)).toContain('川港 2018')
  })

  test('lets an owner hear of a group once', async () => {
    await reopen({ groups: { kind: 'listed', ids: [], leave: false }, owners: [9] })
    const home = telegram.privateChat(telegram.person({ id: 9, first_name: 'Owner' }), 'open')
    for (const person of [ada, bob, ada, bob]) {
      group.hears(person, '/allow@memoranda_bot')
      expect((await group.nextMessage()).text).toBe('已把申請交給擁有者。')
    }
    await home.nextMessage()
    expect(home.unread).toEqual([])
  })
})

describe('another bot', () => {
  test('is not answered, in a group or in private', async () => {
    const other = { id: 99, is_bot: true, first_name: 'Other', username: 'other_bot' }
    for (const chat of [group, telegram.privateChat(ada)]) {
      const message = chat.room.add({ date: 1_700_000_000, from: other, text: '/ask@memoranda_bot 浙21' } as never)
      telegram.world.updates.push('message', message, `chat:${chat.id}`)
    }
    group.hears(bob, '/ask@memoranda_bot 川七4')
    expect((await group.nextMessage()).text).toContain('川港 2018')
    expect(telegram.callsOf('sendMessage')).toHaveLength(1)
  })
})
