import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { loadLibrary } from '../../src/memorandum/library.ts'
import { CorpusError } from '../../src/memorandum/markdown.ts'
import { loadTopics, type Topic, topicsOf } from '../../src/memorandum/topics.ts'
import { fold } from '../../src/text/fold.ts'

const library = await loadLibrary('corpus')
const topics = await loadTopics('corpus', library)
const measures = library.units.filter((unit) => unit.kind === 'measure')
const slugsOf = (id: string) => topicsOf(topics, id).map(({ slug }) => slug)
const measuresOf = (slug: string) => topics.find((topic) => topic.slug === slug)?.measures ?? []

describe('corpus/topics.json', () => {
  test('gives every measure at least one topic', () => {
    expect(measures.filter(({ id }) => topicsOf(topics, id).length === 0).map(({ id }) => id)).toEqual([])
  })

  test('lists measures in library order', () => {
    const position = new Map(library.units.map(({ id }, index) => [id, index]))
    for (const { slug, measures: ids } of topics) {
      expect(
        [...ids].sort((a, b) => (position.get(a) ?? 0) - (position.get(b) ?? 0)),
        slug,
      ).toEqual(ids)
    }
  })

  test('has no name that stands for two topics, in search form', () => {
    const owner = new Map<string, string>()
    for (const { slug, names } of topics) {
      for (const name of names) {
        expect(owner.get(fold(name)) ?? slug, `${name} of ${slug}`).toBe(slug)
        owner.set(fold(name), slug)
      }
    }
  })

  test('begins the names of each topic with its Chinese and English titles, and says none twice', () => {
    for (const { zh, en, names } of topics) {
      expect(names.slice(0, 2)).toEqual([zh, en])
      expect(new Set(names.map(fold)).size, zh).toBe(names.length)
    }
  })

  test('knows each area that stands for one topic by its printed title', () => {
    // Titles that join two topics are split by measure.
    const joint = /和旅遊|及商貿|建設\/經貿|和經貿|和鐵路|鐵路建設管理|航運和物流|及中醫|和中醫|和食品|與生物|公務員/u
    const names = new Set(topics.flatMap((topic) => topic.names.map(fold)))
    const titles = new Set(
      library.memoranda.flatMap((memorandum) => memorandum.areas.map((area) => area.title.normalize('NFKC'))),
    )
    expect(
      [...titles].filter((title) => !joint.test(title) && !names.has(fold(title.replace(/的措施$/u, '')))),
    ).toEqual([])
  })

  test.each([
    ['finance', '金融'],
    ['innovation-technology', '創新及科技'],
    ['innovation-technology', '科技創新'],
    ['youth', '青年發展'],
    ['education', '教育'],
    ['tourism', '旅遊'],
    ['law', '法律和爭議解決'],
    ['environment', '環境保護'],
    ['housing', '住房安居'],
    ['construction', '建築'],
    ['trade-investment', '經貿'],
    ['trade-investment', '商貿投資'],
    ['logistics', '物流'],
    ['aviation', '航空'],
    ['talent', '人才交流'],
    ['culture-arts', '文化創意產業'],
    ['culture-arts', '文化合作'],
    ['culture-arts', '文化交流'],
    ['professional-services', '服務業'],
    ['hong-kong-people', '便利港人在內地發展'],
    ['hong-kong-people', '便利港人在內地發展的措施'],
  ])('%s has every measure of the area %s', (slug, title) => {
    const own = measures.filter(({ area }) => area.title === title)
    expect(own.length).toBeGreaterThan(0)
    for (const { id } of own) expect(measuresOf(slug)).toContain(id)
  })

  test.each([
    ['youth', ['youth-internships', 'youth-exchange']],
    ['education', ['school-exchange']],
    ['finance', ['green-finance', 'listing-bonds']],
  ])('%s has every measure of its parts %j', (whole, parts) => {
    for (const part of parts) expect(measuresOf(whole)).toEqual(expect.arrayContaining([...measuresOf(part)]))
  })

  test.each([
    ['sichuan-2018/5.1', ['youth', 'youth-internships', 'youth-exchange']],
    ['sichuan-2018/10.4', ['rail']],
    ['hubei-2021/1.6', ['finance', 'green-finance', 'listing-bonds']],
    ['hubei-2021/12.3', ['civil-servants']],
    ['chongqing-2023/5.4', ['tourism']],
    ['chongqing-2023/10.4', ['chinese-medicine']],
    ['fujian-2023/8.15', ['youth', 'youth-internships', 'education', 'higher-education', 'environment']],
    ['zhejiang-2025/4.17', ['aviation']],
    ['sichuan-2018/preamble', []],
  ])('%s has the topics %j', (id, slugs) => {
    expect(slugsOf(id)).toEqual(slugs)
  })
})

describe('loadTopics()', () => {
  const youth: Topic = {
    slug: 'youth',
    zh: '青年發展',
    en: 'Youth development',
    names: ['青年發展', 'Youth development'],
    measures: ['sichuan-2018/5.1'],
  }

  async function load(text: string): Promise<readonly Topic[]> {
    const folder = await mkdtemp(join(tmpdir(), 'topics-'))
    try {
      await writeFile(join(folder, 'topics.json'), text)
      return await loadTopics(folder, library)
    } finally {
      await rm(folder, { recursive: true })
    }
  }

  test('reads topics', async () => {
    expect(await load(JSON.stringify([youth]))).toEqual([youth])
  })

  test.each([
    [
      'a measure that does not exist',
      [{ ...youth, measures: ['sichuan-2018/5.9'] }],
      'the topic youth names sichuan-2018/5.9, which is no measure of this corpus',
    ],
    [
      'a preamble',
      [{ ...youth, measures: ['sichuan-2018/preamble.1'] }],
      'the topic youth names sichuan-2018/preamble.1, which is no measure of this corpus',
    ],
    [
      'a measure that stands twice',
      [{ ...youth, measures: ['sichuan-2018/5.1', 'sichuan-2018/5.1'] }],
      'the topic youth names sichuan-2018/5.1 twice',
    ],
    ['a slug that stands twice', [youth, youth], 'the topic youth stands twice'],
    ['a slug that is none', [{ ...youth, slug: 'Youth!' }], '0.slug: '],
    ['no measure', [{ ...youth, measures: [] }], '0.measures: '],
    ['an unknown field', [{ ...youth, note: '' }], 'Unrecognized key: "note"'],
  ])('refuses %s', async (_what, data, message) => {
    await expect(load(JSON.stringify(data))).rejects.toThrow(CorpusError)
    await expect(load(JSON.stringify(data))).rejects.toThrow(message)
  })

  test('refuses what is no JSON and a file that is not there, naming it', async () => {
    await expect(load('[')).rejects.toThrow(/topics\.json: .*JSON/u)
    await expect(loadTopics('test', library)).rejects.toThrow(/topics\.json: ENOENT/u)
  })
})
