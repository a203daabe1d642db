import { crc32, deflateSync, inflateSync } from 'node:zlib'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Picture, pictureHtml } from '../../scripts/pictures/page.ts'
import { withFewColours } from '../../scripts/pictures/png.ts'
import { richHtml } from '../../scripts/pictures/rich.ts'
import { play, type SceneName, sceneNames } from '../../scripts/pictures/scenes.ts'
import { textHtml } from '../../scripts/pictures/text.ts'
import { languages, noClause } from '../../src/phrases/answers.ts'
import { raise, type Stage } from '../bot/house.ts'
import { runScript } from './run.ts'

const picture = (changes: Partial<Picture> = {}): Picture => ({
  language: 'en',
  title: 'Chat',
  subtitle: 'bot',
  bubbles: [],
  placeholder: 'Message',
  ...changes,
})
const hostile = `<img src=x onerror="alert(1)">&'</style></script>`
const escaped = '&lt;img src=x onerror=&quot;alert(1)&quot;&gt;&amp;'

describe('textHtml()', () => {
  test('makes a quotation a block without the breaks around it, and its highlight bold', () => {
    const text = '川港 2018\n雙方共同推進。\n完'
    const entities = [
      { type: 'text_link', offset: 0, length: 7, url: 'https://t.me/x' },
      { type: 'blockquote', offset: 8, length: 7 },
      { type: 'bold', offset: 10, length: 4 },
    ]
    expect(textHtml(text, entities)).toBe(
      '<div><span class="link">川港 2018</span></div><blockquote><div class="words">雙方<b>共同推進</b>。</div></blockquote><div>完</div>',
    )
  })

  test('closes an expandable quotation, and keeps empty lines before and between quotations', () => {
    const entities = [
      { type: 'expandable_blockquote', offset: 3, length: 1 },
      { type: 'blockquote', offset: 6, length: 1 },
    ]
    expect(textHtml('x\n\na\n\nb', entities)).toBe(
      '<div>x<br><br></div><blockquote class="closed"><div class="words">a</div></blockquote><div><br></div><blockquote><div class="words">b</div></blockquote>',
    )
  })

  test('nests entities that overlap', () => {
    const entities = [
      { type: 'bold', offset: 0, length: 2 },
      { type: 'italic', offset: 1, length: 2 },
    ]
    expect(textHtml('abc', entities)).toBe('<div><b>a</b><b><i>b</i></b><i>c</i></div>')
  })

  test('shows every character once and in order, whatever the entities are', () => {
    const kinds = ['bold', 'italic', 'text_link', 'code', 'unknown']
    const entity = (length: number) =>
      fc.record({ type: fc.constantFrom(...kinds), offset: fc.nat(length), length: fc.nat(length) })
    fc.assert(
      fc.property(
        fc
          .string({ minLength: 1, maxLength: 20, unit: fc.constantFrom(...'abc<>&"川港') })
          .chain((text) => fc.tuple(fc.constant(text), fc.array(entity(text.length), { maxLength: 4 }))),
        ([text, entities]) => {
          const plain = textHtml(text, entities)
            .replace(/<[^>]*>/gu, '')
            .replaceAll('&lt;', '<')
            .replaceAll('&gt;', '>')
            .replaceAll('&quot;', '"')
            .replaceAll('&amp;', '&')
          expect(plain).toBe(text)
        },
      ),
    )
  })
})

describe('richHtml()', () => {
  test('draws a table with spans, links and empty cells, and details closed', () => {
    const html = richHtml([
      { type: 'heading', text: '比較：法律', size: 4 },
      {
        type: 'table',
        cells: [
          [
            { text: [{ type: 'bold', text: '重慶' }, '\n', '渝港 2023'], rowspan: 2, align: 'left' },
            { text: { type: 'url', text: '第 1 項', url: 'https://t.me/x' } },
          ],
          [{ text: { type: 'italic', text: '未見相關項目' } }],
        ],
      },
      { type: 'details', summary: '重慶 · 1 項', blocks: [{ type: 'paragraph', text: 'folded' }] },
    ])
    expect(html).toBe(
      '<h4>比較：法律</h4><table><tr><td rowspan="2"><b>重慶</b><br>渝港 2023</td><td><span class="link">第 1 項</span></td></tr><tr><td><i>未見相關項目</i></td></tr></table>' +
        '<div class="details"><span class="chevron"></span>重慶 · 1 項</div>',
    )
  })

  test('refuses a block that it cannot draw', () => {
    expect(() => richHtml([{ type: 'photo' }])).toThrow()
  })
})

