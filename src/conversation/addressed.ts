/** What a message asks of the bot. */
export type Addressed =
  | {
      readonly kind: 'command'
      readonly name: string
      readonly text: string
      /** True when it names this bot. */
      readonly named: boolean
    }
  | { readonly kind: 'question'; readonly text: string }

/*
 * Telegram marks a command or mention only where no letter touches it, and Chinese characters are letters: /ask滬港,
 * 請問@bot and @bot滬港 carry no entity at all. So the text itself is read.
 */
const command = /^\s*\/(?<name>[A-Za-z0-9_]{1,32})(?:@(?<bot>[A-Za-z0-9_]{3,32}))?(?<rest>[\s\S]*)$/u

/** A command with what follows it; `undefined` for anything else, and for a command that names another bot. */
export function commandOf(
  text: string,
  username: string,
): Extract<Addressed, { kind: 'command' }> | 'for another bot' | undefined {
  const { name, bot, rest = '' } = command.exec(text)?.groups ?? {}
  if (name === undefined) return undefined
  // /a/b and /root: a path is no command.
  if (/^[/.]/u.test(rest)) return undefined
  if (bot !== undefined && bot.toLowerCase() !== username.toLowerCase()) return 'for another bot'
  return { kind: 'command', name: name.toLowerCase(), text: rest.trim(), named: bot !== undefined }
}

/** The text without the bot's @name; `undefined` when it does not stand there. */
export function withoutMention(text: string, username: string): string | undefined {
  const mention = new RegExp(`(?<![A-Za-z0-9_/.])@${username}(?![A-Za-z0-9_])`, 'giu')
  return mention.test(text) ? text.replace(mention, ' ').replace(/\s+/gu, ' ').trim() : undefined
}

/** What a text of a private chat asks: everything there is meant for the bot. */
export function addressedInPrivate(text: string, username: string): Addressed {
  const read = commandOf(text, username)
  if (read === 'for another bot') return { kind: 'question', text: '' }
  return read ?? { kind: 'question', text: (withoutMention(text, username) ?? text).trim() }
}
