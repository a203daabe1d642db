import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'

export interface StateProcess {
  readonly child: ChildProcess
  /** The first line that it says. */
  readonly begun: Promise<string>
  readonly exited: Promise<void>
  /** All lines, in order. */
  readonly lines: readonly string[]
}

/** Starts `test/embedded/state-process.ts`. */
export function startProcess(what: 'hold' | 'write', folder: string): StateProcess {
  const child = spawn(process.execPath, ['--import', 'tsx', 'test/embedded/state-process.ts', what, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const lines: string[] = []
  const reader = createInterface({ input: child.stdout! })
  const begun = new Promise<string>((resolve) => reader.once('line', resolve))
  reader.on('line', (line) => lines.push(line))
  const exited = new Promise<void>((resolve) => reader.once('close', resolve))
  return { child, begun, exited, lines }
}
