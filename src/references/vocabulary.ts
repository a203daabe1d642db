import { type Continuations, wordsIn } from '../text/vocabulary.ts'

// The words of references, in search form: lower case, Simplified, half-width. A name says which kind they are; the
// expressions that they become stand in words.ts and follows.ts.

// ——— numbers

export const cardinals = wordsIn(
  'one two three four five six seven eight nine ten',
  'eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen',
)
export const ordinals = wordsIn(
  'first second third fourth fifth sixth seventh eighth ninth tenth',
  'eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth',
)
/** From twenty on. */
export const tens = wordsIn('twenty thirty forty fifty sixty seventy eighty ninety')
export const tenths = wordsIn('twentieth thirtieth fortieth fiftieth sixtieth seventieth eightieth ninetieth')
export const hundreds = wordsIn('hundred hundredth')
/** From one on. */
export const romans = wordsIn(
  'i ii iii iv v vi vii viii ix x',
  'xi xii xiii xiv xv xvi xvii xviii xix xx',
  'xxi xxii xxiii xxiv xxv xxvi xxvii xxviii xxix xxx',
)

// ——— what is numbered

const withPlurals = (nouns: readonly string[]) => nouns.flatMap((noun) => [noun, `${noun}s`])

/** Counters of items after a number. */
export const itemCounters = wordsIn('条 点 款 号')
/** 第一項目, 第三條高鐵線, 第二條問題, 第3點鐘, 措施內容. */
export const itemContinuations: Continuations = {
  项: wordsIn('目'),
  措施: wordsIn('内容'),
  条: wordsIn('建议 意见 铁 高 地 线 路 街 河 村 航 公 隧', '问 消 信 微 短 片 友 女 心 数 评 留'),
  点: wordsIn('钟 半 整'),
  款: wordsIn('产 车 手 游 式'),
  号: wordsIn('线 楼 馆 院 机 车 店 铺 码 室 文 令 公 台 客 通 站 舱 仓 井 人 住 展 高 国 桥 门 坑 库'),
}
/** The same after a number without 第: 川七4點講, 川七4點樣. */
export const plainItemContinuations: Continuations = {
  ...itemContinuations,
  点: [...wordsIn('钟 半 整'), ...wordsIn('样 解 讲 写 睇 理 系')],
}
/** Before a number. */
export const itemWords = wordsIn('措施 条款 条文 项')
/** Between one of these and its number, or alone: 措施編號4. */
export const numberWords = wordsIn('编号 序号')
/** Before a number and, but for the abbreviation, after it. */
export const englishItemNouns = withPlurals(wordsIn('item measure clause point article paragraph initiative'))
export const englishItemAbbreviations = withPlurals(wordsIn('para art cl'))

export const areaNouns = wordsIn('部分 部份 范畴 领域 板块 章 节')
/** 第一章魚, 第一節課, 第七節日. */
export const areaContinuations: Continuations = { 章: wordsIn('鱼'), 节: wordsIn('课 日 目') }
export const englishAreaNouns = withPlurals(wordsIn('area section part chapter sector field domain'))
export const englishAreaAbbreviations = withPlurals(wordsIn('sec sect ch chap pt'))

/** What a reference without a name may begin with. */
export const unnamedItemNouns = withPlurals(wordsIn('item measure clause point article paragraph para'))
export const unnamedAreaNouns = withPlurals(wordsIn('area section part chapter'))
export const unnamedPreambles = wordsIn('前言 序言 引言')
export const englishPreambles = wordsIn('preamble foreword preface')
/** Only before a number: 川 序 二. */
export const shortPreamble = '序'
export const preambles = [...unnamedPreambles, ...wordsIn('序文 弁言'), ...englishPreambles]

/** Before a counter: the clause at the end. */
export const lastWords = wordsIn('最后 最末 最尾 末尾 尾')
export const englishLastWords = wordsIn('last final')
export const countedFromEnd = '倒数'

// ——— what joins numbers

