import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { z } from 'zod'

/** How long one step of the browser may take. Milliseconds. */
const patience = 30_000
/** A phone: CSS pixels, and device pixels for each. */
const phone = { width: 390, density: 2 } as const

export type Browser = {
  /** The page from top to bottom as a PNG file. */
  photograph(html: string): Promise<Buffer>
  close(): Promise<void>
}

const reply = z.object({
  id: z.number().optional(),
  result: z.unknown().optional(),
  error: z.object({ message: z.string() }).optional(),
})

/**
 * Starts headless Chromium, told what to do through a pipe (https://chromedevtools.github.io/devtools-protocol/): no
 * port is opened.
 * @throws {Error} when it does not start or does not answer.
 */
export async function openBrowser(executable: string): Promise<Browser> {
  const folder = await mkdtemp(join(tmpdir(), 'pictures-'))
  const flags = [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--no-first-run',
  ]
  const child: ChildProcess = spawn(
    executable,
    [...flags, '--hide-scrollbars', '--remote-debugging-pipe', `--user-data-dir=${folder}`],
    {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
    },
  )
  const waiting = new Map<
    number,
    { readonly resolve: (result: unknown) => void; readonly reject: (error: Error) => void }
  >()
  const fail = (error: Error) => {
    for (const { reject } of waiting.values()) reject(error)
    waiting.clear()
  }
  const ended = new Promise<void>((resolve) => {
    child.once('error', (error) => {
      fail(error)
      resolve()
    })
    child.once('exit', () => {
      fail(new Error('Cannot go on: Chromium ended'))
      resolve()
    })
  })
  const [, , , input, output] = child.stdio as unknown as readonly [null, null, null, Writable, Readable]
  input.on('error', fail)
  let rest = ''
  output.setEncoding('utf8').on('data', (text: string) => {
    const messages = (rest + text).split('\0')
    rest = messages.pop() ?? ''
    for (const message of messages) {
      const { id, result, error } = reply.parse(JSON.parse(message))
      const asked = id === undefined ? undefined : waiting.get(id)
      if (id === undefined || asked === undefined) continue
      waiting.delete(id)
      if (error === undefined) asked.resolve(result)
      else asked.reject(new Error(`Chromium refused: ${error.message}`))
    }
  })

  let last = 0
  function send<T>(schema: z.ZodType<T>, method: string, params: object = {}, sessionId?: string): Promise<T> {
    last += 1
    const id = last
    return new Promise<unknown>((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error(`Chromium did not answer ${method} within ${patience / 1000} s`)),
        patience,
      )
      const settle =
        <A>(then: (value: A) => void) =>
        (value: A) => {
          clearTimeout(timer)
          then(value)
        }
      waiting.set(id, { resolve: settle(resolve), reject: settle(reject) })
      input.write(`${JSON.stringify({ id, method, params, ...(sessionId === undefined ? {} : { sessionId }) })}\0`)
    }).then((result) => schema.parse(result))
  }
  const close = async () => {
    child.kill()
    await ended
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  }

  try {
    const done = z.unknown()
    const { targetId } = await send(z.object({ targetId: z.string() }), 'Target.createTarget', { url: 'about:blank' })
    const { sessionId } = await send(z.object({ sessionId: z.string() }), 'Target.attachToTarget', {
      targetId,
      flatten: true,
    })
    const show = (height: number) =>
      send(
        done,
        'Emulation.setDeviceMetricsOverride',
        { width: phone.width, height, deviceScaleFactor: phone.density, mobile: false },
        sessionId,
      )
    await send(done, 'Page.enable', {}, sessionId)
    const { frameTree } = await send(
      z.object({ frameTree: z.object({ frame: z.object({ id: z.string() }) }) }),
      'Page.getFrameTree',
      {},
      sessionId,
    )
    return {
      async photograph(html) {
        await show(100)
        await send(done, 'Page.setDocumentContent', { frameId: frameTree.frame.id, html }, sessionId)
        const { cssContentSize } = await send(
          z.object({ cssContentSize: z.object({ height: z.number() }) }),
          'Page.getLayoutMetrics',
          {},
          sessionId,
        )
        await show(Math.ceil(cssContentSize.height))
        const { data } = await send(
          z.object({ data: z.string() }),
          'Page.captureScreenshot',
          { format: 'png' },
          sessionId,
        )
        return Buffer.from(data, 'base64')
      },
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}
