import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { until } from '../until.ts'
import { enterRoom, type Room } from './room.ts'
import type { ServiceProcess } from './service-process.ts'
import type { Failure, Wait } from './starts.ts'

/** Tests of starts of the service as a process, each in a room of its own; `isLong`: every wait is also cut short. */
export function describeStarts(
  failures: readonly Failure[],
  waits: readonly Wait[],
  successes: readonly Pick<Failure, 'name' | 'prepare'>[],
  isLong: boolean,
): void {
  let room: Room
  beforeEach(async () => {
    room = await enterRoom()
  })
  afterEach(() => room.leave())

  const secretsIn = ({ lines, errors }: ServiceProcess) =>
    [room.telegram.token, 'a-secret'].filter((secret) => JSON.stringify([lines, errors]).includes(secret))

  describe('a start that cannot succeed ends with exit code 1 and one line that says what to do', () => {
    test.each(failures.map((failure) => [failure.name, failure] as const))('%s', async (_, failure) => {
      const service = room.start(await failure.prepare(room), failure.command)
      expect(await service.ended).toEqual({ code: 1, signal: null })
      expect(service.errors).toEqual([expect.stringMatching(failure.says)])
      expect(secretsIn(service)).toEqual([])
    })
  })

  describe('a start that may succeed later waits, alive and not ready, and is then ready', () => {
    test.each(waits.map((wait) => [wait.name, wait] as const))('%s', async (_, { prepare, event, reason }) => {
      const { environment = {}, heal } = await prepare(room)
      const service = room.start(environment)
      await service.said(event)
      expect((await fetch(`${room.operations}/health`)).status).toBe(200)
      if (reason !== undefined) {
        const { status, text } = await room.ready()
        expect(status).toBe(503)
        expect(text).toMatch(reason)
      }
      if ((await heal()) !== 'stop') await until(async () => (await room.ready()).status === 200)
      service.child.kill('SIGTERM')
      expect(await service.ended).toEqual({ code: 0, signal: null })
      expect(service.errors).toEqual([])
      expect(secretsIn(service)).toEqual([])
    })
  })

  describe.runIf(isLong)(
    'a start waits for what never comes and ends with exit code 0 as soon as it is told to',
    () => {
      test.each(waits.map((wait) => [wait.name, wait] as const))('%s', async (_, { prepare, event }) => {
        const service = room.start((await prepare(room)).environment)
        await service.said(event)
        service.child.kill('SIGTERM')
        expect(await service.ended).toEqual({ code: 0, signal: null })
        expect(service.errors).toEqual([])
      })
    },
  )

  describe('a start succeeds, and a question is answered', () => {
    test.each(successes.map((success) => [success.name, success] as const))('%s', async (_, { prepare }) => {
      const service = room.start(await prepare(room))
      const chat = room.telegram.privateChat(room.telegram.person({ id: 1, first_name: 'P' }))
      chat.says('浙21')
      expect((await chat.nextMessage()).text).toContain('浙港')
      service.child.kill('SIGTERM')
      expect(await service.ended).toEqual({ code: 0, signal: null })
      expect(service.errors).toEqual([])
      expect(secretsIn(service)).toEqual([])
    })
  })
}
