import { framesOf } from '../model/frames.ts'

const systemWord = /^[A-Za-z][\w.]{0,40}$/u // EADDRINUSE, listen

/** `code` and `syscall` of an error of Node: words of the system, where they are such. */
const systemWords = (error: object): readonly string[] =>
  [Reflect.get(error, 'code'), Reflect.get(error, 'syscall')].filter(
    (word): word is string => typeof word === 'string' && systemWord.test(word),
  )

/**
 * A fault of the program for whoever started it: its kind, what the system called it, and where it arose. Its message is
 * left out, for it may quote what people typed, or the token.
 */
export function faultText(error: unknown): string {
  const kind = error instanceof Error ? [error.constructor.name, ...systemWords(error)].join(' ') : typeof error
  const steps = framesOf(error).map(({ function: name, file, line, column }) => {
    const place = `${file}:${line}:${column}`
    return `    at ${name === '' ? place : `${name} (${place})`}`
  })
  return [`Cannot go on, a fault of the program: ${kind}`, ...steps].join('\n')
}
