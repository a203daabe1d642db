import { Context, Telegraf, Telegram } from 'telegraf'
import type { Opts, Telegram as TelegrafMethods, Update, UserFromGetMe } from 'telegraf/types'
import type { User } from './bot-api.ts'
import type { Gateway } from './gateway.ts'
import { isMethod, type MethodName, type Payload } from './methods.ts'

/** Telegraf's `Telegram` with the gateway in place of Telegraf's own client. It has no token. */
class GatewayTelegram extends Telegram {
  readonly #gateway: Gateway

  constructor(gateway: Gateway) {
    super('')
    this.#gateway = gateway
  }

  /**
   * Every method of `Telegram` and `Context` ends here. Telegraf's typings are older than the specification that the
   * product goes by, so a method passes by its name. @throws {TypeError} for a method that the product does not use.
   */
  override async callApi<Method extends keyof TelegrafMethods>(
    method: Method,
    payload: Opts<Method>,
    { signal }: { signal?: unknown } = {},
  ): Promise<ReturnType<TelegrafMethods[Method]>> {
    if (!isMethod(method)) throw new TypeError(`Cannot ${method}: src/telegram/methods.ts does not list it`)
    const result: unknown = await this.#gateway.call<MethodName>(method, payload as Payload<MethodName>, {
      signal: signal as AbortSignal | undefined,
    })
    return result as ReturnType<TelegrafMethods[Method]>
  }

  /** A file's link holds the token: it is not given out. */
  override getFileLink(): Promise<never> {
    return Promise.reject(new Error('Cannot give a link to a file: use download() of the gateway'))
  }
}

/**
 * A Telegraf bot whose calls all pass the gateway.
 *
 * Telegraf makes a new `Telegram` for every update, so replacing `bot.telegram.callApi` catches none of the calls that
 * handlers make. It also builds the context of every update with `contextType`: ours ignores the `Telegram` that
 * Telegraf made and takes the gateway's. Telegraf itself gets an empty token, so that a call which should ever find
 * another way out fails instead of leaving unseen. A webhook response is ignored too: answers written into it could not
 * be repeated, and Telegram tells no result.
 */
export function createBot(
  gateway: Gateway,
  options: { readonly botInfo?: User; readonly handlerTimeoutMs?: number } = {},
): Telegraf<Context> {
  const telegram = new GatewayTelegram(gateway)
  class GatewayContext extends Context {
    constructor(update: Update, _telegram: Telegram, botInfo: UserFromGetMe) {
      super(update, telegram, botInfo)
    }
  }
  const bot = new Telegraf<Context>('', {
    contextType: GatewayContext,
    ...(options.handlerTimeoutMs === undefined ? {} : { handlerTimeout: options.handlerTimeoutMs }),
  })
  bot.telegram = telegram
  if (options.botInfo !== undefined) bot.botInfo = options.botInfo as UserFromGetMe
  return bot
}
