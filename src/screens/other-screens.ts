import { factOf } from '../answer/facts.ts'
import type { QuoteCheck } from '../model/answer.ts'
import { phrasesOf } from '../phrases/bot.ts'
import { shortReference } from '../phrases/citations.ts'
import { formatChineseNumeral } from '../text/numerals.ts'
import { clauseButtons, pageAt } from './answer-screens.ts'
import { paginate } from './pages.ts'
import { deepLink } from './payloads.ts'
import { type Reader, type Settings, type Sources, shownOf } from './reader.ts'
import { quotationBlock } from './render-quotation.ts'
import type { Screen, ScreenButton } from './screen.ts'
import { bold, concat, join, link, plain, type Styled, strike, underline } from './styled.ts'
import type { Deed, View } from './views.ts'

/** Who, when and where: the facts of a memorandum and its areas. */
export function aboutScreen(id: string, sources: Sources, reader: Reader): Screen | undefined {
  const { memoranda } = sources.library
  const at = memoranda.findIndex((one) => one.id === id)
  const memorandum = memoranda[at]
  if (memorandum === undefined) return undefined
  const { aboutLabels: labels, buttons, plenary, count } = phrasesOf(reader.language)
  const separator = reader.language === 'en' ? ': ' : '：'
  const line = (label: string, value: string): Styled => concat(bold(label), separator, value)
  const areas = memorandum.areas.map((area) =>
    concat(
      link(
        `${formatChineseNumeral(area.ordinal)}、${area.title}`,
        deepLink(sources.username, { kind: 'area', id, ordinal: area.ordinal, page: 0 }),
      ),
      ` · ${count(area.measures.length)}`,
    ),
  )
  const previous = memoranda[at - 1]
  const next = memoranda[at + 1]
  return {
    message: join(
      [
        bold(memorandum.title),
        line(labels.date, memorandum.date),
        line(labels.place, memorandum.place),
        line(labels.plenary, plenary(memorandum.plenary)),
        line(labels.leaders, factOf(memorandum, 'leaders')),
        ...(memorandum.chair === undefined ? [] : [line(labels.chair, memorandum.chair)]),
        line(labels.signatories, factOf(memorandum, 'signatories')),
        line(labels.custodians, factOf(memorandum, 'custodians')),
        line(labels.areas, String(memorandum.areas.length)),
        ...areas,
      ],
      '\n',
    ),
    rows: [
      [
        { text: buttons.contents, press: { kind: 'memorandum', id } },
        { text: phrasesOf(reader.language).preamble, press: { kind: 'clause', id: memorandum.preamble.id, page: 0 } },
      ],
      [
        ...(previous === undefined
          ? []
          : [{ text: buttons.previous, press: { kind: 'about', id: previous.id } } as const]),
        ...(next === undefined ? [] : [{ text: buttons.next, press: { kind: 'about', id: next.id } } as const]),
      ],
    ],
  }
}

/** Differences of a quotation that one message lists. */
const mostDifferences = 12

/** The verdict on a quotation, where it stands, and what differs. */
export function quoteScreen(check: QuoteCheck, sources: Sources, reader: Reader): Screen {
  const phrases = phrasesOf(reader.language)
  const separator = reader.language === 'en' ? ': ' : '：'
  const verdict =
    check.verdict === 'exact'
      ? check.shortened
        ? phrases.quoteShortened
        : phrases.quoteExact
      : check.verdict === 'altered'
        ? phrases.quoteAltered
        : phrases.quoteAbsent
  const nearest = check.nearest === undefined ? undefined : shownOf(sources, check.nearest.id, check.nearest)
  const places = check.ids.flatMap(
    (id) => shownOf(sources, id, check.nearest?.id === id ? check.nearest : undefined) ?? [],
  )
  const differences = check.differences.slice(0, mostDifferences).map(({ expected, found }) =>
    // What is gone is struck through, what came in is underlined.
    concat(
      `• ${phrases.printed}${separator}`,
      expected === '' ? phrases.nothing : underline(expected),
      ` → ${phrases.typed}${separator}`,
      found === '' ? phrases.nothing : strike(found),
    ),
  )
  const shown = check.verdict === 'absent' ? (nearest === undefined ? [] : [nearest]) : places
  const blocks = [
    { content: bold(verdict) },
    ...(differences.length === 0 ? [] : [{ content: join(differences, '\n') }]),
    ...(check.verdict === 'absent' && shown.length > 0 ? [{ content: plain(phrases.nearest) }] : []),
    ...shown.map((one, at) =>
      quotationBlock(one, sources, reader, {
        ...(shown.length > 1 ? { number: at + 1 } : {}),
        extent: 'whole',
        summary: 'short',
      }),
    ),
  ]
  const [page] = paginate(blocks, { clauses: 3 })
  const ids = page?.ids ?? []
  const [first] = ids
  const unit = first === undefined ? undefined : sources.library.byId.get(first)
  return {
    message: page?.message ?? bold(verdict),
    rows: [
      ...clauseButtons(ids, ids, reader, undefined),
      unit === undefined ? [] : [{ text: phrases.buttons.share, share: shortReference(unit) }],
    ],
  }
}

