import { readdirSync, readFileSync } from 'node:fs'
import { posix, sep } from 'node:path'
import { describe, expect, test } from 'vitest'
import { computed, type Import, importsOf } from './imports.ts'

/**
 * The order of DESIGN.md, "The rooms": a room imports from rooms before it, never from one after it. The last three are
 * single files.
 */
const rooms = [
  'text',
  'model',
  'memorandum',
  'retrieval',
  'references',
  'quotes',
  'understanding',
  'refusal',
  'answer',
  'phrases',
  'screens',
  'export',
  'evaluation',
  'state',
  'embedded',
  'shared',
  'homes',
  'conversation',
  'telegram',
  'inbox',
  'updates',
  'bot',
  'terminal',
  'operations',
  'config',
  'service',
  'main',
]

/** Where each outside package may be imported: one room, or one file. What is not listed may not be imported at all. */
const packages: Readonly<Record<string, readonly string[]>> = {
  'opencc-js': ['src/text/'],
  yaml: ['src/memorandum/'],
  '@xenova/transformers': ['src/retrieval/encoder.ts'],
  'hnswlib-node': ['src/retrieval/vectors.ts'],
  docx: ['src/export/'],
  lmdb: ['src/embedded/'],
  ioredis: ['src/shared/'],
  'string-width': ['src/terminal/'],
  telegraf: ['src/telegram/', 'src/bot/'],
  pino: ['src/operations/'],
  'prom-client': ['src/operations/'],
  // The schema is the source of the type, wherever something comes from outside.
  zod: ['src/', 'scripts/'],
  'onnxruntime-node': ['scripts/encoder-training/'],
}

/** What the order would let in, and the house does not. */
const never: readonly { readonly room: string; readonly rooms: readonly string[]; readonly why: string }[] = [
  {
    room: 'terminal',
    rooms: ['telegram', 'inbox', 'updates', 'bot'],
    why: 'the terminal is a private chat without Telegram',
  },
]

/** Outside of src/: who may take what. */
const outside: readonly { readonly imported: string; readonly by: string }[] = [
  { imported: 'test/standin/', by: 'scripts/' },
  // Its version.
  { imported: 'package.json', by: 'src/service.ts' },
]

const mostFiles = 15
const mostLines = 2500
const longestLine = 120
/** Share of lines of src/ that may be longer. */
const mostLongLines = 0.01

/** `src/text/fold.ts` → text, `src/main.ts` → main; undefined outside of src/. */
const roomOf = (path: string): string | undefined => /^src\/(?<room>[^/]+?)(?:\/|\.ts$)/u.exec(path)?.groups?.room

/** The rule that an import breaks, in words; undefined when it breaks none. */
function ruleBroken({ file, imported }: Import): string | undefined {
  if (imported.startsWith('node:')) return undefined
  if (imported === computed)
    return file.startsWith('src/') ? 'a computed import cannot be checked: name what is imported' : undefined
  const others = outside.find((one) => imported.startsWith(one.imported))
  if (others !== undefined) return file.startsWith(others.by) ? undefined : `only for ${others.by}`
  if (/^(?:test|scripts)\//u.test(imported))
    return file.startsWith('scripts/') && imported.startsWith('scripts/') ? undefined : 'nothing in src/ imports it'
  const to = roomOf(imported)
  if (to === undefined) {
    const places = packages[imported]
    if (places === undefined) return 'the package stands in no room: list it in test/layers.test.ts and DESIGN.md'
    return places.some((place) => file.startsWith(place)) ? undefined : `only for ${places.join(' and ')}`
  }
  const from = roomOf(file)
  if (from === undefined || from === to) return undefined
  if (!rooms.includes(from) || !rooms.includes(to))
    return `${rooms.includes(from) ? to : from}/ is no room of DESIGN.md's table`
  if (rooms.indexOf(from) < rooms.indexOf(to)) return `${from}/ stands above ${to}/, and imports only from above`
  return never.find((one) => one.room === from && one.rooms.includes(to))?.why
}

const faultsOf = (imports: readonly Import[]): readonly string[] =>
  imports.flatMap((one) => {
    const rule = ruleBroken(one)
    return rule === undefined ? [] : [`${one.file} imports ${one.imported}: ${rule}`]
  })

/** Ways along imports that come back to their first file, one for each place where such a way is found. */
function circlesOf(imports: readonly Import[]): readonly string[] {
  const targets = new Map<string, string[]>()
  for (const { file, imported } of imports) targets.set(file, [...(targets.get(file) ?? []), imported])
  const circles: string[] = []
  const finished = new Set<string>()
  const way: string[] = []
  function visit(file: string): void {
    if (finished.has(file)) return
    if (way.includes(file)) {
      circles.push([...way.slice(way.indexOf(file)), file].join(' → '))
      return
    }
    way.push(file)
    for (const target of targets.get(file) ?? []) visit(target)
    way.pop()
    finished.add(file)
  }
  for (const file of targets.keys()) visit(file)
  return circles
}

const files = ['src', 'scripts'].flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => posix.join(folder, name.replaceAll(sep, '/')))
    .toSorted(),
)
const texts = new Map(files.map((file) => [file, readFileSync(file, 'utf8')]))
const imports = [...texts].flatMap(([file, text]) => importsOf(file, text))
const inSource = [...texts].filter(([file]) => file.startsWith('src/'))
const linesOf = (text: string) => text.trimEnd().split('\n')

