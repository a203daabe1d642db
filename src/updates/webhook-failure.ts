import type { Result } from '../telegram/methods.ts'

export type WebhookInfo = Result<'getWebhookInfo'>

/** What Telegram met when it tried to deliver, by its own words, which may quote addresses and go no further. */
export interface WebhookFailure {
  readonly what:
    | 'another path'
    | 'secret refused'
    | 'redirected'
    | 'refused'
    | 'not taken'
    | 'certificate'
    | 'no answer in time'
    | 'unknown host'
    | 'no connection'
    | 'other'
  /** Unix time of the last failure, in seconds. */
  readonly at: number
  readonly todo: string
}

const todos: Readonly<Record<WebhookFailure['what'], string>> = {
  'another path': 'what answers at WEBHOOK_URL knows no such path (404): a proxy must hand it on to PORT as it is',
  'secret refused':
    'the secret is refused (401): another process set the webhook, or a proxy drops X-Telegram-Bot-Api-Secret-Token',
  redirected: 'WEBHOOK_URL is redirected: name the address that it leads to',
  refused: 'what answers at WEBHOOK_URL refuses the request: check the proxy before this service',
  'not taken': 'the proxy does not reach this service, or the service could not store the update: see its log',
  certificate: 'Telegram does not accept the certificate of WEBHOOK_URL: renew it, with the whole chain',
  'no answer in time': 'WEBHOOK_URL does not answer in time: check the firewall, and that it leads to this machine',
  'unknown host': 'the host of WEBHOOK_URL is not known: check its name',
  'no connection': 'WEBHOOK_URL takes no connection: check the proxy, the firewall, and that this service runs',
  other: 'check that WEBHOOK_URL leads to this service from outside, with a valid certificate',
}

/** In the order in which they are tried. */
const patterns: readonly (readonly [RegExp, WebhookFailure['what']])[] = [
  // Wrong response from the webhook: 404 Not Found
  [/webhook: (?:404|405)\b/iu, 'another path'],
  [/webhook: 401\b/iu, 'secret refused'],
  [/webhook: 3\d\d\b/iu, 'redirected'],
  [/webhook: 4\d\d\b/iu, 'refused'],
  [/webhook: 5\d\d\b/iu, 'not taken'],
  [/certificate|ssl/iu, 'certificate'],
  [/time(?:d )?-?out/iu, 'no answer in time'],
  [/resolve|hostname|host not found/iu, 'unknown host'],
  [/connect/iu, 'no connection'],
]

/** The last failure of a webhook; undefined when there was none. */
export function failureIn({ last_error_date: at, last_error_message: said }: WebhookInfo): WebhookFailure | undefined {
  if (at === undefined) return undefined
  const what = patterns.find(([pattern]) => pattern.test(said ?? ''))?.[1] ?? 'other'
  return { what, at, todo: todos[what] }
}
