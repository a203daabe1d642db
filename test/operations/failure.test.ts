import { describe, expect, test } from 'vitest'
import { CorpusError } from '../../src/memorandum/markdown.ts'
import { describeFailure } from '../../src/operations/failure.ts'
import { StateError } from '../../src/state/store.ts'
import { FloodedError, RefusedError, UnauthorizedError, UnreachableError } from '../../src/telegram/errors.ts'
import { ListenError } from '../../src/updates/listen.ts'

const withCode = (code: string | number, path?: string) =>
  Object.assign(new Error(`a secret ${code}`), { code, ...(path === undefined ? {} : { path }) })

describe('describeFailure()', () => {
  test.each([
    ['a corpus that cannot be read', new CorpusError('corpus/x.md:3: no'), 'corpus/x.md:3: no'],
    ['state that cannot be read', new StateError('damaged', 'Cannot open x'), 'Cannot open x'],
    ['an address', new ListenError('Cannot listen at x'), 'Cannot listen at x'],
    ['a token', new UnauthorizedError('getMe', 1), 'Telegram does not accept BOT_TOKEN'],
    ['a webhook', new RefusedError('setWebhook', 1, 400, 'other', 'bad webhook'), 'bad webhook. Check WEBHOOK_URL'],
    ['an unknown bot', new RefusedError('getMe', 1, 404, 'other', 'Not Found'), 'TELEGRAM_API_ROOT is a Bot API'],
    ['another refusal', new RefusedError('deleteWebhook', 1, 400, 'other', 'x'), 'Telegram refuses this bot'],
    ['Telegram that is away', new UnreachableError('getMe', 5, 'network', 'none', 'ECONNREFUSED'), 'ECONNREFUSED'],
    ['Telegram that asks to wait', new FloodedError('getMe', 1, 3), 'wait 3 s'],
    ['a folder of others', withCode('EACCES', '/srv/data'), 'Cannot use /srv/data: it is not allowed'],
    ['a file in the way', withCode('ENOTDIR', '/srv/data'), 'a file stands where a folder is needed'],
    ['a mount to read only', withCode('EROFS', '/srv/data'), 'it can only be read'],
    ['a full disk', withCode('ENOSPC'), 'Cannot use the disk: the disk is full'],
    ['a full disk in the words of LMDB', withCode(28), 'Cannot use the disk: the disk is full'],
  ])('names %s and what to do', (_, error, words) => {
    const line = describeFailure(error)
    expect(line).toContain(words)
    expect(line).not.toContain('a secret')
    expect(line).not.toMatch(/\n/u)
  })

  test.each([
    ['an error', new TypeError('a secret\nin two lines')],
    ['an error without a stack', Object.assign(new RangeError('a secret'), { stack: undefined })],
    ['a code that nobody knows', withCode('EWHATEVER')],
    ['no error', 'a secret'],
    ['nothing', undefined],
  ])('names what nobody foresaw as a fault of the program, in one line and without its message: %s', (_, thrown) => {
    const line = describeFailure(thrown)
    expect(line).toMatch(/^Cannot go on.*a fault of the program/u)
    expect(line).not.toContain('a secret')
    expect(line).not.toMatch(/\n/u)
  })

  test('hides what it is told to hide, and joins lines', () => {
    const error = new StateError('away', 'Cannot reach redis://user:s3cret@host\n  at all')
    expect(describeFailure(error, ['', 's3cret'])).toBe('Cannot reach redis://user:…@host at all')
  })
})
