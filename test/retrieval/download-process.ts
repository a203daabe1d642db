import { loadEncoder } from '../../src/retrieval/encoder.ts'

// Asks the hub at the address given for a model, says what came of it, and ends by itself when nothing keeps it alive.
const [hub = '', cache = ''] = process.argv.slice(2)
await loadEncoder({ encoder: 'owner/silent', cache, downloadTimeout: 300, hub }).catch((error: Error) =>
  console.log(error.message),
)
