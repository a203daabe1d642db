import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { openAssistant } from '../src/answer/open.ts'
import { type Config, readConfig } from '../src/config.ts'
import { botOf, folderOf } from '../src/homes/open.ts'
import {
  type Check,
  describeFindings,
  diskCheck,
  examine,
  type Finding,
  nativeCheck,
  nodeCheck,
  stateCheck,
  telegramCheck,
} from '../src/operations/doctor.ts'
import { createGateway } from '../src/telegram/gateway.ts'

const help = `Usage: npm run doctor [-- --json]

Checks what the service needs: Node, the native packages, configuration, corpus, index and encoder, disk, stored state, and
with BOT_TOKEN the token, privacy mode and how updates arrive. Each line says fine or what to do. Changes nothing but an index that must be rebuilt anyway.

Exit codes: 0 nothing is wrong, 1 something is wrong, 2 wrong usage`

const run = promisify(execFile)
const loads = (name: string) =>
  run(process.execPath, ['--input-type=module', '-e', `await import(${JSON.stringify(name)})`])
const hasCompiler = () =>
  run('g++', ['--version']).then(
    () => true,
    () => false,
  )

function configuration(): { readonly config: Config | undefined; readonly finding: Finding } {
  try {
    return {
      config: readConfig(process.env),
      finding: { check: 'Configuration', status: 'fine', detail: 'every variable can be used' },
    }
  } catch (error) {
    const detail = error instanceof Error ? error.message.replaceAll(/\s*\n\s*/gu, ' ') : 'cannot be read'
    return {
      config: undefined,
      finding: { check: 'Configuration', status: 'wrong', detail, todo: 'Correct the variables named here' },
    }
  }
}

const assistantCheck = (config: Config): Check => ({
  name: 'Corpus and index',
  run: async () => {
    const said: string[] = []
    const { retrieval } = await openAssistant({ ...config, models: `${config.data}/models` }, (line) => said.push(line))
    const { manifest } = retrieval.index
    return [
      {
        check: 'Corpus and index',
        status: 'fine',
        detail: said.join(' ') || `index fits the corpus ${manifest.corpus.slice(0, 12)}`,
      },
      { check: 'Encoder', status: 'fine', detail: manifest.encoder.fingerprint.slice(0, 12) },
    ]
  },
})

const options = process.argv.slice(2)
if (options.includes('--help')) console.log(help)
else if (options.some((option) => option !== '--json')) {
  console.error(help)
  process.exitCode = 2
} else {
  const { config, finding } = configuration()
  const checks: Check[] = [
    nodeCheck(process.versions.node),
    ...['hnswlib-node', 'lmdb'].map((name) => nativeCheck(name, () => loads(name), hasCompiler)),
    { name: 'Configuration', run: async () => finding },
  ]
  if (config !== undefined) {
    const { stateUrl } = config
    const webhookUrl = config.webhook?.url
    const gateway =
      config.botToken === undefined ? undefined : createGateway({ token: config.botToken, apiRoot: config.apiRoot })
    checks.push(
      assistantCheck(config),
      diskCheck(config.data),
      stateCheck(
        config.botToken === undefined ? undefined : folderOf(config.stateFolder, botOf(config.botToken)),
        stateUrl === '' ? undefined : stateUrl,
      ),
      telegramCheck({ gateway, webhookUrl: webhookUrl === '' ? undefined : webhookUrl }),
    )
  }
  const findings = await examine(checks)
  console.log(options.includes('--json') ? JSON.stringify(findings, null, 2) : describeFindings(findings))
  process.exitCode = findings.some(({ status }) => status === 'wrong') ? 1 : 0
}
