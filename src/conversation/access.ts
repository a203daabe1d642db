import { phrasesOf } from '../phrases/bot.ts'
import type { Reader } from '../screens/reader.ts'
import { echo } from '../screens/render-answer.ts'
import type { Screen } from '../screens/screen.ts'
import { plain } from '../screens/styled.ts'
import type { Desk } from './desk.ts'
import type { Chat } from './said.ts'

/** Whether the owner lets a group use the bot: by the last word in Telegram, else by the configuration. */
export async function isServed({ kept, groups }: Desk, chat: number): Promise<boolean> {
  return (await kept.permission(chat)) ?? (groups.kind === 'open' || groups.ids.includes(chat))
}

export const isOwner = ({ owners }: Desk, person: number): boolean => owners.includes(person)

/** Tells a group that it is not served, with its id and a way to ask. */
export function notServedScreen(desk: Desk, chat: number, reader: Reader): Screen {
  const phrases = phrasesOf(reader.language)
  return {
    message: plain(phrases.notAllowed(chat)),
    rows: desk.owners.length === 0 ? [] : [[{ text: phrases.buttons.request, press: { kind: 'request', chat } }]],
  }
}

/** An owner hears of a group once within this time. Milliseconds. */
const requestedOnceFor = 3_600_000

/** Puts a group's request before the owners, once an hour; false where none of them can be told. */
export async function requestAccess(desk: Desk, chat: Pick<Chat, 'id' | 'title'>): Promise<boolean> {
  if (!(await desk.kept.isFirst(`request:${chat.id}`, requestedOnceFor))) return true
  if ((await askOwners(desk, chat)) > 0) return true
  await desk.kept.notFirst(`request:${chat.id}`)
  return false
}

/** Resolves with how many owners could be told. */
async function askOwners(desk: Desk, chat: Pick<Chat, 'id' | 'title'>): Promise<number> {
  let told = 0
  for (const owner of desk.owners) {
    const { language = 'hant' } = await desk.kept.personSettings(owner)
    const phrases = phrasesOf(language)
    const screen: Screen = {
      message: plain(phrases.requestFrom(echo(chat.title ?? ''), chat.id)),
      rows: [
        [
          { text: phrases.buttons.allowed, press: { kind: 'grant', chat: chat.id, allowed: true } },
          { text: phrases.buttons.refused, press: { kind: 'grant', chat: chat.id, allowed: false } },
        ],
      ],
    }
    // An owner who never started the bot, or blocked it, cannot be told.
    if (await desk.outbox.tell(owner, screen)) told += 1
  }
  return told
}

/** Whether a person may change a group's settings; `unknown` when nobody answers that. */
export async function mayAdminister(
  { outbox }: Desk,
  chat: number,
  who: { readonly person?: number; readonly asChat?: number },
): Promise<'yes' | 'no' | 'unknown'> {
  // Only administrators can write as the group itself.
  if (who.asChat === chat) return 'yes'
  return who.person === undefined ? 'no' : outbox.administers(chat, who.person)
}

/** Whether a person may empty a chat's basket: all of it is theirs, or they administer the chat. */
export async function mayClear(desk: Desk, chat: Pick<Chat, 'id' | 'kind'>, person: number): Promise<boolean> {
  if (chat.kind === 'private' || (await desk.kept.isOwnBasket(chat.id, person))) return true
  return (await mayAdminister(desk, chat.id, person === chat.id ? { asChat: person } : { person })) === 'yes'
}
