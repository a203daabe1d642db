const width = 560
const height = 400
const margin = { left: 64, right: 20, top: 34, bottom: 52 }

const frame = (
  title: string,
  x: string,
  y: string,
  body: string,
) => `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="sans-serif" font-size="12">
<rect width="${width}" height="${height}" fill="#fff"/>
<text x="${width / 2}" y="20" text-anchor="middle" font-size="14">${title}</text>
<text x="${width / 2}" y="${height - 12}" text-anchor="middle">${x}</text>
<text x="16" y="${height / 2}" text-anchor="middle" transform="rotate(-90 16 ${height / 2})">${y}</text>
${body}
</svg>
`

const at = (share: number, from: number, to: number) => Math.round((from + share * (to - from)) * 10) / 10
const xOf = (share: number) => at(share, margin.left, width - margin.right)
const yOf = (share: number) => at(share, height - margin.bottom, margin.top)

function grid(shares: readonly number[]): string {
  return shares
    .map(
      (share) =>
        `<path d="M${xOf(0)} ${yOf(share)}H${xOf(1)}M${xOf(share)} ${yOf(0)}V${yOf(1)}" stroke="#ddd"/><text x="${xOf(0) - 6}" y="${yOf(share) + 4}" text-anchor="end">${share}</text><text x="${xOf(share)}" y="${yOf(0) + 16}" text-anchor="middle">${share}</text>`,
    )
    .join('\n')
}

/**
 * Share of unanswerable questions refused against share of answerable ones refused, for every threshold; the chosen one
 * is marked.
 */
export function curvePlot(scores: readonly number[], labels: readonly (0 | 1)[], threshold: number): string {
  const share = (label: 0 | 1, limit: number) => {
    const chosen = scores.filter((_, index) => labels[index] === label)
    return chosen.filter((score) => score < limit).length / chosen.length
  }
  const limits = [...new Set(scores)].sort((a, b) => a - b)
  const points = [...limits, Number.POSITIVE_INFINITY].map((limit) => `${xOf(share(1, limit))},${yOf(share(0, limit))}`)
  const chosen: readonly [number, number] = [share(1, threshold), share(0, threshold)]
  return frame(
    'Refusal, cross-validated',
    'answerable questions refused',
    'unanswerable questions refused',
    `${grid([0, 0.2, 0.4, 0.6, 0.8, 1])}
<polyline points="${[`${xOf(0)},${yOf(0)}`, ...points].join(' ')}" fill="none" stroke="#1f6feb" stroke-width="2"/>
<circle cx="${xOf(chosen[0])}" cy="${yOf(chosen[1])}" r="5" fill="#d1242f"/>
<text x="${xOf(chosen[0]) + 10}" y="${yOf(chosen[1]) + 16}">${(chosen[1] * 100).toFixed(1)} % at ${(chosen[0] * 100).toFixed(1)} %</text>`,
  )
}

const colours = ['#1f6feb', '#2da44e', '#bf8700', '#d1242f']
const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')

/** One row of bars: a name, and a share from 0 to 1 for each series; `undefined` where it does not apply. */
export type BarRow = { readonly name: string; readonly values: readonly (number | undefined)[] }

/** Horizontal bars of shares, one group a row, one colour a series. */
export function barPlot(title: string, series: readonly string[], rows: readonly BarRow[]): string {
  const left = 190
  const bar = 11
  const group = series.length * bar + 12
  const top = 62
  const tall = top + rows.length * group + 34
  const x = (share: number) => at(share, left, width - 48)
  const legend = series.map(
    (name, i) =>
      `<rect x="${left + i * 110}" y="34" width="10" height="10" fill="${colours[i % colours.length]}"/><text x="${left + 14 + i * 110}" y="43">${escaped(name)}</text>`,
  )
  const lines = [0, 0.25, 0.5, 0.75, 1].map(
    (share) =>
      `<path d="M${x(share)} ${top - 4}V${tall - 26}" stroke="#ddd"/><text x="${x(share)}" y="${tall - 10}" text-anchor="middle">${share}</text>`,
  )
  const bars = rows.flatMap(({ name, values }, row) => {
    const y = top + row * group
    return [
      `<text x="${left - 8}" y="${y + (series.length * bar) / 2 + 4}" text-anchor="end">${escaped(name)}</text>`,
      ...values.map((value, i) =>
        value === undefined
          ? ''
          : `<rect x="${left}" y="${y + i * bar}" width="${Math.round((x(value) - left) * 10) / 10}" height="${bar - 1}" fill="${colours[i % colours.length]}"/><text x="${x(value) + 4}" y="${y + i * bar + 9}" font-size="10">${value.toFixed(3)}</text>`,
      ),
    ]
  })
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${tall}" font-family="sans-serif" font-size="12">
<rect width="${width}" height="${tall}" fill="#fff"/>
<text x="${width / 2}" y="20" text-anchor="middle" font-size="14">${escaped(title)}</text>
${[...legend, ...lines, ...bars].filter((line) => line !== '').join('\n')}
</svg>
`
}
