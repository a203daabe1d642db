import { citationOf } from '../memorandum/citation.ts'
import { shortName, yearOf } from '../memorandum/library.ts'
import type { Memorandum, Unit } from '../model/corpus.ts'
import { unreachable } from '../model/unreachable.ts'
import { formatChineseNumeral } from '../text/numerals.ts'
import { type Language, provinceName } from './answers.ts'

/** `川港 2018`, `Sichuan 2018`: a memorandum in one glance. */
export function memorandumName(memorandum: Memorandum, language: Language): string {
  return `${language === 'en' ? memorandum.province.en : shortName(memorandum)} ${yearOf(memorandum)}`
}

/** A province beside its memorandum: `四川（川港 2018）`; in English the memorandum's name holds it already. */
export function sideName(memorandum: Memorandum, language: Language): string {
  const name = memorandumName(memorandum, language)
  return language === 'en' ? name : `${provinceName(memorandum.province.slug, language)}（${name}）`
}

/** `青年發展（24）`, `Youth development (24)` */
export const counted = (name: string, count: number, language: Language): string =>
  language === 'en' ? `${name} (${count})` : `${name}（${count}）`

/**
 * A citation in the reader's language; titles of areas stay as printed. `Sichuan 2018 · 5. 青年發展 · item 1`, `川港 2018 ·
 * 五、青年發展 · 第 1 项`
 */
export function citationFor(unit: Unit, language: Language): string {
  if (language === 'hant') return citationOf(unit)
  const memorandum = memorandumName(unit.memorandum, language)
  switch (unit.kind) {
    case 'measure':
      return language === 'en'
        ? `${memorandum} · ${unit.area.ordinal}. ${unit.area.title} · item ${unit.number}`
        : `${memorandum} · ${formatChineseNumeral(unit.area.ordinal)}、${unit.area.title} · 第 ${unit.number} 项`
    case 'preamble-item':
      return language === 'en'
        ? `${memorandum} · preamble · clause ${unit.number}`
        : `${memorandum} · 序言 · 第${formatChineseNumeral(unit.number)}条`
    case 'preamble':
      return language === 'en' ? `${memorandum} · preamble` : `${memorandum} · 序言`
    default:
      return unreachable(unit)
  }
}

/** The shortest reference that names a unit: `川五1`, `浙21`; its id for a preamble. */
export function shortReference(unit: Unit): string {
  if (unit.kind !== 'measure') return unit.id
  const { char } = unit.memorandum.province
  return unit.memorandum.numbering === 'annex'
    ? `${char}${unit.number}`
    : `${char}${formatChineseNumeral(unit.area.ordinal)}${unit.number}`
}
