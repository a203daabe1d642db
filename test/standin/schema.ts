import { readFileSync } from 'node:fs'
import { isUpload } from './request.ts'

type Fields = Readonly<Record<string, string>>
interface Specification {
  readonly version: string
  readonly methods: Readonly<Record<string, { readonly takes: Fields; readonly gives: string }>>
  readonly types: Readonly<Record<string, Fields | readonly string[]>>
}

let loaded: Specification | undefined
/** The reduced Bot API specification beside this file, read once and on first use. */
export function specification(): Specification {
  loaded ??= JSON.parse(readFileSync(new URL('bot-api.json', import.meta.url), 'utf8')) as Specification
  return loaded
}

export const knowsMethod = (method: string): boolean => Object.hasOwn(specification().methods, method)

/**
 * The types that a parameter may have: `["Integer", "String"]`. `undefined` for a parameter that the method does not
 * take.
 */
export function parameterTypes(method: string, parameter: string): readonly string[] | undefined {
  const takes = specification().methods[method]?.takes ?? {}
  return (takes[parameter] ?? takes[`${parameter}?`])?.split('|')
}

/** What is wrong with the parameters of a call, one sentence each; empty when the specification allows them. */
export function callProblems(method: string, params: Readonly<Record<string, unknown>>): readonly string[] {
  const takes = specification().methods[method]?.takes
  return takes === undefined ? [`${method} is no method`] : fieldProblems(params, takes, '')
}

/** The same for what the stand-in answers, so that it cannot drift from the specification unseen. */
export function answerProblems(method: string, result: unknown): readonly string[] {
  const gives = specification().methods[method]?.gives ?? ''
  return valueProblems(result, gives, method)
}

export const updateProblems = (update: unknown): readonly string[] => valueProblems(update, 'Update', 'update')

function fieldProblems(value: Readonly<Record<string, unknown>>, fields: Fields, path: string): string[] {
  const at = (name: string) => (path === '' ? name : `${path}.${name}`)
  const problems = Object.keys(value)
    .filter((name) => fields[name] === undefined && fields[`${name}?`] === undefined)
    .map((name) => `${at(name)} is unknown`)
  for (const [key, types] of Object.entries(fields)) {
    const optional = key.endsWith('?')
    const name = optional ? key.slice(0, -1) : key
    if (value[name] === undefined) {
      if (!optional) problems.push(`${at(name)} is missing`)
    } else problems.push(...valueProblems(value[name], types, at(name)))
  }
  return problems
}

/** Against alternatives (`Integer|String`, a union type) the problems of the alternative that fits best. */
function closest(value: unknown, types: readonly string[], path: string): string[] {
  let fewest: string[] | undefined
  for (const type of types) {
    const problems = valueProblems(value, type, path)
    if (problems.length === 0) return []
    if (fewest === undefined || problems.length < fewest.length) fewest = problems
  }
  return fewest ?? [`${path} has no type`]
}

/**
 * A member of a union whose constant field (`type`, `source`, `status`) contradicts the value is out of the question.
 */
function isCandidate(value: unknown, type: string): boolean {
  const fields = specification().types[type]
  if (fields === undefined || isAlternatives(fields) || typeof value !== 'object' || value === null) return true
  return Object.entries(fields).every(
    ([name, types]) => !types.startsWith('=') || (value as Record<string, unknown>)[name] === types.slice(1),
  )
}

const isAlternatives = (shape: Fields | readonly string[]): shape is readonly string[] => Array.isArray(shape)

const list = /^Array of (?<item>.+)$/u

function valueProblems(value: unknown, types: string, path: string): string[] {
  if (types.includes('|')) return closest(value, types.split('|'), path)
  if (types.startsWith('=')) return value === types.slice(1) ? [] : [`${path} must be "${types.slice(1)}"`]
  const item = list.exec(types)?.groups?.item
  if (item !== undefined) {
    return Array.isArray(value)
      ? value.flatMap((element, index) => valueProblems(element, item, `${path}[${index}]`))
      : [`${path} must be a list`]
  }
  switch (types) {
    case 'Integer':
      return Number.isSafeInteger(value) ? [] : [`${path} must be an Integer`]
    case 'Float':
      return typeof value === 'number' && Number.isFinite(value) ? [] : [`${path} must be a Float`]
    case 'String':
      return typeof value === 'string' ? [] : [`${path} must be a String`]
    case 'Boolean':
      return typeof value === 'boolean' ? [] : [`${path} must be a Boolean`]
    case 'InputFile':
      return isUpload(value) ? [] : [`${path} must be an uploaded file`]
    case 'KeyboardButton':
      // "For simple text buttons, String can be used instead of this object."
      if (typeof value === 'string') return []
  }
  const shape = specification().types[types]
  if (shape === undefined) return [`${path} has the unknown type ${types}`]
  if (isAlternatives(shape)) {
    const candidates = shape.filter((type) => isCandidate(value, type))
    return candidates.length > 0 ? closest(value, candidates, path) : [`${path} is no ${types}`]
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value) || isUpload(value))
    return [`${path} must be a ${types}`]
  return fieldProblems(value as Record<string, unknown>, shape, path)
}
