import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { buildLibrary, loadLibrary, neighbours, shortName, unitsOf, yearOf } from '../../src/memorandum/library.ts'
import { CorpusError } from '../../src/memorandum/markdown.ts'
import { type Gloss, unitId } from '../../src/model/corpus.ts'

const library = await loadLibrary('corpus')
const measures = library.units.filter((unit) => unit.kind === 'measure')

describe('the corpus', () => {
  test('has five memoranda, oldest first', () => {
    expect(library.memoranda.map(({ id, date }) => `${id} ${date}`)).toEqual([
      'sichuan-2018 2018-05-11',
      'hubei-2021 2021-11-29',
      'chongqing-2023 2023-05-11',
      'fujian-2023 2023-06-28',
      'zhejiang-2025 2025-04-24',
    ])
  })

  // Counted by hand in the published texts.
  test.each([
    ['川港', [4, 4, 3, 4, 3, 2, 4, 2, 4, 4, 2]],
    ['鄂港', [9, 3, 5, 4, 5, 4, 4, 4, 4, 3, 1, 3, 3]],
    ['渝港', [7, 3, 5, 3, 5, 5, 5, 4, 3, 4, 3]],
    ['閩港', [3, 1, 2, 2, 2, 2, 2, 4, 2, 1]],
    ['浙港', [6, 2, 7, 4, 3, 3, 5, 6, 4, 3, 4, 2, 2]],
  ])('%s has as many measures in each area as were printed', (name, counts) => {
    const memorandum = library.memoranda.find((candidate) => shortName(candidate) === name)
    expect(memorandum?.areas.map((area) => area.measures.length)).toEqual(counts)
  })

  test('has 207 measures, five preambles, and four preamble clauses, all of them in 川港', () => {
    expect(measures).toHaveLength(207)
    expect(library.units.filter(({ kind }) => kind === 'preamble')).toHaveLength(5)
    expect(
      library.units.filter(({ kind }) => kind === 'preamble-item').map(({ id, text }) => `${id} ${text.slice(0, 4)}`),
    ).toEqual([
      'sichuan-2018/preamble.1 合作宗旨',
      'sichuan-2018/preamble.2 發展定位',
      'sichuan-2018/preamble.3 合作原則',
      'sichuan-2018/preamble.4 合作領域',
    ])
  })

  test('has ids that say area and printed number, also where numbers run through the annex', () => {
    for (const unit of measures) expect(unit.id).toBe(`${unit.memorandum.id}/${unit.area.ordinal}.${unit.number}`)
    for (const { id } of library.units) expect(unitId.safeParse(id).success, id).toBe(true)
    expect(library.byId.get('zhejiang-2025/5.21')?.text).toMatch(/^支持浙江調解機構與香港調解機構對接/u)
    expect(library.byId.get('zhejiang-2025/5.1')).toBeUndefined()
  })

  test('has every gloss on a unit that exists', () => {
    for (const id of library.glosses.keys()) expect(library.byId.has(id), id).toBe(true)
  })
})

describe('buildLibrary()', () => {
  const [oldest, ...others] = library.memoranda
  const gloss = (id: string): Gloss => ({
    id,
    summary: 'Summary',
    words: { hant: [], yue: [], hans: [], en: [] },
    asks: [],
  })

  test('puts memoranda in order of date, whatever order they come in', () => {
    expect(buildLibrary(library.memoranda.toReversed(), [], '').memoranda).toEqual(library.memoranda)
  })

  test('refuses two units with the same id', () => {
    expect(oldest).toBeDefined()
    expect(() => buildLibrary(oldest === undefined ? [] : [oldest, oldest, ...others], [], '')).toThrow(
      'two units have the same id',
    )
  })

  test('refuses a gloss of no unit and a second gloss of one', () => {
    expect(() => buildLibrary(library.memoranda, [gloss('sichuan-2018/99.1')], '')).toThrow(
      'the gloss of sichuan-2018/99.1 belongs to no unit',
    )
    expect(() => buildLibrary(library.memoranda, [gloss('sichuan-2018/1.1'), gloss('sichuan-2018/1.1')], '')).toThrow(
      'two glosses have the same id',
    )
  })
})

