import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../free-port.ts'
import { type Standin, startStandin } from '../standin/standin.ts'
import { projectFiles, type ServiceProcess, serviceCommand, startService } from './service-process.ts'

/** Where the service is started as a process: a folder, a Telegram and a port of its own. */
export interface Room {
  readonly folder: string
  readonly telegram: Standin
  /** What a start needs, and no more. */
  readonly environment: Readonly<Record<string, string>>
  /** Address of /metrics, /health and /ready. */
  readonly operations: string
  start(more?: Readonly<Record<string, string | undefined>>, command?: readonly [string, ...string[]]): ServiceProcess
  /** Status and body of /ready, as soon as there is one. */
  ready(): Promise<{ readonly status: number; readonly text: string }>
  /** Remembers what is to be undone by `leave`. */
  atLeave(undo: () => unknown): void
  /** Ends what was started and removes what was written. */
  leave(): Promise<void>
}

export async function enterRoom(): Promise<Room> {
  const folder = await mkdtemp(join(tmpdir(), 'room-'))
  const telegram = await startStandin({ patienceMs: 60_000 })
  const address = `127.0.0.1:${await freePort()}`
  const environment = {
    ...projectFiles,
    BOT_TOKEN: telegram.token,
    TELEGRAM_API_ROOT: telegram.apiRoot,
    DATA: join(folder, 'data'),
    METRICS_ADDRESS: address,
  }
  const undoing: (() => unknown)[] = [() => rm(folder, { recursive: true, force: true }), () => telegram.stop()]
  return {
    folder,
    telegram,
    environment,
    operations: `http://${address}`,
    start(more = {}, command = serviceCommand) {
      const service = startService({ ...environment, ...more }, folder, command)
      undoing.push(async () => {
        service.child.kill('SIGKILL')
        await service.ended
      })
      return service
    },
    async ready() {
      const answer = await fetch(`http://${address}/ready`)
      return { status: answer.status, text: await answer.text() }
    },
    atLeave: (undo) => undoing.push(undo),
    async leave() {
      for (const undo of undoing.toReversed()) await undo()
    },
  }
}
