import type { Language } from './answers.ts'
import { english } from './bot-en.ts'
import { simplified } from './bot-hans.ts'
import { traditional } from './bot-hant.ts'
import type { BotPhrases } from './bot-phrases.ts'

const all: Readonly<Record<Language, BotPhrases>> = { hant: traditional, hans: simplified, en: english }

export const phrasesOf = (language: Language): BotPhrases => all[language]

/** `zh-hans`, `zh-CN`, `zh_SG` read Simplified, other Chinese Traditional, everybody else English. */
export function languageOf(code: string | undefined): Language | undefined {
  if (code === undefined || code === '') return undefined
  const tag = code.toLowerCase().replaceAll('_', '-')
  if (!/^(?:zh|yue|cmn)(?:-|$)/u.test(tag)) return 'en'
  // The script, where it is named, says more than the place: zh-Hans-HK.
  if (/-hant\b/u.test(tag)) return 'hant'
  return /-hans\b|-(?:cn|sg|my)\b/u.test(tag) ? 'hans' : 'hant'
}
