import type { Province } from '../model/corpus.ts'
import { wordsIn } from '../text/vocabulary.ts'

/** A place that people name: every division of the country, and what they call it. */
export type Place = Province & {
  /** Full and popular names, slips of the pen, cities and sights that stand for it; matched in search form. */
  readonly names: readonly string[]
}

const place = (slug: string, char: string, zh: string, en: string, ...names: readonly string[]): Place => ({
  slug,
  char,
  zh,
  en,
  names: [zh, en, ...wordsIn(...names)],
})

/**
 * The mainland's provinces, municipalities and autonomous regions, Macao and Taiwan. `char` as official short names
 * have it.
 */
export const places: readonly Place[] = [
  place(
    'sichuan',
    '川',
    '四川',
    'Sichuan',
    '四川省 川港 港川 川 泗川 巴蜀',
    '成都 蓉城 綿陽 德陽 臥龍 樂山 宜賓 瀘州 九寨溝 峨眉山 都江堰 汶川 天府新區 天府 天府之國',
    'Szechuan Szechwan Chengdu Mianyang Deyang Wolong Sichuan_Province',
  ),
  place(
    'chongqing',
    '渝',
    '重慶',
    'Chongqing',
    '重慶市 渝港 港渝 渝 崇慶 巴渝 山城 霧都',
    '大足 大足石刻 大足區 解放碑 洪崖洞 磁器口 西南政法',
    'Chungking Chongqing_Municipality Dazu',
  ),
  place(
    'hubei',
    '鄂',
    '湖北',
    'Hubei',
    '湖北省 鄂港 港鄂 鄂 荊楚 胡北',
    '武漢 江城 漢口 武昌 漢陽 宜昌 襄陽 荊州 黃石 十堰 武當山 黃鶴樓 三峽大壩',
    'Wuhan Yichang Hubei_Province',
  ),
  place(
    'fujian',
    '閩',
    '福建',
    'Fujian',
    '福建省 閩港 港閩 閩 八閩 褔建 幅建',
    '福州 榕城 廈門 鷺島 泉州 漳州 莆田 晉江 武夷山 武夷 龍岩 寧德 鼓浪嶼',
    'Fukien Fuzhou Xiamen Amoy Quanzhou Jinjiang Wuyi Wuyishan Zhangzhou Fujian_Province',
  ),
  place(
    'zhejiang',
    '浙',
    '浙江',
    'Zhejiang',
    '浙江省 浙港 港浙 浙 折江 淅江',
    '杭州 杭城 西湖 寧波 溫州 義烏 紹興 嘉興 湖州 安吉 金華 台州 舟山 烏鎮 橫店',
    'Chekiang Hangzhou Ningbo Wenzhou Yiwu Anji Zhejiang_Province',
  ),
  place(
    'guangdong',
    '粵',
    '廣東',
    'Guangdong',
    '廣東省 粵港 港粵 深港 港深 穗港',
    '深圳 廣州 珠海 佛山 東莞 惠州 江門 肇慶 前海 南沙 河套 橫琴 汕頭',
    'Canton Kwangtung Shenzhen Guangzhou Zhuhai Foshan Dongguan Huizhou Qianhai Nansha Hengqin',
  ),
  place('shanghai', '滬', '上海', 'Shanghai', '上海市 滬港 港滬 滬 浦東 臨港新片區 Pudong'),
  place('beijing', '京', '北京', 'Beijing', '北京市 京港 港京 Peking'),
  place('tianjin', '津', '天津', 'Tianjin', '天津市 津港 港津'),
  place('hebei', '冀', '河北', 'Hebei', '河北省 冀港 石家莊 雄安 秦皇島 Shijiazhuang Xiongan'),
  place('shanxi', '晉', '山西', 'Shanxi', '山西省 晉港 太原 Taiyuan'),
  place('inner-mongolia', '蒙', '內蒙古', 'Inner Mongolia', '內蒙 呼和浩特 鄂爾多斯 Hohhot'),
  place('liaoning', '遼', '遼寧', 'Liaoning', '遼寧省 遼港 瀋陽 Shenyang Dalian'),
  place('jilin', '吉', '吉林', 'Jilin', '吉林省 吉港 長春 Changchun'),
  place('heilongjiang', '黑', '黑龍江', 'Heilongjiang', '黑龍江省 哈爾濱 Harbin'),
  place('jiangsu', '蘇', '江蘇', 'Jiangsu', '江蘇省 蘇港 南京 蘇州 無錫 揚州 常州 Nanjing Suzhou Wuxi'),
  place('anhui', '皖', '安徽', 'Anhui', '安徽省 皖港 合肥 黃山 Hefei'),
  place('jiangxi', '贛', '江西', 'Jiangxi', '江西省 贛港 南昌 景德鎮 Nanchang'),
  place('shandong', '魯', '山東', 'Shandong', '山東省 魯港 濟南 青島 煙台 Jinan Qingdao'),
  place('henan', '豫', '河南', 'Henan', '河南省 豫港 鄭州 洛陽 Zhengzhou'),
  place('hunan', '湘', '湖南', 'Hunan', '湖南省 湘港 長沙 張家界 Changsha'),
  place('guangxi', '桂', '廣西', 'Guangxi', '廣西壯族自治區 桂港 南寧 桂林 Nanning Guilin'),
  place('hainan', '瓊', '海南', 'Hainan', '海南省 瓊港 博鰲 Sanya Haikou'),
  place('guizhou', '貴', '貴州', 'Guizhou', '貴州省 黔港 貴陽 遵義 Guiyang'),
  place('yunnan', '滇', '雲南', 'Yunnan', '雲南省 滇港 昆明 麗江 Kunming'),
  place('tibet', '藏', '西藏', 'Tibet', '西藏自治區 拉薩 Lhasa Xizang'),
  place('shaanxi', '陝', '陝西', 'Shaanxi', '陝西省 陝港 西安 Xian Xi_an'),
  place('gansu', '甘', '甘肅', 'Gansu', '甘肅省 蘭州 敦煌 Lanzhou Dunhuang'),
  place('qinghai', '青', '青海', 'Qinghai', '青海省 西寧 Xining'),
  place('ningxia', '寧', '寧夏', 'Ningxia', '寧夏回族自治區 銀川 Yinchuan'),
  place('xinjiang', '新', '新疆', 'Xinjiang', '新疆維吾爾自治區 烏魯木齊 喀什 Urumqi'),
  place('macao', '澳', '澳門', 'Macao', '澳門特別行政區 Macau'),
  place('taiwan', '台', '台灣', 'Taiwan', '台北 高雄 Taipei Kaohsiung'),
]

