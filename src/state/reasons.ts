import { getSystemErrorName } from 'node:util'

/** Why a home does not take what it is given, in words, with what to do. The words of Redis stand as Redis says them. */
const reasons = {
  'no space': 'there is no space left on the disk. Free some',
  'quota used up': 'the quota of disk space is used up. Raise it',
  'file too large': 'the limit on the size of a file is reached. Raise it (ulimit -f)',
  'read-only file system': 'the file system is read-only. Mount it writable',
  'not permitted':
    'the folder or a file in it may not be written to. Give them to the user that the service runs as (chown)',
  'no folder': 'there is no such folder, or something that is no folder stands in its place. Check DATA',
  'file gone': 'the file was removed or replaced while in use. Restart the service',
  'input or output error': 'the disk reports an error. Look into the log of the system (dmesg)',
  'out of memory': 'the system gave no memory. Free some',
  'too many open files': 'the limit on open files is reached. Raise it (ulimit -n)',
  'connection refused': 'nothing listens there. Check that Redis runs and that STATE_URL names its host and port',
  'connection lost':
    'Redis closed the connection. Check that it runs, and that STATE_URL says rediss:// if it wants TLS',
  'no answer': 'Redis does not answer. Check that it runs, and that STATE_URL is right',
  'no such host': 'the name of the host is unknown. Check STATE_URL and the name server',
  'no route': 'the host cannot be reached. Check STATE_URL and the network',
  'no TLS': 'no secure connection. Check the certificate of Redis, and whether STATE_URL should say redis://',
  'no such database':
    'Redis has no database of this number. Take a lower one at the end of STATE_URL, or raise "databases"',
  OOM: 'Redis refuses with OOM, its memory is full. Raise "maxmemory"',
  READONLY: 'Redis refuses with READONLY, it is a replica. Let STATE_URL name the primary',
  MISCONF: 'Redis refuses with MISCONF, it cannot write to its disk. Look into the log of Redis',
  LOADING: 'Redis refuses with LOADING, it still reads its data. It takes the state when it is done',
  NOAUTH: 'Redis refuses with NOAUTH, it wants a password. Put it into STATE_URL: redis://:password@host:6379',
  WRONGPASS: 'Redis refuses with WRONGPASS, name and password do not fit. Check STATE_URL',
  NOPERM: 'Redis refuses with NOPERM, this user may not do all that is needed. Allow it ~memoranda:* +@all',
  NOREPLICAS: 'Redis refuses with NOREPLICAS, too few replicas are connected to it. Look into the log of Redis',
  BUSY: 'Redis refuses with BUSY, it is held up by a script. Look into the log of Redis',
  MASTERDOWN: 'Redis refuses with MASTERDOWN, it has lost its primary. Let STATE_URL name the primary',
  CLUSTERDOWN: 'Redis refuses with CLUSTERDOWN. A cluster is not served: let STATE_URL name a single Redis',
  MOVED: 'Redis refuses with MOVED. A cluster is not served: let STATE_URL name a single Redis',
  WRONGTYPE: 'Redis refuses with WRONGTYPE, something else uses keys that begin with memoranda:. Take another database',
  closed: 'it is closed',
  unknown: 'for a reason that is not known here. Look into the log of the system, or of Redis',
} as const

/** One word or phrase for the log and for programs. */
export type AwayReason = keyof typeof reasons

/** What is wrong and what to do: `there is no space left on the disk. Free some`. */
export const describeReason = (reason: AwayReason): string => reasons[reason]

const systemErrors: Readonly<Record<string, AwayReason>> = {
  ENOSPC: 'no space',
  EDQUOT: 'quota used up',
  EFBIG: 'file too large',
  EROFS: 'read-only file system',
  EACCES: 'not permitted',
  EPERM: 'not permitted',
  ENOENT: 'no folder',
  ENOTDIR: 'no folder',
  EEXIST: 'no folder',
  EISDIR: 'no folder',
  ESTALE: 'file gone',
  EIO: 'input or output error',
  ENOMEM: 'out of memory',
  EMFILE: 'too many open files',
  ENFILE: 'too many open files',
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection lost',
  EPIPE: 'connection lost',
  ETIMEDOUT: 'no answer',
  ENOTFOUND: 'no such host',
  EAI_AGAIN: 'no such host',
  EHOSTUNREACH: 'no route',
  ENETUNREACH: 'no route',
  EPROTO: 'no TLS',
}

/** What OpenSSL calls a certificate that it does not accept. */
const isOfTls = /^(?:ERR_(?:TLS|SSL)|CERT_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|HOSTNAME_MISMATCH|INVALID_CA)/u

/** The reason in an error of the system, the network, TLS or LMDB, whose errors carry the system's number. */
export function reasonOfSystem(error: unknown): AwayReason {
  const { code } = (error ?? {}) as { readonly code?: unknown }
  if (typeof code === 'number' && code > 0) return systemErrors[getSystemErrorName(-code)] ?? 'unknown'
  if (typeof code !== 'string') return 'unknown'
  return isOfTls.test(code) ? 'no TLS' : (systemErrors[code] ?? 'unknown')
}

const errorOfRedis = /^(?<word>[A-Z]{3,20})\b/u // OOM command not allowed when used memory > 'maxmemory'.

/** The reason in what Redis, or the connection to it, answered; undefined where that says nothing. */
export function reasonOfRedis(error: unknown): AwayReason | undefined {
  const text = error instanceof Error ? error.message : ''
  const word = errorOfRedis.exec(text)?.groups?.word
  if (word !== undefined && word !== 'ERR' && Object.hasOwn(reasons, word)) return word as AwayReason
  if (/^ERR (?:DB index is out of range|invalid DB index)/u.test(text)) return 'no such database'
  if (text.startsWith('Command timed out') || text.startsWith('connect ETIMEDOUT')) return 'no answer'
  if (/^(?:Connection is closed|Stream isn't writeable)/u.test(text)) return 'connection lost'
  const reason = reasonOfSystem(error)
  return reason === 'unknown' ? undefined : reason
}

/** These do not pass by themselves: waiting for them at a start is in vain. */
const lasting: ReadonlySet<AwayReason> = new Set([
  'no such database',
  'NOAUTH',
  'WRONGPASS',
  'NOPERM',
  'READONLY',
  'WRONGTYPE',
  'MOVED',
])
export const lasts = (reason: AwayReason): boolean => lasting.has(reason)
