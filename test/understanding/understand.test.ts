import { describe, expect, test } from 'vitest'
import { loadLibrary } from '../../src/memorandum/library.ts'
import { createMentionFinder } from '../../src/understanding/mentions.ts'
import { understand } from '../../src/understanding/understand.ts'

const { memoranda } = await loadLibrary('corpus')
const find = createMentionFinder(memoranda)
const taken = (question: string) => understand(question, find)

describe('understand() takes a question apart', () => {
  test('into provinces, exclusions and the topic that is left', () => {
    expect(taken('請問四川同重慶有冇青年實習，唔計湖北')).toMatchObject({
      provinces: ['sichuan', 'chongqing'],
      excluded: ['hubei'],
    })
    expect(taken('福建有甚麼郵輪合作').subject).toContain('邮轮')
    expect(taken('福建有甚麼郵輪合作').subject).not.toContain('福建')
  })

  test('names a province once, however often it is written', () => {
    expect(taken('四川，川港，Sichuan 金融').provinces).toEqual(['sichuan'])
  })

  test('keeps places without a memorandum apart, unless they are left out', () => {
    expect(taken('廣東的金融')).toMatchObject({ provinces: [], uncovered: [{ zh: '廣東', en: 'Guangdong' }] })
    expect(taken('除了廣東的金融').uncovered).toEqual([])
  })

  test('alike in both scripts', () => {
    const { query, ...simplified } = taken('比较四川和重庆的金融')
    expect(taken('比較四川和重慶的金融')).toEqual({ ...simplified, query: '比較四川和重慶的金融' })
    expect(query).toBe('比较四川和重庆的金融')
  })
})

describe('understand() tells what kind of answer is wanted', () => {
  test.each([
    ['四川有甚麼青年實習', { kind: 'search' }],
    ['四川有幾多項金融措施', { kind: 'list', wanted: 'count' }],
    ['哪些省提到三跑', { kind: 'list', wanted: 'provinces' }],
    ['哪些省沒有提到青年實習', { kind: 'list', wanted: 'provinces' }],
    ['which provinces do not mention green bonds', { kind: 'list', wanted: 'provinces' }],
    ['邊份備忘錄最多項', { kind: 'facts', fact: 'measures' }],
    ['列出所有金融措施', { kind: 'list', wanted: 'measures' }],
    ['比較四川和湖北的金融', { kind: 'comparison' }],
    ['compare tourism across all provinces', { kind: 'comparison' }],
    ['福建備忘錄幾時簽', { kind: 'facts', fact: 'date' }],
    ['who led the Zhejiang meeting', { kind: 'facts', fact: 'leaders' }],
  ])('%s', (question, intent) => {
    expect(taken(question).intent).toEqual(intent)
  })

  test('one province cannot be compared with itself', () => {
    expect(taken('四川的金融有何不同').intent.kind).toBe('search')
  })

  test('the signing of something else is no fact of the memorandum', () => {
    expect(taken('四川大學與理工大學的合作協議幾時簽').intent.kind).toBe('search')
  })
})
