/** What something is at: one line that is drawn anew on a terminal, else a line for each change. */
import type { CliContext } from './context.ts';
import { oneLine } from './paint.ts';

export class StatusLine {
  readonly #context: Pick<CliContext, 'out' | 'paint' | 'live' | 'width'>;
  #drawn = false;

  constructor(context: Pick<CliContext, 'out' | 'paint' | 'live' | 'width'>) {
    this.#context = context;
  }

  show(text: string): void {
    const { out, paint, live, width } = this.#context;
    const shown = oneLine(text);
    if (!live) {
      out(`  ${paint('waiting', shown)}\n`);
      return;
    }
    const room = Math.max(20, width - 4);
    const cut = shown.length <= room ? shown : `${shown.slice(0, room - 1)}…`;
    out(`\r\x1b[2K  ${paint('waiting', cut)}`);
    this.#drawn = true;
  }

  /** Takes a drawn line away. */
  clear(): void {
    if (this.#drawn) this.#context.out('\r\x1b[2K');
    this.#drawn = false;
  }
}
