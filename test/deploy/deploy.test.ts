import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import about from '../../package.json' with { type: 'json' }

/** Instructions of a Dockerfile, continued lines joined: `[instruction, arguments]`. */
const instructions = readFileSync('Dockerfile', 'utf8')
  .replaceAll(/\\\n/gu, ' ')
  .split('\n')
  .filter((line) => line.trim() !== '' && !line.startsWith('#'))
  .map((line) => [line.split(' ', 1)[0] ?? '', line.slice(line.indexOf(' ') + 1).trim()] as const)
const all = (name: string) => instructions.filter(([instruction]) => instruction === name).map(([, words]) => words)
const runStage = instructions.slice(instructions.findLastIndex(([instruction]) => instruction === 'FROM'))

describe('Dockerfile', () => {
  test('uses only instructions that there are, and pins the images to a version that package.json allows', () => {
    const known = [
      'FROM',
      'WORKDIR',
      'COPY',
      'RUN',
      'ENV',
      'USER',
      'VOLUME',
      'EXPOSE',
      'HEALTHCHECK',
      'STOPSIGNAL',
      'CMD',
    ]
    expect(instructions.filter(([instruction]) => !known.includes(instruction))).toEqual([])
    const least = about.engines.node.replace('>=', '').split('.').map(Number)
    for (const from of all('FROM')) {
      const [, major, minor] = /^node:(\d+)\.(\d+)\.\d+-bookworm/u.exec(from)?.map(Number) ?? []
      expect([major, (minor ?? 0) >= (least[1] ?? 0)]).toEqual([least[0], true])
    }
  })

  test('copies only what exists and what .dockerignore lets through', () => {
    const ignore = readFileSync('.dockerignore', 'utf8').trim().split('\n')
    expect(ignore[0]).toBe('*')
    const sources = all('COPY')
      .filter((words) => !words.startsWith('--from'))
      .flatMap((words) => words.split(' ').slice(0, -1))
    for (const source of sources) {
      expect([source, existsSync(source)]).toEqual([source, true])
      expect(ignore).toContain(`!${source}`)
    }
  })

  test('runs as a user without rights, is checked for health, and gets signals itself', () => {
    const of = (name: string) => runStage.filter(([instruction]) => instruction === name).map(([, words]) => words)
    expect(of('USER')).toEqual(['node'])
    expect(of('RUN').filter((words) => /apt-get|npm /u.test(words))).toEqual([])
    expect(JSON.parse(of('CMD')[0] ?? '')).toEqual([
      'node',
      '--max-semi-space-size=64',
      '--import',
      'tsx',
      'src/main.ts',
    ])
    const check = JSON.parse(/CMD (\[.*\])$/u.exec(of('HEALTHCHECK')[0] ?? '')?.[1] ?? '') as string[]
    expect(check[2]).toContain('/health')
    // The script of the check is a script.
    expect(() => new Function(check[2] ?? '')).not.toThrow()
  })

  test('installs no package script but the one that compiles', () => {
    expect(all('RUN')[0]).toMatch(/npm ci --omit=dev --ignore-scripts && .*npm rebuild hnswlib-node$/u)
    for (const words of all('RUN')) expect(words).not.toMatch(/curl|wget|https?:/u)
  })
})

describe('compose.yaml', () => {
  const service = z.looseObject({
    image: z.string().optional(),
    read_only: z.literal(true),
    cap_drop: z.tuple([z.literal('ALL')]),
    security_opt: z.tuple([z.literal('no-new-privileges:true')]),
    networks: z.array(z.enum(['inside', 'outside'])),
    environment: z.record(z.string(), z.string()).optional(),
  })
  const composed = z
    .looseObject({ services: z.record(z.string(), service), volumes: z.record(z.string(), z.unknown()) })
    .parse(parse(readFileSync('compose.yaml', 'utf8')))

  test('every container is read-only, without capabilities beyond need, of a pinned image, and Redis is inside only', () => {
    expect(Object.keys(composed.services)).toEqual(['bot', 'redis', 'proxy'])
    for (const { image } of Object.values(composed.services))
      if (image !== undefined) expect(image).toMatch(/:\d+\.\d+/u)
    expect(composed.services.redis?.networks).toEqual(['inside'])
  })

  test('two replicas share one Redis that loses nothing', () => {
    expect(composed.services.bot).toMatchObject({
      deploy: { replicas: 2 },
      environment: { STATE_URL: 'redis://redis:6379/0' },
    })
    expect(composed.services.redis?.command).toEqual([
      'redis-server',
      '--appendonly',
      'yes',
      '--appendfsync',
      'always',
      '--maxmemory-policy',
      'noeviction',
    ])
  })

  test('no secret stands in it', () => {
    for (const name of ['BOT_TOKEN', 'WEBHOOK_SECRET'])
      expect(composed.services.bot?.environment?.[name]).toMatch(new RegExp(`^\\$\\{${name}:\\?`, 'u'))
  })

  test('the port that it hands to the proxy is the one that the bot listens to', () => {
    const port = composed.services.bot?.environment?.PORT
    expect(composed.services.proxy?.command).toContain(`bot:${port}`)
    expect(all('EXPOSE')).toEqual([port])
  })
})

const hasSystemd = spawnSync('systemd-analyze', ['--version']).status === 0
if (!hasSystemd)
  console.warn('\nSKIPPED: the systemd unit is not verified, because systemd-analyze is not installed here\n')

test.skipIf(!hasSystemd)('the systemd unit is one, and exposes little', () => {
  const verified = spawnSync('systemd-analyze', ['verify', 'scripts/deploy/memoranda.service'], { encoding: 'utf8' })
  expect(verified.stderr.split('\n').filter((line) => line.includes('memoranda.service'))).toEqual([])
  const security = spawnSync(
    'systemd-analyze',
    ['security', '--offline=yes', '--threshold=25', 'scripts/deploy/memoranda.service'],
    { encoding: 'utf8' },
  )
  expect(security.stdout).toMatch(/Overall exposure level .*: [0-2]\.\d OK/u)
})
