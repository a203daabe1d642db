import type { z } from 'zod'
import type { Namespace } from './retention.ts'
import type { Store } from './store.ts'

/** One kind of value in one namespace. Stored values that the schema does not accept (an older version wrote them) count as absent. */
export interface Values<T> {
  get(key: string): Promise<T | undefined>
  set(key: string, value: T): Promise<void>
  /** Replaces the value with nobody in between; `undefined` removes it. Resolves with what is stored now. */
  change(key: string, change: (old: T | undefined) => T | undefined): Promise<T | undefined>
  /** Stores the value if there is none. False when there was one: for what may happen once. */
  claim(key: string, value: T): Promise<boolean>
  remove(key: string): Promise<void>
  /** Removes all keys that begin with `prefix`, for /forget. Returns how many. */
  forget(prefix: string): Promise<number>
  keys(prefix: string): Promise<readonly string[]>
}

/** Values of type `T`, stored as JSON. The namespace says how long they are kept; every write begins that time anew. */
export function valuesIn<T>(store: Store, namespace: Namespace, schema: z.ZodType<T>): Values<T> {
  const read = (text: string | undefined): T | undefined => {
    if (text === undefined) return undefined
    try {
      return schema.safeParse(JSON.parse(text)).data
    } catch {
      return undefined
    }
  }
  return {
    get: async (key) => read(await store.get(namespace, key)),
    set: (key, value) => store.set(namespace, key, JSON.stringify(value)),
    async change(key, change) {
      const stored = await store.change(namespace, key, (old) => {
        const changed = change(read(old))
        return changed === undefined ? undefined : JSON.stringify(changed)
      })
      return read(stored)
    },
    async claim(key, value) {
      let isFirst = false
      await store.change(namespace, key, (old) => {
        isFirst = read(old) === undefined
        return isFirst ? JSON.stringify(value) : old
      })
      return isFirst
    },
    remove: (key) => store.remove(namespace, key),
    async forget(prefix) {
      const keys = await store.keys(namespace, prefix)
      for (const key of keys) await store.remove(namespace, key)
      return keys.length
    },
    keys: (prefix) => store.keys(namespace, prefix),
  }
}
