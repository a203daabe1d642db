import { createReadStream } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { createGunzip } from 'node:zlib'
import { fold } from '../src/text/fold.ts'
import { stem } from '../src/text/terms.ts'

const help = `Usage: npm run build-dictionary -- FILE [--out corpus/cedict.tsv]

Reduces CC-CEDICT, given as gzipped JSON lines [English gloss, Chinese word], to the lines that bridge English questions:
glosses of one to three plain words, Chinese words of two to six characters, in search form.

Exit codes: 0 written, 2 wrong usage`

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { out: { type: 'string', default: 'corpus/cedict.tsv' }, help: { type: 'boolean', default: false } },
})
const [file] = positionals
if (values.help || file === undefined) {
  console.log(help)
  process.exit(values.help ? 0 : 2)
}

const words = new Map<string, Set<string>>()
for await (const line of createInterface({ input: createReadStream(file).pipe(createGunzip()) })) {
  const [glosses = '', chinese = ''] = JSON.parse(line) as [string, string]
  const word = fold(chinese)
  if (!/^\p{Script=Han}{2,6}$/u.test(word)) continue
  for (const gloss of glosses.split(/[;,]/u)) {
    const plain = gloss
      .replace(/\([^)]*\)/gu, ' ')
      .trim()
      .replace(/^(?:to|a|an|the) /u, '')
    // A capital marks a name, most often a surname or a county.
    if (!/^[a-z][a-z -]{2,30}$/u.test(plain)) continue
    const stems = plain.split(/[\s-]+/u).map(stem)
    if (stems.length > 3) continue
    const key = stems.join(' ')
    words.set(key, (words.get(key) ?? new Set()).add(word))
  }
}
const lines = [...words]
  .sort(([a], [b]) => (a < b ? -1 : 1))
  .map(([english, chinese]) => `${english}\t${[...chinese].join('|')}`)
await writeFile(values.out, `${lines.join('\n')}\n`)
console.log(`wrote ${lines.length} English entries to ${values.out}`)
