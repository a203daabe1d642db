import type { Entity } from './types.ts'

// Letters of any script, numbers and the underscore: Chinese characters count, so /ask滬港 and 請問@bot carry no entity.
const word = '[\\p{L}\\p{N}_]'
const command = new RegExp(
  `(?<!${word}|[/<>])/[A-Za-z0-9_]{1,64}(?![A-Za-z0-9_])(?:@[A-Za-z0-9_]{3,32}(?![A-Za-z0-9_])|(?!@))(?!${word}|[/<>])`,
  'gu',
)
const mention = new RegExp(`(?<!${word})@[A-Za-z0-9_]{2,32}(?!${word})`, 'gu')
const hashtag = new RegExp(String.raw`(?<!${word}|#)#(?=[\p{N}_]*\p{L})${word}{1,256}(?!#)`, 'gu')
const email = /(?<![\p{L}\p{N}_.@/-])[A-Za-z0-9._%+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.)+[A-Za-z]{2,10}(?![\p{L}\p{N}_@])/gu
const topLevelDomains = 'com|org|net|edu|gov|int|info|io|me|dev|app|cn|hk|mo|tw|uk|us|jp|eu'
const url = new RegExp(
  String.raw`(?<![\p{L}\p{N}_.@/-])(?:(?:https?|ftp)://(?:${word}|-)+(?:\.(?:${word}|-)+)*|(?:[A-Za-z0-9-]+\.)+(?:${topLevelDomains}))(?::\d{1,5})?(?:[/?#][^\s<>"“”«»‖…]*)?(?!${word}|@)`,
  'gu',
)

// Names shorter than five characters belong to a few bots of Telegram's own.
const shortNames = new Set(['gif', 'wiki', 'vid', 'bing', 'pic', 'bold', 'imdb', 'coub', 'like', 'vote', 'giff'])

/**
 * The entities that Telegram's servers find in a text that a person types (TDLib's rules, see the README of the
 * specification).
 */
