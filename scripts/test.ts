import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'

const help = `Usage: npm test [-- PATTERN...]

Checks everything: format and lint, types, then the tests (all, or the files that match a pattern).
The last line says how many tests passed and failed; format and lint count as one, types as one.
With CI=true all tests are run under the floor of coverage of vitest.config.ts, and none is skipped for want of Redis.

Exit codes: 0 all passed, 1 something failed`

const report = z.object({
  numPassedTests: z.int(),
  numFailedTests: z.int(),
  numPendingTests: z.int(),
  numTodoTests: z.int(),
  numFailedTestSuites: z.int(),
  success: z.boolean(),
})

function run(command: string, args: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: 'inherit', env: { ...process.env, NO_UPDATE_NOTIFIER: '1' } })
    child.on('error', reject)
    child.on('exit', (code) => resolve(code ?? 1))
  })
}

const patterns = process.argv.slice(2)
if (patterns.includes('--help')) {
  console.log(help)
} else {
  const bin = (name: string) => join('node_modules', '.bin', name)
  let passed = 0
  let failed = 0
  const steps: readonly (readonly [string, string, readonly string[]])[] = [
    ['format and lint', bin('biome'), ['check', '--error-on-warnings', '.']],
    ['types', bin('tsc'), ['--noEmit']],
  ]
  for (const [name, command, args] of steps) {
    console.log(`\n${name}`)
    if ((await run(command, args)) === 0) passed += 1
    else failed += 1
  }
  const folder = await mkdtemp(join(tmpdir(), 'report-'))
  const file = join(folder, 'report.json')
  console.log('\ntests')
  const code = await run(bin('vitest'), [
    'run',
    '--reporter=dot',
    '--reporter=json',
    `--outputFile.json=${file}`,
    ...(process.env.CI === 'true' && patterns.length === 0 ? ['--coverage'] : []),
    ...patterns,
  ])
  const read = report.safeParse(await readFile(file, 'utf8').then(JSON.parse, () => undefined))
  await rm(folder, { recursive: true, force: true })
  let skipped = 0
  if (read.success) {
    passed += read.data.numPassedTests
    failed += read.data.numFailedTests
    skipped = read.data.numPendingTests + read.data.numTodoTests
    // A file that cannot be loaded holds no failed test and is a failure all the same.
    if (code !== 0 && read.data.numFailedTests === 0) failed += Math.max(1, read.data.numFailedTestSuites)
  } else failed += 1
  console.log(`\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`)
  process.exitCode = failed > 0 ? 1 : 0
}
