import { memorandumId, unitId } from '../model/corpus.ts'
import { unreachable } from '../model/unreachable.ts'

/**
 * What a message can show, small enough for a button: a button names the state it leads to, never a step from the
 * present one, so pressing it twice is pressing it once, and it works after a restart. `page` counts from 0. `back` is
 * the key of the question whose answer the reader came from.
 */
export type View =
  /** The answer to a question that a person asked before. */
  | { readonly kind: 'answer'; readonly key: string; readonly page: number }
  /** The same question put to the other provinces. */
  | { readonly kind: 'others'; readonly key: string; readonly page: number }
  | { readonly kind: 'clause'; readonly id: string; readonly page: number; readonly back?: string }
  /** A clause with its neighbours and the contents of its area. */
  | { readonly kind: 'context'; readonly id: string; readonly page: number; readonly back?: string }
  | { readonly kind: 'memoranda' }
  | { readonly kind: 'memorandum'; readonly id: string }
  | { readonly kind: 'area'; readonly id: string; readonly ordinal: number; readonly page: number }
  | { readonly kind: 'about'; readonly id: string }
  | { readonly kind: 'topics'; readonly page: number }
  /** The topics to compare provinces on. */
  | { readonly kind: 'comparisons'; readonly page: number }
  | { readonly kind: 'topic'; readonly slug: string; readonly page: number }
  | { readonly kind: 'comparison'; readonly slug: string; readonly page: number }
  | { readonly kind: 'timeline'; readonly page: number }
  | { readonly kind: 'institutions'; readonly page: number }
  | { readonly kind: 'institution'; readonly slug: string; readonly page: number }
  | { readonly kind: 'basket'; readonly page: number }
  /** Whether the basket shall really be emptied. */
  | { readonly kind: 'clearing' }
  | { readonly kind: 'settings' }

/** What a button can do beside showing something. */
export type Deed =
  | { readonly kind: 'add'; readonly id: string }
  | { readonly kind: 'clear' }
  | { readonly kind: 'choose'; readonly setting: 'language' | 'script' | 'length' | 'topic'; readonly value: string }
  | { readonly kind: 'forget' }
  | { readonly kind: 'dismiss' }
  /** `of` is a view in its written form, without an asker. */
  | { readonly kind: 'export'; readonly format: 'docx' | 'csv'; readonly of: string }
  | { readonly kind: 'request'; readonly chat: number }
  | { readonly kind: 'grant'; readonly chat: number; readonly allowed: boolean }

export type Press = View | Deed
/** `asker`: the only person who may press it; anybody when missing. */
export type Button = { readonly press: Press; readonly asker?: number }

const base36 = (value: number) => value.toString(36)
const optional = (back: string | undefined) => (back === undefined ? '' : `:${back}`)

function writtenPress(press: Press): string {
  switch (press.kind) {
    case 'answer':
      return `m:${press.key}:${press.page}`
    case 'others':
      return `o:${press.key}:${press.page}`
    case 'clause':
      return `c:${press.id}:${press.page}${optional(press.back)}`
    case 'context':
      return `x:${press.id}:${press.page}${optional(press.back)}`
    case 'memoranda':
      return 'b'
    case 'memorandum':
      return `b:${press.id}`
    case 'area':
      return `r:${press.id}:${press.ordinal}:${press.page}`
    case 'about':
      return `a:${press.id}`
    case 'topics':
      return `t:${press.page}`
    case 'topic':
      return `t:${press.slug}:${press.page}`
    case 'comparisons':
      return `k:${press.page}`
    case 'comparison':
      return `k:${press.slug}:${press.page}`
    case 'timeline':
      return `l:${press.page}`
    case 'institutions':
      return `i:${press.page}`
    case 'institution':
      return `i:${press.slug}:${press.page}`
    case 'basket':
      return `B:${press.page}`
    case 'clearing':
      return 'C'
    case 'settings':
      return 's'
    case 'add':
      return `+:${press.id}`
    case 'clear':
      return '-'
    case 'choose':
      return `s:${press.setting}:${press.value}`
    case 'forget':
      return 'f'
    case 'dismiss':
      return 'd'
    case 'export':
      return `e:${press.format}:${press.of}`
    case 'request':
      return `q:${press.chat}`
    case 'grant':
      return `g:${press.chat}:${press.allowed ? 'y' : 'n'}`
    default:
      return unreachable(press)
  }
}

/** Callback data of a button: at most 64 bytes for every id of the corpus (proved by test). */
export function writeButton({ press, asker }: Button): string {
  return asker === undefined ? writtenPress(press) : `${writtenPress(press)}@${base36(asker)}`
}

const key = '(?<key>[\\w-]{4,12})'
const back = '(?::(?<back>[\\w-]{4,12}))?'
const page = '(?<page>\\d{1,3})'
const id = '(?<id>[a-z0-9./-]{1,48})'
const slug = '(?<slug>[a-z]+(?:-[a-z]+)*)'
const chat = '(?<chat>-?\\d{1,16})'

type Groups = Readonly<Record<string, string>>
const withBack = (groups: Groups) => (groups.back === undefined ? {} : { back: groups.back })
const unit = (text: string | undefined) => unitId.safeParse(text).data
const memorandum = (text: string | undefined) => memorandumId.safeParse(text).data

