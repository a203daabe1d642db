import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { until } from '../until.ts'
import { enterRoom, type Room } from './room.ts'

let room: Room
beforeEach(async () => {
  room = await enterRoom()
})
afterEach(() => room.leave())

const asked = () => {
  const chat = room.telegram.privateChat(room.telegram.person({ id: 1, first_name: 'P' }), 'open')
  chat.says('浙21')
  return chat
}
const inOrder = { code: 0, signal: null }

describe('SIGTERM ends the service in good order, whatever it is at', () => {
  test('building the index, of which nothing is left that a later start could take for one', async () => {
    const INDEX = join(room.folder, 'index')
    await mkdir(INDEX)
    const service = room.start({ INDEX })
    await service.said('listening')
    await until(async () => (await room.ready()).text.includes('corpus and index are being opened'))
    service.child.kill('SIGTERM')
    expect(await service.ended).toEqual(inOrder)
    expect(service.errors).toEqual([])
    expect(await readdir(INDEX)).toEqual([])
  })

  test('answering a question, which is answered or kept, and never twice', async () => {
    const first = room.start()
    const chat = asked()
    await until(() => room.telegram.callsOf('sendMessage').length > 0)
    first.child.kill('SIGTERM')
    expect(await first.ended).toEqual(inOrder)
    const second = room.start()
    await second.said('ready')
    second.child.kill('SIGTERM')
    expect(await second.ended).toEqual(inOrder)
    await chat.nextMessage()
    expect(chat.messages.filter(({ from }) => from?.is_bot === true)).toHaveLength(1)
  })
})

test('two services that start at the same time build one index, and answer each its own', async () => {
  const other = await enterRoom()
  room.atLeave(other.leave)
  const INDEX = join(room.folder, 'index')
  const services = [room.start({ INDEX }), other.start({ INDEX })]
  const chats = [room, other].map(({ telegram }) => {
    const chat = telegram.privateChat(telegram.person({ id: 1, first_name: 'P' }))
    chat.says('浙21')
    return chat
  })
  for (const chat of chats) expect((await chat.nextMessage()).text).toContain('浙港')
  for (const service of services) {
    service.child.kill('SIGTERM')
    expect(await service.ended).toEqual(inOrder)
  }
  const later = room.start({ INDEX })
  await later.said('ready')
  expect(later.lines.filter(({ event }) => event === 'index')).toEqual([])
})
