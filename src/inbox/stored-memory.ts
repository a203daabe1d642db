import type { Memory } from '../conversation/memory.ts'
import type { Namespace } from '../state/retention.ts'
import type { Store } from '../state/store.ts'
import { currentUpdate } from './once.ts'

/** Where the keys of the bot's memory live: the word before the first colon decides. */
const homes: Readonly<Record<string, Namespace>> = {
  settings: 'settings',
  'chat-settings': 'settings',
  questions: 'questions',
  basket: 'baskets',
  permission: 'permissions',
  closed: 'closed',
  once: 'once',
}

interface Stored {
  readonly value: unknown
  /** Unix time, milliseconds. */
  readonly until?: number
  /** For `once`: the update that was first. */
  readonly by?: number
}

/**
 * The bot's memory in the store. A value is forgotten when `keepMs` is over or when its namespace says so, whichever
 * comes first. A key of `once` is free for the update that took it: when an update is handled again after a crash, it
 * is still the first. Throws StateError; TypeError for a key that no namespace is for, so that nothing is kept that the
 * table of retention does not name.
 */
export function memoryIn(store: Store, now: () => number = Date.now): Memory {
  function homeOf(key: string): Namespace {
    const [word = ''] = key.split(':', 1)
    const home = Object.hasOwn(homes, word) ? homes[word] : undefined
    if (home === undefined) throw new TypeError(`Cannot keep "${word}": src/state/retention.ts says nothing of it`)
    return home
  }

  function parse(text: string | undefined): Stored | undefined {
    if (text === undefined) return undefined
    try {
      const stored = JSON.parse(text) as Stored
      return stored.until === undefined || stored.until > now() ? stored : undefined
    } catch {
      return undefined
    }
  }

  return {
    get: async (key) => parse(await store.get(homeOf(key), key))?.value,
    async update(key, change, keepMs) {
      const home = homeOf(key)
      // Asked here: the store calls back from where many updates are written together.
      const update = home === 'once' ? currentUpdate() : undefined
      let value: unknown
      await store.change(home, key, (old) => {
        const stored = parse(old)
        const isOwn = stored?.by !== undefined && stored.by === update
        value = change(isOwn ? undefined : stored?.value)
        if (value === undefined) return undefined
        const by = stored?.by ?? (stored === undefined ? update : undefined)
        return JSON.stringify({
          value,
          ...(keepMs === undefined ? {} : { until: now() + keepMs }),
          ...(by === undefined ? {} : { by }),
        } satisfies Stored)
      })
      return value
    },
    delete: (key) => store.remove(homeOf(key), key),
  }
}
