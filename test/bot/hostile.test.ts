import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { commandNames } from '../../src/phrases/bot-phrases.ts'
import { times } from '../cases.ts'
import type { Person, PrivateChat } from '../standin/actors.ts'
import { seededRandom } from '../standin/random.ts'
import type { Standin } from '../standin/standin.ts'
import type { Message } from '../standin/types.ts'
import { raise, type Stage } from './house.ts'

let stage: Stage
let telegram: Standin
let ada: Person
let chat: PrivateChat

beforeAll(async () => {
  stage = await raise()
  telegram = stage.telegram
  ada = telegram.person({ id: 7, first_name: '<b>Ada</b>', language_code: 'zh-hant' })
  chat = telegram.privateChat(ada)
})
afterAll(() => stage.close())

const random = seededRandom(20)
const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T
const pieces = [
  '四川',
  '青年實習',
  '浙21',
  '川七4',
  '比較',
  '哪些省',
  '咁湖北呢',
  'Sichuan 7.4',
  '9'.repeat(30),
  '<b>',
  '</script>',
  '&amp;',
  '*_`[x](y)',
  ['$', '{7*7}'].join(''),
  '{{x}}',
  '../../etc/passwd',
  "'; DROP TABLE clauses;--",
  '\u202Ereversed',
  '\u0000',
  '\uD83D',
  '😀',
  '𠮷',
  '👨‍👩‍👧‍👦',
  'e\u0301'.repeat(20),
  '\u200B',
  '@everyone',
  '@memoranda_bot',
  '/start',
  '#tag',
  'https://t.me/x?start=y',
  'tg://user?id=1',
  '+浙21+',
  '＋',
  '“',
  '\n\n\n',
  '\t',
  '１２３',
  '〇',
  'null',
  'undefined',
  '__proto__',
  'constructor',
  '%00',
  '\\u0000',
  'مرحبا',
  '한국어',
  'ﷺ',
  '第',
  '項',
  '-1',
  '1e999',
  'NaN',
]
const hostile = (most: number): string => {
  let text = ''
  for (let parts = 1 + Math.floor(random() * 8); parts > 0; parts -= 1)
    text += pick(pieces).repeat(random() < 0.03 ? 60 : 1) + pick(['', ' ', '，'])
  return text.slice(0, most)
}

