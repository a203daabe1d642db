import {
  checkCommands,
  checkInlineAnswer,
  checkInlineResult,
  checkLanguage,
  checkMarkup,
  formattedText,
  inlineContent,
  limits,
  messageCaption,
  messageText,
  richMessage,
} from './checks.ts'
import { chatMember, isAdministrator, isPresent } from './members.ts'
import { changeMembership } from './membership.ts'
import { overLimit, Refused, wrongShape, wrongState } from './refused.ts'
import { isUpload } from './request.ts'
import type { InputRichMessage } from './rich.ts'
import type { Room } from './room.ts'
import type { Call, Entity, InlineKeyboard, Message, Params, User } from './types.ts'
import { answerQuery, documentOf, roomOf, storeFile, unixTime, type World } from './world.ts'

type Method = (world: World, params: Params, call: Call) => unknown

const sender = ({ id, is_bot, first_name, username }: World['bot']): User => ({ id, is_bot, first_name, username })

const isBlank = (entities: readonly Entity[]): boolean => entities.length === 0
const textFields = ({ text, entities }: { readonly text: string; readonly entities: readonly Entity[] }) => ({
  text,
  ...(isBlank(entities) ? {} : { entities }),
})
const captionFields = ({ text, entities }: { readonly text: string; readonly entities: readonly Entity[] }) =>
  text === '' ? {} : { caption: text, ...(isBlank(entities) ? {} : { caption_entities: entities }) }

function inlineKeyboard(markup: unknown): { reply_markup?: InlineKeyboard } {
  const keyboard = (markup as InlineKeyboard | undefined)?.inline_keyboard
  return keyboard === undefined || keyboard.flat().length === 0 ? {} : { reply_markup: { inline_keyboard: keyboard } }
}

interface ReplyParameters {
  readonly message_id: number
  readonly chat_id?: number | string
  readonly allow_sending_without_reply?: boolean
  readonly quote?: string
  readonly quote_position?: number
}

/** The message replied to and the quotation from it. Throws Refused. */
function replyFields(world: World, room: Room, params: Params): Pick<Message, 'reply_to_message' | 'quote'> {
  const reply = params.reply_parameters as ReplyParameters | undefined
  if (reply === undefined) return {}
  const from = reply.chat_id === undefined ? room : roomOf(world, reply.chat_id)
  const original = from.messages.get(reply.message_id)
  if (original === undefined) {
    if (reply.allow_sending_without_reply === true && from === room) return {}
    throw wrongState('message to be replied not found')
  }
  const { reply_to_message: _, ...flat } = original
  if (reply.quote === undefined) return { reply_to_message: flat }
  const { text } = formattedText(reply as unknown as Params, 'quote', {
    text: 'quote',
    mode: 'quote_parse_mode',
    entities: 'quote_entities',
  })
  const position = (original.text ?? original.caption ?? '').indexOf(text)
  if (position === -1) throw wrongState('QUOTE_TEXT_INVALID')
  return { reply_to_message: flat, quote: { text, position, is_manual: true } }
}

/** The topic a message goes to: the one given, or that of the message replied to. Throws Refused. */
function threadFields(
  room: Room,
  params: Params,
  repliedTo: Message | undefined,
): Pick<Message, 'message_thread_id' | 'is_topic_message'> {
  const given = params.message_thread_id as number | undefined
  if (given !== undefined && !room.topics.has(given)) throw wrongState('message thread not found')
  const thread = given ?? (repliedTo?.is_topic_message === true ? repliedTo.message_thread_id : undefined)
  return thread === undefined ? {} : { message_thread_id: thread, is_topic_message: true }
}

/** What all sending methods share; `content` is made before anything changes. */
function send(world: World, params: Params, call: Call, content: () => Partial<Message>): Message {
  const room = roomOf(world, params.chat_id)
  const made = content()
  checkMarkup(params.reply_markup)
  room.checkReach()
  const reply = replyFields(world, room, params)
  const thread = threadFields(room, params, reply.reply_to_message)
  return room.addSent(
    {
      date: unixTime(world),
      from: sender(world.bot),
      ...made,
      ...reply,
      ...thread,
      ...inlineKeyboard(params.reply_markup),
    },
    call,
  )
}

const linkPreview = (params: Params) =>
  params.link_preview_options === undefined ? {} : { link_preview_options: params.link_preview_options as Params }

function documentContent(world: World, params: Params): Partial<Message> {
  const caption = captionFields(messageCaption(params))
  const given = params.document
  if (isUpload(given)) {
    if (given.bytes.length > world.maxUploadBytes) throw new Refused('limit', 413, 'Request Entity Too Large')
    return { document: documentOf(storeFile(world, given)), ...caption }
  }
  const stored = world.files.get(String(given))
  if (stored === undefined) throw overLimit('wrong file identifier/HTTP URL specified')
  return { document: documentOf(stored), ...caption }
}

