import { mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readConfig } from '../../src/config.ts'
import { embeddedFile } from '../../src/embedded/home.ts'
import { botOf, folderOf, openState } from '../../src/homes/open.ts'
import type { Store } from '../../src/state/store.ts'
import { startProcess } from '../embedded/processes.ts'
import { runScript } from './run.ts'

const timeout = 120_000
const token = '4711:token-of-no-real-bot'

let folder = ''
let data = ''
let copy = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'state-script-'))
  data = join(folder, 'data')
  copy = join(folder, 'copy.lmdb')
})
afterEach(() => rm(folder, { recursive: true }))

/** Runs the script with an environment of its own. */
async function run(environment: Readonly<Record<string, string>>, ...args: readonly string[]) {
  const empty = { DATA: '', BOT_TOKEN: '', TELEGRAM_API_ROOT: '', STATE_URL: '' }
  const { code, stdout, stderr } = await runScript('scripts/state.ts', args, '', { ...empty, ...environment })
  return { code, said: stdout + stderr }
}

/** As the service opens it. */
const serve = (environment: Readonly<Record<string, string>>): Promise<Store> => {
  const { stateFolder, botToken = '' } = readConfig(environment)
  return openState({ url: undefined, folder: stateFolder, secret: botToken })
}

const here = () => ({ DATA: data, BOT_TOKEN: token })

test('backup while the service runs, and restore elsewhere, act on the file that the service uses', {
  timeout,
}, async () => {
  // Another server has a folder of its own.
  const elsewhere = { ...here(), TELEGRAM_API_ROOT: 'http://127.0.0.1:8081' }
  const store = await serve(elsewhere)
  await store.set('settings', 'user:1', 'hant')
  await store.add([{ id: 1, lane: 'chat:1', body: 'x', lifetimeMs: 86_400_000 }])
  const backUp = await run(elsewhere, 'backup', copy)
  expect(backUp).toEqual({ code: 0, said: `Wrote ${copy}: format 2, 1 updates wait\n` })
  await store.set('settings', 'user:1', 'later')
  expect(await run(elsewhere, 'restore', copy, '--replace')).toMatchObject({
    code: 1,
    said: expect.stringMatching(/in use|uses it/u),
  })
  await store.close()
  expect(await run(elsewhere, 'restore', copy)).toMatchObject({ code: 1, said: expect.stringContaining('--replace') })
  const restored = await run(elsewhere, 'restore', copy, '--replace')
  expect(restored).toMatchObject({ code: 0, said: expect.stringContaining('format 2, 1 updates wait') })
  const again = await serve(elsewhere)
  expect(await again.get('settings', 'user:1')).toBe('hant')
  await again.close()
  expect(await run(elsewhere, 'show')).toMatchObject({ code: 0, said: expect.stringContaining('1 updates wait') })
  // Nothing was made for the other server, nor beside the copy.
  expect((await readdir(data)).filter((name) => name.startsWith('bot-'))).toEqual([])
  expect((await readdir(folder)).toSorted()).toEqual(['copy.lmdb', 'data'])
  expect(((await stat(copy)).mode & 0o777).toString(8)).toBe('600')
})

test('what cannot be done is said in words, and changes nothing', { timeout }, async () => {
  const nothing = join(folder, 'nothing.lmdb')
  expect(await run(here(), 'restore', nothing)).toEqual({
    code: 1,
    said: `Cannot restore ${nothing}: no such file\n`,
  })
  expect(await run(here(), 'backup', copy)).toMatchObject({ code: 1, said: expect.stringContaining('there is no') })
  expect(await readdir(folder)).toEqual([])
  const store = await serve(here())
  await store.set('settings', 'user:1', 'hant')
  await store.close()
  await writeFile(copy, 'something else')
  expect(await run(here(), 'backup', copy)).toMatchObject({ code: 1, said: `Cannot back up: ${copy} exists\n` })
  const refused = await run(here(), 'restore', copy, '--replace')
  expect(refused).toMatchObject({ code: 1, said: expect.stringContaining('damaged') })
  const outside = join(folder, 'no-such-folder', 'copy.lmdb')
  expect(await run(here(), 'backup', outside)).toMatchObject({
    code: 1,
    said: expect.stringContaining(`Cannot write ${outside}: there is no such folder`),
  })
  const again = await serve(here())
  expect(await again.get('settings', 'user:1')).toBe('hant')
  await again.close()
  expect((await run(here())).code).toBe(2)
  expect(await run({ ...here(), STATE_URL: 'redis://127.0.0.1:1' }, 'show')).toMatchObject({
    code: 1,
    said: expect.stringContaining('Redis'),
  })
})

test('a state that is damaged can be replaced, and one of another bot is not put in its place', {
  timeout,
}, async () => {
  const store = await serve(here())
  await store.set('settings', 'user:1', 'hant')
  await store.close()
  await run(here(), 'backup', copy)
  const path = embeddedFile(folderOf(data, botOf(token)))
  await truncate(path, 5000)
  expect(await run(here(), 'show')).toMatchObject({
    code: 1,
    said: expect.stringContaining('npm run state -- restore'),
  })
  expect(await run({ DATA: data, BOT_TOKEN: '815:another' }, 'restore', copy)).toMatchObject({
    code: 1,
    said: expect.stringContaining('it is the state of bot 4711, and BOT_TOKEN is that of bot 815'),
  })
  expect((await run(here(), 'restore', copy, '--replace')).code).toBe(0)
  const again = await serve(here())
  expect(await again.get('settings', 'user:1')).toBe('hant')
  await again.close()
})

test('without BOT_TOKEN the only bot is meant, and none of several', { timeout }, async () => {
  await (await serve(here())).close()
  expect(await run({ DATA: data }, 'show')).toMatchObject({ code: 0, said: expect.stringContaining('bot-4711') })
  expect((await run({ DATA: data }, 'backup', copy)).code).toBe(0)
  const restored = await run({ DATA: join(folder, 'new') }, 'restore', copy)
  expect(restored).toMatchObject({ code: 0, said: expect.stringContaining(join(folder, 'new', 'bot-4711')) })
  await (await serve({ DATA: data, BOT_TOKEN: '815:another' })).close()
  expect(await run({ DATA: data }, 'show')).toMatchObject({ code: 1, said: expect.stringContaining('Set BOT_TOKEN') })
})

test('restore under a running process is refused, and possible again when that one was killed', {
  timeout,
}, async () => {
  const own = folderOf(data, botOf(token))
  await (await serve(here())).close()
  await run(here(), 'backup', copy)
  const before = await readFile(copy)
  const service = startProcess('hold', own)
  expect(await service.begun).toBe('ready')
  expect(await run(here(), 'show')).toMatchObject({
    said: expect.stringContaining(`in use by process ${service.child.pid}`),
  })
  expect(await run(here(), 'restore', copy, '--replace')).toMatchObject({
    code: 1,
    said: expect.stringContaining(`process ${service.child.pid} uses it`),
  })
  service.child.kill('SIGKILL')
  await service.exited
  expect((await run(here(), 'restore', copy, '--replace')).code).toBe(0)
  expect((await readFile(embeddedFile(own))).equals(before)).toBe(true)
})
