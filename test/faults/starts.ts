import { cp, mkdir, readFile, writeFile } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'
import { readConfig } from '../../src/config.ts'
import { openEmbedded } from '../../src/embedded/home.ts'
import { botOf, folderOf } from '../../src/homes/open.ts'
import { freePort } from '../free-port.ts'
import { startProxy } from '../proxy.ts'
import { hasRedis, startRedis, startStubborn } from '../state/redis.ts'
import type { Room } from './room.ts'
import { projectFiles, serviceCommand } from './service-process.ts'

/** Undefined takes a variable away. */
type Environment = Readonly<Record<string, string | undefined>>

/** A start that cannot succeed. */
export interface Failure {
  readonly name: string
  /** Also in the short form of the suite. */
  readonly isShort?: true
  /** What the environment has beside that of the room. */
  readonly prepare: (room: Room) => Environment | Promise<Environment>
  readonly command?: readonly [string, ...string[]]
  /** What its one line says: what is wrong, and what to do. */
  readonly says: RegExp
}

/** A start that succeeds as soon as what it waits for is there. */
export interface Wait {
  readonly name: string
  readonly isShort?: true
  readonly prepare: (room: Room) => Promise<{
    readonly environment?: Environment
    /** Brings what the start waits for. */
    readonly heal: () => unknown
  }>
  /** What the log says while it waits. */
  readonly event: 'start waits' | 'webhook not settled'
  /** Not ready meanwhile, and why; polls may come through although Telegram was not told. */
  readonly reason?: RegExp
}

/** Somebody who listens at a port of this machine. */
async function take(room: Room, port: number): Promise<void> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  room.atLeave(() => server.close())
}

async function webhook(more: Environment = {}): Promise<Environment> {
  const PORT = more.PORT ?? String(await freePort())
  return {
    WEBHOOK_URL: `http://127.0.0.1:${PORT}/telegram`,
    WEBHOOK_SECRET: 'a-secret',
    HOST: '127.0.0.1',
    ...more,
    PORT,
  }
}

/** A copy of the corpus with one file changed. */
async function corpusWith(room: Room, file: string, change: (text: string) => string): Promise<Environment> {
  const CORPUS = join(room.folder, 'corpus')
  await cp(projectFiles.CORPUS, CORPUS, { recursive: true })
  await writeFile(join(CORPUS, file), change(await readFile(join(CORPUS, file), 'utf8')))
  return { CORPUS }
}

async function fileIn(room: Room, name: string, text: string): Promise<string> {
  const file = join(room.folder, name)
  await writeFile(file, text)
  return file
}

/** Where the embedded state of the room's bot is. */
const stateFolder = ({ environment, telegram }: Room): string =>
  folderOf(readConfig(environment).stateFolder, botOf(telegram.token))

/** One mistake in the configuration, told by the beginning of its words. */
const wrongVariable = (words: string) =>
  new RegExp(`^Cannot start: 1 variable is wrong. ${words}.*npm start -- --help`, 'u')

