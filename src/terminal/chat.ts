import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import type { Answer, Assistant } from '../answer/answer.ts'
import type { Language } from '../phrases/answers.ts'
import { renderText } from './text.ts'

export type ChatOptions = {
  readonly assistant: Assistant
  readonly input: Readable
  readonly output: Writable & { readonly columns?: number; readonly isTTY?: boolean }
  /** True when a person types: a prompt is shown. */
  readonly interactive: boolean
  readonly language: Language
}

/** Earlier questions that a follow-up may lean on. */
const remembered = 6

const help: Readonly<Record<Language, string>> = {
  hant: '輸入問題，例如「四川有甚麼青年實習」；條文編號，例如「川七4」「浙21」；或答案的號碼，例如 1，看全文。/lang hant|hans|en 轉語言，/quit 結束。',
  hans: '输入问题，例如「四川有什么青年实习」；条文编号，例如「川七4」「浙21」；或答案的号码，例如 1，看全文。/lang hant|hans|en 转语言，/quit 结束。',
  en: 'Type a question, such as “youth internships in Sichuan”; a reference, such as “川七4” or “Zhejiang 21”; or the number of an answer, such as 1, for the whole clause. /lang hant|hans|en changes the language, /quit ends.',
}

const choices: Readonly<Record<Language, string>> = { hant: '（輸入號碼看該項的全文）', hans: '（输入号码看该项的全文）', en: '(type a number for the whole clause)' }

/** The assistant as a chat of lines: reads until the input ends, answers each line in order. */
export async function chat(options: ChatOptions): Promise<void> {
  const { assistant, output } = options
  let { language } = options
  const context: string[] = []
  let last: Answer | undefined
  const style = () => ({ width: output.columns ?? 80, color: output.isTTY === true })
  const say = (text: string) => output.write(`${text}\n`)
  const lines = createInterface({ input: options.input, ...(options.interactive ? { output, prompt: '> ' } : {}) })
  if (options.interactive) {
    say(help[language])
    lines.prompt()
  }
  for await (const line of lines) {
    const text = line.trim()
    const chosen = /^\d{1,2}$/u.test(text) ? last?.hits[Number(text) - 1] : undefined
    const asked = /^\/lang (?<code>hant|hans|en)$/u.exec(text)?.groups?.code
    if (text === '/quit' || text === '/exit') break
    if (text === '') {
      // An empty line asks nothing.
    } else if (text === '/help' || text === '/start') say(help[language])
    else if (asked !== undefined) {
      language = asked as Language
      say(help[language])
    } else if (chosen !== undefined) {
      const passage = assistant.passage(chosen.id)
      if (passage !== undefined) say(`${passage.citation}\n${passage.quote}\n`)
    } else {
      last = await assistant.answer({ query: text, context })
      say(renderText(last, language, style()))
      if (options.interactive && last.hits.length > 0) say(choices[language])
      say('')
      context.push(text)
      if (context.length > remembered) context.shift()
    }
    if (options.interactive) lines.prompt()
  }
  lines.close()
}
