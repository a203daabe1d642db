import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import { type Standin, startStandin } from '../standin/standin.ts'
import type { Message } from '../standin/types.ts'

export interface Home {
  /** `redis://…`; undefined for the embedded home in `folder`. */
  readonly url: string | undefined
  readonly folder: string
  /** Messages of one answer; 2 unless told. */
  readonly parts?: number
}

/** A bot in a process of its own, and what it said. */
export interface AnsweringProcess {
  readonly child: ChildProcess
  readonly ready: Promise<void>
  readonly exited: Promise<void>
  /** Everything from stdout and stderr. */
  output: string
}

/** Messages that the bots said to be on record, as `<update id> <key>`, with the moment. */
export type Records = Map<string, number>

export function startAnswering(
  standin: Standin,
  home: Home,
  records: Records,
  port?: number,
  nodeOptions: readonly string[] = [],
): AnsweringProcess {
  const settings = { token: standin.token, apiRoot: standin.apiRoot, ...home, port, secret: 'hook-secret' }
  const child = spawn(process.execPath, [...nodeOptions, '--import', 'tsx', 'test/faults/answering-process.ts'], {
    env: { ...process.env, ANSWERING: JSON.stringify(settings) },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let isReady = () => {}
  const answering: AnsweringProcess = {
    child,
    ready: new Promise((resolve) => (isReady = resolve)),
    exited: new Promise((resolve) => child.once('exit', () => resolve())),
    output: '',
  }
  child.stderr?.on('data', (chunk: Buffer) => (answering.output += chunk.toString()))
  createInterface({ input: child.stdout! }).on('line', (line) => {
    answering.output += `${line}\n`
    if (line === '["ready"]') isReady()
    if (!line.startsWith('["recorded"')) return
    const [, updateId, key] = JSON.parse(line) as [string, number, string]
    // The first time counts: what is sent again is recorded again.
    if (!records.has(`${updateId} ${key}`)) records.set(`${updateId} ${key}`, Date.now())
  })
  return answering
}

/** What became of the questions. */
export interface Tally {
  readonly asked: number
  /** Messages of answers that never arrived. */
  readonly lost: readonly string[]
  /** Messages that arrived again after they were on record. */
  readonly doubledAfterRecord: readonly string[]
  /** Messages that arrived again because the process ended between Telegram's acceptance and the record. */
  readonly doubledBefore: number
  /** Chats in which the answers came in another order than the questions. */
  readonly outOfOrder: readonly number[]
}

/** A stream of questions, each to be answered by `<text>#1` and `<text>#2`. */
export class Stream {
  readonly standin: Standin
  readonly records: Records = new Map()
  readonly #asked = new Map<string, { readonly updateId: number; readonly chat: number }>()
  readonly #chats: number

  constructor(standin: Standin, chats: number) {
    this.standin = standin
    this.#chats = chats
  }

  ask(): Message {
    const number = this.#asked.size
    const chat = (number % this.#chats) + 1
    const message = this.standin
      .privateChat(this.standin.person({ id: chat, first_name: `P${chat}` }))
      .says(`四川金融第${number}問`)
    const pending = this.standin.world.updates.pending.at(-1)
    this.#asked.set(message.text ?? '', { updateId: pending?.update.update_id ?? 0, chat })
    return message
  }

  #arrivals(): Map<string, number[]> {
    const arrivals = new Map<string, number[]>()
    for (const { params, outcome, at } of this.standin.callsOf('sendMessage')) {
      // A call whose connection was cut by the kill has been carried out all the same.
      if (outcome.kind !== 'answered' && outcome.kind !== 'abandoned' && !(outcome.kind === 'fault' && outcome.effect))
        continue
      const text = String(params.text)
      arrivals.set(text, [...(arrivals.get(text) ?? []), at])
    }
    return arrivals
  }

  get isAnswered(): boolean {
    const arrivals = this.#arrivals()
    return [...this.#asked.keys()].every((text) => arrivals.has(`${text}#2`))
  }

  tally(): Tally {
    const arrivals = this.#arrivals()
    const lost: string[] = []
    const doubledAfterRecord: string[] = []
    let doubledBefore = 0
    for (const [text, { updateId, chat }] of this.#asked) {
      for (const part of [1, 2]) {
        const times = arrivals.get(`${text}#${part}`) ?? []
        const recordedAt = this.records.get(`${updateId} sendMessage ${chat} ${part - 1}`)
        if (times.length === 0) lost.push(`${text}#${part}`)
        if (recordedAt !== undefined && times.slice(1).some((at) => at > recordedAt))
          doubledAfterRecord.push(`${text}#${part}`)
        else doubledBefore += Math.max(0, times.length - 1)
      }
    }
    const outOfOrder = [...new Set([...this.#asked.values()].map(({ chat }) => chat))].filter((chat) => {
      const firsts = [...arrivals]
        .filter(([text]) => this.#asked.get(text.slice(0, -2))?.chat === chat)
        .map(([text, times]) => ({ text, at: times[0] ?? 0 }))
      const wanted = [...this.#asked]
        .filter(([, question]) => question.chat === chat)
        .flatMap(([text]) => [`${text}#1`, `${text}#2`])
      return firsts.map(({ text }) => text).join() !== wanted.join()
    })
    return { asked: this.#asked.size, lost, doubledAfterRecord, doubledBefore, outOfOrder }
  }
}

/** Asks without pause while the bot is killed `kills` times at random moments, then lets it finish. */
export async function surviveKills(
  home: Home,
  kills: number,
  random: () => number,
): Promise<{ readonly tally: Tally; readonly output: string; readonly token: string }> {
  const standin = await startStandin()
  const stream = new Stream(standin, 12)
  let output = ''
  let isAsking = true
  const asking = (async () => {
    while (isAsking) {
      if (standin.world.updates.pending.length < 200) for (let count = 0; count < 4; count += 1) stream.ask()
      await pause(20)
    }
  })()
  for (let kill = 0; kill < kills; kill += 1) {
    const answering = startAnswering(standin, home, stream.records)
    await answering.ready
    await pause(20 + random() * 400)
    answering.child.kill('SIGKILL')
    await answering.exited
    output += answering.output
  }
  isAsking = false
  await asking
  const last = startAnswering(standin, home, stream.records)
  for (const end = Date.now() + 120_000; !stream.isAnswered && Date.now() < end; ) await pause(100)
  // Whatever would come twice comes now.
  await pause(500)
  last.child.kill('SIGKILL')
  await last.exited
  output += last.output
  await standin.stop()
  return { tally: stream.tally(), output, token: standin.token }
}
