import { chmod, mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { embeddedFile, openEmbedded } from '../../src/embedded/home.ts'
import { own, userOf } from '../../src/embedded/owner.ts'
import { startProcess } from './processes.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'owner-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

test('a second process is refused in words, until the first one ends, however that happens', async () => {
  const first = startProcess('hold', folder)
  expect(await first.begun).toBe('ready')
  expect(userOf(folder)).toBe(first.child.pid)
  expect(() => openEmbedded({ folder })).toThrowError(
    `Cannot use ${folder}: process ${first.child.pid} uses it. Stop that one first, or set DATA to another folder`,
  )
  const second = startProcess('write', folder)
  expect(await second.begun).toMatch(/^in use: Cannot use .*: process \d+ uses it/u)
  await second.exited
  first.child.kill('SIGKILL')
  await first.exited
  expect(userOf(folder)).toBeUndefined()
  const store = openEmbedded({ folder })
  await store.set('settings', 'user:1', 'hant')
  await store.close()
})

test('of many that start at once exactly one gets the folder', async () => {
  const all = Array.from({ length: 4 }, () => startProcess('hold', folder))
  const said = await Promise.all(all.map(({ begun }) => begun))
  expect(said.filter((line) => line === 'ready')).toHaveLength(1)
  expect(said.filter((line) => line.startsWith('in use'))).toHaveLength(3)
  for (const { child, exited } of all) {
    child.kill('SIGKILL')
    await exited
  }
})

test('userOf() makes nothing in a folder that nobody used', async () => {
  expect(userOf(folder)).toBeUndefined()
  expect(userOf(join(folder, 'nothing'))).toBeUndefined()
  expect(await readdir(folder)).toEqual([])
})

test('a process that owns a folder may do so twice', async () => {
  const [first, second] = [own(folder), own(folder)]
  expect([first.isShared, second.isShared]).toEqual([false, true])
  await first.release()
  expect(userOf(folder)).toBe(process.pid)
  await second.release()
  expect(userOf(folder)).toBeUndefined()
})

test('folder and files are for their user alone, also where they were made otherwise', async () => {
  const inside = join(folder, 'data', 'bot-1')
  const mode = async (path: string) => ((await stat(path)).mode & 0o777).toString(8)
  const umask = process.umask(0)
  await openEmbedded({ folder: inside }).close()
  process.umask(umask)
  expect(await mode(join(folder, 'data'))).toBe('700')
  expect(await mode(inside)).toBe('700')
  for (const name of await readdir(inside)) expect([name, await mode(join(inside, name))]).toEqual([name, '600'])
  await chmod(inside, 0o755)
  await chmod(embeddedFile(inside), 0o644)
  await openEmbedded({ folder: inside }).close()
  expect([await mode(inside), await mode(embeddedFile(inside))]).toEqual(['700', '600'])
})
