import fc from 'fast-check'
import { Converter } from 'opencc-js/t2cn'
import { expect, test } from 'vitest'
import { longQuotations } from '../../scripts/bench/long-texts.ts'
import { buildLibrary, loadLibrary } from '../../src/memorandum/library.ts'
import { createQuoteCheck } from '../../src/quotes/quote.ts'
import { bare, fold } from '../../src/text/fold.ts'
import { sentences } from '../../src/text/sentences.ts'
import { everyNth, times } from '../cases.ts'
import { runScript } from '../scripts/run.ts'

const library = await loadLibrary(new URL('../../corpus', import.meta.url).pathname)
const check = createQuoteCheck(library)
const toSimplified = Converter({ from: 'hk', to: 'cn' })

// ------------------------------------------------------------------------------------------------ absent: hand-written

/** Paraphrases: what a person says a clause says, in own words. */
const paraphrases: readonly (readonly [id: string, text: string])[] = [
  ['sichuan-2018/5.1', '四川打算在2019年底之前請至少一千位香港年輕人分幾批到訪，讓他們認識中國傳統文化。'],
  ['sichuan-2018/5.2', '2018年夏天會再辦臥龍自然保護區的青年實習，並加入更多文化體驗環節。'],
  ['sichuan-2018/5.3', '特區政府與大公司合作，讓年輕人暑假到內地和外國實習，四川也有名額。'],
  ['sichuan-2018/10.3', '香港國際航空學院會為四川機場集團的六十位員工開班，教他們怎樣管理機場。'],
  ['sichuan-2018/10.4', '港鐵和成都地鐵正商量一起管理地鐵、發展上蓋物業和培訓人員。'],
  ['sichuan-2018/11.1', '在四川工作的香港人可以用公積金，他們的孩子可以讀免費的義務教育。'],
  ['sichuan-2018/11.2', '四川會開設一個一站式平台，回答在當地的香港人各種查詢。'],
  ['sichuan-2018/7.4', '川大和理大2013年合辦了一間專門研究災後重建的學院。'],
  ['sichuan-2018/2.4', '西九戲曲中心快將開幕，管理局會去四川看川劇，也會請川劇團來港演出。'],
  ['sichuan-2018/2.3', '成都天府新區與香港設計總會等四方要打造一個以文創為主的產業園。'],
  ['sichuan-2018/4.2', '政府希望合資格的川企來香港上市、發債，也可以發綠色債券。'],
  ['sichuan-2018/9.1', '川港一齊推出一程多站的旅遊路線，再到海外做宣傳。'],
  ['sichuan-2018/6.2', '川方的建築專業人士會來港短期受訓，計劃一直辦到2020年。'],
  ['hubei-2021/10.2', '2022年第四季武漢會有香港周，漢劇院同年會來港參加戲曲節。'],
  ['hubei-2021/5.3', '湖北用自己的歷史文化資源邀請香港青少年參加詩詞比賽等活動，認識國情。'],
  ['hubei-2021/1.6', '湖北的綠色企業可以到香港上市和發行綠債，雙方還會一起搞碳市場。'],
  ['hubei-2021/3.1', '香港機管局會教湖北怎樣建設和營運機場，包括貨運和商業佈局。'],
  ['hubei-2021/4.4', '每年十二月在香港舉辦的知識產權論壇會用來推動知識產權買賣。'],
  ['hubei-2021/9.4', '港資可以在湖北自貿區獨資開辦培訓機構，但不包括中小學生的補習班。'],
  ['hubei-2021/8.4', '湖北會增加對香港的鮮活食品供應，令香港市場選擇更多。'],
  ['hubei-2021/12.2', '持外國專業資格的香港建築師、規劃師登記後可以在湖北自貿區執業。'],
  ['hubei-2021/2.3', '兩地每年各挑選一些科技人才到對方的大學和研究所學習。'],
  ['chongqing-2023/4.3', '重慶想令客機的腹艙可以裝更多貨物。'],
  ['chongqing-2023/6.3', '重慶會用5G直播把雙師課堂送到香港的友好學校。'],
  ['chongqing-2023/7.2', '香港的高層次人才可以進駐重慶的孵化基地，租金有減免，還有導師指導。'],
  ['chongqing-2023/7.4', '重慶公共運輸職業學院與港鐵學院會合作培養軌道交通的技術人員。'],
  ['chongqing-2023/7.5', '拿了英才服務卡的香港人在重慶會有專人跟進服務。'],
  ['chongqing-2023/8.3', '重慶正籌備國慶研修基地，並改良大足石刻的實習安排。'],
  ['chongqing-2023/9.2', '香港的仲裁機構可以在重慶設點，處理國際商業糾紛。'],
  ['chongqing-2023/2.2', '重慶企業可以來港發債上市，港資機構也可參加QFLP和QDLP試點。'],
  ['chongqing-2023/5.4', '兩地合推「重慶加香港」遊，在市場推廣上互相配合。'],
  ['fujian-2023/9.19', '福建會請五千個香港青少年去交流和研學，由省青聯負責。'],
  ['fujian-2023/9.20', '兩百名香港大學生可以在寒暑假去福建的公司和機關實習。'],
  ['fujian-2023/8.17', '家境困難的香港學生在福建讀大學可以拿到助學金。'],
  ['fujian-2023/8.15', '香港年輕人可到武夷山實習，參與保護生物多樣性。'],
  ['fujian-2023/4.8', '香港會為福建的機場提供營運和基建方面的顧問服務。'],
  ['fujian-2023/7.13', '旅發局會和廈門一起發展跨境郵輪旅遊。'],
  ['fujian-2023/5.10', '廈門生物醫藥港會和香港的大學院系聯絡，安排互訪和路演。'],
  ['zhejiang-2025/4.16', '義烏到香港的航線會恢復，杭州、寧波和溫州的班次會增加。'],
  ['zhejiang-2025/7.28', '香港的幼兒園可以參考安吉遊戲的教學方法。'],
  ['zhejiang-2025/7.30', '浙江贊成香港大學在寧波開設研究院。'],
  ['zhejiang-2025/5.22', '浙江的涉外律師會由香港大律師公會有系統地培訓。'],
  ['zhejiang-2025/10.41', '香港天文台會與浙江的輻射監測站一起視察核電廠。'],
  ['zhejiang-2025/11.45', '雙方會交流怎樣管理智慧屋邨，建設優質住宅。'],
  ['zhejiang-2025/13.51', '浙江會研究讓香港人用回鄉證辦理更多政府服務。'],
  ['zhejiang-2025/8.36', '獲青年發展基金資助的香港初創可以把生意擴展到浙江。'],
]

