import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { downloadModel, modelFiles, publicHub } from './download.ts'
import { replaceFile } from './replace-file.ts'

/** One text as the encoder sees it. */
export type Encoding = {
  /** Unit vector; all zeros for a text without a known token. Shape: dimensions. */
  readonly pooled: Float32Array
  /** Vocabulary number of each token, special tokens left out. */
  readonly tokens: readonly number[]
  /**
   * Token vectors one after the other, not normalised: their length is the token's importance. Shape: tokens ×
   * dimensions.
   */
  readonly vectors: Float32Array
}

export type Encoder = {
  /** Hub id or folder name. */
  readonly name: string
  /** SHA-256 (hex) of the model's files. */
  readonly fingerprint: string
  readonly dimensions: number
  /** A static encoder gives a token the same vector wherever it stands, so vectors can be kept once a token. */
  readonly isStatic: boolean
  /** Encodes a text in search form; longer than `longestText` characters it is cut. */
  encode(text: string, role: 'question' | 'passage'): Promise<Encoding>
}

/** The encoder cannot be loaded; the message says what to do. */
export class EncoderError extends Error {
  override readonly name = 'EncoderError'
}

/** UTF-16 units; a tokenizer blocks the process for a quarter of a second on 200,000. */
export const longestText = 4000

/** How families of public models want their input and pool their output. */
const families: readonly {
  readonly name: RegExp
  readonly pooling: 'cls' | 'mean'
  readonly question: string
  readonly passage: string
}[] = [
  { name: /bge-.*zh/iu, pooling: 'cls', question: '为这个句子生成表示以用于检索相关文章：', passage: '' },
  { name: /bge/iu, pooling: 'cls', question: '', passage: '' },
  { name: /e5/iu, pooling: 'mean', question: 'query: ', passage: 'passage: ' },
]

/** What a tokenizer of transformers.js gives. */
type TokenIds = { readonly data: BigInt64Array; readonly dims: readonly number[] }

export type EncoderOptions = {
  /** A folder with a model in the layout of transformers.js, or a hub id such as `Xenova/bge-small-zh-v1.5`. */
  readonly encoder: string
  /** Where downloaded models are kept. */
  readonly cache: string
  /** Longest time for a download, in milliseconds. */
  readonly downloadTimeout: number
  /** Address of the model hub, without a slash at its end; the public one unless told. */
  readonly hub?: string
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true })
  const nested = await Promise.all(
    entries.map((entry) => (entry.isDirectory() ? filesBelow(join(folder, entry.name)) : [join(folder, entry.name)])),
  )
  return nested.flat().sort()
}

const modelFile = /(?:^|\/)(?:config\.json|tokenizer\.json|tokenizer_config\.json|onnx\/[^/]+\.onnx)$/u

/** The files that decide what an encoder computes, by their names within its folder, each with its SHA-256 (hex). */
async function digestsIn(folder: string): Promise<readonly { readonly name: string; readonly digest: string }[]> {
  const files = (await filesBelow(folder)).filter((file) => modelFile.test(file.replaceAll('\\', '/')))
  return Promise.all(
    files.map(async (file) => ({
      name: file.slice(folder.length + 1).replaceAll('\\', '/'),
      digest: createHash('sha256')
        .update(await readFile(file))
        .digest('hex'),
    })),
  )
}

/** Digest of an encoder's files. Checks them against SHA256SUMS where the folder has one. */
async function fingerprintOf(folder: string): Promise<string> {
  const sums = new Map(
    (await readFile(join(folder, 'SHA256SUMS'), 'utf8').catch(() => ''))
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => [line.slice(66), line.slice(0, 64)]),
  )
  const all = createHash('sha256')
  const seen = new Set<string>()
  for (const { name, digest } of await digestsIn(folder)) {
    if (sums.size > 0 && sums.get(name) !== digest)
      throw new EncoderError(
        `Cannot use the encoder ${folder}: ${name} is damaged or not the one published with it. ` +
          `Run "git checkout -- ${folder}" or name another ENCODER`,
      )
    seen.add(name)
    all.update(`${name}\0${digest}\0`)
  }
  for (const name of sums.keys())
    if (!seen.has(name))
      throw new EncoderError(
        `Cannot use the encoder ${folder}: ${name} is missing. Run "git checkout -- ${folder}" or name another ENCODER`,
      )
  return all.digest('hex')
}

/**
 * Writes SHA256SUMS beside an encoder's files; from then on a folder that differs from it is refused. Gives the names
 * that are sealed.
 */
export async function sealEncoder(folder: string): Promise<readonly string[]> {
  const digests = await digestsIn(folder)
  if (digests.length === 0) throw new EncoderError(`Cannot seal ${folder}: it holds no model`)
  await replaceFile(join(folder, 'SHA256SUMS'), digests.map(({ name, digest }) => `${digest}  ${name}\n`).join(''))
  return digests.map(({ name }) => name)
}

/** The folder of a model of the hub, fetched where it is not there yet. */
async function fetched({ encoder, cache, downloadTimeout, hub = publicHub }: EncoderOptions): Promise<string> {
  if (!/^[\w.-]+\/[\w.-]+$/u.test(encoder) || encoder.startsWith('.'))
    throw new EncoderError(
      `Cannot load ENCODER=${encoder}: there is no such folder, and it is no hub id of the form owner/name`,
    )
  const folder = resolve(cache, encoder)
  try {
    await downloadModel({ model: encoder, hub, folder, timeout: downloadTimeout })
  } catch (error) {
    const isLate = error instanceof Error && error.name === 'TimeoutError'
    const reason = isLate ? `no complete answer within ${downloadTimeout / 1000} s` : reasonOf(error)
    throw new EncoderError(
      `Cannot fetch ENCODER=${encoder}: check the connection to the model hub and the name, ` +
        `or put the model's folder on this machine and name that folder (${reason})`,
    )
  }
  return folder
}

