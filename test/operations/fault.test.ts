import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { faultText } from '../../src/operations/fault.ts'

function broken(text: string): never {
  throw new RangeError(text)
}
const thrown = (task: () => unknown): unknown => {
  try {
    return task()
  } catch (error) {
    return error
  }
}

test('faultText() tells the kind and the way to a fault, and nothing of its message', () => {
  const [head, first, ...others] = faultText(thrown(() => broken('四川\n    at secret (/etc/passwd:1:1)'))).split('\n')
  expect(head).toBe('Cannot go on, a fault of the program: RangeError')
  expect(first).toMatch(/^ {4}at broken \(test\/operations\/fault\.test\.ts:6:\d+\)$/u)
  for (const line of others)
    expect(line).toMatch(/^ {4}at (?:\S.* \()?(?:test|node_modules|node:)[^()\s]*:\d+:\d+\)?$/u)
  expect(others.join('\n')).not.toContain('secret')
})

test('faultText() tells what the system said, without the path', () => {
  const text = faultText(thrown(() => readFileSync('/home/somebody/四川.txt')))
  expect(text).toContain('a fault of the program: Error ENOENT open\n')
  expect(text).not.toMatch(/somebody|四川/u)
})

test('faultText() tells the type alone of what is no error, and no words that are none of the system', () => {
  expect(faultText('四川')).toBe('Cannot go on, a fault of the program: string')
  const [head] = faultText(Object.assign(new Error('x'), { code: '四川 有', syscall: 7 })).split('\n')
  expect(head).toBe('Cannot go on, a fault of the program: Error')
})
