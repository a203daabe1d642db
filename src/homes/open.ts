import { join } from 'node:path'
import { openEmbedded } from '../embedded/home.ts'
import { claimUnnamed } from '../embedded/unnamed.ts'
import { openShared } from '../shared/home.ts'
import { createSeal, sealStore } from '../state/seal.ts'
import { StateError, type Store, type StoreEvent } from '../state/store.ts'
import { fromFormat1, fromToken } from '../state/taking-over.ts'

export interface StateOptions {
  /** `redis://…` or `rediss://…` for the shared home; undefined for the embedded one. */
  readonly url: string | undefined
  /** Folder of the embedded home; every bot has one of its own in it. */
  readonly folder: string
  /** What is stored is sealed with it: the bot's token, which every replica has and no data folder holds. */
  readonly secret: string
  /** The token that the bot had before, to take over what was sealed with it. */
  readonly secretBefore?: string | undefined
  /** How long to wait for Redis at the start. Milliseconds. */
  readonly patienceMs?: number
  readonly log?: (event: StoreEvent) => void
}

/** What a token begins with: `123456789:AA…` is of bot 123456789. */
export const botOf = (token: string): string => token.split(':', 1)[0] ?? ''

/** The folder of a bot in the folder of the embedded home. */
export const folderOf = (folder: string, bot: string): string => join(folder, `bot-${bot}`)

const unnamedPrefix = 'memoranda:'

/** Opens the home that the configuration names. Throws StateError. */
export async function openState(options: StateOptions): Promise<Store> {
  const { url, folder, secret, secretBefore, patienceMs, log = () => {} } = options
  const seal = createSeal(secret)
  const bot = botOf(secret)
  if (secretBefore !== undefined && botOf(secretBefore) !== bot)
    throw new StateError(
      'refused',
      `Cannot open the state: BOT_TOKEN is of bot ${bot}, and BOT_TOKEN_BEFORE of bot ${botOf(secretBefore)}. It must be a token that the same bot had before`,
    )
  const owner = {
    bot,
    seal: seal.id,
    fromFormat1: fromFormat1(secret, seal),
    fromTokenBefore:
      secretBefore === undefined || secretBefore === secret ? undefined : fromToken(createSeal(secretBefore), seal),
  }
  if (url !== undefined) {
    const store = await openShared({
      url,
      prefix: `${unnamedPrefix}${bot}:`,
      owner: { ...owner, unnamedPrefix },
      log,
      ...(patienceMs === undefined ? {} : { patienceMs }),
    })
    return sealStore(store, seal, log)
  }
  const own = folderOf(folder, bot)
  claimUnnamed(folder, own, owner.fromFormat1, log)
  return sealStore(openEmbedded({ folder: own, owner, log }), seal, log)
}
