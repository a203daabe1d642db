import { isStartPayload } from './checks.ts'
import { typedEntities } from './entities.ts'
import { isPresent } from './members.ts'
import { changeMembership } from './membership.ts'
import { inlineMessage } from './methods.ts'
import { botReceives, callsGuest } from './privacy.ts'
import { Room } from './room.ts'
import type { Button, Call, Entity, MemberStatus, Message, Params, Received, User } from './types.ts'
import { documentOf, newQuery, storeFile, unixTime, type World } from './world.ts'

/** What the actors need of the stand-in. */
export interface Stage {
  readonly world: World
  /** How long to wait for the bot before a test fails. Milliseconds. */
  readonly patienceMs: number
  /** The last calls and refusals, for the message of a failing test. */
  readonly describe: () => string
}

export interface SaysOptions {
  /** Instead of those that Telegram's servers would find. */
  readonly entities?: readonly Entity[]
  readonly replyTo?: Message
  readonly threadId?: number
  readonly forwardOrigin?: Readonly<Record<string, unknown>>
}

/** What the bot answered to an inline query. */
export interface InlineAnswer {
  readonly results: readonly (Params & {
    readonly id: string
    readonly type: string
    readonly title?: string
    readonly description?: string
  })[]
  readonly next_offset?: string
  readonly cache_time?: number
  readonly is_personal?: boolean
  readonly button?: { readonly text: string; readonly start_parameter?: string }
  readonly call: Call
}

/** A person with a Telegram account. */
export class Person {
  readonly user: User
  readonly #stage: Stage

  constructor(user: User, stage: Stage) {
    this.user = user
    this.#stage = stage
  }

  get id(): number {
    return this.user.id
  }

  /**
   * Presses the button with this text and resolves with the bot's answerCallbackQuery. Rejects when there is no such
   * button or no answer.
   */
  async presses(message: Message, text: string | RegExp): Promise<Call> {
    const buttons = message.reply_markup?.inline_keyboard.flat() ?? []
    const button = buttons.find((candidate) =>
      typeof text === 'string' ? candidate.text === text : text.test(candidate.text),
    )
    if (button === undefined)
      throw new Error(
        `Cannot press "${String(text)}": the buttons are ${JSON.stringify(buttons.map((candidate) => candidate.text))}`,
      )
    if (button.callback_data === undefined)
      throw new Error(`Cannot press "${button.text}": it sends nothing to the bot (${Object.keys(button).join(', ')})`)
    return await this.sendsCallback(message, button.callback_data)
  }

  /** Sends callback data of the person's own choice, as a modified app can. */
  sendsCallback(message: Message, data: string): Promise<Call> {
    const { world } = this.#stage
    const room = world.rooms.get(message.chat.id)
    const current = room?.messages.get(message.message_id) ?? {
      chat: message.chat,
      message_id: message.message_id,
      date: 0,
    }
    const inlineId = [...world.inlineMessages].find(
      ([, place]) => place.room === room && place.messageId === message.message_id,
    )?.[0]
    const id = world.newId('callback')
    const query = newQuery(world.now(), this.user)
    world.callbackQueries.set(id, query)
    const { call: _, ...plain } = current as Message & { call?: Call }
    const place = inlineId === undefined ? { message: plain } : { inline_message_id: inlineId }
    world.updates.push(
      'callback_query',
      { id, from: this.user, chat_instance: `instance${message.chat.id}`, data, ...place },
      `chat:${message.chat.id}`,
      150_000,
    )
    return query.answers.next(
      this.#stage.patienceMs,
      () => `No answer to the button of ${this.user.first_name} came. ${this.#stage.describe()}`,
    )
  }

  /** Changes a message that this person wrote. */
  edits(message: Message, text: string): Message {
    const { world } = this.#stage
    const room = world.rooms.get(message.chat.id)
    const stored = room?.messages.get(message.message_id)
    if (room === undefined || stored?.from?.id !== this.id)
      throw new Error('Cannot edit the message: this person did not write it')
    const entities = typedEntities(text)
    const { entities: _, ...kept } = stored
    const edited: Message = { ...kept, text, ...(entities.length > 0 ? { entities } : {}), edit_date: unixTime(world) }
    room.messages.set(edited.message_id, edited)
    if (botReceives(world, room, edited)) world.updates.push('edited_message', edited, `chat:${room.chat.id}`)
    return edited
  }

  /** Types `@bot query` and waits for the results. `chatType` is that of the chat typed in. */
  async inline(
    query: string,
    options: {
      readonly offset?: string
      readonly chatType?: 'sender' | 'private' | 'group' | 'supergroup' | 'channel'
    } = {},
  ): Promise<InlineAnswer> {
    const { world } = this.#stage
    const id = world.newId('inline-query')
    const asked = newQuery(world.now(), this.user)
    world.inlineQueries.set(id, asked)
    world.updates.push(
      'inline_query',
      { id, from: this.user, query, offset: options.offset ?? '', chat_type: options.chatType ?? 'sender' },
      `user:${this.id}`,
      30_000,
    )
    const call = await asked.answers.next(
      this.#stage.patienceMs,
      () => `No answer to the inline query of ${this.user.first_name} came. ${this.#stage.describe()}`,
    )
    return { ...(call.params as unknown as Omit<InlineAnswer, 'call'>), call }
  }

