import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openEmbedded } from '../../src/state/embedded.ts'
import { runScript } from './run.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'state-script-'))
})
afterEach(() => rm(folder, { recursive: true }))

const run = async (data: string, ...args: readonly string[]) => {
  const { code, stdout, stderr } = await runScript('scripts/state.ts', args, '', { DATA: data })
  return { code, said: stdout + stderr }
}

test('backup while the service runs, restore elsewhere, and refusals', async () => {
  const [data, other, copy] = ['data', 'other', 'copy.lmdb'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ]
  const store = openEmbedded({ folder: data })
  await store.set('settings', 'user:1', 'hant')
  await store.add([{ id: 1, lane: 'chat:1', body: 'x', lifetimeMs: 86_400_000 }])
  expect(await run(data, 'backup', copy)).toEqual({ code: 0, said: `Wrote ${copy}\n` })
  await store.set('settings', 'user:1', 'later')
  await store.close()
  expect(await run(data, 'backup', copy)).toMatchObject({ code: 1 })
  expect(await run(other, 'restore', copy)).toMatchObject({
    code: 0,
    said: expect.stringContaining('format 1, 1 updates wait'),
  })
  const restored = openEmbedded({ folder: other })
  expect(await restored.get('settings', 'user:1')).toBe('hant')
  await restored.close()
  expect(await run(data, 'restore', copy)).toMatchObject({ code: 1, said: expect.stringContaining('--replace') })
  expect((await run(data, 'restore', copy, '--replace')).code).toBe(0)
  expect(await run(data, 'show')).toMatchObject({ code: 0, said: expect.stringContaining('1 updates wait') })
  expect((await readdir(folder)).toSorted()).toEqual(['copy.lmdb', 'data', 'other'])
  expect((await run(data, 'restore', join(folder, 'nothing'))).code).toBe(1)
  expect((await run(data)).code).toBe(2)
})
