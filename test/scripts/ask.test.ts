import { beforeAll, describe, expect, test } from 'vitest'
import { type Library, loadLibrary } from '../../src/memorandum/library.ts'
import { sentences } from '../../src/text/sentences.ts'
import { runAlone, runScript } from './run.ts'

type Quotation = { id: string; citation: string; quote: string; highlights: [number, number][] }
type Line = {
  id?: string | number
  error?: string
  kind: string
  reason?: string
  understood: { provinces: string[]; followed?: string; bridged: { asked: string; terms: string[] }[] }
  hits: { id: string; score: number }[]
  passages: Quotation[]
  nearest?: Quotation[]
  milliseconds: number
}

const askBy = async (run: typeof runScript, lines: readonly unknown[], ...args: string[]) => {
  const ran = await run(
    'scripts/ask.ts',
    ['--jsonl', ...args],
    lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n'),
  )
  const text = ran.stdout.trim()
  return { ...ran, lines: text === '' ? [] : text.split('\n').map((line) => JSON.parse(line) as Line) }
}

const ask = (lines: readonly unknown[], ...args: string[]) => askBy(runScript, lines, ...args)

let library: Library
beforeAll(async () => {
  library = await loadLibrary('corpus')
})

describe('ask --jsonl', () => {
  const questions = [
    { id: 'a', query: '四川有甚麼青年實習？' },
    { id: 2, query: '川七4' },
    { query: 'TCM testing in Sichuan' },
    { id: 'list', query: '哪些省份提到知識產權？' },
    { id: 'facts', query: '鄂港備忘錄由誰簽署？' },
    { id: 'compare', query: '比較五省的旅遊合作' },
    { id: 'gone', query: '川七99' },
    { id: 'place', query: '廣東的青年實習' },
    { id: 'follow', query: '咁湖北呢？', context: ['四川有甚麼青年實習？'] },
    { id: 'narrowed', query: '青年實習', filterProvince: 'chongqing' },
  ]

  test('answers each line in order, quotes word for word and highlights whole sentences', async () => {
    const { code, lines } = await ask(questions)
    expect(code).toBe(0)
    expect(lines.map(({ id }) => id)).toEqual(questions.map(({ id }) => id))
    expect(lines.map(({ kind }) => kind)).toEqual([
      'found',
      'reference',
      'found',
      'list',
      'facts',
      'comparison',
      'missing',
      'missing',
      'found',
      'found',
    ])
    for (const { kind, hits, passages, nearest = [], milliseconds } of lines) {
      expect(milliseconds).toBeGreaterThan(0)
      if (kind === 'missing') expect([hits, passages]).toEqual([[], []])
      else expect(hits.length).toBeGreaterThan(0)
      for (const { id, score } of hits) {
        expect(library.byId.has(id), id).toBe(true)
        expect(score).toEqual(expect.any(Number))
      }
      for (const { id, quote, citation, highlights } of [...passages, ...nearest]) {
        expect(quote).toBe(library.byId.get(id)?.text)
        expect(citation).toMatch(/^\p{Script=Han}港 20\d\d · /u)
        const starts = new Set(sentences(quote).map(([start]) => start))
        const ends = new Set(sentences(quote).map(([start, end]) => start + quote.slice(start, end).trimEnd().length))
        let at = 0
        for (const [start, end] of highlights) {
          expect(start).toBeGreaterThanOrEqual(at)
          expect(end).toBeGreaterThan(start)
          expect(end).toBeLessThanOrEqual(quote.length)
          expect([starts.has(start), ends.has(end)], `${id} ${start}-${end}`).toEqual([true, true])
          at = end
        }
      }
    }
    expect(lines[0]?.passages[0]?.highlights.length).toBeGreaterThan(0)
    expect(lines[0]?.understood.provinces).toEqual(['sichuan'])
    expect(lines[1]).toMatchObject({
      hits: [{ id: 'sichuan-2018/7.4' }],
      passages: [{ citation: '川港 2018 · 七、教育 · 第 4 項' }],
    })
    expect(lines[6]?.reason).toBe('item')
    expect(lines[7]?.reason).toBe('place')
    expect(lines[8]?.hits[0]?.id).toMatch(/^hubei-2021\//u)
    expect(lines[8]?.understood).toMatchObject({ provinces: ['hubei'], followed: expect.any(String) })
    expect(lines[9]?.hits.every(({ id }) => id.startsWith('chongqing-2023/'))).toBe(true)
  })

  test('gives an error for each line that is wrong, answers the others, and ends with 1', async () => {
    const { code, lines } = await ask([
      '{"id":"broken"',
      { id: 'no query' },
      { id: 'number', query: 7 },
      { id: 'context', query: '青年', context: 'no list' },
      { id: 'province', query: '青年', filterProvince: 'atlantis' },
      'null',
      '[]',
      '"text"',
      { id: ['odd'], query: '青年' },
      '',
      { id: 'good', query: '川七4' },
    ])
    expect(code).toBe(1)
    expect(lines).toHaveLength(10)
    for (const line of lines.slice(0, 9)) {
      expect(line.error).toEqual(expect.any(String))
      expect(line).not.toHaveProperty('hits')
    }
    expect(lines.slice(1, 5).map(({ id }) => id)).toEqual(['no query', 'number', 'context', 'province'])
    expect(lines[4]?.error).toMatch(/sichuan, hubei, chongqing, fujian, zhejiang/u)
    expect(lines[9]).toMatchObject({ id: 'good', kind: 'reference' })
  })

  test('--limit bounds the hits of a search, and never cuts a complete set', async () => {
    const lines = [{ query: '青年實習交流' }, { query: '哪些省份提到知識產權？' }]
    const [one, ten] = [await ask(lines, '--limit', '1'), await ask(lines)]
    expect(one.lines[0]?.hits).toEqual(ten.lines[0]?.hits.slice(0, 1))
    expect(ten.lines[0]?.hits.length).toBe(10)
    expect(one.lines[1]).toMatchObject({ kind: 'list' })
    expect(one.lines[1]?.hits).toEqual(ten.lines[1]?.hits)
    expect(one.lines[1]?.hits.length).toBeGreaterThan(1)
  })

  test('gives the same bytes in another process, milliseconds aside', async () => {
    const withoutTime = (stdout: string) => stdout.replaceAll(/,"milliseconds":[\d.]+/gu, '')
    const twice = [...questions, ...questions]
    const [first, second] = [await ask(twice), await askBy(runAlone, twice)]
    expect([first.code, second.code]).toEqual([0, 0])
    expect(withoutTime(second.stdout)).toBe(withoutTime(first.stdout))
    const lines = withoutTime(first.stdout).trim().split('\n')
    expect(lines.slice(questions.length)).toEqual(lines.slice(0, questions.length))
    expect(withoutTime(first.stdout)).not.toContain('milliseconds')
  })

  test('takes strange questions without failing', async () => {
    const strange = [
      '',
      ' ',
      '？',
      '\u0000',
      '😀',
      '龘'.repeat(5000),
      '四川'.repeat(1000),
      '‮abc',
      '<b>*_`',
      'a'.repeat(10_000),
      '川七',
      '7',
      '\ud800',
    ]
    const { code, lines } = await ask(strange.map((query) => ({ query })))
    expect(code).toBe(0)
    expect(lines).toHaveLength(strange.length)
    for (const line of lines) expect(line.kind).toEqual(expect.any(String))
  })

  test('of no line says nothing and ends with 0', async () => {
    expect(await ask([])).toMatchObject({ code: 0, stdout: '' })
  })
})

describe('ask, for a person', () => {
  test('prints citation and clause', async () => {
    const { code, stdout } = await runScript('scripts/ask.ts', ['四川有甚麼青年實習？'])
    expect(code).toBe(0)
    expect(stdout).toContain('川港 2018 · 五、')
    expect(stdout.replaceAll(/\s/gu, '')).toContain(
      (library.byId.get('sichuan-2018/5.1')?.text ?? '?').replaceAll(/\s/gu, ''),
    )
  })

  test.each([[['--limit', '101', 'x']], [['--limit', 'ten', 'x']], [['--unknown']]])(
    '%j is wrong usage: 2, and the help',
    async (args) => {
      const { code, stderr } = await runScript('scripts/ask.ts', args)
      expect(code).toBe(2)
      expect(stderr).toContain('Usage: npm run ask')
    },
  )
})

describe('the chat in the terminal', () => {
  test('answers piped lines in order, follows up, opens a clause by its number, and ends with the input', async () => {
    const { code, stdout, stderr } = await runScript(
      'src/main.ts',
      [],
      '四川有甚麼青年實習？\n1\n\n咁湖北呢？\n/lang en\n川七99\n',
      { BOT_TOKEN: '' },
    )
    expect(code).toBe(0)
    expect(stderr).toContain('BOT_TOKEN')
    const first = stdout.indexOf('川港 2018 · 五、')
    const second = stdout.indexOf('鄂港 2021 · ')
    expect(first).toBeGreaterThanOrEqual(0)
    expect(second).toBeGreaterThan(first)
    expect(stdout).toContain(library.byId.get('sichuan-2018/5.1')?.text.split('\n')[0])
  })

  test('/quit ends it before the next line; an empty input ends it at once', async () => {
    const quit = await runScript('src/main.ts', [], '/quit\n川七4\n', { BOT_TOKEN: '' })
    expect(quit).toMatchObject({ code: 0, stdout: '' })
    expect(await runScript('src/main.ts', [], '', { BOT_TOKEN: '' })).toMatchObject({ code: 0, stdout: '' })
  })

  test('wrong configuration and an encoder that is not there end it with 1 and what to do', async () => {
    expect(await runScript('src/main.ts', [], '', { BOT_TOKEN: '', ENCODER: 'nowhere' })).toMatchObject({
      code: 1,
      stdout: '',
      stderr: 'Cannot load ENCODER=nowhere: there is no such folder, and it is no hub id of the form owner/name\n',
    })
  })
})
