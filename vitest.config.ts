import { defineConfig } from 'vitest/config'

// Native packages fail when a second thread of one process loads them, so tests run in processes. Their files share
// them: packages, encoder and index are loaded once for all files and not once for each. No module keeps what a test
// changed, and importing one does nothing, so files do not see each other. The times are for machines that do much else.
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    pool: 'forks',
    isolate: false,
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    restoreMocks: true,
    provide: { cases: 'some' },
    // `npm run coverage`. What runs in processes of its own (main.ts, and scripts that tests start) is not seen.
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts'],
      reporter: ['text-summary'],
      thresholds: { lines: 93 },
    },
  },
})
