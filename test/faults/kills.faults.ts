import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { seededRandom } from '../standin/random.ts'
import { hasRedis, startRedis } from '../state/redis.ts'
import { type Home, surviveKills } from './kills.ts'
import { grepFolder } from './secrets.ts'

const kills = 50

async function check(home: Home): Promise<void> {
  const { tally, output, token } = await surviveKills(home, kills, seededRandom(20261121))
  const { asked, lost, doubledAfterRecord, doubledBefore, outOfOrder } = tally
  console.log(
    `${kills} kills, ${asked} questions: lost ${lost.length}, sent again although recorded ${doubledAfterRecord.length}, sent again before the record ${doubledBefore}`,
  )
  expect(asked).toBeGreaterThan(1000)
  expect({ lost, doubledAfterRecord, outOfOrder }).toEqual({ lost: [], doubledAfterRecord: [], outOfOrder: [] })
  expect(doubledBefore).toBeLessThanOrEqual(kills * 12)
  expect(output).not.toContain(token)
  expect(output).not.toContain('四川')
  expect(await grepFolder(home.folder, [token, '四川'])).toEqual([])
}

test('fifty kills at random moments lose no question and repeat no recorded answer (embedded)', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'kills-'))
  await check({ url: undefined, folder })
  await rm(folder, { recursive: true })
})

test.skipIf(!hasRedis)(
  'fifty kills at random moments lose no question and repeat no recorded answer (shared)',
  async () => {
    const redis = await startRedis()
    await check({ url: redis.url, folder: redis.folder })
    await redis.remove()
  },
)
