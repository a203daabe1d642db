import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Input, Telegraf } from 'telegraf'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createGate } from '../gate.ts'
import { until } from '../until.ts'
import { buttonTexts, type Person, type PrivateChat } from './actors.ts'
import { type Standin, type StandinOptions, startStandin } from './standin.ts'
import type { Message, Update } from './types.ts'

let telegram: Standin
let ada: Person
let chat: PrivateChat

async function restart(options: StandinOptions): Promise<void> {
  await telegram?.stop()
  telegram = await startStandin(options)
  ada = telegram.person({ id: 7, first_name: 'Ada', language_code: 'zh-hant' })
  chat = telegram.privateChat(ada, 'open')
}

beforeEach(async () => {
  telegram = await startStandin()
  ada = telegram.person({ id: 7, first_name: 'Ada', language_code: 'zh-hant' })
  chat = telegram.privateChat(ada, 'open')
})

afterEach(async () => {
  const { ownMistakes } = telegram
  await telegram.stop()
  // What the stand-in answers must itself be what the specification says.
  expect(ownMistakes).toEqual([])
})

interface Answer {
  readonly ok: boolean
  readonly result: never
  readonly error_code?: number
  readonly description?: string
  readonly parameters?: Readonly<Record<string, number>>
}

async function call(method: string, params: Readonly<Record<string, unknown>> = {}): Promise<Answer> {
  const response = await fetch(`${telegram.apiRoot}/bot${telegram.token}/${method}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(params),
  })
  return (await response.json()) as Answer
}

const updates = async (params: Readonly<Record<string, unknown>> = {}): Promise<readonly Update[]> =>
  (await call('getUpdates', params)).result

/** The only update that waits. */
async function onlyUpdate(): Promise<Update> {
  const [update, ...others] = await updates()
  expect(others).toEqual([])
  if (update === undefined) throw new Error('no update waits')
  return update
}

/** The message of the next update, which is confirmed. */
async function confirm(): Promise<readonly Update[]> {
  const waiting = await updates()
  await updates({ offset: (waiting.at(-1)?.update_id ?? 0) + 1 })
  return waiting
}

const send = (params: Readonly<Record<string, unknown>>) => call('sendMessage', { chat_id: ada.id, ...params })
const keyboard = (...rows: readonly unknown[]) => ({ reply_markup: { inline_keyboard: rows } })
const article = (id: string, text = 'text') => ({
  type: 'article',
  id,
  title: 'title',
  input_message_content: { message_text: text },
})

describe('shape of calls', () => {
  test('a call with the right parameters is answered and leaves no refusal', async () => {
    const answer = await send({ text: '四川', link_preview_options: { is_disabled: true } })
    expect(answer).toMatchObject({
      ok: true,
      result: { text: '四川', chat: { id: 7, type: 'private' }, from: { is_bot: true } },
    })
    expect(telegram.refusals).toEqual([])
  })

  test('an unknown method is 404 and a refusal', async () => {
    expect(await call('sendMesage', {})).toEqual({ ok: false, error_code: 404, description: 'Not Found' })
    expect(telegram.refusals).toMatchObject([{ kind: 'shape', call: { method: 'sendMesage' } }])
  })

  test('a wrong token is 401', async () => {
    const response = await fetch(`${telegram.apiRoot}/bot1:wrong/getMe`)
    expect(response.status).toBe(401)
    expect(await response.json()).toEqual({ ok: false, error_code: 401, description: 'Unauthorized' })
  })

  test.each([
    ['an unknown parameter', { text: 'a', txt: 'b' }, 'txt is unknown'],
    ['a mistyped parameter', { text: 5 }, 'text must be a String'],
    ['a missing parameter', {}, 'text is missing'],
    ['a number written as a string', { text: 'a', message_thread_id: '5' }, 'message_thread_id must be an Integer'],
    [
      'an unknown field of a button',
      { text: 'a', ...keyboard([{ text: 'b', callback: 'c' }]) },
      'reply_markup.inline_keyboard[0][0].callback is unknown',
    ],
    [
      'a flat keyboard',
      { text: 'a', ...keyboard({ text: 'b', callback_data: 'c' }) },
      'reply_markup.inline_keyboard[0] must be a list',
    ],
    [
      'an entity without length',
      { text: 'a', entities: [{ type: 'bold', offset: 0 }] },
      'entities[0].length is missing',
    ],
    [
      'reply parameters without message',
      { text: 'a', reply_parameters: { chat_id: 7 } },
      'reply_parameters.message_id is missing',
    ],
    [
      'an unknown link preview option',
      { text: 'a', link_preview_options: { disabled: true } },
      'link_preview_options.disabled is unknown',
    ],
    [
      'parameters of older versions',
      { text: 'a', reply_to_message_id: 1, disable_web_page_preview: true },
      'reply_to_message_id is unknown; disable_web_page_preview is unknown',
    ],
  ])('%s is refused', async (_, params, problem) => {
    const answer = await send(params)
    expect(answer).toMatchObject({ ok: false, error_code: 400 })
    expect(answer.description).toContain(problem)
    expect(telegram.refusals).toMatchObject([{ kind: 'shape', description: expect.stringContaining(problem) }])
  })

  test('the members of a union are told apart by their type', async () => {
    ada.inline('q').catch(() => {})
    const answerTo = (results: readonly unknown[]) =>
      call('answerInlineQuery', { inline_query_id: 'inline-query-1', results })
    expect(
      (await answerTo([{ type: 'article', id: '1', input_message_content: { message_text: 'a' } }])).description,
    ).toContain('results[0].title is missing')
    expect((await answerTo([{ type: 'letter', id: '1' }])).description).toContain('results[0] is no InlineQueryResult')
    expect((await answerTo([{ ...article('1'), input_message_content: { text: 'a' } }])).description).toContain(
      'results[0].input_message_content.text is unknown',
    )
    expect(await answerTo([article('1')])).toMatchObject({ ok: true })
  })

  test('urlencoded and multipart calls are read by the types of the parameters', async () => {
    const url = `${telegram.apiRoot}/bot${telegram.token}/sendMessage`
    const markup = JSON.stringify({ inline_keyboard: [[{ text: 'b', callback_data: 'c' }]] })
    const form = new FormData()
    form.set('chat_id', '7')
    form.set('text', '5')
    form.set('protect_content', 'true')
    form.set('reply_markup', markup)
    const encoded = new URLSearchParams({ chat_id: '7', text: '五', reply_markup: markup })
    for (const body of [form, encoded])
      expect(await (await fetch(url, { method: 'POST', body })).json()).toMatchObject({
        ok: true,
        result: { reply_markup: { inline_keyboard: [[{ text: 'b' }]] } },
      })
    expect(await (await fetch(`${url}?chat_id=7&text=x`)).json()).toMatchObject({ ok: true, result: { text: 'x' } })
    expect(
      await (
        await fetch(url, {
          method: 'POST',
          body: new URLSearchParams({ chat_id: '7', text: 'a', protect_content: 'maybe' }),
        })
      ).json(),
    ).toMatchObject({ error_code: 400 })
    expect(telegram.callsOf('sendMessage')[0]?.params).toMatchObject({ chat_id: 7, text: '5', protect_content: true })
  })

  test('a body that is no JSON is refused', async () => {
    const response = await fetch(`${telegram.apiRoot}/bot${telegram.token}/getMe`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{',
    })
    expect(response.status).toBe(400)
    expect(telegram.refusals).toHaveLength(1)
  })

  test('a method that Telegram knows and the stand-in does not play says so', async () => {
    expect(await call('sendDice', { chat_id: 7 })).toMatchObject({
      error_code: 501,
      description: expect.stringContaining('does not play sendDice'),
    })
    expect(telegram.refusals).toHaveLength(1)
  })
})

describe('texts and entities', () => {
  const bold = (offset: number, length: number) => ({ type: 'bold', offset, length })
  const entity = (type: string, offset: number, length: number) => ({
    type,
    offset,
    length,
    ...(type === 'text_link' ? { url: 'https://t.me/' } : {}),
  })

  test.each([
    ['one character', 'x'],
    ['4096 UTF-16 units', 'x'.repeat(4096)],
    ['2048 characters outside the basic plane', '𠮷'.repeat(2048)],
  ])('a text of %s is sent', async (_, text) => {
    expect(await send({ text })).toMatchObject({ ok: true })
  })

  test.each([
    ['nothing', '', 'message text is empty'],
    ['white space', ' \n ', 'message text is empty'],
    ['4097 characters', 'x'.repeat(4097), 'message is too long'],
    ['2049 characters outside the basic plane', '𠮷'.repeat(2049), 'message is too long'],
    ['half a surrogate pair', 'a\ud842', 'strings must be encoded in UTF-8'],
  ])('a text of %s is refused', async (_, text, problem) => {
    expect(await send({ text })).toMatchObject({ error_code: 400, description: `Bad Request: ${problem}` })
    expect(telegram.refusals).toMatchObject([{ kind: 'limit' }])
  })

  test('the ends of a text are trimmed and entities move along', async () => {
    expect(await send({ text: ' \n川港備忘錄  \n', entities: [bold(2, 2)] })).toMatchObject({
      result: { text: '川港備忘錄', entities: [bold(0, 2)] },
    })
  })

  test('captions end at 1024 characters', async () => {
    const file = { chat_id: 7, document: await storedFile() }
    expect(await call('sendDocument', { ...file, caption: 'x'.repeat(1024) })).toMatchObject({ ok: true })
    expect(await call('sendDocument', { ...file, caption: 'x'.repeat(1025) })).toMatchObject({
      description: 'Bad Request: message caption is too long',
    })
    expect(await call('sendDocument', file)).toMatchObject({ ok: true })
  })

  test.each([
    ['side by side', '川港備忘錄', [bold(0, 2), entity('italic', 2, 2)]],
    ['bold in a quotation', '川港備忘錄', [entity('expandable_blockquote', 0, 5), bold(1, 2)]],
    ['a link in bold', '川港備忘錄', [bold(0, 5), entity('text_link', 1, 2)]],
    ['bold in a link', '川港備忘錄', [entity('text_link', 0, 5), bold(1, 2)]],
    ['bold and italic over the same text', '川港備忘錄', [bold(0, 5), entity('italic', 0, 5)]],
    ['a quotation and bold over the same text', '川港備忘錄', [bold(0, 5), entity('blockquote', 0, 5)]],
    ['code in a quotation', '川港備忘錄', [entity('blockquote', 0, 5), entity('code', 0, 2)]],
    ['a whole surrogate pair', 'a𠮷b', [bold(1, 2)]],
  ])('entities: %s', async (_, text, entities) => {
    expect(await send({ text, entities })).toMatchObject({
      ok: true,
      result: { entities: expect.arrayContaining(entities) },
    })
    expect(telegram.refusals).toEqual([])
  })

  test.each([
    ['beyond the end', '川港', [bold(1, 2)], 'ends after the end of the text'],
    ['begins after the end', '川港', [bold(2, 1)], 'begins after the end of the text'],
    ['a negative offset', '川港', [bold(-1, 2)], 'incorrect offset'],
    ['an empty entity', '川港', [bold(0, 0)], 'is empty'],
    ['begins inside a surrogate pair', 'a𠮷b', [bold(2, 2)], 'begins in a middle of a UTF-16 symbol'],
    ['ends inside a surrogate pair', 'a𠮷b', [bold(0, 2)], 'ends in a middle of a UTF-16 symbol'],
    ['overlap in part', '川港備忘錄', [bold(0, 3), entity('italic', 2, 3)], 'overlap in part'],
    [
      'a quotation in a quotation',
      '川港備忘錄',
      [entity('blockquote', 0, 5), entity('expandable_blockquote', 1, 2)],
      "quotations can't be nested",
    ],
    [
      'two quotations over the same text',
      '川港備忘錄',
      [entity('blockquote', 0, 5), entity('blockquote', 0, 5)],
      "quotations can't be nested",
    ],
    ['bold in code', '川港備忘錄', [entity('code', 0, 5), bold(1, 2)], "code can't be combined"],
    ['pre in bold', '川港備忘錄', [bold(0, 5), entity('pre', 1, 2)], "code can't be combined"],
    ['a link in a link', '川港備忘錄', [entity('text_link', 0, 5), entity('text_link', 1, 2)], "can't be nested"],
    ['an unknown type', '川港備忘錄', [entity('big', 0, 5)], 'entity type "big" is unknown'],
    [
      'a link without address',
      '川港備忘錄',
      [{ type: 'text_link', offset: 0, length: 1, url: '' }],
      'entity URL is invalid',
    ],
  ])('entities: %s is refused', async (_, text, entities, problem) => {
    const answer = await send({ text, entities })
    expect(answer.description).toContain(problem)
    expect(telegram.refusals).toHaveLength(1)
  })

  test('entities together with parse_mode, and modes other than HTML, are refused', async () => {
    expect((await send({ text: '川港', entities: [bold(0, 1)], parse_mode: 'HTML' })).description).toContain(
      "can't be used together",
    )
    expect((await send({ text: '*川港*', parse_mode: 'MarkdownV2' })).description).toContain('"HTML" only')
    expect(telegram.refusals).toHaveLength(2)
  })

  test('HTML becomes text and entities', async () => {
    const text =
      '<b>川港</b> &lt;2018&gt; <blockquote expandable>第<i>一</i>項</blockquote> <a href="https://www.cmab.gov.hk/">x</a><pre><code class="language-ts">y</code></pre>'
    expect(await send({ text, parse_mode: 'HTML' })).toMatchObject({
      result: {
        text: '川港 <2018> 第一項 xy',
        entities: [
          bold(0, 2),
          entity('expandable_blockquote', 10, 3),
          entity('italic', 11, 1),
          { type: 'text_link', url: 'https://www.cmab.gov.hk/' },
          { type: 'pre', language: 'ts' },
        ],
      },
    })
  })

  test.each([
    ['<big>x</big>', 'Unsupported start tag "big" at byte offset 0'],
    ['川<b>x', 'Can\'t find end tag corresponding to start tag "b"'],
    ['川<b>x</i>', 'Unmatched end tag at byte offset 7, expected "</b>", found "</i>"'],
    ['川</b>', 'Unexpected end tag at byte offset 3'],
    ['1 < 2', 'Unclosed start tag at byte offset 2'],
    ['&#xD842;', 'invalid Unicode characters'],
  ])('wrong HTML is refused: %s', async (text, problem) => {
    expect((await send({ text, parse_mode: 'HTML' })).description).toContain(problem)
  })

  test('links and commands in what the bot sends become entities, but not inside code', async () => {
    expect(await send({ text: '/ask https://a.gov.hk @memoranda_bot', entities: [] })).toMatchObject({
      result: { entities: [{ type: 'bot_command' }, { type: 'url' }, { type: 'mention' }] },
    })
    expect(await send({ text: '/ask', entities: [entity('code', 0, 4)] })).toMatchObject({
      result: { entities: [{ type: 'code' }] },
    })
  })
})

describe('what people type', () => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ['/ask 滬港', ['bot_command /ask']],
    ['/ask滬港', []],
    ['/ask，滬港', ['bot_command /ask']],
    ['/ask@memoranda_bot 青年', ['bot_command /ask@memoranda_bot']],
    ['/ask@memoranda_bot青年', []],
    ['/ask@ab x', []],
    ['a/ask', []],
    ['/test/', []],
    ['請問@memoranda_bot', []],
    ['@memoranda_bot滬港', []],
    ['請問 @memoranda_bot：滬港', ['mention @memoranda_bot']],
    ['@abc @gif', ['mention @gif']],
    ['https://www.gov.hk/tc/a.htm。', ['url https://www.gov.hk/tc/a.htm']],
    ['見cmab.gov.hk', []],
    ['見 cmab.gov.hk', ['url cmab.gov.hk']],
    ['#青年 a@b.com', ['hashtag #青年', 'email a@b.com']],
  ]
  test.each(cases)('%s', (text, expected) => {
    const { entities = [] } = chat.says(text)
    expect(entities.map(({ type, offset, length }) => `${type} ${text.slice(offset, offset + length)}`)).toEqual(
      expected,
    )
  })

  test('entities given by the test stand instead', () => {
    const entities = [{ type: 'bold', offset: 0, length: 1 }]
    expect(chat.says('/x', { entities })).toMatchObject({ entities })
  })

  test('a private message arrives as an update with person and text', async () => {
    chat.says('四川有甚麼青年實習？')
    expect(await onlyUpdate()).toMatchObject({
      message: {
        text: '四川有甚麼青年實習？',
        from: { id: 7, language_code: 'zh-hant' },
        chat: { id: 7, type: 'private' },
      },
    })
  })

  test('an edit arrives as edited_message', async () => {
    const message = chat.says('四川')
    ada.edits(message, '湖北')
    expect((await updates())[1]).toMatchObject({
      edited_message: { message_id: message.message_id, text: '湖北', edit_date: expect.any(Number) },
    })
  })

  test('a reply and a forwarded message say so', async () => {
    await send({ text: '答' })
    const answer = await chat.nextMessage()
    chat.says('為何', { replyTo: answer })
    chat.says('原文', { forwardOrigin: { type: 'hidden_user', date: 1, sender_user_name: 'B' } })
    expect(await updates()).toMatchObject([
      { message: { reply_to_message: { text: '答' } } },
      { message: { forward_origin: { sender_user_name: 'B' } } },
    ])
  })

  test('a deep link starts the bot with its payload', async () => {
    chat.follows('https://t.me/memoranda_bot?start=sichuan-2018_5_1')
    expect(await onlyUpdate()).toMatchObject({ message: { text: '/start sichuan-2018_5_1' } })
    expect(() => chat.follows('https://t.me/other_bot?start=a')).toThrow('does not lead to')
    expect(() => chat.starts('川')).toThrow('Cannot start')
  })

  test('a file can be fetched', async () => {
    chat.sendsFile({ name: '備忘錄.pdf', bytes: new Uint8Array([1, 2, 3]), caption: '新' })
    const update = (await onlyUpdate()) as unknown as { message: Message }
    expect(update.message).toMatchObject({ document: { file_name: '備忘錄.pdf', file_size: 3 }, caption: '新' })
    const { result } = await call('getFile', { file_id: update.message.document?.file_id })
    const path = (result as { file_path: string }).file_path
    const response = await fetch(`${telegram.apiRoot}/file/bot${telegram.token}/${path}`)
    expect([...new Uint8Array(await response.arrayBuffer())]).toEqual([1, 2, 3])
    expect((await fetch(`${telegram.apiRoot}/file/bot1:x/${path}`)).status).toBe(404)
    expect(await call('getFile', { file_id: 'none' })).toMatchObject({ error_code: 400 })
  })
})

describe('buttons', () => {
  const button = (fields: Readonly<Record<string, unknown>>) => keyboard([{ text: 'b', ...fields }])
  test.each([
    ['callback data of 64 bytes', button({ callback_data: `${'川'.repeat(21)}x` })],
    [
      '100 buttons',
      keyboard(
        ...Array.from({ length: 20 }, () =>
          Array.from({ length: 5 }, (_, i) => ({ text: `${i}`, callback_data: 'c' })),
        ),
      ),
    ],
    ['an empty inline query', button({ switch_inline_query_current_chat: '' })],
    ['a link', button({ url: 'https://t.me/memoranda_bot?start=zhejiang-2025_5_21' })],
    ['a text to copy', button({ copy_text: { text: 'x'.repeat(256) } })],
    ['a style', button({ callback_data: 'c', style: 'primary' })],
  ])('%s', async (_, markup) => {
    expect(await send({ text: 'a', ...markup })).toMatchObject({ ok: true })
    expect(telegram.refusals).toEqual([])
  })

  test.each([
    ['callback data of 65 bytes', button({ callback_data: `${'川'.repeat(21)}xx` }), 'BUTTON_DATA_INVALID'],
    ['empty callback data', button({ callback_data: '' }), 'BUTTON_DATA_INVALID'],
    ['101 buttons', keyboard(...Array.from({ length: 101 }, () => [{ text: 'b', callback_data: 'c' }])), '101 buttons'],
    ['a button without text', keyboard([{ text: ' ', callback_data: 'c' }]), 'Text must be non-empty'],
    ['a button that does nothing', keyboard([{ text: 'b' }]), 'Text buttons are unallowed'],
    ['a button that does two things', button({ callback_data: 'c', url: 'https://a.b' }), 'exactly one action'],
    ['no link', button({ url: 'nowhere' }), 'BUTTON_URL_INVALID'],
    [
      'a payload with a slash',
      button({ url: 'https://t.me/memoranda_bot?start=sichuan-2018/5.1' }),
      'payload of a deep link',
    ],
    [
      'a payload of 65 characters',
      button({ url: `https://t.me/memoranda_bot?start=${'x'.repeat(65)}` }),
      'payload of a deep link',
    ],
    ['nothing to copy', button({ copy_text: { text: '' } }), 'BUTTON_COPY_TEXT_INVALID'],
    ['an unknown style', button({ callback_data: 'c', style: 'pink' }), 'style "pink" is unknown'],
  ])('%s is refused', async (_, markup, problem) => {
    expect((await send({ text: 'a', ...markup })).description).toContain(problem)
    expect(telegram.refusals).toMatchObject([{ kind: 'limit' }])
  })

  test('a payload in a text link is checked too', async () => {
    const link = (url: string) => send({ text: 'a', entities: [{ type: 'text_link', offset: 0, length: 1, url }] })
    expect(await link('https://t.me/memoranda_bot?start=a-b_c')).toMatchObject({ ok: true })
    expect((await link('https://t.me/memoranda_bot?start=a.b')).description).toContain('payload of a deep link')
  })

  test('a press asks the bot, and one answer is allowed', async () => {
    await send({ text: 'a', ...keyboard([{ text: '全文', callback_data: 'full:1' }]) })
    const message = await chat.nextMessage()
    expect(buttonTexts(message)).toEqual([['全文']])
    const pressed = ada.presses(message, '全文')
    const { callback_query: query } = (await onlyUpdate()) as unknown as { callback_query: { id: string } }
    expect(query).toMatchObject({
      data: 'full:1',
      from: { id: 7 },
      message: { message_id: message.message_id, text: 'a' },
    })
    expect(await call('answerCallbackQuery', { callback_query_id: query.id, text: '好' })).toMatchObject({ ok: true })
    expect((await pressed).params).toMatchObject({ text: '好' })
    const tooLate = 'Bad Request: query is too old and response timeout expired or query ID is invalid'
    expect(await call('answerCallbackQuery', { callback_query_id: query.id })).toMatchObject({
      error_code: 400,
      description: tooLate,
    })
    expect(await call('answerCallbackQuery', { callback_query_id: 'none' })).toMatchObject({
      error_code: 400,
      description: tooLate,
    })
    expect(telegram.refusals).toEqual([])
    await expect(ada.presses(message, '下一項')).rejects.toThrow('the buttons are ["全文"]')
  })

  test('a press is answered too late after its deadline, and a toast has 200 characters at most', async () => {
    await send({ text: 'a', ...keyboard([{ text: 'b', callback_data: 'c' }]) })
    const message = await chat.nextMessage()
    ada.presses(message, 'b').catch(() => {})
    ada.presses(message, 'b').catch(() => {})
    expect(await call('answerCallbackQuery', { callback_query_id: 'callback-1', text: 'x'.repeat(201) })).toMatchObject(
      { description: 'Bad Request: MESSAGE_TOO_LONG' },
    )
    expect(await call('answerCallbackQuery', { callback_query_id: 'callback-1', text: 'x'.repeat(200) })).toMatchObject(
      { ok: true },
    )
    telegram.passes(151_000)
    expect(await call('answerCallbackQuery', { callback_query_id: 'callback-2' })).toMatchObject({ error_code: 400 })
    expect(await updates()).toEqual([])
  })
})

