import { describe, expect, test } from 'vitest'
import { ConfigError, describeVariables, readConfig } from '../src/config.ts'

function messageOf(environment: Readonly<Record<string, string>>): string {
  try {
    readConfig(environment)
  } catch (error) {
    if (error instanceof ConfigError) return error.message
    throw error
  }
  throw new Error('nothing was refused')
}

const wrong = {
  BOT_TOKEN: 'not-a-token-s3cr3t',
  BOT_TOKEN_BEFORE: 'nor-this-s3cr3t',
  TELEGRAM_API_ROOT: 'ftp://v4lue.example',
  OWNERS: 'owner-v4lue',
  ALLOWED_GROUPS: '-100,group-v4lue',
  LEAVE_UNLISTED: 'yes-v4lue',
  RICH_MESSAGES: 'no-v4lue',
  ENCODER_TIMEOUT: '1.5v4lue',
  LOG_LEVEL: 'loud-v4lue',
}

describe('readConfig()', () => {
  test('needs nothing: every variable has a default', () => {
    expect(readConfig({})).toEqual({
      botToken: undefined,
      botTokenBefore: undefined,
      apiRoot: 'https://api.telegram.org',
      owners: [],
      groups: undefined,
      leaveUnlisted: false,
      richMessages: true,
      stateUrl: undefined,
      stateFolder: 'data',
      webhook: undefined,
      metrics: undefined,
      concurrency: 32,
      messagesPerSecond: 30,
      logQuestions: false,
      corpus: 'corpus',
      index: 'index',
      data: 'data',
      encoder: 'index/encoder',
      downloadTimeout: 120_000,
      logLevel: 'info',
    })
  })

  test('reads every variable', () => {
    expect(
      readConfig({
        BOT_TOKEN: '123456:AA-bb_CC',
        BOT_TOKEN_BEFORE: '123456:AA-dd_EE',
        TELEGRAM_API_ROOT: 'http://127.0.0.1:8081//',
        OWNERS: '12, 34',
        ALLOWED_GROUPS: '-1001234567890,-5',
        LEAVE_UNLISTED: 'true',
        RICH_MESSAGES: 'false',
        STATE_URL: 'redis://127.0.0.1:6379/0',
        WEBHOOK_URL: 'https://bot.example.org/telegram',
        WEBHOOK_SECRET: 'a-secret_1',
        PORT: '9000',
        METRICS_ADDRESS: '[::1]:9464',
        CONCURRENCY: '4',
        MESSAGES_PER_SECOND: '500',
        LOG_QUESTIONS: 'true',
        CORPUS: 'a',
        INDEX: 'b',
        DATA: 'c',
        ENCODER: 'd',
        ENCODER_TIMEOUT: '3600',
        LOG_LEVEL: 'debug',
      }),
    ).toEqual({
      botToken: '123456:AA-bb_CC',
      botTokenBefore: '123456:AA-dd_EE',
      apiRoot: 'http://127.0.0.1:8081',
      owners: [12, 34],
      groups: [-1001234567890, -5],
      leaveUnlisted: true,
      richMessages: false,
      stateUrl: 'redis://127.0.0.1:6379/0',
      stateFolder: expect.stringMatching(/^c\/api-[0-9a-f]{12}$/u),
      webhook: { url: 'https://bot.example.org/telegram', secret: 'a-secret_1', port: 9000 },
      metrics: { host: '::1', port: 9464 },
      concurrency: 4,
      messagesPerSecond: 500,
      logQuestions: true,
      corpus: 'a',
      index: 'b',
      data: 'c',
      encoder: 'd',
      downloadTimeout: 3_600_000,
      logLevel: 'debug',
    })
  })

  test('counts an empty variable as absent, and leaves those of others alone', () => {
    expect(readConfig({ BOT_TOKEN: '', CORPUS: '  ', PATH: '/bin', HOME: '' })).toEqual(readConfig({}))
  })

  test('names all mistakes at once, by variable', () => {
    const message = messageOf(wrong)
    for (const name of Object.keys(wrong)) expect(message).toMatch(new RegExp(`^ {2}${name} must `, 'mu'))
    expect(message).toContain(`${Object.keys(wrong).length} variables are wrong`)
  })

  test('asks for the secret of a webhook, beside all other mistakes', () => {
    expect(messageOf({ WEBHOOK_URL: 'https://bot.example.org/telegram' })).toContain(
      'WEBHOOK_SECRET is needed with WEBHOOK_URL',
    )
    expect(messageOf({ WEBHOOK_URL: 'https://bot.example.org/telegram', PORT: '0' })).toContain('2 variables are wrong')
  })

  test('never shows a value', () => {
    expect(messageOf(wrong)).not.toMatch(/v4lue|s3cr3t/u)
  })

  test.each(Object.entries(wrong))('says of %s alone what to do', (name, value) => {
    const message = messageOf({ [name]: value })
    expect(message).toContain('1 variable is wrong')
    expect(message).toContain(name)
    expect(message).not.toContain(value)
  })

  test.each(['0', '3601', '-1', '1e3', 'Infinity'])('refuses an ENCODER_TIMEOUT of %s', (value) => {
    expect(messageOf({ ENCODER_TIMEOUT: value })).toContain('ENCODER_TIMEOUT')
  })
})

test('describeVariables() has one line a variable, with its default', () => {
  const lines = describeVariables().split('\n')
  expect(lines.map((line) => line.trim().split(/\s/u)[0])).toEqual(
    expect.arrayContaining([...Object.keys(wrong), 'CORPUS', 'INDEX', 'DATA', 'ENCODER']),
  )
  for (const line of lines) expect(line).toMatch(/^ {2}[A-Z_]+ +\S.+Default: |Empty: every group/u)
})
