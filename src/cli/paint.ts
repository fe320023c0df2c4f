/** Colour by meaning, on a terminal only; and text from a cluster made harmless for a terminal. */
import pico from 'picocolors';

export type Tone = 'good' | 'bad' | 'waiting' | 'faint' | 'strong' | 'plain';

export type Paint = (tone: Tone, text: string) => string;

/** `coloured` false: the text as it is. */
export function createPaint(coloured: boolean): Paint {
  const colors = pico.createColors(coloured);
  const byTone: Readonly<Record<Tone, (text: string) => string>> = {
    good: colors.green,
    bad: colors.red,
    waiting: colors.yellow,
    faint: colors.dim,
    strong: colors.bold,
    plain: (text) => text,
  };
  return (tone, text) => (text === '' ? text : byTone[tone](text));
}

// https://no-color.org, https://force-color.org
/** Whether to colour: `NO_COLOR` wins, then `FORCE_COLOR`, then whether the stream is a terminal. */
export function wantsColor(environment: NodeJS.ProcessEnv, isTerminal: boolean): boolean {
  if (environment.NO_COLOR !== undefined && environment.NO_COLOR !== '') return false;
  if (environment.FORCE_COLOR !== undefined && environment.FORCE_COLOR !== '0') return true;
  return isTerminal && environment.TERM !== 'dumb';
}

// C0 and C1 control characters: a message in a status must not be able to move the cursor or set a window's title.
const controlCharacters = /[\u0000-\u001f\u007f-\u009f]+/g;

/** One line, without control characters. */
export function oneLine(text: string): string {
  return text.replaceAll(controlCharacters, ' ').trim();
}
