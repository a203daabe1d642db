import { openIndex } from '../../src/retrieval/index-folder.ts'
import { answersOf, loadSmall } from './small.ts'

// Opens the index in each folder named, in a process that may die: one line a folder, with why it was rebuilt and what
// it answers.
const small = await loadSmall()
for (const folder of process.argv.slice(2)) {
  const { index, rebuilt } = await openIndex(folder, small.library, small.encoder)
  console.log(JSON.stringify({ reason: rebuilt?.reason, answers: await answersOf(small, index) }))
}