describe('replies, edits and deletions', () => {
  test('a reply needs a message, unless it may go without', async () => {
    const asked = chat.says('問')
    expect(await send({ text: 'a', reply_parameters: { message_id: asked.message_id } })).toMatchObject({
      result: { reply_to_message: { text: '問' } },
    })
    expect(await send({ text: 'a', reply_parameters: { message_id: 999 } })).toMatchObject({
      description: 'Bad Request: message to be replied not found',
    })
    expect(
      await send({ text: 'a', reply_parameters: { message_id: 999, allow_sending_without_reply: true } }),
    ).toMatchObject({ ok: true })
  })

  test('a quotation in a reply must stand in the message', async () => {
    const asked = chat.says('四川青年實習')
    expect(await send({ text: 'a', reply_parameters: { message_id: asked.message_id, quote: '青年' } })).toMatchObject({
      result: { quote: { text: '青年', position: 2 } },
    })
    expect(await send({ text: 'a', reply_parameters: { message_id: asked.message_id, quote: '金融' } })).toMatchObject({
      description: 'Bad Request: QUOTE_TEXT_INVALID',
    })
  })

  test('an edit changes the message, and without markup its buttons go', async () => {
    await send({ text: 'a', ...keyboard([{ text: 'b', callback_data: 'c' }]) })
    const message = await chat.nextMessage()
    const target = { chat_id: 7, message_id: message.message_id }
    expect(await call('editMessageText', { ...target, text: 'b' })).toMatchObject({
      result: { text: 'b', edit_date: expect.any(Number) },
    })
    expect(await chat.nextEdit()).toMatchObject({ text: 'b', call: { method: 'editMessageText' } })
    expect(chat.now(message)?.reply_markup).toBeUndefined()
    expect(
      await call('editMessageReplyMarkup', { ...target, ...keyboard([{ text: 'z', callback_data: 'c' }]) }),
    ).toMatchObject({ ok: true })
    expect(buttonTexts(await chat.nextEdit())).toEqual([['z']])
  })

  test("an edit that changes nothing, or a message that is not there or not the bot's, is refused", async () => {
    const asked = chat.says('問')
    await send({ text: 'a' })
    const target = { chat_id: 7, message_id: (await chat.nextMessage()).message_id }
    expect((await call('editMessageText', { ...target, text: 'a' })).description).toContain('message is not modified')
    expect(await call('editMessageText', { chat_id: 7, message_id: 999, text: 'b' })).toMatchObject({
      description: 'Bad Request: message to edit not found',
    })
    expect(await call('editMessageText', { chat_id: 7, message_id: asked.message_id, text: 'b' })).toMatchObject({
      description: "Bad Request: message can't be edited",
    })
    expect(await call('editMessageText', { text: 'b' })).toMatchObject({
      description: 'Bad Request: message identifier is not specified',
    })
    expect(await call('editMessageCaption', { ...target, caption: 'b' })).toMatchObject({
      description: 'Bad Request: there is no caption in the message to edit',
    })
    expect(await call('editMessageText', target)).toMatchObject({ description: 'Bad Request: message text is empty' })
  })

  test('a caption can be edited', async () => {
    await call('sendDocument', { chat_id: 7, document: await storedFile(), caption: 'a' })
    const { message_id } = await chat.nextMessage()
    expect(await call('editMessageCaption', { chat_id: 7, message_id, caption: 'b' })).toMatchObject({
      result: { caption: 'b' },
    })
  })

  test('a deleted message is gone', async () => {
    await send({ text: 'a' })
    const { message_id } = await chat.nextMessage()
    expect(await call('deleteMessage', { chat_id: 7, message_id })).toMatchObject({ ok: true })
    expect(chat.room.deleted).toEqual([message_id])
    expect(await call('deleteMessage', { chat_id: 7, message_id })).toMatchObject({
      description: 'Bad Request: message to delete not found',
    })
    expect(await call('editMessageText', { chat_id: 7, message_id, text: 'b' })).toMatchObject({ error_code: 400 })
    expect(await call('deleteMessages', { chat_id: 7, message_ids: [message_id] })).toMatchObject({ ok: true })
  })
})

