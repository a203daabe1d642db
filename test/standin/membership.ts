import { chatMember } from './members.ts'
import type { Room } from './room.ts'
import type { MemberStatus, User } from './types.ts'
import { unixTime, type World } from './world.ts'

/** Gives a person or the bot another status in a chat and tells the bot, as far as Telegram tells bots. */
export function changeMembership(world: World, room: Room, by: User, user: User, status: MemberStatus): void {
  const isBot = user.id === world.bot.id
  const change = {
    chat: room.chat,
    from: by,
    date: unixTime(world),
    old_chat_member: chatMember(user, room.statusOf(user.id)),
    new_chat_member: chatMember(user, status),
  }
  room.members.set(user.id, { user, status })
  if (isBot) room.reach = status === 'kicked' ? 'kicked' : status === 'left' ? 'not a member' : 'open'
  // "The bot must be an administrator in the chat" to hear of others.
  const hears = isBot || room.statusOf(world.bot.id) === 'administrator'
  if (hears) world.updates.push(isBot ? 'my_chat_member' : 'chat_member', change, `chat:${room.chat.id}`)
}
