import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ExpectStatic, test } from 'vitest'
import { seededRandom } from '../standin/random.ts'
import { hasRedis, startRedis } from '../state/redis.ts'
import { type Home, surviveKills } from './kills.ts'
import { grepFolder } from './secrets.ts'

async function check(home: Home, expect: ExpectStatic): Promise<void> {
  const { tally, output, token } = await surviveKills(home, 2, seededRandom(7))
  expect(tally.asked).toBeGreaterThan(50)
  expect({ ...tally, asked: 0, doubledBefore: 0 }).toEqual({
    asked: 0,
    lost: [],
    doubledAfterRecord: [],
    doubledBefore: 0,
    outOfOrder: [],
  })
  // A kill can fall between Telegram's acceptance and the record: at most once for each chat that was being answered.
  expect(tally.doubledBefore).toBeLessThanOrEqual(2 * 12)
  expect(output).not.toContain(token)
  expect(output).not.toContain('四川')
  expect(await grepFolder(home.folder, [token, '四川'])).toEqual([])
}

test.concurrent('two kills at random moments lose no question and repeat no recorded answer (embedded)', async ({
  expect,
}) => {
  const folder = await mkdtemp(join(tmpdir(), 'kills-'))
  await check({ url: undefined, folder }, expect)
  await rm(folder, { recursive: true })
})

test
  .skipIf(!hasRedis)
  .concurrent(
    'two kills at random moments lose no question and repeat no recorded answer (shared)',
    async ({ expect }) => {
      const redis = await startRedis()
      await check({ url: redis.url, folder: redis.folder }, expect)
      await redis.remove()
    },
  )
