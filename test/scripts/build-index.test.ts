import { copyFile, mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { runScript } from './run.ts'

let environment: { CORPUS: string; INDEX: string }
const index = (...args: readonly string[]) => runScript('scripts/build-index.ts', args, '', environment)

beforeAll(async () => {
  const CORPUS = await mkdtemp(join(tmpdir(), 'corpus-'))
  await copyFile('corpus/sichuan-2018.md', join(CORPUS, 'sichuan-2018.md'))
  environment = { CORPUS, INDEX: join(await mkdtemp(join(tmpdir(), 'index-')), 'index') }
})

describe('build-index', () => {
  test('builds what is missing, leaves what fits, mends what is damaged, and builds anew on demand', async () => {
    expect(await index()).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^Built .* \(there is none yet\): 41 units, \d+ passages\n$/u),
      stderr: '',
    })
    const manifest = await readFile(join(environment.INDEX, 'manifest.json'))
    expect(await index()).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('fits the corpus and the encoder: 41 units'),
    })
    await writeFile(join(environment.INDEX, 'tokens.bin'), '')
    expect(await index()).toMatchObject({ code: 0, stdout: expect.stringContaining('(tokens.bin is damaged)') })
    expect((await readFile(join(environment.INDEX, 'manifest.json'))).equals(manifest)).toBe(true)
    expect(await index('--force')).toMatchObject({ code: 0, stdout: expect.stringMatching(/^Built .* s: 41 units/u) })
    expect((await readFile(join(environment.INDEX, 'manifest.json'))).equals(manifest)).toBe(true)
  })

  test('says what to do where it cannot write', async () => {
    const taken = join(environment.CORPUS, 'taken')
    await writeFile(taken, '')
    expect(
      await runScript('scripts/build-index.ts', [], '', { ...environment, INDEX: join(taken, 'index') }),
    ).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^Cannot write .*make the folder writable, or name another with INDEX\n$/u),
    })
  })

  test('--help explains, an unknown option is wrong usage, a missing corpus ends it with 1', async () => {
    expect(await index('--help')).toMatchObject({ code: 0, stdout: expect.stringContaining('Exit codes') })
    expect(await index('--unknown')).toMatchObject({ code: 2, stdout: '' })
    expect(await runScript('scripts/build-index.ts', [], '', { ...environment, CORPUS: 'nowhere' })).toMatchObject({
      code: 1,
      stderr: 'Cannot read the corpus: there is no folder nowhere\n',
    })
  })
})
