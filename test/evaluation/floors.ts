import { z } from 'zod'
import { type FigureName, type Figures, figureNames } from '../../src/evaluation/figures.ts'

/**
 * Figures that must not be crossed, by type of question: shares from 0 to 1. `falselyRefused` is a ceiling, every other
 * one a floor.
 */
export const floorsFile = z.strictObject({
  set: z.string().min(1),
  floors: z.record(z.string(), z.partialRecord(z.enum(figureNames), z.number().min(0).max(1))),
})
export type Floors = z.infer<typeof floorsFile>['floors']

const ceilings: ReadonlySet<FigureName> = new Set(['falselyRefused'])

/** One line for each floor that figures cross, or that nothing was measured for. */
export function crossedFloors(figures: ReadonlyMap<string, Figures>, floors: Floors): string[] {
  return Object.entries(floors).flatMap(([type, own]) =>
    figureNames.flatMap((name) => {
      const floor = own[name]
      if (floor === undefined) return []
      const measured = figures.get(type)?.[name]?.mean
      if (measured === undefined) return [`${type}: ${name} was not measured`]
      const crossed = ceilings.has(name) ? measured > floor : measured < floor
      return crossed
        ? [`${type}: ${name} is ${measured.toFixed(4)}, the ${ceilings.has(name) ? 'ceiling' : 'floor'} is ${floor}`]
        : []
    }),
  )
}
