import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto'
import type { Namespace } from './retention.ts'
import { checkKey, type Lease, type Store, type StoreEvent } from './store.ts'

/** What was sealed: the name that its place is called by, which the home does not see, and a text. */
export interface Opened {
  readonly name: string
  readonly text: string
}

/** Hides names and texts from everyone who does not have the secret. */
export interface Seal {
  /** What a name is called in the home, 22 signs: the same for the same name, and nothing else can be told from it. */
  hide(name: string): string
  /** `place`: moved elsewhere it does not open. */
  close(opened: Opened, place: string): string
  /** Undefined when it was sealed with another secret, for another place, or was changed. */
  open(sealed: string, place: string): Opened | undefined
  /** Tells secrets apart, 8 signs. */
  readonly id: string
}

const ivBytes = 12
const tagBytes = 16
const hiddenLength = 22

const derive = (secret: string, purpose: string): Uint8Array =>
  new Uint8Array(hkdfSync('sha256', secret, '', `memoranda state ${purpose}`, 32))

function openBytes(key: Uint8Array, sealed: string, place: string): string | undefined {
  const bytes = Buffer.from(sealed, 'base64')
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, ivBytes), { authTagLength: tagBytes })
      .setAAD(Buffer.from(place))
      .setAuthTag(bytes.subarray(ivBytes, ivBytes + tagBytes))
    return Buffer.concat([decipher.update(bytes.subarray(ivBytes + tagBytes)), decipher.final()]).toString('utf8')
  } catch {
    return undefined
  }
}

/** AES-256-GCM and HMAC-SHA-256 with keys derived from `secret` (HKDF-SHA-256). */
export function createSeal(secret: string): Seal {
  const key = derive(secret, '2')
  const nameKey = derive(secret, '2 names')
  const hash = (text: string) => createHmac('sha256', nameKey).update(text).digest('base64url')
  return {
    id: hash('id').slice(0, 8),
    hide: (name) => hash(`name ${name}`).slice(0, hiddenLength),
    close({ name, text }, place) {
      const iv = randomBytes(ivBytes)
      const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(Buffer.from(place))
      const body = Buffer.concat([cipher.update(`${name.length} ${name}${text}`, 'utf8'), cipher.final()])
      return Buffer.concat([iv, cipher.getAuthTag(), body]).toString('base64')
    },
    open(sealed, place) {
      const plain = openBytes(key, sealed, place)
      if (plain === undefined) return undefined
      const nameAt = plain.indexOf(' ') + 1
      const textAt = nameAt + Number(plain.slice(0, nameAt))
      return { name: plain.slice(nameAt, textAt), text: plain.slice(textAt) }
    },
  }
}

/** Opens what was sealed in formats before 2, whose places were called by their names. */
export function openerOfFormat1(secret: string): (sealed: string, place: string) => string | undefined {
  const key = derive(secret, '1')
  return (sealed, place) => openBytes(key, sealed, place)
}

/** Where a sealed text stands, without its name. */
export const places = {
  update: (id: number) => `update ${id}`,
  sent: (id: number) => `sent ${id}`,
  value: (namespace: string) => `value ${namespace}`,
} as const

/** The names that are hidden: each kind of place has its own. */
export const hidden = {
  lane: (seal: Seal, lane: string) => seal.hide(`lane ${lane}`),
  sent: (seal: Seal, id: number, key: string) => seal.hide(`sent ${id} ${key}`),
  value: (seal: Seal, namespace: string, key: string) => seal.hide(`value ${namespace} ${key}`),
} as const

/** How long an update that another token sealed waits before it is looked at again. Milliseconds. */
const foreignWaitMs = 60_000

/**
 * The same store, with everything that tells of people sealed before it reaches the home, and their ids in its keys
 * hidden: a copy of the file, a back-up or a look into Redis shows no question, no chat and no person. (LMDB does not
 * wipe what it frees, so removing alone would not do.) What another secret sealed counts as absent; an update among it
 * is put back, until its time is over.
 */
export function sealStore(store: Store, seal: Seal, log: (event: StoreEvent) => void = () => {}): Store {
  function openLease(lease: Lease): Lease | undefined {
    const { id } = lease.update
    const opened = seal.open(lease.update.body, places.update(id))
    if (opened === undefined) return undefined
    const sent = [...lease.sent.values()].flatMap((sealed) => {
      const result = seal.open(sealed, places.sent(id))
      return result === undefined ? [] : [[result.name, result.text] as const]
    })
    return { ...lease, update: { id, body: opened.text }, sent: new Map(sent) }
  }

  const keyOf = (namespace: Namespace, key: string) => {
    checkKey(key)
    return hidden.value(seal, namespace, key)
  }
  const openValue = (namespace: Namespace, key: string, sealed: string | undefined) => {
    const opened = sealed === undefined ? undefined : seal.open(sealed, places.value(namespace))
    return opened?.name === key ? opened.text : undefined
  }

  return {
    ...store,
    async add(updates) {
      for (const { lane } of updates) checkKey(lane)
      return await store.add(
        updates.map((update) => ({
          ...update,
          lane: hidden.lane(seal, update.lane),
          body: seal.close({ name: update.lane, text: update.body }, places.update(update.id)),
        })),
      )
    },
    async claim(owner, limit, leaseMs) {
      const leases: Lease[] = []
      let expired = 0
      let foreign = 0
      for (let isForeign = true; isForeign && leases.length < limit; ) {
        isForeign = false
        const claimed = await store.claim(owner, limit - leases.length, leaseMs)
        expired += claimed.expired
        for (const lease of claimed.leases) {
          const opened = openLease(lease)
          if (opened !== undefined) {
            leases.push(opened)
            continue
          }
          isForeign = true
          foreign += 1
          await store.putBack(lease, foreignWaitMs, 'stopped')
        }
      }
      if (foreign > 0) log({ event: 'updates of another token', count: foreign })
      return { leases, expired }
    },
    async record(updateId, key, result) {
      checkKey(key)
      const sealed = seal.close({ name: key, text: result }, places.sent(updateId))
      await store.record(updateId, hidden.sent(seal, updateId, key), sealed)
    },
    async get(namespace, key) {
      return openValue(namespace, key, await store.get(namespace, keyOf(namespace, key)))
    },
    async set(namespace, key, value) {
      await store.set(namespace, keyOf(namespace, key), seal.close({ name: key, text: value }, places.value(namespace)))
    },
    async change(namespace, key, change) {
      let plain: string | undefined
      await store.change(namespace, keyOf(namespace, key), (old) => {
        plain = change(openValue(namespace, key, old))
        return plain === undefined ? undefined : seal.close({ name: key, text: plain }, places.value(namespace))
      })
      return plain
    },
    async remove(namespace, key) {
      await store.remove(namespace, keyOf(namespace, key))
    },
  }
}