interface EditTarget {
  readonly room: Room
  readonly message: Message
  readonly isInline: boolean
}

function editTarget(world: World, params: Params): EditTarget {
  const inlineId = params.inline_message_id
  if (inlineId !== undefined) {
    const place = world.inlineMessages.get(String(inlineId))
    if (place === undefined) throw wrongState('MESSAGE_ID_INVALID')
    return { room: place.room, message: place.room.message(place.messageId, 'MESSAGE_ID_INVALID'), isInline: true }
  }
  if (params.chat_id === undefined || params.message_id === undefined)
    throw wrongShape('message identifier is not specified')
  const room = roomOf(world, params.chat_id)
  room.checkReach()
  const message = room.message(params.message_id as number, 'message to edit not found')
  if (message.from?.id !== world.bot.id) throw wrongState("message can't be edited")
  return { room, message, isInline: false }
}

const shown = ({
  text,
  entities,
  caption,
  caption_entities,
  rich_message,
  reply_markup,
  link_preview_options,
}: Message): string =>
  JSON.stringify([
    text,
    entities ?? [],
    caption,
    caption_entities ?? [],
    rich_message,
    reply_markup,
    link_preview_options,
  ])

function edit(world: World, target: EditTarget, next: Message, call: Call): Message | true {
  if (shown(target.message) === shown(next)) {
    throw wrongState(
      'message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message',
    )
  }
  const edited = { ...next, edit_date: unixTime(world) }
  target.room.replace(edited, call)
  return target.isInline ? true : edited
}

function without<Key extends keyof Message>(message: Message, ...keys: readonly Key[]): Omit<Message, Key> {
  return Object.fromEntries(Object.entries(message).filter(([key]) => !keys.includes(key as Key))) as Omit<Message, Key>
}

const editMessageText: Method = (world, params, call) => {
  const rich = params.rich_message as InputRichMessage | undefined
  if (rich === undefined && params.text === undefined) throw overLimit('message text is empty')
  const content =
    rich === undefined
      ? { ...textFields(messageText(params)), ...linkPreview(params) }
      : { rich_message: richMessage(rich) }
  checkMarkup(params.reply_markup)
  const target = editTarget(world, params)
  if (target.message.text === undefined && target.message.rich_message === undefined)
    throw wrongState('there is no text in the message to edit')
  // Without reply_markup the buttons go.
  const kept = without(target.message, 'text', 'entities', 'rich_message', 'reply_markup', 'link_preview_options')
  return edit(world, target, { ...kept, ...content, ...inlineKeyboard(params.reply_markup) }, call)
}

const editMessageCaption: Method = (world, params, call) => {
  const caption = captionFields(messageCaption(params))
  checkMarkup(params.reply_markup)
  const target = editTarget(world, params)
  if (target.message.document === undefined) throw wrongState('there is no caption in the message to edit')
  const kept = without(target.message, 'caption', 'caption_entities', 'reply_markup')
  return edit(world, target, { ...kept, ...caption, ...inlineKeyboard(params.reply_markup) }, call)
}

const editMessageReplyMarkup: Method = (world, params, call) => {
  checkMarkup(params.reply_markup)
  const target = editTarget(world, params)
  return edit(
    world,
    target,
    { ...without(target.message, 'reply_markup'), ...inlineKeyboard(params.reply_markup) },
    call,
  )
}

function deleteOne(world: World, room: Room, id: number): void {
  const message = room.message(id, 'message to delete not found')
  const own = message.from?.id === world.bot.id
  if (!own && room.chat.type !== 'private' && !isAdministrator(room.statusOf(world.bot.id)))
    throw wrongState("message can't be deleted")
  room.messages.delete(id)
  room.deleted.push(id)
}

const chatActions = [
  'typing',
  'upload_photo',
  'record_video',
  'upload_video',
  'record_voice',
  'upload_voice',
  'upload_document',
  'choose_sticker',
  'find_location',
  'record_video_note',
  'upload_video_note',
]

const sendChatAction: Method = (world, params) => {
  const action = String(params.action)
  if (!chatActions.includes(action)) throw overLimit('wrong parameter action in request')
  const room = roomOf(world, params.chat_id)
  room.checkReach()
  threadFields(room, params, undefined)
  room.actions.push({ action, threadId: params.message_thread_id as number | undefined, at: world.now() })
  return true
}

