/** For switches over discriminated unions: a kind that nobody handles does not compile. */
export function unreachable(value: never): never {
  throw new TypeError(`Cannot handle ${JSON.stringify(value)}: no case for it`)
}
