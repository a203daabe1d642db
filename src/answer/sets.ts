import type { Library } from '../memorandum/library.ts'
import type { Topic } from '../memorandum/topics.ts'
import type { Bridge, Bridged } from '../retrieval/bridge.ts'
import { unitSearchText } from '../retrieval/passages.ts'
import { fold, printedForm } from '../text/fold.ts'
import { indexGrams } from '../text/grams.ts'
import { oneOf, wordsIn } from '../text/vocabulary.ts'

/**
 * Every unit that meets a criterion; `criterion` names it in the memoranda's own words. Units are numbered as in the
 * library.
 */
export type CompleteSet = {
  readonly criterion: string
  readonly by: 'topic' | 'words'
  readonly units: readonly number[]
}

export type SetFinder = {
  /**
   * Units that hold a telling word of the question letter for letter: three characters or more, in four units at most.
   */
  telling(subject: string): readonly number[]

  /**
   * The units of a topic or of a wording that a question in search form names; `undefined` when it names neither. A
   * question on what is
   * `literal` in the documents (哪些省提到綠色債券) is about the words, unless they are a topic's own name.
   */
  find(subject: string, bridged: readonly Bridged[], literal?: boolean): CompleteSet | undefined
  /** The reviewed topic that a question is about as a whole, if any. */
  topicOf(subject: string): Topic | undefined
  unitsAbout(topic: Topic): readonly number[]
}

/** Characters of words that are tried piece by piece. */
const longestCriterion = 48

/** Words that say nothing about which clauses are meant. */
const genericWords = wordsIn(
  '的 嘅 在 与 和 同 及 有 为 对 作 等 了 过 给 由 于 做 嚟 个 份 项 条 几个 几份',
  '合作 安排 措施 项目 计划 交流 发展 支持 推动 提供 设立 参与 参加 加强 推广',
  '活动 政策 试点 服务 事宜 事项 领域 范畴 工作 机制',
  '香港 两地 内地 港人 港方 省市 省份 省 地方 地区 地',
  'cooperation measure exchange support programme program scheme arrangement',
  'hong_kong mainland province municipality',
)
const generic = new RegExp(oneOf(genericWords), 'gu')

/** How names of bodies end. */
const bodyName = /[局會所院署司心學廳辦盟]$/u

