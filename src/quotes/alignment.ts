import type { Reading } from './readings.ts'

/** Cells of one alignment table, and of one between two pins. */
export const tableLimit = 1_000_000
const gapLimit = 100_000

/**
 * Costs of the alignment, in hundredths of a changed letter. Leaving out much costs little more than leaving out one
 * word.
 */
const cost = { change: 100, addOpen: 70, add: 100, dropOpen: 160, drop: 2 } as const

/** One column of an alignment: offsets in the quotation and in the unit, -1 where one of them has nothing. */
export type Column = { readonly a: number; readonly b: number }
export type Alignment = { readonly cost: number; readonly columns: readonly Column[] }
type Stretch = { readonly text: string; readonly from: number; readonly to: number }

/**
 * Best alignment of two stretches with affine gaps (Gotoh 1982). Where an ellipsis stands, letters of the unit are left
 * out at no cost.
 * `free.start` and `free.end`: the unit may go on before and after.
 */
function alignStretches(
  a: Stretch,
  b: Stretch,
  breaks: ReadonlySet<number>,
  free: { readonly start: boolean; readonly end: boolean },
): Alignment {
  const n = a.to - a.from
  const m = b.to - b.from
  const width = m + 1
  const trace = new Uint8Array((n + 1) * width)
  const unit = new Uint16Array(m)
  for (let j = 0; j < m; j += 1) unit[j] = b.text.charCodeAt(b.from + j)
  const never = 1e9
  let above = new Int32Array(width)
  let row = new Int32Array(width)
  const added = new Int32Array(width).fill(never)
  for (let i = 0; i <= n; i += 1) {
    const ellipsisHere = breaks.has(a.from + i)
    const open = ellipsisHere ? 0 : cost.dropOpen + cost.drop
    const extend = ellipsisHere ? 0 : cost.drop
    const letter = i === 0 ? -1 : a.text.charCodeAt(a.from + i - 1)
    let dropped = never
    for (let j = 0; j <= m; j += 1) {
      let best = never
      let from = 0
      if (i === 0) {
        if (j === 0 || free.start) best = 0
      } else if (j > 0) best = (above[j - 1] as number) + (letter === unit[j - 1] ? 0 : cost.change)
      if (j > 0 && !(i === 0 && free.start)) {
        const opened = (row[j - 1] as number) + open
        const extended = dropped + extend
        if (extended < opened) {
          dropped = extended
          from |= 4
        } else dropped = opened
        if (dropped < best) {
          best = dropped
          from = (from & ~3) | 1
        }
      }
      if (i > 0) {
        const opened = (above[j] as number) + cost.addOpen + cost.add
        const extended = (added[j] as number) + cost.add
        if (extended < opened) {
          added[j] = extended
          from |= 8
        } else added[j] = opened
        if ((added[j] as number) < best) {
          best = added[j] as number
          from = (from & ~3) | 2
        }
      }
      row[j] = best
      trace[i * width + j] = from
    }
    ;[above, row] = [row, above]
  }
  let j = m
  if (free.end)
    for (let k = 0; k <= m; k += 1)
      if ((above[k] as number) < (above[j] as number) || (k < j && above[k] === above[j])) j = k
  const total = above[j] as number
  const columns: Column[] = []
  let i = n
  let state: 0 | 1 | 2 = 0
  while (i > 0 || (j > 0 && !free.start)) {
    const cell = trace[i * width + j] as number
    if (state === 0) state = (cell & 3) as 0 | 1 | 2
    if (state === 0) {
      i -= 1
      j -= 1
      columns.push({ a: a.from + i, b: b.from + j })
    } else if (state === 1) {
      if ((cell & 4) === 0) state = 0
      j -= 1
      columns.push({ a: -1, b: b.from + j })
    } else {
      if ((cell & 8) === 0) state = 0
      i -= 1
      columns.push({ a: a.from + i, b: -1 })
    }
  }
  return { cost: total, columns: columns.reverse() }
}

/**
 * Best place of a quotation within a unit. Long texts are first pinned together where 12 letters stand once in each.
 */
export function align(reading: Reading, unit: string): Alignment {
  const a = reading.text
  const breaks = new Set(reading.breaks)
  if (a.length * unit.length <= tableLimit)
    return alignStretches({ text: a, from: 0, to: a.length }, { text: unit, from: 0, to: unit.length }, breaks, {
      start: true,
      end: true,
    })
  const pins = pinsOf(a, unit)
  const columns: Column[] = []
  let sum = 0
  let atA = 0
  let atB = 0
  const gap = (toA: number, toB: number, free: { start: boolean; end: boolean }) => {
    if ((toA - atA + 1) * (toB - atB + 1) <= gapLimit) {
      const part = alignStretches({ text: a, from: atA, to: toA }, { text: unit, from: atB, to: toB }, breaks, free)
      sum += part.cost
      columns.push(...part.columns)
    } else {
      if (!free.start && !free.end) for (let j = atB; j < toB; j += 1) columns.push({ a: -1, b: j })
      for (let i = atA; i < toA; i += 1) columns.push({ a: i, b: -1 })
      sum += cost.addOpen + cost.add * (toA - atA) + cost.dropOpen
    }
  }
  for (const pin of pins) {
    if (pin.a < atA || pin.b < atB) continue
    gap(pin.a, pin.b, { start: columns.length === 0, end: false })
    for (let k = 0; k < pin.length; k += 1) columns.push({ a: pin.a + k, b: pin.b + k })
    atA = pin.a + pin.length
    atB = pin.b + pin.length
  }
  gap(a.length, unit.length, { start: columns.length === 0, end: true })
  return { cost: sum, columns }
}

type Pin = { readonly a: number; readonly b: number; readonly length: number }

/** Stretches that stand once in both texts, ascending in both (longest increasing subsequence, as in patience diff). */
function pinsOf(a: string, b: string): readonly Pin[] {
  const size = 12
  const once = (text: string) => {
    const at = new Map<string, number>()
    for (let i = 0; i + size <= text.length; i += 1) {
      const key = text.slice(i, i + size)
      at.set(key, at.has(key) ? -1 : i)
    }
    return at
  }
  const inB = once(b)
  const pins: Pin[] = []
  for (const [key, i] of once(a)) {
    const j = inB.get(key) ?? -1
    if (i < 0 || j < 0) continue
    const last = pins.at(-1)
    if (last !== undefined && last.b - last.a === j - i && i <= last.a + last.length)
      pins[pins.length - 1] = { ...last, length: i + size - last.a }
    else pins.push({ a: i, b: j, length: size })
  }
  const tails: number[] = []
  const previous: number[] = []
  pins.forEach((pin, index) => {
    let low = 0
    let high = tails.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((pins[tails[middle] ?? 0]?.b ?? 0) < pin.b) low = middle + 1
      else high = middle
    }
    previous.push(low === 0 ? -1 : (tails[low - 1] ?? -1))
    tails[low] = index
  })
  const chosen: Pin[] = []
  for (let at = tails.at(-1) ?? -1; at >= 0; at = previous[at] ?? -1) {
    const pin = pins[at]
    if (pin !== undefined) chosen.push(pin)
  }
  return chosen.reverse()
}
