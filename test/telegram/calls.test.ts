import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import { createGateway, type Gateway } from '../../src/telegram/gateway.ts'
import { isMethod } from '../../src/telegram/methods.ts'
import { startStandin } from '../standin/standin.ts'

/**
 * Calls that must not compile: each marked line is an error of the type checker, and a mark without an error is one
 * too.
 */
const wrongCalls = (gateway: Gateway) => [
  // @ts-expect-error No such method.
  gateway.call('sendTelegram', { chat_id: 7, text: '川' }),
  // @ts-expect-error A required field is missing.
  gateway.call('sendMessage', { chat_id: 7 }),
  // @ts-expect-error No such field.
  gateway.call('sendMessage', { chat_id: 7, text: '川', entitys: [] }),
  // @ts-expect-error A field of the wrong type.
  gateway.call('editMessageText', { chat_id: 7, message_id: '5', text: '川' }),
  // @ts-expect-error A wrong field further in.
  gateway.call('sendMessage', { chat_id: 7, text: '川', link_preview_options: { disabled: true } }),
  // @ts-expect-error A kind of result that no inline query has.
  gateway.call('answerInlineQuery', { inline_query_id: '1', results: [{ type: 'clause', id: '1' }] }),
]

describe('the calls that the product makes', () => {
  test('are typed by the specification that the stand-in validates against', async () => {
    const run = promisify(execFile)(process.execPath, ['--import', 'tsx', 'scripts/generate-bot-api.ts', '--check'])
    await expect(run).resolves.toBeDefined()
  })

  test('are refused by the stand-in where the type checker refuses them', async () => {
    const telegram = await startStandin({ patienceMs: 8000 })
    const gateway = createGateway({ token: telegram.token, apiRoot: telegram.apiRoot, sleep: async () => {} })
    const outcomes = await Promise.allSettled(wrongCalls(gateway))
    await telegram.stop()
    expect(outcomes.map(({ status }) => status)).toEqual(outcomes.map(() => 'rejected'))
    expect(telegram.refusals.length).toBe(outcomes.length)
  })

  test('are those that are listed', () => {
    expect(isMethod('sendMessage')).toBe(true)
    expect(isMethod('toString')).toBe(false)
  })
})
