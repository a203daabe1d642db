import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Group, Person, PrivateChat, type Stage } from './actors.ts'
import { answerBroken } from './broken.ts'
import { type Fault, type FaultRule, Faults, type Strike } from './faults.ts'
import { methods, newerMethods } from './methods.ts'
import { seededRandom } from './random.ts'
import { type RefusalKind, Refused, wrongShape } from './refused.ts'
import { attachFiles, readBody, readBytes, readFormValue } from './request.ts'
import { type Reach, Room } from './room.ts'
import { answerProblems, callProblems, knowsMethod, parameterTypes } from './schema.ts'
import type { Call, MemberStatus, Params, User } from './types.ts'
import { Updates } from './updates.ts'
import { WebhookSender } from './webhook.ts'
import type { BotUser, Deadlines, Features, World } from './world.ts'

export interface StandinOptions {
  readonly token?: string
  readonly bot?: Partial<BotUser>
  /** What the server knows; both true by default. An older server answers 404 to the methods it lacks. */
  readonly features?: Partial<Features>
  readonly deadlines?: Partial<Deadlines>
  /** Seed of the faults that strike with a probability. */
  readonly seed?: number
  readonly maxUploadBytes?: number
  readonly maxDownloadBytes?: number
  /** How long `nextMessage`, `presses`, `inline` and `quiet` wait for the bot. Milliseconds; 50,000 by default. */
  readonly patienceMs?: number
  readonly webhook?: { readonly retryMs?: number; readonly answerMs?: number }
}

/** A call that Telegram would refuse whatever happened before: a mistake in the bot. */
export interface Refusal {
  readonly kind: Exclude<RefusalKind, 'state'>
  readonly call: Call
  readonly description: string
}

export interface GroupOptions {
  readonly title: string
  readonly type?: 'group' | 'supergroup'
  /** Has topics; makes it a supergroup. */
  readonly forum?: boolean
  readonly username?: string
  /** The bot's place in it; `member` by default. */
  readonly bot?: Extract<MemberStatus, 'member' | 'administrator' | 'left'>
  readonly members?: readonly Person[]
}

const route = /^\/bot(?<token>[^/]+)\/(?<method>\w+)$/u
const fileRoute = /^\/file\/bot(?<token>[^/]+)\/documents\/(?<id>[\w-]+)$/u

