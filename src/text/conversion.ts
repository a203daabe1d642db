import { Converter } from 'opencc-js/t2cn'

/** Made when first needed, for it takes some 30 ms; what it gives never changes. */
let converter: ((text: string) => string) | undefined

/** A text as printed in Hong Kong, in Simplified characters. May change its length. */
export function toSimplified(text: string): string {
  const convert = converter ?? Converter({ from: 'hk', to: 'cn' })
  converter = convert
  return convert(text)
}
