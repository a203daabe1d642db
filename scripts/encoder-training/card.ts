import type { Vocabulary } from './tokenizer.ts'
import type { TrainingOptions } from './train.ts'

export type CardFacts = {
  readonly vocabulary: Vocabulary
  readonly training: TrainingOptions
  readonly seeds: readonly number[]
  /** The seed that was kept. */
  readonly seed: number
  /** Development figures as a Markdown table; empty when none were measured. */
  readonly report: string
}

/** Source, licence and use of every data set, as training-data/manifest.json states them. */
const dataSets = `| set | pairs | source | licence |
| --- | --- | --- | --- |
| cedict | 206,832 | CC-CEDICT (MDBG and contributors), via levipare/tocfl-english | CC BY-SA 4.0 |
| cc_canto | 49,595 | CC-Canto (Pleco Software and contributors), via ThoreBor/CC-CANTO-for-Anki | CC BY-SA 3.0 |
| tatoeba_en_zh | 28,447 | Tatoeba (tatoeba.org contributors), via manythings.org | CC BY 2.0 FR |
| drcd | 9,017 | DRCD, Delta Research Center; text from Chinese Wikipedia | CC BY-SA 3.0 |
| cmrc2018 | 4,219 | CMRC 2018, Joint Laboratory of HIT and iFLYTEK Research (ymcui/cmrc2018) | CC BY-SA 4.0 |
| yue_rewrite_own | 50,943 | drcd, cmrc2018, statutes, reports and Tatoeba, put into Cantonese with a list of 100 words written for it | as those sets |
| cn_law_title_article, cn_law_ict | 56,713 | statutes of the PRC, via LawRefBook/Laws | not subject to copyright (PRC Copyright Law, art. 5) |
| tw_law_en_zh, tw_law_titles_en_zh, tw_law_title_article, tw_law_ict | 106,320 | laws of the ROC in Chinese and English, Ministry of Justice, via kong0107/mojLawSplitJSON | not subject to copyright (ROC Copyright Act, art. 9) |
| gov_report_ict | 986 | PRC Government Work Reports 2021 and 2022 | not subject to copyright (PRC Copyright Law, art. 5) |
| domain_glossary | 120 lines | written for this project | own |
| synonyms | derived | Chinese words of CC-CEDICT and CC-Canto that share a short English gloss | CC BY-SA 4.0 |`

/**
 * The model card, in the Markdown that goes beside the model. Has no date, so that the same run writes the same bytes.
 */
export function modelCard({ vocabulary, training, seeds, seed, report }: CardFacts): string {
  const { tokens } = vocabulary
  const chinese = tokens.filter((token) => /^[\u4e00-\u9fff]{2}/u.test(token)).length
  const characters = tokens.filter((token) => /^[\u4e00-\u9fff]$/u.test(token)).length
  const latin = tokens.filter((token) => /^[a-z]/u.test(token)).length
  return `# The bundled encoder

A static encoder of ${training.dimensions} dimensions for short questions in Traditional or Simplified Chinese, Cantonese, English or a mixture,
against one-paragraph policy clauses. It needs no connection and no accelerator; it was trained from nothing, in TypeScript, on open data alone.

## Use
Texts must be folded with \`fold()\` of \`src/text/fold.ts\` first: the tokenizer normalises nothing. Load with \`AutoTokenizer\` and \`AutoModel\` of \`@xenova/transformers\` (\`quantized: true\`). Outputs:
- \`sentence_embedding\` [batch, ${training.dimensions}]: unit vector of the text; all zeros when the text has no known token. A text's vector does not depend on the batch it is in.
- \`token_embeddings\` [batch, sequence, ${training.dimensions}]: one vector a token, not normalised. Its length is the token's learned importance. [CLS], [SEP], padding and unknown tokens are zero, so skip vectors of length 0.
  Late interaction: Σ|qᵢ|·maxⱼ cos(qᵢ,dⱼ) ÷ Σ|qᵢ|. Multiplying |qᵢ| by the token's inverse document frequency in the indexed corpus helps further.

Prefixes of ${training.widths.join(', ')} components work on their own (Matryoshka), after bringing them to length 1 again.

## Tokens
${tokens.length.toLocaleString('en')} rows, greedy longest match within runs of one script: ${characters.toLocaleString('en')} Chinese characters, ${chinese.toLocaleString('en')} Chinese words, ${latin.toLocaleString('en')} English words and pieces, numbers.
They were chosen from the data below and nothing else: dictionary headwords and words by how many kinds of text use them. Chinese characters without a row have ids past the table and weigh nothing.

## Recipe
A token is its own row plus the rows of its characters and inner words (Chinese) or of hashed letter n-grams (English), folded into one row at export. A text is the sum of its tokens.
Symmetric InfoNCE, scale ${training.scale}, batches of ${training.batch} from one source at a time, equal texts and pieces of one paragraph hidden from each other, widths ${training.widths.join('/')},
Adam at ${training.rate} falling to 0 over ${training.steps} steps, ${training.sampling.dropout * 100} % token dropout. ${training.sampling.neighbours * 100} % of statute batches are blocks of ${training.sampling.block} neighbouring articles.
Long queries are cut to short runs (${training.sampling.crop * 100} %), Chinese words exchanged for English, Cantonese or synonyms from the dictionaries (${training.sampling.reword * 100} %), queries put as questions (${training.sampling.ask * 100} %).
At export a vector's length is raised to a power above 1 (\`sharpen()\`), then rows are rounded to int8 with one float scale each.
Share of batches: ${Object.entries(training.mixture)
    .map(([name, share]) => `${name} ${share}`)
    .join(', ')}.

Retrain: \`npm run train-encoder -- --data FOLDER --texts FOLDER\` with the data set folder that holds \`open/\`, and the published texts to choose between seeds on. ${seeds.length === 1 ? `Seed ${seed} was trained.` : `Seeds ${seeds.join(', ')} were trained, seed ${seed} kept.`}

## Figures
${
  report === ''
    ? 'None were measured: the seed with the lowest loss was kept.'
    : `On the development questions, clauses of a province named in the question only, area title before the clause; references, follow-ups and unanswerable questions left out. The seed was chosen on these very questions, so read them as an upper bound. R@1, hit@3, nDCG@10.

${report}`
}

## Data and attribution
${dataSets}

No evaluation question and no memorandum was trained on. The weights were learned from the sets above; where share-alike terms reach them, they are under CC BY-SA 4.0.

## Limits
- Word order is lost: it cannot tell "A invites B" from "B invites A", nor negation.
- Names, numbers and dates match only as far as their tokens do; leave references and exact figures to the lexical index.
- Everyday words that share no dictionary entry with the official term stay far from it: glosses and the term list help there.
- A similarity of its own says little about whether a question can be answered at all.
- It was trained on statutes, encyclopaedia questions and dictionaries, not on conversations; it may carry their biases.
`
}
