import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Files under a folder in which one of the texts stands, in UTF-8, as `\uXXXX` or in UTF-16: `file: text`. */
export async function grepFolder(folder: string, texts: readonly string[]): Promise<readonly string[]> {
  const found: string[] = []
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    const bytes = await readFile(path)
    for (const text of texts) {
      const escaped = text.replace(
        /[^\x20-\x7e]/gu,
        (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
      )
      if ([Buffer.from(text), Buffer.from(escaped), Buffer.from(text, 'utf16le')].some((form) => bytes.includes(form)))
        found.push(`${path}: ${text}`)
    }
  }
  return found
}
