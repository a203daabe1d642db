import { hidden, openerOfFormat1, places, type Seal } from './seal.ts'

/** Turns what was stored under other names, or with another secret, into what this bot stores. */
export interface TakingOver {
  /** All of these: undefined where it cannot be opened. */
  update(id: number, lane: string, body: string): { readonly lane: string; readonly body: string } | undefined
  sent(id: number, key: string, result: string): { readonly key: string; readonly result: string } | undefined
  value(namespace: string, key: string, value: string): { readonly key: string; readonly value: string } | undefined
}

/** Opens one thing of each kind: gives its name and text. */
interface Opener {
  update(id: number, lane: string, body: string): { readonly name: string; readonly text: string } | undefined
  sent(id: number, key: string, result: string): { readonly name: string; readonly text: string } | undefined
  value(namespace: string, key: string, value: string): { readonly name: string; readonly text: string } | undefined
}

function into(seal: Seal, open: Opener): TakingOver {
  return {
    update(id, lane, body) {
      const opened = open.update(id, lane, body)
      if (opened === undefined) return undefined
      return { lane: hidden.lane(seal, opened.name), body: seal.close(opened, places.update(id)) }
    },
    sent(id, key, result) {
      const opened = open.sent(id, key, result)
      if (opened === undefined) return undefined
      return { key: hidden.sent(seal, id, opened.name), result: seal.close(opened, places.sent(id)) }
    },
    value(namespace, key, value) {
      const opened = open.value(namespace, key, value)
      if (opened === undefined) return undefined
      return { key: hidden.value(seal, namespace, opened.name), value: seal.close(opened, places.value(namespace)) }
    },
  }
}

/** Values that format 1 sealed; the others lay open, and prove nothing of whose they are. */
export const sealedInFormat1: ReadonlySet<string> = new Set(['questions'])

/** What format 1 stored, where ids stood in keys as they are. `secret`: what it sealed with. */
export function fromFormat1(secret: string, seal: Seal): TakingOver {
  const open = openerOfFormat1(secret)
  const named = (name: string, text: string | undefined) => (text === undefined ? undefined : { name, text })
  return into(seal, {
    update: (id, lane, body) => named(lane, open(body, `update ${id}`)),
    sent: (id, key, result) => named(key, open(result, `sent ${id} ${key}`)),
    value: (namespace, key, value) =>
      named(key, sealedInFormat1.has(namespace) ? open(value, `value ${namespace} ${key}`) : value),
  })
}

/** What the same bot stored with the token before. */
export const fromToken = (before: Seal, seal: Seal): TakingOver =>
  into(seal, {
    update: (id, _lane, body) => before.open(body, places.update(id)),
    sent: (id, _key, result) => before.open(result, places.sent(id)),
    value: (namespace, _key, value) => before.open(value, places.value(namespace)),
  })