/** What went wrong, in one line: a failed connection says it in its cause. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown failure'
  const { message } = error.cause instanceof Error ? error.cause : error
  return message.split('\n')[0] ?? ''
}

/**
 * Loads an encoder: from a folder without touching the network, or by its hub id, fetched once within a deadline.
 * @throws {EncoderError} with what to do.
 */
export async function loadEncoder(options: EncoderOptions): Promise<Encoder> {
  const folder = existsSync(resolve(options.encoder)) ? resolve(options.encoder) : await fetched(options)
  const { AutoModel, AutoTokenizer, env, Tensor } = await import('@xenova/transformers')
  const fingerprint = await fingerprintOf(folder)
  env.allowRemoteModels = false
  env.allowLocalModels = true
  env.localModelPath = dirname(folder)
  const name = basename(folder)
  let tokenizer: Awaited<ReturnType<typeof AutoTokenizer.from_pretrained>>
  let model: Awaited<ReturnType<typeof AutoModel.from_pretrained>>
  try {
    ;[tokenizer, model] = await Promise.all([
      AutoTokenizer.from_pretrained(name),
      AutoModel.from_pretrained(name, { quantized: true }),
    ])
  } catch (error) {
    throw new EncoderError(
      `Cannot load the encoder in ${folder}: ${reasonOf(error)}. It needs ${modelFiles.slice(0, -1).join(', ')} ` +
        `and ${modelFiles.at(-1)}`,
    )
  }
  const family = families.find((candidate) => candidate.name.test(options.encoder))
  const special = new Set<number>(tokenizer.all_special_ids ?? [])

  const isStatic = model.config?.num_hidden_layers === 0
  /**
   * Vectors that a static encoder has given, by token: the same wherever the token stands, so the model is asked once
   * for each.
   */
  const given = new Map<number, Float32Array>()

  async function run(
    ids: TokenIds,
    mask: unknown,
  ): Promise<{ data: Float32Array; size: number; sentence: Float32Array | undefined }> {
    const inputs: Record<string, unknown> = { input_ids: ids, attention_mask: mask }
    if (model.session?.inputNames?.includes('token_type_ids') === true)
      inputs.token_type_ids = new Tensor('int64', new BigInt64Array(ids.data.length), [...ids.dims])
    const output = await model(inputs)
    const hidden = output.token_embeddings ?? output.last_hidden_state
    return {
      data: hidden.data as Float32Array,
      size: hidden.dims[2] as number,
      sentence: output.sentence_embedding?.data as Float32Array | undefined,
    }
  }

  async function encode(text: string, role: 'question' | 'passage'): Promise<Encoding> {
    const { input_ids: ids, attention_mask: mask } = (await tokenizer(
      `${family?.[role] ?? ''}${text.slice(0, longestText)}`,
      { truncation: true },
    )) as {
      input_ids: TokenIds
      attention_mask: unknown
    }
    const numbers = Array.from(ids.data, Number)
    const kept = numbers.flatMap((id, at) => (special.has(id) ? [] : [at]))
    const tokens = kept.map((at) => numbers[at] as number)
    if (isStatic && tokens.length > 0 && tokens.every((token) => given.has(token))) return fromGiven(tokens)
    const { data, size, sentence } = await run(ids, mask)
    if (isStatic && tokens.length > 0) {
      for (const at of kept)
        given.set(numbers[at] as number, Float32Array.from(data.subarray(at * size, (at + 1) * size)))
      return fromGiven(tokens)
    }
    const vectors = new Float32Array(kept.length * size)
    kept.forEach((at, i) => {
      vectors.set(data.subarray(at * size, (at + 1) * size), i * size)
    })
    return {
      pooled: finite(
        sentence === undefined
          ? pool(data, numbers.length, size, family?.pooling ?? 'mean')
          : Float32Array.from(sentence),
      ),
      tokens,
      vectors,
    }
  }

  /**
   * What the model would give: the vectors of the tokens, and their sum brought to length 1. Always summed here, so
   * that a vector does not depend on what was asked before.
   */
  function fromGiven(tokens: readonly number[]): Encoding {
    const size = (given.get(tokens[0] as number) as Float32Array).length
    const vectors = new Float32Array(tokens.length * size)
    tokens.forEach((token, i) => {
      vectors.set(given.get(token) as Float32Array, i * size)
    })
    return { pooled: pool(vectors, tokens.length, size, 'mean'), tokens, vectors }
  }

  const probe = await encode('四川 youth', 'passage')
  return { name: options.encoder, fingerprint, dimensions: probe.pooled.length, isStatic, encode }
}

function pool(data: Float32Array, tokens: number, size: number, pooling: 'cls' | 'mean'): Float32Array {
  const sum = new Float32Array(size)
  for (let token = 0; token < (pooling === 'cls' ? 1 : tokens); token += 1)
    for (let i = 0; i < size; i += 1) sum[i] = (sum[i] as number) + (data[token * size + i] as number)
  const length = Math.hypot(...sum)
  return length === 0 ? sum : sum.map((value) => value / length)
}

/** A text without a known token may come back as NaN; it is then no vector at all. */
function finite(vector: Float32Array): Float32Array {
  return vector.every(Number.isFinite) ? vector : new Float32Array(vector.length)
}
