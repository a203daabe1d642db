import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startStandin } from '../standin/standin.ts'
import { grepFolder } from './secrets.ts'

test('the service connects to Telegram and to nobody else, ends when told to, and leaves neither token nor question behind', {
  timeout: 90_000,
}, async () => {
  const standin = await startStandin({ patienceMs: 60_000 })
  const folder = await mkdtemp(join(tmpdir(), 'connections-'))
  const trap = join(folder, 'connections.txt')
  await writeFile(trap, '')
  const env = {
    ...process.env,
    BOT_TOKEN: standin.token,
    TELEGRAM_API_ROOT: standin.apiRoot,
    DATA: join(folder, 'data'),
    SOCKET_TRAP: trap,
    LOG_LEVEL: 'debug',
    STATE_URL: '',
    WEBHOOK_URL: '',
  }
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', '--import', './test/faults/socket-trap.ts', 'src/main.ts'],
    { env, stdio: ['ignore', 'pipe', 'pipe'] },
  )
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve))
  const chat = standin.privateChat(standin.person({ id: 7, first_name: '陳大文', language_code: 'zh-hant' }))
  const question = '四川有甚麼青年實習的合作'
  chat.says(question)
  const answer = await Promise.race([chat.nextMessage(), exited.then(() => undefined)])
  expect(answer?.text, output.slice(-2000)).toBeDefined()
  child.kill('SIGTERM')
  expect(await exited).toBe(0)
  const telegram = new URL(standin.apiRoot).host
  expect([...new Set((await readFile(trap, 'utf8')).trim().split('\n'))]).toEqual([telegram])
  for (const secret of [standin.token, question, '青年實習的合作', '陳大文']) expect(output).not.toContain(secret)
  expect(await grepFolder(folder, [standin.token, question, '陳大文'])).toEqual([])
  await standin.stop()
  await rm(folder, { recursive: true })
})