describe('files', () => {
  test('Telegraf sends a document with caption and buttons as multipart', async () => {
    const bot = new Telegraf(telegram.token, { telegram: { apiRoot: telegram.apiRoot } })
    await bot.telegram.sendDocument(7, Input.fromBuffer(Buffer.from('川,港\n'), '比較.csv'), {
      caption: '表',
      ...keyboard([{ text: 'b', callback_data: 'c' }]),
    } as never)
    const message = await chat.nextMessage()
    expect(message).toMatchObject({
      document: { file_name: '比較.csv', file_size: 8 },
      caption: '表',
      reply_markup: { inline_keyboard: [[{ text: 'b' }]] },
    })
    expect(Buffer.from(message.call.files[0]?.bytes ?? []).toString()).toBe('川,港\n')
    expect(telegram.refusals).toEqual([])
  })

  test('attach:// names an uploaded file', async () => {
    const upload = async (document: string) => {
      const form = new FormData()
      form.set('chat_id', '7')
      form.set('document', document)
      form.set('part', new Blob(['x']), 'a.txt')
      return (
        await fetch(`${telegram.apiRoot}/bot${telegram.token}/sendDocument`, { method: 'POST', body: form })
      ).json()
    }
    expect(await upload('attach://part')).toMatchObject({ ok: true, result: { document: { file_name: 'a.txt' } } })
    expect(await upload('attach://other')).toMatchObject({ error_code: 400 })
  })

  test('a file that is too large or empty is refused', async () => {
    await restart({ maxUploadBytes: 100, maxDownloadBytes: 50 })
    const upload = async (bytes: number) => {
      const form = new FormData()
      form.set('chat_id', '7')
      form.set('document', new Blob(['x'.repeat(bytes)]), 'a.txt')
      return (
        await fetch(`${telegram.apiRoot}/bot${telegram.token}/sendDocument`, { method: 'POST', body: form })
      ).json() as Promise<{ result: Message }>
    }
    const { result } = await upload(100)
    expect(await upload(101)).toMatchObject({ ok: false, error_code: 413, description: 'Request Entity Too Large' })
    expect(await upload(2_000_000)).toMatchObject({ ok: false, error_code: 413 })
    expect(await upload(0)).toMatchObject({ error_code: 400, description: 'Bad Request: file must be non-empty' })
    expect(await call('getFile', { file_id: result.document?.file_id })).toMatchObject({
      description: 'Bad Request: file is too big',
    })
  })

  test('a file can be sent again by its id, and an unknown id is refused', async () => {
    expect(await call('sendDocument', { chat_id: 7, document: await storedFile() })).toMatchObject({ ok: true })
    expect(await call('sendDocument', { chat_id: 7, document: 'none' })).toMatchObject({
      description: 'Bad Request: wrong file identifier/HTTP URL specified',
    })
  })
})

