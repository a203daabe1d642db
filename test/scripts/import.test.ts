import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { runScript } from './run.ts'

const importScript = (...args: string[]) => runScript('scripts/import.ts', args)

const ids = ['chongqing-2023', 'fujian-2023', 'hubei-2021', 'sichuan-2018', 'zhejiang-2025']
const sources = ids.map((id) => `corpus/sources/${id}.txt`)

describe('import', () => {
  let folder = ''
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'import-'))
  })
  afterEach(() => rm(folder, { recursive: true }))

  test('writes from the published texts the corpus as it is, and keeps the texts', async () => {
    const { code, stdout, stderr } = await importScript(...sources, '--corpus', folder)
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toContain(
      'corpus/sources/hubei-2021.txt: 鄂港高層會晤暨鄂港合作會議第一次會議備忘錄, 13 areas, 52 measures',
    )
    expect(stdout).toContain(
      `corpus/sources/hubei-2021.txt:95: doubt: the preamble's list of areas does not have 「中醫藥和食品安全」 in these words`,
    )
    for (const id of ids) {
      expect(await readFile(join(folder, `${id}.md`), 'utf8')).toBe(await readFile(`corpus/${id}.md`, 'utf8'))
      expect(await readFile(join(folder, 'sources', `${id}.txt`), 'utf8')).toBe(
        await readFile(`corpus/sources/${id}.txt`, 'utf8'),
      )
    }
  })

  test('--check says which file differs from its source, which is missing, and writes nothing', async () => {
    const changed = (await readFile('corpus/fujian-2023.md', 'utf8')).replace('攜手融入', '携手融入')
    await writeFile(join(folder, 'fujian-2023.md'), changed)
    await cp('corpus/hubei-2021.md', join(folder, 'hubei-2021.md'))
    const { code, stderr } = await importScript(
      'corpus/sources/fujian-2023.txt',
      'corpus/sources/hubei-2021.txt',
      'corpus/sources/sichuan-2018.txt',
      '--check',
      '--corpus',
      folder,
    )
    expect([code, stderr.split('\n')]).toEqual([
      1,
      [
        `${join(folder, 'fujian-2023.md')}: differs from what the published text gives`,
        `${join(folder, 'sichuan-2018.md')}: differs from what the published text gives`,
        '',
      ],
    ])
    expect(await readFile(join(folder, 'fujian-2023.md'), 'utf8')).toBe(changed)
    expect(await readdir(folder)).toEqual(['fujian-2023.md', 'hubei-2021.md'])
  })

  test('refuses a text with a missing number as FILE:LINE and one that is not there, writes nothing of them, and still writes the others', async () => {
    const draft = join(folder, 'draft.txt')
    const lines = (await readFile('corpus/sources/fujian-2023.txt', 'utf8')).split('\n')
    const line = lines.findIndex((text) => text.startsWith('2. ')) + 1
    await writeFile(draft, lines.with(line - 1, (lines[line - 1] ?? '').replace('2. ', '3. ')).join('\n'))
    // This one lies where it would be kept.
    const kept = join(folder, 'sources', 'sichuan-2018.txt')
    await mkdir(join(folder, 'sources'))
    await cp('corpus/sources/sichuan-2018.txt', kept)
    const { code, stderr } = await importScript(draft, join(folder, 'nothing.txt'), kept, '--corpus', folder)
    expect(code).toBe(1)
    expect(stderr.split('\n')[0]).toBe(`${draft}:${line}: item 3 follows item 1: a number is missing or repeated`)
    expect(stderr).toContain('ENOENT')
    expect(await readdir(folder)).toEqual(['draft.txt', 'sichuan-2018.md', 'sources'])
    expect(await readdir(join(folder, 'sources'))).toEqual(['sichuan-2018.txt'])
    expect(await readFile(kept, 'utf8')).toBe(await readFile('corpus/sources/sichuan-2018.txt', 'utf8'))
  })

  test('exits with 2 and explains itself when used wrongly', async () => {
    const { code, stderr } = await importScript('--chekc', 'corpus/sources/fujian-2023.txt')
    expect(code).toBe(2)
    expect(stderr).toContain(`Unknown option '--chekc'`)
    expect(stderr).toContain('Usage: npm run import -- FILE...')
  })
})
