import { Readable } from 'node:stream'
import { pathToFileURL } from 'node:url'
import type { Ran, Run } from './run.ts'

/*
 * Runs scripts of the project one after the other in this process, each as if it were alone in it: with its own
 * arguments, environment and standard input, its output and exit code taken down. What they import is loaded once, which
 * is most of what a process of their own costs.
 */

class Exit extends Error {
  readonly code: number

  constructor(code: number) {
    super('the script ended')
    this.code = code
  }
}

const own = { ...process.env }
let runs = 0

async function run({ script, args, input, environment }: Run): Promise<Ran> {
  const ran = { code: 0, stdout: '', stderr: '' }
  const writes = { stdout: process.stdout.write, stderr: process.stderr.write }
  for (const name of ['stdout', 'stderr'] as const)
    process[name].write = (chunk: string | Uint8Array) => {
      ran[name] += String(chunk)
      return true
    }
  process.exit = (code) => {
    throw new Exit(Number(code ?? process.exitCode ?? 0))
  }
  Object.defineProperty(process, 'stdin', { configurable: true, value: Readable.from([input]) })
  process.argv = [process.execPath, script, ...args]
  process.env = { ...own, ...environment }
  process.exitCode = 0
  runs += 1
  try {
    await import(`${pathToFileURL(script).href}?${runs}`)
    ran.code = Number(process.exitCode)
  } catch (error) {
    ran.code = error instanceof Exit ? error.code : 1
    if (!(error instanceof Exit)) ran.stderr += String(error)
  }
  process.exitCode = 0
  Object.assign(process.stdout, { write: writes.stdout })
  Object.assign(process.stderr, { write: writes.stderr })
  return ran
}

process.on('message', (asked: Run) => void run(asked).then((ran) => process.send?.(ran)))
const end = process.exit.bind(process)
process.on('disconnect', () => end(0))
process.send?.('ready')
