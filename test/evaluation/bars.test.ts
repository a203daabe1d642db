import { describe, expect, test } from 'vitest'
import { type Bar, barTable, isKept } from '../../src/evaluation/bars.ts'
import { growthOf, leastProcessorTime } from '../../src/evaluation/processor-time.ts'

const bar = (measured: number, most = 15): Bar => ({ what: 'a question', measured, most, unit: 'ms' })

describe('isKept()', () => {
  test('holds up to the bar itself, not beyond it, and not for what could not be measured', () => {
    expect([14.9, 15, 15.1, Number.NaN, Number.POSITIVE_INFINITY].map((measured) => isKept(bar(measured)))).toEqual([
      true,
      true,
      false,
      false,
      false,
    ])
  })
})

describe('barTable()', () => {
  test('gives a line for each figure with its bar, and names what is broken', () => {
    expect(barTable([bar(3.456), { what: 'growth', measured: 3, most: 2.5, unit: 'times' }])).toBe(
      [
        '            measured      bar',
        'a question      3.46       15 ms',
        'growth          3.00      2.5 times  BROKEN',
      ].join('\n'),
    )
  })
})

describe('growthOf()', () => {
  test('gives the work a text whole and in eight pieces, the same letters both times', async () => {
    const seen: string[] = []
    await growthOf((text) => seen.push(text), 'abcdefghijklmnopqrstuvwxyz')
    const whole = seen.filter((text) => text.length === 26)
    const pieces = seen.filter((text) => text.length < 26)
    expect(pieces).toHaveLength(8 * whole.length)
    expect(pieces.slice(0, 8).join('')).toBe('abcdefghijklmnopqrstuvwxyz')
  })
})

test('leastProcessorTime() does the work as often as told, one time after the other', async () => {
  let [running, most, done] = [0, 0, 0]
  const least = await leastProcessorTime(async () => {
    running += 1
    most = Math.max(most, running)
    await Promise.resolve()
    running -= 1
    done += 1
  }, 4)
  expect([most, done]).toEqual([1, 4])
  expect(least).toBeGreaterThanOrEqual(0)
})
