import { createWriteStream, existsSync } from 'node:fs'
import { mkdir, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream } from 'node:stream/web'

/** The public model hub. */
export const publicHub = 'https://huggingface.co'

/** What a model is loaded from, in the layout of transformers.js. */
export const modelFiles = ['config.json', 'tokenizer.json', 'tokenizer_config.json', 'onnx/model_quantized.onnx']

export type Download = {
  /** Hub id: owner/name. */
  readonly model: string
  /** Address of the hub, without a slash at its end. */
  readonly hub: string
  /** Folder that the model's files are put in; those that it holds are not fetched again. */
  readonly folder: string
  /** Longest time for all files together, in milliseconds. */
  readonly timeout: number
}

/**
 * Fetches a model's files that its folder lacks. Each is written beside its name and renamed when it is whole, so that
 * no name ever stands for half a file. At the deadline, and when one file fails, every connection ends: one that stayed
 * open would keep the process alive.
 * @throws {DOMException} named `TimeoutError` at the deadline; any other error for what the hub or the disk did.
 */
export async function downloadModel({ model, hub, folder, timeout }: Download): Promise<void> {
  const deadline = AbortSignal.timeout(timeout)
  const failed = new AbortController()
  const signal = AbortSignal.any([deadline, failed.signal])
  const downloads = modelFiles
    .filter((name) => !existsSync(join(folder, name)))
    .map((name) => downloadFile(`${hub}/${model}/resolve/main/${name}`, join(folder, name), signal))
  try {
    await Promise.all(downloads)
  } catch (error) {
    failed.abort()
    await Promise.allSettled(downloads)
    throw deadline.aborted ? deadline.reason : error
  }
}

async function downloadFile(address: string, file: string, signal: AbortSignal): Promise<void> {
  const response = await fetch(address, { signal })
  if (!response.ok || response.body === null) {
    await response.body?.cancel()
    throw new Error(`${address} answers ${response.status}`)
  }
  await mkdir(dirname(file), { recursive: true })
  const temporary = `${file}.${process.pid}.tmp`
  try {
    await pipeline(Readable.fromWeb(response.body as ReadableStream), createWriteStream(temporary), { signal })
    await rename(temporary, file)
  } finally {
    await rm(temporary, { force: true })
  }
}
