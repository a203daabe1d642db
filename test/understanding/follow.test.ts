import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { loadLibrary } from '../../src/memorandum/library.ts'
import { follow } from '../../src/understanding/follow.ts'
import { createMentionFinder } from '../../src/understanding/mentions.ts'

const { memoranda } = await loadLibrary('corpus')
const find = createMentionFinder(memoranda)
const following = (context: readonly string[], question: string) => follow(question, context, find)

describe('another province takes over what was asked', () => {
  test.each([
    ['咁湖北呢？', ['hubei']],
    ['那重庆呢', ['chongqing']],
    ['and in Chongqing?', ['chongqing']],
    ['福建同浙江呢', ['fujian', 'zhejiang']],
    ['what about Zhejiang', ['zhejiang']],
  ])('%s', (question, provinces) => {
    const followed = following(['四川有甚麼金融合作'], question)
    expect(followed).toMatchObject({ provinces, intent: { kind: 'search' } })
    expect(followed.subject).toContain('金融')
    expect(followed.followed).toContain(question)
  })

  test('over a chain of questions', () => {
    expect(following(['四川的中醫藥', '咁湖北呢', '重慶呢', '福建呢'], '浙江呢')).toMatchObject({
      provinces: ['zhejiang'],
      subject: following([], '四川的中醫藥').subject,
    })
  })

  test('and so does a question on the document itself', () => {
    expect(following(['四川備忘錄幾時簽'], '湖北呢')).toMatchObject({
      provinces: ['hubei'],
      intent: { kind: 'facts', fact: 'date' },
    })
  })

  test('other provinces leave out the one that was asked about', () => {
    expect(following(['四川的中醫藥'], '其他省呢')).toMatchObject({ provinces: [], excluded: ['sichuan'] })
    expect(following(['Sichuan film industry'], 'and other provinces?')).toMatchObject({
      provinces: [],
      excluded: ['sichuan'],
    })
  })
})

describe('a step', () => {
  test.each(['下一項', '下一項呢', '咁下一條', '下一项', 'next item', 'the next one'])('forward: %s', (question) => {
    expect(following(['川七1'], question).step).toBe('next')
  })

  test.each(['上一項', '上一项呢', '前一條', 'previous clause'])('back: %s', (question) => {
    expect(following(['川七1'], question).step).toBe('previous')
  })

  test('is one even where nothing was asked before, and can be refused', () => {
    expect(following([], '下一項呢')).toMatchObject({ step: 'next', provinces: [] })
  })
})

describe('a question within what was asked', () => {
  test('keeps the province', () => {
    expect(following(['四川教育合作'], '姊妹學校方面呢')).toMatchObject({ provinces: ['sichuan'] })
    expect(following(['浙江 機場合作'], '當中的三跑是甚麼')).toMatchObject({ provinces: ['zhejiang'] })
  })

  test('without a topic of its own leans on the earlier one', () => {
    const followed = following(['四川青年實習'], '佢哋要做幾耐')
    expect(followed).toMatchObject({ leans: true, provinces: ['sichuan'] })
    expect(followed.subject).toContain('实习')
  })
})

describe('a complete question inherits nothing', () => {
  test.each([
    '浙江有甚麼環境保護措施？',
    'What does Fujian say about cruise tourism?',
    '五份備忘錄提到的中醫藥人才培訓安排',
    '比較重慶和福建的旅遊',
  ])('%s', (question) => {
    expect(following(['四川有甚麼金融合作', '咁湖北呢'], question)).toEqual(following([], question))
  })
})

test('hostile contexts never throw, and the question stays what it is', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: 'binary', maxLength: 60 }), { maxLength: 6 }),
      fc.string({ unit: 'binary', maxLength: 60 }),
      (context, question) => {
        expect(following(context, question).folded).toBeTypeOf('string')
      },
    ),
    { numRuns: 200, seed: 5 },
  )
  expect(following(['__proto__', '<b>四川</b>', 'constructor'], '咁湖北呢')).toMatchObject({ provinces: ['hubei'] })
})
