import type { Language } from './answers.ts'

const tags: Readonly<Record<Language, string>> = { hant: 'zh-Hant-HK', hans: 'zh-Hans-CN', en: 'en-GB' }

/** Month and day in Hong Kong: 11月28日, 28 November. */
export const monthAndDay = (date: Date, language: Language): string =>
  new Intl.DateTimeFormat(tags[language], { timeZone: 'Asia/Hong_Kong', month: 'long', day: 'numeric' }).format(date)
