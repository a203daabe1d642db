import type { Screen } from '../screens/screen.ts'
import { keyboardOf } from '../screens/screen.ts'
import { isCallError } from '../telegram/errors.ts'
import type { Gateway } from '../telegram/gateway.ts'
import { lacksRich, type RichMessages } from '../telegram/rich-messages.ts'

/** Where a message goes. `replyTo` is the message that asked. */
export type Place = { readonly chat: number; readonly thread?: number; readonly replyTo?: number }

/** A message of the bot that can be changed. */
export type Target = { readonly chat: number; readonly message: number } | { readonly inline: string }

export type Edited = 'edited' | 'same' | 'gone'

/** How long the bot works in silence before it shows that it is typing; how long Telegram shows it. Milliseconds. */
const silentFor = 500
const typingFor = 4500

export type Outbox = ReturnType<typeof createOutbox>

/** Sends and edits screens. `onMigrated` is told when a group got another id; the message then goes there. */
export function createOutbox(
  gateway: Gateway,
  rich: RichMessages,
  onMigrated: (from: number, to: number) => Promise<void>,
) {
  const preview = { link_preview_options: { is_disabled: true } } as const
  const toPlace = ({ chat, thread, replyTo }: Place) => ({
    chat_id: chat,
    ...(thread === undefined ? {} : { message_thread_id: thread }),
    // A question may be deleted before its answer comes.
    ...(replyTo === undefined ? {} : { reply_parameters: { message_id: replyTo, allow_sending_without_reply: true } }),
  })
  const markup = (screen: Pick<Screen, 'rows'>, asker: number | undefined) => {
    const keyboard = keyboardOf(screen.rows, asker)
    return keyboard === undefined ? {} : { reply_markup: keyboard }
  }
  // Telegraf's typings are older than expandable quotations.
  const content = ({ message }: Screen) => ({ text: message.text, entities: message.entities as never, ...preview })

  /** Calls again with the new id when the group became a supergroup meanwhile. */
  async function followingMigration<T>(place: Place, call: (place: Place) => Promise<T>): Promise<T> {
    try {
      return await call(place)
    } catch (error) {
      if (!isCallError(error) || error.kind !== 'migrated') throw error
      await onMigrated(place.chat, error.migrateToChatId)
      // Message numbers and topics of the old group mean nothing in the new one.
      return await call({ chat: error.migrateToChatId })
    }
  }

  /** Tries a native table where the screen and the server have one; `undefined` when the ordinary form is needed. */
  async function asRich<T>(
    screen: Screen,
    call: (table: object) => Promise<T>,
    asker: number | undefined,
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

  return {
    /** Resolves with the number of the message. Throws CallError. */
    async send(place: Place, screen: Screen, asker?: number): Promise<number> {
      const table = await asRich(
        screen,
        (fields) =>
          followingMigration(place, (to) => gateway.call('sendRichMessage', { ...toPlace(to), ...fields } as never)),
        asker,
      )
      if (table !== undefined) return (table as { message_id: number }).message_id
      const sent = await followingMigration(place, (to) =>
        gateway.call('sendMessage', { ...toPlace(to), ...content(screen), ...markup(screen, asker) } as never),
      )
      return (sent as { message_id: number }).message_id
    },

    async sendFile(
      place: Place,
      file: { readonly name: string; readonly bytes: Uint8Array; readonly caption: string },
    ): Promise<void> {
      await followingMigration(place, (to) =>
        gateway.call('sendDocument', {
          ...toPlace(to),
          document: { source: file.bytes, filename: file.name },
          caption: file.caption,
        } as never),
      )
    },

    /** Throws CallError, except where the message shows the same already or is gone. */
    async edit(target: Target, screen: Screen, asker?: number): Promise<Edited> {
      const where =
        'inline' in target ? { inline_message_id: target.inline } : { chat_id: target.chat, message_id: target.message }
      try {
        if (
          (await asRich(
            screen,
            (fields) => gateway.call('editMessageText', { ...where, ...fields } as never),
            asker,
          )) !== undefined
        )
          return 'edited'
        await gateway.call('editMessageText', { ...where, ...content(screen), ...markup(screen, asker) } as never)
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

    /**
     * Answers a pressed button; a toast of at most 200 units when there is a text. Too late is no error: nobody waits
     * any more.
     */
    async toast(query: string, text?: string, isAlert = false): Promise<void> {
      try {
        await gateway.call('answerCallbackQuery', {
          callback_query_id: query,
          ...(text === undefined ? {} : { text: text.slice(0, 200), show_alert: isAlert }),
        })
      } catch (error) {
        if (!isCallError(error) || error.kind !== 'refused' || error.reason !== 'query too old') throw error
      }
    },

    /** Shows that the bot is typing for as long as `work` takes longer than half a second. */
    async whileTyping<T>(
      { chat, thread }: Place,
      work: () => Promise<T>,
      action: 'typing' | 'upload_document' = 'typing',
    ): Promise<T> {
      const type = () => {
        gateway
          .call('sendChatAction', {
            chat_id: chat,
            action,
            ...(thread === undefined ? {} : { message_thread_id: thread }),
          })
          .catch(() => {})
        timer = setTimeout(type, typingFor)
      }
      let timer = setTimeout(type, silentFor)
      try {
        return await work()
      } finally {
        clearTimeout(timer)
      }
    },
  }
}
