import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import { retention } from './retention.ts'
import type { Lease, Store } from './store.ts'

/**
 * Turns text into something that only the same secret opens. `about` ties it to its place: moved elsewhere it does not
 * open.
 */
export interface Seal {
  close(text: string, about: string): string
  /** Undefined when it was sealed with another secret, for another place, or was changed. */
  open(sealed: string, about: string): string | undefined
}

const ivBytes = 12
const tagBytes = 16

/** AES-256-GCM with a key derived from `secret` (HKDF-SHA256). */
export function createSeal(secret: string): Seal {
  const key = new Uint8Array(hkdfSync('sha256', secret, '', 'memoranda state 1', 32))
  return {
    close(text, about) {
      const iv = randomBytes(ivBytes)
      const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(about))
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
      return Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64')
    },
    open(sealed, about) {
      const bytes = Buffer.from(sealed, 'base64')
      try {
        const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, ivBytes), { authTagLength: tagBytes })
          .setAAD(Buffer.from(about))
          .setAuthTag(bytes.subarray(ivBytes, ivBytes + tagBytes))
        return Buffer.concat([decipher.update(bytes.subarray(ivBytes + tagBytes)), decipher.final()]).toString('utf8')
      } catch {
        return undefined
      }
    },
  }
}

/**
 * The same store, with everything that people may have typed sealed before it reaches the home: a copy of the file, a
 * back-up or a look into Redis shows no question. (LMDB does not wipe what it frees, so removing alone would not do.)
 * With another secret the waiting updates are dropped and sealed values count as absent; settings and baskets are not
 * sealed and stay.
 */
export function sealStore(store: Store, secret: string): Store {
  const seal = createSeal(secret)
  const aboutUpdate = (id: number) => `update ${id}`
  const aboutSent = (id: number, key: string) => `sent ${id} ${key}`
  const aboutValue = (namespace: string, key: string) => `value ${namespace} ${key}`

  function openLease(lease: Lease): Lease | undefined {
    const { id } = lease.update
    const body = seal.open(lease.update.body, aboutUpdate(id))
    if (body === undefined) return undefined
    const sent = [...lease.sent].flatMap(([key, sealed]) => {
      const result = seal.open(sealed, aboutSent(id, key))
      return result === undefined ? [] : [[key, result] as const]
    })
    return { ...lease, update: { id, body }, sent: new Map(sent) }
  }

  return {
    ...store,
    add: (updates) =>
      store.add(updates.map((update) => ({ ...update, body: seal.close(update.body, aboutUpdate(update.id)) }))),
    async claim(owner, limit, leaseMs) {
      const claimed = await store.claim(owner, limit, leaseMs)
      const leases: Lease[] = []
      let { unreadable } = claimed
      for (const lease of claimed.leases) {
        const opened = openLease(lease)
        if (opened !== undefined) leases.push(opened)
        else {
          unreadable += 1
          await store.finish(lease)
        }
      }
      return { ...claimed, leases, unreadable }
    },
    record: (updateId, key, result) => store.record(updateId, key, seal.close(result, aboutSent(updateId, key))),
    async get(namespace, key) {
      const value = await store.get(namespace, key)
      return value === undefined || !retention[namespace].sealed ? value : seal.open(value, aboutValue(namespace, key))
    },
    set: (namespace, key, value) =>
      store.set(namespace, key, retention[namespace].sealed ? seal.close(value, aboutValue(namespace, key)) : value),
    async change(namespace, key, change) {
      if (!retention[namespace].sealed) return await store.change(namespace, key, change)
      const about = aboutValue(namespace, key)
      let plain: string | undefined
      await store.change(namespace, key, (old) => {
        plain = change(old === undefined ? undefined : seal.open(old, about))
        return plain === undefined ? undefined : seal.close(plain, about)
      })
      return plain
    },
  }
}
