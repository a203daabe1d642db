import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createPace } from '../../src/conversation/pace.ts'

describe('createPace()', () => {
  test('lets nobody ask more than the burst and the pace allow, whatever the moments', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 20_000 }), { minLength: 1, maxLength: 200 }), (gaps) => {
        let now = 0
        let good = 0
        const pace = createPace({ burst: 4, perMinute: 6 })
        for (const [moment, gap] of gaps.entries()) {
          now += gap
          if (pace(-1, 7, `${moment}`, now) === 'good') good += 1
        }
        expect(good).toBeLessThanOrEqual(4 + now / 10_000 + 1)
      }),
    )
  })

  test('tells people and groups apart', () => {
    const pace = createPace({ burst: 1, perMinute: 1 })
    expect([
      pace(-1, 7, '1', 0),
      pace(-1, 8, '2', 0),
      pace(-2, 7, '3', 0),
      pace(-1, 7, '4', 0),
      pace(-1, 7, '5', 0),
    ]).toEqual(['good', 'good', 'good', 'first', 'again'])
  })

  test('tells a person anew after an answer between', () => {
    let now = 0
    const pace = createPace({ burst: 1, perMinute: 6 })
    expect([pace(-1, 7, '1', now), pace(-1, 7, '2', now), pace(-1, 7, '3', now)]).toEqual(['good', 'first', 'again'])
    now += 10_001
    expect([pace(-1, 7, '4', now), pace(-1, 7, '5', now)]).toEqual(['good', 'first'])
  })

  test('says the same of a message that is handled again', () => {
    const pace = createPace({ burst: 1, perMinute: 1 })
    expect([pace(-1, 7, '1', 0), pace(-1, 7, '2', 0), pace(-1, 7, '1', 0), pace(-1, 7, '2', 0)]).toEqual([
      'good',
      'first',
      'good',
      'first',
    ])
  })

  test('counts when people wrote, not when it is handled', () => {
    const pace = createPace({ burst: 2, perMinute: 1 })
    expect([0, 1, 2, 3, 4].map((minute) => pace(-1, 7, `${minute}`, minute * 60_000))).toEqual([
      'good',
      'good',
      'good',
      'good',
      'good',
    ])
  })

  test('judges each edition of a message anew, and tells a person once all the same', () => {
    const pace = createPace({ burst: 1, perMinute: 1 })
    expect([
      pace(-1, 7, '1:0', 0),
      pace(-1, 7, '2:0', 0),
      pace(-1, 7, '2:5', 5000),
      pace(-1, 7, '2:70', 70_000),
    ]).toEqual(['good', 'first', 'again', 'good'])
  })

  test('remembers a bounded number of people', () => {
    const pace = createPace({ burst: 1, perMinute: 1 })
    for (let person = 0; person < 10_050; person += 1) pace(-1, person, '1', 0)
    // Forgotten, so it may ask again; the latest are not.
    expect([pace(-1, 0, '2', 0), pace(-1, 10_049, '2', 0)]).toEqual(['good', 'first'])
  })
})
