import { seededRandom } from '../standin/random.ts'

const user = { id: 7, is_bot: false, first_name: 'P', language_code: 'zh-hant' }
const chat = { id: 7, type: 'private', first_name: 'P' }
const group = { id: -1001, type: 'supergroup', title: 'G', is_forum: true }
const message = {
  message_id: 1,
  date: 1,
  chat,
  from: user,
  text: '/ask 四川金融',
  entities: [{ type: 'bot_command', offset: 0, length: 4 }],
}

/** Updates as Telegram sends them, of every kind the bot asks for. */
const proper: readonly Readonly<Record<string, unknown>>[] = [
  { message },
  {
    message: {
      ...message,
      chat: group,
      reply_to_message: { ...message, chat: group },
      message_thread_id: 5,
      is_topic_message: true,
    },
  },
  {
    message: {
      ...message,
      text: undefined,
      document: { file_id: 'f', file_unique_id: 'u', file_name: 'a.pdf', mime_type: 'application/pdf', file_size: 10 },
      caption: 'c',
    },
  },
  { message: { message_id: 2, date: 1, chat: group, from: user, new_chat_members: [user] } },
  { message: { message_id: 2, date: 1, chat: { ...group, type: 'group' }, from: user, migrate_to_chat_id: -1002 } },
  { edited_message: { ...message, edit_date: 2 } },
  { guest_message: { ...message, chat: group, guest_query_id: 'g' } },
  { inline_query: { id: 'q', from: user, query: '川七4', offset: '', chat_type: 'sender' } },
  { chosen_inline_result: { result_id: 'sichuan-2018/7.4', from: user, query: 'x', inline_message_id: 'i' } },
  { callback_query: { id: 'c', from: user, chat_instance: '1', data: 'more:1', message } },
  { callback_query: { id: 'c', from: user, chat_instance: '1', data: 'more:1', inline_message_id: 'i' } },
  {
    my_chat_member: {
      chat: group,
      from: user,
      date: 1,
      old_chat_member: { user, status: 'left' },
      new_chat_member: { user, status: 'member' },
    },
  },
  {
    chat_member: {
      chat: group,
      from: user,
      date: 1,
      old_chat_member: { user, status: 'member' },
      new_chat_member: { user, status: 'kicked', until_date: 0 },
    },
  },
  { a_kind_of_the_future: { chat, anything: [] } },
]

const strange: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -1,
  1.5,
  1e308,
  2 ** 53,
  '',
  'x',
  '\u0000',
  '\ud800',
  '🀄'.repeat(300),
  '__proto__',
  '$&',
  [],
  [[]],
  [null],
  {},
  { id: null },
  { id: {} },
  { length: -1 },
  { toString: 1 },
  JSON.parse('{"then":1}'),
  { constructor: 'x' },
]

/**
 * Updates of any JSON shape that a server could send: proper ones in which pieces were replaced, removed or added, and
 * plain nonsense.
 */
export function* fuzzedUpdates(count: number, seed: number): Generator<unknown> {
  const random = seededRandom(seed)
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T

  function nonsense(depth: number): unknown {
    if (depth > 3 || random() < 0.6) return pick(strange)
    if (random() < 0.5) return Array.from({ length: Math.floor(random() * 4) }, () => nonsense(depth + 1))
    return Object.fromEntries(
      Array.from({ length: Math.floor(random() * 4) }, () => [
        pick(['id', 'chat', 'from', 'text', 'message', 'data', 'type', 'x']),
        nonsense(depth + 1),
      ]),
    )
  }

  function mutate(value: unknown, part: number): unknown {
    if (random() < part) return random() < 0.5 ? pick(strange) : nonsense(0)
    if (Array.isArray(value)) return value.map((element) => mutate(element, part))
    if (typeof value !== 'object' || value === null) return value
    const kept = Object.entries(value).filter(() => random() >= part / 2)
    return Object.fromEntries(kept.map(([key, field]) => [key, mutate(field, part)]))
  }

  for (let id = 1; id <= count; id += 1) {
    const shape = random()
    const number = random() < 0.02 ? pick(strange) : id
    if (shape < 0.02) yield nonsense(0)
    else if (shape < 0.1)
      yield { update_id: number, [pick(['message', 'callback_query', 'inline_query', 'x'])]: nonsense(0) }
    else yield { update_id: number, ...(mutate(pick(proper), random() * 0.2) as object) }
  }
}
