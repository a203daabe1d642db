import { writeCsv } from '../export/csv.ts'
import type { ExportedClause, ExportedDocument, ExportedSection } from '../export/document.ts'
import { writeDocx } from '../export/docx.ts'
import { institutionsIn } from '../memorandum/institutions.ts'
import type { Unit } from '../model/corpus.ts'
import { noClause, provinceName } from '../phrases/answers.ts'
import { phrasesOf } from '../phrases/bot.ts'
import { citationFor, sideName } from '../phrases/citations.ts'
import { inDocumentOrder } from '../screens/other-screens.ts'
import { clauseLink, type Reader, type Sources } from '../screens/reader.ts'
import { clausesOf } from '../screens/render-answer.ts'
import { topicName, topicRows } from '../screens/topic-screens.ts'
import { type Deed, readButton } from '../screens/views.ts'
import { formatChineseNumeral } from '../text/numerals.ts'
import type { Destination } from './outbox.ts'
import type { Pressed } from './said.ts'
import { answerAgain, type Scene } from './show.ts'

/** A unit as it stands in a file. */
function exported(unit: Unit, sources: Sources, reader: Reader): ExportedClause {
  const { memorandum } = unit
  return {
    citation: citationFor(unit, reader.language),
    province: provinceName(memorandum.province.slug, reader.language),
    memorandum: memorandum.title,
    date: memorandum.date,
    area:
      unit.kind === 'measure'
        ? `${formatChineseNumeral(unit.area.ordinal)}、${unit.area.title}`
        : phrasesOf(reader.language).preamble,
    item: unit.kind === 'preamble' ? '' : String(unit.number),
    text: unit.text,
    // A terminal has no address that others could open.
    link: reader.surface === 'terminal' ? '' : clauseLink(sources, unit.id),
  }
}

const clausesAt = (ids: readonly string[], sources: Sources, reader: Reader): readonly ExportedClause[] =>
  ids.flatMap((id) => {
    const unit = sources.library.byId.get(id)
    return unit === undefined ? [] : [exported(unit, sources, reader)]
  })

/** Province by province; where one has nothing, that is said. */
function bySide(
  rows: readonly { readonly province: string; readonly ids: readonly string[] }[],
  sources: Sources,
  reader: Reader,
): readonly ExportedSection[] {
  return rows.map(({ province, ids }) => {
    const memorandum = sources.library.memoranda.find((one) => one.province.slug === province)
    return {
      heading:
        memorandum === undefined ? provinceName(province, reader.language) : sideName(memorandum, reader.language),
      clauses: clausesAt(ids, sources, reader),
      empty: noClause[reader.language],
    }
  })
}

/**
 * What a view shows, as the sections of a document; `undefined` when it does not exist any more or is not for export.
 */
async function sectionsOf(
  of: string,
  scene: Scene,
): Promise<{ readonly title: string; readonly sections: readonly ExportedSection[] } | undefined> {
  const { desk, reader, person, chat } = scene
  const { sources } = desk
  const phrases = phrasesOf(reader.language)
  const view = readButton(of)?.press
  const plain = (title: string, ids: readonly string[]) => ({
    title,
    sections: [{ clauses: clausesAt(ids, sources, reader) }],
  })
  switch (view?.kind) {
    case 'answer': {
      const question = await desk.kept.question(person, view.key)
      if (question === undefined) return undefined
      const answer = await answerAgain(desk, question)
      const title = `${phrases.fileTitle}${reader.language === 'en' ? ': ' : '：'}${question.query}`
      if (answer.kind === 'comparison') {
        const rows = answer.rows.map(({ province, passages }) => ({ province, ids: passages.map(({ id }) => id) }))
        return { title, sections: bySide(rows, sources, reader) }
      }
      return plain(
        title,
        clausesOf(answer, question.query, sources).map(({ unit }) => unit.id),
      )
    }
    case 'topic':
    case 'comparison': {
      const topic = sources.topics.find(({ slug }) => slug === view.slug)
      if (topic === undefined) return undefined
      const title = `${phrases.fileTitle}${reader.language === 'en' ? ': ' : '：'}${topicName(topic, reader)}`
      if (view.kind === 'topic') return plain(title, topic.measures)
      const rows = topicRows(topic, sources).map(({ province, passages }) => ({
        province,
        ids: passages.map(({ id }) => id),
      }))
      return { title, sections: bySide(rows, sources, reader) }
    }
    case 'institution': {
      const named = institutionsIn(sources.library).find(({ institution }) => institution.slug === view.slug)
      return named === undefined
        ? undefined
        : plain(
            phrases.institutionTitle(
              reader.language === 'en' ? named.institution.en : named.institution.zh,
              named.units.length,
            ),
            named.units,
          )
    }
    case 'basket':
      return plain(phrases.fileTitle, inDocumentOrder(await desk.kept.basket(chat), sources))
    default:
      return undefined
  }
}

/** The document behind an export button; `undefined` when there is nothing to export any more. */
export async function documentOf(of: string, scene: Scene): Promise<ExportedDocument | undefined> {
  const found = await sectionsOf(of, scene)
  if (found === undefined || found.sections.every(({ clauses }) => clauses.length === 0)) return undefined
  const { fileFoot, columns } = phrasesOf(scene.reader.language)
  return { ...found, columns, foot: fileFoot }
}

/** Pressing again within this time does not send the file again. Milliseconds. */
const sentOnceFor = 60_000

/**
 * Sends what a view shows as a file, once however often the button is pressed; false when there is nothing to send any
 * more.
 */
export async function sendExport(
  { format, of }: Extract<Deed, { kind: 'export' }>,
  scene: Scene,
  { message, thread }: Pressed,
): Promise<boolean> {
  const { desk, reader, chat } = scene
  if (message === undefined) return false
  const document = await documentOf(of, scene)
  if (document === undefined) return false
  const once = `export:${chat}:${message}:${format}:${of}`
  if (!(await desk.kept.isFirst(once, sentOnceFor))) return true
  const destination: Destination = { chat, ...(thread === undefined ? {} : { thread }), replyTo: message }
  const send = async () => {
    const file = format === 'csv' ? writeCsv(document) : await writeDocx(document)
    const count = document.sections.reduce((sum, { clauses }) => sum + clauses.length, 0)
    await desk.outbox.sendFile(destination, { ...file, caption: phrasesOf(reader.language).exported(count) })
  }
  try {
    await desk.outbox.whileTyping(destination, send, 'upload_document')
  } catch (error) {
    await desk.kept.notFirst(once)
    throw error
  }
  return true
}
