import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import ort from 'onnxruntime-node'
import { modelCard } from './card.ts'
import { readDictionary, readSources, synonymSource } from './data.ts'
import { quantize, sharpen, tokenVectors, writeEncoder } from './export.ts'
import { formatReport, measure, type Report, readClauses, readQuestions } from './measure.ts'
import { compose } from './rows.ts'
import { questionShells, rewordings, tokenizeSource } from './sampling.ts'
import { vocabularyOf } from './tokenizer.ts'
import { type TrainingOptions, train } from './train.ts'
import { chooseVocabulary } from './vocabulary.ts'

export type BuildOptions = {
  /** The folder that holds `open/`. */
  readonly data: string
  /** The encoder folder to write. */
  readonly out: string
  readonly seeds: readonly number[]
  /** For every seed; its own `seed` is not used. */
  readonly training: TrainingOptions
  /** What to choose between seeds on. Without it the lowest loss decides. */
  readonly choice?: { readonly texts: string; readonly questions: string }
}

/** Seconds between two lines of progress. */
const reportEvery = 5

/** Batches between two measurements on the development questions. */
const measureEvery = 250

/**
 * Reads the data, trains each seed, and writes the best as an encoder folder. `say` gets lines for a person to read.
 */
export async function buildEncoder(
  { data, out, seeds, training, choice }: BuildOptions,
  say: (line: string) => void,
): Promise<void> {
  const started = performance.now()
  say(`Reading ${data}/open`)
  const texts = readSources(data)
  const dictionary = readDictionary(texts)
  const vocabulary = chooseVocabulary(texts, dictionary)
  const composition = compose(vocabulary)
  const sources = [...texts, synonymSource(dictionary)].map((source) => tokenizeSource(source, vocabulary))
  const variations = { rewordings: rewordings(dictionary, vocabulary), shells: questionShells(vocabulary) }
  const yardstick =
    choice === undefined
      ? undefined
      : { clauses: readClauses(choice.texts), questions: readQuestions(choice.questions) }
  say(
    `${sources.reduce((sum, source) => sum + source.queries.length, 0)} pairs in ${sources.length} sources, ${vocabulary.tokens.length} tokens, ready after ${seconds(started)} s`,
  )
  let best: { seed: number; score: number; vectors: Float32Array; report: string } | undefined
  for (const seed of seeds) {
    let loss = Number.NaN
    let said = 0
    const judge = (vectors: Float32Array): Report | undefined =>
      yardstick === undefined
        ? undefined
        : measure(vectors, training.dimensions, vocabulary, yardstick.clauses, yardstick.questions)
    const trained = await train(sources, composition, variations, { ...training, seed }, (progress, table) => {
      if (progress.step % measureEvery === 0 && progress.step < progress.steps) {
        const figures = judge(sharpen(tokenVectors(table, vocabulary), training.dimensions))?.get('all')
        if (figures !== undefined)
          say(
            `seed ${seed}  step ${progress.step}  nDCG@10 pooled ${figures.pooled.ndcg.toFixed(3)}  MaxSim ${figures.maxSim.ndcg.toFixed(3)}  both ${figures.both.ndcg.toFixed(3)}`,
          )
      }
      // Sources differ in difficulty, so only a running mean over many batches shows the trend.
      loss = Number.isNaN(loss) ? progress.loss : 0.98 * loss + 0.02 * progress.loss
      if (progress.seconds - said < reportEvery && progress.step < progress.steps) return
      said = progress.seconds
      const left = (progress.seconds / progress.step) * (progress.steps - progress.step)
      say(
        `seed ${seed}  step ${progress.step}/${progress.steps}  loss ${loss.toFixed(3)}  ${Math.ceil(left)} s left for this seed`,
      )
    })
    const vectors = sharpen(tokenVectors(trained, vocabulary), training.dimensions)
    const report = judge(vectors)
    const score = report?.get('all')?.both.ndcg ?? -loss
    const figures = report === undefined ? '' : formatReport(report)
    if (figures !== '') say(`seed ${seed}\n${figures}`)
    if (best === undefined || score > best.score) best = { seed, score, vectors, report: figures }
  }
  if (best === undefined) throw new Error('Cannot build an encoder from no seeds')
  const quantized = quantize(best.vectors, training.dimensions)
  writeEncoder(
    out,
    vocabulary,
    quantized,
    modelCard({ vocabulary, training, seeds, seed: best.seed, report: best.report }),
  )
  say(`Seed ${best.seed} is in ${out} after ${seconds(started)} s`)
}

/** Measures an encoder folder as it would ship, through its ONNX file. */
export async function measureEncoder(
  folder: string,
  choice: { readonly texts: string; readonly questions: string },
  say: (line: string) => void,
): Promise<void> {
  const config = JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8')) as {
    hidden_size: number
    table_rows: number
  }
  const { model } = JSON.parse(readFileSync(join(folder, 'tokenizer.json'), 'utf8')) as {
    model: { vocab: Record<string, number> }
  }
  const tokens: string[] = []
  for (const [token, id] of Object.entries(model.vocab)) if (id < config.table_rows) tokens[id] = token
  const session = await ort.InferenceSession.create(readFileSync(join(folder, 'onnx', 'model_quantized.onnx')))
  const ids = BigInt64Array.from({ length: tokens.length }, (_, id) => BigInt(id))
  const shape = [1, ids.length]
  const out = await session.run({
    input_ids: new ort.Tensor('int64', ids, shape),
    attention_mask: new ort.Tensor('int64', new BigInt64Array(ids.length).fill(1n), shape),
  })
  say(
    formatReport(
      measure(
        out.token_embeddings?.data as Float32Array,
        config.hidden_size,
        vocabularyOf(tokens),
        readClauses(choice.texts),
        readQuestions(choice.questions),
      ),
    ),
  )
}

function seconds(since: number): string {
  return ((performance.now() - since) / 1000).toFixed(0)
}
