import { inject } from 'vitest'

declare module 'vitest' {
  interface ProvidedContext {
    /** How much of a law is tried: `some` by `npm test`, `all` by `npm run test:faults`. */
    readonly cases: 'some' | 'all'
  }
}

const all = inject('cases') === 'all'

/**
 * Every `nth` of many cases, all of them in the long suites. `turn` is where to begin: laws that hold for each of two
 * lists meet every case of one although not with every case of the other.
 */
export const everyNth = <T>(nth: number, cases: readonly T[], turn = 0): readonly T[] =>
  all ? cases : cases.filter((_, at) => at % nth === turn % nth)

/** How often a law is tried: `few` times, `many` in the long suites. */
export const times = (few: number, many: number): number => (all ? many : few)
