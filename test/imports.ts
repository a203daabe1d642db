import { posix } from 'node:path'

/** What one file takes from another file, from a package, or from Node. */
export type Import = {
  /** Path from the root of the project: `src/text/fold.ts`. */
  readonly file: string
  /** A path from the root, the name of a package without what follows it (`telegraf`), or `node:…`. */
  readonly imported: string
}

/** Stands for what no reader can tell: `import(name)`. */
export const computed = '(computed)'

// The formatter lets every static import and export begin a line and end on the name in single quotes.
const statements = [
  /^(?:import|export)\s[^'";]*?\bfrom '(?<name>[^']+)'/gmu, // import type { Fold } from './fold.ts'
  /^import '(?<name>[^']+)'/gmu, // import './fold.ts'
  /\b(?:import|require)\(\s*(?:'(?<name>[^']+)')?/gu, // await import('docx'), import('docx').Document
]

/** `telegraf/types` → `telegraf`, `@xenova/transformers/x` → `@xenova/transformers`; `node:` names stay. */
const packageOf = (name: string): string =>
  name.startsWith('node:') ? name : name.split('/', name.startsWith('@') ? 2 : 1).join('/')

/** Every import of a file of this project, types as well, once each, in the order of their kinds. */
export function importsOf(file: string, text: string): readonly Import[] {
  const names = statements.flatMap((statement) =>
    [...text.matchAll(statement)].map(({ groups }) => groups?.name ?? computed),
  )
  return [...new Set(names)].map((name) => ({
    file,
    imported: name.startsWith('.') ? posix.join(posix.dirname(file), name) : packageOf(name),
  }))
}
