import type { ExportedClause, ExportedDocument, ExportedFile } from './document.ts'

/** Fonts that word processors have or replace by ones with the same characters. */
const font = { ascii: 'Times New Roman', hAnsi: 'Times New Roman', eastAsia: 'PMingLiU', cs: 'Times New Roman' }

/** A Word document: headings, each clause quoted under its linked citation, its origin below. */
export async function writeDocx(document: ExportedDocument): Promise<ExportedFile> {
  // Loaded when the first file is wanted: it would otherwise lengthen every start.
  const { Document, ExternalHyperlink, HeadingLevel, Packer, Paragraph, TextRun } = await import('docx')
  const grey = '666666'
  const clauseParagraphs = ({ citation, text, link, memorandum, date }: ExportedClause) => [
    new Paragraph({
      spacing: { before: 240 },
      keepNext: true,
      children: [
        new ExternalHyperlink({ link, children: [new TextRun({ text: citation, style: 'Hyperlink', bold: true })] }),
      ],
    }),
    // Preambles have several paragraphs.
    ...text
      .split(/\n+/u)
      .map((line) => new Paragraph({ indent: { left: 420 }, children: [new TextRun({ text: line })] })),
    new Paragraph({
      indent: { left: 420 },
      children: [new TextRun({ text: `${memorandum}（${date}）`, size: 18, color: grey })],
    }),
  ]
  const children = [
    new Paragraph({ heading: HeadingLevel.HEADING_1, children: [new TextRun({ text: document.title })] }),
    ...document.sections.flatMap(({ heading, clauses, empty }) => [
      ...(heading === undefined
        ? []
        : [
            new Paragraph({
              heading: HeadingLevel.HEADING_2,
              keepNext: true,
              children: [new TextRun({ text: heading })],
            }),
          ]),
      ...clauses.flatMap(clauseParagraphs),
      ...(clauses.length > 0 || empty === undefined
        ? []
        : [new Paragraph({ children: [new TextRun({ text: empty, italics: true })] })]),
    ]),
    new Paragraph({
      spacing: { before: 360 },
      children: [new TextRun({ text: document.foot, size: 18, color: grey })],
    }),
  ]
  const file = new Document({
    title: document.title,
    creator: '',
    styles: { default: { document: { run: { font, size: 24 } } } },
    sections: [{ children }],
  })
  return { name: 'memoranda-clauses.docx', bytes: await Packer.toBuffer(file) }
}
