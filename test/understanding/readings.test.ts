import { readFile } from 'node:fs/promises'
import { describe, expect, test } from 'vitest'
import { readBank } from '../../src/evaluation/bank.ts'
import { loadLibrary } from '../../src/memorandum/library.ts'
import { fold } from '../../src/text/fold.ts'
import { createMentionFinder } from '../../src/understanding/mentions.ts'
import { positionIn, readingKinds, readingsOf } from '../../src/understanding/readings.ts'
import { nothingSaid, type Talk } from '../../src/understanding/talk.ts'
import { understand, withoutCourtesy } from '../../src/understanding/understand.ts'
import { openRoom } from '../answer/room.ts'

const library = await loadLibrary('corpus')
const findMentions = createMentionFinder(library.memoranda)
const [shown] = library.units.filter(({ id }) => id === 'sichuan-2018/5.1')
const afterInternships: Talk = {
  about: {
    query: '四川青年實習',
    intent: { kind: 'search' },
    provinces: ['sichuan'],
    excluded: [],
    subject: '青年实习',
    inFull: '青年实习',
  },
  shown: shown === undefined ? [] : [shown, shown, shown, shown],
  visible: 3,
  ...(shown === undefined ? {} : { unit: shown, memorandum: shown.memorandum }),
}
const kindsOf = (query: string, talk: Talk) => readingsOf(understand(query, findMentions), talk).map(({ kind }) => kind)

describe('words of courtesy', () => {
  test.each([
    ['你好，重慶旅遊', '重庆旅游'],
    ['福建中醫thanks', '福建中医'],
    ['唔該，想問四川有咩青年實習？多謝晒！', '想问四川有咩青年实习'],
    ['Hi, tourism in Chongqing, many thanks.', 'tourism in chongqing'],
    ['唔係呀，我話機場', '机场'],
  ])('weigh nothing at the ends of %s', (message, bare) => expect(withoutCourtesy(fold(message))).toBe(bare))

  test.each(['多謝', 'thank you!', '你好', '謝謝你'])('stay where nothing else is said: %s', (message) =>
    expect(withoutCourtesy(fold(message))).toBe(fold(message)),
  )

  test('stay in the middle of a question', () => {
    expect(withoutCourtesy(fold('有冇感謝信嘅範本'))).toBe(fold('有冇感謝信嘅範本'))
  })
})

describe('positionIn()', () => {
  test.each([
    ['第二條講咩', 1],
    ['第3个', 2],
    ['the second one', 1],
    ['the 3rd', 2],
    ['#2', 1],
    ['最後一條', -1],
  ])('%s', (message, position) => expect(positionIn(fold(message))).toBe(position))

  test.each(['浙江有甚麼', 'two-way investment', '兩地合作'])('none in %s', (message) =>
    expect(positionIn(fold(message))).toBeUndefined(),
  )
})

describe('readingsOf()', () => {
  test('leans on nothing where nothing was said', () => {
    expect(kindsOf('第二條', nothingSaid)).toEqual(['alone', 'courtesy', 'complaint', 'about'])
  })

  test('offers every way in which a message can be meant in a chat', () => {
    expect(kindsOf('咁湖北呢', afterInternships)).toEqual(expect.arrayContaining(['alone', 'place', 'within']))
    expect(kindsOf('第二條', afterInternships)).toEqual(
      expect.arrayContaining(['ordinal', 'topic', 'same', 'next', 'more', 'others']),
    )
    expect(kindsOf('第二條', afterInternships).every((kind) => readingKinds.includes(kind))).toBe(true)
  })

  test('makes each of them a whole request', () => {
    const read = (query: string, wanted: string) =>
      readingsOf(understand(query, findMentions), afterInternships).find(({ kind }) => kind === wanted)?.request
    expect(read('咁湖北呢', 'place')).toMatchObject({ provinces: ['hubei'], subject: '青年实习' })
    expect(read('旅遊呢', 'topic')).toMatchObject({ provinces: ['sichuan'], subject: '旅游' })
    expect(read('其他省呢', 'others')).toMatchObject({ provinces: [], excluded: ['sichuan'], subject: '青年实习' })
  })

  test('takes back a place', () => {
    const { provinces, excluded } = understand('不是四川，是湖北', findMentions)
    expect({ provinces, excluded }).toEqual({ provinces: ['hubei'], excluded: ['sichuan'] })
    expect(understand('係唔係四川先有', findMentions).excluded).toEqual([])
  })
})

describe('over the bank', async () => {
  const { assistant } = await openRoom()
  const complete = (await readBank('test/evaluation/bank')).filter(
    ({ context = [], relevant, intent }) => context.length === 0 && relevant.length > 0 && intent === 'find',
  )
  const sample = complete.filter((_, at) => at % 12 === 0)
  const told = async (query: string, context: readonly string[] = []) => {
    const answer = await assistant.answer({ query, context })
    return `${answer.kind} ${answer.hits[0]?.id ?? ''}`
  }
  const share = async (changed: (query: string, at: number) => Promise<string>) => {
    let same = 0
    for (const [at, { query }] of sample.entries()) if ((await changed(query, at)) === (await told(query))) same += 1
    return same / sample.length
  }

  test('a complete question means the same after any talk as alone', async () => {
    const talks = ['四川有咩青年實習？', '浙江金融', 'cruise tourism', '川七4', '比較重慶和福建的旅遊']
    expect(await share((query, at) => told(query, [talks[at % talks.length] as string]))).toBeGreaterThanOrEqual(0.97)
  })

  test('courtesy changes nothing', async () => {
    const dresses = [(q: string) => `你好，${q}`, (q: string) => `${q}，謝謝`, (q: string) => `${q} thanks`]
    expect(await share((query, at) => told(dresses[at % 3]?.(query) ?? query))).toBeGreaterThanOrEqual(0.97)
  })

  test('examples are read as what they are examples of', async () => {
    const examples = JSON.parse(await readFile('src/understanding/examples.json', 'utf8')) as Record<string, string[]>
    const messages = Object.values(examples).flat()
    expect(new Set(messages).size).toBe(messages.length)
    const talk = await assistant.talkAfter(['四川有咩青年實習？'])
    let read = 0
    let all = 0
    for (const [kind, list] of Object.entries(examples))
      for (const query of list)
        await assistant.reply({ query }, talk, (heard) => {
          const [best] = assistant.weigh(heard)
          if (heard.readings.some((reading) => reading.kind === kind)) {
            all += 1
            if (best?.reading.kind === kind) read += 1
          }
          return heard.readings[0] ?? { kind: 'alone', request: heard.own }
        })
    expect(read / all).toBeGreaterThanOrEqual(0.95)
  })
})
