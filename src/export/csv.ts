import type { ExportedClause, ExportedDocument, ExportedFile } from './document.ts'

const fields: readonly (keyof ExportedClause)[] = [
  'citation',
  'province',
  'memorandum',
  'date',
  'area',
  'item',
  'text',
  'link',
]

/** Without it spreadsheet programs take UTF-8 for the system's old encoding and show no Chinese. */
const byteOrderMark = '\uFEFF'

/** A field as RFC 4180 has it. */
const quoted = (value: string): string => (/[",\r\n]/u.test(value) ? `"${value.replaceAll('"', '""')}"` : value)

/** A table with one clause a row: UTF-8 with byte order mark, lines end with CR LF (RFC 4180). */
export function writeCsv({ columns, sections }: ExportedDocument): ExportedFile {
  const rows = sections.flatMap(({ clauses }) => clauses.map((clause) => fields.map((field) => clause[field])))
  const text = [columns, ...rows].map((row) => row.map(quoted).join(',')).join('\r\n')
  return { name: 'memoranda-clauses.csv', bytes: Buffer.from(`${byteOrderMark}${text}\r\n`, 'utf8') }
}