export const conjunctions = wordsIn(
  '以及 同埋 还有 仲有 和 同 及 与 跟 或 或者',
  '连同 连 兼 加埋 加 并 另外 另 再加 再',
  'and or plus &',
)
export const rangeWords = wordsIn('至 到')
export const englishRangeWords = wordsIn('to through thru till until')
/** Between a named area and its item: 第七部分（教育）的第4項, area 3, item 2. */
export const areaJoints = wordsIn('的 嘅 之', '当中 中 里面 里边 入面 里 内 底下 下面 下', "'s the_")

// ——— what names a memorandum

/** The letters of ISO 3166-2:CN, by slug, as forms have them: ZJ 21. */
export const letters: Readonly<Record<string, string>> = {
  beijing: 'bj',
  tianjin: 'tj',
  hebei: 'he',
  shanxi: 'sx',
  'inner-mongolia': 'nm',
  liaoning: 'ln',
  jilin: 'jl',
  heilongjiang: 'hl',
  shanghai: 'sh',
  jiangsu: 'js',
  zhejiang: 'zj',
  anhui: 'ah',
  fujian: 'fj',
  jiangxi: 'jx',
  shandong: 'sd',
  henan: 'ha',
  hubei: 'hb',
  hunan: 'hn',
  guangdong: 'gd',
  guangxi: 'gx',
  hainan: 'hi',
  chongqing: 'cq',
  sichuan: 'sc',
  guizhou: 'gz',
  yunnan: 'yn',
  tibet: 'xz',
  shaanxi: 'sn',
  gansu: 'gs',
  qinghai: 'qh',
  ningxia: 'nx',
  xinjiang: 'xj',
}

// ——— what stands between a memorandum's name and a number

/** Leaves no room for a count. */
export const closeFillers = wordsIn('的 嘅 之', '合作 谅解 备忘录 备忘 附件', "'s")
export const englishCloseFillers = wordsIn('memorandum memorandum_of_understanding memo mou annex the hk hong_kong')
/** Leaves room for one: 四川與香港合作會議3個. */
export const looseFillers = wordsIn(
  '高层会晤 会晤 会议 暨',
  '份 文件 原文 正文 全文',
  '里面 里边 入面 里 当中 中 内 上面',
  'hong_kong cooperation conference plenary meeting province municipality document',
)
/** The memorandum as a document. */
export const documentWords = wordsIn('备忘录', 'memorandum mou memo')

// ——— what a number of another thing stands by

/** 基本法第23條. */
export const otherDocuments = wordsIn(
  '法 宪 条例 规例 规定 办法 草案 章程 议案',
  '规划 计划 纲要 政策 指引 安排 决议',
  '协议 协定 合同 合约 公约',
  '报告 白皮书 意见书 论文',
  '小说 电影 剧集',
)
/** "Basic Law article 23". */
export const englishOtherDocuments = wordsIn(
  'law act ordinance constitution',
  'agreement treaty convention cepa',
  'report plan',
)
/** "item 3 of the memorandum" names no other document. */
export const ownDocuments = wordsIn('memorandum mou memo annex document agreement', 'it this that them all')

// ——— what follows a number that names a clause

/** 浙21講咩. */
export const afterClause = wordsIn(
  '的 嘅 讲 说 话 写 提 关于 系 是 有 冇 没 由 在 喺 我 落实',
  '所说 所指 所提 所述 听落 会带 要求 规定 包括 包含 涉及 牵涉 适用 适合',
  '唔 好唔 未 已 即 啱 再 又 并 需 想 主要 具体',
  '为何 为什 怎 如何 点样 点解 点讲 点写 点睇 边 哪 乜 咩 什 几时 何时 谁',
  '呢 吗 嘛 吧 啊 呀 啦 喇 噃 㗎 喔 哦 吓 哈',
  '可以 可否 能否 能不能 会不会 究竟 到底 其实',
  '请 唔该 谢 多谢 麻烦 帮 畀 俾 给 睇 看 查 读 翻译 译 解释 说明',
  '入面 里面 里边 当中 之后 后面 前面 后来 下一 上一 第 逐',
  '内容 个内容 措施内容 原文 全文 条文 文本 正文 原句 逐字 全部 所有 中文 英文',
  '同 和 与 及 以及 跟 或 还有 仲有 分别 差别 比较 对比',
  '那 𠮶 这',
  '对我 对学生 对青年 对香港 对企业 对市民',
)
/** 系列 and 同學 are other words. */
export const afterClauseContinuations: Continuations = { 系: wordsIn('列 统'), 同: wordsIn('学 事') }

