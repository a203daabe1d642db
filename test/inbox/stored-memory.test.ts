import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createKept } from '../../src/conversation/kept.ts'
import { embeddedFile } from '../../src/embedded/home.ts'
import { folderOf, openState } from '../../src/homes/open.ts'
import { asHandling } from '../../src/inbox/once.ts'
import { memoryIn } from '../../src/inbox/stored-memory.ts'
import type { Store } from '../../src/state/store.ts'

const never = new AbortController().signal

let folder = ''
let store: Store
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'memory-'))
  store = await openState({ url: undefined, folder, secret: 'secret' })
})
afterEach(async () => {
  await store.close()
  await rm(folder, { recursive: true })
})

test('everything that the bot keeps is there again after a restart, and /forget removes it', async () => {
  const before = createKept(memoryIn(store))
  await before.changePersonSettings(7, { language: 'en' })
  await before.changeChatSettings(-1, { script: 'simplified' })
  await before.remember(7, { key: 'k', chat: 7, message: 1, query: '四川金融', context: [], at: Date.now() })
  expect(await before.collect(7, 'sichuan-2018/5.1', 7)).toBe('added')
  await before.permit(-1, true)
  expect(await before.isFirst('press', 1000)).toBe(true)
  await store.close()
  store = await openState({ url: undefined, folder, secret: 'secret' })
  const after = createKept(memoryIn(store))
  expect(await after.personSettings(7)).toEqual({ language: 'en' })
  expect(await after.chatSettings(-1)).toEqual({ script: 'simplified' })
  expect((await after.question(7, 'k'))?.query).toBe('四川金融')
  expect(await after.basket(7)).toEqual(['sichuan-2018/5.1'])
  expect(await after.permission(-1)).toBe(true)
  expect(await after.isFirst('press', 1000)).toBe(false)
  await after.forget(7)
  expect(await after.personSettings(7)).toEqual({})
  expect(await after.question(7, 'k')).toBeUndefined()
  expect(await after.basket(7)).toEqual([])
  expect(await after.permission(-1)).toBe(true)
  expect((await readFile(embeddedFile(folderOf(folder, 'secret')))).includes(Buffer.from('四川'))).toBe(false)
})

test('a value is gone when its own time is over', async () => {
  let now = 1_800_000_000_000
  const memory = memoryIn(store, () => now)
  await memory.update('once:x', () => true, 1000)
  now += 999
  expect(await memory.get('once:x')).toBe(true)
  now += 1
  expect(await memory.get('once:x')).toBeUndefined()
  expect(await memory.update('once:x', (old) => (old === undefined ? 'anew' : 'old'), 1000)).toBe('anew')
  await memory.delete('once:x')
  expect(await memory.get('once:x')).toBeUndefined()
})

test('a key that the table of retention does not know is refused', async () => {
  const memory = memoryIn(store)
  for (const key of ['secrets:1', 'constructor:1', 'x', ''])
    await expect(memory.update(key, () => 1)).rejects.toThrow(TypeError)
})

test('what happens once is not lost when its update is handled again after a crash, and is still refused to others', async () => {
  const kept = createKept(memoryIn(store))
  const asUpdate = (updateId: number) =>
    asHandling(
      { updateId, sent: new Map(), check: async () => {}, record: async () => {}, signal: never, finishing: never },
      async () => {
        await new Promise((resolve) => setTimeout(resolve, 1))
        return await kept.isFirst('export:1', 60_000)
      },
    )
  expect(await asUpdate(1)).toBe(true)
  expect(await asUpdate(2)).toBe(false)
  expect(await asUpdate(1)).toBe(true)
  expect(await asUpdate(2)).toBe(false)
  expect(await kept.isFirst('export:1', 60_000)).toBe(false)
})

test('many changes of one basket at once lose nothing', async () => {
  const kept = createKept(memoryIn(store))
  await Promise.all(Array.from({ length: 30 }, (_, index) => kept.collect(-1, `sichuan-2018/1.${index + 1}`, 7)))
  expect(await kept.basket(-1)).toHaveLength(30)
})
