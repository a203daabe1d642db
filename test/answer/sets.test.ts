import { describe, expect, test } from 'vitest'
import { createSetFinder } from '../../src/answer/sets.ts'
import { fold } from '../../src/text/fold.ts'
import { openRoom } from './room.ts'

const { retrieval, topics } = await openRoom()
const { units } = retrieval.library
const sets = createSetFinder(retrieval.library, topics, retrieval.bridge)
const ids = (numbers: readonly number[]) => numbers.map((number) => units[number]?.id)
/** The units that hold a word, by reading all of them. */
const holding = (word: string) => units.filter(({ text }) => fold(text).includes(fold(word))).map(({ id }) => id)

describe('find() names a criterion that is certain', () => {
  test.each(['三跑', '熊貓', '郵輪', '仲裁', '理工大學'])('words that clauses hold, complete: %s', (word) => {
    const expected = holding(word)
    expect(expected.length).toBeGreaterThan(0)
    const set = sets.find(fold(word), [])
    expect(set).toMatchObject({ by: 'words', criterion: word })
    expect(ids(set?.units ?? [])).toEqual(expected)
  })

  test.each([
    ['中醫藥', '中醫藥'],
    ['鐵路', '鐵路及軌道交通'],
    ['綠色債券', '綠色金融'],
  ])('a reviewed topic rather than the words that name it: %s', (word, zh) => {
    const set = sets.find(fold(word), [])
    expect(set).toMatchObject({ by: 'topic', criterion: zh })
    expect(ids(set?.units ?? [])).toEqual(topics.find((topic) => topic.zh === zh)?.measures)
  })

  test('the words where a question is about what is said, unless they are the name of the topic itself', () => {
    const said = sets.find(fold('綠色債券'), [], true)
    expect(said).toMatchObject({ by: 'words', criterion: '綠色債券' })
    expect(ids(said?.units ?? [])).toEqual(holding('綠色債券'))
    expect(sets.find(fold('中醫藥'), [], true)).toMatchObject({ by: 'topic' })
  })

  test('a reviewed topic by any of its names, in either script', () => {
    for (const topic of topics) {
      const areas = new Set(topic.measures.map((id) => id.replace(/\.\d+$/u, '')))
      for (const name of topic.names) {
        const set = sets.find(fold(name), [])
        expect(set?.units.length, name).toBeGreaterThan(0)
        // The printed title of an area stands for all of that area, in which some clause is of the topic.
        for (const id of ids(set?.units ?? []))
          expect(
            topic.measures.includes(id ?? '') || areas.has(id?.replace(/\.\d+$/u, '') ?? ''),
            `${name} ${id}`,
          ).toBe(true)
      }
    }
  })

  test('both of two words, or either where that is asked', () => {
    const both = holding('仲裁').filter((id) => holding('調解').includes(id))
    expect(both.length).toBeGreaterThan(0)
    expect(ids(sets.find(`${fold('仲裁')} ${fold('調解')}`, [])?.units ?? [])).toEqual(both)
    expect(sets.find(`${fold('三跑')} ${fold('郵輪')}`, [])).toBeUndefined()
    const either = ids(sets.find(`${fold('三跑')}或${fold('郵輪')}`, [])?.units ?? [])
    expect(either).toEqual(
      units.map(({ id }) => id).filter((id) => holding('三跑').includes(id) || holding('郵輪').includes(id)),
    )
  })

  test('and none where no clause holds the words', () => {
    for (const nothing of ['核聚變', '月球', 'quantum', '', '合作'])
      expect(sets.find(fold(nothing), []), nothing).toBeUndefined()
  })

  test('for every name of an institution alike', () => {
    expect(sets.find(fold('貿發局'), [])?.units).toEqual(sets.find(fold('香港貿易發展局'), [])?.units)
  })

  test('none that is longer than any, without trying its pieces, which would never end', () => {
    expect(sets.find('金融'.repeat(20_000), [])).toBeUndefined()
  })
})

describe('topicOf()', () => {
  test('knows a topic with generic words around it', () => {
    expect(sets.topicOf(fold('金融合作'))?.slug).toBe('finance')
    expect(sets.topicOf(fold('旅遊領域的措施'))?.slug).toBe('tourism')
  })

  test('knows none in a part of it or beyond it', () => {
    expect(sets.topicOf(fold('金融科技監管沙盒'))).toBeUndefined()
    expect(sets.topicOf('')).toBeUndefined()
  })

  test('has units that are the measures as reviewed', () => {
    for (const topic of topics) expect(ids(sets.unitsAbout(topic))).toEqual(topic.measures)
  })
})

describe('telling()', () => {
  test('finds rare words letter for letter, and leaves common ones', () => {
    expect(ids(sets.telling(fold('四川大學')))).toEqual(holding('四川大學').slice(0, 4))
    expect(sets.telling(fold('香港'))).toEqual([])
  })
})