export const failures: readonly Failure[] = [
  {
    name: 'METRICS_ADDRESS is taken',
    isShort: true,
    prepare: async (room) => {
      await take(room, Number(new URL(room.operations).port))
      return {}
    },
    says: /^Cannot listen at 127\.0\.0\.1:\d+ \(METRICS_ADDRESS\): it is taken\. End the process/u,
  },
  {
    name: 'METRICS_ADDRESS names a host that nobody knows',
    prepare: () => ({ METRICS_ADDRESS: 'nohost.invalid:9464' }),
    says: /^Cannot listen at nohost\.invalid:9464 \(METRICS_ADDRESS\): no such host is known here\. Name/u,
  },
  {
    name: 'METRICS_ADDRESS names another machine',
    prepare: () => ({ METRICS_ADDRESS: '192.0.2.1:9464' }),
    says: /\(METRICS_ADDRESS\): it is no address of this machine\. Name one that is/u,
  },
  {
    name: 'METRICS_ADDRESS has a port that there is none of',
    prepare: () => ({ METRICS_ADDRESS: '127.0.0.1:99999' }),
    says: wrongVariable('METRICS_ADDRESS must be host:port with a port from 1 to 65535'),
  },
  {
    name: 'METRICS_ADDRESS has no port',
    prepare: () => ({ METRICS_ADDRESS: 'localhost' }),
    says: wrongVariable('METRICS_ADDRESS must be host:port'),
  },
  {
    name: 'PORT is taken',
    prepare: async (room) => {
      const port = await freePort()
      await take(room, port)
      return webhook({ PORT: String(port) })
    },
    says: /^Cannot listen at 127\.0\.0\.1:\d+ \(PORT\): it is taken\. End the process/u,
  },
  {
    name: 'HOST is not known',
    prepare: () => webhook({ HOST: 'nohost.invalid' }),
    says: /^Cannot listen at nohost\.invalid:\d+ \(PORT\): no such host is known here/u,
  },
  {
    name: 'PORT is out of range',
    prepare: () => webhook({ PORT: '70000', WEBHOOK_URL: 'https://bot.example.org/telegram' }),
    says: wrongVariable('PORT must be from 1 to 65535'),
  },
  {
    name: 'PORT is that of METRICS_ADDRESS',
    prepare: (room) => webhook({ PORT: new URL(room.operations).port }),
    says: wrongVariable('METRICS_ADDRESS must have another port than PORT'),
  },
  {
    name: 'BOT_TOKEN is no token',
    prepare: () => ({ BOT_TOKEN: 'a secret' }),
    says: wrongVariable('BOT_TOKEN must look like'),
  },
  {
    name: 'TELEGRAM_API_ROOT is no address',
    prepare: () => ({ TELEGRAM_API_ROOT: 'ftp://telegram.invalid' }),
    says: wrongVariable('TELEGRAM_API_ROOT must be'),
  },
  {
    name: 'TELEGRAM_API_ROOT is something else than a Bot API server',
    prepare: (room) => ({ TELEGRAM_API_ROOT: `${room.telegram.apiRoot}/nowhere` }),
    says: /^Telegram knows no such bot \(404\): check BOT_TOKEN, and that TELEGRAM_API_ROOT/u,
  },
  {
    name: 'BOT_TOKEN was withdrawn',
    prepare: (room) => ({ BOT_TOKEN: `${room.telegram.token.split(':')[0]}:another-token-of-no-real-bot-000000` }),
    says: /^Telegram does not accept BOT_TOKEN: .*@BotFather/u,
  },
  {
    name: 'BOT_TOKEN is withdrawn between two calls',
    prepare: (room) => {
      room.telegram.fault({ kind: 'unauthorized' }, { method: 'deleteWebhook' })
      return {}
    },
    says: /^Telegram does not accept BOT_TOKEN/u,
  },
  {
    name: 'setWebhook is refused',
    isShort: true,
    prepare: (room) => {
      const fault = { kind: 'bad request', description: 'bad webhook: IP address 10.0.0.1 is reserved' } as const
      room.telegram.fault(fault, { method: 'setWebhook' })
      return webhook()
    },
    says: /^Telegram refuses the webhook: .*is reserved\. Check WEBHOOK_URL: https/u,
  },
  {
    name: 'WEBHOOK_URL has no secret',
    prepare: () => ({ WEBHOOK_URL: 'https://bot.example.org/telegram' }),
    says: wrongVariable('WEBHOOK_SECRET is needed with WEBHOOK_URL'),
  },
  {
    name: 'WEBHOOK_URL is no address',
    prepare: () => webhook({ WEBHOOK_URL: 'bot.example.org' }),
    says: wrongVariable('WEBHOOK_URL must be an address'),
  },
  {
    name: 'DATA is a file',
    isShort: true,
    prepare: async (room) => ({ DATA: await fileIn(room, 'file', '') }),
    says: /^Cannot use the folder .*something that is no folder stands in its place\. Check DATA/u,
  },
  {
    name: 'DATA is below a file',
    prepare: async (room) => ({ DATA: join(await fileIn(room, 'file', ''), 'a', 'b') }),
    says: /^Cannot use the folder .*something that is no folder stands in its place\. Check DATA/u,
  },
  {
    name: 'DATA is where nothing can be made',
    prepare: () => ({ DATA: '/proc/nothing' }),
    says: /^Cannot use the folder .*\/proc\/nothing.*Check DATA/u,
  },
  {
    name: 'DATA cannot be written to',
    // Also for a user who may do everything.
    prepare: () => ({ DATA: '/sys/nothing' }),
    says: /^Cannot use the folder .*\/sys\/nothing.*(?:Mount it writable|Give them|Check DATA)/u,
  },
  {
    name: 'DATA is full',
    // As a full disk does it, without filling one: no file may grow.
    command: ['sh', '-c', 'trap "" XFSZ; ulimit -f 0; exec "$@"', 'sh', ...serviceCommand],
    prepare: () => ({}),
    says: /^Cannot .*(?:the limit on the size of a file is reached|no space left)/u,
  },
  {
    name: 'the stored state is something else',
    prepare: async (room) => {
      const folder = stateFolder(room)
      await mkdir(folder, { recursive: true })
      await writeFile(join(folder, 'state.lmdb'), 'nonsense'.repeat(2000))
      return {}
    },
    says: /^Cannot .*state\.lmdb.*Restore a back-up/u,
  },
  {
    name: 'the stored state is a folder',
    prepare: async (room) => {
      await mkdir(join(stateFolder(room), 'state.lmdb'), { recursive: true })
      return {}
    },
    says: /^Cannot .*state\.lmdb/u,
  },
  {
    name: 'the stored state is of a newer version',
    prepare: async (room) => {
      const steps = Array.from({ length: 99 }, () => () => {})
      await openEmbedded({ folder: stateFolder(room), version: 99, migrations: steps }).close()
      return {}
    },
    says: /^Cannot use .*its format is 99.*Start the newer version/u,
  },
  {
    name: 'the stored state is used by another process',
    prepare: async (room) => {
      const other = room.start()
      await other.said('ready')
      return { METRICS_ADDRESS: `127.0.0.1:${await freePort()}` }
    },
    says: /^Cannot use .*in use|^Cannot use .*process \d+ uses it/u,
  },
  {
    name: 'Redis wants a password',
    prepare: async (room) => {
      const redis = await startStubborn('-NOAUTH Authentication required.')
      room.atLeave(redis.stop)
      return { STATE_URL: redis.url }
    },
    says: /^Cannot .*Redis refuses with NOAUTH, it wants a password\. Put it into STATE_URL/u,
  },
  {
    name: 'Redis does not know the password',
    prepare: async (room) => {
      const redis = await startStubborn('-WRONGPASS invalid username-password pair or user is disabled.')
      room.atLeave(redis.stop)
      return { STATE_URL: redis.url.replace('//', '//user:a-secret@') }
    },
    says: /^Cannot .*Redis refuses with WRONGPASS.*Check STATE_URL/u,
  },
  {
    name: 'STATE_URL is no address',
    prepare: () => ({ STATE_URL: 'localhost:6379' }),
    says: wrongVariable('STATE_URL must be an address'),
  },
  {
    name: 'CORPUS is not there',
    prepare: (room) => ({ CORPUS: join(room.folder, 'nowhere') }),
    says: /^Cannot read the corpus: there is no folder /u,
  },
  {
    name: 'CORPUS is empty',
    prepare: (room) => ({ CORPUS: room.folder }),
    says: /^Cannot read the corpus: .* holds no memorandum/u,
  },
  {
    name: 'a memorandum is broken',
    prepare: (room) => corpusWith(room, 'sichuan-2018.md', (text) => text.slice(0, 3000)),
    says: /sichuan-2018\.md/u,
  },
  {
    name: 'the topics are broken',
    prepare: (room) => corpusWith(room, 'topics.json', (text) => text.slice(0, 100)),
    says: /topics\.json/u,
  },
  {
    name: 'a gloss is broken',
    prepare: (room) => corpusWith(room, 'outside.json', () => '{"topics":[{}]}'),
    says: /outside\.json/u,
  },
  {
    name: 'ENCODER is not there',
    prepare: () => ({ ENCODER: 'nowhere' }),
    says: /^Cannot load ENCODER=nowhere: there is no such folder/u,
  },
  {
    name: 'ENCODER is damaged',
    prepare: async (room) => {
      const ENCODER = join(room.folder, 'encoder')
      await cp(projectFiles.ENCODER, ENCODER, { recursive: true })
      await writeFile(join(ENCODER, 'tokenizer.json'), '{}')
      return { ENCODER }
    },
    says: /^Cannot use the encoder .*tokenizer\.json is damaged/u,
  },
  {
    name: '.env is broken',
    prepare: async (room) => {
      await fileIn(room, '.env', '# mine\nBOT_TOKEN 1:a\n')
      return {}
    },
    says: /^Cannot read \.env: line 2 is not understood\. Write NAME=value/u,
  },
  {
    name: '.env is a folder',
    prepare: async (room) => {
      await mkdir(join(room.folder, '.env'))
      return {}
    },
    says: /^Cannot read \.env: EISDIR\. Make it a file/u,
  },
]

