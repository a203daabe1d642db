import { describe, expect, test } from 'vitest'
import { runScript } from './run.ts'

describe('bench', () => {
  test('gives the figures of every stage as JSON', async () => {
    const { code, stdout } = await runScript('scripts/bench.ts', [
      '--clauses',
      '100',
      '--questions',
      '3',
      '--exhaustive',
      '--json',
    ])
    expect(code).toBe(0)
    const figures = JSON.parse(stdout)
    expect(Object.keys(figures.stages)).toEqual(['bridge and encode', 'lexical', 'vector', 'rerank', 'answer'])
    expect(figures.stages.answer.p50).toBeGreaterThan(0)
    expect(figures).toMatchObject({
      questions: 3,
      index: { units: 102, megabytes: expect.any(Number) },
      agreement: { questions: expect.any(Number) },
    })
  })

  test.each([
    [['--clauses', '7']],
    [['--clauses', 'many']],
    [['--questions', '0']],
    [['--check', '--exhaustive']],
    [['--check', '--questions', '3']],
    [['--unknown']],
  ])('%j is wrong usage', async (args) => {
    const { code, stdout, stderr } = await runScript('scripts/bench.ts', args)
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
    expect(stderr).toContain('Usage: npm run bench')
  })

  test('--help tells of the bars and the exit codes', async () => {
    const { code, stdout } = await runScript('scripts/bench.ts', ['--help'])
    expect(code).toBe(0)
    for (const part of ['--check', 'Exit codes: 0 measured and, with --check, every bar kept'])
      expect(stdout).toContain(part)
  })
})
