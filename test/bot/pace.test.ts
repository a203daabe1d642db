import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createPace } from '../../src/bot/pace.ts'

describe('createPace()', () => {
  test('lets nobody ask more than the burst and the pace allow, whatever the moments', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 20_000 }), { minLength: 1, maxLength: 200 }), (gaps) => {
        let now = 0
        let good = 0
        const pace = createPace({ burst: 4, perMinute: 6 }, () => now)
        for (const [moment, gap] of gaps.entries()) {
          now += gap
          if (pace(-1, 7, moment) === 'good') good += 1
        }
        expect(good).toBeLessThanOrEqual(4 + now / 10_000 + 1)
      }),
    )
  })

  test('tells people and groups apart', () => {
    const pace = createPace({ burst: 1, perMinute: 1 }, () => 0)
    expect([pace(-1, 7, 1), pace(-1, 8, 2), pace(-2, 7, 3), pace(-1, 7, 4), pace(-1, 7, 5)]).toEqual(['good', 'good', 'good', 'first', 'again'])
  })

  test('tells a person anew after an answer between', () => {
    let now = 0
    const pace = createPace({ burst: 1, perMinute: 6 }, () => now)
    expect([pace(-1, 7, 1), pace(-1, 7, 2), pace(-1, 7, 3)]).toEqual(['good', 'first', 'again'])
    now += 10_001
    expect([pace(-1, 7, 4), pace(-1, 7, 5)]).toEqual(['good', 'first'])
  })

  test('says the same of a message that is handled again', () => {
    const pace = createPace({ burst: 1, perMinute: 1 }, () => 0)
    expect([pace(-1, 7, 1), pace(-1, 7, 2), pace(-1, 7, 1), pace(-1, 7, 2)]).toEqual(['good', 'first', 'good', 'first'])
  })

  test('remembers a bounded number of people', () => {
    const pace = createPace({ burst: 1, perMinute: 1 }, () => 0)
    for (let person = 0; person < 30_000; person += 1) pace(-1, person, 1)
    // Forgotten, so it may ask again; the latest are not.
    expect([pace(-1, 0, 2), pace(-1, 29_999, 2)]).toEqual(['good', 'first'])
  })
})
