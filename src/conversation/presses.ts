import { unreachable } from '../model/unreachable.ts'
import { languages } from '../phrases/answers.ts'
import { phrasesOf } from '../phrases/bot.ts'
import { settingsScreen } from '../screens/other-screens.ts'
import type { Reader, Settings } from '../screens/reader.ts'
import type { Screen } from '../screens/screen.ts'
import { plain } from '../screens/styled.ts'
import { type Deed, isDeed, readButton } from '../screens/views.ts'
import { isOwner, isServed, mayAdminister, mayClear, requestAccess } from './access.ts'
import { type Desk, readerIn } from './desk.ts'
import { sendExport } from './exports.ts'
import type { Pressed, Target } from './said.ts'
import { type Scene, show } from './show.ts'

/** What became of a press: a new look of the message, a toast, or both. */
type Outcome = { readonly screen?: Screen; readonly toast?: string; readonly isAlert?: boolean }

/**
 * Buttons are pressed by people who see a spinner: each press gets its answer, whatever happens. Resolves with a word
 * for the log.
 */
export async function onPress(desk: Desk, pressed: Pressed): Promise<string> {
  const { chat, from, target, data, repliedTo } = pressed
  const button = data === undefined ? undefined : readButton(data)
  const reader = await readerIn(desk, chat, from, button?.asker)
  const { toasts } = phrasesOf(reader.language)
  if (button === undefined || target === undefined) {
    await desk.outbox.toast(pressed.id, toasts.stale, true)
    return 'stale'
  }
  try {
    if (button.asker !== undefined && !(await isAsker(desk, button.asker, from.id, chat.id))) {
      await desk.outbox.toast(pressed.id, toasts.notYours, true)
      return 'not theirs'
    }
    if (chat.kind !== 'private' && button.press.kind !== 'request' && !(await isServed(desk, chat.id))) {
      await desk.outbox.toast(pressed.id, phrasesOf(reader.language).notAllowed(chat.id), true)
      return 'not served'
    }
    // In a group the buttons belong to the asker, who may be an administrator without a name.
    const person = button.asker ?? from.id
    const scene: Scene = { desk, reader, person, chat: chat.id, ...(repliedTo === undefined ? {} : { repliedTo }) }
    const outcome = isDeed(button.press)
      ? await carryOut(button.press, scene, pressed)
      : { screen: await show(button.press, scene) }
    await finish(desk, pressed, target, outcome, toasts, reader)
    return button.press.kind
  } catch (error) {
    await desk.outbox.toast(pressed.id, toasts.failed).catch(() => {})
    throw error
  }
}

async function finish(
  desk: Desk,
  pressed: Pressed,
  target: Target,
  outcome: { screen?: Screen | undefined; toast?: string; isAlert?: boolean },
  toasts: { readonly stale: string },
  reader: Reader,
): Promise<void> {
  if (outcome.screen === undefined)
    return desk.outbox.toast(pressed.id, outcome.toast ?? toasts.stale, outcome.isAlert ?? outcome.toast === undefined)
  const edited = await desk.outbox.edit(target, outcome.screen, reader.asker)
  if (edited === 'gone') return desk.outbox.toast(pressed.id, toasts.stale, true)
  return desk.outbox.toast(pressed.id, outcome.toast)
}

/** Only the asker turns pages; where an administrator asked in the group's name, any administrator does. */
async function isAsker(desk: Desk, asker: number, person: number, chat: number): Promise<boolean> {
  if (asker === person) return true
  return asker === chat && (await mayAdminister(desk, chat, { person })) === 'yes'
}