/** Telegram, on this machine: a server of the Bot API together with the people and chats behind it. */
export class Standin {
  readonly token: string
  /** To be given to the bot as `apiRoot`. */
  apiRoot = ''
  readonly world: World
  /** Every call in order of arrival, except getUpdates. */
  readonly calls: Call[] = []
  /** The calls of getUpdates. */
  readonly polls: Call[] = []
  readonly refusals: Refusal[] = []
  /** Answers and updates of the stand-in itself that contradict the specification; empty unless it has a mistake. */
  readonly ownMistakes: string[] = []
  readonly #faults: Faults
  readonly #server = createServer((request, response) => {
    this.#handle(request, response).catch((error: unknown) => {
      this.ownMistakes.push(String(error))
      if (!response.headersSent)
        sendJson(response, 500, { ok: false, error_code: 500, description: 'Internal Server Error' })
    })
  })
  readonly #stage: Stage
  readonly #people = new Map<number, Person>()
  readonly #privateChats = new Map<number, PrivateChat>()
  #clockOffset = 0
  #groups = 0
  #inFlight = 0
  /** Calls that came and calls that went, without getUpdates. */
  #activity = 0
  /** Whether the bot works on updates that it took; whoever holds the bot may know. */
  isBusy: () => boolean = () => false

  constructor(options: StandinOptions) {
    this.token = options.token ?? '7000000001:stand-in-token-of-no-real-bot-00000'
    this.#faults = new Faults(seededRandom(options.seed ?? 1))
    const now = () => Date.now() + this.#clockOffset
    const ids = new Map<string, number>()
    const features: Features = { richMessages: true, guestQueries: true, ...options.features }
    const updates = new Updates(now)
    this.world = {
      bot: {
        id: Number(this.token.split(':')[0]),
        is_bot: true,
        first_name: 'Memoranda',
        username: 'memoranda_bot',
        can_join_groups: true,
        can_read_all_group_messages: false,
        supports_inline_queries: true,
        ...(features.guestQueries ? { supports_guest_queries: true } : {}),
        ...options.bot,
      },
      features,
      deadlines: { callbackMs: 150_000, inlineMs: 15_000, guestMs: 150_000, ...options.deadlines },
      maxUploadBytes: options.maxUploadBytes ?? 50_000_000,
      maxDownloadBytes: options.maxDownloadBytes ?? 20_000_000,
      now,
      rooms: new Map(),
      people: new Map(),
      updates,
      webhook: undefined,
      openWebhook: (params) =>
        this.#openWebhook(params, {
          retryMs: options.webhook?.retryMs ?? 10,
          answerMs: options.webhook?.answerMs ?? 5000,
        }),
      callbackQueries: new Map(),
      inlineQueries: new Map(),
      guestQueries: new Map(),
      inlineMessages: new Map(),
      files: new Map(),
      commands: new Map(),
      texts: new Map(),
      newId: (kind) => {
        const next = (ids.get(kind) ?? 0) + 1
        ids.set(kind, next)
        return `${kind}-${next}`
      },
    }
    this.#stage = { world: this.world, patienceMs: options.patienceMs ?? 50_000, describe: () => this.#describe() }
  }

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
    this.apiRoot = `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`
    return this
  }

  /** Closes the server and every connection. */
  async stop(): Promise<void> {
    this.world.webhook?.stop()
    const closed = new Promise((resolve) => this.#server.close(resolve))
    this.#server.closeAllConnections()
    await closed
  }

  person(user: Omit<User, 'is_bot'>): Person {
    const known = this.#people.get(user.id)
    if (known !== undefined) return known
    const person = new Person({ is_bot: false, ...user }, this.#stage)
    this.#people.set(user.id, person)
    this.world.people.set(user.id, person.user)
    return person
  }

  /**
   * The chat of a person with the bot. It cannot be written to before the person writes, unless `reach` says otherwise.
   */
  privateChat(person: Person, reach: Reach = 'never started'): PrivateChat {
    const known = this.#privateChats.get(person.id)
    if (known !== undefined) return known
    const { first_name, last_name, username } = person.user
    const names = {
      first_name,
      ...(last_name === undefined ? {} : { last_name }),
      ...(username === undefined ? {} : { username }),
    }
    const room = new Room({ id: person.id, type: 'private', ...names }, reach)
    room.members.set(person.id, { user: person.user, status: 'member' })
    this.world.rooms.set(person.id, room)
    const chat = new PrivateChat(room, this.#stage, person)
    this.#privateChats.set(person.id, chat)
    return chat
  }

  group(options: GroupOptions): Group {
    this.#groups += 1
    const type = options.type ?? (options.forum === true ? 'supergroup' : 'group')
    const id = type === 'supergroup' ? -1_001_000_000_000 - this.#groups : -5_000_000 - this.#groups
    const bot = options.bot ?? 'member'
    const room = new Room(
      {
        id,
        type,
        title: options.title,
        ...(options.forum === true ? { is_forum: true } : {}),
        ...(options.username === undefined ? {} : { username: options.username }),
      },
      bot === 'left' ? 'not a member' : 'open',
    )
    const { first_name, username, is_bot } = this.world.bot
    room.members.set(this.world.bot.id, { user: { id: this.world.bot.id, is_bot, first_name, username }, status: bot })
    for (const { user } of options.members ?? []) room.members.set(user.id, { user, status: 'member' })
    this.world.rooms.set(id, room)
    return new Group(room, this.#stage)
  }

  /** Makes calls go wrong; `method: 'file'` is the download of a file. Returns a function that ends it. */
  fault(fault: Fault, rule: FaultRule = {}): () => void {
    return this.#faults.add(fault, rule)
  }

  /** Ends all faults. */
  heal(): void {
    this.#faults.clear()
  }

  /** Lets time pass for deadlines and dates, without waiting. Milliseconds. */
  passes(ms: number): void {
    this.#clockOffset += ms
  }

  callsOf(method: string): readonly Call[] {
    return this.calls.filter((call) => call.method === method)
  }

  /** Changes what getMe says and how groups treat the bot. */
  setBot(changes: Partial<BotUser>): void {
    this.world.bot = { ...this.world.bot, ...changes }
  }

  /**
   * Waits until the bot took all updates, works on none and called nothing in so many turns of the event loop: turns and
   * not a time, since a busy machine takes long for each. Rejects after `timeoutMs`.
   */
  async quiet({ turns = 15, timeoutMs = this.#stage.patienceMs } = {}): Promise<void> {
    const late = AbortSignal.timeout(timeoutMs)
    let seen = this.#activity
    let still = 0
    while (still < turns) {
      if (late.aborted)
        throw new Error(
          `The bot did not come to rest within ${timeoutMs} ms: ${this.world.updates.pending.length} updates wait, ${this.#inFlight} calls run. ${this.#describe()}`,
        )
      await new Promise((resolve) => setTimeout(resolve, 1))
      const isAtRest = this.world.updates.pending.length === 0 && this.#inFlight === 0 && !this.isBusy()
      still = isAtRest && this.#activity === seen ? still + 1 : 0
      seen = this.#activity
    }
  }

  #describe(): string {
    const calls = this.calls
      .slice(-5)
      .map(
        ({ method, outcome }) =>
          `${method} ${outcome.kind === 'refused' ? `refused: ${outcome.description}` : outcome.kind}`,
      )
    const refusals = this.refusals.map(({ description }) => description)
    return `Last calls: ${calls.join('; ') || 'none'}. Refusals: ${refusals.join('; ') || 'none'}. Updates waiting: ${this.world.updates.pending.length}`
  }

  #openWebhook(params: Params, times: { readonly retryMs: number; readonly answerMs: number }): WebhookSender {
    const settings = {
      url: String(params.url),
      secretToken: params.secret_token as string | undefined,
      maxConnections: (params.max_connections as number | undefined) ?? 40,
    }
    return new WebhookSender(settings, this.world.updates, times, this.world.now, async (body) => {
      const { method, ...replied } = body as { method?: string } & Record<string, unknown>
      if (method === undefined) return
      const call = this.#record(method, replied)
      try {
        await this.#carryOut(call, new AbortController().signal)
      } catch (error) {
        this.#refuse(call, error)
      }
    })
  }

  #record(method: string, params: Params, files: Call['files'] = []): Call {
    const call: Call = { method, params, files, at: this.world.now(), outcome: { kind: 'pending' } }
    ;(method === 'getUpdates' ? this.polls : this.calls).push(call)
    return call
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1')
    const bytes = await readBytes(request, this.world.maxUploadBytes + 1_000_000)
    if (bytes === 'broken off') return
    if (request.method === 'GET' && fileRoute.test(url.pathname)) return this.#sendFile(url.pathname, response)
    const { token, method = '' } = route.exec(url.pathname)?.groups ?? {}
    if (token === undefined) return sendJson(response, 404, notFound)
    if (token !== this.token) return sendJson(response, 401, unauthorized)
    if (method === 'getUpdates') return this.#answer(method, bytes, request, response, url.searchParams)
    this.#activity += 1
    this.#inFlight += 1
    try {
      await this.#answer(method, bytes, request, response, url.searchParams)
    } finally {
      this.#activity += 1
      this.#inFlight -= 1
    }
  }

  async #answer(
    method: string,
    bytes: Buffer<ArrayBuffer> | 'too large',
    request: IncomingMessage,
    response: ServerResponse,
    query: URLSearchParams,
  ): Promise<void> {
    const gone = new AbortController()
    response.on('close', () => gone.abort())
    if (bytes === 'too large') {
      const call = this.#record(method, {})
      return sendRefusal(response, this.#refuse(call, new Refused('limit', 413, 'Request Entity Too Large')))
    }
    let call: Call | undefined
    let strike: Strike | undefined
    try {
      const body = await readBody(bytes, request.headers['content-type'] ?? '', query).catch((error: unknown) => {
        call = this.#record(method, {})
        throw error
      })
      call = this.#record(method, readParams(method, body), body.files)
      this.#check(call)
      strike = this.#faults.strike(method, call.params.chat_id)
      if (strike !== undefined && !strike.effect) {
        call.outcome = { kind: 'fault', fault: strike.fault.kind, effect: false }
        return answerBroken(response, strike.fault, undefined)
      }
      const result = await this.#carryOut(call, gone.signal)
      const answer = { ok: true, result }
      if (strike !== undefined) {
        call.outcome = { kind: 'fault', fault: strike.fault.kind, effect: true }
        return answerBroken(response, strike.fault, answer)
      }
      if (gone.signal.aborted) call.outcome = { kind: 'abandoned' }
      else sendJson(response, 200, answer)
    } catch (error) {
      sendRefusal(response, this.#refuse(call ?? this.#record(method, {}), error))
    }
  }

  #check(call: Call): void {
    const lacking = newerMethods[call.method]
    // An older server: the bot is expected to try and to cope, so this is no mistake of the bot's.
    if (lacking !== undefined && !this.world.features[lacking]) throw new Refused('state', 404, 'Not Found')
    if (!knowsMethod(call.method)) throw new Refused('shape', 404, 'Not Found')
    if (
      !this.world.features.richMessages &&
      call.files.length === 0 &&
      JSON.stringify(call.params).includes('"rich_message"')
    )
      throw new Refused('state', 400, 'Bad Request: message text is empty')
    const problems = callProblems(call.method, call.params)
    if (problems.length > 0) throw wrongShape(problems.join('; '))
  }

  async #carryOut(call: Call, gone: AbortSignal): Promise<unknown> {
    this.#check(call)
    const method = methods[call.method]
    if (method === undefined && call.method !== 'getUpdates')
      throw new Refused('shape', 501, `Not Implemented: the stand-in does not play ${call.method}`)
    const result =
      method === undefined ? await this.world.updates.poll(call.params, gone) : method(this.world, call.params, call)
    this.ownMistakes.push(...answerProblems(call.method, result), ...this.world.updates.malformed.splice(0))
    call.outcome = { kind: 'answered', result }
    return result
  }

  #refuse(call: Call, error: unknown): Refused {
    if (!(error instanceof Refused)) throw error
    call.outcome = { kind: 'refused', code: error.code, description: error.message }
    if (error.kind !== 'state')
      this.refusals.push({ kind: error.kind, call, description: `${call.method}: ${error.message}` })
    return error
  }

  #sendFile(path: string, response: ServerResponse): void {
    const { token, id = '' } = fileRoute.exec(path)?.groups ?? {}
    const file = token === this.token ? this.world.files.get(id) : undefined
    const strike = this.#faults.strike('file', undefined)
    if (file === undefined) sendJson(response, 404, notFound)
    else if (strike !== undefined) answerBroken(response, strike.fault, undefined)
    else
      response
        .writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': file.bytes.length })
        .end(file.bytes)
  }
}

