import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { unitId } from '../model/corpus.ts'
import type { Library } from './library.ts'
import { CorpusError } from './markdown.ts'

/**
 * What joins areas that bear different names in different memoranda: 創新及科技 and 科技創新. Reviewed by hand, like the
 * memoranda.
 */
export const topic = z.strictObject({
  /** Never changes meaning: links and callbacks carry it. */
  slug: z.string().regex(/^[a-z]+(?:-[a-z]+)*$/u),
  zh: z.string().min(1),
  en: z.string().min(1),
  /**
   * What people call the topic as a whole, `zh` and `en` first; no word for a part of it (仲裁 for law). Matched in
   * search form; none names two topics.
   */
  names: z.array(z.string().min(1)).min(2),
  /** Every measure squarely about the topic, in library order. One measure may have several topics. */
  measures: z.array(unitId).min(1),
})
export type Topic = Readonly<z.infer<typeof topic>>

/**
 * Reads `topics.json` of a corpus folder. A new memorandum may stand in the library before its measures have topics.
 * @throws {CorpusError} naming the topic, when an id is no measure of the library or stands twice, or a slug does.
 */
export async function loadTopics(folder: string, library: Library): Promise<readonly Topic[]> {
  const file = join(folder, 'topics.json')
  let data: unknown
  try {
    data = JSON.parse(await readFile(file, 'utf8'))
  } catch (error) {
    throw new CorpusError(`${file}: ${error instanceof Error ? error.message : String(error)}`)
  }
  const checked = z.array(topic).safeParse(data)
  if (!checked.success) {
    const [issue] = checked.error.issues
    throw new CorpusError(`${file}: ${issue?.path.join('.')}: ${issue?.message}`)
  }
  const slugs = new Set<string>()
  for (const { slug, measures } of checked.data) {
    if (slugs.has(slug)) throw new CorpusError(`${file}: the topic ${slug} stands twice`)
    slugs.add(slug)
    for (const id of measures)
      if (library.byId.get(id)?.kind !== 'measure')
        throw new CorpusError(`${file}: the topic ${slug} names ${id}, which is no measure of this corpus`)
    const twice = measures.find((id, index) => measures.indexOf(id) !== index)
    if (twice !== undefined) throw new CorpusError(`${file}: the topic ${slug} names ${twice} twice`)
  }
  return checked.data
}

/** The topics of one unit, in the order of the taxonomy; none for a preamble. */
export function topicsOf(topics: readonly Topic[], unitId: string): Topic[] {
  return topics.filter(({ measures }) => measures.includes(unitId))
}
