import { searchTerms } from '../text/terms.ts'
import { firstNotBelow } from './sorted.ts'

/**
 * Lexical index: for each term the documents that hold it and how often, as two typed arrays with one run a term.
 * Documents are numbered from 0.
 */
export type Postings = {
  readonly terms: ReadonlyMap<string, number>
  /** Start of each term's run; one more entry closes the last. Shape: terms + 1. */
  readonly starts: Int32Array
  readonly documents: Int32Array
  readonly counts: Int32Array
  /** Number of terms in each document. */
  readonly lengths: Int32Array
  readonly averageLength: number
}

/** Indexes documents given in search form. */
export function buildPostings(documents: readonly string[]): Postings {
  const lists = new Map<string, { documents: number[]; counts: number[] }>()
  const lengths = new Int32Array(documents.length)
  documents.forEach((text, document) => {
    const terms = searchTerms(text)
    lengths[document] = terms.length
    for (const term of terms) {
      let list = lists.get(term)
      if (list === undefined) {
        list = { documents: [], counts: [] }
        lists.set(term, list)
      }
      if (list.documents.at(-1) === document) list.counts[list.counts.length - 1] = (list.counts.at(-1) ?? 0) + 1
      else {
        list.documents.push(document)
        list.counts.push(1)
      }
    }
  })
  const names = [...lists.keys()].sort()
  const starts = new Int32Array(names.length + 1)
  names.forEach((name, at) => {
    starts[at + 1] = (starts[at] ?? 0) + (lists.get(name)?.documents.length ?? 0)
  })
  const size = starts.at(-1) ?? 0
  const allDocuments = new Int32Array(size)
  const allCounts = new Int32Array(size)
  names.forEach((name, at) => {
    const list = lists.get(name)
    allDocuments.set(list?.documents ?? [], starts[at])
    allCounts.set(list?.counts ?? [], starts[at])
  })
  return {
    terms: new Map(names.map((name, at) => [name, at])),
    starts,
    documents: allDocuments,
    counts: allCounts,
    lengths,
    averageLength: average(lengths),
  }
}

function average(lengths: Int32Array): number {
  let sum = 0
  for (const length of lengths) sum += length
  return lengths.length === 0 ? 0 : sum / lengths.length
}

/** Number of documents that hold the term. */
export function documentFrequency(postings: Postings, term: string): number {
  const at = postings.terms.get(term)
  return at === undefined ? 0 : (postings.starts[at + 1] ?? 0) - (postings.starts[at] ?? 0)
}

/**
 * Inverse document frequency as BM25 has it (Robertson & Zaragoza 2009, eq. 3.5, plus one inside the logarithm so that
 * it stays positive).
 */
export function inverseDocumentFrequency(postings: Postings, term: string): number {
  const documents = postings.lengths.length
  const holding = documentFrequency(postings, term)
  return Math.log(1 + (documents - holding + 0.5) / (holding + 0.5))
}

const k1 = 1.2
const b = 0.6

/**
 * Calls back for each document that holds the term, with its saturated frequency: BM25's tf part divided by (k1 + 1),
 * so from 0 to 1 (Robertson & Zaragoza 2009, eq. 3.15).
 */
export function eachDocument(
  postings: Postings,
  term: string,
  visit: (document: number, saturation: number) => void,
): void {
  const at = postings.terms.get(term)
  if (at === undefined) return
  const end = postings.starts[at + 1] ?? 0
  for (let i = postings.starts[at] ?? 0; i < end; i += 1) {
    const document = postings.documents[i] as number
    const count = postings.counts[i] as number
    const length = postings.lengths[document] as number
    visit(document, count / (count + k1 * (1 - b + (b * length) / postings.averageLength)))
  }
}

/** Whether a document holds a term. Its run is sorted by document. */
export function holds(postings: Postings, term: string, document: number): boolean {
  const at = postings.terms.get(term)
  if (at === undefined) return false
  const end = postings.starts[at + 1] as number
  const found = firstNotBelow(postings.documents, document, postings.starts[at], end)
  return found < end && postings.documents[found] === document
}

/**
 * The postings as bytes: a JSON line with names and sizes, padded to four bytes, then the four arrays, little-endian.
 */
export function encodePostings(postings: Postings): Buffer {
  const head = JSON.stringify({
    terms: [...postings.terms.keys()],
    postings: postings.documents.length,
    documents: postings.lengths.length,
  })
  const bytes = Buffer.from(`${head}\n`)
  const padded = Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)])
  return Buffer.concat([
    padded,
    ...[postings.starts, postings.documents, postings.counts, postings.lengths].map((array) =>
      Buffer.from(array.buffer, array.byteOffset, array.byteLength),
    ),
  ])
}

/**
 * Reads `encodePostings` back. @throws {RangeError | SyntaxError} when the bytes are not such; their digest is to be
 * checked before.
 */
export function decodePostings(bytes: Buffer): Postings {
  const end = bytes.indexOf('\n')
  const { terms, postings, documents } = JSON.parse(bytes.subarray(0, end).toString()) as {
    terms: string[]
    postings: number
    documents: number
  }
  let at = Math.ceil((end + 1) / 4) * 4
  const take = (length: number) => {
    if (at + length * 4 > bytes.length) throw new RangeError('Cannot read the postings: the file is cut short')
    const array = new Int32Array(bytes.buffer.slice(bytes.byteOffset + at, bytes.byteOffset + at + length * 4))
    at += length * 4
    return array
  }
  const starts = take(terms.length + 1)
  const allDocuments = take(postings)
  const counts = take(postings)
  const lengths = take(documents)
  return {
    terms: new Map(terms.map((name, index) => [name, index])),
    starts,
    documents: allDocuments,
    counts,
    lengths,
    averageLength: average(lengths),
  }
}
