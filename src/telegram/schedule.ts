import { Bucket } from '../model/bucket.ts'
import { quietly } from '../model/quietly.ts'
import { FloodedError } from './errors.ts'
import type { Schedule, Turn } from './gateway.ts'
import { type SendLimits, telegramLimits, Window } from './limits.ts'
import { kindOf, type MethodKind } from './methods.ts'
import { monotonicNow } from './time.ts'

export interface ScheduleOptions {
  readonly limits?: Partial<SendLimits>
  readonly log?: (event: ScheduleEvent) => void
  /** Milliseconds. */
  readonly now?: () => number
  /** Calls `run` after `ms` milliseconds, unless the returned function is called before. */
  readonly setTimer?: (ms: number, run: () => void) => () => void
}

export type ScheduleEvent =
  | { readonly event: 'chat paused'; readonly chatId: number | string; readonly ms: number }
  | { readonly event: 'all paused'; readonly ms: number }

export interface FairSchedule {
  /** For the gateway. */
  readonly schedule: Schedule
  /** Requests that wait for their turn. */
  readonly waiting: number
  /** Chats that are remembered; those at rest are forgotten. */
  readonly chats: number
}

interface Entry {
  readonly turn: Turn
  readonly start: () => Promise<void>
}

/** What goes to one chat in order, one at a time: its messages, or its edits. */
interface Lane {
  readonly chat: Chat
  readonly isEdits: boolean
  entries: Entry[]
  isBusy: boolean
  isListed: boolean
}

interface Chat {
  readonly id: number | string
  readonly bucket: Bucket
  /** Only groups have one. */
  readonly minute: Window | undefined
  readonly sends: Lane
  readonly edits: Lane
  pausedUntil: number
}

type Cost = 'send' | 'edit' | 'free'

const costs: Readonly<Record<MethodKind, Cost>> = {
  send: 'send',
  edit: 'edit',
  delete: 'edit',
  sign: 'edit',
  reply: 'free',
  answer: 'free',
  read: 'free',
  set: 'free',
}

/** What a request costs. Answers to callbacks and inline queries cost nothing and go at once. */
const costOf = ({ method, chatId }: Turn): Cost => (chatId === undefined ? 'free' : costs[kindOf(method)])

const isGroup = (chatId: number | string): boolean => (typeof chatId === 'number' ? chatId < 0 : !/^\d+$/u.test(chatId))

/**
 * The gateway repeats a call up to 250 ms after the time that Telegram named; nothing of the chat shall overtake it.
 * Milliseconds.
 */
const repetitionMs = 300
/** When so many chats are told to wait within this time, it is the bot that is too fast and not a chat. */
const globalFlood = { chats: 3, withinMs: 2000 }
const manyChats = 1000

const realTimer = (ms: number, run: () => void): (() => void) => {
  const timer = setTimeout(run, ms)
  return () => clearTimeout(timer)
}

/**
 * Decides when requests go out, so that Telegram's limits hold and no chat waits for another's.
 *
 * - Every chat has a queue of its own; chats take turns. A chat at its limit, paused or with a request that hangs
 * delays itself alone.
 * - In a chat: repetitions first, then by priority, then in order; one message at a time, so none overtakes another.
 * Edits have a lane beside.
 * - Over all chats, edits go before messages and messages before `bulk`; of every ten turns at least three are the
 * messages'.
 * - 429 pauses the chat, or everything when several chats get it at once. What costs nothing (answers to queries) is
 * never queued: while
 *   it is paused it is rejected at once with FloodedError, so that the gateway can tell whether waiting still makes
 * sense.
 * - A call whose time is over leaves the queue and is rejected.
 */
