import { getSystemErrorName } from 'node:util'
import { CorpusError } from '../memorandum/markdown.ts'
import { EncoderError } from '../retrieval/encoder.ts'
import { StateError } from '../state/store.ts'
import { type CallError, isCallError } from '../telegram/errors.ts'
import { ListenError } from '../updates/listen.ts'
import { faultText } from './fault.ts'

/** Errors whose message says what to do. */
const isTold = (error: unknown): error is Error =>
  error instanceof CorpusError ||
  error instanceof EncoderError ||
  error instanceof StateError ||
  error instanceof ListenError

/** What an operator does about an error of the system with a path. */
const remedies: Readonly<Record<string, string>> = {
  EACCES: 'it is not allowed. Give it to the user of the service, or name another place',
  EPERM: 'it is not allowed. Give it to the user of the service, or name another place',
  EROFS: 'it can only be read. Name a place that can be written to',
  ENOTDIR: 'a file stands where a folder is needed. Move it away, or name another place',
  EEXIST: 'a file stands where a folder is needed. Move it away, or name another place',
  EISDIR: 'a folder stands where a file is needed. Move it away, or name another place',
  ENOENT: 'it is not there and cannot be made. Name another place',
  ENOSPC: 'the disk is full. Free at least 200 MB',
  EDQUOT: 'the quota is used up. Free at least 200 MB',
  EFBIG: 'no larger file is allowed. Raise the limit (ulimit -f)',
  EMFILE: 'too many files are open. Raise the limit (ulimit -n)',
  ENFILE: 'too many files are open on this machine',
}

/**
 * Why the service cannot start or go on, and what to do: one line without secrets. What nobody foresaw is named as a
 * fault of the program, with the place in it.
 */
export function describeFailure(error: unknown, secrets: readonly string[] = []): string {
  let line = sentence(error)
  for (const secret of secrets) if (secret !== '') line = line.replaceAll(secret, '…')
  return line.replaceAll(/\s*[\r\n]+\s*/gu, ' ').trim()
}

function sentence(error: unknown): string {
  if (isCallError(error)) return refusal(error)
  if (isTold(error)) return error.message
  const code = codeOf(error)
  const remedy = code === undefined ? undefined : remedies[code]
  if (remedy !== undefined) return `Cannot use ${pathIn(error) ?? 'the disk'}: ${remedy}`
  return faultText(error)
}

function refusal(error: CallError): string {
  if (error.kind === 'unauthorized')
    return 'Telegram does not accept BOT_TOKEN: it was mistyped or revoked. Get the current one from @BotFather (/mybots, API Token)'
  if (error.kind !== 'refused' && error.kind !== 'forbidden') return `Telegram cannot be used: ${error.message}`
  if (error.method === 'setWebhook')
    return `Telegram refuses the webhook: ${error.description}. Check WEBHOOK_URL: https, port 443, 80, 88 or 8443, a public name with a valid certificate`
  if (error.kind === 'refused' && error.code === 404)
    return 'Telegram knows no such bot (404): check BOT_TOKEN, and that TELEGRAM_API_ROOT is a Bot API server'
  return `Telegram refuses this bot: ${error.message}. Check BOT_TOKEN and TELEGRAM_API_ROOT`
}

/** `ENOSPC`; LMDB gives the system's number instead. */
function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined
  const { code } = error
  if (typeof code === 'string') return /^[A-Z][A-Z0-9_]*$/u.test(code) ? code : undefined
  if (typeof code !== 'number' || code <= 0 || code > 200) return undefined
  return getSystemErrorName(-code)
}

const pathIn = (error: unknown): string | undefined =>
  typeof error === 'object' && error !== null && 'path' in error && typeof error.path === 'string'
    ? error.path
    : undefined
