import type { Library } from './library.ts'

/** An institution that clauses name. `names` are its wordings in the memoranda, as printed. */
export type Institution = {
  readonly slug: string
  readonly zh: string
  readonly en: string
  readonly names: readonly string[]
}

const institution = (slug: string, en: string, ...names: readonly [string, ...string[]]): Institution => ({
  slug,
  zh: names[0],
  en,
  names,
})

/** Institutions of Hong Kong and of the mainland that the memoranda name, by hand. A new memorandum may name more. */
export const institutions: readonly Institution[] = [
  institution('hktdc', 'Hong Kong Trade Development Council', '香港貿易發展局', '香港貿發局', '貿發局'),
  institution('hkex', 'Hong Kong Exchanges and Clearing', '香港交易所', '港交所'),
  institution('airport-authority', 'Airport Authority Hong Kong', '香港機場管理局', '機管局'),
  institution('aviation-academy', 'Hong Kong International Aviation Academy', '香港國際航空學院'),
  institution('mtr', 'MTR Corporation', '香港鐵路有限公司', '港鐵'),
  institution('vtc', 'Vocational Training Council', '職業訓練局', '職訓局'),
  institution('tourism-board', 'Hong Kong Tourism Board', '香港旅遊發展局', '旅發局'),
  institution('west-kowloon', 'West Kowloon Cultural District', '西九文化區'),
  institution('education-bureau', 'Education Bureau', '香港教育局', '香港特區政府教育局'),
  institution('research-grants', 'Research Grants Council', '研究資助局'),
  institution('itc', 'Innovation and Technology Commission', '創新科技署'),
  institution('cmab', 'Constitutional and Mainland Affairs Bureau', '政制及內地事務局'),
  institution('polyu', 'The Hong Kong Polytechnic University', '香港理工大學'),
  institution('cityu', 'City University of Hong Kong', '香港城市大學'),
  institution('observatory', 'Hong Kong Observatory', '香港天文台'),
  institution('bar-association', 'Hong Kong Bar Association', '香港大律師公會'),
  institution('sichuan-airport', 'Sichuan Airport Group', '四川省機場集團', '四川機場集團'),
  institution('hubei-airport', 'Hubei Airport Group', '湖北機場集團'),
  institution('chongqing-airport', 'Chongqing Airport Group', '重慶機場集團'),
  institution('chengdu-rail', 'Chengdu Rail Transit Group', '成都軌道交通集團'),
  institution('chongqing-share-transfer', 'Chongqing Share Transfer Center', '重慶股份轉讓中心'),
  institution('nsfc', 'National Natural Science Foundation of China', '國家自然科學基金委員會', '國家自然科學基金'),
  institution('sichuan-education', 'Education Department of Sichuan Province', '四川省教育廳'),
  institution('hubei-education', 'Education Department of Hubei Province', '湖北省教育廳'),
  institution('fujian-culture', 'Fujian Provincial Department of Culture and Tourism', '福建省文化和旅遊廳'),
  institution('zhejiang-lawyers', 'Zhejiang Lawyers Association', '浙江省律師協會'),
  institution('chongqing-arbitration', 'Chongqing Arbitration Commission', '重慶仲裁委員會'),
  institution('huaqiao', 'Huaqiao University', '華僑大學'),
  institution('sichuan-university', 'Sichuan University', '四川大學'),
]

/** An institution with the ids of the units that name it, in library order. */
export type NamedInstitution = { readonly institution: Institution; readonly units: readonly string[] }

/** The institutions that a library names, most often named first. */
export function institutionsIn(library: Library): readonly NamedInstitution[] {
  return institutions
    .map((one) => ({
      institution: one,
      units: library.units.filter(({ text }) => one.names.some((name) => text.includes(name))).map(({ id }) => id),
    }))
    .filter(({ units }) => units.length > 0)
    .sort((a, b) => b.units.length - a.units.length)
}