/** What no answer may hold: traces of code, of the machine, of markup. */
const leak =
  /undefined|NaN|\[object |\bat \w+ \(|node_modules|\/work\/|\.ts:\d|<\/?(?:b|i|a|td|table|blockquote)\b|TypeError|ENOENT/u

/** Texts of the bot since the last look, without what its entities mark as a quotation of the person's own words. */
function inspect(messages: readonly Message[], typed: string): void {
  for (const { text, caption, rich_message: rich } of messages) {
    const shown = `${text ?? ''}${caption ?? ''}${JSON.stringify(rich ?? '')}`
    const found = leak.exec(shown)?.[0]
    // What a person typed may be shown again as it is.
    if (found !== undefined && !typed.includes(found))
      throw new Error(`Leaks ${found} for ${JSON.stringify(typed)}: ${shown}`)
  }
}

const isFailure = (event: object) => 'event' in event && event.event === 'handling failed'

function expectHealthy(): void {
  expect(telegram.refusals.map(({ description }) => description)).toEqual([])
  expect(telegram.ownMistakes).toEqual([])
  expect(stage.events.filter(isFailure)).toEqual([])
}

describe('hostile and odd input', () => {
  test('as texts is answered each time', async () => {
    for (let i = times(90, 300); i > 0; i -= 1) {
      const text = hostile(4000) || ' '
      chat.says(text)
      inspect([await chat.nextMessage()], text)
    }
    expectHealthy()
  })

  test('as commands is answered each time', async () => {
    for (let i = times(90, 250); i > 0; i -= 1) {
      const text = `/${random() < 0.8 ? pick(commandNames) : pick(['x', 'START', 'ask@', 'ask@memoranda_bot', 'help@other_bot', '1', '_', 'a'.repeat(40)])}${pick(['', ' ', '\n'])}${hostile(500)}`
      chat.says(text)
      inspect([await chat.nextMessage()], text)
    }
    expectHealthy()
  })

  test('as payloads is answered each time', async () => {
    for (let i = times(60, 150); i > 0; i -= 1) {
      const payload =
        `${pick(['c_', 'f_', 'a_', 'k_', 't_', 'm_', '', 'z_', 'c_sichuan-2018_'])}${pick(['sichuan-2018_5_1', 'sichuan-2018_999_1', '__', '_'.repeat(60), 'finance', 'preamble', '-', 'x'.repeat(62), '0'])}`.slice(
          0,
          64,
        )
      if (!/^[\w-]+$/u.test(payload)) continue
      chat.starts(payload)
      inspect([await chat.nextMessage()], payload)
    }
    expectHealthy()
  })

  test('as button presses is answered each time', async () => {
    chat.says('四川有甚麼青年實習？')
    const message = await chat.nextMessage()
    const real = message.reply_markup?.inline_keyboard.flat().flatMap(({ callback_data: data }) => data ?? []) ?? []
    for (let i = times(90, 250); i > 0; i -= 1) {
      const form = pick([
        ...real,
        'c:sichuan-2018/5.1:0',
        'k:finance:0',
        'l:999',
        'i:hktdc:99',
        'B:0',
        's',
        's:language:zz',
        'g:-100:y',
        'q:5',
        't:0',
        'r:sichuan-2018:99:0',
      ])
      const at = Math.floor(random() * form.length)
      const data = pick([
        form,
        `${form}@zz`,
        form.slice(0, at),
        `${form.slice(0, at)}${pick([':', '@', '/', '9', '😀'])}${form.slice(at)}`,
        hostile(60),
      ])
      const { params } = await ada.sendsCallback(
        message,
        Buffer.from(data).subarray(0, 64).toString('utf8').replaceAll('\uFFFD', ''),
      )
      expect(String(params.text ?? '').length).toBeLessThanOrEqual(200)
    }
    await telegram.quiet()
    inspect(chat.messages.slice(-50), '')
    expectHealthy()
  })

  test('as inline queries is answered each time, each result one that can be sent', async () => {
    for (let i = times(90, 250); i > 0; i -= 1) {
      const query = hostile(256)
      const { results } = await ada.inline(query, { offset: pick(['', '15', '-1', 'x', '999', '9'.repeat(40)]) })
      expect(results.length).toBeLessThanOrEqual(50)
      expect(new Set(results.map(({ id }) => id)).size).toBe(results.length)
    }
    expectHealthy()
  })

  test('as messages of a group that do not speak to the bot is answered never, privacy mode on or off', async () => {
    const group = telegram.group({ title: '<i>G</i>', members: [ada] })
    const before = telegram.calls.filter(({ method }) => method.startsWith('send')).length
    for (let i = times(90, 250); i > 0; i -= 1) {
      telegram.setBot({ can_read_all_group_messages: i % 2 === 0 })
      const text = hostile(1000)
        .replaceAll(/@memoranda_bot/giu, '')
        .replace(/^\s*\//u, '')
      if (text.trim() !== '') group.hears(ada, text)
    }
    await telegram.quiet()
    expect(telegram.calls.filter(({ method }) => method.startsWith('send'))).toHaveLength(before)
    expectHealthy()
  })

  test('as guest questions is answered in the one reply allowed', async () => {
    const group = telegram.group({ title: 'G', bot: 'left', members: [ada] })
    const guests = times(30, 60)
    for (let i = guests; i > 0; i -= 1) {
      const text = `@memoranda_bot ${hostile(300)}`
      group.hears(ada, text)
      inspect([await group.nextMessage()], text)
    }
    await telegram.quiet()
    expect(telegram.callsOf('answerGuestQuery')).toHaveLength(guests)
    expectHealthy()
  })
})
