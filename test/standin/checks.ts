import { entityProblem, trimmed, withTypedEntities } from './entities.ts'
import { parseHtml } from './html.ts'
import { MarkupError } from './markup.ts'
import { overLimit } from './refused.ts'
import { type InputRichMessage, parseRichHtml } from './rich.ts'
import type { Button, Entity, InlineKeyboard, Params } from './types.ts'

/**
 * Telegram's limits. Texts count UTF-16 units here, the stricter of the two counts that Telegram's documents and
 * servers use.
 */
export const limits = {
  text: 4096,
  caption: 1024,
  quote: 1024,
  toast: 200,
  buttons: 100,
  callbackData: 64,
  copyText: 256,
  inlineResults: 50,
  resultId: 64,
  nextOffset: 64,
  commands: 100,
  commandDescription: 256,
  description: 512,
  shortDescription: 120,
  name: 64,
} as const

const bytes = (text: string): number => Buffer.byteLength(text)

export interface FormattedText {
  readonly text: string
  readonly entities: readonly Entity[]
}

/**
 * A text with its formatting as the message will hold it: markup read, ends trimmed, limits and entities checked, links
 * and commands found. Throws Refused.
 */
export function formattedText(
  params: Params,
  kind: 'text' | 'caption' | 'quote',
  names: { readonly text: string; readonly mode: string; readonly entities: string },
): FormattedText {
  const raw = params[names.text]
  const mode = params[names.mode]
  const given = params[names.entities]
  if (mode !== undefined && given !== undefined)
    throw overLimit(`${names.mode} and ${names.entities} can't be used together`)
  const read =
    typeof raw !== 'string'
      ? { text: '', entities: [] }
      : mode === undefined
        ? { text: raw, entities: (given ?? []) as Entity[] }
        : readMarkup(raw, mode)
  const unpaired = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/u.test(read.text)
  if (unpaired) throw overLimit('strings must be encoded in UTF-8')
  const problem = entityProblem(read.text, read.entities)
  if (problem !== undefined) throw overLimit(problem)
  const { text, entities } = trimmed(read.text, read.entities)
  if (text === '' && kind === 'text') throw overLimit('message text is empty')
  // Telegram counts after it trimmed; what is too long before would still be too long on a server that counts first.
  if (Math.max(text.length, read.text.length) > limits[kind])
    throw overLimit(kind === 'caption' ? 'message caption is too long' : 'message is too long')
  checkDeepLinks(entities.flatMap(({ url }) => url ?? []))
  return { text, entities: withTypedEntities(text, entities) }
}

function readMarkup(text: string, mode: unknown): { text: string; entities: Entity[] } {
  if (mode !== 'HTML')
    throw overLimit(`this stand-in reads parse_mode "HTML" only, not "${String(mode)}": send entities`)
  try {
    return parseHtml(text)
  } catch (error) {
    throw error instanceof MarkupError ? overLimit(`can't parse entities: ${error.message}`) : error
  }
}

export const messageText = (params: Params): FormattedText =>
  formattedText(params, 'text', { text: 'text', mode: 'parse_mode', entities: 'entities' })
export const messageCaption = (params: Params): FormattedText =>
  formattedText(params, 'caption', { text: 'caption', mode: 'parse_mode', entities: 'caption_entities' })

/** The blocks of a rich message. Throws Refused. */
export function richMessage(rich: InputRichMessage): { blocks: readonly unknown[]; is_rtl?: boolean } {
  if ((rich.html === undefined) === (rich.markdown === undefined))
    throw overLimit('exactly one of the fields html and markdown must be used in a rich message')
  if (rich.html === undefined) throw overLimit('this stand-in reads rich messages in HTML only')
  try {
    const { blocks } = parseRichHtml(rich.html)
    return { blocks, ...(rich.is_rtl === true ? { is_rtl: true } : {}) }
  } catch (error) {
    throw error instanceof MarkupError ? overLimit(`can't parse rich message: ${error.message}`) : error
  }
}

// Every field of a button but these says what the button does; exactly one must.
const buttonLooks = ['text', 'icon_custom_emoji_id', 'style']

/** Checks an inline keyboard; other markup (reply keyboards) by its button texts. Throws Refused. */
export function checkMarkup(markup: unknown): void {
  if (typeof markup !== 'object' || markup === null) return
  if ('inline_keyboard' in markup) {
    const buttons = (markup as InlineKeyboard).inline_keyboard.flat()
    if (buttons.length > limits.buttons)
      throw overLimit(`reply markup has ${buttons.length} buttons, at most ${limits.buttons} are allowed`)
    buttons.forEach(checkButton)
  } else if ('keyboard' in markup) {
    for (const button of (markup as { keyboard: (string | { text: string })[][] }).keyboard.flat()) {
      if ((typeof button === 'string' ? button : button.text).trim() === '')
        throw overLimit("can't parse keyboard button: Text must be non-empty")
    }
  }
}

