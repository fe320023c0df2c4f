/** Paragraphs under labels: what `explain` is set in. */
import { oneLine, type Paint, type Tone } from './paint.ts';

export interface Line {
  readonly text: string;
  readonly tone?: Tone;
  /** Spaces before the line; a wrapped line goes on two further in. Default 0. */
  readonly indent?: number;
}

export interface Section {
  readonly label: string;
  readonly lines: readonly Line[];
}

const narrowest = 40;

/** Labels in a column of their own, lines wrapped at `width`. Sections without lines are left out. */
export function renderSections(sections: readonly Section[], width: number, paint: Paint): string {
  const shown = sections.filter(({ lines }) => lines.length > 0);
  const margin = Math.max(0, ...shown.map(({ label }) => label.length)) + 2;
  const room = Math.max(narrowest, width - margin);
  return shown.map((section) => renderSection(section, margin, room, paint)).join('');
}

function renderSection({ label, lines }: Section, margin: number, room: number, paint: Paint): string {
  const set = lines.flatMap(({ text, tone = 'plain', indent = 0 }) =>
    wrap(oneLine(text), room - indent).map((part, index) => {
      const before = ' '.repeat(index === 0 ? indent : indent + 2);
      return before + paint(tone, part);
    }),
  );
  return set
    .map((line, index) => (index === 0 ? paint('strong', label.padEnd(margin)) : ' '.repeat(margin)) + line)
    .map((line) => `${line.trimEnd()}\n`)
    .join('');
}

/** Breaks at spaces; a word that is longer than a line stands alone and whole. Lines after the first are two shorter. */
export function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const room = lines.length === 0 ? width : width - 2;
    if (line === '') line = word;
    else if (line.length + 1 + word.length <= room) line += ` ${word}`;
    else {
      lines.push(line);
      line = word;
    }
  }
  lines.push(line);
  return lines;
}