describe('importsOf()', () => {
  test.each([
    ["import { fold } from '../text/fold.ts'", 'src/text/fold.ts'],
    ["import type { Fold } from '../text/fold.ts'", 'src/text/fold.ts'],
    ["import {\n  type Fold,\n  fold,\n} from './near.ts'", 'src/bot/near.ts'],
    ["export * from './near.ts'", 'src/bot/near.ts'],
    ["export { a as b } from './near.ts'", 'src/bot/near.ts'],
    ["import './near.ts'", 'src/bot/near.ts'],
    ["import about from '../../package.json' with { type: 'json' }", 'package.json'],
    ["import type { Update } from 'telegraf/types'", 'telegraf'],
    ["import { join } from 'node:path'", 'node:path'],
    ["  const { env } = await import('@xenova/transformers')", '@xenova/transformers'],
    ["type Env = import('@xenova/transformers/src/env.js').Env", '@xenova/transformers'],
    ["const { Redis } = require('ioredis')", 'ioredis'],
    ["await import('./near.ts')", 'src/bot/near.ts'],
    ['await import(name)', computed],
  ])('reads %j', (text, imported) => {
    expect(importsOf('src/bot/here.ts', `// A comment.\n${text}\nconst a = 1\n`)).toEqual([
      { file: 'src/bot/here.ts', imported },
    ])
  })

  test.each([
    "export type Passage = { readonly from: 'text' | 'gloss' }",
    "export function expand(from: number): string {\n  return 'from'\n}",
    'const text = "import { a } from \'b\'"',
    "// import { a } from 'b'",
  ])('reads nothing from %j', (text) => expect(importsOf('src/a.ts', text)).toEqual([]))
})

