/** `burst` events at once, refilled at `perSecond`. Times in milliseconds. */
export class Bucket {
  readonly #perMs: number
  readonly #burst: number
  /** Events allowed at `#at`; below 1 none is. */
  #level: number
  #at = 0

  constructor(perSecond: number, burst: number) {
    this.#perMs = perSecond / 1000
    this.#burst = burst
    this.#level = burst
  }

  freeAt(): number {
    return this.#level >= 1 ? 0 : this.#at + Math.ceil((1 - this.#level) / this.#perMs)
  }

  note(now: number): void {
    this.#level = this.#levelAt(now) - 1
    this.#at = now
  }

  isIdle(now: number): boolean {
    return this.#levelAt(now) >= this.#burst
  }

  #levelAt(now: number): number {
    return Math.min(this.#burst, this.#level + Math.max(0, now - this.#at) * this.#perMs)
  }
}