export function createSchedule(options: ScheduleOptions = {}): FairSchedule {
  const { now = monotonicNow, setTimer = realTimer } = options
  const log = quietly(options.log)
  const limits = { ...telegramLimits, ...options.limits }
  const overall = new Window(limits.overallPerSecond, 1000)
  const chats = new Map<number | string, Chat>()
  /** Lanes whose next request may go as soon as the overall limit lets it. */
  const ready: Readonly<Record<'edit' | 'send' | 'bulk', Lane[]>> = { edit: [], send: [], bulk: [] }
  /** Lanes that must wait, the earliest first. */
  const later: { readonly at: number; readonly lane: Lane }[] = []
  /** Until when calls of a method that costs nothing are paused. */
  const methodPause = new Map<string, number>()
  let pausedUntil = 0
  let floods: { readonly chatId: number | string; readonly at: number }[] = []
  let waiting = 0
  let turns = 0
  let timer: { readonly at: number; readonly cancel: () => void } | undefined

  function chatOf(id: number | string): Chat {
    const known = chats.get(id)
    if (known !== undefined) return known
    if (chats.size >= manyChats) forgetChatsAtRest()
    const lane = (isEdits: boolean): Lane => ({
      get chat() {
        return chat
      },
      isEdits,
      entries: [],
      isBusy: false,
      isListed: false,
    })
    const chat: Chat = {
      id,
      bucket: new Bucket(limits.chatPerSecond, limits.chatBurst),
      minute: isGroup(id) ? new Window(limits.groupPerMinute, 60_000) : undefined,
      sends: lane(false),
      edits: lane(true),
      pausedUntil: 0,
    }
    chats.set(id, chat)
    return chat
  }

  function forgetChatsAtRest(): void {
    const moment = now()
    for (const [id, { sends, edits, bucket, minute, pausedUntil: paused }] of chats) {
      const isAtWork = [sends, edits].some(({ entries, isBusy, isListed }) => entries.length > 0 || isBusy || isListed)
      if (!isAtWork && paused <= moment && bucket.isIdle(moment) && (minute?.isIdle(moment) ?? true)) chats.delete(id)
    }
  }

  /** From when on the next request of a lane may go, but for the overall limit. */
  function freeAt({ chat, isEdits }: Lane): number {
    return isEdits ? chat.pausedUntil : Math.max(chat.pausedUntil, chat.bucket.freeAt(), chat.minute?.freeAt() ?? 0)
  }

  /** Puts a lane that has something to do where `pump` finds it. */
  function list(lane: Lane): void {
    const [first] = lane.entries
    if (first === undefined || lane.isBusy || lane.isListed) return
    lane.isListed = true
    const at = freeAt(lane)
    if (at <= now()) ready[lane.isEdits ? 'edit' : first.turn.priority === 'bulk' ? 'bulk' : 'send'].push(lane)
    else insert({ at, lane })
  }

  function insert(item: (typeof later)[number]): void {
    let low = 0
    let high = later.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((later[middle]?.at ?? 0) <= item.at) low = middle + 1
      else high = middle
    }
    later.splice(low, 0, item)
  }

  /** The lane whose turn it is. */
  function nextLane(): Lane | undefined {
    const order =
      turns % 10 === 9
        ? (['bulk', 'send', 'edit'] as const)
        : turns % 3 === 2
          ? (['send', 'edit', 'bulk'] as const)
          : (['edit', 'send', 'bulk'] as const)
    return order
      .map((kind) => ready[kind])
      .find(({ length }) => length > 0)
      ?.shift()
  }

  /** Lets go what may go, and sets the timer for the next. */
  function pump(): void {
    const moment = now()
    const due = later.findIndex(({ at }) => at > moment)
    for (const { lane } of later.splice(0, due === -1 ? later.length : due)) {
      lane.isListed = false
      list(lane)
    }
    const openAt = () => Math.max(pausedUntil, overall.freeAt())
    while (openAt() <= moment) {
      const lane = nextLane()
      if (lane === undefined) break
      lane.isListed = false
      // The chat may have been paused since it was listed.
      if (freeAt(lane) > moment) list(lane)
      else go(lane, moment)
    }
    const hasReady = ready.edit.length + ready.send.length + ready.bulk.length > 0
    wakeAt(Math.min(hasReady ? openAt() : Number.POSITIVE_INFINITY, later[0]?.at ?? Number.POSITIVE_INFINITY))
  }

  function wakeAt(at: number): void {
    if (timer !== undefined) {
      if (timer.at === at) return
      timer.cancel()
      timer = undefined
    }
    if (at === Number.POSITIVE_INFINITY) return
    const cancel = setTimer(Math.max(1, Math.ceil(at - now())), () => {
      timer = undefined
      pump()
    })
    timer = { at, cancel }
  }

  function go(lane: Lane, moment: number): void {
    const entry = lane.entries.shift()
    if (entry === undefined) return
    turns += 1
    waiting -= 1
    lane.isBusy = true
    overall.note(moment)
    if (!lane.isEdits) {
      lane.chat.bucket.note(moment)
      lane.chat.minute?.note(moment)
    }
    void entry.start().then(() => {
      lane.isBusy = false
      list(lane)
      pump()
    })
  }

  function noteFlood(turn: Turn, retryAfter: number): void {
    const moment = now()
    const ms = retryAfter * 1000
    if (turn.chatId === undefined || costOf(turn) === 'free') {
      methodPause.set(turn.method, moment + ms)
      return
    }
    const chat = chatOf(turn.chatId)
    chat.pausedUntil = Math.max(chat.pausedUntil, moment + ms + repetitionMs)
    log({ event: 'chat paused', chatId: turn.chatId, ms })
    floods = [...floods.filter(({ at }) => at > moment - globalFlood.withinMs), { chatId: turn.chatId, at: moment }]
    if (new Set(floods.map(({ chatId }) => chatId)).size < globalFlood.chats) return
    floods = []
    pausedUntil = Math.max(pausedUntil, moment + ms)
    log({ event: 'all paused', ms })
  }

  async function watch<T>(turn: Turn, send: () => Promise<T>): Promise<T> {
    try {
      return await send()
    } catch (error) {
      if (error instanceof FloodedError) noteFlood(turn, error.retryAfter)
      throw error
    }
  }

  /** Answers and questions to Telegram itself: at once, or not at all. */
  function free<T>(turn: Turn, send: () => Promise<T>): Promise<T> {
    const answers = kindOf(turn.method) === 'answer' || kindOf(turn.method) === 'reply'
    const paused = Math.max(methodPause.get(turn.method) ?? 0, answers ? pausedUntil : 0)
    const leftMs = paused - now()
    if (leftMs > 0) return Promise.reject(new FloodedError(turn.method, turn.attempt, Math.ceil(leftMs / 1000)))
    methodPause.delete(turn.method)
    return watch(turn, send)
  }

  const rank = ({ attempt, priority }: Turn) => (attempt > 1 ? 0 : { urgent: 1, normal: 2, bulk: 3 }[priority])

  function enqueue<T>(lane: Lane, turn: Turn, send: () => Promise<T>): Promise<T> {
    const { signal } = turn
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(signal.reason)
      const leave = () => {
        lane.entries = lane.entries.filter((other) => other !== entry)
        waiting -= 1
        reject(signal.reason)
      }
      const entry: Entry = {
        turn,
        start() {
          signal.removeEventListener('abort', leave)
          const sent = watch(turn, send)
          sent.then(resolve, reject)
          return sent.then(
            () => {},
            () => {},
          )
        },
      }
      signal.addEventListener('abort', leave, { once: true })
      let place = lane.entries.length
      while (place > 0 && rank((lane.entries[place - 1] as Entry).turn) > rank(turn)) place -= 1
      lane.entries.splice(place, 0, entry)
      waiting += 1
      list(lane)
      pump()
    })
  }

  return {
    schedule(turn, send) {
      const cost = costOf(turn)
      if (cost === 'free' || turn.chatId === undefined) return free(turn, send)
      const chat = chatOf(turn.chatId)
      return enqueue(cost === 'edit' ? chat.edits : chat.sends, turn, send)
    },
    get waiting() {
      return waiting
    },
    get chats() {
      return chats.size
    },
  }
}
