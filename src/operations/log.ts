import pino from 'pino'

/** One thing that happened: a name, and numbers, kinds and hashed ids; never what people write, never the token. */
export type LogEvent = { readonly event: string }

/** Events that an operator should look at. */
const graver: Readonly<Record<string, 'warn' | 'error'>> = {
  'call failed': 'error',
  'handling failed': 'error',
  'poll failed': 'warn',
  'updates not taken': 'error',
  'call repeated': 'warn',
  'menu failed': 'warn',
  ended: 'error',
  'start failed': 'warn',
  'poll silent': 'warn',
  'update put back': 'warn',
  'update given up': 'error',
  'store away': 'error',
  'store still away': 'error',
  'state left alone': 'warn',
  'updates of another token': 'warn',
}
/** Events that only somebody who looks for a fault wants. */
const finer = new Set(['call answered', 'handled', 'update handled'])

/** Writes events as JSON lines to standard output. */
export function createLog(level: 'debug' | 'info' | 'warn' | 'error'): (event: LogEvent) => void {
  const logger = pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime })
  // A request that we ended ourselves is no failure.
  const isOurs = (event: LogEvent) => 'kind' in event && event.kind === 'stopped'
  return (event) => logger[finer.has(event.event) || isOurs(event) ? 'debug' : (graver[event.event] ?? 'info')](event)
}
