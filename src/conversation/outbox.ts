import type { Language } from '../phrases/answers.ts'
import type { Screen } from '../screens/screen.ts'
import type { Target } from './said.ts'

/** Where a message goes. `replyTo` is the message that asked. */
export type Destination = { readonly chat: number; readonly thread?: number; readonly replyTo?: number }

export type Edited = 'edited' | 'same' | 'gone'

export type FileToSend = { readonly name: string; readonly bytes: Uint8Array; readonly caption: string }

/** All that a conversation can do in the world: every surface gives it its own. */
export type Outbox = {
  /**
   * Resolves with the number of the message; rejects when it cannot be sent. `asker`: the only person who may press its
   * buttons.
   */
  send(destination: Destination, screen: Screen, asker?: number): Promise<number>
  sendFile(destination: Destination, file: FileToSend): Promise<void>
  /** Rejects when the message cannot be changed, except where it shows the same already or is gone. */
  edit(target: Target, screen: Screen, asker?: number): Promise<Edited>
  /** Answers a press, with a toast of at most 200 units when there is a text. Too late is no error. */
  toast(press: string, text?: string, isAlert?: boolean): Promise<void>
  /** Shows that the bot is at work for as long as that takes longer than half a second. */
  whileTyping<T>(destination: Destination, work: () => Promise<T>, action?: 'typing' | 'upload_document'): Promise<T>
  /** Sends to somebody who did not ask just now; false where that chat does not want it or is not there. */
  tell(chat: number, screen: Screen): Promise<boolean>
  /** Whether a person administers a chat, asked each time; `unknown` when nobody answers. */
  administers(chat: number, person: number): Promise<'yes' | 'no' | 'unknown'>
  leave(chat: number): Promise<void>
  /** Shows one person the menu of commands in their language; the surface's own when there is none. */
  offerMenu(chat: number, language: Language | undefined): Promise<void>
}
