import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Workings } from '../answer/assistant.ts'
import type { Assistant } from '../model/answer.ts'
import { type Reading, type ReadingKind, readingKinds } from '../understanding/readings.ts'
import { nothingSaid, type Talk } from '../understanding/talk.ts'
import { type EvaluationQuestion, readQuestions } from './figures.ts'
import type { Choice } from './fitting.ts'

/** A question of the bank with the hand that wrote it. */
export type BankQuestion = EvaluationQuestion & { readonly hand: string }

/** All questions of the bank, hand by hand. */
export async function readBank(folder: string): Promise<BankQuestion[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.jsonl')).sort()
  const hands = await Promise.all(
    files.map(async (file) =>
      (await readQuestions(join(folder, file))).map((question) => ({ ...question, hand: file.replace('.jsonl', '') })),
    ),
  )
  return hands.flat()
}

/** What a message without an owed clause is, by its intent. */
const remarks: Readonly<Record<string, ReadingKind>> = {
  courtesy: 'courtesy',
  none: 'courtesy',
  complaint: 'complaint',
  'about-the-bot': 'about',
}
/** The ways of courtesy, put around every second question: with them it is the same question. */
const polite: readonly ((query: string) => string)[] = [
  (query) => `你好，${query}`,
  (query) => `${query}，謝謝`,
  (query) => `唔該，${query}`,
  (query) => `${query} thanks`,
  (query) => `請問${query}？唔該晒`,
  (query) => `Hi, ${query}`,
  (query) => `您好！${query}，谢谢`,
  (query) => `${query} 🙏`,
  (query) => `早晨，想問${query}`,
  (query) => `${query}, thank you!`,
  (query) => `麻烦问下${query}`,
  (query) => `Good morning. ${query} Many thanks.`,
]

/** Where several readings give the clause owed, the one that the chat goes on from. */
const preferred: readonly ReadingKind[] = [
  'item',
  'ordinal',
  'next',
  'previous',
  'same',
  'more',
  'others',
  'place',
  'topic',
  'alone',
  'within',
  'shown',
]

export type HandChoice = Choice & {
  readonly hand: string
  readonly source: 'turn' | 'single' | 'polite' | 'after talk'
}

const owedBy = ({ relevant }: EvaluationQuestion): ReadonlySet<string> =>
  new Set(relevant.filter(({ grade }) => grade === 2).map(({ id }) => id))