/** Sentences of other papers on matters of the same kind. */
const otherPapers: readonly string[] = [
  '加快北部都會區建設，推動新田科技城首批用地平整工程於2026年展開，為創科企業提供土地。',
  '支持廣州南沙與香港在深海科研及海洋工程方面共建重點實驗室，開展聯合航次。',
  '鼓勵兩地圖書館互借古籍善本，合作編纂嶺南文獻目錄，並開放數碼館藏予公眾查閱。',
  '雙方同意設立跨境救護車直通安排，先在兩間醫院試行，再逐步擴展至其他口岸。',
  '上海市將與香港在國際航運保險、船舶註冊及海事仲裁方面建立定期會商機制。',
  '推動滬港兩地在碳期貨產品設計及結算安排上開展可行性研究，並於2027年前提交報告。',
  '北京市歡迎香港建築師參與城市副中心的歷史建築活化項目，並提供專項資助。',
  '支持京港兩地在冰雪運動訓練、賽事組織及場館營運方面加強合作。',
  '加強水資源管理合作，定期檢視東江水供應安排，確保供水穩定和水質安全。',
  '兩地海關將試行電子封條互認，縮短陸路貨物查驗時間，提升通關效率。',
  '廣東省將增設港澳居民健康驛站，為長者提供慢性病覆診和藥物配送服務。',
  '探索在前海試點發行以人民幣計價的基礎設施代幣，並由兩地監管機構共同監察。',
  '支持香港賽馬會在從化馬場舉辦常規賽事，帶動馬匹運動相關產業發展。',
  '雙方將共同申辦2029年國際園藝博覽會，並設立香港展園。',
  '推動稻米、茶葉和花卉種業創新，設立聯合育種中心，培育適應亞熱帶氣候的品種。',
  '完善極端天氣預警通報制度，共享雷達回波和潮位數據，減低風暴潮造成的損失。',
  '江蘇省鼓勵蘇州工業園區與香港科學園互設離岸孵化器，為初創提供雙總部安排。',
  '開展野生動植物非法貿易情報交換，舉辦執法人員聯合演練。',
  '為退休公務員提供跨境安老院舍選擇，資助名額增至三千個。',
  '陝西省將在西安設立絲路文物修復中心，邀請香港修復師駐場工作六個月。',
  '推動無人機物流航線試飛，制定低空空域管理標準和飛行員執照互認辦法。',
  '兩地消防部門每年輪流舉辦高層建築火災救援演習，交流裝備採購經驗。',
  '支持香港演藝學院與上海戲劇學院互換學生，聯合製作一齣音樂劇。',
  '設立粵港澳大灣區氫能走廊，在高速公路沿線建設二十座加氫站。',
  '加強對跨境電信詐騙的打擊，建立可疑帳戶二十四小時止付熱線。',
  '鼓勵漁民轉型發展休閒漁業，發放船隻改裝津貼，並簡化牌照手續。',
  '海南自由貿易港將與香港在遊艇自由行、離島免稅品監管方面交換經驗。',
  '廣西壯族自治區同意為香港學生開設東盟語言暑期班，提供住宿和生活補貼。',
  '雲南省鼓勵香港投資者參與普洱茶和鮮花冷鏈出口項目。',
  '發展銀色經濟，推廣樂齡科技產品認證，於三年內設立五間體驗館。',
  '兩地將就電動車充電樁標準、電池回收和換電站佈局進行技術對接。',
  '推動粵語流行音樂和港產片數碼修復，建立聯合影音檔案庫。',
  '提高最低工資水平，每年檢討一次，並以綜合消費物價指數作參考。',
  '公共房屋輪候時間目標定為四年半，簡約公屋首批單位於明年入伙。',
  '增撥資源推行母乳餵哺友善措施，在所有政府場地設置育嬰間。',
  '設立二十億元的投資配對基金，吸引海外龍頭企業在河套園區設立研發總部。',
  '山東省和香港在海洋牧場、海水淡化裝備和深遠海養殖方面互補性強，合作前景廣闊。',
  '推動兩地檔案館聯合出版抗戰史料，於2025年舉辦紀念展覽。',
  '天津市將借鑒香港飛機租賃稅務安排，吸引租賃公司在東疆落戶。',
  '支持湖南馬欄山視頻文創園與香港數碼港開展動漫遊戲人才互訪。',
  '建立兩地食用油抽檢結果互通機制，遇有不合格樣本須於十二小時內通報。',
  '遼寧省將組織冬季旅遊推廣團訪港，推介滑雪和溫泉產品。',
  '完善殘疾人士跨境無障礙交通，增加復康巴士班次並設網上預約。',
  '發展職業專才教育，開辦更多應用學位課程，提高行業參與程度。',
  '推動中小企業數碼轉型，資助上限提高至每家企業十萬元。',
  '雙方同意每兩年召開一次副省級會議，檢視水務、環保和口岸項目的進度。',
]