async function storedFile(): Promise<string> {
  const { document } = chat.sendsFile({ name: 'a.txt', bytes: new Uint8Array([1]) })
  return document?.file_id ?? ''
}

describe('inline mode', () => {
  /** Types a query; the results go out without the test waiting for them. */
  const type = (text: string) => {
    const answer = ada.inline(text, { chatType: 'group' })
    answer.catch(() => {})
    return answer
  }
  const answerWith = (params: Readonly<Record<string, unknown>>, id = 'inline-query-1') =>
    call('answerInlineQuery', { inline_query_id: id, ...params })

  test('a query arrives and its answer comes back', async () => {
    const answer = ada.inline('川七4', { offset: '50', chatType: 'group' })
    expect(await onlyUpdate()).toMatchObject({
      inline_query: { query: '川七4', offset: '50', from: { id: 7 }, chat_type: 'group' },
    })
    await answerWith({
      results: [article('sichuan-2018/7.4')],
      next_offset: '',
      is_personal: true,
      button: { text: '語言', start_parameter: 'lang' },
    })
    expect(await answer).toMatchObject({
      results: [{ id: 'sichuan-2018/7.4' }],
      is_personal: true,
      button: { start_parameter: 'lang' },
    })
  })

  test.each([
    ['50 results', { results: Array.from({ length: 50 }, (_, i) => article(`${i}`)), next_offset: 'x'.repeat(64) }],
    ['an id of 64 bytes', { results: [article(`${'川'.repeat(21)}x`)] }],
    ['a button alone', { results: [], button: { text: '無', start_parameter: 'x'.repeat(64) } }],
  ])('%s', async (_, params) => {
    type('q')
    expect(await answerWith(params)).toMatchObject({ ok: true })
  })

  test.each([
    ['51 results', { results: Array.from({ length: 51 }, (_, i) => article(`${i}`)) }, 'RESULTS_TOO_MUCH'],
    ['an id twice', { results: [article('1'), article('1')] }, 'RESULT_ID_DUPLICATE'],
    ['an id of 65 bytes', { results: [article(`${'川'.repeat(21)}xx`)] }, 'RESULT_ID_INVALID'],
    ['an empty id', { results: [article('')] }, 'RESULT_ID_INVALID'],
    ['an empty title', { results: [{ ...article('1'), title: ' ' }] }, 'ARTICLE_TITLE_EMPTY'],
    ['a text too long', { results: [article('1', 'x'.repeat(4097))] }, 'message is too long'],
    ['an offset of 65 bytes', { results: [], next_offset: 'x'.repeat(65) }, 'NEXT_OFFSET_INVALID'],
    [
      'a start parameter with a slash',
      { results: [], button: { text: 'b', start_parameter: 'a/b' } },
      'START_PARAM_INVALID',
    ],
    ['an empty start parameter', { results: [], button: { text: 'b', start_parameter: '' } }, 'START_PARAM_EMPTY'],
    [
      'a start parameter of 65 characters',
      { results: [], button: { text: 'b', start_parameter: 'x'.repeat(65) } },
      'START_PARAM_INVALID',
    ],
    ['a button without purpose', { results: [], button: { text: 'b' } }, 'exactly one of start_parameter and web_app'],
    ['a button without text', { results: [], button: { text: '', start_parameter: 'a' } }, 'SWITCH_PM_TEXT_EMPTY'],
    [
      'wrong buttons of a result',
      { results: [{ ...article('1'), ...keyboard([{ text: 'b' }]) }] },
      'Text buttons are unallowed',
    ],
  ])('%s is refused', async (_, params, problem) => {
    type('q')
    expect((await answerWith(params)).description).toContain(problem)
    expect(telegram.refusals).toMatchObject([{ kind: 'limit' }])
  })

  test('a query is answered once, and not after its deadline', async () => {
    type('a')
    type('b')
    expect(await answerWith({ results: [] })).toMatchObject({ ok: true })
    expect((await answerWith({ results: [] })).description).toContain('query is too old')
    telegram.passes(16_000)
    expect((await answerWith({ results: [] }, 'inline-query-2')).description).toContain('query is too old')
    expect(telegram.refusals).toEqual([])
  })

  test('a chosen result stands in the chat, and its buttons and edits go by the inline message id', async () => {
    const answer = type('q')
    await answerWith({ results: [{ ...article('1', '**川**'), ...keyboard([{ text: '全文', callback_data: 'f' }]) }] })
    const group = telegram.group({ title: '內地組' })
    const message = ada.picks(await answer, '1', group, 'q')
    expect(message).toMatchObject({ text: '**川**', via_bot: { username: 'memoranda_bot' } })
    const [, chosen, posted] = await confirm()
    expect(chosen).toMatchObject({ chosen_inline_result: { result_id: '1', inline_message_id: 'inline-1' } })
    expect(posted).toMatchObject({ message: { via_bot: { is_bot: true } } })
    ada.presses(message, '全文').catch(() => {})
    expect(await onlyUpdate()).toMatchObject({ callback_query: { inline_message_id: 'inline-1' } })
    expect(await call('editMessageText', { inline_message_id: 'inline-1', text: 'b' })).toMatchObject({
      ok: true,
      result: true,
    })
    expect(group.now(message)?.text).toBe('b')
    expect(await call('editMessageText', { inline_message_id: 'none', text: 'b' })).toMatchObject({
      description: 'Bad Request: MESSAGE_ID_INVALID',
    })
    expect(() => ada.picks({ results: [], call: telegram.calls[0] as never }, '2', group)).toThrow('Cannot choose')
  })
})

