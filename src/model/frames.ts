import { existsSync } from 'node:fs'
import { isAbsolute, join, posix, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'

/** One step of the way to a fault. */
export type Frame = {
  /** As the program names it; empty where it has no name. */
  readonly function: string
  /** From the root of the project: `src/bot/handlers.ts`, `node_modules/telegraf/…`; Node's own begin with `node:`. */
  readonly file: string
  /** Both count from 1, in the file as it was written. */
  readonly line: number
  readonly column: number
}

const root = fileURLToPath(new URL('../..', import.meta.url))
const mostFrames = 10

const step = /^(?:async )?(?:(?<name>.*?) \()?(?<place>\S.*):(?<line>\d+):(?<column>\d+)\)?$/u // get (/x/a.ts:1:2)
const ownName = /^(?:new )?(?:[\w$.]+\.)?(?:[gs]et )?[\w$#<>]+(?: \[as [\w$#<>]+\])?$/u // Desk.get x [as y]
const longestName = 80
const builtIn = /^node:[a-z/_]+$/u // node:internal/process/task_queues
const inside = /^[\w@+-][\w@.+/-]*\.[cm]?[jt]s$/u // node_modules/@a/b.js

/** A place as a stack writes it, without what tells of the machine; undefined for what is no file of the project. */
function fileOf(place: string): string | undefined {
  if (builtIn.test(place)) return place
  const path = place.startsWith('file:') ? fileURLToPath(place) : place
  if (!isAbsolute(path)) return undefined
  const file = relative(root, path).replaceAll(sep, posix.sep).replace(/\?.*$/u, '')
  return inside.test(file) ? file : undefined
}

/** A step as a stack writes it, `onPress (/x/src/bot/a.ts:1:2)`; undefined where it is not one of ours or of Node. */
function frameOf(text: string): Frame | undefined {
  const { name = '', place = '', line, column } = step.exec(text)?.groups ?? {}
  const file = fileOf(place)
  if (file === undefined) return undefined
  const isNamed = name.length <= longestName && ownName.test(name) && name !== '<anonymous>'
  return { function: isNamed ? name : '', file, line: Number(line), column: Number(column) }
}

const begin = '\n    at '

/** The steps that whoever writes stacks makes of one; a stack of a nameless error, so that no message is in it. */
const stepsOf = (site: NodeJS.CallSite, write: (error: Error, sites: NodeJS.CallSite[]) => unknown): string[] =>
  String(write(Object.assign(new Error(), { name: '' }), [site]))
    .split(begin)
    .slice(1)

/**
 * V8 writes the stack when it is first read, and asks `Error.prepareStackTrace` how: there the steps are known without
 * the message. Undefined when the stack was read before.
 */
function unread(error: Error): readonly Frame[] | undefined {
  const write = Error.prepareStackTrace
  if (write === undefined) return undefined
  let frames: readonly Frame[] | undefined
  Error.prepareStackTrace = (own, sites) => {
    frames = sites.flatMap((site) => {
      const [only, ...others] = stepsOf(site, write)
      const frame = only === undefined || others.length > 0 ? undefined : frameOf(only)
      return frame === undefined ? [] : [frame]
    })
    return write(own, sites)
  }
  try {
    void error.stack
  } finally {
    Error.prepareStackTrace = write
  }
  return frames
}

/**
 * Of a stack that was read before, what follows the message. The message may have been another then, so nothing is
 * taken unless it stands there letter for letter and only steps follow; no name is taken, for a name could be text, and
 * no file that is not there.
 */
function read({ name, message, stack }: Error): readonly Frame[] {
  const head = message === '' ? name : `${name}: ${message}`
  if (typeof stack !== 'string' || !stack.startsWith(`${head}${begin}`)) return []
  const steps = stack.slice(head.length).split(begin).slice(1)
  if (steps.some((one) => one.includes('\n'))) return []
  return steps
    .map(frameOf)
    .flatMap((frame) => (frame !== undefined && isThere(frame) ? [{ ...frame, function: '' }] : []))
}

const isThere = ({ file }: Frame): boolean => existsSync(join(root, file))
/** What was found, for asking has the stack read. */
const found = new WeakMap<Error, readonly Frame[]>()

const isOwn = ({ file }: Frame): boolean => !/^(?:node_modules\/|node:)/u.test(file)

/**
 * Where a fault arose, for the log: at most ten steps, the project's own first, each group from the fault outwards.
 * Neither the message nor any other text of the error is in them, nor a path or an address of the machine. Empty for
 * what is no error or hides where it came from. Never throws.
 */
export function framesOf(error: unknown): readonly Frame[] {
  try {
    if (!(error instanceof Error)) return []
    const frames = found.get(error) ?? unread(error) ?? read(error)
    found.set(error, frames)
    return [...frames.filter(isOwn), ...frames.filter((frame) => !isOwn(frame))].slice(0, mostFrames)
  } catch {
    return []
  }
}
