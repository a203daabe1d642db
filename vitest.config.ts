import { defineConfig } from 'vitest/config'

// Native packages fail when a second thread of one process loads them: every file gets a process.
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // `npm run coverage`. What runs in processes of its own (main.ts, and scripts that tests start) is not seen.
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts'],
      reporter: ['text-summary'],
      thresholds: { lines: 93 },
    },
  },
})
