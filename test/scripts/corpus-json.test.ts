import { describe, expect, test } from 'vitest'
import { loadLibrary } from '../../src/memorandum/library.ts'
import { runScript } from './run.ts'

const corpusJson = (...args: string[]) => runScript('scripts/corpus-json.ts', args)

describe('corpus-json', () => {
  test('prints every memorandum with its areas, measures and ids', async () => {
    const { code, stdout, stderr } = await corpusJson()
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    type Printed = {
      id: string
      title: string
      date: string
      plenary: number
      place: string
      province: { char: string }
      preamble: { id: string; text: string; items: { id: string }[] }
      areas: { title: string; measures: { id: string; number: number; text: string }[] }[]
    }
    const printed = JSON.parse(stdout) as Printed[]
    expect(
      printed.map(({ id, province, areas, preamble }) => [
        id,
        province.char,
        areas.length,
        areas.flatMap((area) => area.measures).length,
        preamble.items.length,
      ]),
    ).toEqual([
      ['sichuan-2018', '川', 11, 36, 4],
      ['hubei-2021', '鄂', 13, 52, 0],
      ['chongqing-2023', '渝', 11, 47, 0],
      ['fujian-2023', '閩', 10, 21, 0],
      ['zhejiang-2025', '浙', 13, 51, 0],
    ])
    const library = await loadLibrary('corpus')
    const ids = printed.flatMap(({ preamble, areas }) => [
      preamble.id,
      ...preamble.items.map(({ id }) => id),
      ...areas.flatMap(({ measures }) => measures.map(({ id }) => id)),
    ])
    expect(ids).toEqual(library.units.map(({ id }) => id))
    for (const { measures } of printed.flatMap(({ areas }) => areas))
      for (const { id, text } of measures) expect(text).toBe(library.byId.get(id)?.text)
    expect(printed[3]).toMatchObject({
      title: '閩港合作會議第四次會議合作備忘錄',
      date: '2023-06-28',
      plenary: 4,
      place: '香港',
    })
  })

  test('says what is wrong with a corpus that it cannot read', async () => {
    expect(await corpusJson('--corpus', 'nowhere')).toMatchObject({
      code: 1,
      stdout: '',
      stderr: 'Cannot read the corpus: there is no folder nowhere\n',
    })
  })
})
