/**
 * How well token vectors find clauses, for choosing between trained encoders and nothing else: a rough reading of the
 * published texts and the development questions. The product's own figures come from its evaluation script, over the
 * reviewed corpus.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fold } from '../../src/text/fold.ts'
import { parseNumeral } from '../../src/text/numerals.ts'
import { tokenize, type Vocabulary } from './tokenizer.ts'

export type Clause = { readonly id: string; readonly text: string }
export type Question = {
  readonly query: string
  readonly type: string
  readonly relevant: readonly { readonly id: string; readonly grade: number }[]
  readonly filterProvince?: string
}

const memoranda = [
  { id: 'sichuan-2018', title: '川港高層會晤', names: /四川|川港|成都|川方|sichuan/u },
  { id: 'chongqing-2023', title: '渝港高層會晤', names: /重庆|渝|山城|chongqing/u },
  { id: 'fujian-2023', title: '閩港合作會議', names: /福建|闽|厦门|fujian/u },
  { id: 'zhejiang-2025', title: '浙港高層會晤', names: /浙江|浙港|浙|杭州|zhejiang/u },
  { id: 'hubei-2021', title: '鄂港高層會晤', names: /湖北|鄂|武汉|hubei|wuhan/u },
] as const

const areaHeading = /^\s*(?<ordinal>[一二三四五六七八九十]+)、\s*(?<title>\S.*)$/u // 三、金融
const clauseStart = /^\s*(?:-\s*)?(?<number>\d{1,2})\s*\.\s*(?<text>\S.*)$/u // "- 12. 積極構建…", "3.建立…"
const preambleClause = /^(?<ordinal>[一二三四])、(?:合作宗旨|發展定位|合作原則|合作領域)。/u // Sichuan's preamble

/**
 * Clauses of every published text in a folder, by their printed numbers; the title of the area stands before the
 * clause.
 */
export function readClauses(folder: string): readonly Clause[] {
  const clauses: Clause[] = []
  for (const file of readdirSync(folder).sort()) {
    if (!file.endsWith('.txt')) continue
    const text = readFileSync(join(folder, file), 'utf8')
    const memorandum = memoranda.find(({ title }) => text.slice(0, 400).includes(title))
    if (memorandum === undefined) continue
    let id = `${memorandum.id}/preamble`
    let lines: string[] = []
    let area: { ordinal: number; title: string } | undefined
    const close = (): void => {
      if (lines.length > 0) clauses.push({ id, text: lines.join('') })
    }
    for (const raw of text.split('\n')) {
      const line = raw.replaceAll('*', '').trim()
      const preamble = preambleClause.exec(line)?.groups
      const heading = areaHeading.exec(line)?.groups
      const clause = area === undefined ? undefined : clauseStart.exec(line)?.groups
      if (preamble !== undefined) {
        close()
        id = `${memorandum.id}/preamble.${parseNumeral(preamble.ordinal ?? '')}`
        lines = [line]
      } else if (heading !== undefined && parseNumeral(heading.ordinal ?? '') === (area?.ordinal ?? 0) + 1) {
        close()
        area = { ordinal: (area?.ordinal ?? 0) + 1, title: heading.title ?? '' }
        lines = []
      } else if (clause !== undefined && area !== undefined) {
        close()
        id = `${memorandum.id}/${area.ordinal}.${clause.number}`
        lines = [`${area.title} `, clause.text ?? '']
      } else lines.push(line)
    }
    close()
  }
  return clauses
}

export function readQuestions(file: string): readonly Question[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as Question)
}

/** Types whose answer a vector cannot know: a grammar, the chat, or a refusal decides them. */
const notForVectors = new Set(['citation', 'followup', 'unanswerable'])

export type Figures = {
  readonly questions: number
  readonly recallAt1: number
  readonly hitAt3: number
  readonly ndcg: number
}
export type Report = ReadonlyMap<string, { readonly pooled: Figures; readonly maxSim: Figures; readonly both: Figures }>

type Text = { readonly ids: readonly number[]; readonly unit: Float32Array }

/**
 * R@1, hit@3 and nDCG@10 for the pooled vector, for MaxSim, and for the sum of both, by question type and over `all`.
 * Figures are in 0..1. A province named in the question narrows the clauses, as in the product. `vectors` is [tokens,
 * dimensions].
 */
