import { Bucket } from '../model/bucket.ts'

/** How fast one person may ask in one group. */
export type PaceLimits = { readonly burst: number; readonly perMinute: number }

/** Telegram lets a bot write 20 messages a minute to a group: nobody shall use them all. */
export const groupPace: PaceLimits = { burst: 6, perMinute: 6 }

/** `first`: too fast, and not told yet; `again`: too fast, and told. */
export type Pace = 'good' | 'first' | 'again'

/** People that are remembered at most; those at rest are forgotten first. */
const mostPeople = 10_000

/**
 * Messages of one person whose verdict is remembered: one that is handled again, as Telegram could not be reached, gets
 * the same.
 */
const mostMessages = 64

type Person = { readonly bucket: Bucket; readonly verdicts: Map<string, Pace>; isTold: boolean }

/**
 * Watches how fast each person asks in each group. `message` names a message with its edition; `moment` is when it was
 * written, in milliseconds: what waited while the service was away was not asked at once.
 *
 * A group's messages are handled in order, so one who floods would keep all others waiting.
 */
export function createPace(
  limits: PaceLimits,
): (group: number, person: number, message: string, moment: number) => Pace {
  const people = new Map<string, Person>()

  function verdictOn(one: Person, moment: number): Pace {
    if (one.bucket.freeAt() <= moment) {
      one.bucket.note(moment)
      one.isTold = false
      return 'good'
    }
    const pace = one.isTold ? 'again' : 'first'
    one.isTold = true
    return pace
  }

  return (group, person, message, moment) => {
    const key = `${group}:${person}`
    if (people.size >= mostPeople && !people.has(key)) {
      for (const [other, { bucket }] of people) if (bucket.isIdle(moment)) people.delete(other)
      const [oldest] = people.keys()
      if (people.size >= mostPeople && oldest !== undefined) people.delete(oldest)
    }
    const one = people.get(key) ?? {
      bucket: new Bucket(limits.perMinute / 60, limits.burst),
      verdicts: new Map(),
      isTold: false,
    }
    // The latest stand last.
    people.delete(key)
    people.set(key, one)
    const pace = one.verdicts.get(message) ?? verdictOn(one, moment)
    one.verdicts.set(message, pace)
    const [first] = one.verdicts.keys()
    if (one.verdicts.size > mostMessages && first !== undefined) one.verdicts.delete(first)
    return pace
  }
}
