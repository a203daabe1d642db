import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { until } from '../until.ts'

/** A line of the service's log. */
export type Line = Readonly<Record<string, unknown>> & { readonly event: string }

/** How a process ended: its exit code, or the signal that killed it. */
export type End = { readonly code: number | null; readonly signal: NodeJS.Signals | null }

/** The service as an operator runs it, and what it says. */
export interface ServiceProcess {
  readonly child: ChildProcess
  /** What it logged so far. */
  readonly lines: readonly Line[]
  /** Lines of standard error, without the empty ones. */
  readonly errors: readonly string[]
  readonly ended: Promise<End>
  /** Waits for the first line of an event; rejects when the process ends without it. */
  said(event: string): Promise<Line>
}

const root = new URL('../../', import.meta.url)
const inProject = (path: string) => fileURLToPath(new URL(path, root))

/** What the service reads of the project, wherever it is started. */
export const projectFiles = {
  CORPUS: inProject('corpus'),
  INDEX: inProject('index'),
  ENCODER: inProject('index/encoder'),
} as const

/** `npm start` without npm, from any folder. */
export const serviceCommand = [
  process.execPath,
  '--import',
  import.meta.resolve('tsx'),
  inProject('src/main.ts'),
] as const

/** `environment` is all that it gets beside PATH and HOME; `folder` is where it is started, and its `.env` looked for. */
export function startService(
  environment: Readonly<Record<string, string | undefined>>,
  folder: string,
  command: readonly [string, ...string[]] = serviceCommand,
): ServiceProcess {
  const { PATH = '', HOME = '' } = process.env
  const [program, ...args] = command
  const child = spawn(program, args, {
    env: { PATH, HOME, ...environment },
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const lines: Line[] = []
  const errors: string[] = []
  createInterface({ input: child.stdout }).on('line', (text) => {
    // npm says what it runs.
    if (text.startsWith('{')) lines.push(JSON.parse(text) as Line)
  })
  createInterface({ input: child.stderr }).on('line', (text) => {
    if (text.trim() !== '') errors.push(text)
  })
  let hasEnded = false
  // `close` and not `exit`: all that it said has been read then.
  const ended = new Promise<End>((resolve) =>
    child.once('close', (code, signal) => {
      hasEnded = true
      resolve({ code, signal })
    }),
  )
  return {
    child,
    lines,
    errors,
    ended,
    async said(event) {
      const find = () => lines.find((line) => line.event === event)
      const describe = () =>
        `No "${event}" in:\n${lines.map((line) => JSON.stringify(line)).join('\n')}\n${errors.join('\n')}`
      await until(() => hasEnded || find() !== undefined, describe)
      const line = find()
      if (line === undefined) throw new Error(`The service ended. ${describe()}`)
      return line
    },
  }
}
