import { wordsIn } from '../text/vocabulary.ts'

// How people ask, as against what they ask about, in search form: lower case, Simplified, half-width.

// ——— words of asking, which say nothing of the matter

export const askingWords = wordsIn(
  '请问 唔该 麻烦 我想知道 我想知 想知道 想知 想问 请告诉我 告诉我 话我知',
  '可否 可唔可以 可不可以 能否 能不能 得唔得 可以 应该 需要',
  '有没有 有冇 有无 有否 有咩 有乜 咩系 乜系 有什么 有哪些 有边啲 有啲咩',
  '是什么 系咩 系乜 是否 系咪 是不是 什么 乜嘢 咩嘢',
  '边个 边度 边啲 边间 边份 边 哪些 哪个 哪里 哪一 哪 里哪里 里边度 谁',
  '如何 怎样 怎么 点样 点解 为何 为什么 多少 几多 多啲',
  '吗 呢 吖 呀 啊 㗎 㖞 啦 嘅 咗 喺 嚟 哋 唔 冇 咁 啲 𠮶 佢 我 你',
  '没有提到 没有提及 没有谈及 没有涉及 没提到 没提及 没有讲 冇提到 冇提及 冇讲到 冇讲',
  '未提及 未有提及 未提到',
  '涉及 牵涉 谈及 谈到 讲到 讲及 触及 包含 讲述 提到 提及 有讲 点讲 讲咩 讲什么 讲乜 说什么',
  '关于 有关 方面 相关 具体 详情 列出 列晒 出嚟 所有 全部 一下 点名',
  '内容 措施 条款 条文 项目有 备忘录 里面 入面 之中 当中 其中',
  '以及 或者 还是 定系 如果 除咗 除了 除开 以外 之外 除外',
  '比较 对比 分别 区别 不同 唔同 异同 何异 类似 同样',
  '五省 五地 五份 各省市 各省 各地',
)

export const englishAskingWords = wordsIn(
  'what which who whom where when how why there',
  'does do did is are was were can could would should will may have has had',
  "not don't doesn't without",
  'please tell show list get want need all any many much total altogether',
  'about regarding concerning say says said mention mentions mentioned',
  'memorandum memoranda mou measure measures clause clauses item items provision provisions province provinces',
  'compare comparison difference between versus vs',
  'the a an of in on for to with by and or if this that these those',
  'i me us we you my our your their it its',
)

// ——— words that weigh nothing, at the ends of a message

/** Greetings, thanks, requests to be kind: with them a question is the same question. */
export const courtesies = wordsIn(
  '你好 您好 你好呀 你好啊 大家好 哈罗 哈喽 早晨 早安 早上好 午安 下午好 晚上好 各位好 打扰了 打扰晒 打搅晒 不好意思 唔好意思',
  '请问 请问一下 想请问 请教 请教一下 想请教 劳烦 麻烦 麻烦你 麻烦晒 唔该 唔该你 唔该晒 唔该晒你 拜托 拜托了 帮帮手 帮下手 帮忙',
  '多谢 多谢晒 多谢你 多谢哂 谢谢 谢谢你 谢谢您 谢谢晒 感谢 感谢晒 感恩 先谢谢 先谢过 辛苦 辛苦了 辛苦晒 谢 谢了',
  'hello hi hey hi_there hello_there dear_bot good_morning good_afternoon good_evening excuse_me sorry_to_bother_you',
  'please pls plz kindly thanks thank_you thank_u thx tks ty many_thanks thanks_a_lot thank_you_so_much',
  'thank_you_very_much thanks_in_advance cheers much_appreciated',
)

/** How a message takes back the one before it. */
export const corrections = wordsIn(
  '唔系 唔系呀 唔系啊 唔系𠮶个 唔系呢个 不是 不是的 不是这个 不是那个 不对 唔啱 错了 错咗 搞错 搞错咗 搞错了 打错 打错了 打错咗 讲错 说错了',
  '我话 我系话 我系问 我想问 我问 我是问 我是说 我说的是 我问的是 我讲𠮶个系 我指 我是指 我系指 我要睇 我想睇 我要看 我想看 应该系 应该是',
  'no not_that not_this_one i_mean i_meant i_was_asking_about i_asked_about what_i_meant_was sorry_i_meant wrong_one',
)

// ——— words for the documents themselves

