import { mkdirSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'

/**
 * Makes a folder and those above it that are missing. Returns the uppermost that was made; undefined when the folder
 * was there. One by one: the `recursive` of Node turns for ever, deaf to signals, where the system says that a folder is
 * missing although it stands there (/proc).
 * @throws {NodeJS.ErrnoException} with the path: ENOTDIR where a file stands.
 */
export function makeFolders(folder: string, mode = 0o777): string | undefined {
  const path = resolve(folder)
  const found = statSync(path, { throwIfNoEntry: false })
  if (found?.isDirectory() === true) return undefined
  if (found !== undefined)
    throw Object.assign(new Error('Cannot make a folder: a file stands there'), { code: 'ENOTDIR', path })
  const above = dirname(path) === path ? undefined : makeFolders(dirname(path), mode)
  try {
    mkdirSync(path, { mode })
  } catch (error) {
    // Another process made it meanwhile.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    return above
  }
  return above ?? path
}