  /** Chooses an inline result: its message appears in `chat`, and the bot is told. Returns the message. */
  picks(answer: InlineAnswer, resultId: string, chat: ChatView, query = ''): Message {
    const { world } = this.#stage
    const result = answer.results.find(({ id }) => id === resultId)
    if (result === undefined)
      throw new Error(
        `Cannot choose "${resultId}": the results are ${JSON.stringify(answer.results.map(({ id }) => id))}`,
      )
    const { id, is_bot, first_name, username } = world.bot
    const message = chat.room.add({
      date: unixTime(world),
      from: this.user,
      via_bot: { id, is_bot, first_name, username },
      ...inlineMessage(result),
    })
    const inlineId = world.newId('inline')
    world.inlineMessages.set(inlineId, { room: chat.room, messageId: message.message_id })
    const known = message.reply_markup === undefined ? {} : { inline_message_id: inlineId }
    world.updates.push(
      'chosen_inline_result',
      { result_id: resultId, from: this.user, query, ...known },
      `user:${this.id}`,
    )
    if (botReceives(world, chat.room, message)) world.updates.push('message', message, `chat:${chat.room.chat.id}`)
    return message
  }
}

/** A chat as tests see it. */
export class ChatView {
  room: Room
  protected readonly stage: Stage

  constructor(room: Room, stage: Stage) {
    this.room = room
    this.stage = stage
  }

  get id(): number {
    return this.room.chat.id
  }

  /** The next message of the bot that this test did not take yet. Rejects when none comes in time. */
  nextMessage(timeoutMs = this.stage.patienceMs): Promise<Received> {
    return this.room.sent.next(timeoutMs, () => `No message came into chat ${this.id}. ${this.stage.describe()}`)
  }

  /** The next edit by the bot, as the message looks after it. */
  nextEdit(timeoutMs = this.stage.patienceMs): Promise<Received> {
    return this.room.edited.next(timeoutMs, () => `No edit came in chat ${this.id}. ${this.stage.describe()}`)
  }

  /** Messages of the bot that no `nextMessage` took. */
  get unread(): readonly Received[] {
    return this.room.sent.untaken
  }

  /** All messages that stand in the chat now, oldest first. */
  get messages(): readonly Message[] {
    return [...this.room.messages.values()]
  }

  /** The message as it looks now; undefined when deleted. */
  now(message: Message): Message | undefined {
    return this.room.messages.get(message.message_id)
  }

  protected post(person: Person, fields: Partial<Message>, options: SaysOptions): Message {
    const { world } = this.stage
    const { reply_to_message: _, ...repliedTo } = options.replyTo ?? ({} as Message)
    const { call: __, ...flat } = repliedTo as Message & { call?: Call }
    const thread =
      options.threadId ?? (options.replyTo?.is_topic_message === true ? options.replyTo.message_thread_id : undefined)
    const message = this.room.add({
      date: unixTime(world),
      from: person.user,
      ...fields,
      ...(options.replyTo === undefined ? {} : { reply_to_message: flat }),
      ...(thread === undefined ? {} : { message_thread_id: thread, is_topic_message: true }),
      ...(options.forwardOrigin === undefined ? {} : { forward_origin: options.forwardOrigin }),
    })
    if (botReceives(world, this.room, message)) world.updates.push('message', message, `chat:${this.id}`)
    return message
  }

  protected typed(text: string, options: SaysOptions): Partial<Message> {
    if (text.length > 4096)
      throw new Error("Cannot type a message of more than 4096 characters: Telegram's apps split it")
    const entities = options.entities ?? typedEntities(text)
    return entities.length > 0 ? { text, entities } : { text }
  }

  protected file(name: string, bytes: Uint8Array, type: string, caption?: string): Partial<Message> {
    return {
      document: documentOf(storeFile(this.stage.world, { name, bytes, type })),
      ...(caption === undefined ? {} : { caption }),
    }
  }
}

/** The chat between one person and the bot. The bot may write only after the person did. */
export class PrivateChat extends ChatView {
  readonly person: Person

  constructor(room: Room, stage: Stage, person: Person) {
    super(room, stage)
    this.person = person
  }

  says(text: string, options: SaysOptions = {}): Message {
    this.#opens()
    return this.post(this.person, this.typed(text, options), options)
  }

  /** Presses Start, with the payload of a deep link if one is given. */
  starts(payload?: string): Message {
    if (payload !== undefined && !isStartPayload(payload))
      throw new Error('Cannot start: Telegram opens a link with such a payload without it')
    return this.says(payload === undefined ? '/start' : `/start ${payload}`)
  }

  /** Opens a `t.me/<bot>?start=…` link, as from a button or a text link. */
  follows(url: string): Message {
    const { username } = this.stage.world.bot
    const link = new URL(url)
    if (link.hostname !== 't.me' || link.pathname !== `/${username}`)
      throw new Error(`Cannot follow the link: it does not lead to @${username}`)
    return this.starts(link.searchParams.get('start') ?? undefined)
  }

