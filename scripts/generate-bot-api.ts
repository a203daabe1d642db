/**
 * Writes the types of the Bot API that the product calls, out of the published specification that the stand-in checks
 * calls against: a field that Telegram does not know, or one of another type, does not compile.
 *
 *   npx tsx scripts/generate-bot-api.ts [--check]
 */
import { readFileSync, writeFileSync } from 'node:fs'

const help = `Usage: npx tsx scripts/generate-bot-api.ts [--check]

Writes src/telegram/bot-api.ts from test/standin/bot-api.json.

  --check   write nothing, and say whether the file is what would be written
  --help    this page

Exit codes: 0 written or the same, 1 it differs, 2 wrong usage`

const target = 'src/telegram/bot-api.ts'

/** Methods that the product calls. */
const called = [
  'getUpdates',
  'setWebhook',
  'deleteWebhook',
  'getWebhookInfo',
  'getMe',
  'sendMessage',
  'sendRichMessage',
  'sendDocument',
  'sendChatAction',
  'editMessageText',
  'editMessageReplyMarkup',
  'deleteMessage',
  'answerCallbackQuery',
  'answerInlineQuery',
  'answerGuestQuery',
  'getFile',
  'getChat',
  'getChatMember',
  'leaveChat',
  'setMyCommands',
  'deleteMyCommands',
  'setMyDescription',
  'setMyShortDescription',
]

/** Of what Telegram gives back, the fields that the product reads; types that are not named here are given whole. */
const readOf: Readonly<Record<string, readonly string[]>> = {
  Message: ['message_id', 'date', 'chat', 'message_thread_id'],
  Chat: ['id', 'type', 'title'],
  ChatFullInfo: ['id', 'type', 'title'],
  Update: ['update_id'],
  ChatMemberOwner: ['status', 'user'],
  ChatMemberAdministrator: ['status', 'user'],
  ChatMemberMember: ['status', 'user'],
  ChatMemberRestricted: ['status', 'user'],
  ChatMemberLeft: ['status', 'user'],
  ChatMemberBanned: ['status', 'user'],
}

/** Unions of which the product makes a few members only. */
const membersOf: Readonly<Record<string, readonly string[]>> = {
  InlineQueryResult: ['InlineQueryResultArticle'],
  InputMessageContent: ['InputTextMessageContent', 'InputRichMessageContent'],
}

const empty = 'Readonly<Record<string, never>>'

type Fields = Readonly<Record<string, string>>
type Specification = {
  readonly version: string
  readonly methods: Readonly<Record<string, { readonly takes: Fields; readonly gives: string }>>
  readonly types: Readonly<Record<string, Fields | readonly string[]>>
}

const primitives: Readonly<Record<string, string>> = {
  Integer: 'number',
  Float: 'number',
  String: 'string',
  Boolean: 'boolean',
  InputFile: 'InputFile',
}

function generate({ version, methods, types }: Specification): string {
  const reached = new Set<string>()

  function typeOf(written: string): string {
    if (written.startsWith('=')) return `'${written.slice(1)}'`
    const members = written.split('|').map((one) => {
      const name = one.replace(/^(?:Array of )+/u, '')
      if (!(name in primitives)) reach(name)
      const arrays = one.split('Array of ').length - 1
      return [...Array(arrays)].reduce((inner: string) => `readonly ${bracketed(inner)}[]`, primitives[name] ?? name)
    })
    return [...new Set(members)].join(' | ')
  }

  function reach(name: string): void {
    const type = types[name]
    if (type === undefined) throw new Error(`Cannot generate ${target}: the specification has no type ${name}`)
    if (reached.has(name)) return
    reached.add(name)
    if (Array.isArray(type)) membersRead(name, type).forEach(reach)
    else for (const [field, written] of fieldsRead(name, type as Fields)) void (field && typeOf(written))
  }

  const fieldsRead = (name: string, fields: Fields) =>
    Object.entries(fields).filter(([field]) => readOf[name]?.includes(field.replace('?', '')) ?? true)
  const membersRead = (name: string, members: readonly string[]) => membersOf[name] ?? members
  const lines = (fields: readonly (readonly [string, string])[], indent: string) =>
    fields.map(([field, written]) => `${indent}readonly ${field}: ${typeOf(written)}`)

  const calls = called.map((name) => {
    const method = methods[name]
    if (method === undefined) throw new Error(`Cannot generate ${target}: the specification has no method ${name}`)
    const takes = Object.entries(method.takes)
    const shape = takes.length === 0 ? empty : `{\n${lines(takes, '      ').join('\n')}\n    }`
    return `  ${name}: {\n    takes: ${shape}\n    gives: ${typeOf(method.gives)}\n  }`
  })
  const declared = [...reached].sort().map((name) => {
    const type = types[name] as Fields | readonly string[]
    if (Array.isArray(type)) return union(name, membersRead(name, type))
    const fields = lines(fieldsRead(name, type as Fields), '  ')
    return `export type ${name} = ${fields.length === 0 ? empty : `{\n${fields.join('\n')}\n}`}`
  })
  return [
    `// ${version}`,
    '// Written by scripts/generate-bot-api.ts out of the published specification: change that, not this.',
    '',
    '/** A file is given by its bytes, so that it can be sent a second time. */',
    'export type InputFile = { readonly source: Uint8Array; readonly filename?: string }',
    '',
    ...declared.flatMap((type) => [type, '']),
    '/** What each method takes and gives back; of results only what the product reads. */',
    'export type Methods = {',
    ...calls,
    '}',
    '',
  ].join('\n')
}

/** As the formatter would write it. */
function union(name: string, members: readonly string[]): string {
  const line = `export type ${name} = ${members.join(' | ')}`
  return line.length <= 120 ? line : `export type ${name} =\n${members.map((member) => `  | ${member}`).join('\n')}`
}

const bracketed = (type: string): string => (type.includes(' ') ? `(${type})` : type)

const [option, ...more] = process.argv.slice(2)
if (option === '--help') console.log(help)
else if (more.length > 0 || (option !== undefined && option !== '--check')) {
  console.error(help)
  process.exitCode = 2
} else {
  const written = generate(JSON.parse(readFileSync('test/standin/bot-api.json', 'utf8')) as Specification)
  if (option === '--check') process.exitCode = readFileSync(target, 'utf8') === written ? 0 : 1
  else writeFileSync(target, written)
}
