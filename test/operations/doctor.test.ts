import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { embeddedFile, openEmbedded } from '../../src/embedded/home.ts'
import {
  describeFindings,
  diskCheck,
  examine,
  nativeCheck,
  nodeCheck,
  stateCheck,
  telegramCheck,
} from '../../src/operations/doctor.ts'
import { createGateway } from '../../src/telegram/gateway.ts'
import { type Standin, startStandin } from '../standin/standin.ts'
import { hasRedis, startRedis } from '../state/redis.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'doctor-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const statuses = async (...checks: Parameters<typeof examine>[0]) =>
  (await examine(checks)).map(({ check, status }) => `${check}: ${status}`)

describe('on this machine', () => {
  test('an old Node is wrong, this one and newer ones are fine', async () => {
    expect(
      await statuses(nodeCheck('18.20.1'), nodeCheck('20.18.9'), nodeCheck('20.19.0'), nodeCheck('22.0.0')),
    ).toEqual(['Node: wrong', 'Node: wrong', 'Node: fine', 'Node: fine'])
  })

  test('a native package that does not load is wrong, and the advice depends on whether there is a compiler', async () => {
    const broken = () => Promise.reject(new Error('no binding'))
    const [withCompiler, without] = await examine([
      nativeCheck('x', broken, async () => true),
      nativeCheck('x', broken, async () => false),
    ])
    expect(withCompiler).toMatchObject({ status: 'wrong', todo: 'Build it: npm rebuild x' })
    expect(without).toMatchObject({ status: 'wrong', todo: expect.stringContaining('apt-get install g++') })
    expect(
      await statuses(
        nativeCheck(
          'x',
          async () => {},
          async () => true,
        ),
      ),
    ).toEqual(['x: fine'])
  })

  test('a data folder that is no folder is wrong', async () => {
    await writeFile(join(folder, 'file'), '')
    expect(await statuses(diskCheck(join(folder, 'file')), diskCheck(join(folder, 'new')))).toEqual([
      'Disk: wrong',
      'Disk: fine',
    ])
  })

  test('stored state is fine while there is none and when it can be read, and wrong when it is damaged or newer', async () => {
    expect(await statuses(stateCheck(folder, undefined))).toEqual(['State: fine'])
    expect(await readdir(folder)).toEqual([])
    const store = openEmbedded({ folder })
    await store.add([{ id: 1, lane: 'chat:1', body: 'x', lifetimeMs: 1000 }])
    const found = { check: 'State', status: 'fine', detail: `${embeddedFile(folder)}, format 2, 1 updates wait` }
    expect(await examine([stateCheck(folder, undefined)])).toEqual([found])
    await store.close()
    expect(await examine([stateCheck(folder, undefined)])).toEqual([found])
    expect(await statuses(stateCheck(undefined, undefined))).toEqual(['State: fine'])
    await mkdir(join(folder, 'other'))
    await writeFile(embeddedFile(join(folder, 'other')), 'nonsense'.repeat(2000))
    expect(await examine([stateCheck(join(folder, 'other'), undefined)])).toMatchObject([
      { status: 'wrong', detail: expect.stringContaining('damaged'), todo: expect.stringContaining('restore') },
    ])
    await openEmbedded({
      folder: join(folder, 'newer'),
      version: 3,
      migrations: [() => {}, () => {}, () => {}],
    }).close()
    expect(await examine([stateCheck(join(folder, 'newer'), undefined)])).toMatchObject([
      { status: 'wrong', detail: expect.stringContaining('its format is 3'), todo: 'Start the version that wrote it' },
    ])
  })

  test('a Redis that is away is wrong, and no password is shown', async () => {
    const [finding] = await examine([stateCheck(folder, 'redis://user:s3cret@127.0.0.1:1/0')])
    expect(finding).toMatchObject({ status: 'wrong', todo: expect.stringContaining('STATE_URL') })
    expect(JSON.stringify(finding)).not.toContain('s3cret')
  })

  test.skipIf(!hasRedis)(
    'a Redis that keeps its changes is fine, and one that wants a password is said to',
    async () => {
      const redis = await startRedis({ requirepass: 's3cret' })
      onTestFinished(() => redis.remove())
      expect(await statuses(stateCheck(folder, redis.url.replace('//', '//:s3cret@')))).toEqual(['State: fine'])
      expect(await examine([stateCheck(folder, redis.url)])).toMatchObject([
        { status: 'wrong', detail: expect.stringContaining('NOAUTH') },
      ])
    },
  )

  test('a check that fails in an unforeseen way is a finding', async () => {
    expect(await examine([{ name: 'X', run: () => Promise.reject(new Error('because')) }])).toMatchObject([
      { check: 'X', status: 'wrong', detail: 'because' },
    ])
  })
})

describe('at Telegram', () => {
  let standin: Standin
  beforeEach(async () => {
    standin = await startStandin()
  })
  afterEach(() => standin.stop())
  const check = (webhookUrl?: string, token = standin.token) =>
    telegramCheck({ gateway: createGateway({ token, apiRoot: standin.apiRoot }), webhookUrl })

  test('a working bot that polls is fine, and no update is taken from it', async () => {
    standin.privateChat(standin.person({ id: 1, first_name: 'P' })).says('waiting')
    expect(await statuses(check())).toEqual(['Token: fine', 'Privacy mode: fine', 'Inline mode: fine', 'Updates: fine'])
    expect(standin.polls).toEqual([])
    expect(standin.world.updates.pending).toHaveLength(1)
    expect(standin.refusals).toEqual([])
  })

  test('privacy mode off and inline mode off are told', async () => {
    standin.setBot({ can_read_all_group_messages: true, supports_inline_queries: false })
    expect(await statuses(check())).toEqual([
      'Token: fine',
      'Privacy mode: warning',
      'Inline mode: warning',
      'Updates: fine',
    ])
  })

  test('a token that Telegram does not accept is wrong, and is not shown', async () => {
    const token = '7000000002:another-token-of-no-real-bot-000000'
    const findings = await examine([check(undefined, token)])
    expect(findings).toMatchObject([{ check: 'Token', status: 'wrong' }])
    expect(describeFindings(findings)).not.toContain('another-token')
  })

  test('Telegram that cannot be reached is told apart from a wrong token', async () => {
    standin.fault({ kind: 'server error', code: 502 })
    expect(await examine([check()])).toMatchObject([
      { status: 'wrong', detail: 'Telegram cannot be reached (unreachable)' },
    ])
  })

  test('a webhook that nobody configured is told, and one that is configured and not set', async () => {
    const url = 'http://127.0.0.1:9/hook'
    expect(await statuses(check(url))).toContain('Updates: warning')
    await createGateway({ token: standin.token, apiRoot: standin.apiRoot }).call('setWebhook', { url })
    expect(await statuses(check(url))).toContain('Updates: fine')
    expect(await statuses(check())).toContain('Updates: warning')
  })

  test('no token is worth a word, not wrong', async () => {
    expect(await statuses(telegramCheck({ gateway: undefined, webhookUrl: undefined }))).toEqual(['Token: warning'])
  })
})

test('describeFindings() writes a line for each, what to do below it, and the sums', () => {
  expect(
    describeFindings([
      { check: 'Node', status: 'fine', detail: '20.19.0' },
      { check: 'Disk space', status: 'wrong', detail: '1 MB free', todo: 'Free some' },
    ]),
  ).toBe(`fine     Node        20.19.0
wrong    Disk space  1 MB free
                     → Free some
1 fine, 0 to know, 1 wrong`)
})
