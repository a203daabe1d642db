import { expect, test } from 'vitest'
import { plainGloss, readDictionary, type Source, synonymSource } from '../../scripts/encoder-training/data.ts'
import { tokenVectors } from '../../scripts/encoder-training/export.ts'
import { compose } from '../../scripts/encoder-training/rows.ts'
import { questionShells, rewordings, tokenizeSource } from '../../scripts/encoder-training/sampling.ts'
import { specialTokens, tokenize, vocabularyOf } from '../../scripts/encoder-training/tokenizer.ts'
import { defaultOptions, train } from '../../scripts/encoder-training/train.ts'
import { chooseVocabulary } from '../../scripts/encoder-training/vocabulary.ts'

const cedict: Source = {
  name: 'cedict',
  ordered: false,
  pairs: [
    ['youth; young people', '青年'],
    ['Ningbo, sub-provincial city in Zhejiang Province 浙江省'.toLowerCase(), '宁波市'],
    ['hong kong', '香港'],
    ['to go to work', '上班'],
    ['school', '学校'],
    ['hospital', '医院'],
    ['bank', '银行'],
    ['airport', '机场'],
  ],
}
const canto: Source = {
  name: 'cc_canto',
  ordered: false,
  pairs: [
    ['to go to work', '返工'],
    ['young people', '后生仔'],
  ],
}
const sources = [cedict, canto]
const dictionary = readDictionary(sources)

test('plainGloss() leaves the meaning of a gloss and drops its trimmings', () => {
  expect(plainGloss('to carry (on the back)')).toBe('carry')
  expect(plainGloss('an airport')).toBe('airport')
  expect(plainGloss('(literary)')).toBe('')
})

test('readDictionary() ties a Cantonese word to the Mandarin word of the same gloss, and finds places inside longer names', () => {
  expect(dictionary.synonyms.get('返工')).toEqual(['上班'])
  expect(dictionary.cantonese).toEqual(['返工', '后生仔'])
  expect(dictionary.places).toEqual(['浙江', '宁波'])
})

test('chooseVocabulary() takes words from the sources only, special tokens first, each once', () => {
  const vocabulary = chooseVocabulary(sources, dictionary)
  expect(vocabulary.tokens.slice(0, 4)).toEqual([...specialTokens])
  expect(new Set(vocabulary.tokens).size).toBe(vocabulary.tokens.length)
  for (const token of ['青年', '返工', '宁波', '浙江', 'youth', 'hong', '青', 'a', '7'])
    expect(vocabulary.ids.has(token), token).toBe(true)
  expect(vocabulary.ids.has('四川')).toBe(false)
})

test('tokenize() takes the longest token at each place, parts scripts and drops what it does not know', () => {
  const vocabulary = vocabularyOf([...specialTokens, '青', '年', '青年', '青年人', 'q', 'fl', '1', '10'])
  expect(tokenize('青年人,青年qfl10年龘', vocabulary).map((id) => vocabulary.tokens[id])).toEqual([
    '青年人',
    '青年',
    'q',
    'fl',
    '10',
    '年',
  ])
  expect(tokenize('', vocabulary)).toEqual([])
})

test('vocabularyOf() refuses a token that stands in it twice', () => {
  expect(() => vocabularyOf([...specialTokens, '青', '青'])).toThrow('1 of its tokens stand in it twice')
})

test("tokenizeSource() gives pairs of one paragraph one number, so that they are not each other's wrong answers", () => {
  const vocabulary = chooseVocabulary(sources, dictionary)
  const rest = '学校医院银行机场'.repeat(6)
  const source: Source = {
    name: 'law',
    ordered: true,
    pairs: [
      ['香港青年上班学校', `${rest}宁波市`],
      ['浙江宁波青年学校', `${rest}香港青年上班学校`],
      ['银行机场', '机场学校'.repeat(12)],
    ],
  }
  expect([...tokenizeSource(source, vocabulary).paragraphs]).toEqual([0, 0, 2])
})

test('train() lowers the loss, repeats itself for a seed, and brings translations together', async () => {
  const vocabulary = chooseVocabulary(sources, dictionary)
  const tokenSources = [...sources, synonymSource(dictionary)].map((source) => tokenizeSource(source, vocabulary))
  const variations = { rewordings: rewordings(dictionary, vocabulary), shells: questionShells(vocabulary) }
  const options = {
    ...defaultOptions,
    steps: 60,
    dimensions: 16,
    widths: [8, 16],
    sampling: { ...defaultOptions.sampling, ask: 0 },
    mixture: { cedict: 1 },
  }
  const run = async () => {
    const losses: number[] = []
    const table = await train(tokenSources, compose(vocabulary), variations, options, ({ loss }) => losses.push(loss))
    return { losses, vectors: tokenVectors(table, vocabulary) }
  }
  const [first, second] = [await run(), await run()]
  expect(first.losses.at(-1)).toBeLessThan((first.losses[0] as number) / 4)
  expect(first.vectors).toEqual(second.vectors)
  const vector = (token: string) =>
    first.vectors.subarray((vocabulary.ids.get(token) as number) * 16, (vocabulary.ids.get(token) as number) * 16 + 16)
  const cosine = (a: Float32Array, b: Float32Array) =>
    a.reduce((sum, value, k) => sum + value * (b[k] as number), 0) / Math.hypot(...a) / Math.hypot(...b)
  expect(cosine(vector('学校'), vector('school'))).toBeGreaterThan(0.7)
  expect(cosine(vector('学校'), vector('bank'))).toBeLessThan(0.5)
})
