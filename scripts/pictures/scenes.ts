import type { Language } from '../../src/phrases/answers.ts'
import type { Group, Person } from '../../test/standin/actors.ts'
import type { Standin } from '../../test/standin/standin.ts'
import type { Picture } from './page.ts'

/** What people say and are called in the pictures of one language; everything else comes from the bot. */
type Cast = {
  readonly code: string
  readonly page: Picture['language']
  readonly bot: string
  readonly botSubtitle: string
  readonly asker: string
  readonly colleague: string
  readonly group: string
  readonly groupSubtitle: string
  readonly placeholder: string
  readonly question: string
  readonly groupTalk: string
  readonly groupQuestion: string
  readonly inlineQuery: string
  readonly comparison: string
}

const casts: Readonly<Record<Language, Cast>> = {
  hant: {
    code: 'zh-hant',
    page: 'zh-Hant-HK',
    bot: '備忘錄引文助手',
    botSubtitle: '機械人',
    asker: '嘉欣',
    colleague: '志明',
    group: '合作事務聯絡組',
    groupSubtitle: '3 位成員',
    placeholder: '訊息',
    question: '四川有甚麼青年實習？',
    groupTalk: '重慶會唔會支持香港律師行過去開業？',
    groupQuestion: '重慶的律師事務所',
    inlineQuery: '碳監測',
    comparison: '/compare 法律和爭議解決',
  },
  hans: {
    code: 'zh-hans',
    page: 'zh-Hans-CN',
    bot: '备忘录引文助手',
    botSubtitle: '机器人',
    asker: '李敏',
    colleague: '王磊',
    group: '合作事务联络组',
    groupSubtitle: '3 位成员',
    placeholder: '消息',
    question: '四川有什么青年实习？',
    groupTalk: '重庆支持香港律师事务所过去开业吗？',
    groupQuestion: '重庆的律师事务所',
    inlineQuery: '碳监测',
    comparison: '/compare 法律和争议解决',
  },
  en: {
    code: 'en',
    page: 'en',
    bot: 'Memoranda citation assistant',
    botSubtitle: 'bot',
    asker: 'Karen',
    colleague: 'Daniel',
    group: 'Liaison group',
    groupSubtitle: '3 members',
    placeholder: 'Message',
    question: 'Direct flights between Hong Kong and Hubei?',
    groupTalk: 'Does Chongqing welcome Hong Kong law firms?',
    groupQuestion: 'law firms in Chongqing',
    inlineQuery: 'carbon monitoring',
    comparison: '/compare legal services',
  },
}

export const sceneNames = ['private', 'group', 'inline', 'comparison'] as const
export type SceneName = (typeof sceneNames)[number]

/** Inline results that fit above a phone's keyboard. */
const shownResults = 3

/** Plays a scene against the bot that serves the stand-in, and returns it as it stands in the asker's chat. */
export async function play(scene: SceneName, language: Language, telegram: Standin): Promise<Picture> {
  const cast = casts[language]
  telegram.setBot({ first_name: cast.bot })
  const known = Object.keys(casts).indexOf(language)
  const asker = telegram.person({ id: 100 + known, first_name: cast.asker, language_code: cast.code })
  const colleague = telegram.person({ id: 200 + known, first_name: cast.colleague, language_code: cast.code })
  const frame = { language: cast.page, placeholder: cast.placeholder }
  const inGroup = { ...frame, title: cast.group, subtitle: cast.groupSubtitle }
  const group = (): Group => telegram.group({ title: cast.group, members: [asker, colleague] })
  switch (scene) {
    case 'private':
    case 'comparison': {
      const chat = telegram.privateChat(asker)
      const question = chat.says(scene === 'private' ? cast.question : cast.comparison)
      const answer = await chat.nextMessage()
      return {
        ...frame,
        title: cast.bot,
        subtitle: cast.botSubtitle,
        bubbles: [
          { side: 'mine', message: question, time: '10:24' },
          { side: 'theirs', message: answer, time: '10:24' },
        ],
      }
    }
    case 'group': {
      const chat = group()
      const talk = chat.hears(colleague, cast.groupTalk)
      const question = chat.hears(asker, `/ask@${telegram.world.bot.username} ${cast.groupQuestion}`)
      const answer = await chat.nextMessage()
      return {
        ...inGroup,
        bubbles: [
          { side: 'theirs', name: cast.colleague, message: talk, time: '10:23' },
          { side: 'mine', message: question, time: '10:24' },
          { side: 'theirs', name: cast.bot, message: answer, time: '10:24' },
        ],
      }
    }
    case 'inline':
      return { ...inGroup, ...(await shared(asker, group(), cast, telegram.world.bot.username)) }
  }
}

/** One result already sent, and the list from which it was chosen. */
async function shared(
  asker: Person,
  chat: Group,
  cast: Cast,
  username: string,
): Promise<Pick<Picture, 'bubbles' | 'inline'>> {
  const answer = await asker.inline(cast.inlineQuery, { chatType: 'group' })
  const [first] = answer.results
  if (first === undefined) throw new Error(`Cannot picture "${cast.inlineQuery}": it has no inline result`)
  const sent = asker.picks(answer, first.id, chat, cast.inlineQuery)
  return {
    bubbles: [{ side: 'mine', message: sent, time: '10:24' }],
    inline: {
      typed: `@${username} ${cast.inlineQuery}`,
      ...(answer.button === undefined ? {} : { button: answer.button.text }),
      results: answer.results
        .slice(0, shownResults)
        .map(({ title = '', description = '' }) => ({ title, description })),
    },
  }
}
