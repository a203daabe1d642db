import { openEmbedded } from './embedded.ts'
import { sealStore } from './seal.ts'
import { openShared, type SharedEvent } from './shared.ts'
import type { Store } from './store.ts'

export interface StateOptions {
  /** `redis://…` or `rediss://…` for the shared home; undefined for the embedded one. */
  readonly url: string | undefined
  /** Folder of the embedded home. */
  readonly folder: string
  /** What the stored questions are sealed with: the bot's token, which every replica has and no data folder holds. */
  readonly secret: string
  /** How long to wait for Redis at the start. Milliseconds. */
  readonly patienceMs?: number
  readonly log?: (event: SharedEvent) => void
}

/** Opens the home that the configuration names. Throws StateError. */
export async function openState({ url, folder, secret, patienceMs, log }: StateOptions): Promise<Store> {
  const store =
    url === undefined
      ? openEmbedded({ folder })
      : await openShared({
          url,
          ...(patienceMs === undefined ? {} : { patienceMs }),
          ...(log === undefined ? {} : { log }),
        })
  return sealStore(store, secret)
}
