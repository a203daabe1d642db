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
  test.each(['三跑', '熊貓', '郵輪', '仲裁', '鐵路', '中醫藥', '綠色債券'])(
    'words that clauses hold, complete: %s',
    (word) => {
      const expected = holding(word)
      expect(expected.length).toBeGreaterThan(0)
      const set = sets.find(fold(word), [])
      const found = ids(set?.units ?? [])
      // A reviewed topic may stand for the word; words alone must be exactly where they are.
      if (set?.by === 'words') expect(found).toEqual(expected)
      else expect(topics.some(({ names }) => names.includes(word))).toBe(true)
    },
  )

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
    const both = ids(sets.find(`${fold('三跑')} ${fold('貨運')}`, [])?.units ?? [])
    for (const id of both)
      expect(holding('三跑').includes(id ?? '') && holding('貨運').includes(id ?? ''), id).toBe(true)
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

  test('in bounded time, however long the words', () => {
    const from = performance.now()
    expect(sets.find('金融'.repeat(300), [])).toBeUndefined()
    expect(performance.now() - from).toBeLessThan(500)
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
