import { expect, test } from 'vitest'
import { barPlot } from '../../src/evaluation/plot.ts'

const widths = (svg: string) =>
  [...svg.matchAll(/<rect x="190" y="[\d.]+" width="(?<width>[\d.]+)"/gu)]
    .map((match) => Number(match.groups?.width))
    .slice(1)

test('barPlot() draws a bar for each value, as long as its share', () => {
  const svg = barPlot(
    'Title',
    ['one', 'two'],
    [
      { name: 'first', values: [1, 0.5] },
      { name: 'second', values: [0, undefined] },
    ],
  )
  const [full, half, none, ...rest] = widths(svg)
  expect(rest).toEqual([])
  expect(half).toBeCloseTo((full as number) / 2, 0)
  expect(none).toBe(0)
})

test('barPlot() escapes names', () => {
  expect(barPlot('a & b', ['<s>'], [{ name: 'x < y', values: [0.5] }])).toMatch(
    /a &amp; b[\s\S]*&lt;s>[\s\S]*x &lt; y/u,
  )
})