const draft: Method = (world, params) => {
  const room = roomOf(world, params.chat_id)
  if (room.chat.type !== 'private') throw wrongState('message drafts can be used only in private chats')
  room.checkReach()
  if (params.draft_id === 0) throw overLimit('draft_id must be non-zero')
  if (params.rich_message !== undefined) richMessage(params.rich_message as InputRichMessage)
  else if (((params.text as string | undefined) ?? '') !== '') messageText(params)
  return true
}

const answerCallbackQuery: Method = (world, params, call) => {
  if (((params.text as string | undefined) ?? '').length > limits.toast) throw overLimit('MESSAGE_TOO_LONG')
  answerQuery(world.callbackQueries, params.callback_query_id, world.deadlines.callbackMs, world, call)
  return true
}

const answerInlineQuery: Method = (world, params, call) => {
  checkInlineAnswer(params)
  answerQuery(world.inlineQueries, params.inline_query_id, world.deadlines.inlineMs, world, call)
  return true
}

const answerGuestQuery: Method = (world, params, call) => {
  checkInlineResult(params.result, 'result')
  const query = answerQuery(world.guestQueries, params.guest_query_id, world.deadlines.guestMs, world, call)
  const result = params.result as Params
  const room = query.room
  if (room === undefined) throw wrongState('chat not found')
  const message = room.addSent(
    { date: unixTime(world), from: sender(world.bot), guest_bot_caller_user: query.from, ...inlineMessage(result) },
    call,
  )
  const inlineId = world.newId('inline')
  world.inlineMessages.set(inlineId, { room, messageId: message.message_id })
  return { inline_message_id: inlineId }
}

/** The message that a result becomes. Results without content of their own (photos, files) show their caption only. */
export function inlineMessage(result: Params): Partial<Message> {
  const content = result.input_message_content as Params | undefined
  const keyboard = inlineKeyboard(result.reply_markup)
  if (content === undefined) return { ...captionFields(messageCaption(result)), ...keyboard }
  const { text, entities, rich_message } = inlineContent(content)
  return {
    ...(text === undefined ? {} : textFields({ text, entities: entities ?? [] })),
    ...(rich_message === undefined ? {} : { rich_message }),
    ...keyboard,
  }
}

const acceptedGifts = {
  unlimited_gifts: true,
  limited_gifts: true,
  unique_gifts: true,
  premium_subscription: true,
  gifts_from_channels: true,
}

const getChatMember: Method = (world, params) => {
  const room = roomOf(world, params.chat_id)
  room.checkReach()
  const id = params.user_id as number
  const user = id === world.bot.id ? sender(world.bot) : (room.members.get(id)?.user ?? world.people.get(id))
  if (user === undefined) throw wrongState('member not found')
  return chatMember(user, room.statusOf(id))
}

const getChatAdministrators: Method = (world, params) => {
  const room = roomOf(world, params.chat_id)
  room.checkReach()
  if (room.chat.type === 'private') throw wrongState('there are no administrators in the private chat')
  const administrators = [...room.members.values()].filter(
    ({ user, status }) =>
      isAdministrator(status) && (!user.is_bot || user.id === world.bot.id || params.return_bots === true),
  )
  return administrators.map(({ user, status }) => chatMember(user, status))
}

const leaveChat: Method = (world, params) => {
  const room = roomOf(world, params.chat_id)
  if (room.chat.type === 'private') throw wrongState("chat member status can't be changed in private chats")
  room.checkReach()
  changeMembership(world, room, sender(world.bot), sender(world.bot), 'left')
  return true
}

const getFile: Method = (world, params) => {
  const file = world.files.get(String(params.file_id))
  if (file === undefined) throw wrongState('invalid file_id')
  if (file.bytes.length > world.maxDownloadBytes) throw wrongState('file is too big')
  return {
    file_id: file.file_id,
    file_unique_id: file.file_unique_id,
    file_size: file.bytes.length,
    file_path: `documents/${file.file_id}`,
  }
}

function commandKey(world: World, params: Params): string {
  const scope = (params.scope as Params | undefined) ?? { type: 'default' }
  if (scope.chat_id !== undefined) roomOf(world, scope.chat_id)
  return JSON.stringify([scope.type, scope.chat_id ?? null, scope.user_id ?? null, checkLanguage(params.language_code)])
}

function ownText(
  field: 'name' | 'description' | 'short_description',
  limit: number,
): { readonly set: Method; readonly get: Method } {
  return {
    set: (world, params) => {
      const text = (params[field] as string | undefined) ?? ''
      if (text.length > limit) throw overLimit(`BOT_${field.toUpperCase()}_INVALID`)
      world.texts.set(`${field}:${checkLanguage(params.language_code)}`, text)
      return true
    },
    get: (world, params) => {
      const language = checkLanguage(params.language_code)
      return {
        [field]:
          world.texts.get(`${field}:${language}`) ??
          world.texts.get(`${field}:`) ??
          (field === 'name' ? world.bot.first_name : ''),
      }
    },
  }
}