describe('rich messages', () => {
  const rich = (html: string) => call('sendRichMessage', { chat_id: 7, rich_message: { html } })

  test('a table, details and a quotation with credit become blocks', async () => {
    const html =
      '<h2>金融</h2><table bordered><tr><th>省</th><th align="center">項</th></tr><tr><td>四川</td><td><a href="https://t.me/b?start=a">七4</a></td></tr></table><details><summary>更多</summary><p>一<br>二</p></details><blockquote>原文<cite>川港 2018</cite></blockquote><ul><li>甲</li></ul><hr/>'
    expect(await rich(html)).toMatchObject({
      ok: true,
      result: {
        rich_message: {
          blocks: [
            { type: 'heading', size: 2, text: '金融' },
            {
              type: 'table',
              is_bordered: true,
              cells: [
                [{ text: '省', is_header: true }, { align: 'center' }],
                [{ text: '四川' }, { text: { type: 'url', text: '七4' } }],
              ],
            },
            { type: 'details', summary: '更多', blocks: [{ type: 'paragraph', text: ['一', '\n', '二'] }] },
            { type: 'blockquote', credit: '川港 2018', blocks: [{ text: '原文' }] },
            { type: 'list', items: [{ blocks: [{ text: '甲' }] }] },
            { type: 'divider' },
          ],
        },
      },
    })
    expect(await chat.nextMessage()).toMatchObject({ call: { params: { rich_message: { html } } } })
  })

  test.each([
    ['an unknown tag', '<p>a</p><marquee>b</marquee>', 'Unsupported start tag "marquee"'],
    ['an unclosed tag', '<p>a', "Can't find end tag"],
    ['a wrong end tag', '<p><b>a</p></b>', 'Unmatched end tag'],
    ['a row outside a table', '<tr><td>a</td></tr>', 'Tag "tr" can\'t be used inside ""'],
    ['text between cells', '<table><tr>a<td>b</td></tr></table>', 'text between the cells'],
    ['a paragraph inside a cell', '<table><tr><td><p>a</p></td></tr></table>', 'Tag "p" can\'t be used inside "td"'],
    ['21 columns', `<table><tr>${'<td>a</td>'.repeat(21)}</tr></table>`, '21 columns'],
    ['details without summary', '<details><p>a</p></details>', 'exactly one "summary"'],
    ['32 769 characters', `<p>${'x'.repeat(32_769)}</p>`, '32769 characters'],
    ['501 blocks', '<p>a</p>'.repeat(501), '501 blocks'],
    ['17 levels', `${'<blockquote>'.repeat(17)}a${'</blockquote>'.repeat(17)}`, '16 levels'],
    ['nothing', '<p> </p>', 'rich message is empty'],
  ])('%s is refused', async (_, html, problem) => {
    expect((await rich(html)).description).toContain(problem)
    expect(telegram.refusals).toMatchObject([{ kind: 'limit' }])
  })

  test('exactly one of HTML and Markdown is allowed', async () => {
    expect(
      (await call('sendRichMessage', { chat_id: 7, rich_message: { html: '<p>a</p>', markdown: 'a' } })).description,
    ).toContain('exactly one')
    expect((await call('sendRichMessage', { chat_id: 7, rich_message: {} })).description).toContain('exactly one')
  })

  test('a message can be edited into a rich one', async () => {
    await send({ text: 'a' })
    const { message_id } = await chat.nextMessage()
    expect(await call('editMessageText', { chat_id: 7, message_id, rich_message: { html: '<p>b</p>' } })).toMatchObject(
      { result: { rich_message: { blocks: [{ text: 'b' }] } } },
    )
  })

  test('drafts go to private chats only', async () => {
    const group = telegram.group({ title: 'g' })
    expect(await call('sendMessageDraft', { chat_id: 7, draft_id: 1, text: 'a' })).toMatchObject({ result: true })
    expect(
      await call('sendRichMessageDraft', { chat_id: 7, draft_id: 1, rich_message: { html: '<p>b</p>' } }),
    ).toMatchObject({ result: true })
    expect(await call('sendMessageDraft', { chat_id: 7, draft_id: 0, text: 'a' })).toMatchObject({ error_code: 400 })
    expect(await call('sendMessageDraft', { chat_id: group.id, draft_id: 1, text: 'a' })).toMatchObject({
      error_code: 400,
    })
  })

  test('an older server does not know them, which is no mistake of the bot', async () => {
    await restart({ features: { richMessages: false } })
    expect(await rich('<p>a</p>')).toEqual({ ok: false, error_code: 404, description: 'Not Found' })
    expect(
      await call('editMessageText', { chat_id: 7, message_id: 1, rich_message: { html: '<p>b</p>' } }),
    ).toMatchObject({ error_code: 400 })
    expect(telegram.refusals).toEqual([])
  })
})

