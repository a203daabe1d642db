/** What a person could repeat for ever to make finding references costly. */
const unending =
  '川|四川|浙1|浙16、|川七|川港合作|四川的備忘錄2018|sichuan-2018/|Sichuan area |item |items 1 to 2, |area 3 and |第|第七部分|第七、|第1、|第1項|1|一|十|1、|1.|1-|(| |川前言2同|Sichuan of |4 of Sichuan |2018年'.split(
    '|',
  )

const repeated = (part: string, length: number): string => part.repeat(Math.ceil(length / part.length)).slice(0, length)

/** Questions of so many letters, each of the beginning of a reference again and again. */
export const longReferences = (length: number): readonly string[] =>
  unending.map((part) => `浙${repeated(part, length)}`.slice(0, length))

/** Texts of so many letters to check as quotations: from the corpus, backwards, and of signs that quotations have. */
export const longQuotations = (corpus: string, length: number): readonly string[] => [
  repeated(corpus, length),
  [...repeated(corpus, length)].reverse().join(''),
  ...['支持兩地合作', 'a', '……', '「', '1. ', '第', '\n', '[(', '（'].map((part) => repeated(part, length)),
]

/** Questions of so many letters. */
export const longQuestions = (length: number): readonly string[] =>
  ['金融', '四川', '川七4、', 'finance ', '金融，', '、', '9'].map((part) => repeated(part, length))