const description = ownText('description', limits.description)
const shortDescription = ownText('short_description', limits.shortDescription)
const name = ownText('name', limits.name)

const setWebhook: Method = (world, params) => {
  const url = String(params.url)
  const secret = params.secret_token as string | undefined
  // Real Telegram wants https; a stand-in on this machine allows plain http to this machine.
  if (url !== '' && !/^(?:https:\/\/|http:\/\/(?:127\.0\.0\.1|localhost|\[::1\])[:/])/u.test(url))
    throw overLimit('bad webhook: An HTTPS URL must be provided for webhook')
  if (secret !== undefined && !/^[A-Za-z0-9_-]{1,256}$/u.test(secret))
    throw overLimit('secret token contains unallowed characters')
  world.webhook?.stop()
  world.webhook = undefined
  world.updates.setWebhook(undefined)
  if (params.drop_pending_updates === true) world.updates.drop()
  world.updates.allow(params.allowed_updates)
  if (url !== '') {
    world.webhook = world.openWebhook(params)
    world.updates.setWebhook(world.webhook)
    world.webhook.changed()
  }
  return true
}

const getWebhookInfo: Method = (world) => ({
  url: world.webhook?.settings.url ?? '',
  has_custom_certificate: false,
  pending_update_count: world.updates.pending.length,
  ...(world.webhook === undefined ? {} : { max_connections: world.webhook.settings.maxConnections }),
  ...(world.webhook?.lastError === undefined
    ? {}
    : { last_error_date: world.webhook.lastError.date, last_error_message: world.webhook.lastError.message }),
  ...(world.updates.allowed.length === 0 ? {} : { allowed_updates: world.updates.allowed }),
})

/** The methods that the stand-in plays. getUpdates is not here: it needs the connection. */
export const methods: Readonly<Record<string, Method>> = {
  getMe: (world) => world.bot,
  logOut: () => true,
  close: () => true,
  setWebhook,
  deleteWebhook: (world, params, call) => setWebhook(world, { url: '', ...params }, call),
  getWebhookInfo,
  sendMessage: (world, params, call) =>
    send(world, params, call, () => ({ ...textFields(messageText(params)), ...linkPreview(params) })),
  sendRichMessage: (world, params, call) =>
    send(world, params, call, () => ({ rich_message: richMessage(params.rich_message as InputRichMessage) })),
  sendDocument: (world, params, call) => send(world, params, call, () => documentContent(world, params)),
  sendMessageDraft: draft,
  sendRichMessageDraft: draft,
  sendChatAction,
  editMessageText,
  editMessageCaption,
  editMessageReplyMarkup,
  deleteMessage: (world, params) => {
    const room = roomOf(world, params.chat_id)
    room.checkReach()
    deleteOne(world, room, params.message_id as number)
    return true
  },
  deleteMessages: (world, params) => {
    const room = roomOf(world, params.chat_id)
    room.checkReach()
    // "If some of the specified messages can't be found, they are skipped."
    for (const id of params.message_ids as number[]) if (room.messages.has(id)) deleteOne(world, room, id)
    return true
  },
  answerCallbackQuery,
  answerInlineQuery,
  answerGuestQuery,
  getChat: (world, params) => {
    const room = roomOf(world, params.chat_id)
    room.checkReach()
    return { ...room.chat, accent_color_id: 0, max_reaction_count: 11, accepted_gift_types: acceptedGifts }
  },
  getChatMember,
  getChatAdministrators,
  getChatMemberCount: (world, params) =>
    [...roomOf(world, params.chat_id).members.values()].filter(({ status }) => isPresent(status)).length,
  leaveChat,
  getFile,
  setMyCommands: (world, params) => {
    checkCommands(params.commands as { command: string; description: string }[])
    world.commands.set(commandKey(world, params), params.commands as Params[])
    return true
  },
  getMyCommands: (world, params) => world.commands.get(commandKey(world, params)) ?? [],
  deleteMyCommands: (world, params) => {
    world.commands.delete(commandKey(world, params))
    return true
  },
  setMyName: name.set,
  getMyName: name.get,
  setMyDescription: description.set,
  getMyDescription: description.get,
  setMyShortDescription: shortDescription.set,
  getMyShortDescription: shortDescription.get,
  setChatMenuButton: () => true,
  getChatMenuButton: () => ({ type: 'commands' }),
}

/** What a server from before Bot API 10.1 does not know. */
export const newerMethods: Readonly<Record<string, 'richMessages' | 'guestQueries'>> = {
  sendRichMessage: 'richMessages',
  sendRichMessageDraft: 'richMessages',
  answerGuestQuery: 'guestQueries',
}
