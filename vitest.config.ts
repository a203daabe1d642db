import { defineConfig } from 'vitest/config'

// Native packages fail when a second thread of one process loads them: every file gets a process.
export default defineConfig({
  test: { include: ['test/**/*.test.ts'], pool: 'forks', maxWorkers: 2, testTimeout: 30_000, hookTimeout: 60_000 },
})