// ------------------------------------------------------------------------------------------------ edits

/** A small repeatable source of chance (mulberry32). */
function chance(seed: number) {
  let state = seed
  const next = () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
  const below = (n: number) => Math.floor(next() * n)
  return { below, pick: <T>(list: readonly T[]): T => list[below(list.length)]! }
}
type Chance = ReturnType<typeof chance>

const swapOf =
  (groups: readonly string[]) =>
  (text: string, { pick }: Chance) => {
    const words = groups.flatMap((group) =>
      group.split(' ').map((word) => ({ word, others: group.split(' ').filter((other) => other !== word) })),
    )
    const there = words.filter(({ word }) => text.includes(word))
    if (there.length === 0) return undefined
    const { word, others } = pick(there)
    return text.replace(word, pick(others))
  }

const edits: Readonly<Record<string, (text: string, random: Chance) => string | undefined>> = {
  number: (text, { pick }) => {
    const numbers = [...text.matchAll(/\d+|[二三四五六七八九十]+(?=[個項大條次份者屆類名])/gu)]
    if (numbers.length === 0) return undefined
    const { 0: number, index } = pick(numbers)
    const changed = /\d/u.test(number)
      ? pick([`${number}0`, String(Number(number) + 1), `1${number}`])
      : pick(['二', '三', '四', '五', '六', '七', '八', '九', '二十', '十五'].filter((n) => n !== number))
    return text.slice(0, index) + changed + text.slice(index + number.length)
  },
  province: swapOf(['四川 重慶 湖北 福建 浙江 廣東 上海', '川港 渝港 鄂港 閩港 浙港 粵港']),
  verb: swapOf([
    '鼓勵 要求 容許',
    '支持 反對 資助 監管',
    '推動 促進 限制 研究',
    '加強 減少 深化',
    '開展 停止 籌備',
    '舉辦 取消 贊助',
    '提供 收回 出售',
    '邀請 通知 安排',
    '建立 撤銷 檢討',
    '參加 退出 主辦',
  ]),
  negation: (text, { pick }) => {
    const verbs = [...text.matchAll(/鼓勵|支持|推動|加強|開展|舉辦|提供|邀請|建立|參加|參與|促進|享有|深化/gu)]
    if (verbs.length === 0) return undefined
    const { index } = pick(verbs)
    return text.slice(0, index) + pick(['不', '不得', '暫不', '不會', '並未']) + text.slice(index)
  },
  drop: (text, { below }) => {
    const length = 2 + below(3)
    const at = 1 + below(Math.max(1, text.length - length - 2))
    return text.slice(0, at) + text.slice(at + length)
  },
  add: (text, { below, pick }) => {
    const at = 1 + below(text.length - 2)
    return (
      text.slice(0, at) +
      pick(['優先', '全部', '長期', '在三年內', '按規定', '免費', '有條件地', '部分']) +
      text.slice(at)
    )
  },
  transpose: (text, { below }) => {
    const length = 2 + below(2)
    const at = below(Math.max(1, text.length - 2 * length))
    return (
      text.slice(0, at) +
      text.slice(at + length, at + 2 * length) +
      text.slice(at, at + length) +
      text.slice(at + 2 * length)
    )
  },
  synonym: swapOf([
    '合作 協作 配合',
    '交流 溝通 往來',
    '企業 公司 商號',
    '青年 年輕人 學生',
    '兩地 雙方 彼此',
    '活動 項目 節目',
    '機構 單位 組織',
    '人才 專才 精英',
    '香港 澳門 本港',
    '發展 進步 開發',
  ]),
}

