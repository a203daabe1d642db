/** Things that arrive, each to be taken once and in order; who asks before one is there waits. */
export class Mailbox<T> {
  #arrived: T[] = []
  #waiting: ((item: T) => void)[] = []

  put(item: T): void {
    const waiting = this.#waiting.shift()
    if (waiting === undefined) this.#arrived.push(item)
    else waiting(item)
  }

  /** Rejects with `describe()` when nothing arrives within `timeoutMs`. */
  next(timeoutMs: number, describe: () => string): Promise<T> {
    const arrived = this.#arrived.shift()
    if (arrived !== undefined) return Promise.resolve(arrived)
    return new Promise((resolve, reject) => {
      const take = (item: T) => {
        clearTimeout(timer)
        resolve(item)
      }
      const timer = setTimeout(() => {
        this.#waiting = this.#waiting.filter((waiting) => waiting !== take)
        reject(new Error(`${describe()} within ${timeoutMs} ms`))
      }, timeoutMs)
      this.#waiting.push(take)
    })
  }

  /** What arrived and was not taken. */
  get untaken(): readonly T[] {
    return this.#arrived
  }
}