/** Asks before everything that was collected is gone. */
export function clearingScreen(collected: readonly string[], reader: Reader): Screen {
  const { basketClearAsk, buttons } = phrasesOf(reader.language)
  return {
    message: plain(basketClearAsk(collected.length)),
    rows: [
      [
        { text: buttons.clear, press: { kind: 'clear' } },
        { text: buttons.keep, press: { kind: 'basket', page: 0 } },
      ],
    ],
  }
}

/** What was collected: one ordered note, each clause with its citation. */
export function basketScreen(
  view: Extract<View, { kind: 'basket' }>,
  collected: readonly string[],
  sources: Sources,
  reader: Reader,
): Screen {
  const { basketTitle, basketEmpty, buttons, terminal } = phrasesOf(reader.language)
  const ids = inDocumentOrder(collected, sources)
  if (ids.length === 0)
    return {
      message: plain(reader.surface === 'terminal' ? terminal.basketEmpty : basketEmpty(sources.username)),
      rows: [[{ text: buttons.browse, press: { kind: 'memoranda' } }]],
    }
  const blocks = ids.flatMap((id, at) => {
    const one = shownOf(sources, id)
    return one === undefined
      ? []
      : [quotationBlock(one, sources, reader, { number: at + 1, extent: 'whole', summary: 'none' })]
  })
  const pages = paginate([{ content: bold(basketTitle(ids.length)) }, ...blocks])
  const current = pageAt(pages, view.page) ?? { page: { message: bold(basketTitle(ids.length)), ids: [] }, at: 0 }
  return {
    message: current.page.message,
    rows: [
      pagerOf(pages.length, current.at, reader),
      [
        { text: buttons.word, press: { kind: 'export', format: 'docx', of: 'B:0' } },
        { text: buttons.table, press: { kind: 'export', format: 'csv', of: 'B:0' } },
      ],
      [{ text: buttons.clear, press: { kind: 'clearing' } }],
    ],
  }
}

const pagerOf = (pages: number, at: number, reader: Reader): readonly ScreenButton[] => {
  const { buttons } = phrasesOf(reader.language)
  const view = (page: number): View => ({ kind: 'basket', page })
  if (pages <= 1) return []
  return [
    ...(at > 0 ? [{ text: buttons.previous, press: view(at - 1) }] : []),
    { text: `${at + 1}/${pages}`, press: view(at) },
    ...(at < pages - 1 ? [{ text: buttons.next, press: view(at + 1) }] : []),
  ]
}

/** Clauses once each, in the order of the documents; ids of no clause are left out. */
export function inDocumentOrder(ids: readonly string[], { library }: Sources): readonly string[] {
  const wanted = new Set(ids)
  return library.units.flatMap(({ id }) => (wanted.has(id) ? [id] : []))
}

/** The settings with a button for each choice; the present one is ticked. */
export function settingsScreen(settings: Settings, reader: Reader, isForum = false): Screen {
  const phrases = phrasesOf(reader.language)
  const { settingNames: names, settingValues: values } = phrases
  const group = reader.surface === 'group'
  const choice = (
    setting: Extract<Deed, { kind: 'choose' }>['setting'],
    value: string,
    text: string,
    present: string,
  ): ScreenButton => ({
    text: value === present ? `✓ ${text}` : text,
    press: { kind: 'choose', setting, value },
  })
  const isTerminal = reader.surface === 'terminal'
  const language = settings.language ?? (isTerminal ? reader.language : 'auto')
  const script = settings.script ?? 'printed'
  const length = settings.length ?? (group ? 'short' : 'normal')
  const separator = reader.language === 'en' ? ': ' : '：'
  const chosen = (name: string, value: string) => concat(bold(name), separator, value)
  return {
    message: join(
      [
        bold(group ? phrases.groupSettingsTitle : phrases.settingsTitle),
        chosen(names.language, language === 'auto' ? values.auto : phrasesOf(language).ownName),
        chosen(names.script, values[script]),
        chosen(names.length, values[length]),
        ...(isForum ? [chosen(names.topic, settings.thread === undefined ? values.everywhere : values.here)] : []),
      ],
      '\n',
    ),
    rows: [
      [
        choice('language', 'hant', '繁體', language),
        choice('language', 'hans', '简体', language),
        choice('language', 'en', 'English', language),
        ...(isTerminal ? [] : [choice('language', 'auto', values.auto, language)]),
      ],
      [
        choice('script', 'printed', `${names.script}${separator}${values.printed}`, script),
        choice('script', 'simplified', values.simplified, script),
      ],
      [
        choice('length', 'short', values.short, length),
        choice('length', 'normal', values.normal, length),
        choice('length', 'long', values.long, length),
      ],
      isForum
        ? [
            choice('topic', 'here', values.here, settings.thread === undefined ? 'everywhere' : 'here'),
            choice('topic', 'everywhere', values.everywhere, settings.thread === undefined ? 'everywhere' : 'here'),
          ]
        : [],
    ],
  }
}
