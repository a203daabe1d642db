import { rename, writeFile } from 'node:fs/promises'

/** Writes beside the target, then renames: a reader sees the old file or the new one, whole. */
export async function replaceFile(file: string, bytes: Buffer | string): Promise<void> {
  const temporary = `${file}.${process.pid}.tmp`
  await writeFile(temporary, bytes)
  await rename(temporary, file)
}