/** How every message of the bank is read rightly, alone, in its chat and after other talk. `onDone` is told progress. */
export async function choicesOf(
  assistant: Assistant & Workings,
  questions: readonly BankQuestion[],
  onDone: (done: number, total: number) => void,
): Promise<HandChoice[]> {
  const keyOf = (messages: readonly string[]) => JSON.stringify(messages)
  const byTurn = new Map(questions.map((one) => [keyOf([...(one.context ?? []), one.query]), one]))
  const talks = new Map<string, Promise<Talk>>()

  async function rightOf(question: BankQuestion | undefined, readings: readonly Reading[], talk: Talk) {
    if (question === undefined) return []
    const owed = owedBy(question)
    if (owed.size === 0) {
      const remark = question.expectAbstain === true ? undefined : remarks[question.intent ?? '']
      return remark === undefined
        ? (question.context ?? []).length === 0
          ? (['alone'] as ReadingKind[])
          : []
        : [remark]
    }
    const right: ReadingKind[] = []
    for (const reading of readings) {
      if (reading.kind === 'courtesy' || reading.kind === 'complaint' || reading.kind === 'about') continue
      const answer = await assistant.perform(reading, talk, 10)
      if (answer.kind !== 'missing' && owed.has(answer.hits[0]?.id ?? '')) right.push(reading.kind)
    }
    return right
  }

  /** Where a chat stands when every message of it was read rightly. */
  function talkAfter(context: readonly string[]): Promise<Talk> {
    if (context.length === 0) return Promise.resolve(nothingSaid)
    const key = keyOf(context)
    const known = talks.get(key)
    if (known !== undefined) return known
    const talk = (async () => {
      const before = await talkAfter(context.slice(0, -1))
      const turn = await assistant.reply({ query: context.at(-1) ?? '' }, before, async ({ readings }) => {
        const right = await rightOf(byTurn.get(key), readings, before)
        const kind = preferred.find((one) => right.includes(one)) ?? right[0] ?? 'alone'
        return readings.find((reading) => reading.kind === kind) ?? (readings[0] as Reading)
      })
      return turn.talk
    })()
    talks.set(key, talk)
    return talk
  }

  const rows: HandChoice[] = []
  const starters = questions.filter((one) => (one.context ?? []).length === 0 && owedBy(one).size > 0)
  for (const [at, question] of questions.entries()) {
    onDone(at + 1, questions.length)
    const context = question.context ?? []
    const note = async (
      talk: Talk,
      source: HandChoice['source'],
      weight: number,
      only?: ReadingKind[],
      query = question.query,
    ) => {
      let right: ReadingKind[] = []
      await assistant.reply({ query }, talk, async ({ readings, evidence }) => {
        right = only ?? (await rightOf(question, readings, talk))
        if (right.length > 0)
          rows.push({
            features: evidence,
            open: readingKinds.map((kind) => readings.some((reading) => reading.kind === kind)),
            right: readingKinds.map((kind) => right.includes(kind)),
            weight,
            hand: question.hand,
            source,
          })
        return readings[0] as Reading
      })
      return right
    }
    const right = await note(
      await talkAfter(context),
      context.length > 0 ? 'turn' : 'single',
      context.length > 0 ? 1 : 0.3,
    )
    // What is complete means the same after any talk.
    const starter = starters[(at * 7919) % starters.length]
    if (context.length === 0 && right.length > 0 && starter !== undefined)
      await note(await talkAfter([starter.query]), 'after talk', 0.5, right)
    const dressed = at % 2 === 0 ? polite[(at / 2) % polite.length] : undefined
    if (context.length === 0 && right.includes('alone') && dressed !== undefined)
      await note(nothingSaid, 'polite', 0.3, ['alone'], dressed(question.query))
  }
  return rows
}

/** Chats that examples are said in. */
const openings = [
  '四川青年實習',
  '浙江金融合作',
  '重慶旅遊',
  '湖北的中醫藥合作',
  'film cooperation',
  '閩15',
  '比較四川和湖北的金融合作',
  '福建有甚麼專業服務',
  '哪些省提到綠色金融',
  'youth exchange in Zhejiang',
  '五份備忘錄的知識產權',
  '川七4',
]

/** Messages whose reading is known, said at the beginning of a chat or in one. */
export async function choicesOfExamples(
  assistant: Assistant & Workings,
  examples: Readonly<Record<string, readonly string[]>>,
): Promise<HandChoice[]> {
  const talks: Talk[] = []
  for (const query of openings)
    talks.push((await assistant.reply({ query }, nothingSaid, ({ readings }) => readings[0] as Reading)).talk)
  const rows: HandChoice[] = []
  for (const [kind, messages] of Object.entries(examples)) {
    const isRemark = Object.values(remarks).includes(kind as ReadingKind)
    for (const [at, query] of messages.entries()) {
      const first = isRemark ? nothingSaid : (talks[(at * 5 + 3) % talks.length] as Talk)
      for (const talk of [first, talks[at % talks.length] as Talk])
        await assistant.reply({ query }, talk, ({ readings, evidence }) => {
          const open = readingKinds.map((one) => readings.some((reading) => reading.kind === one))
          const right = readingKinds.map((one) => one === kind)
          if (open[right.indexOf(true)] === true)
            rows.push({ features: evidence, open, right, weight: 1, hand: 'examples', source: 'turn' })
          return readings[0] as Reading
        })
    }
  }
  return rows
}