/** Countries and cities abroad that people ask about; no memorandum is with them. */
export const abroad: readonly { readonly zh: string; readonly en: string; readonly names: readonly string[] }[] = [
  ['新加坡', 'Singapore', '星加坡 獅城'],
  ['日本', 'Japan', '東京 大阪 Tokyo Osaka'],
  ['韓國', 'Korea', '南韓 首爾 Seoul South_Korea'],
  ['英國', 'United Kingdom', '倫敦 London Britain UK'],
  ['美國', 'United States', '紐約 New_York USA America'],
  ['加拿大', 'Canada', '溫哥華 多倫多 Vancouver Toronto'],
  ['澳洲', 'Australia', '悉尼 墨爾本 澳大利亞 Sydney Melbourne'],
  ['德國', 'Germany', '柏林 Berlin'],
  ['法國', 'France', '巴黎 Paris'],
  ['泰國', 'Thailand', '曼谷 Bangkok'],
  ['越南', 'Vietnam', '河內 胡志明市 Hanoi'],
  ['馬來西亞', 'Malaysia', '吉隆坡 大馬 Kuala_Lumpur'],
  ['印尼', 'Indonesia', '印度尼西亞 雅加達 Jakarta'],
  ['印度', 'India', '孟買 Mumbai'],
  ['俄羅斯', 'Russia', '莫斯科 Moscow'],
  ['杜拜', 'Dubai', '迪拜 阿聯酋 UAE'],
  ['沙特阿拉伯', 'Saudi Arabia', '沙地阿拉伯 利雅得 Riyadh'],
].map(([zh = '', en = '', names = '']) => ({
  zh,
  en,
  names: [zh, en, ...wordsIn(names)],
}))

/** The place whose one-character short name stands before 港 in a conference's name. */
export function placeOfChar(char: string): Place | undefined {
  return places.find((candidate) => candidate.char === char)
}
