/** The demo's terminal: lines that stay, and below them one that is drawn anew while something goes on. */
import { oneLine, type Paint } from '../paint.ts';
import type { Happening } from './narrate.ts';

const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'] as const;
const whatWidth = 9;
const mostLines = 3;

export interface ScreenOptions {
  readonly out: (text: string) => void;
  readonly paint: Paint;
  /** Whether a line can be drawn over. */
  readonly live: boolean;
  readonly width: number;
  readonly now: () => Temporal.Instant;
}

export class Screen {
  readonly #options: ScreenOptions;
  readonly #start: Temporal.Instant;
  #frame = 0;
  #drawn = false;

  constructor(options: ScreenOptions) {
    this.#options = options;
    this.#start = options.now();
  }

  /** A line of its own. */
  print(text: string): void {
    this.#erase();
    this.#options.out(`${text}\n`);
  }

  title(text: string): void {
    this.print('');
    this.print(this.#options.paint('strong', text));
  }

  /** A long text goes on below itself. */
  tell({ what, tone, text }: Happening): void {
    const { paint, width } = this.#options;
    const before = `${this.#elapsed()}  ${what.padEnd(whatWidth)} `;
    const [first = '', ...rest] = wrap(oneLine(text), Math.max(20, width - before.length));
    this.print(paint('faint', this.#elapsed()) + '  ' + paint(tone, what.padEnd(whatWidth)) + ' ' + first);
    for (const line of rest) this.print(' '.repeat(before.length) + line);
  }

  /** Does nothing where a line cannot be drawn over. */
  draw(text: string): void {
    const { live, out, paint, width } = this.#options;
    if (!live) return;
    const frame = frames[this.#frame++ % frames.length] ?? '';
    out(`\r\x1b[2K${paint('faint', `      ${frame} ${cut(oneLine(text), Math.max(20, width - 10))}`)}`);
    this.#drawn = true;
  }

  #erase(): void {
    if (this.#drawn) this.#options.out('\r\x1b[2K');
    this.#drawn = false;
  }

  #elapsed(): string {
    const seconds = Math.floor(this.#start.until(this.#options.now()).total('seconds'));
    return `${String(Math.floor(seconds / 60)).padStart(2, '0')}:${String(seconds % 60).padStart(2, '0')}`;
  }
}

/** At most `mostLines`; what is more is cut. */
function wrap(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let rest = text;
  while (rest.length > width && lines.length < mostLines - 1) {
    const space = rest.lastIndexOf(' ', width);
    const end = space > 0 ? space : width;
    lines.push(rest.slice(0, end));
    rest = rest.slice(end).trimStart();
  }
  return [...lines, cut(rest, width)];
}

function cut(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, width - 1)}…`;
}