describe('groups', () => {
  const heard = async () => (await confirm()).flatMap((update) => (update.message as Message | undefined)?.text ?? [])

  test('with privacy on, the bot gets commands meant for it, replies to it and commands after it spoke', async () => {
    const group = telegram.group({ title: '內地組', members: [ada] })
    group.hears(ada, '大家好')
    group.hears(ada, '@memoranda_bot 四川')
    group.hears(ada, '/ask 四川')
    group.hears(ada, '/ask@other_bot 四川')
    group.hears(ada, '/ask@memoranda_bot青年')
    expect(await heard()).toEqual([])
    group.hears(ada, '/ask@memoranda_bot 四川')
    expect(await heard()).toEqual(['/ask@memoranda_bot 四川'])
    await call('sendMessage', { chat_id: group.id, text: '答' })
    group.hears(ada, '/browse')
    group.hears(ada, '為何', { replyTo: await group.nextMessage() })
    expect(await heard()).toEqual(['/browse', '為何'])
    group.hearsOtherBot('hi')
    group.hears(ada, '/browse')
    expect(await heard()).toEqual([])
  })

  test.each(['privacy off', 'administrator'])('with %s, the bot gets everything', async (how) => {
    const group = telegram.group({ title: 'g', bot: how === 'administrator' ? 'administrator' : 'member' })
    if (how === 'privacy off') telegram.setBot({ can_read_all_group_messages: true })
    expect(await call('getMe')).toMatchObject({
      result: { can_read_all_group_messages: how === 'privacy off', supports_guest_queries: true },
    })
    group.hears(ada, '@memoranda_bot 四川')
    expect(await heard()).toEqual(['@memoranda_bot 四川'])
  })

  test('an answer goes into the topic of the question, and an unknown topic is refused', async () => {
    const group = telegram.group({ title: 'f', forum: true })
    const thread = group.opensTopic(ada, '金融')
    const asked = group.hears(ada, '/ask@memoranda_bot 金融', { threadId: thread })
    expect(asked).toMatchObject({ message_thread_id: thread, is_topic_message: true })
    const to = { chat_id: group.id, text: 'a' }
    expect(await call('sendMessage', { ...to, message_thread_id: thread })).toMatchObject({
      result: { message_thread_id: thread },
    })
    expect(await call('sendMessage', { ...to, reply_parameters: { message_id: asked.message_id } })).toMatchObject({
      result: { message_thread_id: thread },
    })
    expect((await call('sendMessage', to)).result).not.toHaveProperty('message_thread_id')
    expect(await call('sendMessage', { ...to, message_thread_id: 999 })).toMatchObject({
      description: 'Bad Request: message thread not found',
    })
    expect(() => telegram.group({ title: 'g' }).opensTopic(ada, 'x')).toThrow('no forum')
  })

  test('members and administrators are told', async () => {
    const bert = telegram.person({ id: 8, first_name: 'Bert' })
    const group = telegram.group({ title: 'g', members: [ada] })
    group.sets(bert, 'administrator')
    const member = (user_id: number) => call('getChatMember', { chat_id: group.id, user_id })
    expect(await member(7)).toMatchObject({ result: { status: 'member' } })
    expect(await member(8)).toMatchObject({ result: { status: 'administrator', can_manage_chat: true } })
    expect(await member(telegram.world.bot.id)).toMatchObject({ result: { status: 'member' } })
    expect(await member(telegram.person({ id: 9, first_name: 'C' }).id)).toMatchObject({ result: { status: 'left' } })
    expect(await member(10)).toMatchObject({ description: 'Bad Request: member not found' })
    group.sets(ada, 'restricted')
    expect(await member(7)).toMatchObject({ result: { status: 'restricted' } })
    expect(await call('getChatAdministrators', { chat_id: group.id })).toMatchObject({ result: [{ user: { id: 8 } }] })
    expect(await call('getChatAdministrators', { chat_id: 7 })).toMatchObject({ error_code: 400 })
    expect(await call('getChatMemberCount', { chat_id: group.id })).toMatchObject({ result: 3 })
    expect(await call('getChat', { chat_id: group.id })).toMatchObject({ result: { title: 'g', type: 'group' } })
    expect(await call('getChat', { chat_id: -1 })).toMatchObject({ description: 'Bad Request: chat not found' })
    telegram.group({ title: 'p', type: 'supergroup', username: 'open_group' })
    expect(await call('getChat', { chat_id: '@open_group' })).toMatchObject({ result: { title: 'p' } })
  })

  test('the bot is told that it was added, promoted and removed, and cannot write afterwards', async () => {
    const group = telegram.group({ title: 'g', bot: 'left' })
    expect(await call('sendMessage', { chat_id: group.id, text: 'a' })).toMatchObject({
      description: 'Forbidden: bot is not a member of the group chat',
    })
    group.setsBot('member', ada)
    group.setsBot('administrator', ada)
    group.setsBot('kicked', ada)
    expect(await confirm()).toMatchObject([
      {
        my_chat_member: { old_chat_member: { status: 'left' }, new_chat_member: { status: 'member' }, from: { id: 7 } },
      },
      { message: { new_chat_members: [{ is_bot: true }] } },
      { my_chat_member: { new_chat_member: { status: 'administrator' } } },
      { my_chat_member: { new_chat_member: { status: 'kicked' } } },
    ])
    expect(await call('sendMessage', { chat_id: group.id, text: 'a' })).toMatchObject({
      error_code: 403,
      description: 'Forbidden: bot was kicked from the group chat',
    })
  })

  test('the bot can leave a group', async () => {
    const group = telegram.group({ title: 'g' })
    expect(await call('leaveChat', { chat_id: group.id })).toMatchObject({ ok: true })
    expect(await onlyUpdate()).toMatchObject({ my_chat_member: { new_chat_member: { status: 'left' } } })
    expect(await call('leaveChat', { chat_id: group.id })).toMatchObject({ error_code: 403 })
    expect(await call('leaveChat', { chat_id: 7 })).toMatchObject({ error_code: 400 })
  })

  test('a group that becomes a supergroup tells its new id', async () => {
    const group = telegram.group({ title: 'g' })
    const { from, to } = group.migrates(ada)
    expect(await confirm()).toMatchObject([
      { message: { chat: { id: from }, migrate_to_chat_id: to } },
      { message: { chat: { id: to, type: 'supergroup' }, migrate_from_chat_id: from } },
    ])
    expect(await call('sendMessage', { chat_id: from, text: 'a' })).toMatchObject({
      error_code: 400,
      parameters: { migrate_to_chat_id: to },
    })
    expect(await call('sendMessage', { chat_id: to, text: 'a' })).toMatchObject({ ok: true })
    expect(() => group.migrates(ada)).toThrow('supergroup already')
  })

  test('a person can stop and restart the bot, and it cannot write first', async () => {
    const bert = telegram.privateChat(telegram.person({ id: 8, first_name: 'Bert' }))
    const write = () => call('sendMessage', { chat_id: 8, text: 'a' })
    expect(await write()).toMatchObject({ description: "Forbidden: bot can't initiate conversation with a user" })
    bert.starts()
    expect(await write()).toMatchObject({ ok: true })
    bert.blocks()
    expect(await write()).toMatchObject({ description: 'Forbidden: bot was blocked by the user' })
    bert.unblocks()
    expect(await write()).toMatchObject({ ok: true })
    expect((await confirm()).slice(1)).toMatchObject([
      { my_chat_member: { new_chat_member: { status: 'kicked' } } },
      { my_chat_member: { new_chat_member: { status: 'member' } } },
    ])
  })

  test('chat actions are noted, and unknown ones refused', async () => {
    expect(await call('sendChatAction', { chat_id: 7, action: 'typing' })).toMatchObject({ ok: true })
    expect(chat.room.actions).toMatchObject([{ action: 'typing' }])
    expect(await call('sendChatAction', { chat_id: 7, action: 'thinking' })).toMatchObject({ error_code: 400 })
  })
})

describe('guest mode', () => {
  const mention = () => {
    const group = telegram.group({ title: '別人的組', bot: 'left' })
    return { group, message: group.hears(ada, '@memoranda_bot 川七4') }
  }

  test('mentioned where it is no member, the bot may answer once', async () => {
    const { group } = mention()
    const { guest_message: message } = (await onlyUpdate()) as unknown as { guest_message: Message }
    expect(message).toMatchObject({
      text: '@memoranda_bot 川七4',
      chat: { id: group.id },
      guest_query_id: 'guest-query-1',
    })
    const answer = () =>
      call('answerGuestQuery', { guest_query_id: message.guest_query_id, result: article('1', '原文') })
    expect(await answer()).toMatchObject({ result: { inline_message_id: 'inline-1' } })
    expect(await group.nextMessage()).toMatchObject({ text: '原文', guest_bot_caller_user: { id: 7 } })
    expect((await answer()).description).toContain('query is too old')
  })

  test('a result that is too long is refused, and a message without mention calls nobody', async () => {
    const { group } = mention()
    group.hears(ada, '川七4')
    await onlyUpdate()
    expect(
      (await call('answerGuestQuery', { guest_query_id: 'guest-query-1', result: article('1', 'x'.repeat(4097)) }))
        .description,
    ).toContain('too long')
  })

  test('an older server knows nothing of it', async () => {
    await restart({ features: { guestQueries: false } })
    mention()
    expect(await updates()).toEqual([])
    expect((await call('getMe')).result).not.toHaveProperty('supports_guest_queries')
    expect(await call('answerGuestQuery', { guest_query_id: 'x', result: article('1') })).toMatchObject({
      error_code: 404,
    })
    expect(telegram.refusals).toEqual([])
  })
})

