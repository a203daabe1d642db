/**
 * The encoder's tokens: greedy longest match inside runs of one script. The same rule is written down twice,
 * here for training and as tokenizer.json for the run; a test holds them together.
 */

/**
 * Rows 0 to 3 of the table. They are all zero, so that [CLS] and [SEP] weigh nothing and an empty text is a zero
 * vector.
 */
export const specialTokens = ['[PAD]', '[UNK]', '[CLS]', '[SEP]'] as const

/**
 * What is read as words, in folded text; all else (punctuation, emoji, other scripts) parts words and is dropped.
 * A run is cut at 64 characters because the matcher in @xenova/transformers takes quadratic time per token.
 */
export const wordPattern = '[\\u4e00-\\u9fff]{1,64}|[a-z]{1,64}|[0-9]{1,64}'

const words = new RegExp(wordPattern, 'gu')

/**
 * The basic block of Chinese characters: whatever the vocabulary lacks of it gets an id past the table, else one rare
 * character would turn its whole run into [UNK].
 */
const [firstHan, lastHan] = [0x4e00, 0x9fff]

export type Vocabulary = {
  /** Tokens with a row, in row order; the special tokens come first. */
  readonly tokens: readonly string[]
  readonly ids: ReadonlyMap<string, number>
  /** Length of the longest token, in characters. */
  readonly longest: number
}

export function vocabularyOf(tokens: readonly string[]): Vocabulary {
  const ids = new Map(tokens.map((token, id) => [token, id]))
  if (ids.size !== tokens.length)
    throw new Error(`Cannot use the vocabulary: ${tokens.length - ids.size} of its tokens stand in it twice`)
  return {
    tokens,
    ids,
    longest: tokens.slice(specialTokens.length).reduce((most, token) => Math.max(most, token.length), 0),
  }
}

/** The row numbers of a folded text, in order; characters without a row are left out. */
export function tokenize(folded: string, { ids, longest }: Vocabulary): number[] {
  const out: number[] = []
  for (const [word] of folded.matchAll(words)) {
    for (let start = 0; start < word.length; ) {
      let end = Math.min(word.length, start + longest)
      let id: number | undefined
      while (end > start) {
        id = ids.get(word.slice(start, end))
        if (id !== undefined) break
        end -= 1
      }
      if (id !== undefined) out.push(id)
      start = Math.max(end, start + 1)
    }
  }
  return out
}

/** The three JSON files that @xenova/transformers reads beside the graph. */
export function tokenizerFiles({ tokens }: Vocabulary, dimensions: number): { readonly [name: string]: object } {
  const vocab: Record<string, number> = {}
  for (const [id, token] of tokens.entries()) vocab[token] = id
  let size = tokens.length
  for (let code = firstHan; code <= lastHan; code += 1) {
    const character = String.fromCharCode(code)
    if (vocab[character] === undefined) {
      vocab[character] = size
      size += 1
    }
  }
  const special = specialTokens.map((content, id) => ({
    id,
    content,
    single_word: false,
    lstrip: false,
    rstrip: false,
    normalized: false,
    special: true,
  }))
  return {
    'tokenizer.json': {
      version: '1.0',
      truncation: null,
      padding: null,
      added_tokens: special,
      // Texts are folded by src/text/fold.ts before they come here.
      normalizer: null,
      pre_tokenizer: { type: 'Split', pattern: { Regex: wordPattern }, behavior: 'Removed', invert: true },
      post_processor: {
        type: 'TemplateProcessing',
        single: [
          { SpecialToken: { id: '[CLS]', type_id: 0 } },
          { Sequence: { id: 'A', type_id: 0 } },
          { SpecialToken: { id: '[SEP]', type_id: 0 } },
        ],
        pair: [
          { SpecialToken: { id: '[CLS]', type_id: 0 } },
          { Sequence: { id: 'A', type_id: 0 } },
          { SpecialToken: { id: '[SEP]', type_id: 0 } },
          { Sequence: { id: 'B', type_id: 1 } },
          { SpecialToken: { id: '[SEP]', type_id: 1 } },
        ],
        special_tokens: {
          '[CLS]': { id: '[CLS]', ids: [2], tokens: ['[CLS]'] },
          '[SEP]': { id: '[SEP]', ids: [3], tokens: ['[SEP]'] },
        },
      },
      decoder: { type: 'WordPiece', prefix: '', cleanup: false },
      model: {
        type: 'WordPiece',
        unk_token: '[UNK]',
        continuing_subword_prefix: '',
        max_input_chars_per_word: 400,
        vocab,
      },
    },
    'tokenizer_config.json': {
      tokenizer_class: 'BertTokenizer',
      do_lower_case: false,
      model_max_length: 8192,
      pad_token: '[PAD]',
      unk_token: '[UNK]',
      cls_token: '[CLS]',
      sep_token: '[SEP]',
    },
    'config.json': {
      model_type: 'bert',
      architectures: ['BertModel'],
      hidden_size: dimensions,
      vocab_size: size,
      // Rows in the table; ids from here on are characters without a vector.
      table_rows: tokens.length,
      num_hidden_layers: 0,
      num_attention_heads: 1,
      max_position_embeddings: 8192,
      pad_token_id: 0,
    },
  }
}
