import { memorandumId, unitId } from '../model/corpus.ts'
import type { View } from './views.ts'

/** What a link into the bot opens. */
export type Opening =
  | Extract<View, { kind: 'clause' | 'context' | 'memorandum' | 'area' | 'comparison' | 'topic' | 'settings' }>
  | { readonly kind: 'help' }

/*
 * Telegram takes 1 to 64 of A-Z a-z 0-9 _ - in `?start=`. Ids hold no underscore, at most one slash and then at most
 * one dot:
 *   sichuan-2018/5.1  ⇄  c_sichuan-2018_5_1        sichuan-2018/preamble  ⇄  c_sichuan-2018_preamble
 */

/** The payload of a deep link. Links that people saved must open for ever: forms are added, never changed. */
export function writePayload(opening: Opening): string {
  switch (opening.kind) {
    case 'clause':
      return `f_${written(opening.id)}`
    case 'context':
      return `c_${written(opening.id)}`
    case 'memorandum':
      return `m_${opening.id}`
    case 'area':
      return `a_${opening.id}_${opening.ordinal}`
    case 'comparison':
      return `k_${opening.slug}`
    case 'topic':
      return `t_${opening.slug}`
    case 'settings':
      return 'settings'
    case 'help':
      return 'help'
  }
}

const written = (id: string) => id.replace('/', '_').replace('.', '_')
const readId = (text: string) => unitId.safeParse(text.replace('_', '/').replace('_', '.')).data

/**
 * Reads a payload; `undefined` for a forged one and for one of no known form. Whether the thing exists is for the
 * caller to see.
 */
export function readPayload(payload: string): Opening | undefined {
  if (payload.length > 64) return undefined
  if (payload === 'settings') return { kind: 'settings' }
  if (payload === 'help') return { kind: 'help' }
  const { kind, rest = '' } = /^(?<kind>[a-z])_(?<rest>[\w-]+)$/u.exec(payload)?.groups ?? {}
  switch (kind) {
    case 'f':
    case 'c': {
      const id = readId(rest)
      return id === undefined ? undefined : { kind: kind === 'c' ? 'context' : 'clause', id, page: 0 }
    }
    case 'm':
      return memorandumId.safeParse(rest).success ? { kind: 'memorandum', id: rest } : undefined
    case 'a': {
      const { id, ordinal } = /^(?<id>[a-z0-9-]+)_(?<ordinal>\d{1,2})$/u.exec(rest)?.groups ?? {}
      return id !== undefined && memorandumId.safeParse(id).success
        ? { kind: 'area', id, ordinal: Number(ordinal), page: 0 }
        : undefined
    }
    case 'k':
    case 't':
      return /^[a-z]+(?:-[a-z]+)*$/u.test(rest)
        ? { kind: kind === 'k' ? 'comparison' : 'topic', slug: rest, page: 0 }
        : undefined
    default:
      return undefined
  }
}

/** Opens the thing in a private chat with the bot. */
export const deepLink = (username: string, opening: Opening): string =>
  `https://t.me/${username}?start=${writePayload(opening)}`