describe('the rules', () => {
  test.each([
    ['src/text/fold.ts', 'src/model/corpus.ts', 'text/ stands above model/, and imports only from above'],
    ['src/bot/bot.ts', 'src/main.ts', 'bot/ stands above main/, and imports only from above'],
    ['src/attic/a.ts', 'src/text/fold.ts', "attic/ is no room of DESIGN.md's table"],
    ['src/main.ts', 'src/attic/a.ts', "attic/ is no room of DESIGN.md's table"],
    ['src/terminal/chat.ts', 'src/telegram/errors.ts', 'the terminal is a private chat without Telegram'],
    ['src/terminal/chat.ts', 'telegraf', 'only for src/telegram/ and src/bot/'],
    ['src/retrieval/search.ts', 'hnswlib-node', 'only for src/retrieval/vectors.ts'],
    ['scripts/ask.ts', 'pino', 'only for src/operations/'],
    ['src/text/fold.ts', 'lodash', 'the package stands in no room: list it in test/layers.test.ts and DESIGN.md'],
    ['src/bot/bot.ts', 'test/standin/standin.ts', 'only for scripts/'],
    ['src/bot/bot.ts', 'package.json', 'only for src/service.ts'],
    ['src/bot/bot.ts', 'scripts/ask.ts', 'nothing in src/ imports it'],
    ['src/bot/bot.ts', computed, 'a computed import cannot be checked: name what is imported'],
  ])('%s may not import %s', (file, imported, rule) => {
    expect(faultsOf([{ file, imported }])).toEqual([`${file} imports ${imported}: ${rule}`])
  })

  test.each([
    ['src/bot/bot.ts', 'src/text/fold.ts'],
    ['src/bot/bot.ts', 'src/bot/menu.ts'],
    ['src/bot/bot.ts', 'node:fs'],
    ['src/bot/bot.ts', 'telegraf'],
    ['src/retrieval/vectors.ts', 'hnswlib-node'],
    ['src/main.ts', 'src/service.ts'],
    ['src/service.ts', 'package.json'],
    ['scripts/ask.ts', 'src/bot/bot.ts'],
    ['scripts/pictures.ts', 'test/standin/standin.ts'],
    ['scripts/pictures.ts', 'scripts/pictures/png.ts'],
  ])('%s may import %s', (file, imported) => expect(faultsOf([{ file, imported }])).toEqual([]))

  test('circles are found, of one file as well', () => {
    const pairs = ['a b', 'b c', 'c b', 'd d', 'a d'].map((pair) => pair.split(' '))
    expect(circlesOf(pairs.map(([file = '', imported = '']) => ({ file, imported })))).toEqual(['b → c → b', 'd → d'])
  })
})

describe('the house', () => {
  test('no import breaks a rule', () => {
    expect(faultsOf(imports)).toEqual([])
  })

  test('no files import one another in a circle, types included', () => {
    expect(circlesOf(imports)).toEqual([])
  })

  test('every package of the table is imported where it says', () => {
    const idle = Object.entries(packages).flatMap(([name, places]) =>
      places
        .filter((place) => !imports.some(({ file, imported }) => imported === name && file.startsWith(place)))
        .map((place) => `${place} does not import ${name}`),
    )
    expect(idle).toEqual([])
  })

  test('only main.ts and scripts read the environment', () => {
    const reads = /\bprocess\.env\b|\bprocess\[|\}\s*=\s*process\b|'(?:node:)?process'/u
    expect(inSource.filter(([, text]) => reads.test(text)).map(([file]) => file)).toEqual(['src/main.ts'])
  })

  test(`no room has more than ${mostFiles} files or ${mostLines} lines`, () => {
    const sizes = rooms.map((room) => {
      const own = inSource.filter(([file]) => roomOf(file) === room)
      return { room, files: own.length, lines: own.reduce((sum, [, text]) => sum + linesOf(text).length, 0) }
    })
    expect(sizes.filter(({ files, lines }) => files === 0 || files > mostFiles || lines > mostLines)).toEqual([])
  })

  test(`less than ${100 * mostLongLines} % of the lines of src/ are longer than ${longestLine}`, () => {
    const lines = inSource.flatMap(([file, text]) =>
      linesOf(text).map((line, index) => ({ place: `${file}:${index + 1}`, length: line.length })),
    )
    const long = lines.filter(({ length }) => length > longestLine)
    expect(long.length / lines.length, long.map(({ place }) => place).join('\n')).toBeLessThan(mostLongLines)
  })

  test('DESIGN.md tells the same order and the same packages', () => {
    const rows = [...readFileSync('DESIGN.md', 'utf8').matchAll(/^\| `src\/(?<room>[a-z]+)\/` \|.*\| (?<own>.*)\|$/gmu)]
    const told = rows.map(({ groups }) => [
      groups?.room,
      (groups?.own ?? '')
        .replace(/\(.*\)/u, '')
        .split(',')
        .map((name) => name.trim())
        .filter((name) => name !== '')
        .toSorted(),
    ])
    const ruled = rooms.slice(0, rooms.indexOf('config')).map((room) => [
      room,
      Object.keys(packages)
        .filter((name) => packages[name]?.some((place) => place.startsWith(`src/${room}/`)))
        .toSorted(),
    ])
    expect(told).toEqual(ruled)
  })
})