const compact = (text: string) => text.replaceAll(/[\s"'<>()[\],.;:!?·-]/gu, '')

/** Where a list has to be complete, the criterion must be certain: a reviewed topic, or words that clauses hold. */
export function createSetFinder(library: Library, topics: readonly Topic[], bridge: Bridge): SetFinder {
  const texts = library.units.map((unit) => compact(unitSearchText(unit)))
  // Every name of an institution is that institution.
  const institutions = [...bridge.chinese, ...bridge.english]
    .filter(
      ([, { kind, terms }]) =>
        kind === 'institution' || (kind === 'abbreviation' && terms.every((term) => bodyName.test(term))),
    )
    .map(([ask, { terms }]) => new Set([ask, ...terms.map((term) => compact(fold(term)))]))
  const pairs = indexGrams(texts, 2)
  const numberOf = new Map(library.units.map((unit, number) => [unit.id, number]))
  const byName = new Map(
    topics.flatMap((topic) =>
      [topic.zh, topic.en, ...topic.names].map((name) => [compact(fold(name)), topic] as const),
    ),
  )
  const names = [...byName.keys()].sort((a, b) => b.length - a.length)

  const topicOf = (subject: string): Topic | undefined => {
    const whole = compact(subject)
    const exact = byName.get(whole)
    if (exact !== undefined) return exact
    const bare = compact(subject.replace(generic, ' '))
    const named = byName.get(bare)
    if (named !== undefined) return named
    // 金融合作内容, 教育方面: a name, and around it generic words alone.
    const inside = names.find((name) => name.length > 1 && whole.includes(name))
    return inside !== undefined && compact(whole.replace(inside, ' ').replace(generic, ' ')) === ''
      ? byName.get(inside)
      : undefined
  }
  const areaTitles = new Set(library.memoranda.flatMap(({ areas }) => areas.map(({ title }) => compact(fold(title)))))
  /** What topics and areas are called themselves, beside the other words for them. */
  const ownNames = new Set(
    [
      ...topics.flatMap(({ zh, en }) => [zh, en]),
      ...library.memoranda.flatMap(({ areas }) => areas.map(({ title }) => title)),
    ].map((name) => compact(fold(name))),
  )
  const unitsAbout = (topic: Topic) => topic.measures.flatMap((id) => numberOf.get(id) ?? [])

  /** Units that may hold words, and maybe others: all of them for a single character. */
  function candidates(words: string): Iterable<number> {
    const bucket = pairs.rarestBucket(words)
    return bucket === undefined ? texts.keys() : pairs.texts(bucket)
  }

  function holding(words: string): number[] {
    return [...candidates(words)].filter((number) => texts[number]?.includes(words))
  }

  /** Longest piece of a chunk that some clause holds, generic words at its ends aside. */
  function longestHeld(chunk: string): string | undefined {
    // Pieces grow with the square of the length; nobody names a criterion that long, but people paste sentences.
    if (chunk.length > longestCriterion) return holding(chunk).length > 0 ? chunk : undefined
    for (let length = chunk.length; length >= 2; length -= 1) {
      for (let start = 0; start + length <= chunk.length; start += 1) {
        const piece = chunk.slice(start, start + length)
        const rest = compact(`${chunk.slice(0, start)} ${chunk.slice(start + length)}`.replace(generic, ' '))
        if (rest !== '') continue
        if (compact(piece.replace(generic, ' ')).length < 2) continue
        for (const number of candidates(piece)) if (texts[number]?.includes(piece)) return piece
      }
    }
    return undefined
  }

  return {
    telling(subject) {
      return subject.split(/[\s,]+/u).flatMap((chunk) => {
        const words = compact(chunk)
        const units = compact(chunk.replace(generic, ' ')).length < 3 ? [] : holding(words)
        return units.length <= 4 ? units : []
      })
    },
    topicOf,
    unitsAbout,
    find(subject, bridged, literal = false) {
      const reviewed = wholeTopic(subject)
      const isName =
        reviewed === undefined || ownNames.has(compact(subject)) || ownNames.has(compact(subject.replace(generic, ' ')))
      if (reviewed !== undefined && (areaTitles.has(compact(subject)) || (!isName && !literal))) return reviewed
      const words = wordSet(subject, bridged)
      if (reviewed === undefined || (literal && !isName)) return words ?? reviewed
      // 姊妹學校 is what most clauses of the topic say in so many words; 青年實習 is said in many ways.
      const said = words?.units.filter((number) => library.units[number]?.kind === 'measure') ?? []
      return words !== undefined &&
        said.length * 2 >= reviewed.units.length &&
        said.every((number) => reviewed.units.includes(number))
        ? { ...words, units: said }
        : reviewed
    },
  }

  function wordSet(subject: string, bridged: readonly Bridged[]): CompleteSet | undefined {
    const chunks = subject.split(/[\s,]+|或者?/u).filter((chunk) => compact(chunk.replace(generic, ' ')) !== '')
    const found: { words: string; units: number[] }[] = []
    for (const chunk of chunks) {
      const words = longestHeld(compact(chunk))
      const core = compact(chunk.replace(generic, ' '))
      const known = bridged.find(
        ({ word, source }) => source === 'terms' && [compact(chunk), core].includes(compact(word)),
      )
      const names = new Set(
        institutions.filter((group) => group.has(compact(chunk)) || group.has(core)).flatMap((group) => [...group]),
      )
      // Of other words only the first term is certain to mean the same.
      const equivalents = names.size > 0 ? [...names] : (known?.terms.slice(0, 1) ?? [])
      const units = new Set(words === undefined ? [] : holding(words))
      for (const equivalent of equivalents) for (const unit of holding(compact(fold(equivalent)))) units.add(unit)
      if (units.size === 0) return undefined
      found.push({ words: words ?? equivalents[0] ?? chunk, units: [...units].sort((a, b) => a - b) })
    }
    const [first] = found
    if (first === undefined) return undefined
    const either = /或|or/u.test(subject) || found.length === 1
    const units = either
      ? [...new Set(found.flatMap((part) => part.units))].sort((a, b) => a - b)
      : first.units.filter((unit) => found.every((part) => part.units.includes(unit)))
    if (units.length === 0) return undefined
    return {
      criterion: found.map((part) => printed(part.words, part.units)).join(either ? '／' : '＋'),
      by: 'words',
      units,
    }
  }

  /** Words as a memorandum prints them. */
  function printed(words: string, units: readonly number[]): string {
    for (const number of units) {
      const found = printedForm(library.units[number]?.text ?? '', words)
      if (found !== undefined) return found
    }
    return words
  }

  /**
   * Where a memorandum has an area of that very title, the area is what people count; elsewhere what was reviewed as
   * being about the topic.
   */
  function wholeTopic(subject: string): CompleteSet | undefined {
    const reviewed = topicOf(subject)
    if (reviewed === undefined) return undefined
    const titles = new Set(
      [reviewed.zh, ...reviewed.names]
        .map((name) => compact(fold(name)))
        .concat(compact(subject), compact(subject.replace(generic, ' '))),
    )
    const about = new Set(unitsAbout(reviewed))
    const titled = new Map<string, Set<string>>()
    for (const { id, areas } of library.memoranda) {
      const own = areas
        .filter(({ title }) => titles.has(compact(fold(title))))
        .flatMap(({ measures }) => measures.map((measure) => measure.id))
      if (own.length > 0) titled.set(id, new Set(own))
    }
    const units = library.units.flatMap((unit, number) =>
      (titled.get(unit.memorandum.id)?.has(unit.id) ?? about.has(number)) ? [number] : [],
    )
    return { criterion: reviewed.zh, by: 'topic', units }
  }
}
