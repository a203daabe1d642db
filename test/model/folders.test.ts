import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { makeFolders } from '../../src/model/folders.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'folders-'))
})
afterEach(() => rm(folder, { recursive: true }))

describe('makeFolders()', () => {
  test('makes what is missing, tells the uppermost that it made, and leaves alone what is there', async () => {
    const deep = join(folder, 'a', 'b', 'c')
    expect(makeFolders(deep, 0o700)).toBe(join(folder, 'a'))
    expect(makeFolders(deep)).toBeUndefined()
    expect((await stat(join(folder, 'a'))).mode & 0o777).toBe(0o700)
    expect(await readdir(deep)).toEqual([])
  })

  test('says which path is a file', async () => {
    const file = join(folder, 'file')
    await writeFile(file, '')
    expect(() => makeFolders(file)).toThrow(expect.objectContaining({ code: 'ENOTDIR', path: file }))
    expect(() => makeFolders(join(file, 'a'))).toThrow(expect.objectContaining({ code: 'ENOTDIR' }))
  })

  test('comes to an end where the system never lets a folder be made', () => {
    expect(() => makeFolders('/proc/nothing')).toThrow(expect.objectContaining({ path: '/proc/nothing' }))
    expect(() => makeFolders('/proc/nothing/deeper')).toThrow(expect.objectContaining({ path: '/proc/nothing' }))
  })
})