describe('neighbours()', () => {
  const around = (id: string) => {
    const unit = library.byId.get(id)
    if (unit === undefined) throw new Error(`no unit ${id}`)
    const { previous, next } = neighbours(library, unit)
    return [previous?.id, next?.id]
  }

  test('goes from clause to clause, over the borders of areas, and stays in the memorandum', () => {
    expect(around('sichuan-2018/5.2')).toEqual(['sichuan-2018/5.1', 'sichuan-2018/5.3'])
    expect(around('sichuan-2018/2.1')).toEqual(['sichuan-2018/1.4', 'sichuan-2018/2.2'])
    expect(around('sichuan-2018/preamble')).toEqual([undefined, 'sichuan-2018/preamble.1'])
    expect(around('sichuan-2018/11.2')).toEqual(['sichuan-2018/11.1', undefined])
    expect(around('hubei-2021/1.1')).toEqual(['hubei-2021/preamble', 'hubei-2021/1.2'])
  })
})

test('unitsOf(), shortName() and yearOf() tell of one memorandum', () => {
  const [memorandum] = library.memoranda
  if (memorandum === undefined) throw new Error('no memorandum')
  expect(unitsOf(memorandum)).toHaveLength(1 + 4 + 36)
  expect([shortName(memorandum), yearOf(memorandum)]).toEqual(['川港', '2018'])
})

describe('loadLibrary()', () => {
  let folder = ''
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'corpus-'))
    await cp('corpus/fujian-2023.md', join(folder, 'fujian-2023.md'))
  })
  afterEach(() => rm(folder, { recursive: true }))

  test('reads a folder without glosses', async () => {
    const { memoranda, glosses } = await loadLibrary(folder)
    expect([memoranda.length, glosses.size]).toEqual([1, 0])
  })

  test('has another hash when a character of a memorandum, a gloss or a word list changes', async () => {
    const hashes = [(await loadLibrary(folder)).hash, (await loadLibrary(folder)).hash]
    await writeFile(join(folder, 'terms.tsv'), '創科\t創新科技\n')
    hashes.push((await loadLibrary(folder)).hash)
    await cp('corpus/glosses/fujian-2023.json', join(folder, 'glosses', 'fujian-2023.json'), { recursive: true })
    hashes.push((await loadLibrary(folder)).hash)
    await cp('corpus/hubei-2021.md', join(folder, 'hubei-2021.md'))
    hashes.push((await loadLibrary(folder)).hash)
    expect(hashes[0]).toBe(hashes[1])
    expect(new Set(hashes).size).toBe(4)
    for (const hash of hashes) expect(hash).toMatch(/^[0-9a-f]{64}$/u)
  })

  test('refuses a folder that is not there, an empty one, and a file that bears another name', async () => {
    await expect(loadLibrary(join(folder, 'nowhere'))).rejects.toThrow(CorpusError)
    await cp('corpus/hubei-2021.md', join(folder, 'hubei-2022.md'))
    await expect(loadLibrary(folder)).rejects.toThrow(
      'hubei-2022.md:2: the id is hubei-2021; the file must bear its name',
    )
    await rm(join(folder, 'hubei-2022.md'))
    await rm(join(folder, 'fujian-2023.md'))
    await expect(loadLibrary(folder)).rejects.toThrow('holds no memorandum (*.md)')
  })

  test.each([
    ['{', /glosses\/a\.json: .*JSON/u],
    ['{"memorandum": "fujian-2023", "glosses": [{"id": "fujian-2023/1"}]}', /glosses\/a\.json: glosses\.0\.id: /u],
    ['{"memorandum": "fujian-2023"}', /glosses\/a\.json: glosses: /u],
  ])('refuses glosses %j, naming the file', async (text, message) => {
    await cp('corpus/glosses/fujian-2023.json', join(folder, 'glosses', 'a.json'), { recursive: true })
    await writeFile(join(folder, 'glosses', 'a.json'), text)
    await expect(loadLibrary(folder)).rejects.toThrow(message)
    await expect(loadLibrary(folder)).rejects.toThrow(CorpusError)
  })
})
