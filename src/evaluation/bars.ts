/** A measured figure and the most that it may be. */
export type Bar = {
  readonly what: string
  readonly measured: number
  readonly most: number
  /** Milliseconds, or how many times as much as something measured beside it. */
  readonly unit: 'ms' | 'times'
}

/** Whether a figure keeps to its bar; what could not be measured (NaN) does not. */
export const isKept = ({ measured, most }: Bar): boolean => measured <= most

/** One line for each bar: the figure, the bar, and whether it is broken. */
export function barTable(bars: readonly Bar[]): string {
  const width = Math.max(0, ...bars.map(({ what }) => what.length))
  return [
    `${''.padEnd(width)}  measured      bar`,
    ...bars.map((bar) => {
      const [measured, most] = [bar.measured.toFixed(2), String(bar.most)]
      return `${bar.what.padEnd(width)}  ${measured.padStart(8)} ${most.padStart(8)} ${bar.unit}${isKept(bar) ? '' : '  BROKEN'}`
    }),
  ].join('\n')
}
