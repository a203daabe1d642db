import { readPayload } from '../screens/payloads.ts'
import type { Screen, ScreenButton } from '../screens/screen.ts'
import { concat, type Entity, type Styled, slice } from '../screens/styled.ts'
import type { Press } from '../screens/views.ts'
import { columnsOf, type TerminalStyle, terminalLines } from './lines.ts'

/** What a terminal writes of a screen, and what the number of each choice does. */
export type Choices = { readonly text: string; readonly presses: ReadonlyMap<number, Press> }

type Numbered = { readonly number: number; readonly label: string; readonly press: Press }

const ownNumber = /^(?<number>\d{1,3})(?:\s+(?<rest>.+))?$/u // 3 全文

/**
 * The buttons of a screen by number, row by row. Whole clauses keep the number they have in the text; the others
 * follow. Buttons that lead out of the terminal, to Telegram, are left out.
 */
function numbered(rows: Screen['rows'], taken: Map<number, Press>, whole: string): readonly (readonly Numbered[])[] {
  const own = (button: ScreenButton): number | undefined => {
    if (!('press' in button) || button.press.kind !== 'clause') return undefined
    const { number } = ownNumber.exec(button.text)?.groups ?? {}
    return number === undefined ? undefined : Number(number)
  }
  for (const button of rows.flat()) {
    const number = own(button)
    if (number !== undefined && 'press' in button) taken.set(number, button.press)
  }
  let last = Math.max(0, ...taken.keys())
  return rows.map((row) =>
    row.flatMap((button) => {
      if (!('press' in button)) return []
      const number = own(button)
      if (number !== undefined)
        return [{ number, label: ownNumber.exec(button.text)?.groups?.rest ?? whole, press: button.press }]
      last += 1
      taken.set(last, button.press)
      return [{ number: last, label: button.text, press: button.press }]
    }),
  )
}

/** What a link of the text opens, where that is something of ours. */
function opened({ type, url }: Entity): Press | undefined {
  if (type !== 'text_link' || url === undefined) return undefined
  const payload = /\?start=(?<payload>[\w-]+)$/u.exec(url)?.groups?.payload
  const opening = payload === undefined ? undefined : readPayload(payload)
  return opening === undefined || opening.kind === 'help' ? undefined : opening
}

/** Clauses that buttons lead to need no second choice in the text. */
const clauseOf = (press: Press): string | undefined =>
  press.kind === 'clause' || press.kind === 'context' ? press.id : undefined

/** The text with a number after each link that leads to something no button leads to. */
function withLinks(message: Styled, taken: Map<number, Press>): Styled {
  const reached = new Set([...taken.values()].map(clauseOf))
  const parts: (Styled | string)[] = []
  let at = 0
  for (const entity of message.entities) {
    const press = opened(entity)
    if (press === undefined || (clauseOf(press) !== undefined && reached.has(clauseOf(press)))) continue
    const number = Math.max(0, ...taken.keys()) + 1
    taken.set(number, press)
    const end = entity.offset + entity.length
    parts.push(slice(message, at, end), ` [${number}]`)
    at = end
  }
  return concat(...parts, slice(message, at, message.text.length))
}

function choiceLines(
  rows: readonly (readonly Numbered[])[],
  { width = Number.POSITIVE_INFINITY }: TerminalStyle,
): readonly string[] {
  const lines: string[] = []
  for (const row of rows) {
    let line = ''
    for (const { number, label } of row) {
      const item = `[${number}] ${label}`
      if (line !== '' && columnsOf(`${line}   ${item}`) > width) {
        lines.push(line)
        line = ''
      }
      line += line === '' ? item : `   ${item}`
    }
    if (line !== '') lines.push(line)
  }
  return lines
}

/**
 * A screen for a terminal: its text, then its buttons as numbered choices. `whole` says what a clause's bare number
 * shows.
 */
export function choicesOf(screen: Screen, style: TerminalStyle, whole: string): Choices {
  const presses = new Map<number, Press>()
  const rows = numbered(screen.rows, presses, whole)
  const message = withLinks(screen.message, presses)
  const lines = choiceLines(rows, style)
  return { text: [terminalLines(message, style), ...(lines.length === 0 ? [] : ['', ...lines])].join('\n'), presses }
}
