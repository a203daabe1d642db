import { describeStarts } from './starting.ts'
import { failures, successes, waits } from './starts.ts'

describeStarts(failures, waits, successes, true)
