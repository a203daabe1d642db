import { execFile, spawnSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { describeReason } from '../../src/state/reasons.ts'

/** Linux lets a process have a small disk of its own; containers may forbid it. */
const ownDisk = ['-rm', 'sh', '-c', 'mount -t tmpfs -o size=3m tmpfs "$0" && exec "$@"']
const hasOwnDisk = spawnSync('unshare', [...ownDisk, tmpdir(), 'true']).status === 0
if (!hasOwnDisk) console.warn('\nSKIPPED: the tests of a full disk need unshare(1) and the right to mount a tmpfs\n')

let disk = ''
beforeEach(async () => {
  disk = await mkdtemp(join(tmpdir(), 'disk-'))
})
afterEach(() => rm(disk, { recursive: true }))

/** The lines that `full-disk-process.ts` says, and everything that it or LMDB writes beside them. */
const run = () =>
  new Promise<{ readonly lines: readonly unknown[]; readonly beside: string }>((resolve) => {
    const command = [process.execPath, '--import', 'tsx', 'test/embedded/full-disk-process.ts', disk]
    execFile('unshare', [...ownDisk, disk, ...command], (_error, stdout, stderr) =>
      resolve({
        lines: stdout
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line)),
        beside: stderr,
      }),
    )
  })

test.skipIf(!hasOwnDisk)(
  'a full disk refuses new things with the reason, lets others be done with, and recovers',
  {
    timeout: 60_000,
  },
  async () => {
    const { lines, beside } = await run()
    const full = 'away: no space'
    const readOnly = describeReason('read-only file system')
    expect(lines).toEqual([
      ['fresh', 'done', 'done'],
      ['log', 'store away', 'no space'],
      ['full', full, full],
      ['under way', 'done'],
      ['under way', 'done'],
      ['all at once', [full, 'done']],
      ['space again', 'done', 'done'],
      ['long values', full, full],
      ['space again', 'done'],
      ['read-only', 'away: read-only file system', `refused: Cannot write DISK/copy.lmdb: ${readOnly}`],
      ['read-only', 'done'],
      ['read-only', 'away: read-only file system'],
      ['writable', 'done', 'done'],
      ['started on a full disk', 'done', 'done'],
      ['first start on a full disk', full],
      ['end'],
    ])
    expect(beside).toBe('')
  },
)
