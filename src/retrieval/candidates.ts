import type { RetrievalIndex } from './index-folder.ts'
import type { Scores } from './lexical.ts'

/** How many units each stage hands to the next. */
export type Breadth = {
  /** Candidates taken from each lexical leg. */
  readonly lexical: number
  /** Neighbours taken from the vector index. */
  readonly dense: number
  /** Candidates that late interaction looks at. */
  readonly reranked: number
}

/**
 * Breadth of the stages for a number of units. Among many clauses more are nearly as good as the best, so breadth grows
 * with their number, from what a few hundred clauses need to what a hundred thousand need for the first ten of an
 * exhaustive run (`npm run bench -- --exhaustive`).
 */
export function breadthFor(units: number): Breadth {
  const growth = Math.min(4, Math.max(1, Math.sqrt(units / 1000)))
  return {
    lexical: Math.round(100 * growth),
    dense: Math.round(100 * growth ** 1.5),
    reranked: Math.round(Math.min(400, Math.max(24, units / 9))),
  }
}

/** Up to this many passages an exact scan is as fast as the graph under a filter, and leaves nothing out. */
const exactScan = 8000

/**
 * The documents with the highest scores among those accepted: at most `count`, best first, equal scores in the order of
 * the documents.
 */
export function bestOf(scores: Scores, count: number, accept: (document: number) => boolean): number[] {
  const { of, documents } = scores
  const worse = (a: number, b: number) => (of[a] as number) < (of[b] as number) || (of[a] === of[b] && a > b)
  // A heap with the worst of the chosen on top: a candidate is compared with that one alone.
  const heap: number[] = []
  const sink = (from: number) => {
    let at = from
    for (;;) {
      let worst = at
      for (const child of [2 * at + 1, 2 * at + 2])
        if (child < heap.length && worse(heap[child] as number, heap[worst] as number)) worst = child
      if (worst === at) return
      const swapped = heap[at] as number
      heap[at] = heap[worst] as number
      heap[worst] = swapped
      at = worst
    }
  }
  for (const document of documents) {
    if (heap.length === count && worse(document, heap[0] as number)) continue
    if (!accept(document)) continue
    if (heap.length < count) {
      heap.push(document)
      if (heap.length === count) for (let at = (count >> 1) - 1; at >= 0; at -= 1) sink(at)
    } else {
      heap[0] = document
      sink(0)
    }
  }
  return heap.sort((a, b) => (worse(a, b) ? 1 : -1))
}

/** Units by their scores, best first; equal scores in the order of the documents. */
export function bestFirst(units: readonly number[], scoreOf: (unit: number) => number): readonly number[] {
  const scores = Float64Array.from(units, scoreOf)
  const order = Int32Array.from(units, (_, at) => at).sort(
    (a, b) => (scores[b] as number) - (scores[a] as number) || (units[a] as number) - (units[b] as number),
  )
  return Array.from(order, (at) => units[at] as number)
}

/** A question's neighbours in the vector index, looked up once however often it is ranked. */
export type Neighbourhood = {
  /**
   * Units near the question among those accepted, at least `least` of them where there are as many; `all` lists every
   * unit accepted.
   */
  near(
    accept: (unit: number) => boolean,
    least: number,
    all: () => readonly number[],
    cosineOf: (unit: number) => number,
  ): readonly number[]
}

export function neighbourhood(index: RetrievalIndex, pooled: Float32Array, dense: number): Neighbourhood {
  const total = index.passageUnit.length
  const found: number[][] = []
  const search = (step: number) => {
    const wanted = Math.min(total, dense * 4 ** step)
    const known = found[step] ?? [
      ...new Set(index.vectors.search(pooled, wanted).map(({ label }) => index.passageUnit[label] as number)),
    ]
    found[step] = known
    return { known, complete: wanted === total }
  }
  return {
    near(accept, least, all, cosineOf) {
      // A filter can leave few of the nearest.
      const first = search(0).known.filter(accept)
      if (first.length >= least) return first
      const accepted = all()
      let passages = 0
      for (const unit of accepted) passages += (index.unitStart[unit + 1] as number) - (index.unitStart[unit] as number)
      if (accepted.length <= least) return accepted
      if (passages <= exactScan) {
        // As many as the graph would give: fewer units need no order.
        return accepted.length <= dense ? accepted : bestFirst(accepted, cosineOf).slice(0, dense)
      }
      for (let step = 1; ; step += 1) {
        const { known, complete } = search(step)
        const near = known.filter(accept)
        if (near.length >= least || complete) return near
      }
    },
  }
}