/** "Zhejiang 21 says". */
export const englishAfterClause = wordsIn(
  'please pls plz thanks thank thx hi',
  'and or but if as also too then next now again',
  'to about for with without by into on from vs versus regarding using',
  'i we my me you the this that',
  'which who what how when where why here there',
  'is are was were do does did has have had should must can could would will',
  'say says said mean means meaning state states stated',
  'cover covers contain contains mention mentions talk talks refer refers promise promises require requires',
  'involve involves apply applies benefit benefits',
  'compare compared explain explained quote translate translated translates translation',
  'summarise summarised summarises summarize summarized summarizes summary',
  'text wording word original verbatim content contents detail details title full',
  'exactly only briefly aloud',
  'memorandum mou annex',
)
/** Behind it too, but for "Zhejiang 21 of 51". */
export const englishAfterClauseUnlessNumber = wordsIn('in of')

/** 渝三全部: what stands behind an area that is named by its number alone. */
export const afterArea = wordsIn('全部 所有 入面 里面 里边 内容 原文 全文 吗 唔该 谢谢 多谢')
/** 渝三講咩: a verb with what it asks. */
export const sayingVerbs = wordsIn('讲 说 写 有 系 是')
export const saidThings = wordsIn('乜 咩 什 啲咩 了什 边 哪 关于 几')
/** 渝三的全部. */
export const possessives = wordsIn('的 嘅')
export const ownedThings = wordsIn('全部 所有 每 具体 措施 内容')
export const englishAfterArea = wordsIn('please pls thanks and or in_full')

// ——— what follows a number that counts

/** 福建200名, 四川5日; but 日有 and 支持 begin another word. */
export const counters = wordsIn(
  '年 月 日 号 天 周 季 期 度 秒 钟 岁',
  '名 人 位 家 间 所 队 批 股',
  '千 百 万 亿 元 倍 折 成 分',
  '次 届 程 站 级 层 楼 场 集 路 线 类 种 帯 带',
  '米 吨 亩 幅',
  '辆 台 艘 架 册 张 杯 枚 套 支',
)
export const counterContinuations = wordsIn('持 析 别 效 候 有 说 指 提 述 讲')
/** Counters with words of their own that they may begin: 大概, 里面, 點樣, 個內容. */
export const otherCounters = wordsIn('大 里 点 个', '小时 公里 平方')
export const otherCounterContinuations: Continuations = {
  大: wordsIn('概 致 约'),
  里: wordsIn('面 边'),
  点: wordsIn('样 解 讲 写 睇 理 系'),
  个: wordsIn('内容'),
}
/** Counters of clauses that count where a noun follows: 三項工程; but 三項講. */
export const clauseCounters = wordsIn('条 项 款')
export const clauseCounterContinuations = wordsIn('系 是 讲 说 有 的 嘅')

/** "Sichuan 5 hours". */
export const englishCounted = wordsIn(
  'thousand million billion trillion percent per times time',
  'year years month months week weeks day days hour hours minute minutes am pm',
  'km mile miles square sq hectare hectares degree degrees',
  'people person persons student students',
  'rmb yuan usd hkd',
  'code',
)

// ——— what may stand around a message that is nothing but a number

export const aloneOpenings = wordsIn(
  '咁 那么 那 跟住 再 又 仲有 还有 或者 同埋',
  '返去 返 回去 回到 去 跳到 转到 睇下 睇吓 睇 看看 看 查查 查 出示 显示 调阅',
  '请 唔该 麻烦 俾我 畀我 给我 我要 我想 想 要',
)
export const englishAloneOpenings = wordsIn(
  'and then so ok okay now or also',
  'what_about how_about go_to go_back_to back_to show_me show give_me see read',
  'please pls the',
)
export const aloneEndings = wordsIn(
  '呢 吧 啊 呀 啦 喇 吗 嘛 先 嘅 的 项 条',
  '系咩 系乜 讲咩 讲乜 讲什么 是什么 说什么 全文 原文 内容',
  '谢谢 多谢 唔该 谢',
)
export const englishAloneEndings = wordsIn('please pls plz thanks thx then too as_well in_full full_text')
