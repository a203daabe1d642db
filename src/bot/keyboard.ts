import type { Screen } from '../screens/screen.ts'
import { type Press, writeButton } from '../screens/views.ts'
import type { InlineKeyboardButton, InlineKeyboardMarkup } from '../telegram/bot-api.ts'

/** Longest query behind a share button, UTF-16 units; Telegram's own limit for inline queries is 256. */
const longestShared = 200

/** What everybody may do with a message that answers somebody else. */
const everybodys: ReadonlySet<Press['kind']> = new Set<Press['kind']>(['add', 'request', 'grant'])

/**
 * The keyboard of a screen. `asker` is the only one who may press its buttons, apart from those that are everybody's.
 */
export function keyboardOf(rows: Screen['rows'], asker?: number): InlineKeyboardMarkup | undefined {
  const kept = rows.filter((row) => row.length > 0)
  if (kept.length === 0) return undefined
  return {
    inline_keyboard: kept.map((row) =>
      row.map((button): InlineKeyboardButton => {
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
