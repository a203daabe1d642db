import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { ConfigError, describeVariables, environmentWith, readConfig } from '../src/config.ts'

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
  RECLAIM_UPDATES: 'perhaps-v4lue',
  HOST: 'v4lue!',
  METRICS_ADDRESS: 'v4lue',
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
      proxy: undefined,
      owners: [],
      groups: undefined,
      leaveUnlisted: false,
      richMessages: true,
      stateUrl: undefined,
      stateFolder: 'data',
      webhook: undefined,
      reclaimUpdates: true,
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
        HOST: '[::1]',
        PORT: '9000',
        RECLAIM_UPDATES: 'false',
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
      proxy: undefined,
      owners: [12, 34],
      groups: [-1001234567890, -5],
      leaveUnlisted: true,
      richMessages: false,
      stateUrl: 'redis://127.0.0.1:6379/0',
      stateFolder: expect.stringMatching(/^c\/api-[0-9a-f]{12}$/u),
      webhook: { url: 'https://bot.example.org/telegram', secret: 'a-secret_1', host: '::1', port: 9000 },
      reclaimUpdates: false,
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
    for (const name of Object.keys(wrong)) expect(message).toMatch(new RegExp(`[.;] ${name} must `, 'u'))
    expect(message).not.toContain('\n')
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

  test.each(['127.0.0.1:0', '127.0.0.1:65536', '127.0.0.1:99999', '127.0.0.1', ':9464', 'a b:1', 'x:'])(
    'refuses a METRICS_ADDRESS of %s, with one mistake',
    (value) => {
      expect(messageOf({ METRICS_ADDRESS: value })).toMatch(
        /^Cannot start: 1 variable is wrong\. METRICS_ADDRESS must/u,
      )
    },
  )

  test.each([
    [{ HOST: '127.0.0.1' }, false],
    [{ HOST: '127.0.0.2' }, true],
    [{}, false],
  ] as const)('refuses webhook and metrics at one address and port: %j', (host, isFine) => {
    const environment = {
      WEBHOOK_URL: 'https://bot.example.org/telegram',
      WEBHOOK_SECRET: 'a',
      PORT: '9464',
      METRICS_ADDRESS: '127.0.0.1:9464',
      ...host,
    }
    if (isFine) expect(readConfig(environment).metrics?.port).toBe(9464)
    else expect(messageOf(environment)).toContain('METRICS_ADDRESS must have another port than PORT')
  })

  test.each([
    [{}, undefined],
    [{ HTTPS_PROXY: 'http://proxy.example.org:3128' }, 'http://proxy.example.org:3128'],
    [{ https_proxy: 'proxy.example.org:3128' }, 'http://proxy.example.org:3128'],
    [{ HTTPS_PROXY: 'http://a.example.org', https_proxy: 'http://b.example.org' }, 'http://b.example.org'],
    [{ HTTPS_PROXY: 'http://a.example.org', https_proxy: '' }, 'http://a.example.org'],
    [{ HTTP_PROXY: 'http://a.example.org' }, undefined],
    [{ HTTP_PROXY: 'http://a.example.org', TELEGRAM_API_ROOT: 'http://bots.example.org:81' }, 'http://a.example.org'],
    [{ HTTP_PROXY: 'http://a.example.org', TELEGRAM_API_ROOT: 'http://localhost:81' }, undefined],
    [{ HTTPS_PROXY: 'http://a.example.org', TELEGRAM_API_ROOT: 'https://127.0.0.1:81' }, undefined],
    [{ HTTPS_PROXY: 'http://a.example.org', TELEGRAM_API_ROOT: 'https://[::1]:81' }, undefined],
    [{ HTTPS_PROXY: 'http://a.example.org', NO_PROXY: 'localhost, *.TELEGRAM.org' }, undefined],
    [{ HTTPS_PROXY: 'http://a.example.org', NO_PROXY: 'telegram.org:443' }, undefined],
    [{ HTTPS_PROXY: 'http://a.example.org', no_proxy: '*' }, undefined],
    [{ HTTPS_PROXY: 'http://a.example.org', NO_PROXY: 'gram.org telegram.org:80 .org.hk' }, 'http://a.example.org'],
  ])('finds the proxy on the way to Telegram: %j', (environment, address) => {
    expect(readConfig({ BOT_TOKEN: '1:a', ...environment }).proxy).toBe(address)
  })

  test('refuses a proxy of another kind, but only where Telegram is to be called', () => {
    const environment = { HTTPS_PROXY: 'socks5://user:s3cr3t@127.0.0.1:1080' }
    const message = messageOf({ ...environment, BOT_TOKEN: '1:a' })
    expect(message).toContain('HTTPS_PROXY must be an http(s) address')
    expect(message).not.toContain('s3cr3t')
    expect(readConfig(environment).proxy).toBeUndefined()
  })

  test.each(['0', '3601', '-1', '1e3', 'Infinity'])('refuses an ENCODER_TIMEOUT of %s', (value) => {
    expect(messageOf({ ENCODER_TIMEOUT: value })).toContain('ENCODER_TIMEOUT')
  })
})

