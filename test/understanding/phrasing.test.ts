import { describe, expect, test } from 'vitest'
import { fold } from '../../src/text/fold.ts'
import {
  asksForName,
  factWanted,
  isComparison,
  listWanted,
  withoutAsking,
  withoutDocumentWords,
} from '../../src/understanding/phrasing.ts'

describe('withoutAsking() leaves what a question is about', () => {
  test.each([
    ['請問有甚麼青年實習？', '青年实习'],
    ['唔該，想知有冇姊妹學校呀', '姊妹学校'],
    ['what is there about green finance?', 'green finance'],
    ['咩係金融科技', '金融科技'],
    ['講座同提升', '讲座同提升'],
  ])('%s', (question, topic) => {
    expect(withoutAsking(fold(question))).toBe(topic)
  })

  test('leaves nothing of a question without a topic', () => {
    expect(withoutAsking(fold('請問是甚麼？'))).toBe('')
    expect(withoutAsking('what is it about?')).toBe('')
  })
})

describe('withoutDocumentWords()', () => {
  test('leaves nothing of a question on the document itself, and the topic of any other', () => {
    expect(withoutDocumentWords(fold('備忘錄 簽署 日期'))).toBe('')
    expect(withoutDocumentWords('memorandum signed')).toBe('memorandum')
    expect(withoutDocumentWords(fold('仲裁'))).toBe('仲裁')
  })
})

describe('factWanted() knows what is asked of the documents', () => {
  test.each([
    ['誰率領四川代表團', 'leaders'],
    ['who led the delegation', 'leaders'],
    ['會議由邊個主持', 'chair'],
    ['邊位代表福建簽署', 'signatories'],
    ['who signed the memorandum', 'signatories'],
    ['备忘录由哪个部门保存', 'custodians'],
    ['備忘錄幾時簽', 'date'],
    ['when was it signed', 'date'],
    ['会议在哪里举行', 'place'],
    ['where was the meeting held', 'place'],
    ['呢次係第幾次會議', 'plenary'],
    ['有幾多個合作領域', 'areas'],
    ['how many areas are there', 'areas'],
    ['一共有多少項措施', 'measures'],
    ['合作原則是甚麼', 'principles'],
  ])('%s', (question, fact) => {
    expect(factWanted(fold(question))).toBe(fact)
  })

  test('and nothing where a topic is asked', () => {
    for (const question of ['青年實習', 'green finance', '仲裁員名冊'])
      expect(factWanted(fold(question))).toBeUndefined()
  })
})

describe('isComparison()', () => {
  test.each(['比較四川和湖北', '对比两地金融', '旅遊有咩唔同', 'compare housing', 'Sichuan vs Hubei', '有何異同'])(
    '%s',
    (question) => {
      expect(isComparison(fold(question))).toBe(true)
    },
  )

  test.each(['不同學科的合作', '青年交流', 'youth exchange', '分別由誰保存'])('not: %s', (question) => {
    expect(isComparison(fold(question))).toBe(false)
  })
})

describe('listWanted() tells numbers, provinces and clauses apart', () => {
  test.each([
    ['四川有幾多項關於金融', 'count'],
    ['how many measures on aviation', 'count'],
    ['哪些省提到綠色債券', 'provinces'],
    ['邊個省有講郵輪', 'provinces'],
    ['which provinces mention arbitration', 'provinces'],
    ['列出所有中醫藥措施', 'measures'],
    ['list all measures on tourism', 'measures'],
  ])('%s', (question, asked) => {
    expect(listWanted(fold(question))).toBe(asked)
  })

  test.each(['有甚麼青年實習', '負面清單', 'what internships are there'])('not: %s', (question) => {
    expect(listWanted(fold(question))).toBeUndefined()
  })
})

test('asksForName() asks for a person where the office is known', () => {
  expect(asksForName(fold('副省長叫甚麼名字'))).toBe(true)
  expect(asksForName('what is the name of the vice governor')).toBe(true)
  expect(asksForName(fold('由哪個部門簽署'))).toBe(false)
})