describe('pictureHtml()', () => {
  test('escapes everything that people, messages and queries bring', () => {
    const message = {
      text: hostile,
      entities: [{ type: 'bold', offset: 0, length: 4 }],
      reply_markup: { inline_keyboard: [[{ text: hostile, url: hostile }]] },
      reply_to_message: { from: { first_name: hostile }, text: hostile },
      via_bot: { username: hostile },
    }
    const inline = { typed: hostile, button: hostile, results: [{ title: hostile, description: hostile }] }
    const html = pictureHtml(
      picture({
        title: hostile,
        subtitle: hostile,
        inline,
        bubbles: [
          { side: 'theirs', name: hostile, message, time: hostile },
          {
            side: 'mine',
            message: { rich_message: { blocks: [{ type: 'paragraph', text: hostile }] } },
            time: hostile,
          },
        ],
      }),
    )
    expect(html).not.toMatch(/<(?:img|script)/iu)
    expect(html.match(/<\/style>/gu)).toHaveLength(1)
    expect(html).not.toContain(`src=x onerror="`)
    expect(html.split(escaped).length - 1).toBe(15)
    expect(pictureHtml(picture({ placeholder: hostile }))).toContain(escaped)
  })

  test('shows replies, buttons with a mark for what leaves the chat, and the list of inline results', () => {
    const html = pictureHtml(
      picture({
        bubbles: [
          {
            side: 'theirs',
            name: 'Bot',
            time: '10:24',
            message: {
              text: 'answer',
              reply_to_message: { from: { first_name: 'Ada' }, text: 'first\nsecond' },
              reply_markup: { inline_keyboard: [[{ text: 'Text' }, { text: 'Open', url: 'https://t.me/x' }]] },
            },
          },
        ],
        inline: { typed: '@bot 浙21', results: [{ title: '浙港 2025', description: '支持' }] },
      }),
    )
    expect(html).toContain('<b>Ada</b><div class="line">first second</div>')
    expect(html).toContain('<div class="button">Text</div><div class="button">Open<span class="out">↗</span></div>')
    expect(html).toContain('<div class="title">浙港 2025</div><div class="description">支持</div>')
    expect(html).toContain('@bot 浙21<span class="caret">')
  })
})

/** A PNG file of 8-bit RGB, one filter byte before each line. */
function png(width: number, lines: readonly (readonly number[])[]): Buffer {
  const chunk = (name: string, data: Buffer) => {
    const named = Buffer.concat([Buffer.from(name), data])
    const numbers = Buffer.alloc(8)
    numbers.writeUInt32BE(data.length, 0)
    numbers.writeUInt32BE(crc32(named), 4)
    return Buffer.concat([numbers.subarray(0, 4), named, numbers.subarray(4)])
  }
  const header = Buffer.from([0, 0, 0, width, 0, 0, 0, lines.length, 8, 2, 0, 0, 0])
  const signature = Buffer.from('89504e470d0a1a0a', 'hex')
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.from(lines.flat()))),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function partOf(file: Buffer, name: string): Buffer {
  const at = file.indexOf(name)
  return file.subarray(at + 4, at + 4 + file.readUInt32BE(at - 4))
}

describe('withFewColours()', () => {
  const [white, red] = [
    [255, 255, 255],
    [200, 0, 0],
  ] as const

  test('keeps frequent colours and makes others the nearest of them', () => {
    const reduced = withFewColours(
      png(3, [
        [0, ...white, ...white, ...red],
        [0, ...red, 250, 250, 250, ...white],
      ]),
      2,
    )
    expect([...partOf(reduced, 'PLTE')]).toEqual([...white, ...red])
    expect([...inflateSync(partOf(reduced, 'IDAT'))]).toEqual([0, 0, 0, 1, 0, 1, 0, 0])
  })

  test('undoes every filter of a line', () => {
    // Each line is white and red: by left (1), above (2), their mean (3) and Paeth's predictor (4).
    const lines = [
      [1, 255, 255, 255, 201, 1, 1],
      [2, 0, 0, 0, 0, 0, 0],
      [3, 128, 128, 128, 229, 129, 129],
      [4, 0, 0, 0, 0, 0, 0],
    ]
    const reduced = withFewColours(png(2, lines), 8)
    expect([...inflateSync(partOf(reduced, 'IDAT'))].length).toBe(12)
    const rgb = [...inflateSync(partOf(reduced, 'IDAT'))].map((index, at) =>
      at % 3 === 0 ? 'line' : [...partOf(reduced, 'PLTE').subarray(index * 3, index * 3 + 3)].join(),
    )
    expect(rgb).toEqual(Array.from({ length: 4 }, () => ['line', white.join(), red.join()]).flat())
  })

  test('refuses what is no such picture', () => {
    expect(() => withFewColours(Buffer.from('no picture at all'), 8)).toThrow('it is no PNG file')
  })
})

describe('play()', () => {
  let stage: Stage
  beforeAll(async () => {
    stage = await raise()
  })
  afterAll(async () => {
    await stage.close()
    expect(stage.telegram.refusals).toEqual([])
  })

  test.each(languages.flatMap((language) => sceneNames.map((scene) => [scene, language] as const)))(
    'brings the bot’s own message into %s-%s',
    async (scene, language) => {
      const html = pictureHtml(await play(scene, language, stage.telegram))
      const signs: Readonly<Record<SceneName, RegExp>> = {
        private: /<div class="message theirs">.*<blockquote class="closed">.*<div class="keyboard">/u,
        group: /<div class="message theirs">.*<div class="reply"><b>.*<blockquote/u,
        inline: /via @memoranda_bot.*<div class="result">.*<div class="description">/su,
        comparison: new RegExp(`<table>.*<i>${noClause[language]}</i>.*<div class="details">`, 'u'),
      }
      expect(html).toMatch(signs[scene])
    },
  )
})

describe('pictures', () => {
  const run = (...args: string[]) => runScript('scripts/pictures.ts', args)

  test('--help tells its options and exit codes', async () => {
    const { code, stdout } = await run('--help')
    expect(code).toBe(0)
    expect(stdout).toContain('Exit codes')
  })

  test('says what to install where there is no browser', async () => {
    const { code, stderr } = await run('--chromium', '/nowhere/chromium')
    expect(code).toBe(1)
    expect(stderr).toContain('apt-get install chromium')
  })

  test.each([['--unknown'], ['--only', 'no-such-picture']])('refuses %s', async (...args) => {
    expect((await run(...args)).code).toBe(2)
  })
})