describe('commands and descriptions', () => {
  const command = (name: string, description = 'd') => ({ commands: [{ command: name, description }] })

  test('are kept per scope and language', async () => {
    const groups = { scope: { type: 'all_group_chats' } }
    await call('setMyCommands', { ...command('ask'), language_code: 'zh' })
    await call('setMyCommands', { ...command('browse'), ...groups })
    expect(await call('getMyCommands', { language_code: 'zh' })).toMatchObject({ result: [{ command: 'ask' }] })
    expect(await call('getMyCommands', groups)).toMatchObject({ result: [{ command: 'browse' }] })
    expect(await call('getMyCommands')).toMatchObject({ result: [] })
    await call('deleteMyCommands', groups)
    expect(await call('getMyCommands', groups)).toMatchObject({ result: [] })
    expect(await call('setMyCommands', { ...command('ask'), scope: { type: 'chat', chat_id: 7 } })).toMatchObject({
      ok: true,
    })
  })

  test.each([
    ['an upper-case name', command('Ask'), 'BOT_COMMAND_INVALID'],
    ['a Chinese name', command('問'), 'BOT_COMMAND_INVALID'],
    ['a name of 33 characters', command('a'.repeat(33)), 'BOT_COMMAND_INVALID'],
    ['an empty name', command(''), 'BOT_COMMAND_INVALID'],
    ['no description', command('ask', ''), 'BOT_COMMAND_DESCRIPTION_INVALID'],
    ['a description of 257 characters', command('ask', 'x'.repeat(257)), 'BOT_COMMAND_DESCRIPTION_INVALID'],
    [
      '101 commands',
      { commands: Array.from({ length: 101 }, (_, i) => ({ command: `c${i}`, description: 'd' })) },
      'BOT_COMMANDS_TOO_MUCH',
    ],
    [
      'a command twice',
      { commands: [...command('ask').commands, ...command('ask').commands] },
      'BOT_COMMAND_DUPLICATE',
    ],
    ['a language that is none', { ...command('ask'), language_code: 'zh-hant' }, 'LANG_CODE_INVALID'],
    ['an unknown scope', { ...command('ask'), scope: { type: 'planet' } }, 'scope is no BotCommandScope'],
    ['a chat that is none', { ...command('ask'), scope: { type: 'chat', chat_id: 999 } }, 'chat not found'],
  ])('%s is refused', async (_, params, problem) => {
    expect((await call('setMyCommands', params)).description).toContain(problem)
  })

  test('limits are inclusive', async () => {
    expect(await call('setMyCommands', command('a'.repeat(32), 'x'.repeat(256)))).toMatchObject({ ok: true })
    expect(
      await call('setMyCommands', {
        commands: Array.from({ length: 100 }, (_, i) => ({ command: `c${i}`, description: 'd' })),
      }),
    ).toMatchObject({ ok: true })
  })

  test.each([
    ['Description', 'description', 512],
    ['ShortDescription', 'short_description', 120],
    ['Name', 'name', 64],
  ])('My%s is kept by language, up to its limit', async (method, field, limit) => {
    expect(await call(`setMy${method}`, { [field]: '川'.repeat(limit), language_code: 'zh' })).toMatchObject({
      ok: true,
    })
    expect(await call(`getMy${method}`, { language_code: 'zh' })).toMatchObject({
      result: { [field]: '川'.repeat(limit) },
    })
    expect((await call(`getMy${method}`, {})).result).not.toMatchObject({ [field]: '川'.repeat(limit) })
    expect(await call(`setMy${method}`, { [field]: '川'.repeat(limit + 1) })).toMatchObject({ error_code: 400 })
  })
})

describe('getUpdates', () => {
  test('an update comes again until a higher offset confirms it', async () => {
    chat.says('一')
    chat.says('二')
    const [first, second] = await updates()
    expect((await updates()).map((update) => update.update_id)).toEqual([first?.update_id, second?.update_id])
    expect(await updates({ offset: second?.update_id })).toMatchObject([{ message: { text: '二' } }])
    expect(await updates({ limit: 1, offset: (second?.update_id ?? 0) + 1 })).toEqual([])
  })

  test('a negative offset keeps the last updates, and limit takes the first', async () => {
    for (const text of ['一', '二', '三']) chat.says(text)
    expect(await updates({ limit: 2 })).toMatchObject([{ message: { text: '一' } }, { message: { text: '二' } }])
    expect(await updates({ offset: -1 })).toMatchObject([{ message: { text: '三' } }])
    expect(await updates()).toHaveLength(1)
  })

  test('a long poll ends when an update comes, or after its time', async () => {
    const waiting = updates({ timeout: 50 })
    await until(() => telegram.world.updates.isPolled)
    chat.says('一')
    expect(await waiting).toHaveLength(1)
    const inVain = updates({ timeout: 1, offset: 2000 })
    await until(() => telegram.world.updates.isPolled)
    expect(await inVain).toEqual([])
  })

  test('only the kinds asked for are delivered, chat_member only when asked for', async () => {
    const group = telegram.group({ title: 'g', bot: 'administrator' })
    group.sets(ada, 'member')
    expect(await updates({ allowed_updates: ['chat_member'] })).toEqual([])
    group.sets(ada, 'left')
    chat.says('一')
    expect(await onlyUpdate()).toMatchObject({ chat_member: { new_chat_member: { status: 'left' } } })
  })

  test('a second poller ends the first with 409', async () => {
    const first = call('getUpdates', { timeout: 50 })
    await until(() => telegram.world.updates.isPolled)
    const second = call('getUpdates', { timeout: 50 })
    expect(await first).toMatchObject({
      error_code: 409,
      description: expect.stringContaining('terminated by other getUpdates'),
    })
    chat.says('一')
    expect((await second).result).toHaveLength(1)
  })

  test('updates are kept for a day, inline queries for half a minute', async () => {
    chat.says('一')
    ada.inline('q').catch(() => {})
    telegram.passes(31_000)
    expect(await onlyUpdate()).toMatchObject({ message: { text: '一' } })
    telegram.passes(86_400_000)
    expect(await updates()).toEqual([])
  })

  test('Telegraf polls, answers and stops', async () => {
    const bot = new Telegraf(telegram.token, { telegram: { apiRoot: telegram.apiRoot } })
    bot.on('message', (ctx) => ctx.reply('答'))
    const launched = bot.launch()
    chat.says('問')
    expect(await chat.nextMessage()).toMatchObject({ text: '答' })
    await telegram.quiet()
    expect(chat.unread).toEqual([])
    bot.stop()
    await launched
    expect(telegram.refusals).toEqual([])
  })

  test('a test that waits in vain is told what the bot did', async () => {
    await send({ text: '' })
    await expect(chat.nextMessage(20)).rejects.toThrow(
      'No message came into chat 7. Last calls: sendMessage refused: Bad Request: message text is empty',
    )
    chat.says('一')
    await expect(telegram.quiet({ timeoutMs: 30 })).rejects.toThrow('1 updates wait')
  })
})