export function typedEntities(text: string): Entity[] {
  const found: Entity[] = []
  const add = (type: string, pattern: RegExp, accept: (match: string) => string | undefined = (match) => match) => {
    for (const match of text.matchAll(pattern)) {
      const accepted = accept(match[0])
      if (accepted === undefined) continue
      const entity = { type, offset: match.index, length: accepted.length }
      if (!found.some((other) => overlaps(other, entity))) found.push(entity)
    }
  }
  add('url', url, (match) => match.replace(/[.,:;!?'"，。、；：！？）)\]}]+$/u, '') || undefined)
  add('email', email)
  add('bot_command', command)
  add('mention', mention, (match) =>
    match.length > 5 || shortNames.has(match.slice(1).toLowerCase()) ? match : undefined,
  )
  add('hashtag', hashtag)
  return found.sort((a, b) => a.offset - b.offset)
}

const end = (entity: Entity): number => entity.offset + entity.length
const overlaps = (a: Entity, b: Entity): boolean => a.offset < end(b) && b.offset < end(a)
const contains = (outer: Entity, inner: Entity): boolean => outer.offset <= inner.offset && end(inner) <= end(outer)

const isQuote = ({ type }: Entity): boolean => type === 'blockquote' || type === 'expandable_blockquote'
const isCode = ({ type }: Entity): boolean => type === 'code' || type === 'pre'
const styles = new Set(['bold', 'italic', 'underline', 'strikethrough', 'spoiler'])
const isStyle = ({ type }: Entity): boolean => styles.has(type)

const types = new Set([
  ...styles,
  'mention',
  'hashtag',
  'cashtag',
  'bot_command',
  'url',
  'email',
  'phone_number',
  'blockquote',
  'expandable_blockquote',
  'code',
  'pre',
  'text_link',
  'text_mention',
  'custom_emoji',
  'date_time',
])

const splitsPair = (text: string, at: number): boolean =>
  /[\uDC00-\uDFFF]/u.test(text.charAt(at)) && /[\uD800-\uDBFF]/u.test(text.charAt(at - 1))

/**
 * What is wrong with entities over a text; `undefined` when nothing is.
 *
 * Bounds and surrogate pairs are Telegram's own refusals. Overlap and nesting are stricter than Telegram, which answers
 * ok and drops styles without a word: a style that nobody will see is a mistake that a test must show.
 */
export function entityProblem(text: string, entities: readonly Entity[]): string | undefined {
  for (const entity of entities) {
    const { type, offset, length } = entity
    if (!types.has(type)) return `entity type "${type}" is unknown`
    if (offset < 0 || length < 0) return 'receive an entity with incorrect offset or length'
    if (length === 0) return `entity ${type} at ${offset} is empty`
    if (offset >= text.length) return `entity beginning at UTF-16 offset ${offset} begins after the end of the text`
    if (end(entity) > text.length)
      return `entity beginning at UTF-16 offset ${offset} ends after the end of the text at UTF-16 offset ${text.length}`
    if (splitsPair(text, offset))
      return `entity beginning at UTF-16 offset ${offset} begins in a middle of a UTF-16 symbol`
    if (splitsPair(text, end(entity)))
      return `entity beginning at UTF-16 offset ${offset} ends in a middle of a UTF-16 symbol at UTF-16 offset ${end(entity)}`
    if (type === 'text_link' && !isLink(entity.url)) return 'entity URL is invalid'
    if (type === 'text_mention' && entity.user === undefined) return 'entity user is missing'
  }
  for (const [index, a] of entities.entries()) {
    for (const b of entities.slice(index + 1)) {
      const problem = overlaps(a, b) ? pairProblem(a, b) : undefined
      if (problem !== undefined) return problem
    }
  }
  return undefined
}

const isLink = (link: string | undefined): boolean =>
  link !== undefined && (/^(?:https?|tg|mailto|tel):./u.test(link) || /^[\w-]+(?:\.[\w-]+)+/u.test(link))

// https://core.telegram.org/bots/api#formatting-options: "Message entities can be nested, providing following
// restrictions are met".
function pairProblem(a: Entity, b: Entity): string | undefined {
  const [outer, inner] = contains(a, b) && !(contains(b, a) && isQuote(b)) ? [a, b] : [b, a]
  const where = `${outer.type} [${outer.offset}, ${end(outer)}) and ${inner.type} [${inner.offset}, ${end(inner)})`
  if (!contains(outer, inner)) return `entities overlap in part: ${where}`
  if (isQuote(outer) && isQuote(inner)) return `quotations can't be nested: ${where}`
  if (isQuote(outer)) return undefined
  if (isCode(outer) || isCode(inner)) return `code can't be combined with other entities: ${where}`
  if (isStyle(outer) || isStyle(inner)) return undefined
  return `entities can't be nested: ${where}`
}

// TDLib drops carriage returns before it counts.
const stripped = /\r/gu

/**
 * Text as Telegram keeps it: white space at both ends removed (at the beginning only up to the first entity), entities
 * moved along.
 */
export function trimmed(text: string, entities: readonly Entity[]): { text: string; entities: Entity[] } {
  let kept = text
  let moved = [...entities]
  for (let match = stripped.exec(kept); match !== null; match = stripped.exec(kept)) {
    const at = match.index
    kept = kept.slice(0, at) + kept.slice(at + 1)
    moved = moved.map((entity) => ({
      ...entity,
      offset: entity.offset - (entity.offset > at ? 1 : 0),
      length: entity.length - (entity.offset <= at && end(entity) > at ? 1 : 0),
    }))
    stripped.lastIndex = 0
  }
  kept = kept.trimEnd()
  const firstEntity = Math.min(kept.length, ...moved.map(({ offset }) => offset))
  const start = Math.min(kept.length - kept.trimStart().length, firstEntity)
  moved = moved.map((entity) => {
    const offset = entity.offset - start
    return { ...entity, offset, length: Math.min(entity.length, kept.length - start - offset) }
  })
  return { text: kept.slice(start), entities: moved.filter(({ length }) => length > 0) }
}

/**
 * Given entities together with those that Telegram finds by itself in what a bot sends; never inside code, links or
 * across a border.
 */
export function withTypedEntities(text: string, given: readonly Entity[]): Entity[] {
  const opaque = given.filter((entity) => isCode(entity) || !(isStyle(entity) || isQuote(entity)))
  const found = typedEntities(text).filter(
    (entity) =>
      !opaque.some((other) => overlaps(other, entity)) &&
      given.every((other) => !overlaps(other, entity) || contains(other, entity) || contains(entity, other)),
  )
  return [...given, ...found].sort((a, b) => a.offset - b.offset || b.length - a.length)
}
