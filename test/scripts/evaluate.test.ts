import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { runScript } from './run.ts'

let folder: string
let set: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'evaluate-'))
  set = join(folder, 'set.jsonl')
  const questions = [
    { id: '1', type: 'citation', query: '川七4', relevant: [{ id: 'sichuan-2018/7.4', grade: 2 }] },
    // The clause named is not the one wanted: found nowhere.
    { id: '2', type: 'citation', query: '川七3', relevant: [{ id: 'sichuan-2018/7.4', grade: 2 }] },
    // Two named, the wanted one second.
    { id: '3', type: 'citation', query: '川七3、4', relevant: [{ id: 'sichuan-2018/7.4', grade: 2 }] },
    { id: '4', type: 'unanswerable', query: '川七99', expectAbstain: true, relevant: [] },
    { id: '5', type: 'unanswerable', query: '川七1', expectAbstain: true, relevant: [] },
  ]
  await writeFile(set, questions.map((question) => JSON.stringify(question)).join('\n'))
})

describe('evaluate', () => {
  test('--json gives the figures as computed by hand', async () => {
    const { code, stdout } = await runScript('scripts/evaluate.ts', ['--set', set, '--json'])
    expect(code).toBe(0)
    const { figures, notVerbatim } = JSON.parse(stdout)
    expect(notVerbatim).toBe(0)
    expect(figures.citation).toMatchObject({
      questions: 3,
      recall1: { mean: expect.closeTo(1 / 3) },
      hit3: { mean: expect.closeTo(2 / 3) },
      recall5: { mean: expect.closeTo(2 / 3) },
      // 1, 0 and 1 / log2(3).
      ndcg10: { mean: expect.closeTo((1 + 1 / Math.log2(3)) / 3) },
      reciprocalRank: { mean: expect.closeTo(0.5) },
      falselyRefused: { mean: 0 },
    })
    expect(figures.unanswerable).toMatchObject({ questions: 2, refused: { mean: 0.5 } })
    expect(figures.all).toMatchObject({ questions: 5, recall1: { count: 3 }, refused: { count: 2 } })
  })

  test('prints a table, names what missed, and draws the figures', async () => {
    const plot = join(folder, 'types.svg')
    const { code, stdout } = await runScript('scripts/evaluate.ts', ['--set', set, '--failures', '--plot', plot])
    expect(code).toBe(0)
    expect(stdout).toMatch(/^citation +3 +0\.333 +0\.667 +0\.667/mu)
    expect(stdout).toMatch(/^unanswerable +2 .* 0\.500 +·$/mu)
    expect(stdout).toContain('quotations not verbatim: 0')
    expect(stdout).toContain('2 citation [hit@3]')
    expect(stdout).toContain('5 unanswerable [not refused]')
    const svg = await readFile(plot, 'utf8')
    expect(svg).toMatch(/^<svg [\s\S]*<\/svg>\n$/u)
    expect(svg).toContain('>citation<')
    expect(svg).toContain('>0.333<')
    expect(svg).not.toContain('unanswerable')
  })

  test('refuses a set that is none with 1', async () => {
    expect(await runScript('scripts/evaluate.ts', ['--set', join(folder, 'nowhere.jsonl')])).toMatchObject({
      code: 1,
      stdout: '',
    })
  })
})
