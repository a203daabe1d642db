import type { Styled } from './styled.ts'
import type { Press } from './views.ts'

export type ScreenButton = { readonly text: string } & (
  | { readonly press: Press }
  | { readonly url: string }
  | { readonly share: string }
)

/** A message with its buttons, before Telegram sees it. */
export type Screen = {
  readonly message: Styled
  readonly rows: readonly (readonly ScreenButton[])[]
  /** The same as a native table, whole, for servers that have rich messages. HTML. */
  readonly rich?: { readonly html: string; readonly rows: Screen['rows'] }
}
