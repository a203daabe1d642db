/** One clause with everything that a paper needs to cite it. */
export type ExportedClause = {
  readonly citation: string
  readonly province: string
  /** Title of the memorandum. */
  readonly memorandum: string
  /** Day of signing, ISO 8601. */
  readonly date: string
  /** `五、青年發展`; 序言 for a preamble. */
  readonly area: string
  /** Printed number; empty for a preamble. */
  readonly item: string
  /** Verbatim. */
  readonly text: string
  readonly link: string
}

/** Clauses under a heading; `empty` says aloud that there are none. */
export type ExportedSection = {
  readonly heading?: string
  readonly clauses: readonly ExportedClause[]
  readonly empty?: string
}

/** What goes into a file, in the reader's language apart from the clauses. */
export type ExportedDocument = {
  readonly title: string
  readonly sections: readonly ExportedSection[]
  /** Names of the fields of `ExportedClause`, in its order. */
  readonly columns: readonly string[]
  /** A line below everything. */
  readonly foot: string
}

export type ExportedFile = { readonly name: string; readonly bytes: Uint8Array }
