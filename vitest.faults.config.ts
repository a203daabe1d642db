import { defineConfig } from 'vitest/config'

// The long fault suites, one after the other: they measure, and load the machine.
export default defineConfig({
  test: {
    include: ['test/faults/**/*.faults.ts'],
    pool: 'forks',
    maxWorkers: 1,
    testTimeout: 2_400_000,
    hookTimeout: 60_000,
  },
})
