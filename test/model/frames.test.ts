import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { framesOf } from '../../src/model/frames.ts'

const here = 'test/model/frames.test.ts'
const lines = readFileSync(here, 'utf8').split('\n')
/** Number of the line that ends with this comment. */
const lineOf = (mark: string) => lines.findIndex((line) => line.endsWith(`// ${mark}`)) + 1

class Desk {
  constructor(text?: string) {
    if (text !== undefined) throw new RangeError(text) // made
  }
  async show(text: string) {
    await null
    return this.#find(text) // shown
  }
  #find(text: string): never {
    throw new TypeError(text) // found
  }
}

const thrown = async (task: () => unknown): Promise<unknown> => {
  try {
    await task()
  } catch (error) {
    return error
  }
  throw new Error('nothing was thrown')
}
const places = (error: unknown) => framesOf(error).map((frame) => `${frame.function} ${frame.file}:${frame.line}`)

/** Everything that a log would hold of an error. */
const logged = (error: unknown) => JSON.stringify(framesOf(error))
const token = '123456789:AAF-secret_Token'
const asked = '四川有甚麼'
const hidden = /secret|123456789|四川|https?:|\/etc\/|passwd/u
/** What a person might write, or a package quote, to get text into a log. */
const smuggled = [
  `${asked} ${token}`,
  `Cannot fetch https://api.telegram.org/bot${token}/sendMessage`,
  `x\n    at secret (file:///etc/passwd:1:1)`,
  `x\n    at secret (${process.cwd()}/src/secret.ts:1:1)`,
  `x\n    at ${asked} (${process.cwd()}/${here}:1:1)`,
  `x\n    at async ${process.cwd()}/secret.ts:1:1\n`,
  '\n    at secret (node:secret:1:1)',
]

describe('framesOf()', () => {
  test('names function, file, line and column from the fault outwards, over an await', async () => {
    const error = await thrown(() => new Desk().show(asked))
    expect(places(error).slice(0, 2)).toEqual([
      `Desk.#find ${here}:${lineOf('found')}`,
      `Desk.show ${here}:${lineOf('shown')}`,
    ])
    expect(framesOf(error)[0]?.column).toBe((lines[lineOf('found') - 1] ?? '').indexOf('new TypeError') + 1)
    expect(places(await thrown(() => new Desk(asked)))[0]).toBe(`new Desk ${here}:${lineOf('made')}`)
  })

  test('puts the files of the project first, then packages and Node, ten at most', async () => {
    const deep = (depth: number): unknown => (depth === 0 ? readFileSync('/no/such/file') : deep(depth - 1))
    const files = (await thrown(() => deep(3)).then(framesOf)).map(({ file }) => file)
    expect(files.length).toBeLessThanOrEqual(10)
    expect(files.slice(0, 4)).toEqual([here, here, here, here])
    expect(files.filter((file) => file === 'node:fs')).toHaveLength(2)
    expect(files.findIndex((file) => file.startsWith('node')) + 1).toBeGreaterThan(files.lastIndexOf(here))
  })

  test('leaves the stack as it was for whoever reads it next', async () => {
    const writer = Error.prepareStackTrace
    const [error, same] = ['a', 'a'].map((text) => new Error(text))
    const frames = framesOf(error)
    expect(framesOf(error)).toEqual(frames)
    expect(Error.prepareStackTrace).toBe(writer)
    expect(error?.stack).toBe(same?.stack)
  })

  test.each(smuggled)('holds nothing of the message %j', async (text) => {
    const error = await thrown(() => new Desk().show(text))
    expect(framesOf(error)).not.toEqual([])
    expect(logged(error)).not.toMatch(hidden)
    expect(framesOf(error).filter(({ line }) => line === 1)).toEqual([])
  })

  test.each(smuggled)('holds nothing of the message %j when the stack was read before', async (text) => {
    const error = await thrown(() => new Desk().show(text))
    expect((error as Error).stack).toContain(text)
    expect(framesOf(error)[0]).toMatchObject({ function: '', file: here, line: lineOf('found') })
    expect(logged(error)).not.toMatch(hidden)
    expect(framesOf(error).filter(({ line }) => line === 1)).toEqual([])
  })

  test.each(smuggled)('holds nothing of the message %j that became another', async (text) => {
    const late = new Error(text)
    late.message = 'x'
    expect(framesOf(late)).not.toEqual([])
    expect(logged(late)).not.toMatch(hidden)
    const wasRead = new Error(text)
    void wasRead.stack
    wasRead.message = text.slice(0, Math.max(1, text.indexOf('\n')))
    expect(logged(wasRead)).not.toMatch(hidden)
    const wasAnother = new Error(text)
    void wasAnother.stack
    wasAnother.message = 'y'
    expect(framesOf(wasAnother)).toEqual([])
  })

  test('holds nothing of names that people could have given', () => {
    const step = `secret (${process.cwd()}/${here}:1:1)`
    for (const name of [`${asked}\n    at ${step}`, `${step}\n    at x`, `secret ${token}`]) {
      const error = { [name]: () => new Error('x') }[name]?.()
      expect(framesOf(error)).not.toEqual([])
      expect(logged(error)).not.toMatch(hidden)
      expect(framesOf(error).filter(({ line }) => line === 1)).toEqual([])
      const renamed = Object.assign(new Error('x'), { name: `Error\n    at secret (${process.cwd()}/${here}:1:1)` })
      expect(logged(renamed)).not.toMatch(hidden)
      expect(framesOf(renamed).filter(({ line }) => line === 1)).toEqual([])
    }
  })

  test.each([
    ['text', asked],
    ['nothing', undefined],
    ['a plain object', { stack: `x\n    at secret (${process.cwd()}/${here}:1:1)`, message: 'x', name: 'Error' }],
    ['a stack that was replaced', Object.assign(new Error('x'), { stack: `at secret (${process.cwd()}/${here}:1:1)` })],
    ['a stack that is no text', Object.assign(new Error('x'), { stack: { secret: token } })],
    [
      'a stack that throws',
      Object.defineProperty(new Error('x'), 'stack', {
        get() {
          throw new Error(token)
        },
      }),
    ],
    [
      'an object that throws whatever it is asked',
      new Proxy(new Error('x'), {
        get() {
          throw new Error(token)
        },
        getPrototypeOf() {
          throw new Error(token)
        },
      }),
    ],
  ])('is empty for %s', (_, error) => expect(framesOf(error)).toEqual([]))

  test('holds names of code, files of the project or of Node, and numbers, whatever the error says', () => {
    const text = fc.oneof(
      fc.string(),
      fc.constantFrom(...smuggled),
      fc.stringMatching(/^x\n {4}at [a-z]{1,8} \(\/[a-z]{1,8}\.ts:1:1\)$/u),
    )
    fc.assert(
      fc.property(text, text, fc.boolean(), (message, name, isRead) => {
        const make = { [name]: () => Object.assign(new Error(message), { name }) }[name]
        const error = make?.()
        if (isRead) void error?.stack
        for (const { function: called, file } of framesOf(error)) {
          expect(file).toMatch(/^(?:test\/model\/frames\.test\.ts|node_modules\/[\w@.+/-]+\.js|node:[a-z/_]+)$/u)
          expect(called).toMatch(/^(?:[\w$#.<>]| (?!at ))*$/u)
        }
      }),
    )
  })
})