type Edited = {
  readonly id: string
  readonly sentence: string
  readonly text: string
  readonly kinds: readonly string[]
}

const wholeSentences = library.units.flatMap(({ id, text }) =>
  sentences(text)
    .map(([from, to]) => ({ id, sentence: text.slice(from, to).trim() }))
    .filter(({ sentence }) => bare(sentence).length >= 12),
)

/** For sentences of the corpus texts with one, two and three edits. */
function editedSentences(seed: number): Edited[] {
  const random = chance(seed)
  const kinds = Object.keys(edits)
  return everyNth(6, wholeSentences).flatMap(({ id, sentence }) =>
    [
      ...kinds.map((kind) => [kind]),
      [random.pick(kinds), random.pick(kinds)],
      [random.pick(kinds), random.pick(kinds), random.pick(kinds)],
    ].flatMap((chosen) => {
      let text = sentence
      const done: string[] = []
      for (const kind of chosen) {
        const changed = edits[kind]!(text, random)
        if (changed === undefined || bare(changed) === bare(text)) continue
        text = changed
        done.push(kind)
      }
      return done.length === 0 || bare(text) === bare(sentence) ? [] : [{ id, sentence, text, kinds: done }]
    }),
  )
}

const unitTexts = library.units.map((unit) => bare(unit.text))
const stands = (text: string) => unitTexts.some((unit) => unit.includes(bare(text)))

/** Written after the threshold was chosen, so that it is measured on what it has not seen. */
const heldOut: readonly string[] = [
  '川方每年會派建築業人士來香港上短期課程。',
  '香港職訓局會和四川的交通學院一起設計軌道交通課程和電子教材。',
  '雙方會加強食品檢測技術的合作，出了事也會一起處理。',
  '四川會組織旅行社來港宣傳大熊貓和一程多站路線。',
  '港資企業如果到湖北開廠，湖北會提供技術和人才方面的協助。',
  '鐵路公司會和武漢討論怎樣培訓地鐵和高鐵的專業人員。',
  '兩地航空公司會增加湖北往來香港的班次。',
  '湖北會建立一個青年創業基地，為香港年輕人提供創業補貼和落地服務。',
  '在重慶的香港人可以用一站式平台查詢各項便利措施。',
  '重慶會派博士後到香港交流，也歡迎香港的博士來做研究。',
  '香港的醫療機構可以依法在重慶開診所和醫院。',
  '兩地會互派律師實習，並合作培訓年輕律師。',
  '福建企業可以用REITs把地產項目放到香港上市集資。',
  '閩港會在機場營運管理培訓方面長期合作。',
  '兩地姊妹學校會有更多互訪，加深學生之間的友誼。',
  '香港理工大學在晉江的合作辦學項目會繼續推進。',
  '浙江會安排企業參加香港的電子展和影視展。',
  '港交所會到浙江開班，解答企業上市的問題。',
  '兩地會一起研究碳監測和溫室氣體觀測的技術。',
  '浙江醫護人員會到香港的醫院觀摩和進修。',
  '雙方會舉辦有關智慧屋邨和幸福小區的展覽，讓居民多了解。',
  '香港青年可以到浙江的博物館和自然保育單位實習。',
  '吉林省將與香港共同推廣人參等道地藥材，並設立品質追溯編碼。',
  '新疆維吾爾自治區鼓勵香港棉紡設計師參與時裝周和品牌孵化。',
  '雙方將就鐵路貨運班列在港中轉的稅務安排成立專責小組。',
  '支持兩地中學開設航天科普課程，並邀請航天員訪校分享。',
  '推動數據跨境流動標準合同在銀行和徵信行業先行先試。',
  '在蓮塘口岸增設自助通關通道三十條，並延長開放時間。',
  '加強對珠三角候鳥棲息地的共同保育，每季交換水鳥普查數據。',
  '雙方支持香港選手參加全國運動會，並協調火炬傳遞路線。',
  '河南省願意為香港的武術團體提供訓練場地和導師。',
  '引入家庭醫生簽約制度，為每名登記市民配對一名基層醫生。',
  '設立文物專門學院，培養青銅器、書畫和紡織品修復人員。',
  '推動綠色船用燃料加注，制定甲醇和氨燃料的安全規程。',
  '檢討強積金對沖安排，向中小企提供為期二十五年的資助。',
  '鼓勵私人發展商以公私營合作方式興建過渡性房屋。',
  '甘肅省歡迎香港藝術團到敦煌演出，並提供舞台技術支援。',
  '雙方將在反興奮劑檢測、運動創傷復康方面共享實驗室。',
  '成立專家組檢視跨境遺產繼承和婚姻判決的認可程序。',
  '支持貴州大數據中心與香港機構開展災備服務。',
  '擴大「長者醫療券」適用範圍至大灣區十九個服務點。',
  '推廣垃圾分類和廚餘轉廢為能，目標是五年內減少三成棄置量。',
]

