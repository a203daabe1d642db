import { mkdtemp, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { type Library, loadLibrary } from '../../src/memorandum/library.ts'
import { type Bridge, bridgeQuestion, loadBridge } from '../../src/retrieval/bridge.ts'
import { fold } from '../../src/text/fold.ts'

let library: Library
let bridge: Bridge

beforeAll(async () => {
  library = await loadLibrary('corpus')
  bridge = await loadBridge('corpus', library)
})

/** A bridge over lists of its own: `terms.tsv` and `cedict.tsv` without the line of column names. */
async function bridgeOf(terms: readonly string[], dictionary: readonly string[] = []): Promise<Bridge> {
  const folder = await mkdtemp(join(tmpdir(), 'bridge-'))
  await writeFile(join(folder, 'terms.tsv'), ['ask\tterms\tkind', ...terms, ''].join('\n'))
  await writeFile(join(folder, 'cedict.tsv'), [...dictionary, ''].join('\n'))
  return loadBridge(folder, library)
}

const asked = (own: Bridge, question: string) =>
  bridgeQuestion(own, fold(question)).map(({ word, terms, source }) => [word, terms, source])

describe('bridgeQuestion()', () => {
  test('takes the longest match, left to right, without overlap', async () => {
    const own = await bridgeOf(['青年\t青年交流\teveryday', '青年實習\t實習計劃\teveryday', '習\t學習\teveryday'])
    expect(asked(own, '有冇青年實習同青年？')).toEqual([
      ['青年实习', ['實習計劃'], 'terms'],
      ['青年', ['青年交流'], 'terms'],
    ])
  })

  test('says where in the question each word stands', async () => {
    const own = await bridgeOf(['實習\t實習計劃\teveryday', 'internship\t實習計劃\tenglish'])
    const question = fold('四川 實習 or internships?')
    const found = bridgeQuestion(own, question)
    expect(found.map(({ start, end }) => question.slice(start, end))).toEqual(['实习', 'internships'])
    expect(found.map(({ word }) => word)).toEqual(['实习', 'internships'])
  })

  test('understands Simplified, Traditional and full-width input alike', async () => {
    const own = await bridgeOf(['後生仔\t青年\tcantonese', 'TCM\t中醫藥\tabbreviation'])
    for (const question of ['後生仔', '后生仔']) expect(asked(own, question)).toEqual([['后生仔', ['青年'], 'terms']])
    for (const question of ['TCM', 'tcm', 'ＴＣＭ'])
      expect(asked(own, question)).toEqual([['tcm', ['中醫藥'], 'terms']])
  })

  test('knows characters outside the basic plane', async () => {
    const own = await bridgeOf(['餸菜\t鮮活農產品\tcantonese'])
    expect(asked(own, '邊度啲餸菜')).toEqual([[fold('餸菜'), ['鮮活農產品'], 'terms']])
  })

  test('takes the longest English phrase, in singular or plural', async () => {
    const own = await bridgeOf(
      ['exchange\t交流\tenglish', 'student exchange programme\t交流計劃\tenglish'],
      ['student\t学生'],
    )
    expect(asked(own, 'Any student exchange programmes?')).toEqual([
      ['student exchange programmes', ['交流計劃'], 'terms'],
    ])
    expect(asked(own, 'students, exchanges')).toEqual([
      ['students', ['学生'], 'dictionary'],
      ['exchanges', ['交流'], 'terms'],
    ])
  })

  test('prefers the reviewed list to the dictionary, and of the dictionary keeps what the memoranda say', async () => {
    const own = await bridgeOf(['youth\t青年交流\tenglish'], ['youth\t少年', 'hospital\t医院|病坊', 'dragon\t麒麟儿'])
    expect(asked(own, 'youth hospital dragon')).toEqual([
      ['youth', ['青年交流'], 'terms'],
      ['hospital', ['医院'], 'dictionary'],
    ])
  })

  test('leaves words without a topic alone', async () => {
    const own = await bridgeOf([], ['the\t青年', 'about\t合作'])
    expect(asked(own, 'what about the')).toEqual([])
  })

  test('of nothing finds nothing', () => {
    for (const question of ['', ' ', '？！', '龘']) expect(asked(bridge, question)).toEqual([])
  })

  test('finds every line of the reviewed list when it is asked', async () => {
    const lines = (await readFile('corpus/terms.tsv', 'utf8'))
      .split('\n')
      .slice(1)
      .filter((line) => line !== '')
    expect(lines.length).toBeGreaterThan(500)
    for (const line of lines) {
      const [ask = '', list = ''] = line.split('\t')
      for (const question of [ask, ` ${ask}？`]) {
        const found = bridgeQuestion(bridge, fold(question))
        expect(
          found.map(({ word, terms, source }) => ({ word, terms, source })),
          line,
        ).toContainEqual({ word: fold(ask), terms: list.split('|'), source: 'terms' })
      }
    }
  })
})

describe('loadBridge()', () => {
  test.each([
    [
      'a term that no memorandum has',
      '火箭\t登月火箭\teveryday',
      /terms\.tsv:3: no memorandum has the term 「登月火箭」/u,
    ],
    [
      'one good term and one bad',
      '火箭\t青年|登月火箭\teveryday',
      /terms\.tsv:3: no memorandum has the term 「登月火箭」/u,
    ],
    ['an unknown kind', '後生\t青年\tslang', /terms\.tsv:3: expected ask, terms and a kind/u],
    ['no term', '後生\t\tcantonese', /terms\.tsv:3: expected ask, terms and a kind/u],
    ['spaces for tabs', '後生 青年 cantonese', /terms\.tsv:3: expected ask, terms and a kind/u],
  ])('refuses %s, naming file and line', async (_, line, message) => {
    await expect(bridgeOf(['後生仔\t青年\tcantonese', line])).rejects.toThrow(message)
  })

  test('does without lists', async () => {
    const own = await loadBridge(await mkdtemp(join(tmpdir(), 'bridge-')), library)
    expect(bridgeQuestion(own, fold('青年 youth'))).toEqual([])
  })
})
