import { escapeHtml } from '../../src/screens/comparison-html.ts'
import { richHtml } from './rich.ts'
import { style } from './style.ts'
import { type Entity, textHtml } from './text.ts'

type Button = { readonly text: string; readonly url?: string; readonly switch_inline_query?: string }

/** What a picture needs of a message of the Bot API. */
export type PicturedMessage = {
  readonly text?: string
  readonly entities?: readonly Entity[]
  readonly rich_message?: { readonly blocks: readonly unknown[] }
  readonly reply_markup?: { readonly inline_keyboard: readonly (readonly Button[])[] }
  readonly reply_to_message?: { readonly from?: { readonly first_name: string }; readonly text?: string }
  readonly via_bot?: { readonly username?: string }
}

export type Bubble = {
  readonly side: 'mine' | 'theirs'
  /** Shown above the text, in groups. */
  readonly name?: string
  readonly message: PicturedMessage
  /** As it is written: 10:24. */
  readonly time: string
}

/** The list over the keyboard while somebody types `@bot …`. */
export type InlineList = {
  /** What has been typed. */
  readonly typed: string
  readonly button?: string
  readonly results: readonly { readonly title: string; readonly description: string }[]
}

export type Picture = {
  /** Of the document: which glyphs a font chooses. */
  readonly language: 'zh-Hant-HK' | 'zh-Hans-CN' | 'en'
  readonly title: string
  readonly subtitle: string
  readonly bubbles: readonly Bubble[]
  /** Stands in the empty field for writing. */
  readonly placeholder: string
  readonly inline?: InlineList
}

const firstCharacter = (text: string): string => [...text][0] ?? ''

function buttonHtml({ text, url, switch_inline_query: shared }: Button): string {
  const mark =
    url !== undefined ? '<span class="out">↗</span>' : shared === undefined ? '' : '<span class="out">⤳</span>'
  return `<div class="button">${escapeHtml(text)}${mark}</div>`
}

function bubbleHtml({ side, name, message, time }: Bubble): string {
  const {
    text,
    entities,
    rich_message: rich,
    reply_markup: markup,
    reply_to_message: repliedTo,
    via_bot: via,
  } = message
  const who = name === undefined ? '' : `<div class="name">${escapeHtml(name)}</div>`
  const through = via?.username === undefined ? '' : `<div class="via">via @${escapeHtml(via.username)}</div>`
  const reply =
    repliedTo === undefined
      ? ''
      : `<div class="reply"><b>${escapeHtml(repliedTo.from?.first_name ?? '')}</b><div class="line">${escapeHtml((repliedTo.text ?? '').replaceAll('\n', ' '))}</div></div>`
  const body = rich === undefined ? textHtml(text ?? '', entities) : richHtml(rich.blocks)
  const rows = (markup?.inline_keyboard ?? [])
    .map((row) => `<div class="row">${row.map(buttonHtml).join('')}</div>`)
    .join('')
  const keyboard = rows === '' ? '' : `<div class="keyboard">${rows}</div>`
  const seen = side === 'mine' ? ' ✓✓' : ''
  const avatar =
    name === undefined || side === 'mine' ? '' : `<div class="avatar small">${escapeHtml(firstCharacter(name))}</div>`
  return `<div class="message ${side}">${avatar}<div class="column${rich === undefined && rows === '' ? '' : ' wide'}"><div class="bubble">${who}${through}${reply}${body}<div class="time">${escapeHtml(time)}${seen}</div></div>${keyboard}</div></div>`
}

function inlineHtml({ button, results }: InlineList): string {
  const top = button === undefined ? '' : `<div class="switch">${escapeHtml(button)}</div>`
  const rows = results.map(
    ({ title, description }) =>
      `<div class="result"><div class="thumb">${escapeHtml(firstCharacter(title))}</div><div><div class="title">${escapeHtml(title)}</div><div class="description">${escapeHtml(description)}</div></div></div>`,
  )
  return `<div class="results">${top}${rows.join('')}</div>`
}

/**
 * A chat as a page of a phone's width. Everything from messages, names and queries is escaped; the page holds no script
 * and asks for nothing.
 */
export function pictureHtml({ language, title, subtitle, bubbles, placeholder, inline }: Picture): string {
  const field =
    inline === undefined
      ? `<div class="field empty">${escapeHtml(placeholder)}</div>`
      : `<div class="field">${escapeHtml(inline.typed)}<span class="caret"></span></div><span class="cancel"></span>`
  return `<!doctype html>
<html lang="${language}">
<head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"><title>${escapeHtml(title)}</title><style>${style}</style></head>
<body>
<header><span class="back"></span><div class="avatar">${escapeHtml(firstCharacter(title))}</div><div><div class="heading">${escapeHtml(title)}</div><div class="subtitle">${escapeHtml(subtitle)}</div></div></header>
<main>${bubbles.map(bubbleHtml).join('\n')}</main>
${inline === undefined ? '' : inlineHtml(inline)}
<div class="composer">${field}</div>
</body>
</html>`
}
