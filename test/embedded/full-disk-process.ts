import { spawnSync } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { backUpEmbedded, restoreEmbedded } from '../../src/embedded/copies.ts'
import { embeddedFile } from '../../src/embedded/home.ts'
import { folderOf, openState } from '../../src/homes/open.ts'
import { StateError, type StoreEvent } from '../../src/state/store.ts'

/**
 * A state on a small disk that fills up, gets space again, and becomes read-only; a process of its own, for a disk of
 * its own. Says what happened, one JSON array a line.
 */
const [disk = ''] = process.argv.slice(2)
const filler = join(disk, 'filler')
const say = (...words: readonly unknown[]) => process.stdout.write(`${JSON.stringify(words)}\n`)

const outcome = async (work: Promise<unknown>): Promise<string> => {
  try {
    await work
    return 'done'
  } catch (error) {
    if (!(error instanceof StateError)) return `unforeseen ${error}`
    return `${error.kind}: ${error.reason ?? error.message.replaceAll(disk, 'DISK')}`
  }
}

function fill(): void {
  try {
    for (;;) writeFileSync(filler, Buffer.alloc(4096), { flag: 'a' })
  } catch {
    // Now it is full.
  }
}

const update = (id: number, bytes: number) => ({ id, lane: `chat:${id}`, body: 'x'.repeat(bytes), lifetimeMs: 60_000 })

const openHere = () =>
  openState({
    url: undefined,
    folder: join(disk, 'data'),
    secret: '1:token',
    log: (event: StoreEvent) => say('log', event.event, 'reason' in event ? event.reason : undefined),
  })
const store = await openHere()
say('fresh', await outcome(store.add([update(1, 1000), update(2, 1000)])), await outcome(store.check()))
fill()
let id = 3
while ((await outcome(store.add([update(id, 20_000)]))) === 'done' && id < 200) id += 1
say('full', await outcome(store.add([update(id, 20_000)])), await outcome(store.check()))
const { leases } = await store.claim('test', 2, 60_000)
say('under way', await outcome(store.record(leases[0]!.update.id, 'key', 'result')))
say('under way', await outcome(Promise.all(leases.map((lease) => store.finish(lease)))))
say('all at once', await Promise.all([outcome(store.add([update(900, 20_000)])), outcome(store.finish(leases[0]!))]))
rmSync(filler)
say('space again', await outcome(store.check()), await outcome(store.add([update(id, 20_000)])))
fill()
say('long values', await outcome(store.set('settings', 'user:1', 'x'.repeat(300_000))), await outcome(store.check()))
rmSync(filler)
say('space again', await outcome(store.check()))
await store.close()
spawnSync('mount', ['-o', 'remount,ro', disk])
const own = folderOf(join(disk, 'data'), '1')
const copy = join(disk, 'copy.lmdb')
say('read-only', await outcome(openHere()), await outcome(backUpEmbedded(own, copy)))
say('read-only', await outcome(backUpEmbedded(own, `${disk}-copy.lmdb`)))
rmSync(`${disk}-copy.lmdb`)
say('read-only', await outcome(restoreEmbedded(embeddedFile(own), own, { replace: true, bot: '1' })))
spawnSync('mount', ['-o', 'remount,rw', disk])
const again = await openHere()
say('writable', await outcome(again.check()), await outcome(again.get('settings', 'user:1')))
await again.close()
fill()
const full = await openHere()
say('started on a full disk', await outcome(full.check()), await outcome(full.claim('test', 1, 60_000)))
await full.close()
rmSync(join(disk, 'data'), { recursive: true })
fill()
say('first start on a full disk', await outcome(openHere()))
say('end')
