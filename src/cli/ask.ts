/** A question on the terminal. Asked on standard error: what a command prints stays its result alone. */
import { createInterface } from 'node:readline/promises';

export interface Terminal {
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
}

/**
 * Whether the answer is yes; anything else, and no answer, is no.
 * @throws the signal's reason when it is aborted
 */
export async function askYesOrNo(terminal: Terminal, question: string, signal: AbortSignal): Promise<boolean> {
  using lines = createInterface(terminal);
  const { promise: ended, resolve } = Promise.withResolvers<string>();
  // The end of the input, as Ctrl-D sends it, and Ctrl-C, which a terminal in use by readline hands on as a key.
  lines.once('close', () => {
    terminal.output.write('\n');
    resolve('');
  });
  const answered = lines.question(question, { signal });
  const answer = await Promise.race([ended, answered]);
  lines.removeAllListeners('close');
  return /^y(es)?$/i.test(answer.trim());
}