/** Edits made by hand, as forwarded messages have them, with the differences that a person should see. */
const alteredByHand: readonly (readonly [
  text: string,
  id: string,
  differences: readonly (readonly [expected: string, found: string])[],
])[] = [
  ['邀請不少於10000名香港青年分批赴川', 'sichuan-2018/5.1', [['1000', '10000']]],
  ['邀请不少于１００名香港青年分批赴川，了解中华传统文化', 'sichuan-2018/5.1', [['1000', '１００']]],
  [
    '邀請少於1000名香港青年分批赴川，體驗四川民情',
    'sichuan-2018/5.1',
    [
      ['不', ''],
      ['了解中華傳統文化', ''],
      ['風俗', ''],
    ],
  ],
  ['四川機場集團將派600名員工赴香港參加香港國際航空學院的課程', 'sichuan-2018/10.3', [['60', '600']]],
  ['雙方合辦有關川方建築業專業人員赴港短期培訓，並延續計劃至2025年。', 'sichuan-2018/6.2', [['2020', '2025']]],
  ['双方合办有关川方建筑业专业人员赴港长期培训，并延续计划至2020年', 'sichuan-2018/6.2', [['短', '长']]],
  ['推動成都機場三跑項目落實融資方案。', 'zhejiang-2025/4.17', [['杭州', '成都']]],
  ['推動義烏機場取消香港航線', 'zhejiang-2025/4.16', [['恢復', '取消']]],
  ['支持香港中文大學在寧波設立新型研究院', 'zhejiang-2025/7.30', [['', '中文']]],
  ['開放國家社科基金各類項目予在四川高校和科研院所工作的澳門研究人員申報', 'sichuan-2018/11.1', [['香港', '澳門']]],
  ['閩方不鼓勵福建高校對家庭經濟困難香港學生提供助學金支持', 'fujian-2023/8.17', [['', '不']]],
  ['邀請五千名香港青少年到福建交流研學', 'fujian-2023/9.19', [['5000', '五千']]],
  ['招募200名香港大學生和在閩港籍大學生，在寒暑假前往企事業單位開展實訓', 'fujian-2023/9.20', [['習', '訓']]],
  ['共十二個領域加強合作，並由雙方對口部門建立聯絡機制', 'sichuan-2018/preamble.4', [['十一', '十二']]],
  ['於2022年第三季在武漢舉辦“香港周”', 'hubei-2021/10.2', [['四', '三']]],
  ['川港第五部分第1項：「邀請不少於1500名香港青年分批赴川」', 'sichuan-2018/5.1', [['1000', '1500']]],
  ['3. 通過“寬改窄”增加客機腹倉載貨量。', 'chongqing-2023/4.3', [['窄改寬', '寬改窄']]],
  ['邀請不少於100', 'sichuan-2018/5.1', [['1000', '100']]],
  ['雙方共同推進川港青少年交流合作……邀請不少於5000名香港青年分批赴川', 'sichuan-2018/5.1', [['1000', '5000']]],
]

test('createQuoteCheck() sees every edit of every sentence as altered, and names the clause', () => {
  const edited = [...editedSentences(11), ...editedSentences(12).filter(({ kinds }) => kinds.length > 1)]
  expect(edited.length).toBeGreaterThan(times(500, 3000))
  const checked = edited.map((edit) => ({ ...edit, result: check(edit.text) }))
  const wrong = checked.filter(({ text, result }) =>
    stands(text) ? result.verdict !== 'exact' : result.verdict !== 'altered',
  )
  const falselyExact = wrong.filter(({ result }) => result.verdict === 'exact')
  const elsewhere = checked.filter(({ id, result }) => result.verdict === 'altered' && !result.ids.includes(id))
  expect(falselyExact.map(({ text }) => text)).toEqual([])
  expect(wrong.filter(({ kinds }) => kinds.length === 1).map(({ text }) => text)).toEqual([])
  // A few cases may by chance hold more of these than all of them do.
  expect(wrong.length / edited.length).toBeLessThan(times(0.015, 0.01))
  expect(elsewhere.length / edited.length).toBeLessThan(times(0.01, 0.005))
})

test('createQuoteCheck() shows a difference for every edit, and none that folding makes equal', () => {
  for (const { text } of editedSentences(13)) {
    const { verdict, differences } = check(text)
    if (verdict !== 'altered') continue
    expect(differences.length, text).toBeGreaterThan(0)
    for (const { expected, found } of differences) expect(bare(expected), text).not.toBe(bare(found))
  }
})

