import type { FactName } from '../model/answer.ts'
import { fold } from '../text/fold.ts'

/**
 * How people ask, as against what they ask about. Words are written here as people write them and folded once.
 */

/** An alternation of words in search form, longest first, so that no word hides a longer one. */
function phrases(list: string): string {
  return list
    .split(/\s+/u)
    .filter((word) => word !== '')
    .map((word) => fold(word.replaceAll('_', ' ')).replace(/[.*+?^${}()|[\]\\]/gu, '\\$&'))
    .sort((a, b) => b.length - a.length)
    .join('|')
}

const askingChinese = new RegExp(
  phrases(`
  請問 唔該 麻煩 我想知道 我想知 想知道 想知 想問 請告訴我 告訴我 話我知 可否 可唔可以 可不可以 能否 能不能 得唔得 有沒有 有冇 有無 有否 有咩 有乜 咩係 乜係 有甚麼 有什麼 有哪些 有邊啲 有啲咩
  是甚麼 係咩 係乜 是否 係咪 是不是 甚麼 什麼 乜嘢 咩嘢 邊個 邊度 邊啲 邊間 邊份 邊 哪些 哪個 哪裏 哪裡 哪一 哪 如何 怎樣 怎麼 怎么 點樣 點解 為何 為什麼 誰 嗎 呢 吖 呀 啊 㗎 喎 啦 嘅 咗 喺 嚟 哋 唔 冇 咁 啲 嗰 佢 我 你
  沒有提到 沒有提及 沒有談及 沒有涉及 沒提到 沒提及 沒有講 冇提到 冇提及 冇講到 冇講 未提及 未有提及 未提到
  涉及 牽涉 談及 談到 講到 講及 觸及 包含 講咩 講甚麼 講乜 說甚麼 講述 提到 提及 有講 點講 關於 有關 方面 相關 內容 措施 條款 項目有 備忘錄 裏面 裡面 入面 之中 當中 其中 以及 或者 還是 定係 如果 可以 應該 需要 具體 詳情 列出 列晒 出嚟 所有 全部 一下 多少 幾多 多啲 比較 對比 分別 區別 不同 唔同 異同 何異 條文 點名 五省 五地 各省市 各省 各地 五份 裏哪裏 裡哪裡 裏邊度 類似 同樣 除咗 除了 除開 以外 之外 除外`),
  'gu',
)
/** 講 and 提 as verbs; 講座 and 提升 are topics. */
const saying = /讲(?![座者师学堂])|提(?=[^\p{Script=Han}]|$)/gu

const askingEnglish =
  /\b(?:what|which|who|whom|where|when|how|why|does|do|did|not|don't|doesn't|without|is|are|was|were|can|could|would|should|will|may|please|tell|me|us|show|list|all|any|there|about|regarding|concerning|say|says|said|mention|mentions|mentioned|memorandum|memoranda|mou|measures?|clauses?|items?|provisions?|compare|comparison|provinces?|difference|between|versus|vs|the|a|an|of|in|on|for|to|with|by|and|or|if|i|we|you|my|our|your|their|it|its|this|that|these|those|have|has|had|get|want|need|many|much|total|altogether)\b/gu

/**
 * A question in search form without the words of asking; they become gaps, so that no pair of characters spans them.
 */
