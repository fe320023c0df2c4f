/** kubectl's tables: upper-case headings, columns three spaces apart, nothing after the last one. */
import { oneLine, type Paint, type Tone } from './paint.ts';

/** A text of the cluster, coloured by meaning; plain strings are plain. */
export type Cell = string | { readonly text: string; readonly tone: Tone };

export interface Column<T> {
  readonly heading: string;
  /** Empty is printed as `<none>`. */
  readonly cell: (row: T) => Cell;
  /** Shown by `-o wide` only. Default false. */
  readonly wide?: boolean;
}

const gap = '   ';

/** A table that grows: rows printed later keep to the columns of the first ones as far as they fit. */
export interface TableWriter<T> {
  /** The headings, once, then a line for each row. Empty for no rows. */
  readonly lines: (rows: readonly T[]) => readonly string[];
}

export function createTable<T>(columns: readonly Column<T>[], wide: boolean, paint: Paint): TableWriter<T> {
  const shown = columns.filter((column) => wide || column.wide !== true);
  const widths = shown.map((column) => column.heading.length);
  let headed = false;

  const line = (cells: readonly { readonly text: string; readonly tone: Tone }[]): string =>
    cells
      .map(({ text, tone }, index) => {
        const padding = index === cells.length - 1 ? '' : ' '.repeat(Math.max(0, (widths[index] ?? 0) - text.length));
        return paint(tone, text) + padding;
      })
      .join(gap);

  return {
    lines(rows) {
      if (rows.length === 0) return [];
      const table = rows.map((row) => shown.map((column) => readCell(column.cell(row))));
      for (const cells of table) {
        for (const [index, { text }] of cells.entries()) widths[index] = Math.max(widths[index] ?? 0, text.length);
      }
      const body = table.map(line);
      if (headed) return body;
      headed = true;
      return [line(shown.map(({ heading }) => ({ text: heading, tone: 'plain' }))), ...body];
    },
  };
}

function readCell(cell: Cell): { readonly text: string; readonly tone: Tone } {
  const { text, tone } = typeof cell === 'string' ? { text: cell, tone: 'plain' as const } : cell;
  const shown = oneLine(text);
  return shown === '' ? { text: '<none>', tone: 'faint' } : { text: shown, tone };
}