test('createQuoteCheck() calls a paraphrase absent and shows a clause near it', () => {
  const checked = paraphrases.map(([id, text]) => ({ id, text, result: check(text) }))
  expect(checked.filter(({ result }) => result.verdict !== 'absent').map(({ text }) => text)).toEqual([])
  expect(checked.filter(({ id, result }) => result.nearest?.id === id).length).toBeGreaterThanOrEqual(30)
})

test('createQuoteCheck() calls sentences of other papers absent', () => {
  expect(otherPapers.filter((text) => check(text).verdict !== 'absent')).toEqual([])
})

test('createQuoteCheck() calls paraphrases and other papers absent that the threshold was not chosen on', () => {
  const wrong = heldOut.filter((text) => check(text).verdict !== 'absent')
  expect(wrong).toEqual([])
})

test.each(alteredByHand)('createQuoteCheck() marks what changed in %s', (text, id, differences) => {
  const result = check(text)
  expect(result.verdict).toBe('altered')
  expect(result.ids).toContain(id)
  expect(result.differences).toEqual(differences.map(([expected, found]) => ({ expected, found })))
})

// ------------------------------------------------------------------------------------------------ exact

const wrapped: [text: string, ids: string[], shortened?: boolean][] = [
  ['21. 支持浙江調解機構與香港調解機構對接及建立合作關係,有需要時簽署合作備忘錄。', ['zhejiang-2025/5.21']],
  ['浙港第21項：「支持浙江調解機構與香港調解機構對接及建立合作關係」', ['zhejiang-2025/5.21']],
  ['浙港第21項 支持浙江調解機構與香港調解機構對接及建立合作關係', ['zhejiang-2025/5.21']],
  ['21 支持浙江調解機構與香港調解機構對接及建立合作關係', ['zhejiang-2025/5.21']],
  ['川港 2018 · 五、青年發展 · 第 1 項\n雙方共同推進川港青少年交流合作', ['sichuan-2018/5.1']],
  ['**川港 2018 · 五、青年發展 · 第 1 項**\n> 雙方共同推進川港青少年交流合作', ['sichuan-2018/5.1']],
  ['原文：邀請不少於1000名香港青年分批赴川', ['sichuan-2018/5.1']],
  ['原文如下：\n「邀請不少於1000名香港青年分批赴川」', ['sichuan-2018/5.1']],
  ['請問「邀請不少於1000名香港青年分批赴川」是原文嗎？', ['sichuan-2018/5.1']],
  ['根據四川備忘錄，邀請不少於1000名香港青年分批赴川。這句是真的嗎？', ['sichuan-2018/5.1']],
  ['四川備忘錄第五部分提到：『邀请不少于1000名香港青年分批赴川』', ['sichuan-2018/5.1']],
  ['邀請不少於1000名香港青年分批赴川（川港備忘錄第五部分第1項）', ['sichuan-2018/5.1']],
  ['邀請不少於1000名香港青年分批赴川\n——《川港高層會晤暨川港合作會議第一次會議備忘錄》', ['sichuan-2018/5.1']],
  ['• 邀請不少於１０００名\n香港青年　分批赴川 https://t.me/memo?start=abc', ['sichuan-2018/5.1']],
  ['四川備忘錄第五部分：開展香港青年重慶體驗月活動，聯合舉辦渝港人才項目洽談會', ['chongqing-2023/7.1']],
  ['雙方共同推進川港青少年交流合作……邀請不少於1000名香港青年分批赴川', ['sichuan-2018/5.1'], true],
  [
    '雙方共同推進川港青少年交流合作...邀請不少於1000名香港青年（略）促進雙方人才互引和青年交流',
    ['sichuan-2018/5.1'],
    true,
  ],
  ['「雙方共同推進川港青少年交流合作[…]了解中華傳統文化」', ['sichuan-2018/5.1'], true],
  ['……邀請不少於1000名香港青年分批赴川……', ['sichuan-2018/5.1']],
  ['根據市場情況,適時加密杭寧溫三大機場的香港航線。推動義烏機場恢復香港航線。', ['zhejiang-2025/4.16']],
  ['加快兩地中醫藥學術和人才交流，加強在中醫藥國際標準化領域的合作。', ['chongqing-2023/10.4', 'zhejiang-2025/9.40']],
  ['全面準確貫徹「一國兩制」方針，發揮川港優勢特色', ['sichuan-2018/preamble', 'sichuan-2018/preamble.1']],
  ['“一程多站”', ['sichuan-2018/9.1', 'sichuan-2018/9.3', 'fujian-2023/7.14']],
]

test.each(wrapped.map(([text, ids, shortened = false]) => ({ text, ids, shortened })))(
  'createQuoteCheck() finds $text word for word',
  ({ text, ids, shortened }) => {
    expect(check(text)).toEqual({ verdict: 'exact', ids, differences: [], shortened })
  },
)

test('createQuoteCheck() gives every unit that holds a short common phrase, in the order of the library', () => {
  const { verdict, ids } = check('青年')
  expect(verdict).toBe('exact')
  expect(ids).toEqual(library.units.filter((unit) => unit.text.includes('青年')).map(({ id }) => id))
})