/** A door before a server of this machine: closed, nobody takes the connection. */
async function createDoor(room: Room, target: number): Promise<{ readonly port: number; open(): Promise<void> }> {
  const port = await freePort()
  const server = createServer((socket) => {
    const onward = connect(target, '127.0.0.1')
    for (const [one, other] of [
      [socket, onward],
      [onward, socket],
    ] as const) {
      one.on('error', () => other.destroy())
      one.on('close', () => other.destroy())
      one.pipe(other)
    }
  })
  return {
    port,
    async open() {
      await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
      room.atLeave(() => server.close())
    },
  }
}

/** A fault of Telegram that lasts until it is healed. */
const faulty =
  (...[fault, method]: readonly [Parameters<Room['telegram']['fault']>[0], string]) =>
  async ({ telegram }: Room) => ({ heal: telegram.fault(fault, { method }) })

const notHeard = /^it starts: Telegram has not answered yet$/mu

export const waits: readonly Wait[] = [
  {
    name: 'nobody listens where Telegram should be',
    isShort: true,
    event: 'start waits',
    reason: notHeard,
    prepare: async (room) => {
      const door = await createDoor(room, Number(new URL(room.telegram.apiRoot).port))
      return { environment: { TELEGRAM_API_ROOT: `http://127.0.0.1:${door.port}` }, heal: door.open }
    },
  },
  {
    name: 'the host of Telegram is not known',
    event: 'start waits',
    reason: notHeard,
    // Whoever mends the name service is not this test: the service is only told to stop.
    prepare: async () => ({ environment: { TELEGRAM_API_ROOT: 'http://nohost.invalid' }, heal: () => 'stop' }),
  },
  {
    name: 'getMe answers 502',
    event: 'start waits',
    reason: notHeard,
    prepare: faulty({ kind: 'server error', code: 502 }, 'getMe'),
  },
  {
    name: 'getMe answers with a page',
    event: 'start waits',
    reason: notHeard,
    prepare: faulty({ kind: 'page', status: 200 }, 'getMe'),
  },
  {
    name: 'getMe asks to wait',
    event: 'start waits',
    reason: notHeard,
    prepare: faulty({ kind: 'flood', retryAfter: 1 }, 'getMe'),
  },
  {
    name: 'deleteWebhook answers 502 while no webhook is set: polls work all the same',
    event: 'webhook not settled',
    prepare: faulty({ kind: 'server error', code: 502 }, 'deleteWebhook'),
  },
  {
    name: 'deleteWebhook answers 502 while a webhook is set',
    event: 'webhook not settled',
    prepare: async (room) => {
      await fetch(`${room.telegram.apiRoot}/bot${room.telegram.token}/setWebhook?url=http://127.0.0.1:9/x`)
      return faulty({ kind: 'server error', code: 502 }, 'deleteWebhook')(room)
    },
  },
  {
    name: 'setWebhook answers 502',
    event: 'webhook not settled',
    reason: /^Telegram was not told yet where to send updates$/mu,
    prepare: async (room) => ({
      environment: await webhook(),
      ...(await faulty({ kind: 'server error', code: 502 }, 'setWebhook')(room)),
    }),
  },
  {
    name: 'setWebhook asks to wait',
    event: 'webhook not settled',
    reason: /^Telegram was not told yet where to send updates$/mu,
    prepare: async (room) => ({
      environment: await webhook(),
      ...(await faulty({ kind: 'flood', retryAfter: 1 }, 'setWebhook')(room)),
    }),
  },
  {
    name: 'Redis still reads its data',
    event: 'start waits',
    reason: /^it starts: the state is being opened$/mu,
    // A stubborn Redis never comes to its end: the service is only told to stop.
    prepare: async (room) => {
      const redis = await startStubborn('-LOADING Redis is loading the dataset in memory')
      room.atLeave(redis.stop)
      return { environment: { STATE_URL: redis.url }, heal: () => 'stop' }
    },
  },
  ...(hasRedis
    ? [
        {
          name: 'Redis is not there yet',
          event: 'start waits',
          reason: /^it starts: the state is being opened$/mu,
          prepare: async (room: Room) => {
            const redis = await startRedis()
            room.atLeave(redis.remove)
            await redis.kill()
            return { environment: { STATE_URL: redis.url }, heal: redis.start }
          },
        } satisfies Wait,
      ]
    : []),
]