const notFound = { ok: false, error_code: 404, description: 'Not Found' }
const unauthorized = { ok: false, error_code: 401, description: 'Unauthorized' }

/** Parameters by the types of the specification; `method` inside a form is Telegraf's habit and allowed. */
function readParams(method: string, { params, files, isForm }: Awaited<ReturnType<typeof readBody>>): Params {
  const { method: repeated, ...named } = params
  const kept = repeated === undefined || repeated === method ? named : params
  const texts = Object.values(kept).filter((value) => typeof value === 'string')
  const attached = new Set(
    texts.flatMap((text) => text.match(/attach:\/\/[^"\\]+/gu) ?? []).map((link) => link.slice('attach://'.length)),
  )
  return Object.fromEntries(
    Object.entries(kept)
      // A part that an attach:// link names is no parameter of its own.
      .filter(([name, value]) => typeof value !== 'object' || !attached.has(name))
      .map(([name, value]) => [
        name,
        attachFiles(
          isForm && typeof value === 'string'
            ? readFormValue(value, parameterTypes(method, name) ?? ['String'])
            : value,
          files,
        ),
      ]),
  )
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

function sendRefusal(response: ServerResponse, { code, message, parameters }: Refused): void {
  sendJson(response, code, {
    ok: false,
    error_code: code,
    description: message,
    ...(parameters === undefined ? {} : { parameters }),
  })
}

/** Starts a stand-in on a free port of this machine. */
export const startStandin = (options: StandinOptions = {}): Promise<Standin> => new Standin(options).start()
