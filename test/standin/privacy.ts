import { isAdministrator, isPresent } from './members.ts'
import type { Room } from './room.ts'
import type { Message } from './types.ts'
import type { World } from './world.ts'

const serviceFields = [
  'new_chat_members',
  'left_chat_member',
  'migrate_to_chat_id',
  'migrate_from_chat_id',
  'forum_topic_created',
  'pinned_message',
] as const

/**
 * Whether the bot gets a message of a group. With privacy mode on: commands meant for it, commands that name no bot if
 * it spoke last, replies to it, messages sent via it, and service messages. A plain @mention is not among them.
 */
export function botReceives(world: World, room: Room, message: Message): boolean {
  if (room.chat.type === 'private') return true
  const status = room.statusOf(world.bot.id)
  if (!isPresent(status)) return false
  if (world.bot.can_read_all_group_messages || isAdministrator(status)) return true
  if (serviceFields.some((field) => field in message)) return true
  if (message.via_bot?.id === world.bot.id || message.reply_to_message?.from?.id === world.bot.id) return true
  const text = message.text ?? message.caption ?? ''
  const commands = (message.entities ?? message.caption_entities ?? []).filter(({ type }) => type === 'bot_command')
  return commands.some(({ offset, length }) => {
    const [, addressee] = text.slice(offset, offset + length).split('@')
    return addressee === undefined
      ? room.lastBot === world.bot.id
      : addressee.toLowerCase() === world.bot.username.toLowerCase()
  })
}

/** Whether a message calls the bot into a chat where it is no member. */
export function callsGuest(world: World, room: Room, message: Message): boolean {
  const mentions = (message.entities ?? []).filter(({ type }) => type === 'mention')
  const name = `@${world.bot.username}`.toLowerCase()
  const text = message.text ?? ''
  return (
    world.features.guestQueries &&
    world.bot.supports_guest_queries === true &&
    !isPresent(room.statusOf(world.bot.id)) &&
    mentions.some(({ offset, length }) => text.slice(offset, offset + length).toLowerCase() === name)
  )
}
