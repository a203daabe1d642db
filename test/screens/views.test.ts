import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { institutions } from '../../src/memorandum/institutions.ts'
import { places } from '../../src/memorandum/places.ts'
import { deepLink, type Opening, readPayload, writePayload } from '../../src/screens/payloads.ts'
import { isDeed, type Press, readButton, writeButton } from '../../src/screens/views.ts'
import { openRoom } from '../answer/room.ts'

const memorandum = fc
  .constantFrom(...places)
  .chain(({ slug }) => fc.integer({ min: 2000, max: 2099 }).map((year) => `${slug}-${year}`))
const unit = memorandum.chain((id) =>
  fc.oneof(
    fc
      .tuple(fc.integer({ min: 1, max: 99 }), fc.integer({ min: 1, max: 999 }))
      .map(([area, item]) => `${id}/${area}.${item}`),
    fc.constant(`${id}/preamble`),
    fc.integer({ min: 1, max: 99 }).map((item) => `${id}/preamble.${item}`),
  ),
)
const key = fc.stringMatching(/^[A-Za-z0-9_-]{8}$/u)
const page = fc.integer({ min: 0, max: 999 })
const slug = fc.constantFrom(
  'finance',
  'intellectual-property-brands',
  'conventions-exhibitions',
  ...institutions.map((one) => one.slug),
)
const chat = fc.integer({ min: -1_009_999_999_999, max: 9_999_999_999 })
const kind = <K extends Press['kind']>(value: K) => fc.constant(value)
const origin = fc.option(key, { nil: undefined })
const withBack = <T extends { readonly back: string | undefined }>({ back, ...rest }: T) =>
  back === undefined ? rest : { ...rest, back }

const press: fc.Arbitrary<Press> = fc.oneof(
  fc.record({ kind: fc.constantFrom('answer', 'others'), key, page }),
  fc.record({ kind: fc.constantFrom('clause', 'context'), id: unit, page, back: origin }).map(withBack),
  fc.record({ kind: fc.constantFrom('memoranda', 'settings', 'clear', 'clearing', 'forget', 'dismiss') }),
  fc.record({ kind: fc.constantFrom('memorandum', 'about'), id: memorandum }),
  fc.record({ kind: kind('area'), id: memorandum, ordinal: fc.integer({ min: 1, max: 99 }), page }),
  fc.record({ kind: fc.constantFrom('topics', 'comparisons', 'timeline', 'institutions', 'basket'), page }),
  fc.record({ kind: fc.constantFrom('topic', 'comparison', 'institution'), slug, page }),
  fc.record({ kind: kind('add'), id: unit }),
  fc.record({
    kind: kind('choose'),
    setting: fc.constantFrom('language', 'script', 'length'),
    value: fc.constantFrom('hant', 'hans', 'en', 'auto', 'simplified', 'short'),
  }),
  fc.record({
    kind: kind('export'),
    format: fc.constantFrom('docx', 'csv'),
    of: fc.oneof(
      key.map((one) => `m:${one}:0`),
      slug.map((one) => `k:${one}:0`),
      fc.constant('B:0'),
    ),
  }),
  fc.record({ kind: kind('request'), chat }),
  fc.record({ kind: kind('grant'), chat, allowed: fc.boolean() }),
) as fc.Arbitrary<Press>

describe('writeButton() and readButton()', () => {
  test('give every press back, with its asker, within 64 bytes', () => {
    fc.assert(
      fc.property(press, fc.option(chat, { nil: undefined }), (one, asker) => {
        const button = { press: one, ...(asker === undefined ? {} : { asker }) }
        const data = writeButton(button)
        expect(Buffer.byteLength(data)).toBeLessThanOrEqual(64)
        expect(readButton(data)).toEqual(button)
      }),
      { numRuns: 2000 },
    )
  })

  test('read nothing into other data, and never throw', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: 'binary', maxLength: 64 }), fc.stringMatching(/^[a-zB+-]:[\w./:-]{0,40}$/u)),
        (data) => {
          const read = readButton(data)
          if (read !== undefined) expect(readButton(writeButton(read))).toEqual(read)
        },
      ),
      { numRuns: 2000 },
    )
  })

  test('tell deeds from views', () => {
    expect(isDeed({ kind: 'clear' })).toBe(true)
    expect(isDeed({ kind: 'memoranda' })).toBe(false)
  })
})

describe('writePayload() and readPayload()', () => {
  const same = (opening: Opening) => {
    const payload = writePayload(opening)
    expect(payload).toMatch(/^[A-Za-z0-9_-]{1,64}$/u)
    expect(readPayload(payload)).toEqual(opening)
  }

  test('give every clause, area, memorandum and topic of the corpus back', async () => {
    const { retrieval, topics } = await openRoom()
    for (const { id } of retrieval.library.units) {
      same({ kind: 'clause', id, page: 0 })
      same({ kind: 'context', id, page: 0 })
    }
    for (const { id, areas } of retrieval.library.memoranda) {
      same({ kind: 'memorandum', id })
      for (const { ordinal } of areas) same({ kind: 'area', id, ordinal, page: 0 })
    }
    for (const topic of topics) {
      same({ kind: 'topic', slug: topic.slug, page: 0 })
      same({ kind: 'comparison', slug: topic.slug, page: 0 })
    }
    same({ kind: 'settings' })
    same({ kind: 'help' })
  })

  test('do so for any province and number', () => {
    fc.assert(fc.property(unit, (id) => same({ kind: 'clause', id, page: 0 })))
  })

  test('read nothing into forged payloads, and never throw', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (payload) => {
        const opening = readPayload(payload)
        if (opening !== undefined) expect(readPayload(writePayload(opening))).toEqual(opening)
      }),
      { numRuns: 2000 },
    )
  })

  test('make links that Telegram opens', () => {
    expect(deepLink('memoranda_bot', { kind: 'context', id: 'sichuan-2018/5.1', page: 0 })).toBe(
      'https://t.me/memoranda_bot?start=c_sichuan-2018_5_1',
    )
  })
})