function checkButton(button: Button): void {
  const refuse = (what: string) => overLimit(`can't parse inline keyboard button: ${what}`)
  if (button.text.trim() === '') throw refuse('Text must be non-empty')
  const actions = Object.keys(button).filter((field) => !buttonLooks.includes(field))
  if (actions.length === 0) throw refuse('Text buttons are unallowed in the inline keyboard')
  if (actions.length > 1) throw refuse(`exactly one action is allowed, found ${actions.join(', ')}`)
  const style = (button as { style?: string }).style
  if (style !== undefined && !['danger', 'success', 'primary'].includes(style))
    throw refuse(`style "${style}" is unknown`)
  if (
    button.callback_data !== undefined &&
    (bytes(button.callback_data) < 1 || bytes(button.callback_data) > limits.callbackData)
  )
    throw overLimit('BUTTON_DATA_INVALID')
  if (
    button.copy_text !== undefined &&
    (button.copy_text.text.length < 1 || button.copy_text.text.length > limits.copyText)
  )
    throw overLimit('BUTTON_COPY_TEXT_INVALID')
  if (button.url !== undefined) {
    if (!/^(?:https?:\/\/[^\s/]+\.[^\s/]+|tg:\/\/\S+)/u.test(button.url)) throw overLimit('BUTTON_URL_INVALID')
    checkDeepLinks([button.url])
  }
}

const deepLink = /^(?:https?:\/\/)?t\.me\/\w+\/?\?(?:.*&)?(?<kind>start|startgroup)=(?<payload>[^&#]*)/u
const startPayload = /^[A-Za-z0-9_-]{1,64}$/u

/**
 * Telegram opens a link whose payload it does not like without the payload: nobody sees an error but the person. Throws
 * Refused.
 */
function checkDeepLinks(urls: readonly string[]): void {
  for (const url of urls) {
    const payload = deepLink.exec(url)?.groups?.payload
    if (payload !== undefined && !startPayload.test(payload))
      throw overLimit('the payload of a deep link must be 1-64 of A-Za-z0-9_-')
  }
}

export const isStartPayload = (payload: string): boolean => startPayload.test(payload)

interface InlineResult {
  readonly type: string
  readonly id: string
  readonly title?: string
  readonly input_message_content?: Params
  readonly reply_markup?: unknown
}

/** Checks one result of answerInlineQuery or answerGuestQuery. Throws Refused. */
export function checkInlineResult(result: unknown, at: string): void {
  const { id, type, title, input_message_content: content, reply_markup: markup } = result as InlineResult
  if (bytes(id) < 1 || bytes(id) > limits.resultId) throw overLimit(`RESULT_ID_INVALID (${at})`)
  if (type === 'article' && (title ?? '').trim() === '') throw overLimit(`ARTICLE_TITLE_EMPTY (${at})`)
  if (content !== undefined) inlineContent(content)
  messageCaption(result as Params)
  checkMarkup(markup)
}

/** The message that an inline result puts into a chat. Throws Refused. */
export function inlineContent(
  content: Params,
): Partial<FormattedText> & { readonly rich_message?: { blocks: readonly unknown[] } } {
  if (content.message_text !== undefined)
    return formattedText(content, 'text', { text: 'message_text', mode: 'parse_mode', entities: 'entities' })
  if (content.rich_message !== undefined) return { rich_message: richMessage(content.rich_message as InputRichMessage) }
  return {}
}

/** Checks the parameters of answerInlineQuery apart from the query itself. Throws Refused. */
export function checkInlineAnswer(params: Params): void {
  const results = params.results as readonly InlineResult[]
  if (results.length > limits.inlineResults) throw overLimit('RESULTS_TOO_MUCH')
  for (const [index, result] of results.entries()) {
    checkInlineResult(result, `results[${index}]`)
    if (results.findIndex(({ id }) => id === result.id) !== index) throw overLimit('RESULT_ID_DUPLICATE')
  }
  if (bytes((params.next_offset as string | undefined) ?? '') > limits.nextOffset)
    throw overLimit('NEXT_OFFSET_INVALID')
  if (((params.cache_time as number | undefined) ?? 0) < 0) throw overLimit('CACHE_TIME_INVALID')
  const button = params.button as
    | { readonly text: string; readonly start_parameter?: string; readonly web_app?: unknown }
    | undefined
  if (button === undefined) return
  if (button.text.trim() === '') throw overLimit('SWITCH_PM_TEXT_EMPTY')
  if ((button.start_parameter === undefined) === (button.web_app === undefined))
    throw overLimit('exactly one of start_parameter and web_app must be used in a button')
  if (button.start_parameter !== undefined && !startPayload.test(button.start_parameter))
    throw overLimit(button.start_parameter === '' ? 'START_PARAM_EMPTY' : 'START_PARAM_INVALID')
}

/** Checks the commands of setMyCommands. Throws Refused. */
export function checkCommands(commands: readonly { readonly command: string; readonly description: string }[]): void {
  if (commands.length > limits.commands) throw overLimit('BOT_COMMANDS_TOO_MUCH')
  for (const { command, description } of commands) {
    if (!/^[a-z0-9_]{1,32}$/u.test(command)) throw overLimit('BOT_COMMAND_INVALID')
    if (description.trim().length < 1 || description.length > limits.commandDescription)
      throw overLimit('BOT_COMMAND_DESCRIPTION_INVALID')
  }
  if (new Set(commands.map(({ command }) => command)).size < commands.length) throw overLimit('BOT_COMMAND_DUPLICATE')
}

/** Language of commands and descriptions: empty, or two letters. Throws Refused. */
export function checkLanguage(language: unknown): string {
  const code = (language as string | undefined) ?? ''
  if (code !== '' && !/^[a-z]{2}$/u.test(code)) throw overLimit('LANG_CODE_INVALID')
  return code
}
