// onnxruntime-node comes with @xenova/transformers, at the version it pins.
import ort from 'onnxruntime-node'
import { lossGraph } from './graphs.ts'
import { encodeOnnx } from './onnx.ts'
import { seededRandom } from './random.ts'
import type { Composition } from './rows.ts'
import { type SamplingOptions, sampleBatch, type TokenSource, type Variations } from './sampling.ts'
import { TrainedTable } from './table.ts'

export type TrainingOptions = {
  readonly seed: number
  readonly steps: number
  readonly dimensions: number
  /** Prefixes of the vector that must do on their own; the last is the whole. */
  readonly widths: readonly number[]
  readonly batch: number
  readonly rate: number
  /** Cosines are multiplied by this before the softmax. */
  readonly scale: number
  readonly sampling: SamplingOptions
  /** How often each source is drawn, by name; the sum need not be 1. Sources left out are not used. */
  readonly mixture: Readonly<Record<string, number>>
}

export const defaultOptions: TrainingOptions = {
  seed: 1,
  steps: 1100,
  dimensions: 256,
  widths: [64, 128, 256],
  batch: 1024,
  rate: 0.01,
  scale: 20,
  sampling: { dropout: 0.1, neighbours: 0.7, block: 16, crop: 0.3, reword: 0.2, ask: 0.3 },
  mixture: {
    cedict: 14,
    cc_canto: 8,
    synonyms: 8,
    tatoeba_en_zh: 10,
    drcd: 8,
    cmrc2018: 6,
    yue_rewrite_own: 10,
    cn_law_title_article: 7,
    cn_law_ict: 5,
    tw_law_en_zh: 14,
    tw_law_title_article: 4,
    tw_law_ict: 3,
    tw_law_titles_en_zh: 5,
    gov_report_ict: 3,
    domain_glossary: 2,
  },
}

export type Progress = {
  readonly step: number
  readonly steps: number
  readonly source: string
  readonly loss: number
  readonly seconds: number
}

/**
 * Trains a table. The same options and data give the same table on the same kind of processor.
 * A source with fewer pairs than the batch is drawn in a batch of its own size.
 */
export async function train(
  sources: readonly TokenSource[],
  composition: Composition,
  variations: Variations,
  options: TrainingOptions,
  report: (progress: Progress, table: TrainedTable) => void = () => {},
): Promise<TrainedTable> {
  const random = seededRandom(options.seed)
  const table = new TrainedTable(composition, options.dimensions, random)
  const drawn = sources.filter((source) => (options.mixture[source.name] ?? 0) > 0 && source.queries.length > 1)
  const total = drawn.reduce((sum, source) => sum + (options.mixture[source.name] as number), 0)
  if (drawn.length === 0) throw new Error('Cannot train: the mixture names none of the sources')
  const sessions = new Map<number, ort.InferenceSession>()
  const d = options.dimensions
  const started = performance.now()
  for (let step = 0; step < options.steps; step += 1) {
    let ticket = random.next() * total
    const source =
      drawn.find((candidate) => {
        ticket -= options.mixture[candidate.name] as number
        return ticket < 0
      }) ?? (drawn[0] as TokenSource)
    const n = Math.min(options.batch, source.queries.length)
    const batch = sampleBatch(source, n, random, variations, options.sampling)
    const sides = [batch.queries, batch.passages]
    const { sums, tokens } = table.pool(sides)
    let session = sessions.get(n)
    if (session === undefined) {
      // One thread: a second one gains little, and waits at full speed whenever the machine has other work.
      session = await ort.InferenceSession.create(encodeOnnx(lossGraph(n, d, options.widths, options.scale)), {
        intraOpNumThreads: 1,
        graphOptimizationLevel: 'all',
      })
      sessions.set(n, session)
    }
    const out = await session.run({
      x: new ort.Tensor('float32', sums[0] as Float32Array, [n, d]),
      y: new ort.Tensor('float32', sums[1] as Float32Array, [n, d]),
      mask: new ort.Tensor('float32', batch.mask, [n, n]),
    })
    const loss = Number(out.loss?.data[0])
    if (!Number.isFinite(loss))
      throw new Error(`Cannot go on training: the loss at step ${step + 1} (${source.name}) is ${loss}`)
    // Down to nothing in a straight line, after a short rise that keeps the first random steps small.
    const rate = options.rate * Math.min(1, (step + 1) / 20) * (1 - step / options.steps)
    table.descend(sides, [out.dx?.data as Float32Array, out.dy?.data as Float32Array], tokens, rate)
    report(
      {
        step: step + 1,
        steps: options.steps,
        source: source.name,
        loss,
        seconds: (performance.now() - started) / 1000,
      },
      table,
    )
  }
  return table
}