// One recogniser per form, a real one beside each.
const forms: readonly (readonly [RegExp, (groups: Groups, page: number) => Press | undefined])[] = [
  [`m:${key}:${page}`, (g: Groups, page: number) => ({ kind: 'answer', key: g.key ?? '', page })], // m:Zk3_x9-a:1
  [`o:${key}:${page}`, (g: Groups, page: number) => ({ kind: 'others', key: g.key ?? '', page })], // o:Zk3_x9-a:0
  [
    `c:${id}:${page}${back}`,
    (g: Groups, page: number) => ifKnown(unit(g.id), (id) => ({ kind: 'clause', id, page, ...withBack(g) })),
  ], // c:sichuan-2018/5.1:0:Zk3_x9-a
  [
    `x:${id}:${page}${back}`,
    (g: Groups, page: number) => ifKnown(unit(g.id), (id) => ({ kind: 'context', id, page, ...withBack(g) })),
  ], // x:sichuan-2018/preamble.1:0
  ['b', () => ({ kind: 'memoranda' })],
  [`b:${id}`, (g: Groups) => ifKnown(memorandum(g.id), (id) => ({ kind: 'memorandum', id }))], // b:sichuan-2018
  [
    `r:${id}:(?<ordinal>\\d{1,2}):${page}`,
    (g: Groups, page: number) =>
      ifKnown(memorandum(g.id), (id) => ({ kind: 'area', id, ordinal: Number(g.ordinal), page })),
  ], // r:sichuan-2018:5:0
  [`a:${id}`, (g: Groups) => ifKnown(memorandum(g.id), (id) => ({ kind: 'about', id }))], // a:sichuan-2018
  [`t:${page}`, (_: Groups, page: number) => ({ kind: 'topics', page })],
  // t:green-finance:0
  [`t:${slug}:${page}`, (g: Groups, page: number) => ({ kind: 'topic', slug: g.slug ?? '', page })],
  [`k:${page}`, (_: Groups, page: number) => ({ kind: 'comparisons', page })],
  [`k:${slug}:${page}`, (g: Groups, page: number) => ({ kind: 'comparison', slug: g.slug ?? '', page })],
  [`l:${page}`, (_: Groups, page: number) => ({ kind: 'timeline', page })],
  [`i:${page}`, (_: Groups, page: number) => ({ kind: 'institutions', page })],
  [`i:${slug}:${page}`, (g: Groups, page: number) => ({ kind: 'institution', slug: g.slug ?? '', page })],
  [`B:${page}`, (_: Groups, page: number) => ({ kind: 'basket', page })],
  ['C', () => ({ kind: 'clearing' })],
  ['s', () => ({ kind: 'settings' })],
  ['\\+:(?<id>[a-z0-9./-]{1,48})', (g: Groups) => ifKnown(unit(g.id), (id) => ({ kind: 'add', id }))], // +:sichuan-2018/5.1
  ['-', () => ({ kind: 'clear' })],
  [
    's:(?<setting>language|script|length|topic):(?<value>[a-z]{1,12})',
    (g: Groups) => ({
      kind: 'choose',
      setting: g.setting as Extract<Deed, { kind: 'choose' }>['setting'],
      value: g.value ?? '',
    }),
  ], // s:language:hans
  ['f', () => ({ kind: 'forget' })],
  ['d', () => ({ kind: 'dismiss' })],
  [
    'e:(?<format>docx|csv):(?<of>.{1,50})',
    (g: Groups) => ({ kind: 'export', format: g.format === 'docx' ? 'docx' : 'csv', of: g.of ?? '' }),
  ], // e:docx:m:Zk3_x9-a:0
  [`q:${chat}`, (g: Groups) => ({ kind: 'request', chat: Number(g.chat) })],
  [`g:${chat}:(?<yes>[yn])`, (g: Groups) => ({ kind: 'grant', chat: Number(g.chat), allowed: g.yes === 'y' })],
].map(
  ([pattern, make]) =>
    [new RegExp(`^${pattern as string}$`, 'u'), make as (groups: Groups, page: number) => Press | undefined] as const,
)

function ifKnown<T>(value: string | undefined, make: (value: string) => T): T | undefined {
  return value === undefined ? undefined : make(value)
}

/** Reads callback data; `undefined` for what no version of the bot wrote. */
export function readButton(data: string): Button | undefined {
  const { body = '', asker } = /^(?<body>.*?)(?:@(?<asker>-?[a-z0-9]{1,12}))?$/su.exec(data)?.groups ?? {}
  for (const [pattern, make] of forms) {
    const groups = pattern.exec(body)?.groups
    if (groups === undefined && !pattern.test(body)) continue
    const press = make(groups ?? {}, Number(groups?.page ?? 0))
    if (press === undefined) return undefined
    return asker === undefined ? { press } : { press, asker: Number.parseInt(asker, 36) }
  }
  return undefined
}

const deeds: ReadonlySet<Press['kind']> = new Set<Deed['kind']>([
  'add',
  'clear',
  'choose',
  'forget',
  'dismiss',
  'export',
  'request',
  'grant',
])
export const isDeed = (press: Press): press is Deed => deeds.has(press.kind)
