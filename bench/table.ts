/** A table as text for a terminal, or as Markdown in the form that the formatter leaves alone. */

export const tableFormats = ['text', 'markdown'] as const;
export type TableFormat = (typeof tableFormats)[number];

export type Row = readonly string[];

export function formatTable(format: TableFormat, heading: Row, rows: readonly Row[]): string {
  const widths = heading.map((_, column) => Math.max(3, ...[heading, ...rows].map((row) => row[column]?.length ?? 0)));
  const pad = (row: Row): readonly string[] => widths.map((width, column) => (row[column] ?? '').padEnd(width));
  if (format === 'text') return [heading, ...rows].map((row) => pad(row).join('   ').trimEnd()).join('\n');
  const rule = widths.map((width) => '-'.repeat(width));
  return [pad(heading), rule, ...rows.map(pad)].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