  sendsFile(file: {
    readonly name: string
    readonly bytes: Uint8Array
    readonly type?: string
    readonly caption?: string
  }): Message {
    this.#opens()
    return this.post(
      this.person,
      this.file(file.name, file.bytes, file.type ?? 'application/octet-stream', file.caption),
      {},
    )
  }

  /** The person stops the bot: it is told and can write no more. */
  blocks(): void {
    changeMembership(this.stage.world, this.room, this.person.user, this.#bot(), 'kicked')
    this.room.reach = 'blocked'
  }

  unblocks(): void {
    changeMembership(this.stage.world, this.room, this.person.user, this.#bot(), 'member')
  }

  #opens(): void {
    if (this.room.reach === 'blocked') this.unblocks()
    if (this.room.reach === 'never started') {
      this.room.reach = 'open'
      this.room.members.set(this.stage.world.bot.id, { user: this.#bot(), status: 'member' })
    }
  }

  #bot(): User {
    return botUser(this.stage.world)
  }
}

const botUser = ({ bot: { id, is_bot, first_name, username } }: World): User => ({ id, is_bot, first_name, username })

/** A group or supergroup. */
export class Group extends ChatView {
  /**
   * Someone writes. The bot gets it as privacy mode allows, or as a guest when it is no member and is mentioned.
   * Returns the message.
   */
  hears(person: Person, text: string, options: SaysOptions = {}): Message {
    this.#joins(person)
    const message = this.post(person, this.typed(text, options), options)
    const { world } = this.stage
    if (!callsGuest(world, this.room, message)) return message
    const id = world.newId('guest-query')
    world.guestQueries.set(id, newQuery(world.now(), person.user, this.room))
    const called: Message = { ...message, guest_query_id: id }
    world.updates.push('guest_message', called, `guest:${this.id}`)
    return called
  }

  /** Another bot writes: commands that name no bot now go to it. */
  hearsOtherBot(text: string): Message {
    this.room.lastBot = 1
    return this.room.add({
      date: unixTime(this.stage.world),
      from: { id: 1, is_bot: true, first_name: 'Other bot', username: 'other_bot' },
      text,
    })
  }

  /** Gives a person a status; the bot hears of it if it is an administrator and asked for `chat_member`. */
  sets(person: Person, status: MemberStatus, by: Person = person): void {
    changeMembership(this.stage.world, this.room, by.user, person.user, status)
  }

  /** A person adds the bot, promotes, restricts or removes it. */
  setsBot(status: MemberStatus, by: Person): void {
    const { world } = this.stage
    const before = this.room.statusOf(world.bot.id)
    changeMembership(world, this.room, by.user, botUser(world), status)
    if (isPresent(before) === isPresent(status)) return
    // The service message tells of those that come and go; a bot that was removed does not get it any more.
    if (isPresent(status)) this.post(by, { new_chat_members: [botUser(world)] }, {})
    else this.room.add({ date: unixTime(world), from: by.user, left_chat_member: botUser(world) })
  }

  /** Opens a topic of a forum and returns its thread id. */
  opensTopic(person: Person, title: string): number {
    if (this.room.chat.is_forum !== true) throw new Error('Cannot open a topic: the group is no forum')
    this.#joins(person)
    const { world } = this.stage
    const message = this.room.add({
      date: unixTime(world),
      from: person.user,
      forum_topic_created: { name: title, icon_color: 7322096 },
    })
    const opened: Message = { ...message, message_thread_id: message.message_id, is_topic_message: true }
    this.room.messages.set(message.message_id, opened)
    this.room.topics.set(message.message_id, title)
    if (botReceives(world, this.room, opened)) world.updates.push('message', opened, `chat:${this.id}`)
    return message.message_id
  }

  /**
   * The group becomes a supergroup: another id, and the old one answers with `migrate_to_chat_id`. This object goes on
   * as the new one.
   */
  migrates(by: Person): { readonly from: number; readonly to: number } {
    const { world } = this.stage
    const old = this.room
    if (old.chat.type !== 'group') throw new Error('Cannot migrate: it is a supergroup already')
    const to = -1_002_000_000_000 + old.chat.id
    const room = new Room(
      { id: to, type: 'supergroup', ...(old.chat.title === undefined ? {} : { title: old.chat.title }) },
      old.reach,
    )
    for (const [id, member] of old.members) room.members.set(id, member)
    room.lastBot = old.lastBot
    world.rooms.set(to, room)
    this.post(by, { migrate_to_chat_id: to }, {})
    old.migratedTo = to
    const from = old.chat.id
    this.room = room
    this.post(by, { migrate_from_chat_id: from }, {})
    return { from, to }
  }

  #joins(person: Person): void {
    if (!isPresent(this.room.statusOf(person.id)))
      this.room.members.set(person.id, { user: person.user, status: 'member' })
  }
}

/** The buttons of a message, by their texts, row by row. */
export const buttonTexts = (message: Message): readonly (readonly string[])[] =>
  (message.reply_markup?.inline_keyboard ?? []).map((row: readonly Button[]) => row.map(({ text }) => text))
