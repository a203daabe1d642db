import { describeStarts } from './starting.ts'
import { failures, successes, waits } from './starts.ts'

const isShort = (way: { readonly isShort?: true }) => way.isShort === true

// A process each: all of them take minutes, and run with `npm run test:faults`.
describeStarts(failures.filter(isShort), waits.filter(isShort), successes.filter(isShort), false)
