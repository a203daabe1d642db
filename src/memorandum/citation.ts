import type { Unit } from '../model/corpus.ts'
import { unreachable } from '../model/unreachable.ts'
import { formatChineseNumeral } from '../text/numerals.ts'
import { shortName, yearOf } from './library.ts'

/** `川港 2018 · 五、青年發展 · 第 1 項`, `川港 2018 · 序言 · 第三條`, `浙港 2025 · 序言`: what lets a reader find the clause. */
export function citationOf(unit: Unit): string {
  const memorandum = `${shortName(unit.memorandum)} ${yearOf(unit.memorandum)}`
  switch (unit.kind) {
    case 'measure':
      return `${memorandum} · ${formatChineseNumeral(unit.area.ordinal)}、${unit.area.title} · 第 ${unit.number} 項`
    case 'preamble-item':
      return `${memorandum} · 序言 · 第${formatChineseNumeral(unit.number)}條`
    case 'preamble':
      return `${memorandum} · 序言`
    default:
      return unreachable(unit)
  }
}
