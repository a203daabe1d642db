import type { Hit } from '../retrieval/search.ts'

/** Whether the best hits answer a question, and if not, whether they are near enough to be worth showing. */
export type Verdict = { readonly answered: boolean; readonly near: boolean; readonly foreign: boolean }

/** Decides from what the stages say of the hits within the provinces asked for, and of the hits everywhere. */
export function judge(hits: readonly Hit[], _everywhere: readonly Hit[]): Verdict {
  const [best] = hits
  if (best === undefined) return { answered: false, near: false, foreign: true }
  return { answered: true, near: true, foreign: false }
}
