import fc from 'fast-check'
import type { Message } from 'telegraf/types'
import { describe, expect, test } from 'vitest'
import { inGroup } from '../../src/bot/reading.ts'
import { commandOf, withoutMention } from '../../src/conversation/addressed.ts'

const bot = { id: 1, username: 'memoranda_bot' }
const known = new Set(['ask', 'help'])
const said = (text: string, fields: object = {}) =>
  ({
    message_id: 1,
    date: 0,
    chat: { id: -5, type: 'group', title: 'G' },
    from: { id: 7, is_bot: false, first_name: 'A' },
    text,
    ...fields,
  }) as unknown as Message
const fromBot = (fields: object = {}) => ({
  reply_to_message: { from: { id: 1, is_bot: true, first_name: 'B' }, text: 'x', ...fields },
})

describe('inGroup()', () => {
  test.each([
    ['/ask 滬港', {}, { kind: 'command', name: 'ask', text: '滬港', named: false }],
    ['/ask滬港', {}, { kind: 'command', name: 'ask', text: '滬港', named: false }],
    ['/ask@memoranda_bot滬港', {}, { kind: 'command', name: 'ask', text: '滬港', named: true }],
    ['/unknown@memoranda_bot', {}, { kind: 'command', name: 'unknown', text: '', named: true }],
    ['@memoranda_bot滬港', {}, { kind: 'question', text: '滬港' }],
    ['請問@memoranda_bot 滬港', {}, { kind: 'question', text: '請問 滬港' }],
    ['滬港', fromBot(), { kind: 'question', text: '滬港' }],
    [
      'Memo 滬港',
      { entities: [{ type: 'text_mention', offset: 0, length: 4, user: { id: 1 } }] },
      { kind: 'question', text: '滬港' },
    ],
  ])('%s', (text, fields, expected) => expect(inGroup(said(text, fields), bot, known)).toEqual(expected))

  test.each([
    ['滬港', {}],
    ['/unknown 滬港', {}],
    ['/ask@other_bot 滬港', fromBot()],
    ['x@memoranda_bot', {}],
    ['@memoranda_bots', {}],
    ['/ask/x', {}],
    ['滬港', fromBot({ forum_topic_created: {} })],
    ['滬港', fromBot({ via_bot: { id: 1 } })],
    ['/ask 滬港', { from: { id: 9, is_bot: true, first_name: 'Other' } }],
    ['/ask 滬港', { via_bot: { id: 1 } }],
    ['/ask 滬港', { is_automatic_forward: true }],
    ['', fromBot()],
  ])('%s is not for the bot (%o)', (text, fields) => expect(inGroup(said(text, fields), bot, known)).toBeUndefined())

  test('never throws and never takes a text without command, name or reply', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        const addressed = inGroup(said(text), bot, known)
        if (addressed !== undefined) expect(text.toLowerCase()).toMatch(/^\s*\/(?:ask|help)|memoranda_bot/u)
      }),
      { numRuns: 1000 },
    )
  })
})

describe('withoutMention()', () => {
  test('takes every mention out, whatever its case', () => {
    expect(withoutMention('@Memoranda_Bot 四川 @MEMORANDA_BOT金融', 'memoranda_bot')).toBe('四川 金融')
    expect(withoutMention('四川', 'memoranda_bot')).toBeUndefined()
  })
})

describe('commandOf()', () => {
  test('reads arguments over several lines', () => {
    expect(commandOf('/quote 一\n二', 'memoranda_bot')).toMatchObject({ name: 'quote', text: '一\n二' })
    expect(commandOf('/quote\n一', 'memoranda_bot')).toMatchObject({ name: 'quote', text: '一' })
  })
})
