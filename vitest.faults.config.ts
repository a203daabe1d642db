import { defineConfig } from 'vitest/config'

/** Laws that "npm test" tries on some cases: here on all of them. */
const laws = ['bot/hostile', 'quotes/quote', 'references/references', 'retrieval/index-folder', 'screens/screens'].map(
  (name) => `test/${name}.test.ts`,
)

// The long suites, one after the other: they measure, and load the machine.
export default defineConfig({
  test: {
    include: [...laws, 'test/faults/**/*.faults.ts'],
    pool: 'forks',
    maxWorkers: 1,
    testTimeout: 2_400_000,
    hookTimeout: 120_000,
    provide: { cases: 'all' },
  },
})