describe('environmentWith()', () => {
  let file = ''
  beforeEach(async () => {
    file = join(await mkdtemp(join(tmpdir(), 'environment-')), '.env')
  })
  afterEach(() => rm(dirname(file), { recursive: true }))

  test('adds what the file has, and lets what stands in the environment win, also when it is empty', async () => {
    const lines = [
      '# mine',
      '',
      'BOT_TOKEN=1:a',
      "OWNERS='12, 34' # me",
      'export DATA="a b"',
      'LOG_LEVEL = debug',
      'HOST=',
    ]
    await writeFile(file, `\uFEFF${lines.join('\r\n')}`)
    const environment = environmentWith({ LOG_LEVEL: 'warn', DATA: '' }, file)
    expect(environment).toEqual({ BOT_TOKEN: '1:a', OWNERS: '12, 34', LOG_LEVEL: 'warn', DATA: '', HOST: '' })
  })

  test('a value in quotation marks may have several lines', async () => {
    await writeFile(file, 'NOTE="one\ntwo = 2\nthree"\nOWNERS=1\n')
    expect(environmentWith({}, file)).toEqual({ NOTE: 'one\ntwo = 2\nthree', OWNERS: '1' })
  })

  test('without the file it is the environment', () => {
    const environment = { BOT_TOKEN: '1:a' }
    expect(environmentWith(environment, file)).toBe(environment)
  })

  test.each([
    ['BOT_TOKEN 1:s3cr3t', 1],
    ['OWNERS=1\ns3cr3t\nDATA=a', 2],
    ['OWNERS=1\n\nNOTE="s3cr3t\nDATA=a', 3],
    ['=s3cr3t', 1],
    ['{"BOT_TOKEN":"s3cr3t"}', 1],
  ])('names the line that cannot be read, not what stands there: %j', async (text, line) => {
    await writeFile(file, text)
    const told = () => environmentWith({}, file)
    expect(told).toThrow(ConfigError)
    expect(told).toThrow(`line ${line} is not understood. Write NAME=value`)
    expect(told).not.toThrow('s3cr3t')
  })

  test('says why a file cannot be read', async () => {
    expect(() => environmentWith({}, dirname(file))).toThrow(/^Cannot read .*: EISDIR\. Make it a file/u)
  })

  test('.env.example can be copied to .env', () => {
    expect(readConfig(environmentWith({}, '.env.example'))).toEqual(readConfig({}))
  })
})

test('describeVariables() has one line a variable, with its default', () => {
  const lines = describeVariables().split('\n')
  expect(lines.map((line) => line.trim().split(/\s/u)[0])).toEqual(
    expect.arrayContaining([...Object.keys(wrong), 'CORPUS', 'INDEX', 'DATA', 'ENCODER']),
  )
  for (const line of lines) expect(line).toMatch(/^ {2}[A-Z_]+ +\S.+Default: |Empty: every group/u)
})
