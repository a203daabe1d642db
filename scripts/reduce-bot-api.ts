/**
 * Reduces the published Bot API specification to what the Telegram stand-in checks calls against.
 *
 *   npx tsx scripts/reduce-bot-api.ts <bot-api.json> > test/standin/bot-api.json
 *
 * All methods stay, with the types that their parameters and answers reach. Descriptions go, except for the constant
 * that a
 * `type`, `source` or `status` field must hold, because that constant is what tells the members of a union apart.
 */
import { readFileSync } from 'node:fs'

interface SpecificationField {
  readonly name: string
  readonly types: readonly string[]
  readonly required: boolean
  readonly description: string
}
interface SpecificationEntry {
  readonly returns?: readonly string[]
  readonly fields?: readonly SpecificationField[]
  readonly subtypes?: readonly string[]
}
interface Specification {
  readonly version: string
  readonly release_date: string
  readonly methods: Readonly<Record<string, SpecificationEntry>>
  readonly types: Readonly<Record<string, SpecificationEntry>>
}

// Type of the result, must be article · The member's status in the chat, always “creator”
const constantInDescription = /(?:must be|always) [“"]?(?<constant>\w+)[”"]?\.?$/u

function typeOf(field: SpecificationField): string {
  const distinguishes = field.required && ['type', 'source', 'status'].includes(field.name)
  const constant = distinguishes ? constantInDescription.exec(field.description)?.groups?.constant : undefined
  return constant === undefined ? field.types.join('|') : `=${constant}`
}

/** `chat_id: "Integer|String"`, and `"parse_mode?"` where the field may be missing. */
function fieldsOf(entry: SpecificationEntry): Record<string, string> {
  return Object.fromEntries(
    (entry.fields ?? []).map((field) => [field.required ? field.name : `${field.name}?`, typeOf(field)]),
  )
}

function reduce(specification: Specification): string {
  const reached = new Set<string>()
  const reach = (type: string): void => {
    const name = type.replace(/^(?:Array of )+/u, '')
    const entry = specification.types[name]
    if (entry === undefined || reached.has(name)) return
    reached.add(name)
    for (const subtype of entry.subtypes ?? []) reach(subtype)
    for (const field of entry.fields ?? []) field.types.forEach(reach)
  }
  for (const method of Object.values(specification.methods)) {
    method.returns?.forEach(reach)
    for (const field of method.fields ?? []) field.types.forEach(reach)
  }
  const line = (name: string, value: unknown) => `  ${JSON.stringify(name)}: ${JSON.stringify(value)}`
  const methods = Object.entries(specification.methods).map(([name, method]) =>
    line(name, { takes: fieldsOf(method), gives: (method.returns ?? []).join('|') }),
  )
  const types = [...reached].sort().map((name) => {
    const entry = specification.types[name]
    return line(name, entry?.subtypes ?? fieldsOf(entry ?? {}))
  })
  // One line per method and type: a newer specification shows as a readable difference.
  return `{\n"version": ${JSON.stringify(`${specification.version} (${specification.release_date})`)},\n"methods": {\n${methods.join(',\n')}\n},\n"types": {\n${types.join(',\n')}\n}\n}\n`
}

const source = process.argv[2]
if (source === undefined) {
  console.error('Usage: npx tsx scripts/reduce-bot-api.ts <bot-api.json> > test/standin/bot-api.json')
  process.exit(2)
}
process.stdout.write(reduce(JSON.parse(readFileSync(source, 'utf8')) as Specification))
