import type { Answer } from '../model/answer.ts'
import { unreachable } from '../model/unreachable.ts'
import { phrasesOf } from '../phrases/bot.ts'
import { answerScreen } from '../screens/answer-screens.ts'
import {
  areaScreen,
  clauseScreen,
  contextScreen,
  memorandaScreen,
  memorandumScreen,
} from '../screens/clause-screens.ts'
import { aboutScreen, basketScreen, clearingScreen, settingsScreen } from '../screens/other-screens.ts'
import type { Reader } from '../screens/reader.ts'
import type { Screen } from '../screens/screen.ts'
import { institutionScreen, institutionsScreen, timelineScreen } from '../screens/set-screens.ts'
import { topicComparisonScreen, topicScreen, topicsScreen } from '../screens/topic-screens.ts'
import type { View } from '../screens/views.ts'
import type { Desk } from './desk.ts'
import type { KeptQuestion } from './kept.ts'

/** Where and for whom a view is shown; `person` owns the question that an answer is for. */
export type Scene = {
  readonly desk: Desk
  readonly reader: Reader
  readonly person: number
  readonly chat: number
  /** The topic of a forum. */
  readonly thread?: number
  /** What the message that is to be changed replies to. */
  readonly repliedTo?: string
}

/** Clauses that an answer names, for pages of further ones. */
const hitsWanted = 10

/** The answer to a remembered question: the same question, corpus and index give the same answer. */
export const answerAgain = (
  { sources }: Desk,
  { query, context }: Pick<KeptQuestion, 'query' | 'context'>,
): Promise<Answer> => sources.assistant.answer({ query, context, limit: hitsWanted })

/** The same question put to the provinces that it did not name. */
const askedOfOthers = (question: KeptQuestion): Pick<KeptQuestion, 'key' | 'query' | 'context'> => ({
  key: question.key,
  query: '其他省市呢',
  context: [...question.context, question.query],
})

async function questionOf({ desk, person, chat, repliedTo }: Scene, key: string): Promise<KeptQuestion | undefined> {
  const known = await desk.kept.question(person, key)
  if (known !== undefined || repliedTo === undefined || repliedTo === '') return known
  // Forgotten, but the message still replies to the question.
  return { key, chat, message: 0, query: repliedTo, context: [], at: 0 }
}

/** What a view shows now; `undefined` when what it shows does not exist any more. */
export async function show(view: View, scene: Scene): Promise<Screen | undefined> {
  const { desk, reader, chat } = scene
  const { sources } = desk
  switch (view.kind) {
    case 'answer': {
      const question = await questionOf(scene, view.key)
      return question === undefined
        ? undefined
        : answerScreen(await answerAgain(desk, question), question, view.page, sources, reader)
    }
    case 'others': {
      const question = await questionOf(scene, view.key)
      if (question === undefined) return undefined
      const others = askedOfOthers(question)
      const screen = answerScreen(
        await answerAgain(desk, others),
        { key: question.key, query: question.query },
        view.page,
        sources,
        reader,
        (page) => ({ ...view, page }),
      )
      return {
        ...screen,
        rows: [...screen.rows, [{ text: backText(reader), press: { kind: 'answer', key: question.key, page: 0 } }]],
      }
    }
    case 'clause':
      return clauseScreen(view, sources, reader)
    case 'context':
      return contextScreen(view, sources, reader)
    case 'memoranda':
      return memorandaScreen(sources, reader)
    case 'memorandum':
      return memorandumScreen(view.id, sources, reader)
    case 'area':
      return areaScreen(view, sources, reader)
    case 'about':
      return aboutScreen(view.id, sources, reader)
    case 'topics':
    case 'comparisons':
      return topicsScreen(view, sources, reader)
    case 'topic':
      return topicScreen(view, sources, reader)
    case 'comparison':
      return topicComparisonScreen(view, sources, reader)
    case 'timeline':
      return timelineScreen(view, sources, reader)
    case 'institutions':
      return institutionsScreen(view, sources, reader)
    case 'institution':
      return institutionScreen(view, sources, reader)
    case 'basket':
      return basketScreen(view, await desk.kept.basket(chat), sources, reader)
    case 'clearing': {
      const ids = await desk.kept.basket(chat)
      return ids.length === 0
        ? basketScreen({ kind: 'basket', page: 0 }, ids, sources, reader)
        : clearingScreen(ids, reader)
    }
    case 'settings':
      return settingsScreen(
        reader.surface === 'group' ? await desk.kept.chatSettings(chat) : await desk.kept.personSettings(scene.person),
        reader,
        scene.thread !== undefined,
      )
    default:
      return unreachable(view)
  }
}

const backText = (reader: Reader): string => phrasesOf(reader.language).buttons.back
