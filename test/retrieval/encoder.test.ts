import { execFile } from 'node:child_process'
import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeAll, describe, expect, test } from 'vitest'
import { seeded } from '../../src/evaluation/random.ts'
import { type Encoder, EncoderError, loadEncoder, longestText, sealEncoder } from '../../src/retrieval/encoder.ts'
import { bundledEncoder, temporaryFolder } from './small.ts'

const load = (encoder: string, downloadTimeout = 1000) =>
  loadEncoder({ encoder, cache: '/tmp/no-models', downloadTimeout })

let encoder: Encoder
beforeAll(async () => {
  encoder = await loadEncoder(bundledEncoder)
})

const norm = (vector: Float32Array) => Math.hypot(...vector)

describe('the bundled encoder', () => {
  test('gives a unit vector, and one vector a token', async () => {
    const { pooled, tokens, vectors } = await encoder.encode('四川青年实习 youth', 'question')
    expect(pooled).toHaveLength(encoder.dimensions)
    expect(norm(pooled)).toBeCloseTo(1, 4)
    expect(tokens.length).toBeGreaterThan(2)
    expect(vectors).toHaveLength(tokens.length * encoder.dimensions)
  })

  test('gives the same bytes for the same text, whatever came in between', async () => {
    const before = await encoder.encode('中医药检测', 'passage')
    await encoder.encode('熊猫', 'question')
    expect(await encoder.encode('中医药检测', 'passage')).toEqual(before)
  })

  test('is static: a token has one vector wherever it stands', async () => {
    expect(encoder.isStatic).toBe(true)
    const seen = new Map<number, string>()
    for (const text of ['四川青年实习', '青年交流四川', 'youth 四川 exchange']) {
      const { tokens, vectors } = await encoder.encode(text, 'passage')
      tokens.forEach((token, at) => {
        const bytes = Buffer.from(
          vectors.slice(at * encoder.dimensions, (at + 1) * encoder.dimensions).buffer,
        ).toString('base64')
        expect(seen.get(token) ?? bytes).toBe(bytes)
        seen.set(token, bytes)
      })
    }
  })

  test.each(['', ' ', '\n', '龘龘', '😀', '?!'])('gives numbers for %j, which says nothing', async (text) => {
    const { pooled, vectors } = await encoder.encode(text, 'question')
    expect(pooled.every(Number.isFinite)).toBe(true)
    expect(vectors.every(Number.isFinite)).toBe(true)
  })

  test('cuts a text that is too long', async () => {
    const text = '青年实习'.repeat(longestText / 4)
    const cut = await encoder.encode(text, 'passage')
    expect((await encoder.encode(text.repeat(50), 'passage')).tokens).toEqual(cut.tokens)
  })
})

describe('a damaged encoder', () => {
  async function sealedCopy(): Promise<string> {
    const folder = join(await temporaryFolder('encoder'), 'model')
    await cp('index/encoder', folder, { recursive: true })
    await sealEncoder(folder)
    return folder
  }

  test('sealed and sound is loaded, with the fingerprint of the same files elsewhere', async () => {
    const folder = await sealedCopy()
    expect((await load(folder)).fingerprint).toBe(encoder.fingerprint)
    const sums = await readFile(join(folder, 'SHA256SUMS'), 'utf8')
    expect(sums.split('\n').map((line) => line.slice(66))).toEqual([
      'config.json',
      'onnx/model_quantized.onnx',
      'tokenizer.json',
      'tokenizer_config.json',
      '',
    ])
  })

  test('is refused with the file and what to do, whatever happened to it', async () => {
    const folder = await sealedCopy()
    const random = seeded(3)
    for (const name of ['config.json', 'onnx/model_quantized.onnx', 'tokenizer.json', 'tokenizer_config.json']) {
      const file = join(folder, name)
      const sound = await readFile(file)
      const flip = Buffer.from(sound)
      const at = Math.floor(random() * sound.length)
      flip[at] = (flip[at] as number) ^ 4
      for (const bytes of [flip, sound.subarray(0, Math.floor(sound.length * random())), Buffer.alloc(0)]) {
        await writeFile(file, bytes)
        await expect(load(folder), name).rejects.toThrow(
          `Cannot use the encoder ${folder}: ${name} is damaged or not the one published with it. Run "git checkout -- ${folder}"`,
        )
      }
      await rm(file)
      await expect(load(folder), name).rejects.toThrow(`${name} is missing`)
      await writeFile(file, sound)
    }
    expect((await load(folder)).fingerprint).toBe(encoder.fingerprint)
  })

  test('without a seal that cannot be read is refused too', async () => {
    const folder = await sealedCopy()
    await rm(join(folder, 'SHA256SUMS'))
    await writeFile(join(folder, 'tokenizer.json'), '{"version":')
    await expect(load(folder)).rejects.toThrow(/^Cannot load the encoder in .*It needs config\.json/u)
  })

  test('of no file at all is refused', async () => {
    const folder = await temporaryFolder('encoder')
    await expect(load(folder)).rejects.toThrow(EncoderError)
    await expect(sealEncoder(folder)).rejects.toThrow('it holds no model')
  })
})

