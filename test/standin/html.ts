import { MarkupError, tokens } from './markup.ts'
import type { Entity } from './types.ts'

const styles: Readonly<Record<string, string>> = {
  b: 'bold',
  strong: 'bold',
  i: 'italic',
  em: 'italic',
  u: 'underline',
  ins: 'underline',
  s: 'strikethrough',
  strike: 'strikethrough',
  del: 'strikethrough',
  'tg-spoiler': 'spoiler',
  code: 'code',
  pre: 'pre',
  blockquote: 'blockquote',
  a: 'text_link',
  'tg-emoji': 'custom_emoji',
  span: 'spoiler',
  'tg-time': 'date_time',
}

interface Open {
  readonly name: string
  readonly attributes: ReadonlyMap<string, string>
  readonly offset: number
}

/** Text and entities of a message written with `parse_mode: "HTML"`. Throws MarkupError with Telegram's words. */
export function parseHtml(html: string): { text: string; entities: Entity[] } {
  let text = ''
  const entities: Entity[] = []
  const open: Open[] = []
  for (const token of tokens(html)) {
    if (token.kind === 'text') text += token.text
    else if (token.kind === 'open') {
      if (styles[token.name] === undefined)
        throw new MarkupError(`Unsupported start tag "${token.name}" at byte offset ${token.at}`)
      if (token.name === 'span' && token.attributes.get('class') !== 'tg-spoiler')
        throw new MarkupError(`Tag "span" must have class "tg-spoiler" at byte offset ${token.at}`)
      open.push({ name: token.name, attributes: token.attributes, offset: text.length })
    } else {
      const last = open.pop()
      if (last === undefined) throw new MarkupError(`Unexpected end tag at byte offset ${token.at}`)
      if (token.name !== '' && token.name !== last.name) {
        throw new MarkupError(
          `Unmatched end tag at byte offset ${token.at}, expected "</${last.name}>", found "</${token.name}>"`,
        )
      }
      const entity = entityOf(last, text)
      if (entity !== undefined && entity.length > 0) entities.push(entity)
    }
  }
  const unclosed = open.at(-1)
  if (unclosed !== undefined) throw new MarkupError(`Can't find end tag corresponding to start tag "${unclosed.name}"`)
  return { text, entities: joinLanguage(entities.sort((a, b) => a.offset - b.offset || b.length - a.length)) }
}

function entityOf({ name, attributes, offset }: Open, text: string): Entity | undefined {
  const place = { offset, length: text.length - offset }
  switch (name) {
    case 'a': {
      const href = attributes.get('href') ?? text.slice(offset)
      const userId = /^tg:\/\/user\?id=(?<id>\d+)/u.exec(href)?.groups?.id
      if (userId !== undefined)
        return {
          type: 'text_mention',
          ...place,
          user: { id: Number(userId), is_bot: false, first_name: text.slice(offset) },
        }
      // A link that leads nowhere is dropped, its text stays.
      return /^\S+\.\S+$|^(?:https?|tg|mailto|tel):\S+$/u.test(href)
        ? { type: 'text_link', ...place, url: /^[a-z]+:/u.test(href) ? href : `http://${href}` }
        : undefined
    }
    case 'blockquote':
      return { type: attributes.has('expandable') ? 'expandable_blockquote' : 'blockquote', ...place }
    case 'tg-emoji':
      return { type: 'custom_emoji', ...place, custom_emoji_id: attributes.get('emoji-id') ?? '' }
    case 'code': {
      const language = attributes.get('class')?.match(/^language-(?<language>.+)$/u)?.groups?.language
      return language === undefined ? { type: 'code', ...place } : { type: 'code', ...place, language }
    }
    default:
      return { type: styles[name] ?? name, ...place }
  }
}

/** `<pre><code class="language-x">` is one `pre` with a language; a language elsewhere means nothing. */
function joinLanguage(entities: readonly Entity[]): Entity[] {
  const same = (a: Entity, b: Entity) => a.offset === b.offset && a.length === b.length
  const joined: Entity[] = []
  for (const entity of entities) {
    const pre = entities.find((other) => other.type === 'pre' && same(other, entity))
    const code = entities.find((other) => other.type === 'code' && other.language !== undefined && same(other, entity))
    if (entity.type === 'pre' && code?.language !== undefined) joined.push({ ...entity, language: code.language })
    else if (entity.type === 'code' && pre !== undefined && code !== undefined) continue
    else {
      const { language: _, ...plain } = entity
      joined.push(plain)
    }
  }
  return joined
}