async function carryOut(deed: Deed, scene: Scene, pressed: Pressed): Promise<Outcome> {
  const { desk, reader, chat } = scene
  const phrases = phrasesOf(reader.language)
  const { toasts } = phrases
  switch (deed.kind) {
    case 'add': {
      if (!desk.sources.library.byId.has(deed.id)) return { toast: toasts.stale, isAlert: true }
      const outcome = await desk.kept.collect(chat, deed.id, pressed.from.id)
      return { toast: outcome === 'added' ? toasts.added : outcome === 'there' ? toasts.alreadyThere : toasts.full }
    }
    case 'clear':
      if (!(await mayClear(desk, pressed.chat, pressed.from.id))) return { toast: toasts.notYourBasket, isAlert: true }
      await desk.kept.clearBasket(chat)
      return { screen: { message: plain(phrases.basketCleared), rows: [] }, toast: toasts.cleared }
    case 'choose':
      return choose(deed, scene, pressed)
    case 'forget':
      await desk.kept.forget(pressed.from.id)
      // Who writes as the group has questions under the group's id.
      if (scene.person !== pressed.from.id) await desk.kept.forgetAsChat(scene.person)
      return { screen: { message: plain(phrases.forgotten), rows: [] }, toast: toasts.done }
    case 'dismiss':
      return { screen: { message: plain(phrases.unchanged), rows: [] } }
    case 'export':
      return (await sendExport(deed, scene, pressed)) ? { toast: toasts.done } : { toast: toasts.stale, isAlert: true }
    case 'request': {
      if (deed.chat !== chat) return { toast: toasts.stale, isAlert: true }
      const isAsked = await requestAccess(desk, pressed.chat)
      return isAsked ? { toast: toasts.asked } : { toast: toasts.failed, isAlert: true }
    }
    case 'grant':
      return grant(deed, scene, pressed.from.id)
    default:
      return unreachable(deed)
  }
}

async function grant(
  { chat, allowed }: Extract<Deed, { kind: 'grant' }>,
  { desk, reader }: Scene,
  person: number,
): Promise<Outcome> {
  const phrases = phrasesOf(reader.language)
  if (!isOwner(desk, person)) return { toast: phrases.toasts.onlyOwner, isAlert: true }
  const before = await desk.kept.permission(chat)
  await desk.kept.permit(chat, allowed)
  if (before !== allowed) {
    const { language = reader.language } = await desk.kept.chatSettings(chat)
    const told = phrasesOf(language)
    // The bot may have been removed meanwhile; the permission stands for when it comes back.
    await desk.outbox.tell(chat, { message: plain(allowed ? told.granted : told.denied), rows: [] })
  }
  return {
    screen: { message: plain(`${allowed ? phrases.buttons.allowed : phrases.buttons.refused} · ${chat}`), rows: [] },
    toast: phrases.toasts.done,
  }
}

/** A choice that this version does not offer changes nothing. */
function settingOf(
  { setting, value }: Extract<Deed, { kind: 'choose' }>,
  thread: number | undefined,
): Settings | undefined {
  if (setting === 'topic')
    return value === 'everywhere'
      ? { thread: undefined }
      : value === 'here' && thread !== undefined
        ? { thread }
        : undefined
  if (setting === 'language') {
    if (value === 'auto') return { language: undefined }
    const language = languages.find((one) => one === value)
    return language === undefined ? undefined : { language }
  }
  if (setting === 'script') return value === 'printed' || value === 'simplified' ? { script: value } : undefined
  return value === 'short' || value === 'normal' || value === 'long' ? { length: value } : undefined
}

async function choose(
  deed: Extract<Deed, { kind: 'choose' }>,
  { desk, reader, chat, person }: Scene,
  pressed: Pressed,
): Promise<Outcome> {
  const phrases = phrasesOf(reader.language)
  const { thread, from, chat: where } = pressed
  const change = settingOf(deed, thread)
  if (change === undefined) return { toast: phrases.toasts.stale, isAlert: true }
  if (where.kind === 'private') {
    await desk.kept.changePersonSettings(from.id, change)
    // The menu of commands speaks the chosen language too; without it the choice still holds.
    if ('language' in change) await desk.outbox.offerMenu(chat, change.language).catch(() => {})
  }
  if (where.kind !== 'private') {
    const may = await mayAdminister(desk, chat, { person: from.id })
    if (may !== 'yes')
      return { toast: may === 'no' ? phrases.toasts.onlyAdministrators : phrases.settingsUnchecked, isAlert: true }
    await desk.kept.changeChatSettings(chat, change)
  }
  // The new choice may be the language itself.
  const changed = await readerIn(desk, where, from, reader.asker)
  const settings =
    where.kind === 'private' ? await desk.kept.personSettings(person) : await desk.kept.chatSettings(chat)
  return {
    screen: settingsScreen(settings, changed, thread !== undefined),
    toast: phrasesOf(changed.language).toasts.saved,
  }
}