export function withoutAsking(folded: string): string {
  return folded
    .replace(askingChinese, ' ')
    .replace(saying, ' ')
    .replace(askingEnglish, ' ')
    .replace(/[?!,.:;"'<>()]/gu, ' ')
    .split(/\s+/u)
    .map(withoutParticles)
    .filter((chunk) => chunk !== '')
    .join(' ')
}

/** A chunk without the particles that taking out words of asking leaves at its ends; 有機 and 和平 keep theirs. */
function withoutParticles(chunk: string): string {
  return chunk
    .replace(/^[的了同与和及]+(?=\p{Script=Han}{2})/u, '')
    .replace(/(?<=\p{Script=Han}{2})[的了有在和与同由]+$/u, '')
}

const documentWords = new RegExp(
  `${phrases(`
  備忘錄 高層會晤 合作會議 會晤 會議 第一次 第二次 第三次 第四次 第五次 合作 兩地 雙方 香港 特區 政府 人民政府 率領 率團 帶隊 帶領 領導 出席 主持 簽署 簽訂 簽字 簽名 代表 舉行 召開 開會 日期 日子 時間 時候 幾時 何時 哪年 哪天
  一天 一年 年份 地點 地方 城市 部門 保存 存放 一式 負責 原則 宗旨 領域 範疇 範圍 多少個 幾個 當時 當年 省委書記 市委書記 書記 特首 副省長 副市長 省長 市長 政務司司長 行政長官 數目 一共 總共 涵蓋 包括 最多 最少 最早 最遲 最近 最新 邊位 官員 名單 名字 姓甚名誰 一方 姓名 職位 基本 措施`)}|\\b(?:led|lead|leads|leader|leaders|headed|chaired|chair|signed|sign|signing|signatory|signatories|held|hold|took|take|place|date|day|year|city|venue|conference|meeting|session|plenary|kept|keep|keeps|copies|copy|custody|principle|principles|area|areas|cooperation|co-operation|number|hong|kong|most|fewest|earliest|latest|first|last|behalf|document|documents|agreement|government|cover|covers|covered|party|secretary|governor|mayor|vice|deputy|chief|executive)\\b`,
  'gu',
)
/** Characters that say nothing when no other stands beside them; 人 alone is nothing, 人才 is a topic. */
const idle = new Set([...fold('省市簽年天日在於喺由是係的一份個數共五十二三四方人位為了和與同及過各每首次項條有')])

/** What remains of a topic when the words for the documents themselves are taken out. */
export function withoutDocumentWords(topic: string): string {
  return topic
    .replace(documentWords, ' ')
    .split(/\s+/u)
    .filter((run) => [...run].some((character) => !idle.has(character)))
    .join(' ')
}

/** A question on who holds an office: 省委書記是誰, 邊位副省長, who is the governor. */
function office(chinese: string, english: string): RegExp {
  const who = '谁|边个|边位|哪位|哪一位|名字|姓名|姓甚名谁|叫(?:什么|咩)'
  return new RegExp(
    `(?:${chinese}).{0,4}(?:${who})|(?:${who}).{0,3}(?:${chinese})|(?:who|name).{0,12}\\b(?:${english})\\b`,
    'u',
  )
}

/**
 * Offices, as people ask for them and as the documents print them, with the fact that is most likely to name who holds
 * them.
 */
const offices: readonly { readonly fact: FactName; readonly asked: RegExp; readonly printed: string }[] = [
  { fact: 'leaders', asked: office('[省市]?委?书记', 'party secretary'), printed: '書記' },
  { fact: 'leaders', asked: office('行政长官|特首', 'chief executive'), printed: '行政長官' },
  { fact: 'signatories', asked: office('副省长', '(?:vice|deputy)[ -]?governor'), printed: '副省長' },
  { fact: 'signatories', asked: office('副市长', '(?:vice|deputy)[ -]?mayor'), printed: '副市長' },
  { fact: 'signatories', asked: office('政务司司长', 'chief secretary'), printed: '政務司司長' },
  { fact: 'chair', asked: office('(?<!副)省长', '(?<!vice |deputy )governor'), printed: '(?<!副)省長' },
  { fact: 'chair', asked: office('(?<!副)市长', '(?<!vice |deputy )mayor'), printed: '(?<!副)市長' },
]

/**
 * What the documents print before the name of whoever holds the office that a question in search form asks for;
 * `undefined` when it asks for none.
 */
export function officeAsked(folded: string): RegExp | undefined {
  const asked = offices.find((one) => one.asked.test(folded))
  return asked === undefined ? undefined : new RegExp(`${asked.printed}\\p{Script=Han}{2,4}$`, 'u')
}

/** What a question on the documents themselves asks for; first match counts. */
const facts: readonly { readonly fact: FactName; readonly pattern: RegExp }[] = [
  { fact: 'custodians', pattern: /保存|存放|一式[多几]|custod|who keeps|kept by|keeps the cop/u },
  { fact: 'chair', pattern: /主持|chair/u },
  { fact: 'leaders', pattern: /率领|率团|带队|带领|领导是|\bled\b|\blead(?:s|er|ers)?\b|headed/u },
  {
    fact: 'date',
    pattern:
      /(?:签|举行|召开|开会|会议|会晤|备忘录|signed|held|meeting|took place|memorandum).*(?:几时|何时|哪一?[天日年]|边[日年]|什么时候|日期|日子|最早|最迟|最新|最近|\bwhen\b|\bdate\b|earliest|latest)|(?:几时|何时|哪一?[天日年]|边[日年]|什么时候|日期|最早|最迟|最新|\bwhen\b|\bdate\b|earliest|latest).*(?:签|举行|召开|开会|会议|会晤|备忘录|signed|held|meeting|take place|memorandum)/u,
  },
  {
    fact: 'place',
    pattern:
      /(?:签|举行|召开|开会|会议|会晤|held|meeting|signed).*(?:哪里|边度|在哪|地点|什么地方|哪个城市|\bwhere\b|venue|which city)|(?:哪里|边度|在哪|地点|什么地方|哪个城市|\bwhere\b|venue|which city).*(?:签|举行|召开|开会|会议|会晤|held|meeting|signed)/u,
  },
  {
    fact: 'signatories',
    pattern:
      /签[署字名订]?.*(?:谁|边个|边位|哪位|哪些人|代表|名字|姓名|姓甚名|叫什么)|(?:谁|边个|边位|哪位|代表).*签|who signed|signator|signed by/u,
  },
  // The offices say which line of the document holds the name: who led, who was in the chair, who signed.
  ...offices.map(({ fact, asked }) => ({ fact, pattern: asked })),
  { fact: 'plenary', pattern: /第几[次届]|which plenary|what session/u },
  {
    fact: 'areas',
    pattern:
      /(?:几多|多少|几|哪|边|什么|最多|最少|十[一二三]?).{0,6}(?:领域|范畴)|(?:领域|范畴).{0,6}(?:几多|多少|几个|哪些|边啲|什么|最多|最少|数目)|(?:how many|which|what|most|fewest).{0,12}areas|areas of co-?operation/u,
  },
  {
    fact: 'measures',
    pattern:
      /(?:一共|总共|共有|共).{0,4}(?:几多|多少|几)(?:项|条)|(?:最多|最少)(?:项|条|措施)|(?:项|条|措施).{0,3}(?:最多|最少)|(?:most|fewest) (?:measures|items|clauses)|(?:几多|多少)(?:项|条)(?:措施)?|how many (?:measures|items|clauses)/u,
  },
  { fact: 'principles', pattern: /原则|principle/u },
]

/** What a question in search form asks of the documents themselves, if it does. */
export function factAsked(folded: string): FactName | undefined {
  return facts.find(({ pattern }) => pattern.test(folded))?.fact
}

const comparing =
  /比较|对比|比对|比一比|唔同|分别(?!由|从|在)|区别|不同(?!学科|类型|途径|的)|异同|有何异|边个.{0,6}多|哪个.{0,6}多|谁.{0,4}更|compar|differ|versus|\bvs\b/u

/** True when a question in search form wants provinces set side by side. */
export function isComparison(folded: string): boolean {
  return comparing.test(folded)
}

const counting =
  /(?:几多|多少|几)(?:项|条|款)|how many (?:measures|items|clauses|provisions)|number of (?:measures|items|clauses)|count (?:of )?(?:the )?(?:measures|items|clauses)/u
const whichProvinces =
  /(?:哪|边|边啲|哪些|哪几|哪一|边几|有几多|有多少)(?:些|啲|几)?个?(?:份|个)?(?:省市|省份|省|地方|地区|备忘录|省和市|市)|邊省|(?:which|what|how many) (?:provinces?|memorand|municipalit|of the (?:five|memorand))|见于|(?:备忘录|省|市|地).{0,6}都(?:有|提)|哪里提到|边度有/u
const listing =
  /(?:条文|条款)有?(?:哪些|边啲|咩|什么)|(?:哪些|边啲)(?:条文|条款)|列出|列晒|列举|所有|全部|一览|(?<!负面)清单|有晒|\blist\b|\ball (?:the )?(?:measures|items|clauses|provisions)|every (?:measure|clause|item)/u

/** Whether somebody's name is asked for, the office being known. */
export function asksForName(folded: string): boolean {
  return /姓名|名字|叫(?:什么|咩)|姓甚名谁|(?:省长|市长|司长).{0,3}(?:是|系)?(?:谁|边个|边位|哪位)|(?:哪位|边位|哪一位)副?(?:省长|市长)|\bname\b/u.test(
    folded,
  )
}

/** Whether a question in search form is about what the documents say in so many words. */
export function asksForWords(folded: string): boolean {
  return /提到|提及|提过|写到|写明|出现|见于|点名|\bmention|\brefer to\b/u.test(folded)
}

/** Whether a question in search form wants everything that meets a criterion, and as what. */
export function listAsked(folded: string): 'count' | 'measures' | 'provinces' | undefined {
  if (counting.test(folded)) return 'count'
  if (whichProvinces.test(folded)) return 'provinces'
  if (listing.test(folded)) return 'measures'
  return undefined
}