test.each(['', '。。。', '🙂', '量子電腦', '青年人們', '(略)'])('createQuoteCheck() calls %j absent', (text) => {
  expect(check(text)).toEqual({ verdict: 'absent', ids: [], differences: [], shortened: false })
})

test('createQuoteCheck() calls a middle dropped in silence altered and shows it', () => {
  const result = check('雙方共同推進川港青少年交流合作，邀請不少於1000名香港青年分批赴川')
  expect(result).toMatchObject({ verdict: 'altered', ids: ['sichuan-2018/5.1'], shortened: false })
  expect(result.differences).toHaveLength(1)
  expect(result.differences[0]?.expected).toMatch(/^實施“香港青年巴蜀文化之旅”活動。.*不同途徑$/u)
  expect(result.differences[0]?.found).toBe('')
})

test('createQuoteCheck() calls two clauses run together altered and names both', () => {
  const result = check('推動杭州機場三跑項目落實融資方案。支持舉辦"詩畫江南、活力浙江"香港入境遊推廣活動')
  expect(result).toMatchObject({ verdict: 'altered', ids: ['zhejiang-2025/4.17', 'zhejiang-2025/6.23'] })
})

// A word added at the edges must not pass for wrapping.
test.each([
  '支持浙江調解機構與香港調解機構對接及建立合作關係,簽署合作備忘錄。',
  '雙方將繼續推進2012年5月簽訂的《川港建築領域合作》的合作內容。',
  '10000 名香港青年分批赴川，了解中華傳統文化',
  '四川省、重慶市將邀請香港特區政府參與2018年11月在香港舉辦的第二屆“川港澳合作周—走進香港”活動',
  '邀請不少於1000名香港青年分批赴川，兩地合作',
  '不支持浙江調解機構與香港調解機構對接及建立合作關係',
])('createQuoteCheck() does not take %s for word for word', (text) => {
  expect(check(text).verdict).toBe('altered')
})

// ------------------------------------------------------------------------------------------------ laws

/** A piece of a unit of at least 12 letters that cuts no number and no Latin word. */
const piece = fc
  .tuple(
    fc.constantFrom(...library.units),
    fc.double({ min: 0, max: 1, noNaN: true }),
    fc.double({ min: 0, max: 1, noNaN: true }),
  )
  .map(([unit, x, y]) => {
    const characters = [...unit.text]
    let [from, to] = [Math.floor(Math.min(x, y) * characters.length), Math.ceil(Math.max(x, y) * characters.length)]
    const inside = (at: number) =>
      [/[0-9]/u, /[A-Za-z]/u, /[〇零一二三四五六七八九十百千萬億]/u].some(
        (kind) => kind.test(characters[at - 1] ?? '') && kind.test(characters[at] ?? ''),
      )
    while (from > 0 && inside(from)) from -= 1
    while (to < characters.length && inside(to)) to += 1
    return { unit, text: characters.slice(from, to).join('') }
  })
  .filter(({ text }) => bare(text).length >= 12)

const widen = (text: string) => text.replace(/[!-~]/gu, (c) => String.fromCharCode(c.charCodeAt(0) + 0xfee0))
const disguises: readonly ((text: string) => string)[] = [
  (text) => text,
  toSimplified,
  widen,
  (text) => text.replace(/[^\p{L}\p{N}]/gu, ''),
  (text) => [...text].join(' '),
  (text) => text.replace(/(.{7})/gu, '$1\n'),
  (text) => `「${text}」`,
  (text) => `原文：${text}`,
  (text) => `> ${text}`,
  (text) => text.replace(/[，。、；]/gu, (sign) => ({ '，': ',', '。': '.', '、': '，', '；': ';' })[sign] ?? sign),
]

test('createQuoteCheck() finds every piece of every unit, however it is written', () => {
  fc.assert(
    fc.property(piece, fc.subarray([...disguises]), ({ unit, text }, chosen) => {
      const pasted = chosen.reduce((written, disguise) => disguise(written), text)
      const result = check(pasted)
      expect(result.verdict, pasted).toBe('exact')
      expect(result.ids).toContain(unit.id)
    }),
    { numRuns: times(300, 1000) },
  )
})

test('createQuoteCheck() finds two pieces of a unit in order around an ellipsis', () => {
  const runs = library.units.flatMap(({ id, text }) =>
    [...text.matchAll(/(?:(?![一二三四五六七八九十百千萬億零〇])\p{Script=Han}){10,}/gu)].map(([run]) => ({
      id,
      characters: [...run],
    })),
  )
  fc.assert(
    fc.property(
      fc.constantFrom(...runs),
      fc.integer({ min: 3, max: 20 }),
      fc.constantFrom('……', '...', '（略）', '[…]', '⋯⋯', '(中略)'),
      ({ id, characters }, size, sign) => {
        const length = Math.min(size, Math.floor((characters.length - 1) / 2))
        const result = check(characters.slice(0, length).join('') + sign + characters.slice(-length).join(''))
        expect(result).toMatchObject({ verdict: 'exact', shortened: true })
        expect(result.ids).toContain(id)
      },
    ),
    { numRuns: times(300, 1000) },
  )
})

