import { concat, type Entity, type Styled, slice } from './styled.ts'

/** Telegram's limits for one message. */
export const limits = {
  /** UTF-16 units after entities. */
  text: 4096,
  caption: 1024,
  /** Entities that a message keeps; Telegram drops the rest without a word. */
  entities: 100,
  /** UTF-8 bytes. */
  callbackData: 64,
  /** UTF-16 units. */
  toast: 200,
  inlineResults: 50,
} as const

/** A piece of a message that stays in one piece where it can; `id` names the clause that it shows. */
export type Block = { readonly content: Styled; readonly id?: string }

/** What one message shows of a longer text. */
export type Page = { readonly message: Styled; readonly ids: readonly string[] }

export type PageOptions = {
  /** UTF-16 units of a page. */
  readonly units?: number
  /** Clauses of a page; without a limit when missing. */
  readonly clauses?: number
}

const gap = '\n\n'

/** Entities kept for what Telegram finds by itself: commands and links in the text. */
const ownEntities = limits.entities - 20

/**
 * Puts blocks on as few pages as hold them; a block that is longer than a page is split by `splitLong()`. Never empty.
 */
export function paginate(blocks: readonly Block[], options: PageOptions = {}): readonly Page[] {
  const units = options.units ?? limits.text
  const pages: Page[] = []
  let message: Styled = { text: '', entities: [] }
  let ids: string[] = []
  const finish = () => {
    if (message.text !== '') pages.push({ message, ids })
    message = { text: '', entities: [] }
    ids = []
  }
  for (const { content, id } of blocks) {
    if (content.text.trim() === '') continue
    for (const piece of splitLong(content, units)) {
      const wider = message.text === '' ? piece : concat(message, gap, piece)
      const isFull =
        id !== undefined && !ids.includes(id) && ids.length >= (options.clauses ?? Number.POSITIVE_INFINITY)
      if (message.text !== '' && (wider.text.length > units || wider.entities.length > ownEntities || isFull)) {
        finish()
        message = piece
      } else message = wider
      if (id !== undefined && !ids.includes(id)) ids.push(id)
    }
  }
  finish()
  return pages
}

// A sentence takes its closing quotation mark along: 。」
const borders: readonly RegExp[] = [/\n$/u, /[。；！？!?;][」』”’）)]?$/u, /[，、,\s]$/u]
const closing = /^[」』”’）)]/u

/**
 * Cuts a text that is longer than a message: at a line's end, else after a sentence, else after a comma, else between
 * two characters; never inside a surrogate pair. Formatting goes on in the next piece as an entity of its own, so every
 * quotation stays one.
 */
export function splitLong(content: Styled, units: number): readonly Styled[] {
  const pieces: Styled[] = []
  let rest = content
  while (rest.text.length > units || rest.entities.length > ownEntities) {
    const cut = cutAt(rest.text, Math.min(units, entityLimit(rest.entities)))
    pieces.push(slice(rest, 0, cut))
    rest = slice(rest, cut, rest.text.length)
  }
  pieces.push(rest)
  return pieces.filter(({ text }) => text.trim() !== '')
}

/** Offset before which a piece has no more entities than a message keeps. */
function entityLimit(entities: readonly Entity[]): number {
  const starts = entities.map(({ offset }) => offset).sort((a, b) => a - b)
  return starts[ownEntities] ?? Number.POSITIVE_INFINITY
}

function cutAt(text: string, most: number): number {
  for (const border of borders)
    for (let at = most; at > most / 2; at -= 1)
      if (border.test(text.slice(Math.max(0, at - 2), at)) && !closing.test(text.slice(at, at + 1))) return at
  return Math.max(1, /[\uDC00-\uDFFF]/u.test(text[most] ?? '') ? most - 1 : most)
}
