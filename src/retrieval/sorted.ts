/** Where the first of ascending numbers stands that is not below a value, between two offsets; the second for none. */
export function firstNotBelow(numbers: Int32Array, value: number, from = 0, to = numbers.length): number {
  let low = from
  let high = to
  while (low < high) {
    const middle = (low + high) >> 1
    if ((numbers[middle] as number) < value) low = middle + 1
    else high = middle
  }
  return low
}
