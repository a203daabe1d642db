/** Label names and values of one sample: `{ method: 'sendMessage' }`. Values come from the code, never from people. */
export type Labels = Readonly<Record<string, string>>

interface Metric {
  readonly name: string
  readonly type: 'counter' | 'gauge' | 'histogram'
  readonly help: string
  lines(): Promise<readonly string[]> | readonly string[]
}

export interface Counter {
  add(labels?: Labels, by?: number): void
}

export interface Histogram {
  observe(value: number, labels?: Labels): void
}

/**
 * Numbers of the service in the text format of Prometheus (version 0.0.4). Own code: a few dozen lines spare a
 * dependency.
 */
export interface Metrics {
  /** Only rises. The name ends with `_total`. */
  counter(name: string, help: string): Counter
  /** Read when asked for; a reading that rejects is left out. */
  gauge(name: string, help: string, read: () => number | Promise<number>): void
  /** How many values were at most each of `bounds`, which rise. */
  histogram(name: string, help: string, bounds: readonly number[]): Histogram
  text(): Promise<string>
  /** Name, type and meaning of all, as Markdown. */
  table(): string
}

/** Other label sets than these are counted together: a mistake in the code must not fill the memory. */
const mostSeries = 500

const escapeLabel = (value: string) => value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')

function seriesName(name: string, labels: Labels): string {
  const pairs = Object.entries(labels).map(([label, value]) => `${label}="${escapeLabel(value)}"`)
  return pairs.length === 0 ? name : `${name}{${pairs.join(',')}}`
}

export function createMetrics(): Metrics {
  const metrics = new Map<string, Metric>()

  function register(metric: Metric): void {
    if (!/^[a-z][a-z0-9_]*$/u.test(metric.name) || metrics.has(metric.name))
      throw new TypeError(`Cannot make the metric ${metric.name}: the name is taken or malformed`)
    metrics.set(metric.name, metric)
  }

  return {
    counter(name, help) {
      const counts = new Map<string, number>()
      register({
        name,
        type: 'counter',
        help,
        lines: () => (counts.size === 0 ? [`${name} 0`] : [...counts].map(([series, count]) => `${series} ${count}`)),
      })
      return {
        add(labels = {}, by = 1) {
          const series = seriesName(name, labels)
          const known = counts.has(series) || counts.size < mostSeries ? series : seriesName(name, { other: 'true' })
          counts.set(known, (counts.get(known) ?? 0) + by)
        },
      }
    },
    gauge(name, help, read) {
      register({
        name,
        type: 'gauge',
        help,
        async lines() {
          try {
            return [`${name} ${await read()}`]
          } catch {
            return []
          }
        },
      })
    },
    histogram(name, help, bounds) {
      const all = new Map<string, { readonly labels: Labels; readonly counts: number[]; sum: number; count: number }>()
      register({
        name,
        type: 'histogram',
        help,
        lines: () =>
          [...all.values()].flatMap(({ labels, counts, sum, count }) => [
            ...bounds.map(
              (bound, index) =>
                `${seriesName(`${name}_bucket`, { ...labels, le: String(bound) })} ${counts[index] ?? 0}`,
            ),
            `${seriesName(`${name}_bucket`, { ...labels, le: '+Inf' })} ${count}`,
            `${seriesName(`${name}_sum`, labels)} ${sum}`,
            `${seriesName(`${name}_count`, labels)} ${count}`,
          ]),
      })
      return {
        observe(value, labels = {}) {
          const key = seriesName(name, labels)
          const known = all.has(key) || all.size < mostSeries ? key : 'other'
          const series = all.get(known) ?? {
            labels: known === key ? labels : { other: 'true' },
            counts: bounds.map(() => 0),
            sum: 0,
            count: 0,
          }
          all.set(known, series)
          for (const [index, bound] of bounds.entries())
            if (value <= bound) series.counts[index] = (series.counts[index] ?? 0) + 1
          series.sum += value
          series.count += 1
        },
      }
    },
    async text() {
      const blocks = await Promise.all(
        [...metrics.values()].map(async ({ name, type, help, lines }) =>
          [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...(await lines())].join('\n'),
        ),
      )
      return `${blocks.join('\n')}\n`
    },
    table: () =>
      [
        '| Metric | Type | Meaning |',
        '|---|---|---|',
        ...[...metrics.values()].map(({ name, type, help }) => `| \`${name}\` | ${type} | ${help} |`),
      ].join('\n'),
  }
}