describe('webhook', () => {
  /** A bot that notes what arrives and answers as told. */
  async function receiver(answer: (update: Update) => { status: number; body?: unknown; after?: Promise<unknown> }) {
    const seen: { update: Update; secret: string | undefined }[] = []
    const server = createServer(async (request, response) => {
      const chunks: Buffer[] = []
      for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
      const update = JSON.parse(Buffer.concat(chunks).toString()) as Update
      seen.push({ update, secret: request.headers['x-telegram-bot-api-secret-token'] as string | undefined })
      const { status, body, after } = answer(update)
      await after
      response.writeHead(status).end(body === undefined ? '' : JSON.stringify(body))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return {
      seen,
      url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
      close: () => new Promise((resolve) => server.close(resolve)),
    }
  }
  const textOf = (update: Update) => (update.message as Message).text

  test('updates are sent with the secret, in order per chat, and repeated until taken', async () => {
    let failures = 2
    const hook = await receiver((update) =>
      textOf(update) === '一' && failures-- > 0 ? { status: 500 } : { status: 200 },
    )
    expect(
      await call('setWebhook', {
        url: hook.url,
        secret_token: 'abc',
        max_connections: 2,
        allowed_updates: ['message'],
      }),
    ).toMatchObject({ ok: true })
    const bert = telegram.privateChat(telegram.person({ id: 8, first_name: 'Bert' }))
    chat.says('一')
    chat.says('二')
    bert.says('三')
    await telegram.quiet()
    const texts = hook.seen.map(({ update }) => textOf(update))
    expect(texts.filter((text) => text !== '三')).toEqual(['一', '一', '一', '二'])
    expect(texts).toContain('三')
    expect(new Set(hook.seen.map(({ secret }) => secret))).toEqual(new Set(['abc']))
    expect(await call('getWebhookInfo')).toMatchObject({
      result: {
        url: hook.url,
        pending_update_count: 0,
        max_connections: 2,
        last_error_message: expect.stringContaining('500'),
      },
    })
    expect(await call('getUpdates')).toMatchObject({
      error_code: 409,
      description: expect.stringContaining('webhook is active'),
    })
    await call('deleteWebhook')
    expect(await call('getWebhookInfo')).toMatchObject({ result: { url: '' } })
    expect(await call('getUpdates')).toMatchObject({ ok: true })
    await hook.close()
  })

  test('a chat gets its next update only after the one before was answered, other chats do not wait', async () => {
    const other = createGate()
    const hook = await receiver((update) => {
      if (textOf(update) === '三') other.open()
      return { status: 200, ...(textOf(update) === '慢' ? { after: other.opened } : {}) }
    })
    await call('setWebhook', { url: hook.url })
    const bert = telegram.privateChat(telegram.person({ id: 8, first_name: 'Bert' }))
    chat.says('慢')
    chat.says('二')
    bert.says('三')
    await telegram.quiet()
    const texts = hook.seen.map(({ update }) => textOf(update))
    expect(texts.toSorted()).toEqual(['三', '二', '慢'])
    expect(texts.at(-1)).toBe('二')
    await hook.close()
  })

  test('a method in the answer is carried out', async () => {
    const hook = await receiver(() => ({ status: 200, body: { method: 'sendMessage', chat_id: 7, text: '答' } }))
    await call('setWebhook', { url: hook.url })
    chat.says('問')
    expect(await chat.nextMessage()).toMatchObject({ text: '答' })
    await hook.close()
  })

  test("Telegraf's webhook callback takes the updates", async () => {
    const bot = new Telegraf(telegram.token, { telegram: { apiRoot: telegram.apiRoot } })
    bot.on('message', (ctx) => ctx.reply('答'))
    const server = createServer(bot.webhookCallback('/hook', { secretToken: 'abc' }))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    await bot.telegram.setWebhook(`http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, {
      secret_token: 'abc',
    })
    chat.says('問')
    expect(await chat.nextMessage()).toMatchObject({ text: '答' })
    await telegram.quiet()
    server.close()
  })

  test('pending updates can be dropped, and wrong settings are refused', async () => {
    chat.says('一')
    await call('deleteWebhook', { drop_pending_updates: true })
    expect(await updates()).toEqual([])
    expect(await call('setWebhook', { url: 'http://example.com/' })).toMatchObject({
      description: expect.stringContaining('HTTPS'),
    })
    expect(await call('setWebhook', { url: 'https://example.com/', secret_token: 'a b' })).toMatchObject({
      error_code: 400,
    })
  })
})

describe('faults', () => {
  const post = (method = 'getMe', params: Readonly<Record<string, unknown>> = {}, signal?: AbortSignal) =>
    fetch(`${telegram.apiRoot}/bot${telegram.token}/${method}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(params),
      ...(signal === undefined ? {} : { signal }),
    })

  test('each kind goes wrong in its own way', async () => {
    const once = { times: 1 }
    telegram.fault({ kind: 'flood', retryAfter: 3 }, once)
    expect(await (await post()).json()).toMatchObject({ error_code: 429, parameters: { retry_after: 3 } })
    telegram.fault({ kind: 'server error', code: 502 }, once)
    expect((await post()).status).toBe(502)
    telegram.fault({ kind: 'reset' }, once)
    await expect(post()).rejects.toMatchObject({ cause: { code: 'ECONNRESET' } })
    telegram.fault({ kind: 'broken body' }, once)
    await expect(post().then((response) => response.text())).rejects.toThrow('terminated')
    telegram.fault({ kind: 'half json' }, once)
    await expect(post().then((response) => response.json())).rejects.toThrow(SyntaxError)
    telegram.fault({ kind: 'page', status: 200 }, once)
    expect(await (await post()).text()).toContain('<html>')
    telegram.fault({ kind: 'empty' }, once)
    expect(await (await post()).text()).toBe('')
    telegram.fault({ kind: 'hang' }, once)
    const [patience, came] = [new AbortController(), telegram.calls.length]
    const hanging = post('getMe', {}, patience.signal)
    await until(() => telegram.calls.length > came)
    patience.abort(new Error('no patience left'))
    await expect(hanging).rejects.toThrow('no patience left')
    telegram.fault({ kind: 'stall' }, once)
    const little = new AbortController()
    const stalled = await post('getMe', {}, little.signal)
    little.abort()
    await expect(stalled.text()).rejects.toThrow('aborted')
    telegram.fault({ kind: 'slow', ms: 40 }, once)
    expect(await (await post()).json()).toMatchObject({ ok: true })
    telegram.fault({ kind: 'unauthorized' }, once)
    expect((await post()).status).toBe(401)
    telegram.fault({ kind: 'forbidden', description: 'bot was blocked by the user' }, once)
    expect(await (await post()).json()).toMatchObject({
      error_code: 403,
      description: 'Forbidden: bot was blocked by the user',
    })
    telegram.fault({ kind: 'conflict' }, once)
    expect((await post()).status).toBe(409)
    telegram.fault({ kind: 'migrated', to: -100 }, once)
    expect(await (await post()).json()).toMatchObject({ error_code: 400, parameters: { migrate_to_chat_id: -100 } })
    telegram.fault({ kind: 'bad request', description: 'x' }, once)
    expect(await (await post()).json()).toMatchObject({ description: 'Bad Request: x' })
    expect((await post()).status).toBe(200)
  })

  test('a fault strikes only its method, its chat and as often as told', async () => {
    telegram.fault({ kind: 'server error', code: 500 }, { method: 'sendMessage', chat: 7, times: 1 })
    expect((await post('getMe')).status).toBe(200)
    telegram.privateChat(telegram.person({ id: 8, first_name: 'B' }), 'open')
    expect((await post('sendMessage', { chat_id: 8, text: 'a' })).status).toBe(200)
    expect((await post('sendMessage', { chat_id: 7, text: 'a' })).status).toBe(500)
    expect((await post('sendMessage', { chat_id: 7, text: 'a' })).status).toBe(200)
    const end = telegram.fault({ kind: 'server error', code: 500 }, { method: ['getMe', 'getChat'] })
    expect((await post('getMe')).status).toBe(500)
    end()
    expect((await post('getMe')).status).toBe(200)
    telegram.fault({ kind: 'server error', code: 500 })
    telegram.heal()
    expect((await post('getMe')).status).toBe(200)
  })

  test('the call is carried out or not, as told', async () => {
    telegram.fault({ kind: 'reset' }, { times: 1 })
    await post('sendMessage', { chat_id: 7, text: '一' }).catch(() => {})
    telegram.fault({ kind: 'reset' }, { times: 1, effect: true })
    await post('sendMessage', { chat_id: 7, text: '二' }).catch(() => {})
    expect(chat.messages.map(({ text }) => text)).toEqual(['二'])
    expect(telegram.calls.map(({ outcome }) => outcome)).toEqual([
      { kind: 'fault', fault: 'reset', effect: false },
      { kind: 'fault', fault: 'reset', effect: true },
    ])
  })

  test('faults with a probability are the same for the same seed', async () => {
    const pattern = async (seed: number) => {
      await restart({ seed })
      telegram.fault({ kind: 'server error', code: 500 }, { probability: 0.5 })
      const statuses: number[] = []
      for (let i = 0; i < 20; i += 1) statuses.push((await post()).status)
      return statuses.join()
    }
    const first = await pattern(5)
    expect(await pattern(5)).toBe(first)
    expect(await pattern(6)).not.toBe(first)
    expect(first).toContain('500')
    expect(first).toContain('200')
  })
})
