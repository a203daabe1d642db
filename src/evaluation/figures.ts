import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import type { Library } from '../memorandum/library.ts'
import type { Answer, Assistant, Question } from '../model/answer.ts'
import { withoutSpace } from '../text/tidy.ts'
import { seeded } from './random.ts'

const evaluationQuestion = z.object({
  id: z.string(),
  query: z.string(),
  lang: z.string().default(''),
  type: z.string(),
  relevant: z.array(z.object({ id: z.string(), grade: z.union([z.literal(1), z.literal(2)]) })).default([]),
  answerSpan: z.string().optional(),
  filterProvince: z.string().optional(),
  context: z.array(z.string()).optional(),
  expectAbstain: z.boolean().optional(),
  /** Why an unanswerable question is one: place, item, topic, province, detail, foreign. */
  reason: z.string().optional(),
  /** What kind of request it is, in the bank. */
  intent: z.string().optional(),
})
export type EvaluationQuestion = z.infer<typeof evaluationQuestion>

/** Reads a set of questions, one JSON object a line. @throws {SyntaxError | z.ZodError} naming the line. */
export async function readQuestions(file: string): Promise<EvaluationQuestion[]> {
  return (await readFile(file, 'utf8'))
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line, index) => {
      try {
        return evaluationQuestion.parse(JSON.parse(line))
      } catch (error) {
        throw new SyntaxError(
          `${file}:${index + 1}: no evaluation question: ${error instanceof Error ? error.message : String(error)}`,
        )
      }
    })
}

/** What one question came to. `undefined` where a figure does not apply. */
export type Outcome = {
  readonly question: EvaluationQuestion
  readonly kind: Answer['kind']
  readonly ids: readonly string[]
  readonly recall1: number | undefined
  readonly hit3: number | undefined
  readonly recall5: number | undefined
  readonly ndcg10: number | undefined
  readonly reciprocalRank: number | undefined
  /** Whether the hits are exactly the grade-2 clauses, for lists and counts. */
  readonly exactSet: number | undefined
  readonly span: number | undefined
  /** For unanswerable questions. */
  readonly refused: number | undefined
  /** For answerable questions. */
  readonly falselyRefused: number | undefined
  /** Shown quotations that are not word for word in the corpus. */
  readonly notVerbatim: number
  readonly milliseconds: number
}

/** nDCG at 10 with gains 2^grade − 1 (Järvelin & Kekäläinen 2002). */
export function ndcg(ids: readonly string[], grades: ReadonlyMap<string, number>): number {
  const gain = (grade: number, rank: number) => (2 ** grade - 1) / Math.log2(rank + 2)
  const found = ids.slice(0, 10).reduce((sum, id, rank) => sum + gain(grades.get(id) ?? 0, rank), 0)
  const ideal = [...grades.values()]
    .sort((a, b) => b - a)
    .slice(0, 10)
    .reduce((sum, grade, rank) => sum + gain(grade, rank), 0)
  return ideal === 0 ? 0 : found / ideal
}

/** Judges one answer. */
export function outcomeOf(
  question: EvaluationQuestion,
  answer: Answer,
  library: Library,
  milliseconds: number,
): Outcome {
  const grades = new Map(question.relevant.map(({ id, grade }) => [id, grade as number]))
  const squarely = [...grades].filter(([, grade]) => grade === 2).map(([id]) => id)
  const ids = answer.hits.map(({ id }) => id)
  const answerable = question.expectAbstain !== true && squarely.length > 0
  const recall = (k: number) =>
    ids.slice(0, k).filter((id) => squarely.includes(id)).length / Math.min(k, squarely.length)
  const shown = answer.kind === 'missing' ? answer.nearest : answer.passages
  const span = question.answerSpan === undefined ? undefined : withoutSpace(question.answerSpan)
  const first = ids.findIndex((id) => squarely.includes(id))
  return {
    question,
    kind: answer.kind,
    ids,
    recall1: answerable ? recall(1) : undefined,
    hit3: answerable ? Number(ids.slice(0, 3).some((id) => squarely.includes(id))) : undefined,
    recall5: answerable ? recall(5) : undefined,
    ndcg10: answerable ? ndcg(ids, grades) : undefined,
    reciprocalRank: answerable ? (first < 0 ? 0 : 1 / (first + 1)) : undefined,
    exactSet:
      answerable && answer.kind === 'list'
        ? Number(squarely.every((id) => ids.includes(id)) && ids.every((id) => grades.has(id)))
        : undefined,
    span:
      span === undefined || !answerable
        ? undefined
        : Number(answer.passages.slice(0, 3).some(({ quote }) => withoutSpace(quote).includes(span))),
    refused: question.expectAbstain === true ? Number(answer.kind === 'missing') : undefined,
    falselyRefused: answerable ? Number(answer.kind === 'missing') : undefined,
    notVerbatim: shown.filter(({ id, quote }) => library.byId.get(id)?.text !== quote).length,
    milliseconds,
  }
}

/** What a surface would hand over for an evaluation question. */
export function askedOf({ query, context, filterProvince }: EvaluationQuestion): Question {
  return {
    query,
    ...(context === undefined ? {} : { context }),
    ...(filterProvince === undefined ? {} : { filterProvince }),
  }
}

/** Asks every question as a person's surface would. */
export async function evaluate(
  assistant: Assistant,
  library: Library,
  questions: readonly EvaluationQuestion[],
  progress?: (done: number, total: number) => void,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  for (const question of questions) {
    const start = performance.now()
    const answer = await assistant.answer(askedOf(question))
    outcomes.push(outcomeOf(question, answer, library, performance.now() - start))
    progress?.(outcomes.length, questions.length)
  }
  return outcomes
}

export const figureNames = [
  'recall1',
  'hit3',
  'recall5',
  'ndcg10',
  'reciprocalRank',
  'exactSet',
  'span',
  'refused',
  'falselyRefused',
] as const
export type FigureName = (typeof figureNames)[number]

/** Means over the questions to which each figure applies, with their number and a 95 % bootstrap interval. */
export type Figure = { readonly mean: number; readonly count: number; readonly low: number; readonly high: number }
export type Figures = { readonly questions: number } & Partial<Readonly<Record<FigureName, Figure>>>

function figureOf(values: readonly number[]): Figure {
  const mean = (list: readonly number[]) => list.reduce((sum, value) => sum + value, 0) / list.length
  const random = seeded(7)
  const means = Array.from({ length: 1000 }, () =>
    mean(values.map(() => values[Math.floor(random() * values.length)] as number)),
  ).sort((a, b) => a - b)
  return { mean: mean(values), count: values.length, low: means[25] as number, high: means[974] as number }
}

/** Figures by type of question, and over all under `all`. */
export function figuresOf(outcomes: readonly Outcome[]): ReadonlyMap<string, Figures> {
  const groups = new Map<string, Outcome[]>([['all', [...outcomes]]])
  for (const outcome of outcomes)
    groups.set(outcome.question.type, [...(groups.get(outcome.question.type) ?? []), outcome])
  return new Map(
    [...groups].map(([type, group]) => {
      const figures: Partial<Record<FigureName, Figure>> = {}
      for (const name of figureNames) {
        const values = group.flatMap((outcome) => outcome[name] ?? [])
        if (values.length > 0) figures[name] = figureOf(values)
      }
      return [type, { questions: group.length, ...figures }]
    }),
  )
}

/** The value below which a share of the sorted values lies. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}