test('createQuoteCheck() never takes a text with one letter replaced for word for word', () => {
  fc.assert(
    fc.property(
      piece,
      fc.nat(),
      fc.constantFrom(...'不無未反減少停三五九百港澳京滬魚龍龜', '7', '0', 'x'),
      ({ text }, at, letter) => {
        const characters = [...text]
        const places = characters.flatMap((c, i) => (/[\p{L}\p{N}]/u.test(c) && fold(c) !== fold(letter) ? [i] : []))
        fc.pre(places.length > 0)
        characters[places[at % places.length]!] = letter
        const pasted = characters.join('')
        fc.pre(!stands(pasted))
        expect(check(pasted).verdict, pasted).not.toBe('exact')
      },
    ),
    { numRuns: times(150, 1000) },
  )
})

test('createQuoteCheck() says something of any text at all', () => {
  const fragments = fc.array(
    fc.oneof(
      fc.string({ unit: 'binary', maxLength: 12 }),
      fc.constantFrom(
        '……',
        '（略）',
        '「',
        '」',
        '：',
        '\n',
        '1. ',
        '第5項',
        '川港',
        '原文',
        '支持',
        '香港',
        '\uD800',
        '1000',
        '——',
      ),
      piece.map(({ text }) => text.slice(0, 20)),
    ),
    { maxLength: 12 },
  )
  fc.assert(
    fc.property(fragments, (parts) => {
      const { verdict, ids, nearest } = check(parts.join(''))
      expect(['exact', 'altered', 'absent']).toContain(verdict)
      expect(ids.length > 0).toBe(verdict !== 'absent')
      if (nearest !== undefined) expect(library.byId.get(nearest.id)?.text).toBe(nearest.quote)
    }),
    { numRuns: times(150, 1000) },
  )
})

// How long they take is held to a bar by "npm run bench -- --check".
test('createQuoteCheck() calls long texts altered where they begin as the corpus does, and else absent', () => {
  const whole = library.units.map(({ text }) => text).join('\n')
  const [verbatim = '', ...others] = longQuotations(whole, 12_000)
  const result = check(verbatim)
  expect(result.verdict).toBe('altered')
  expect(result.ids).toContain('sichuan-2018/5.1')
  expect(others.map((text) => check(text).verdict)).toEqual(others.map(() => 'absent'))
})

test('createQuoteCheck() works over a library of no units', () => {
  expect(createQuoteCheck(buildLibrary([], [], ''))('邀請不少於1000名香港青年分批赴川').verdict).toBe('absent')
})

// ------------------------------------------------------------------------------------------------ command

const quote = (args: readonly string[], input = '') => runScript('scripts/quote.ts', args, input)

test('scripts/quote.ts --jsonl answers line by line, goes on after a line that it cannot read, and exits with 1', async () => {
  const lines = [
    { id: 'a', text: '邀請不少於1000名香港青年分批赴川' },
    { id: 2, text: '邀請不少於10000名香港青年分批赴川' },
    { id: 3 },
    { text: '川方每年會派建築業人士來香港上短期課程。' },
  ].map((line) => JSON.stringify(line))
  const { code, stdout } = await quote(['--jsonl'], [lines[0], 'oops', lines[1], lines[2], lines[3]].join('\n'))
  const answers = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(answers).toEqual([
    { id: 'a', verdict: 'exact', ids: ['sichuan-2018/5.1'], differences: [], shortened: false },
    { error: expect.stringContaining('Cannot read the line') },
    {
      id: 2,
      verdict: 'altered',
      ids: ['sichuan-2018/5.1'],
      differences: [{ expected: '1000', found: '10000' }],
      shortened: false,
    },
    { id: 3, error: expect.stringContaining('"text"') },
    expect.objectContaining({ verdict: 'absent', ids: [] }),
  ])
  expect(code).toBe(1)
})

test('scripts/quote.ts prints the verdict, the citation and the differences for a person', async () => {
  const { code, stdout } = await quote(['邀請不少於10000名香港青年分批赴川'])
  expect(stdout).toBe(
    '有改動\n  川港 2018 · 五、青年發展 · 第 1 項（sichuan-2018/5.1）\n  原文「1000」，此處「10000」\n',
  )
  expect(code).toBe(0)
})

test('scripts/quote.ts says how it is used', async () => {
  expect(await quote(['--help'])).toMatchObject({ code: 0, stdout: expect.stringContaining('Usage') })
  expect(await quote([])).toMatchObject({ code: 2, stderr: expect.stringContaining('Usage') })
  expect(await quote(['--what'])).toMatchObject({ code: 2 })
  expect(await quote(['--corpus', '/nowhere', 'x'])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('/nowhere'),
  })
})
