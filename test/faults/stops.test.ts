import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { enterRoom, type Room } from './room.ts'

let room: Room
beforeEach(async () => {
  room = await enterRoom()
})
afterEach(() => room.leave())

test('SIGTERM while the corpus is being opened ends the start in good order', async () => {
  const service = room.start()
  await service.said('starting')
  service.child.kill('SIGTERM')
  expect(await service.ended).toEqual({ code: 0, signal: null })
  expect(service.errors).toEqual([])
  expect(service.lines.map(({ event }) => event)).not.toContain('started')
})

test('SIGTERM to "npm start" reaches the service', async () => {
  // Where the project is, as an operator does it.
  const project = fileURLToPath(new URL('../../', import.meta.url))
  const service = room.start({}, ['npm', '--prefix', project, 'start'])
  await service.said('ready')
  service.child.kill('SIGTERM')
  await service.ended
  expect(service.lines.map(({ event }) => event)).toContain('stopped')
  // The port is free: nobody goes on behind npm.
  await expect(room.ready()).rejects.toThrow()
})
