/**
 * What the bot keeps between updates: settings, baskets, the last questions of a person, who may use it. Values are
 * plain JSON. A home that outlives a restart implements the same three functions.
 */
export type Memory = {
  get(key: string): Promise<unknown>
  /**
   * Replaces a value by what `change` makes of it, one change of a key after the other; `undefined` removes it.
   * Resolves with the new value. `keepMs`: milliseconds after which the value may be forgotten; for ever when missing.
   * `change` may run more than once.
   */
  update(key: string, change: (value: unknown) => unknown, keepMs?: number): Promise<unknown>
  delete(key: string): Promise<void>
}

type Kept = { readonly value: unknown; readonly expires: number }

/** Values that the process holds at most; the least recently written go first. */
const mostKept = 50_000

/** A memory that ends with the process. */
export function createMemory(now: () => number = Date.now): Memory {
  const kept = new Map<string, Kept>()
  const read = (key: string): unknown => {
    const found = kept.get(key)
    if (found === undefined) return undefined
    if (found.expires > now()) return structuredClone(found.value)
    kept.delete(key)
    return undefined
  }
  return {
    get: async (key) => read(key),
    async update(key, change, keepMs) {
      const value = change(read(key))
      kept.delete(key)
      if (value === undefined) return undefined
      kept.set(key, {
        value: structuredClone(value),
        expires: keepMs === undefined ? Number.POSITIVE_INFINITY : now() + keepMs,
      })
      const [oldest] = kept.keys()
      if (kept.size > mostKept && oldest !== undefined) kept.delete(oldest)
      return value
    },
    async delete(key) {
      kept.delete(key)
    },
  }
}
