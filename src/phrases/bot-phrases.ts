/** Everything that the bot says beside answers. Each language holds every phrase, or does not compile. */
export type BotPhrases = {
  /** Name of the language in itself. */
  readonly ownName: string
  readonly start: string
  readonly help: (bot: string) => string
  readonly groupHelp: (bot: string) => string
  /** What differs where there is no Telegram. */
  readonly terminal: {
    readonly help: string
    readonly privacy: string
    readonly basketEmpty: string
    /** `what`: what the file holds. */
    readonly saved: (path: string, what: string) => string
  }
  readonly commands: Readonly<Record<CommandName, string>>
  readonly description: string
  readonly shortDescription: string
  readonly buttons: {
    readonly fullText: string
    readonly context: string
    readonly more: (left: number) => string
    readonly previous: string
    readonly next: string
    readonly others: string
    readonly share: string
    readonly back: string
    readonly contents: string
    readonly memoranda: string
    readonly topics: string
    readonly compare: string
    readonly clauses: string
    readonly about: string
    readonly add: string
    readonly clear: string
    readonly word: string
    readonly table: string
    readonly inPrivate: string
    readonly allowed: string
    readonly refused: string
    readonly request: string
    readonly forget: string
    readonly keep: string
    readonly browse: string
    readonly settings: string
  }
  readonly toasts: {
    readonly stale: string
    readonly notYourBasket: string
    readonly notYours: string
    readonly failed: string
    readonly added: string
    readonly alreadyThere: string
    readonly cleared: string
    readonly saved: string
    readonly onlyAdministrators: string
    readonly asked: string
    readonly onlyOwner: string
    readonly done: string
    readonly full: string
  }
  readonly failed: string
  /** To somebody who asks more often in a group than is fair to the others. */
  /** To somebody who waits because of the service. */
  readonly takesLonger: string
  /** To somebody whose question was not answered within its time. */
  readonly unanswered: (asked: Date) => string
  readonly tooFast: string
  readonly unknownCommand: (command: string) => string
  readonly askWhat: (bot: string) => string
  readonly notText: string
  readonly forgedLink: string
  readonly gone: string
  readonly seeAlso: string
  readonly unchanged: string
  readonly before: string
  readonly after: string
  readonly areaContents: (title: string, count: number) => string
  readonly browseTitle: (memoranda: number, measures: number) => string
  readonly memorandumLine: (areas: number, measures: number) => string
  readonly aboutLabels: {
    readonly title: string
    readonly date: string
    readonly place: string
    readonly plenary: string
    readonly leaders: string
    readonly chair: string
    readonly signatories: string
    readonly custodians: string
    readonly areas: string
  }
  readonly plenary: (number: number) => string
  readonly count: (count: number) => string
  readonly preamble: string
  readonly topicsTitle: string
  readonly topicTitle: (topic: string, count: number) => string
  readonly compareWhat: string
  readonly timelineTitle: string
  readonly institutionsTitle: string
  readonly institutionTitle: (name: string, count: number) => string
  readonly quoteWhat: string
  readonly quoteExact: string
  readonly quoteShortened: string
  readonly quoteAltered: string
  readonly quoteAbsent: string
  readonly printed: string
  readonly typed: string
  readonly nothing: string
  readonly nearest: string
  readonly settingsTitle: string
  readonly groupSettingsTitle: string
  readonly settingNames: {
    readonly language: string
    readonly script: string
    readonly length: string
    readonly topic: string
  }
  readonly settingValues: {
    readonly auto: string
    readonly printed: string
    readonly simplified: string
    readonly short: string
    readonly normal: string
    readonly long: string
    readonly here: string
    readonly everywhere: string
  }
  readonly settingsOnlyAdministrators: string
  readonly settingsUnchecked: string
  readonly privacy: string
  readonly forgetAsk: string
  readonly forgotten: string
  readonly version: (facts: {
    readonly version: string
    readonly corpus: string
    readonly index: string
    readonly encoder: string
    readonly memoranda: number
    readonly measures: number
  }) => string
  readonly selfTest: (facts: {
    readonly questions: number
    readonly found: number
    readonly first: number
    readonly milliseconds: number
  }) => string
  readonly selfTestNone: string
  readonly onlyOwner: string
  readonly basketTitle: (count: number) => string
  readonly basketEmpty: (bot: string) => string
  readonly basketClearAsk: (count: number) => string
  readonly basketCleared: string
  readonly exported: (count: number) => string
  readonly notAllowed: (chat: number) => string
  readonly requestFrom: (title: string, chat: number) => string
  readonly granted: string
  readonly denied: string
  readonly welcome: (bot: string) => string
  readonly chatId: (chat: number) => string
  readonly unofficial: string
  readonly converted: string
  readonly inline: {
    readonly none: string
    readonly hint: string
    readonly language: string
    readonly sentence: string
    readonly sentenceDescription: (count: number) => string
    readonly unresolved: string
    readonly notes: string
    readonly open: string
  }
  readonly fileTitle: string
  readonly fileFoot: string
  readonly columns: readonly string[]
}

/** Commands of the bot, in the order of the menu. */
export const commandNames = [
  'ask',
  'browse',
  'compare',
  'topics',
  'institutions',
  'timeline',
  'about',
  'quote',
  'basket',
  'settings',
  'help',
  'privacy',
  'forget',
  'version',
  'start',
  'selftest',
  'id',
  'allow',
  'deny',
] as const
export type CommandName = (typeof commandNames)[number]