/** Starts that succeed although something is not as usual. */
export const successes: readonly Pick<Failure, 'name' | 'isShort' | 'prepare'>[] = [
  {
    name: 'the index is damaged: it is built anew',
    prepare: async (room) => {
      const INDEX = join(room.folder, 'index')
      await cp(projectFiles.INDEX, INDEX, { recursive: true })
      await writeFile(join(INDEX, 'vectors.hnsw'), 'nonsense')
      return { INDEX }
    },
  },
  {
    name: 'the index cannot be written: it is kept in memory',
    prepare: async (room) => ({ INDEX: join(await fileIn(room, 'file', ''), 'index') }),
  },
  {
    name: 'the token stands in .env alone',
    isShort: true,
    prepare: async (room) => {
      const { BOT_TOKEN, METRICS_ADDRESS } = room.environment
      await fileIn(room, '.env', `BOT_TOKEN=${BOT_TOKEN}\nMETRICS_ADDRESS="${METRICS_ADDRESS}" # mine\n`)
      return { BOT_TOKEN: undefined, METRICS_ADDRESS: undefined }
    },
  },
  {
    name: 'Telegram is reached through a proxy alone',
    prepare: async (room) => {
      const { port } = new URL(room.telegram.apiRoot)
      const proxy = await startProxy(Number(port))
      room.atLeave(proxy.stop)
      return {
        TELEGRAM_API_ROOT: `http://telegram.invalid:${port}`,
        HTTP_PROXY: `http://user:a-secret@${proxy.address}`,
      }
    },
  },
]