test('another model has another fingerprint', async () => {
  const folder = join(await temporaryFolder('encoder'), 'model')
  await cp('index/encoder', folder, { recursive: true })
  await rm(join(folder, 'SHA256SUMS'), { force: true })
  const config = JSON.parse(await readFile(join(folder, 'config.json'), 'utf8'))
  await writeFile(join(folder, 'config.json'), JSON.stringify({ ...config, note: 'another' }))
  expect((await load(folder)).fingerprint).not.toBe(encoder.fingerprint)
})

test.each(['nowhere', './nowhere', 'a/b/c', '../owner/name', ''])(
  'ENCODER=%s, which is neither a folder nor a hub id, is refused at once',
  async (name) => {
    await expect(load(name === '' ? 'no such' : name)).rejects.toThrow(
      /^Cannot load ENCODER=.*: there is no such folder, and it is no hub id/u,
    )
  },
)

describe('a model from the hub', () => {
  let servers: Server[] = []
  afterEach(() => {
    for (const server of servers) server.close().closeAllConnections()
    servers = []
  })
  async function hub(answer: RequestListener): Promise<{ readonly hub: string; readonly server: Server }> {
    const server = createServer(answer)
    servers.push(server)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return { hub: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server }
  }
  /** A hub with the bundled model under one name; `asked` are the files that were asked for. */
  async function fullHub(model: string): Promise<{ readonly hub: string; readonly asked: string[] }> {
    const asked: string[] = []
    const { hub: address } = await hub(async (request, response) => {
      const path = (request.url ?? '').replace(`/${model}/resolve/main/`, '')
      asked.push(path)
      const bytes = await readFile(join('index/encoder', path)).catch(() => undefined)
      if (bytes === undefined) response.writeHead(404).end()
      else response.writeHead(200, { 'content-length': bytes.length }).end(bytes)
    })
    return { hub: address, asked }
  }
  const cache = () => temporaryFolder('models')
  const sound = async (loaded: Encoder) => {
    expect(loaded.fingerprint).toBe(encoder.fingerprint)
    expect(await loaded.encode('青年', 'question')).toEqual(await encoder.encode('青年', 'question'))
  }

  test('that never answers is given up at the deadline, and keeps no process alive', async () => {
    const { hub: address } = await hub(() => {})
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--import', 'tsx', 'test/retrieval/download-process.ts', address, await cache()],
      { timeout: 50_000 },
    )
    expect(stdout).toMatch(
      /^Cannot fetch ENCODER=owner\/silent: check the connection.*no complete answer within 0\.3 s/u,
    )
  })

  test('that stops in the middle of a file is given up at the deadline, and leaves nothing that stands for it', async () => {
    const folder = await cache()
    const { hub: address } = await hub(async (request, response) => {
      const name = request.url?.replace('/owner/slow/resolve/main/', '') ?? ''
      const bytes = await readFile(join('index/encoder', name))
      response.writeHead(200, { 'content-length': bytes.length })
      // The small file comes whole, of the others a half.
      if (name === 'config.json') response.end(bytes)
      else response.write(bytes.subarray(0, bytes.length / 2))
    })
    await expect(
      loadEncoder({ encoder: 'owner/slow', cache: folder, downloadTimeout: 4000, hub: address }),
    ).rejects.toThrow(/no complete answer within 4 s/u)
    expect((await readdir(join(folder, 'owner/slow'), { recursive: true })).sort()).toEqual(['config.json', 'onnx'])
    const { hub: whole, asked } = await fullHub('owner/slow')
    await sound(await loadEncoder({ encoder: 'owner/slow', cache: folder, downloadTimeout: 50_000, hub: whole }))
    expect(asked).not.toContain('config.json')
  })

  test('that does not exist, or cannot be reached, is refused at once', async () => {
    const { hub: address, server } = await hub((_, response) => {
      response.writeHead(404).end()
    })
    const options = { encoder: 'owner/unknown', cache: await cache(), downloadTimeout: 50_000, hub: address }
    await expect(loadEncoder(options)).rejects.toThrow(/^Cannot fetch ENCODER=owner\/unknown.*answers 404/u)
    await new Promise((resolve) => server.close(resolve))
    await expect(loadEncoder(options)).rejects.toThrow(/^Cannot fetch ENCODER=owner\/unknown.*ECONNREFUSED/u)
  })

  test('is fetched once, then works without the hub', async () => {
    const { hub: address, asked } = await fullHub('owner/fine')
    const options = { encoder: 'owner/fine', cache: await cache(), downloadTimeout: 50_000, hub: address }
    await sound(await loadEncoder(options))
    expect(asked.sort()).toEqual([
      'config.json',
      'onnx/model_quantized.onnx',
      'tokenizer.json',
      'tokenizer_config.json',
    ])
    await sound(await loadEncoder({ ...options, hub: 'http://127.0.0.1:1' }))
    expect(asked).toHaveLength(4)
  })

  test('is fetched without touching what others fetch with', async () => {
    const before = globalThis.fetch
    const { hub: address } = await fullHub('owner/quiet')
    const loading = loadEncoder({
      encoder: 'owner/quiet',
      cache: await cache(),
      downloadTimeout: 50_000,
      hub: address,
    })
    expect(globalThis.fetch).toBe(before)
    await loading
  })
})