export function measure(
  vectors: Float32Array,
  dimensions: number,
  vocabulary: Vocabulary,
  clauses: readonly Clause[],
  questions: readonly Question[],
): Report {
  const d = dimensions
  const lengths = new Float32Array(vectors.length / d)
  for (let id = 0; id < lengths.length; id += 1) lengths[id] = Math.sqrt(dot(vectors, id * d, vectors, id * d, d))
  const read = (text: string): Text => {
    const ids = tokenize(fold(text), vocabulary)
    const unit = new Float32Array(d)
    for (const id of ids) for (let k = 0; k < d; k += 1) unit[k] = (unit[k] as number) + (vectors[id * d + k] as number)
    const length = Math.max(Math.sqrt(dot(unit, 0, unit, 0, d)), 1e-6)
    return { ids, unit: unit.map((value) => value / length) }
  }
  const passages = clauses.map(({ id, text }) => ({ id, ...read(text) }))
  const sums = new Map<
    string,
    { questions: number; scores: Record<'pooled' | 'maxSim' | 'both', [number, number, number]> }
  >()
  for (const question of questions) {
    if (notForVectors.has(question.type)) continue
    const query = read(question.query)
    const folded = fold(question.query)
    const named = memoranda
      .filter(
        ({ id, names }) =>
          names.test(folded) || (question.filterProvince !== undefined && id.startsWith(question.filterProvince)),
      )
      .map(({ id }) => id as string)
    const candidates =
      named.length === 0 ? passages : passages.filter(({ id }) => named.includes(id.slice(0, id.indexOf('/'))))
    const pooled = candidates.map(({ unit }) => dot(unit, 0, query.unit, 0, d))
    const late = candidates.map(({ ids }) => maxSim(query.ids, ids, vectors, lengths, d))
    const spread = (scores: readonly number[]): number[] => {
      const mean = scores.reduce((sum, score) => sum + score, 0) / scores.length
      const top = Math.max(...scores)
      return scores.map((score) => (score - mean) / (top - mean || 1))
    }
    const [pooledSpread, lateSpread] = [spread(pooled), spread(late)]
    const both = pooledSpread.map((score, i) => 0.5 * score + (lateSpread[i] as number))
    for (const type of [question.type, 'all']) {
      const entry = sums.get(type) ?? {
        questions: 0,
        scores: { pooled: [0, 0, 0], maxSim: [0, 0, 0], both: [0, 0, 0] },
      }
      entry.questions += 1
      for (const [name, scores] of [
        ['pooled', pooled],
        ['maxSim', late],
        ['both', both],
      ] as const) {
        const ranked = candidates
          .map(({ id }, i) => ({ id, score: scores[i] as number }))
          .sort((a, b) => b.score - a.score)
        for (const [i, value] of judge(
          ranked.map(({ id }) => id),
          question,
        ).entries())
          entry.scores[name][i] = (entry.scores[name][i] as number) + value
      }
      sums.set(type, entry)
    }
  }
  const figures = (questionsOfType: number, [first, third, gain]: readonly [number, number, number]): Figures => ({
    questions: questionsOfType,
    recallAt1: first / questionsOfType,
    hitAt3: third / questionsOfType,
    ndcg: gain / questionsOfType,
  })
  return new Map(
    [...sums].map(([type, { questions: n, scores }]) => [
      type,
      { pooled: figures(n, scores.pooled), maxSim: figures(n, scores.maxSim), both: figures(n, scores.both) },
    ]),
  )
}

function dot(a: Float32Array, from: number, b: Float32Array, to: number, d: number): number {
  let sum = 0
  for (let k = 0; k < d; k += 1) sum += (a[from + k] as number) * (b[to + k] as number)
  return sum
}

/** Σ|qᵢ|·maxⱼ cos(qᵢ,dⱼ) ÷ Σ|qᵢ|. Range −1 to 1; 0 for an empty question. */
function maxSim(
  query: readonly number[],
  passage: readonly number[],
  vectors: Float32Array,
  lengths: Float32Array,
  d: number,
): number {
  let [score, weight] = [0, 0]
  for (const q of query) {
    let best = -1
    for (const p of passage) {
      const size = (lengths[q] as number) * (lengths[p] as number)
      if (size > 0) best = Math.max(best, q === p ? 1 : dot(vectors, q * d, vectors, p * d, d) / size)
    }
    score += (lengths[q] as number) * best
    weight += lengths[q] as number
  }
  return weight === 0 ? 0 : score / weight
}

/** R@1, hit@3 (is a grade-2 clause among the first three) and nDCG@10 with gains 2^grade − 1. */
function judge(ranked: readonly string[], { relevant }: Question): [number, number, number] {
  const grades = new Map(relevant.map(({ id, grade }) => [id, grade]))
  const gain = (grade: number, rank: number): number => (2 ** grade - 1) / Math.log2(rank + 2)
  const ideal = relevant
    .map(({ grade }) => grade)
    .sort((a, b) => b - a)
    .slice(0, 10)
    .reduce((sum, grade, rank) => sum + gain(grade, rank), 0)
  const found = ranked.slice(0, 10).reduce((sum, id, rank) => sum + gain(grades.get(id) ?? 0, rank), 0)
  return [
    grades.get(ranked[0] ?? '') === 2 ? 1 : 0,
    ranked.slice(0, 3).some((id) => grades.get(id) === 2) ? 1 : 0,
    ideal === 0 ? 0 : found / ideal,
  ]
}

/** A table for people: a line per type, R@1 / hit@3 / nDCG@10 for each way of scoring. */
export function formatReport(report: Report): string {
  const cell = ({ recallAt1, hitAt3, ndcg }: Figures): string =>
    [recallAt1, hitAt3, ndcg].map((value) => value.toFixed(2).replace(/^0/u, '')).join(' ')
  const lines = [...report]
    .sort(([a], [b]) => Number(a === 'all') - Number(b === 'all'))
    .map(
      ([type, { pooled, maxSim: late, both }]) =>
        `| ${type} | ${pooled.questions} | ${cell(pooled)} | ${cell(late)} | ${cell(both)} |`,
    )
  return [
    '| type | questions | pooled R@1 hit@3 nDCG | MaxSim | ½ pooled + MaxSim |',
    '| --- | --- | --- | --- | --- |',
    ...lines,
  ].join('\n')
}
