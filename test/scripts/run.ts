import { type ChildProcess, fork, spawn } from 'node:child_process'

export type Run = {
  readonly script: string
  readonly args: readonly string[]
  readonly input: string
  readonly environment: Readonly<Record<string, string>>
}
export type Ran = { readonly code: number | null; readonly stdout: string; readonly stderr: string }

let host: Promise<ChildProcess> | undefined
let last: Promise<unknown> = Promise.resolve()

function startHost(): Promise<ChildProcess> {
  const child = fork('test/scripts/host.ts', {
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  // Neither it nor the way to it keeps the tests from ending, and it ends with them.
  child.unref()
  child.channel?.unref()
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('message', () => resolve(child))
  })
}

async function askHost(run: Run): Promise<Ran> {
  host ??= startHost()
  const child = await host
  return await new Promise<Ran>((resolve, reject) => {
    const late = setTimeout(() => {
      host = undefined
      child.kill('SIGKILL')
      reject(new Error(`${run.script} ${run.args.join(' ')} did not end`))
    }, 50_000)
    child.once('message', (ran: Ran) => {
      clearTimeout(late)
      resolve(ran)
    })
    child.send(run)
  })
}

/**
 * Runs a script of the project with text on its standard input, in a process that runs the scripts of all tests one
 * after the other; what a process of its own is needed for, `runAlone()` shows.
 */
export function runScript(
  script: string,
  args: readonly string[],
  input = '',
  environment: Readonly<Record<string, string>> = {},
): Promise<Ran> {
  const ran = last.then(() => askHost({ script, args, input, environment }))
  last = ran.catch(() => {})
  return ran
}

/** Runs a script of the project as its users do, in a process of its own. */
export function runAlone(
  script: string,
  args: readonly string[],
  input = '',
  environment: Readonly<Record<string, string>> = {},
): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--import', 'tsx', script, ...args], {
      env: { ...process.env, ...environment },
    })
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text
    })
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      stderr += text
    })
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, stdout, stderr }))
    child.stdin.end(input)
  })
}
