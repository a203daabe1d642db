import { env } from '@xenova/transformers'
import { loadEncoder } from '../../src/retrieval/encoder.ts'

// Asks the hub at the address given for a model, says what came of it, and ends by itself when nothing keeps it alive.
const [remoteHost = '', cache = ''] = process.argv.slice(2)
env.remoteHost = remoteHost
await loadEncoder({ encoder: 'owner/silent', cache, downloadTimeout: 300 }).catch((error: Error) =>
  console.log(error.message),
)
