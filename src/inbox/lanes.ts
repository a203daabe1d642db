import type { IncomingUpdate } from '../telegram/methods.ts'

export interface LanesOptions {
  /** Tasks at the same time, over all lanes; 32 by default. */
  readonly concurrency?: number
  /** Tasks that may wait before `room()` makes callers wait; 1000 by default. */
  readonly maxWaiting?: number
  /** A task rejected. The lane goes on. */
  readonly onError: (error: unknown, key: string) => void
}

/** Tasks with the same key run one after the other, in the order given; tasks with different keys side by side. */
export interface Lanes {
  run(key: string, task: () => Promise<unknown>): void
  /** Resolves when there is room for one more task: the way to hold back whoever brings them. */
  room(): Promise<void>
  /** Resolves when nothing waits and nothing runs. */
  drain(): Promise<void>
  readonly waiting: number
  readonly running: number
}

export function createLanes({ concurrency = 32, maxWaiting = 1000, onError }: LanesOptions): Lanes {
  /** Tasks that wait, by key. A key is here while its lane has work, running or waiting. */
  const lanes = new Map<string, (() => Promise<unknown>)[]>()
  /** Lanes whose next task may start, the longest waiting first: a busy chat cannot keep the others out. */
  const ready: string[] = []
  let waiting = 0
  let running = 0
  let wakeUps: (() => void)[] = []

  function start(): void {
    while (running < concurrency) {
      const key = ready.shift()
      if (key === undefined) break
      const task = lanes.get(key)?.shift()
      if (task === undefined) continue
      waiting -= 1
      running += 1
      void perform(key, task)
    }
    const woken = wakeUps
    wakeUps = []
    for (const wake of woken) wake()
  }

  async function perform(key: string, task: () => Promise<unknown>): Promise<void> {
    try {
      await task()
    } catch (error) {
      onError(error, key)
    }
    running -= 1
    if (lanes.get(key)?.length === 0) lanes.delete(key)
    else ready.push(key)
    start()
  }

  async function until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => wakeUps.push(resolve))
  }

  return {
    run(key, task) {
      const lane = lanes.get(key)
      waiting += 1
      if (lane !== undefined) lane.push(task)
      else {
        lanes.set(key, [task])
        ready.push(key)
      }
      start()
    },
    room: () => until(() => waiting < maxWaiting),
    drain: () => until(() => waiting === 0 && running === 0),
    get waiting() {
      return waiting
    },
    get running() {
      return running
    },
  }
}

interface Origin {
  readonly chat?: { readonly id: number }
  readonly from?: { readonly id: number }
  readonly message?: Origin
}

/**
 * The lane of an update: `chat:<id>` for what happens in a chat, `user:<id>` for inline queries and buttons of inline
 * messages. Guest messages have lanes of their own, since the chat they come from "may not coincide with other existing
 * bot chats sharing the same identifier".
 */
export function laneOf(update: IncomingUpdate): string {
  const { update_id, ...kinds } = update as IncomingUpdate & Readonly<Record<string, Origin>>
  const [kind, origin] = Object.entries(kinds)[0] ?? []
  const chat = origin?.chat ?? origin?.message?.chat
  if (chat !== undefined) return kind === 'guest_message' ? `guest:${chat.id}` : `chat:${chat.id}`
  return origin?.from === undefined ? `update:${update_id}` : `user:${origin.from.id}`
}

/** For `onUpdates` of the polling loop: puts each update into its lane, waiting while the lanes are full. */
export function intoLanes<U extends IncomingUpdate>(
  lanes: Lanes,
  handle: (update: U) => Promise<unknown>,
): (updates: readonly U[]) => Promise<void> {
  return async (updates) => {
    for (const update of updates) {
      await lanes.room()
      lanes.run(laneOf(update), () => handle(update))
    }
  }
}
