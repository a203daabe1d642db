import type { Destination, Outbox } from '../conversation/outbox.ts'
import type { Screen } from '../screens/screen.ts'
import type { InlineKeyboardMarkup } from '../telegram/bot-api.ts'
import { isCallError } from '../telegram/errors.ts'
import type { Gateway } from '../telegram/gateway.ts'
import type { Payload } from '../telegram/methods.ts'
import { lacksRich, type RichMessages } from '../telegram/rich-messages.ts'
import { keyboardOf } from './keyboard.ts'
import { registerChatMenu } from './menu.ts'

/** How long the bot works in silence before it shows that it is typing; how long Telegram shows it. Milliseconds. */
const silentFor = 500
const typingFor = 4500

/** Fields of a message that say where it goes. */
type Addressee = Pick<Payload<'sendMessage'>, 'chat_id' | 'message_thread_id' | 'reply_parameters'>
type Content = Pick<Payload<'sendMessage'>, 'text' | 'entities' | 'link_preview_options'>
type Markup = { readonly reply_markup?: InlineKeyboardMarkup }
type RichContent = Pick<Payload<'sendRichMessage'>, 'rich_message'> & Markup

const addressee = ({ chat, thread, replyTo }: Destination): Addressee => ({
  chat_id: chat,
  ...(thread === undefined ? {} : { message_thread_id: thread }),
  // A question may be deleted before its answer comes.
  ...(replyTo === undefined ? {} : { reply_parameters: { message_id: replyTo, allow_sending_without_reply: true } }),
})

const content = ({ message }: Screen): Content => ({
  text: message.text,
  entities: message.entities,
  link_preview_options: { is_disabled: true },
})

function markup({ rows }: Pick<Screen, 'rows'>, asker: number | undefined): Markup {
  const keyboard = keyboardOf(rows, asker)
  return keyboard === undefined ? {} : { reply_markup: keyboard }
}

/**
 * What a conversation can do in Telegram. Every function rejects with CallError where it says that it rejects.
 * `onMigrated` is told when a group got another id; the message then goes there.
 */
export function createOutbox(
  gateway: Gateway,
  rich: RichMessages,
  onMigrated: (from: number, to: number) => Promise<void>,
): Outbox {
  /** Calls again with the new id when the group became a supergroup meanwhile. */
  async function followingMigration<T>(
    destination: Destination,
    call: (destination: Destination) => Promise<T>,
  ): Promise<T> {
    try {
      return await call(destination)
    } catch (error) {
      if (!isCallError(error) || error.kind !== 'migrated') throw error
      await onMigrated(destination.chat, error.migrateToChatId)
      // Message numbers and topics of the old group mean nothing in the new one.
      return await call({ chat: error.migrateToChatId })
    }
  }

  /** Tries a native table where the screen and the server have one; `undefined` when the ordinary form is needed. */
  async function asRich<T>(
    screen: Screen,
    asker: number | undefined,
    call: (table: RichContent) => Promise<T>,
  ): Promise<T | undefined> {
    if (screen.rich === undefined || !rich.isWorthTrying()) return undefined
    try {
      return await call({ rich_message: { html: screen.rich.html }, ...markup(screen.rich, asker) })
    } catch (error) {
      if (!isCallError(error) || error.kind !== 'refused') throw error
      if (lacksRich(error)) rich.lacks()
      else if (error.reason !== 'bad markup' && error.reason !== 'too long') throw error
      return undefined
    }
  }

  async function send(destination: Destination, screen: Screen, asker?: number): Promise<number> {
    const table = await asRich(screen, asker, (fields) =>
      followingMigration(destination, (to) => gateway.call('sendRichMessage', { ...addressee(to), ...fields })),
    )
    if (table !== undefined) return table.message_id
    const sent = await followingMigration(destination, (to) =>
      gateway.call('sendMessage', { ...addressee(to), ...content(screen), ...markup(screen, asker) }),
    )
    return sent.message_id
  }

  return {
    send,

    async sendFile(destination, { name, bytes, caption }) {
      const document = { source: bytes, filename: name }
      await followingMigration(destination, (to) =>
        gateway.call('sendDocument', { ...addressee(to), document, caption }),
      )
    },

    async edit(target, screen, asker) {
      const where =
        'inline' in target ? { inline_message_id: target.inline } : { chat_id: target.chat, message_id: target.message }
      try {
        const table = await asRich(screen, asker, (fields) => gateway.call('editMessageText', { ...where, ...fields }))
        if (table === undefined)
          await gateway.call('editMessageText', { ...where, ...content(screen), ...markup(screen, asker) })
        return 'edited'
      } catch (error) {
        // The messages of a group that became a supergroup stay behind.
        if (isCallError(error) && error.kind === 'migrated') return 'gone'
        if (!isCallError(error) || error.kind !== 'refused') throw error
        if (error.reason === 'not modified') return 'same'
        if (error.reason === 'message gone') return 'gone'
        throw error
      }
    },

    async toast(press, text, isAlert = false) {
      try {
        await gateway.call('answerCallbackQuery', {
          callback_query_id: press,
          ...(text === undefined ? {} : { text: text.slice(0, 200), show_alert: isAlert }),
        })
      } catch (error) {
        // Nobody waits any more.
        if (!isCallError(error) || error.kind !== 'refused' || error.reason !== 'query too old') throw error
      }
    },

    async whileTyping({ chat, thread }, work, action = 'typing') {
      const sign = { chat_id: chat, action, ...(thread === undefined ? {} : { message_thread_id: thread }) }
      const type = () => {
        gateway.call('sendChatAction', sign).catch(() => {})
        timer = setTimeout(type, typingFor)
      }
      let timer = setTimeout(type, silentFor)
      try {
        return await work()
      } finally {
        clearTimeout(timer)
      }
    },

    async tell(chat, screen) {
      try {
        await send({ chat }, screen)
        return true
      } catch (error) {
        if (!isCallError(error) || (error.kind !== 'forbidden' && error.kind !== 'refused')) throw error
        return false
      }
    },

    async administers(chat, person) {
      try {
        const { status } = await gateway.call('getChatMember', { chat_id: chat, user_id: person })
        return status === 'creator' || status === 'administrator' ? 'yes' : 'no'
      } catch (error) {
        if (!isCallError(error)) throw error
        return error.kind === 'refused' ? 'no' : 'unknown'
      }
    },

    async leave(chat) {
      await gateway.call('leaveChat', { chat_id: chat })
    },

    offerMenu: (chat, language) => registerChatMenu(gateway, chat, language),
  }
}
