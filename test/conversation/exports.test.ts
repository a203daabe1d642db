import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { openRoom } from '../answer/room.ts'
import { closeClean, raise, type Stage } from '../bot/house.ts'
import type { Person, PrivateChat } from '../standin/actors.ts'
import type { Standin } from '../standin/standin.ts'
import type { Received } from '../standin/types.ts'

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
const fileOf = (message: Received) => telegram.world.files.get(message.document?.file_id ?? '')

describe('an export', () => {
  test.each(['四川的財資中心', '比較四川和湖北的金融合作', '四川有幾多項關於金融', '/topics 金融', '/compare 金融'])(
    'of %s is a table that spreadsheet programs read',
    async (question) => {
      const { retrieval } = await openRoom()
      await ada.presses(await ask(question), 'CSV 表格')
      const file = fileOf(await chat.nextMessage())
      const text = Buffer.from(file?.bytes ?? []).toString('utf8')
      expect(file?.name).toMatch(/\.csv$/u)
      expect([...(file?.bytes ?? []).slice(0, 3)]).toEqual([0xef, 0xbb, 0xbf])
      expect(text).toContain('出處,省市,備忘錄,日期,領域,項,條文,連結\r\n')
      expect(text).toContain(retrieval.library.byId.get('sichuan-2018/4.1')?.text.slice(0, 20) ?? '川港')
    },
  )

  test.each(['四川有甚麼青年實習？', '/compare 金融'])('of %s is a Word document', async (question) => {
    await ada.presses(await ask(question), 'Word 文件')
    const sent = await chat.nextMessage()
    expect(fileOf(sent)?.name).toMatch(/\.docx$/u)
    expect(
      Buffer.from(fileOf(sent)?.bytes ?? [])
        .subarray(0, 2)
        .toString(),
    ).toBe('PK')
    expect(sent.caption).toMatch(/^\d+ 項條文，附完整出處$/u)
  })

  test('of a basket holds what was collected', async () => {
    await ada.presses(await ask('浙21'), '➕ 收集')
    await ada.presses(await ask('/basket'), 'CSV 表格')
    expect(Buffer.from(fileOf(await chat.nextMessage())?.bytes ?? []).toString('utf8')).toContain('第 21 項')
  })

  test('is sent once however often its button is pressed', async () => {
    const answer = await ask('浙21')
    for (let i = 0; i < 4; i += 1) await ada.presses(answer, 'CSV 表格')
    await telegram.quiet()
    expect(telegram.callsOf('sendDocument')).toHaveLength(1)
  })

  test('of something forgotten says so', async () => {
    const answer = await ask('浙21')
    for (const data of ['e:docx:m:aaaaaaaa:0', 'e:csv:k:no-such:0', 'e:csv:B:0', 'e:csv:s'])
      expect((await ada.sendsCallback(answer, data)).params).toMatchObject({ show_alert: true })
  })
})
