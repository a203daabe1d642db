import { openEmbedded } from '../../src/embedded/home.ts'
import { StateError } from '../../src/state/store.ts'

/**
 * A process that uses a state until it is killed: `hold` only holds it; `write` stores numbers one after the other and
 * says each that was confirmed. Says `ready`, or why it cannot start.
 */
const [what, folder = ''] = process.argv.slice(2)

try {
  const store = openEmbedded({ folder })
  console.log('ready')
  if (what === 'hold') setInterval(() => {}, 1000)
  else
    for (let number = Number((await store.get('settings', 'number')) ?? 0) + 1; ; number += 1) {
      const update = { id: number, lane: 'chat:1', body: 'x'.repeat((number * 977) % 5000), lifetimeMs: 86_400_000 }
      await Promise.all([store.set('settings', 'number', String(number)), store.add([update])])
      if (number % 3 === 0) {
        const { leases } = await store.claim('process', 1, 60_000)
        for (const lease of leases) await store.finish(lease)
      }
      console.log(String(number))
    }
} catch (error) {
  console.log(error instanceof StateError ? `${error.kind}: ${error.message}` : `unforeseen ${error}`)
  process.exitCode = 1
}
