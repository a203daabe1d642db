import { expect, test } from 'vitest'
import { describeReason, lasts, reasonOfRedis, reasonOfSystem } from '../../src/state/reasons.ts'
import { away, isAway } from '../../src/state/store.ts'

const coded = (code: unknown) => Object.assign(new Error('with what was written'), { code })

test.each([
  [28, 'no space'], // ENOSPC as LMDB gives it
  ['ENOSPC', 'no space'],
  ['EDQUOT', 'quota used up'],
  ['EFBIG', 'file too large'],
  ['EROFS', 'read-only file system'],
  [30, 'read-only file system'],
  ['EACCES', 'not permitted'],
  ['EIO', 'input or output error'],
  ['ECONNREFUSED', 'connection refused'],
  ['ENOTFOUND', 'no such host'],
  ['EAI_AGAIN', 'no such host'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'no TLS'],
  ['CERT_HAS_EXPIRED', 'no TLS'],
  ['ERR_SSL_WRONG_VERSION_NUMBER', 'no TLS'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'no TLS'],
  [-30_792, 'unknown'], // MDB_MAP_FULL
  [undefined, 'unknown'],
])('reasonOfSystem() of %s is %s', (code, reason) => {
  expect(reasonOfSystem(coded(code))).toBe(reason)
})

test.each([
  ["OOM command not allowed when used memory > 'maxmemory'.", 'OOM'],
  ["READONLY You can't write against a read only replica.", 'READONLY'],
  ['NOAUTH Authentication required.', 'NOAUTH'],
  ['WRONGPASS invalid username-password pair or user is disabled.', 'WRONGPASS'],
  ['NOPERM this user has no permissions to run the evalsha command', 'NOPERM'],
  ['LOADING Redis is loading the dataset in memory', 'LOADING'],
  ['MISCONF Redis is configured to save RDB snapshots, but it is unable to persist on disk.', 'MISCONF'],
  ['ERR DB index is out of range', 'no such database'],
  ['Command timed out', 'no answer'],
  ['Connection is closed.', 'connection lost'],
  ['ERR something new', undefined],
  ['NEVERHEARD of this', undefined],
])('reasonOfRedis() of "%s" is %s', (text, reason) => {
  expect(reasonOfRedis(new Error(text))).toBe(reason)
})

test('only what does not pass by itself lasts', () => {
  expect((['NOAUTH', 'WRONGPASS', 'no such database', 'READONLY'] as const).every(lasts)).toBe(true)
  expect((['LOADING', 'OOM', 'connection refused', 'no such host', 'no space'] as const).some(lasts)).toBe(false)
})

test('away() says what is wrong and what to do, and carries the reason', () => {
  const error = away('write the state', 'OOM')
  expect(isAway(error)).toBe(true)
  expect(error.reason).toBe('OOM')
  expect(error.message).toBe(`Cannot write the state: ${describeReason('OOM')}`)
  expect(error.message).toContain('maxmemory')
})