export const documentWords = wordsIn(
  '备忘录 高层会晤 合作会议 会晤 会议 第一次 第二次 第三次 第四次 第五次 措施 基本',
  '合作 两地 双方 一方 香港 特区 政府 人民政府',
  '率领 率团 带队 带领 领导 出席 主持 签署 签订 签字 签名 代表 举行 召开 开会',
  '日期 日子 时间 时候 几时 何时 哪年 哪天 一天 一年 年份 当时 当年',
  '地点 地方 城市 部门 保存 存放 一式 负责 原则 宗旨 领域 范畴 范围',
  '多少个 几个 数目 一共 总共 涵盖 包括 最多 最少 最早 最迟 最近 最新',
  '省委书记 市委书记 书记 特首 副省长 副市长 省长 市长 政务司司长 行政长官',
  '边位 官员 名单 名字 姓什名谁 姓名 职位',
)

export const englishDocumentWords = wordsIn(
  'led lead leads leader leaders headed chaired chair signed sign signing signatory signatories',
  'held hold took take place date day year city venue first last most fewest earliest latest number',
  'conference meeting session plenary document documents agreement cooperation co-operation',
  'kept keep keeps copies copy custody principle principles area areas cover covers covered',
  'hong kong government party secretary governor mayor vice deputy chief executive behalf',
)

/** Characters that say nothing when no other stands beside them; 人 alone is nothing, 人才 is a topic. */
export const idleCharacters = '省市签年天日在于喺由是系的一份个数共五十二三四方人位为了和与同及过各每首次项条有'

// ——— facts of the documents

export const whoIsIt = wordsIn('谁 边个 边位 哪位 哪一位 名字 姓名')

export const occasions = wordsIn('签 举行 召开 开会 会议 会晤', 'held meeting signed')
export const ofDocuments = wordsIn('备忘录 memorandum')
/** Beside the patterns 哪一?[天日年] and 边[日年]. */
export const whenWords = wordsIn('几时 何时 什么时候 日期 最早 最迟 最新 earliest latest')
export const whereWords = wordsIn('哪里 边度 在哪 地点 什么地方 哪个城市 venue which_city')
export const signers = wordsIn('谁 边个 边位 哪位 代表')
export const signersNamed = wordsIn('哪些人 名字 姓名 叫什么')

// ——— comparing, counting and listing

export const comparing = wordsIn('比较 对比 比对 比一比 唔同 区别 异同 有何异', 'compar differ versus')
export const listing = wordsIn('列出 列晒 列举 所有 全部 一览 有晒')
export const wordsOfSaying = wordsIn('提到 提及 提过 写到 写明 出现 见于 点名')
export const countedThings = wordsIn('measures items clauses provisions')

/** What stands where a list of provinces is asked for: 哪些, 邊幾. */
export const whichOnes = wordsIn('哪 边 边啲 哪些 哪几 哪一 边几 有几多 有多少')
export const provinceWords = wordsIn('省市 省份 省 地方 地区 备忘录 省和市 市')

// ——— places

/** Before a place that is left out: 除咗四川. */
export const leavingOut = wordsIn(
  '除咗 除了 除开 除去 除 撇除 不包括 不计 不要 唔要 唔计 排除 没有提及',
  '不是 唔系 不系 并非 而非',
  'except except_for excluding other_than apart_from besides but_not without not',
)
/** Behind a place that is only an example: 福建嗰種郵輪. */
export const exampleEndings = wordsIn('𠮶种 那种 那样 咁样 𠮶啲 般的')

// ——— details that can be told by their form

export const moneyWords = wordsIn(
  '预算 造价 票价 学费 收费 入场费 额度 金额 投资额 营业额',
  '几多钱 几钱 多少钱 多少资金 几多人工 几多亿 多少亿 how_much',
  '薪金 薪酬 工资 月薪 奖金 利率',
)
export const contactWords = wordsIn(
  '电话 网址 地址 电邮 邮箱 联系方式 热线 点报名 如何报名',
  'phone_number address website email e-mail hotline how_to_apply how_to_register how_to_enrol',
)
export const openings = wordsIn('落成 完工 开幕 竣工 启用 开放')
export const dateWords = wordsIn('日期 航班编号', 'when_will flight_number at_what_times')
export const personWords = wordsIn('姓名 名单 院长 校长 负责人 主任是 总监 行政总裁', 'name_of_the names_of_the')
export const englishPeople = wordsIn('director head dean president manager')
export const countWords = wordsIn('吨数 班次 人数 数目 入场人')
export const countedDetails = wordsIn('架 吨 家 间 对 个牌照 企业 人参加 名额')
export const shareWords = wordsIn('面积 占地 股权 比例 百分比 浓度', 'percentage floor_area shareholding')
export const particulars = wordsIn(
  '哪间酒店 边间酒店 剧目 票房 成绩如何 成效如何 进展如何 最新进展 等几多日 几多日先',
  'which_hotel what_results',
)
