import type { languages } from '../phrases/answers.ts'
import { phrasesOf } from '../phrases/bot.ts'
import { type CommandName, commandNames } from '../phrases/bot-phrases.ts'
import type { Gateway } from '../telegram/gateway.ts'

/** Commands that work and stand in no menu: a question needs none in private, and the others are for few. */
const unlisted: ReadonlySet<CommandName> = new Set<CommandName>(['ask', 'start', 'selftest', 'id', 'allow', 'deny'])
const inPrivate = commandNames.filter((name) => !unlisted.has(name))
const inGroups: readonly CommandName[] = ['ask', 'compare', 'browse', 'basket', 'help']
const forAdministrators: readonly CommandName[] = [...inGroups, 'settings', 'id']

const scopes = [
  ['default', inPrivate],
  ['all_private_chats', inPrivate],
  ['all_group_chats', inGroups],
  ['all_chat_administrators', forAdministrators],
] as const

/*
 * Telegram tells languages apart by two letters, so `zh` cannot be both scripts: it gets Traditional, the script of the
 * documents, and everybody whose language is not named gets English. Whoever chooses Simplified gets its menu in their
 * own chat (`registerChatMenu`).
 */
const codes = [
  ['', 'en'],
  ['zh', 'hant'],
] as const

const commandsIn = (names: readonly CommandName[], language: (typeof languages)[number]) =>
  names.map((command) => ({ command, description: phrasesOf(language).commands[command] }))

/** Registers commands and descriptions for every scope and language, until `signal` is aborted. Throws CallError. */
export async function registerMenus(gateway: Gateway, signal: AbortSignal): Promise<void> {
  const bulk = { priority: 'bulk', signal } as const
  for (const [code, language] of codes) {
    const phrases = phrasesOf(language)
    const named = code === '' ? {} : { language_code: code }
    for (const [type, names] of scopes)
      await gateway.call('setMyCommands', { commands: commandsIn(names, language), scope: { type }, ...named }, bulk)
    await gateway.call('setMyDescription', { description: phrases.description, ...named }, bulk)
    await gateway.call('setMyShortDescription', { short_description: phrases.shortDescription, ...named }, bulk)
  }
}

/**
 * The menu of one private chat in the language that its person chose; `undefined` goes back to that of Telegram. Throws
 * CallError.
 */
export async function registerChatMenu(
  gateway: Gateway,
  chat: number,
  language: (typeof languages)[number] | undefined,
): Promise<void> {
  const scope = { type: 'chat', chat_id: chat } as const
  if (language === undefined) await gateway.call('deleteMyCommands', { scope })
  else await gateway.call('setMyCommands', { commands: commandsIn(inPrivate, language), scope })
}
