import type { Answer, CitedPassage } from '../answer/answer.ts'
import { bridgedLine, headline, type Language, moreLine, nearestLabel, noClause, provinceName, understoodLine } from '../phrases/answers.ts'

/** How a terminal shows text: columns, and whether it takes colours. */
export type TerminalStyle = { readonly width: number; readonly color: boolean }

const wide = /[\p{Script=Han}\u3000-\u303f\uff00-\uff60]/u

/** Breaks a line so that it fits the width; Chinese characters take two columns. */
function wrap(text: string, width: number, indent: string): string {
  const lines: string[] = []
  for (const paragraph of text.split('\n')) {
    let line = ''
    let columns = 0
    for (const character of paragraph) {
      const size = wide.test(character) ? 2 : 1
      if (columns + size > width - indent.length) {
        lines.push(indent + line)
        line = ''
        columns = 0
      }
      line += character
      columns += size
    }
    lines.push(indent + line)
  }
  return lines.join('\n')
}

function passageText(passage: CitedPassage, number: number | undefined, style: TerminalStyle): string {
  let quote = ''
  let at = 0
  const [on, off] = style.color ? ['\u001b[1m', '\u001b[22m'] : ['', '']
  const plain = passage.highlights.length === 1 && passage.highlights[0]?.[0] === 0 && passage.highlights[0][1] >= passage.quote.trimEnd().length
  if (plain || !style.color) quote = passage.quote
  else {
    for (const [start, end] of passage.highlights) {
      quote += `${passage.quote.slice(at, start)}${on}${passage.quote.slice(start, end)}${off}`
      at = end
    }
    quote += passage.quote.slice(at)
  }
  return `${number === undefined ? '' : `[${number}] `}${passage.citation}\n${style.color ? `    ${quote}` : wrap(quote, Math.max(20, style.width), '    ')}`
}

/** An answer for a person at a terminal. */
export function renderText(answer: Answer, language: Language, style: TerminalStyle): string {
  const lines: string[] = []
  const understood = understoodLine(answer.understood, language)
  if (understood !== undefined) lines.push(`（${understood}）`)
  const bridged = bridgedLine(answer.understood, language)
  if (bridged !== undefined && answer.kind !== 'missing') lines.push(bridged)
  const head = headline(answer, language)
  if (head !== undefined) lines.push(head)
  if (answer.kind === 'facts') for (const { memorandum, value } of answer.values) lines.push(`  ${memorandum}：${value}`)
  if (answer.kind === 'comparison') {
    for (const row of answer.rows) {
      lines.push('', `■ ${provinceName(row.province, language)}（${row.memorandum}）`)
      if (row.passages.length === 0) lines.push(`    ${noClause[language]}`)
      for (const passage of row.passages) lines.push(passageText(passage, undefined, style))
    }
    return lines.join('\n')
  }
  const shown = answer.kind === 'missing' ? answer.nearest : answer.passages
  if (answer.kind === 'missing' && shown.length > 0) lines.push(nearestLabel[language])
  shown.forEach((passage, at) => {
    lines.push('', passageText(passage, at + 1, style))
  })
  if (answer.kind === 'found' && answer.related > shown.length) lines.push('', moreLine(answer.related - shown.length, language))
  return lines.join('\n')
}
