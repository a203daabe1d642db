import type { Styled } from './styled.ts'
import { type Press, writeButton } from './views.ts'

export type ScreenButton = { readonly text: string } & (
  | { readonly press: Press }
  | { readonly url: string }
  | { readonly share: string }
)

/** A message with its buttons, before Telegram sees it. */
export type Screen = {
  readonly message: Styled
  readonly rows: readonly (readonly ScreenButton[])[]
  /** The same as a native table, whole, for servers that have rich messages. HTML. */
  readonly rich?: { readonly html: string; readonly rows: Screen['rows'] }
}

export type InlineButton =
  | { readonly text: string; readonly callback_data: string }
  | { readonly text: string; readonly url: string }
  | { readonly text: string; readonly switch_inline_query: string }
export type Keyboard = { readonly inline_keyboard: readonly (readonly InlineButton[])[] }

/** Longest query behind a share button, UTF-16 units; Telegram's own limit for inline queries is 256. */
const longestShared = 200

/** What everybody may do with a message that answers somebody else. */
const everybodys: ReadonlySet<Press['kind']> = new Set<Press['kind']>(['add', 'request', 'grant'])

/**
 * The keyboard of a screen. `asker` is the only one who may press its buttons, apart from those that are everybody's.
 */
export function keyboardOf(rows: Screen['rows'], asker?: number): Keyboard | undefined {
  const kept = rows.filter((row) => row.length > 0)
  if (kept.length === 0) return undefined
  return {
    inline_keyboard: kept.map((row) =>
      row.map((button): InlineButton => {
        if ('press' in button)
          return {
            text: button.text,
            callback_data: writeButton({
              press: button.press,
              ...(asker === undefined || everybodys.has(button.press.kind) ? {} : { asker }),
            }),
          }
        if ('url' in button) return { text: button.text, url: button.url }
        return { text: button.text, switch_inline_query: [...button.share].slice(0, longestShared).join('') }
      }),
    ),
  }
}
