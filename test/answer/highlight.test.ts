import { describe, expect, test } from 'vitest'
import { createHighlighter } from '../../src/answer/highlight.ts'
import { prepare } from '../../src/retrieval/search.ts'
import { fold } from '../../src/text/fold.ts'
import { sentences } from '../../src/text/sentences.ts'
import { openRoom } from './room.ts'

const { retrieval } = await openRoom()
const { units } = retrieval.library
const highlightsOf = createHighlighter(retrieval.encoder, retrieval.index)

async function shown(number: number, question: string): Promise<readonly string[]> {
  const subject = fold(question)
  const { bridged, encodings } = await prepare(retrieval, { subject, inFull: subject })
  const quote = units[number]?.text ?? ''
  return (await highlightsOf(number, quote, { subject, bridged, encodings })).map(([start, end]) =>
    quote.slice(start, end),
  )
}

const long = units.map((unit, number) => ({ unit, number })).filter(({ unit }) => sentences(unit.text).length >= 3)

describe('createHighlighter()', () => {
  test('makes the sentence stand out that was asked for word for word', async () => {
    expect(long.length).toBeGreaterThan(20)
    for (const { unit, number } of long.slice(0, 20)) {
      const all = sentences(unit.text).map(([start, end]) => unit.text.slice(start, end).trimEnd())
      const asked = all.at(-1) ?? ''
      if (asked.length >= 15) expect(await shown(number, asked), unit.id).toContain(asked)
    }
  })

  test('leaves something out of a long clause, at most three sentences shown', async () => {
    for (const { unit, number } of long.slice(0, 20)) {
      const parts = await shown(number, '青年實習')
      expect(parts.length, unit.id).toBeLessThanOrEqual(3)
    }
  })

  test('shows a clause of one sentence whole', async () => {
    const number = units.findIndex(({ text }) => sentences(text).length === 1)
    expect(await shown(number, 'anything at all')).toEqual([units[number]?.text.trimEnd()])
  })
})
